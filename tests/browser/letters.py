"""Circulars for the browser: a draft, one that was sent and corrected, a list; and the address of every page."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from amanat.desk.circulars.actions import corrections, delivery, dispatches, drafts, enclosures, lists
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Circular, Copy
from tests.cast import Cast

STEWARD = "steward@top"
PAGES = {
    STEWARD: (
        "/circulars/ /circulars/all/ /circulars/all/?words=nothing /circulars/new/ /circulars/{draft}/ /circulars/{sent}/"
        " /circulars/{sent}/?language=ur&version=1 /circulars/{draft}/write/ur/ /circulars/{draft}/settle/"
        " /circulars/{draft}/address/ /circulars/{draft}/enclose/ /circulars/{draft}/dispatch/"
        " /circulars/{sent}/correct/en/ /circulars/copies/{copy}/endorse/ /circulars/lists/ /circulars/lists/{list}/"
        " /circulars/lists/enter/{top}/ /circulars/numbers/{top}/"
    )
}
OTHERS = {
    STEWARD: (
        "/circulars/{draft}/drop/ /circulars/enclosures/{enclosure}/ /circulars/enclosures/{enclosure}/take-out/"
        " /circulars/{sent}/acknowledge/ /circulars/copies/{copy}/receive/"
    )
}


def fill(cast: Cast) -> dict[str, Any]:
    """Put circulars in; the numbers by which the addresses name them."""
    head, officer = cast["head@top"], cast["officer@top"]
    kept = lists.enter(cast.top, by=officer, name="Directorates", audience=Audience(trees=(cast.own.pk,)))
    draft, sent = _written(cast, "A draft"), _written(cast, "Use of social media")
    drafts.address(draft, by=officer, lists=[kept], audience=Audience(addresses=("press@elsewhere.example",)))
    file = SimpleUploadedFile("form.pdf", b"%PDF-1.7 form")
    enclosure = enclosures.enclose(draft, by=officer, upload=file, title="Form A")
    drafts.address(sent, by=officer, lists=[], audience=Audience(offices=(cast.top.pk, cast.own.pk)))
    drafts.settle(sent, by=officer, days=5)
    delivery.deliver(dispatches.dispatch(sent, by=head).pk)
    corrections.correct(
        sent, by=head, language="en", subject="Use of social media", body="Ask in writing.", reason="It was unclear.",
        version=1, again=True,
    )  # fmt: skip
    copy = Copy.objects.get(circular=sent, office=cast.top)
    return {
        "draft": draft.pk, "sent": sent.pk, "copy": copy.pk, "list": kept.pk, "enclosure": enclosure.pk,
        "top": cast.top.pk,
    }  # fmt: skip


def _written(cast: Cast, subject: str) -> Circular:
    by = cast["officer@top"]
    circular = drafts.begin(cast.top, by=by, language="en", subject=subject, body="Ask first.\n\nThen post.")
    drafts.write(circular, by=by, language="ur", subject="سوشل میڈیا کا استعمال", body="پہلے پوچھیں۔")
    circular.refresh_from_db()
    return circular
