"""What the pages of publishing share: fetching a draft with what it holds, and what stands where."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from amanat.desk.lib.views import person_of
from amanat.desk.publishing.models import Draft
from amanat.desk.publishing.workflow import WRITERS
from amanat.desk.registry.models import Channel, Office, Person

WITH = ("versions", "pictures", "writers", "targets__channel")
"""What most pages on a draft look at."""


def draft_of(request: HttpRequest, pk: int) -> Draft:
    """The draft of that number with its texts, pictures, writers and targets, where the person may see it."""
    seen = Draft.objects.visible_to(person_of(request)).select_related("office", "author", "lifted_by", "copy_of")
    draft = get_object_or_404(seen.prefetch_related(*WITH), pk=pk)
    draft.office.pack = draft.office.rules()  # looked up once for the whole page; no page saves an office
    return draft


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
