"""Tags and filters that every page may use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from amanat.desk.lib import choices, commas, durations, numerals
from amanat.desk.lib.glossary import STATES, VERBS
from amanat.phrases import RIGHT_TO_LEFT, say
from amanat.rulebook import in_words

register = template.Library()
_CHOICES = {
    "account": dict(choices.Account.choices),
    "service": dict(choices.Service.choices),
    "country": dict(choices.Country.choices),
    "language": dict(choices.Language.choices),
}


@register.filter
def digits(value: object) -> str:
    """The digits of a value as the reader's language writes them."""
    return numerals.local(value)


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """A day or a moment as the reader's language writes it, and as a machine reads it."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = timezone.localtime(value)
        shown = formats.date_format(value, "SHORT_DATETIME_FORMAT")
    else:
        shown = formats.date_format(value, "SHORT_DATE_FORMAT")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), numerals.local(shown))


@register.filter
def lasting(value: timedelta | None) -> str:
    """How long something lasted, in words; a stroke where it is not known."""
    return "–" if value is None else durations.in_words(value)


@register.filter
def phrase(key: str, group: str) -> str:
    """A word of the library (`topic`, `level`, `grade` …) in the reader's language."""
    return say(group, str(key), get_language() or "en")


@register.filter
def words(text: Mapping[str, str], lang: str = "") -> SafeString:
    """A text of the rules: the reader's language (or `lang`), marked with the language it really has, in its digits."""
    found, shown = in_words(text, lang or get_language() or "en")
    return tongue(numerals.local(shown, found), found)


@register.filter
def written(text: Mapping[str, str]) -> SafeString:
    """What a person wrote in several languages: the reader's, in the language it really has, no sign changed."""
    found, shown = in_words(text, get_language() or "en")
    return tongue(shown, found)


@register.filter
def tongue(text: object, lang: str) -> SafeString:
    """`text` marked as being in `lang`, with its direction."""
    direction = "rtl" if lang in RIGHT_TO_LEFT else "ltr"
    return format_html('<span lang="{}" dir="{}">{}</span>', lang, direction, text)


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: object) -> str:
    """The query of this page with some values changed; None takes one out."""
    current = context["request"].GET.dict() | {key: value for key, value in changes.items() if value is not None}
    kept = {key: value for key, value in current.items() if key not in changes or changes[key] is not None}
    return f"?{urlencode(kept)}" if kept else "?"


@register.simple_tag
def comma() -> str:
    """A comma between two things, as the reader's language writes it."""
    return commas.comma()


@register.simple_tag
def dot() -> str:
    """What sets two things apart in one line, in the reader's language."""
    return commas.dot()


@register.filter
def verb(name: str) -> str:
    """A verb of the log in the reader's language."""
    return str(VERBS.get(name, name))


@register.filter
def state(name: str) -> str:
    """A state of any thing in the reader's language."""
    return str(STATES.get(name, name))


@register.filter
def named(value: str, group: str) -> str:
    """What a closed list (`account`, `service`, `country`, `language`) calls a value."""
    return str(_CHOICES[group].get(value, value))


@register.filter
def holds(person: Any, role: str) -> bool:
    """Whether somebody holds a role anywhere: for links that others would be refused."""
    return bool(person.has_role(role))
