"""Mailing a circular to addresses outside: whoever has no place here gets the letter itself, then word of it.

Every mail bears a link, always the same: on its page one reads what holds now, and says that it was received.

Each mail is held, handed over and ticked off. A kill between the server's yes and our tick sends that one mail a second
time, under the same Message-ID: a letter that comes twice does less harm than one that never came.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.circulars.actions.rounds import word_of
from amanat.desk.circulars.links import path_to
from amanat.desk.circulars.models import Addressee, Circular, Enclosure
from amanat.desk.lib import files
from amanat.desk.registry.actions.mailings import HOLD, WAITS
from amanat.desk.registry.mails import address_of

HEAVIEST = 10 * files.MEGABYTE
"""Enclosures that are larger together are only named in the mail."""
_OF_THIS_MAIL = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, SMTPNotSupportedError, ValueError)
"""Faults that concern one mail: the server is there, and takes others."""
_Attachment = tuple[str, bytes, str]
log = logging.getLogger(__name__)


class _Content(NamedTuple):
    """What a mail says and brings, the same for every address."""

    text: str
    attachments: list[_Attachment]


def send(circular: Circular, now: datetime | None = None) -> int:
    """Mail it to every address outside for which the letter waits, or word of it; how many were mailed.

    What the mail server refuses for good, or too often, is ticked off as well. Raises OSError where an enclosure cannot
    be read or no server can be reached: the rest waits (timed).
    """
    now = now or timezone.now()
    rows = list(Addressee.objects.mailable(now).filter(circular=circular).order_by("pk"))
    contents = {occasion: _content(circular, occasion) for occasion in {row.occasion for row in rows}}
    sent, refused = 0, 0
    try:
        for row in rows:
            if _held(row, now):
                is_sent = _mailed(circular, row, contents[row.occasion], now)
                sent, refused = sent + (is_sent is True), refused + (is_sent is False)
    finally:
        if sent or refused:
            with recorded("mail", by=None, office=circular.office, roles=None) as record:
                record.on(circular, sent=sent, refused=refused)
    return sent


def _held(row: Addressee, now: datetime) -> bool:
    """Whether nobody else is mailing it; from now on it is ours. Not what nobody is to hear any more."""
    until = max(timezone.now(), now) + HOLD
    mine = Addressee.objects.mailable(now).filter(pk=row.pk, occasion=row.occasion)
    return bool(mine.update(held_until=until, tries=F("tries") + 1))


def _mailed(circular: Circular, row: Addressee, content: _Content, now: datetime) -> bool | None:
    """Whether the mail server took it; None where it may take it later. Raises OSError where there is no server."""
    # a later round may have begun meanwhile: its mail waits on
    mine = Addressee.objects.filter(pk=row.pk, occasion=row.occasion)
    try:
        _letter(circular, row, content).send()
    except _OF_THIS_MAIL as error:
        log.warning("circular %s, row %s was not taken: %s", circular.pk, row.pk, type(error).__name__)
        if not _is_final(error) and row.tries < len(WAITS):
            mine.update(held_until=now + WAITS[row.tries])
            return None
        mine.update(mailed_at=timezone.now(), held_until=None)
        return False
    except (OSError, SMTPException):
        mine.update(held_until=None, tries=row.tries)
        raise
    mine.update(mailed_at=timezone.now(), held_until=None)
    return True


def _is_final(error: Exception) -> bool:
    """Whether the server said that it never takes mail for this address."""
    return isinstance(error, SMTPRecipientsRefused) and all(code >= 500 for code, _said in error.recipients.values())


def _letter(circular: Circular, row: Addressee, content: _Content) -> EmailMessage:
    host = urlsplit(settings.AMANAT_ADDRESS).hostname
    first = f"circular-{circular.pk}-{row.pk}"
    headers = {"Message-ID": f"<{first}@{host}>", "Auto-Submitted": "auto-generated"}
    if row.occasion:
        headers |= {"Message-ID": f"<{first}-{row.occasion}@{host}>"}
        headers |= dict.fromkeys(("In-Reply-To", "References"), f"<{first}@{host}>")
    subject = " ".join(str(circular).split())[:200]
    text = f"{content.text}\n\n{address_of(path_to(row))}\n"
    return EmailMessage(subject, text, to=[row.address], attachments=content.attachments, headers=headers)


def _content(circular: Circular, occasion: str) -> _Content:
    """The letter itself, a corrected one too; else a reminder of it, or word of its end. The link is still to come.

    Raises OSError where an enclosure cannot be read.
    """
    head = "\n".join([str(circular.office), f"{circular.number}  {circular.dated_on or ''}".strip()])
    written = circular.texts_of()
    words = [_in(one.language, lambda: _word(occasion)) for one in written] if occasion else []
    if occasion and not occasion.startswith("corrected"):
        words = [f"{one.subject}\n\n{word}" for one, word in zip(written, words, strict=True)]
        texts, attachments = [], []
    else:
        texts, attachments = _whole(circular), _attachments(circular)
    asks = [] if occasion == circular.state else ["\n".join(_in(one.language, _ask) for one in written)]
    return _Content("\n\n\n".join(part for part in (head, *words, *texts, *asks) if part), attachments)


def _attachments(circular: Circular) -> list[_Attachment]:
    """The enclosures, unless they are too heavy. Raises OSError where one cannot be read."""
    enclosures = circular.enclosures_of()
    if sum(one.size for one in enclosures) > HEAVIEST:
        return []
    return [(one.name, files.path_of(one.sha256).read_bytes(), one.kind) for one in enclosures]


def _whole(circular: Circular) -> list[str]:
    """The letter in every language it has, and the names of its enclosures."""
    written, enclosures = circular.texts_of(), circular.enclosures_of()
    texts = [f"{one.subject}\n\n{one.body}" for one in written]
    unseen = [one for one in enclosures if one.state == "unscanned"]
    warnings = [_in(one.language, _warning) for one in written] if unseen else []
    names = "\n".join([*_names(one for one in enclosures if one not in unseen), *warnings, *_names(unseen)])
    return [*texts, names]


def _names(enclosures: Iterable[Enclosure]) -> list[str]:
    return [f"- {one}: {one.name}" for one in enclosures]


def _in(language: str, words: Callable[[], str]) -> str:
    with translation.override(language):
        return words()


def _word(occasion: str) -> str:
    """What a round tells; of a newer circular not which, for it may be nothing for this address."""
    return (
        _("Not in force any more: a newer circular took its place.") if occasion == "superseded" else word_of(occasion)
    )


def _warning() -> str:
    return _("Nobody has looked at these files for viruses:")


def _ask() -> str:
    return _("Say here that you have received it. You need not sign in:")
