"""What an office has posted: the list from which posts are corrected, withdrawn, and their record is opened."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amanat.desk.lib.views import page_of, person_of, signed_in
from amanat.desk.publishing import records
from amanat.desk.publishing.forms.corrections import PostFilter
from amanat.desk.publishing.models import Release
from amanat.desk.publishing.workflow_corrections import CORRECTORS


@signed_in
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """The posts this person may see, the newest first."""
    person = person_of(request)
    form = PostFilter(request.GET, person=person)
    rows = form.narrow(Release.objects.visible_to(person).out())
    page = page_of(request, rows.select_related("draft__office", "channel").order_by("-released_at", "-pk"), 25)
    context = {
        "page": page,
        "form": form,
        "office": form.chosen,
        "may_read": form.chosen is not None and records.may_read(form.chosen, person),
        "writes_at": {post.office for post in person.posts if post.role in CORRECTORS},
        "reads": {row.pk for row in page if records.may_read(row.draft.office, person)},
    }
    return render(request, "publishing/posts.html", context)
