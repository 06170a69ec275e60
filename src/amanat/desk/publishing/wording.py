"""Moments in words, outside of pages."""

from __future__ import annotations

from datetime import datetime

from django.utils import formats, timezone

from amanat.desk.lib.numerals import local


def moment(at: datetime) -> str:
    """A moment as the active language writes it."""
    return local(formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT"))
