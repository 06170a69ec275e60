"""The text of a mail with notices: plain, in the person's language, grouped by the rooms they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amanat.desk.lib.numerals import local
from amanat.phrases import RIGHT_TO_LEFT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amanat.desk.registry.models import Notice

SHOWN = 40
"""How many notices one mail tells; the page has them all."""
_RIGHT_TO_LEFT_MARK = "\u200f"
_ROOMS = {
    "permits": gettext_lazy("Permission and advice"),
    "circulars": gettext_lazy("Circulars"),
    "publishing": gettext_lazy("Publishing"),
    "rules": gettext_lazy("Rules"),
    "registry": gettext_lazy("Registry"),
}


def digest(mailing: Any, connection: Any = None) -> EmailMessage:
    """The mail. It needs `shown` (its first notices) and `number` (of all). Its Message-ID is the same at every try."""
    language = mailing.person.language or settings.LANGUAGE_CODE
    with translation.override(language):
        number = mailing.number
        subject = ngettext("{number} notice for you", "{number} notices for you", number).format(number=local(number))
        facts = {
            "person": mailing.person,
            "number": number,
            "more": number - len(mailing.shown),
            "groups": _groups(mailing.shown),
            "page": address_of(reverse("registry:notices")),
            "is_daily": mailing.day is not None,
        }
        text: str = render_to_string("registry/email/digest.txt", facts)
    if language in RIGHT_TO_LEFT:
        text = "\n".join(_from_the_right(line) for line in text.split("\n"))
    host = urlsplit(settings.AMANAT_ADDRESS).hostname
    headers = {
        "Message-ID": f"<notices-{mailing.pk}-{mailing.made_at:%Y%m%d%H%M%S}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }
    return EmailMessage(subject, f"{text.strip()}\n", to=[mailing.person.email], headers=headers, connection=connection)


def address_of(path: str) -> str:
    """A place on the desk as a whole address."""
    return f"{settings.AMANAT_ADDRESS}{path}"


def _groups(notices: Iterable[Notice]) -> list[tuple[str, list[tuple[Notice, str]]]]:
    """Room by room: its name, and its notices with their addresses."""
    found: dict[str, list[tuple[Notice, str]]] = {}
    for notice in notices:
        found.setdefault(_room(notice.url), []).append((notice, address_of(notice.url)))
    order = [*_ROOMS, ""]
    return [(str(_ROOMS.get(room, _("Other"))), found[room]) for room in sorted(found, key=order.index)]


def _room(url: str) -> str:
    try:
        name = resolve(urlsplit(url).path).app_name
    except Resolver404:
        return ""
    return name if name in _ROOMS else ""


def _from_the_right(line: str) -> str:
    """A line that begins on the right, whatever its first letter; an address keeps its own direction."""
    return line if not line or line.lstrip().startswith(("http://", "https://")) else f"{_RIGHT_TO_LEFT_MARK}{line}"
