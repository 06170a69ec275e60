"""The notices of whoever is signed in, and how they want to be mailed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanat.desk.lib.views import page_of, person_of, signed_in
from amanat.desk.registry.actions import notices as acts
from amanat.desk.registry.forms.notices import MailForm
from amanat.desk.registry.models import Notice

PER_PAGE = 30


@require_safe
@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    """What I was told: the unread first, then the newest."""
    person = person_of(request)
    is_read = ExpressionWrapper(Q(seen_at__isnull=False), BooleanField())
    rows = Notice.objects.visible_to(person).annotate(is_read=is_read).order_by("is_read", "-pk")
    only_unread = request.GET.get("show") == "unread"
    page = page_of(request, rows.unread() if only_unread else rows, PER_PAGE)
    newest = max((row.pk for row in page.object_list), default=0)
    form = MailForm(initial={"mail": person.mail})
    context = {"page": page, "newest": newest, "only_unread": only_unread, "form": form, "person": person}
    return render(request, "registry/notices.html", context)


@require_POST
@signed_in
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read."""
    person = person_of(request)
    get_object_or_404(Notice.objects.visible_to(person), pk=pk)
    acts.read(Notice.objects.filter(pk=pk), by=person)
    return redirect("registry:notices")


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read whatever was there when the page was shown."""
    newest: Any = request.POST.get("newest", "")
    rows = Notice.objects.filter(pk__lte=int(newest)) if newest.isdecimal() and len(newest) < 19 else None
    if rows is not None:
        acts.read(rows, by=person_of(request))
        messages.success(request, _("All marked as read."))
    return redirect("registry:notices")


@require_POST
@signed_in
def mail(request: HttpRequest) -> HttpResponse:
    """Keep how I want to be mailed."""
    form = MailForm(request.POST)
    if form.is_valid():
        acts.choose(form.cleaned_data["mail"], by=person_of(request))
        messages.success(request, _("Done, and noted in the log."))
    else:
        messages.error(request, _("Choose one of the three."))
    return redirect("registry:notices")
