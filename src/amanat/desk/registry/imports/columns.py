"""The columns of each kind of spreadsheet: how their heads may be written, in four languages, and what they hold."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `heads`: other ways to write its head, with "|"; `is_told`: exported to be read, not imported."""

    name: str
    label: Any
    heads: str
    help: Any = ""
    is_needed: bool = False
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of spreadsheet, with a line of examples for its template."""

    name: str
    label: Any
    columns: tuple[Column, ...]
    example: dict[str, str] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


_STATE = Column("state", _("state"), "state | حالت | स्थिति | অবস্থা", _("only told, not imported"), is_told=True)
_OFFICE = "office | office code | دفتر | دفتر کا کوڈ | कार्यालय | कार्यालय कोड | কার্যালয় | কার্যালয়ের কোড | দপ্তর"
_LOCAL = Column(
    "local_name", _("name in the local language"),
    "local name | مقامی نام | اردو نام | स्थानीय नाम | हिन्दी नाम | স্থানীয় নাম | বাংলা নাম",
)  # fmt: skip
_CHOICE = _("the word or its id")
_DAY = _("a date, or 2026-01-31")
_LINK = _("in full: https://…")

OFFICES = Kind(
    "offices",
    _("Offices"),
    (
        Column(
            "code", _("code"), "code | office code | کوڈ | دفتر کا کوڈ | कोड | कार्यालय कोड | কোড",
            _("how letters and lists name the office; the key of the row"), is_needed=True,
        ),
        Column("name", _("name in English"), "name | office name | نام | नाम | নাম", is_needed=True),
        _LOCAL,
        Column("kind", _("kind"), "kind | type | قسم | نوعیت | प्रकार | ধরন", _CHOICE),
        Column(
            "parent", _("code of the office above"),
            "above | parent | office above | بالا دفتر | उच्च कार्यालय | ऊपर का कार्यालय | ঊর্ধ্বতন কার্যালয়",
            _("at or below yours; may stand in the same file"),
        ),
        Column("pack", _("rules"), "pack | rules | قواعد | नियम | বিধি", _("empty: those of the office above")),
        Column("website", _("website"), "website | ویب سائٹ | वेबसाइट | ওয়েবসাইট", _LINK),
        _STATE,
    ),
    {"code": "ED-LHR", "name": "Directorate Lahore", "kind": "directorate", "parent": "ED"},
)  # fmt: skip
PEOPLE = Kind(
    "people",
    _("People and posts"),
    (
        Column(
            "number", _("personnel number"),
            "number | personnel no | پرسنل نمبر | ملازم نمبر | कर्मचारी संख्या | कार्मिक क्रमांक | "
            "কর্মচারী নম্বর | পরিচিতি নম্বর",
            _("the key of the person; where there is none, the e-mail"),
        ),
        Column("name", _("name"), "name | نام | नाम | নাম", is_needed=True),
        _LOCAL,
        Column(
            "email", _("e-mail"), "email | mail | ای میل | ईमेल | ইমেইল | ইমেল", _("for signing in; may stay empty")
        ),
        Column("service", _("service"), "service | سروس | सेवा | সার্ভিস | সেবা", _("the word or its id; empty: general")),
        Column("cadre", _("cadre"), "cadre | کیڈر | संवर्ग | ক্যাডার"),
        Column("language", _("language"), "language | زبان | भाषा | ভাষা", _("en, ur, hi or bn")),
        Column("office", _("office code"), _OFFICE, _("at or below yours")),
        Column("role", _("role"), "role | کردار | भूमिका | ভূমিকা", _CHOICE),
        Column("title", _("designation"), "title | designation | عہدہ | पदनाम | পদবি"),
        Column(
            "starts_on", _("from"), "from | start | starts on | سے | تاریخ آغاز | से | प्रारंभ तिथि | থেকে | শুরুর তারিখ",
            _("a date, or 2026-01-31; empty for a new post: today"),
        ),
        Column(
            "ends_on", _("until"), "until | end | ends on | تک | تاریخ اختتام | तक | समाप्ति तिथि | পর্যন্ত | শেষের তারিখ",
            _("the last day; empty while the post is held"),
        ),
        Column("left_on", _("left on"), "left on", _("only told, not imported"), is_told=True),
    ),
    {
        "number": "P-1001", "name": "Made-up Name", "email": "name@example.org", "office": "ED-LHR", "role": "officer",
        "title": "Section Officer", "starts_on": "2026-01-31",
    },
)  # fmt: skip
CHANNELS = Kind(
    "channels",
    _("Channels"),
    (
        Column(
            "platform", _("platform"), "platform | پلیٹ فارم | प्लेटफ़ॉर्म | मंच | প্ল্যাটফর্ম",
            _("the name or its id"), is_needed=True,
        ),
        Column(
            "handle", _("handle or name"), "handle | ہینڈل | हैंडल | হ্যান্ডেল",
            _("with the platform, the key of the row"), is_needed=True,
        ),
        Column("office", _("office code"), _OFFICE, _("at or below yours"), is_needed=True),
        Column("address", _("address"), "address | link | url | پتہ | لنک | पता | लिंक | ঠিকানা | লিংক", _LINK),
        Column("purpose", _("purpose"), "purpose | مقصد | उद्देश्य | উদ্দেশ্য", _CHOICE),
        Column("languages", _("languages"), "languages | زبانیں | भाषाएँ | ভাষাসমূহ", _("en, ur, hi, bn; with commas")),
        Column("recovery_person", _("recovery contact"), "recovery person", _("personnel number or e-mail")),
        Column("recovery_note", _("recovery address or number, official"), "recovery note"),
        Column(
            "inspection_due_on", _("next security inspection"),
            "next inspection | اگلا معائنہ | अगला निरीक्षण | পরবর্তী পরিদর্শন", _DAY,
        ),
        _STATE,
    ),
    {
        "platform": "facebook", "handle": "example.directorate", "office": "ED-LHR",
        "address": "https://www.facebook.com/example.directorate", "purpose": "awareness", "languages": "ur, en",
    },
)  # fmt: skip
KINDS = {kind.name: kind for kind in (OFFICES, PEOPLE, CHANNELS)}

_ALIKE = str.maketrans("يك", "یک")


def folded(text: object) -> str:
    """A word without case, spaces and punctuation, and with the letters that keyboards mix up made one."""
    plain = unicodedata.normalize("NFKC", str(text)).casefold().translate(_ALIKE)
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LMN")


def in_all_languages(word: Any) -> set[str]:
    """How a word of the desk reads in each of its languages."""
    said = set()
    for lang, _name in settings.LANGUAGES:
        with translation.override(lang):
            said.add(str(word))
    return said


@cache
def heads_of(kind: str) -> dict[str, str]:
    """The name of a column by each way to write its head, folded. The first column to claim a head has it."""
    heads: dict[str, str] = {}
    for column in KINDS[kind].columns:
        for head in {column.name, *column.heads.split("|"), *in_all_languages(column.label)}:
            heads.setdefault(folded(head), column.name)
    return heads
