"""The key of a channel: given, given anew, taken away; never shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from amanat.desk.audit.door import allow, open_steps
from amanat.desk.lib.views import form_page, person_of, signed_in
from amanat.desk.publishing.actions import keys, watching
from amanat.desk.publishing.connectors.opening import KINDS, cannot
from amanat.desk.publishing.forms.releases import KeyForm
from amanat.desk.publishing.models import Credential, Watch
from amanat.desk.publishing.workflow import LEADERS
from amanat.desk.registry.models import Channel
from amanat.desk.registry.signin import fresh
from amanat.desk.registry.signin.gate import is_fresh


@signed_in
@require_safe
def connection(request: HttpRequest, pk: int) -> HttpResponse:
    """How the desk speaks to a channel: by itself or by hand, and whether the channel looks as it should."""
    channel, person = _channel(request, pk), person_of(request)
    watch = Watch.objects.filter(channel=channel).select_related("channel__office").first()
    context = {
        "channel": channel,
        "credential": Credential.objects.filter(channel=channel).select_related("given_by").first(),
        "can_speak": channel.platform in KINDS and channel.state != "closed",
        "cannot": cannot(channel.platform) if channel.platform in KINDS else frozenset(),
        "watch": watch,
        "faces": _faces(watch) if watch else [],
        "steps": open_steps(watch, person) if watch else [],
        "may_lead": bool(LEADERS & person.roles_at(channel.office)),
    }
    return render(request, "publishing/connection.html", context)


@never_cache
@sensitive_post_parameters()
@signed_in
def give(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the desk a key. What was typed is not kept over the question who is there: the form is asked for anew."""
    channel, by = _channel(request, pk), person_of(request)
    allow(LEADERS, by, channel.office)
    if channel.platform not in KINDS:
        return redirect("publishing:connection", channel.pk)
    if request.method == "POST" and not is_fresh(request):
        return redirect(request.path)
    return _given(request, channel)


@fresh
def _given(request: HttpRequest, channel: Channel) -> HttpResponse:
    by = person_of(request)
    credential = Credential.objects.filter(channel=channel).first()
    form = KeyForm(request.POST or None, channel=channel, server=credential.server if credential else "")

    def act(typed: dict[str, object]) -> str:
        keys.give(channel, by=by, **typed)  # type: ignore[arg-type]
        return f"/publishing/channels/{channel.pk}/"

    return form_page(
        request, form, act, title=_("The key to {channel}").format(channel=channel), submit=_("Try it and keep it"),
        back=channel, template="publishing/key.html", platform=channel.platform, has_key=credential is not None,
    )  # fmt: skip


@require_POST
@signed_in
@fresh
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the key out of the desk."""
    channel = _channel(request, pk)
    credential = get_object_or_404(Credential.objects.visible_to(person_of(request)), channel=channel)
    keys.remove(credential, by=person_of(request))
    messages.success(request, _("The desk has no key to this channel any more. Withdraw it on the platform, too."))
    return redirect("publishing:connection", channel.pk)


@require_POST
@signed_in
@fresh
def settle(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Say whether the office itself changed the face of the channel."""
    rows = Watch.objects.visible_to(person_of(request)).select_related("channel__office")
    watch = get_object_or_404(rows, channel=_channel(request, pk))
    (watching.own if verb == "own" else watching.disown)(watch, by=person_of(request))
    messages.success(request, _("Done, and noted in the log."))
    return redirect("publishing:connection", pk)


def _channel(request: HttpRequest, pk: int) -> Channel:
    return get_object_or_404(Channel.objects.visible_to(person_of(request)).select_related("office"), pk=pk)


def _faces(watch: Watch) -> list[tuple[str, str, str, bool]]:
    names = {"name": _("Name"), "bio": _("What it says of itself"), "picture": _("Picture")}
    return [
        (label, watch.known.get(key, ""), watch.seen.get(key, ""), watch.known.get(key, "") != watch.seen.get(key, ""))
        for key, label in names.items()
    ]
