"""Circulars for the browser: drafts, sent, corrected, open to everyone, with questions, withdrawn; every address."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from amanat.desk.circulars import links
from amanat.desk.circulars.actions import (
    corrections,
    delivery,
    dispatches,
    drafts,
    enclosures,
    lists,
    quizzes,
    reminders,
    sheets,
    withdrawals,
)
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Addressee, Circular, Copy, Sheet
from tests.cast import Cast

STEWARD = "steward@top"
PAGES = {
    "": (
        "/circulars/p/ /circulars/p/?q=nothing&lang=bn /circulars/p/{slug}/ /circulars/p/{slug}/?lang=en"
        " /circulars/p/{old_slug}/?lang=en /circulars/received/{outside}/"
    ),
    STEWARD: (
        "/circulars/ /circulars/all/ /circulars/all/?words=nothing /circulars/new/ /circulars/{draft}/"
        " /circulars/{sent}/ /circulars/{sent}/?language=ur&version=1 /circulars/{draft}/write/ur/"
        " /circulars/{draft}/settle/ /circulars/{draft}/address/ /circulars/{draft}/enclose/"
        " /circulars/{draft}/dispatch/ /circulars/{sent}/correct/en/ /circulars/{open}/correct/enclosures/"
        " /circulars/copies/{copy}/endorse/"
        " /circulars/lists/ /circulars/lists/{list}/ /circulars/lists/enter/{top}/ /circulars/numbers/{top}/"
        " /circulars/{open}/ /circulars/{withdrawn}/ /circulars/{draft}/questions/ /circulars/{open}/quiz/"
        " /circulars/{sent}/missing/ /circulars/{sent}/missing/?office=ED-LHR"
        " /circulars/{sent}/missing/?office=nowhere /circulars/{withdrawn}/missing/"
        " /circulars/{sent}/missing/tree/ /circulars/reminding/{top}/ /circulars/{sent}/sheet/{top}/"
        " /circulars/{sent}/sheet/{top}/blank/"
    ),
}
OTHERS = {
    "": "/circulars/p/{slug}/{open_enclosure}/ /circulars/received/{outside}/{open_enclosure}/",
    STEWARD: (
        "/circulars/{draft}/drop/ /circulars/enclosures/{enclosure}/ /circulars/enclosures/{enclosure}/take-out/"
        " /circulars/{sent}/acknowledge/ /circulars/copies/{copy}/receive/ /circulars/{sent}/missing.csv"
        " /circulars/{sent}/remind/ /circulars/{sent}/withdraw/ /circulars/{sent}/sheet/{top}/write/"
        " /circulars/sheets/{sheet}/"
    ),
}
WORDS = {
    "en": {"asks": "May one post without asking?", "options": ["Yes", "No"], "passage": "Ask first."},
    "ur": {"asks": "کیا پوچھے بغیر لکھا جا سکتا ہے؟", "options": ["ہاں", "نہیں"], "passage": "پہلے پوچھیں۔"},
}


def fill(cast: Cast) -> dict[str, Any]:
    """Put circulars in; the numbers by which the addresses name them."""
    head, officer = cast["head@top"], cast["officer@top"]
    kept = lists.enter(cast.top, by=officer, name="Directorates", audience=Audience(trees=(cast.own.pk,)))
    draft, sent = _written(cast, "A draft"), _written(cast, "Use of social media")
    drafts.address(draft, by=officer, lists=[kept], audience=Audience(addresses=("press@elsewhere.example",)))
    enclosure = _enclosed(draft, cast)
    _send(sent, cast)
    corrections.correct(
        sent, by=head, language="en", subject="Use of social media", body="Ask in writing.", reason="It was unclear.",
        version=1, again=True,
    )  # fmt: skip
    sent.refresh_from_db()
    reminders.remind(sent, by=head)
    opened, withdrawn = _written(cast, "Hours of the counters"), _written(cast, "An old form")
    open_enclosure = _enclosed(opened, cast)
    quizzes.ask(opened, by=officer, questions=[{"words": WORDS, "right": 1}])
    _send(opened, cast, is_public=True)
    _send(withdrawn, cast, is_public=True)
    withdrawals.withdraw(withdrawn, by=head, reason="It named the wrong form.")
    return {
        "draft": draft.pk, "sent": sent.pk, "copy": Copy.objects.get(circular=sent, office=cast.top).pk,
        "list": kept.pk, "enclosure": enclosure, "top": cast.top.pk, "open": opened.pk, "slug": opened.slug,
        "open_enclosure": open_enclosure, "withdrawn": withdrawn.pk, "old_slug": withdrawn.slug,
        "sheet": _signed(sent, cast).pk, "outside": _linked(opened),
    }  # fmt: skip


def _send(circular: Circular, cast: Cast, **settled: Any) -> None:
    """Send it to the department, one directorate and an address outside."""
    officer = cast["officer@top"]
    audience = Audience(offices=(cast.top.pk, cast.own.pk), addresses=("press@elsewhere.example",))
    drafts.address(circular, by=officer, lists=[], audience=audience)
    drafts.settle(circular, by=officer, days=5, **settled)
    circular.refresh_from_db()
    delivery.deliver(dispatches.dispatch(circular, by=cast["head@top"]).pk)
    circular.refresh_from_db()


def _enclosed(circular: Circular, cast: Cast) -> int:
    file = SimpleUploadedFile("form.pdf", b"%PDF-1.7 form")
    return enclosures.enclose(circular, by=cast["officer@top"], upload=file, title="Form A").pk


def _linked(circular: Circular) -> str:
    """What names the address outside in its link."""
    path = links.path_to(Addressee.objects.outside().get(circular=circular))
    return path.removeprefix("/circulars/received/").strip("/")


def _signed(circular: Circular, cast: Cast) -> Sheet:
    """A sheet that one person signed."""
    head, file = cast["head@top"], SimpleUploadedFile("sheet.pdf", b"%PDF-1.7 sheet")
    scan = sheets.keep_scan(circular, cast.top, file, by=head)
    return sheets.hand_in(
        circular, cast.top, by=head, scan=scan, language="en", signed_on=timezone.localdate(), numbers=["auditor@top"],
        version=circular.version,
    )  # fmt: skip


def _written(cast: Cast, subject: str) -> Circular:
    by = cast["officer@top"]
    circular = drafts.begin(cast.top, by=by, language="en", subject=subject, body="Ask first.\n\nThen post.")
    drafts.write(circular, by=by, language="ur", subject="سوشل میڈیا کا استعمال", body="پہلے پوچھیں۔")
    circular.refresh_from_db()
    return circular
