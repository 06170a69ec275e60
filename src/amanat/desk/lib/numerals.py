"""Digits as each language writes them. Hindi keeps the international form, as India's Constitution has it (343)."""

from __future__ import annotations

import unicodedata

from django.utils.translation import get_language

_DIGITS = {"ur": "۰۱۲۳۴۵۶۷۸۹", "bn": "০১২৩৪৫৬৭৮৯"}
_TABLES = {lang: str.maketrans("0123456789", digits) for lang, digits in _DIGITS.items()}


def local(text: object, lang: str | None = None) -> str:
    """`text` with its digits as the reader's language (or `lang`) writes them."""
    table = _TABLES.get(lang or get_language() or "")
    return str(text).translate(table) if table else str(text)


def in_ascii(text: str) -> str:
    """`text` with the digits of every script written 0 to 9."""
    return text if text.isascii() else "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
