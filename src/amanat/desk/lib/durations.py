"""How long something lasted, in words."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat.desk.lib.numerals import local


def in_words(span: timedelta) -> str:
    """The two largest of days, hours and minutes, in the active language; less than a minute is said so."""
    minutes = max(int(span.total_seconds()) // 60, 0)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    said = []
    if days:
        said.append(ngettext("{number} day", "{number} days", days).format(number=local(days)))
    if hours:
        said.append(ngettext("{number} hour", "{number} hours", hours).format(number=local(hours)))
    if minutes and not days:
        said.append(ngettext("{number} minute", "{number} minutes", minutes).format(number=local(minutes)))
    return " ".join(said) or _("less than a minute")
