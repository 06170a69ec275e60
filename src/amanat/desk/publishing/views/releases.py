"""Releases: the list, the page of one, and what a person does where the desk cannot."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import allow, open_steps
from amanat.desk.audit.models import Event
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.publishing import costs, records
from amanat.desk.publishing.actions import releases as acts
from amanat.desk.publishing.content import why_not
from amanat.desk.publishing.forms.releases import AddressForm, ReleaseFilter
from amanat.desk.publishing.models import Draft, Release, Target, Version
from amanat.desk.publishing.workflow import RELEASERS
from amanat.desk.registry.views.common import pressing

_WITH = ("draft__office", "channel__office", "channel__credential")
_TITLES = {"post": gettext_lazy("Post it by hand: {release}"), "find": gettext_lazy("It is out: {release}")}


@signed_in
@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """The releases this person may see, the newest first."""
    form = ReleaseFilter(request.GET)
    rows = form.narrow(Release.objects.visible_to(person_of(request))).select_related(*_WITH).order_by("-pk")
    return render(request, "publishing/releases.html", {"page": page_of(request, rows), "form": form})


@signed_in
@require_safe
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """One release: where it stands, what was sent and answered, and what is left to a person."""
    person, row = person_of(request), _release(request, pk)
    by_hand = not hasattr(row.channel, "credential")
    steps = [one for one in open_steps(row, person) if one.verb not in ("post", "skip") or by_hand]
    events = Event.objects.visible_to(person).filter(kind=row._meta.label_lower, thing=row.pk)
    context = {
        "release": row,
        "version": _version(row),
        "by_hand": by_hand,
        "cost": costs.of(row),
        "may_read": records.may_read(row.office, person),
        "steps": [one for one in steps if one.verb not in _TITLES],
        "linking": [one for one in steps if one.verb in _TITLES],
        "events": events.select_related("actor")[:8],
    }
    return render(request, "publishing/release.html", context)


@signed_in
def link(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Say where it stands: posted by hand, or found where the desk could not tell."""
    row, by = _release(request, pk), person_of(request)
    allow(RELEASERS, by, row.office)
    if row.state not in row.workflow[verb].before:
        raise Overtaken(_("Somebody else was faster, or this is no longer possible. Look at it again."))
    if verb == "post":
        acts.keep_by_hand(row)
    act = acts.post if verb == "post" else acts.find
    withheld = why_not(row, row.draft) if verb == "post" else None
    return form_page(
        request, AddressForm(request.POST or None), lambda typed: act(row, by=by, **typed),
        title=str(_TITLES[verb]).format(release=row),
        submit=_("It stands there"), back=row, template="publishing/by_hand.html", release=row, withheld=withheld,
        version=None if withheld else _version(row), pictures=[] if withheld else list(row.draft.pictures.all()),
    )  # fmt: skip


@signed_in
@require_safe
def record(request: HttpRequest, pk: int, what: str) -> FileResponse:
    """What was sent, or answered, byte for byte; never shown within a page of ours."""
    row = _release(request, pk)
    records.keep_closed(row.office, person_of(request))
    kept = row.sent if what == "sent" else row.answer
    if not kept or not files.path_of(kept).is_file():
        raise Http404
    name = f"release-{row.pk}-{what}.bin"
    return FileResponse(
        files.path_of(kept).open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )


def _release(request: HttpRequest, pk: int) -> Release:
    rows = Release.objects.visible_to(person_of(request)).select_related(*_WITH)
    return get_object_or_404(rows.prefetch_related("draft__targets", "draft__versions", "draft__pictures"), pk=pk)


def _version(row: Release) -> Version | None:
    try:
        return row.draft.version_for(row.channel)
    except (Target.DoesNotExist, Version.DoesNotExist):
        return None


def releases_context(draft: Draft) -> dict[str, Any]:
    """What publishing/parts/releases.html needs."""
    return {"releases": list(draft.releases.select_related("channel__office", "channel__credential", "draft"))}


skip = pressing(Release, acts.skip, with_reason=False)
retry = pressing(Release, acts.retry, with_reason=False)
resend = pressing(Release, acts.resend, with_reason=False)
