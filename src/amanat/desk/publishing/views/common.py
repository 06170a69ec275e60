"""What the pages of publishing share: fetching a draft with what it holds, and what stands where."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from amanat.desk.lib.views import person_of
from amanat.desk.publishing.cadence import pack_above
from amanat.desk.publishing.models import Draft, Lift, Target
from amanat.desk.publishing.workflow import WRITERS
from amanat.desk.registry.models import Channel, Office, Person


def draft_of(request: HttpRequest, pk: int) -> Draft:
    """The draft of that number with its texts, pictures, writers and targets, where the person may see it.

    Its office knows its rules and practice; a target knows whether the gate of its channel is lifted today.
    """
    seen = Draft.objects.visible_to(person_of(request)).annotate(rules=pack_above("office__path"))
    lifts = Lift.objects.filter(channel=OuterRef("channel"), day=timezone.localdate())
    targets = Target.objects.select_related("channel").annotate(is_lifted=Exists(lifts))
    rows = seen.select_related("office__practice", "author", "lifted_by", "copy_of")
    draft: Any = get_object_or_404(
        rows.prefetch_related("versions", "pictures", "writers", Prefetch("targets", targets)), pk=pk
    )
    draft.office.pack = draft.rules or ""  # looked up once for the whole page; no page saves an office
    found: Draft = draft
    return found


def bare_draft_of(request: HttpRequest, pk: int) -> Draft:
    """The draft of that number alone."""
    seen = Draft.objects.visible_to(person_of(request)).select_related("office")
    return get_object_or_404(seen, pk=pk)


def channel_of(request: HttpRequest, pk: int) -> Channel:
    """The channel of that number, where the person may see it."""
    return get_object_or_404(Channel.objects.visible_to(person_of(request)).select_related("office"), pk=pk)


def offices_to_write_for(person: Person) -> list[Office]:
    """The offices at which this person may begin a draft."""
    return list(Office.objects.open().filter(pk__in={post.office for post in person.posts if post.role in WRITERS}))
