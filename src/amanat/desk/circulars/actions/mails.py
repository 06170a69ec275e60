"""Mailing a circular to addresses outside: whoever has no place here gets the letter itself.

Each mail is held, handed over and ticked off. A kill between the server's yes and our tick sends that one mail a second
time, under the same Message-ID: a letter that comes twice does less harm than one that never came.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.circulars.models import Addressee, Circular, Enclosure
from amanat.desk.lib import files
from amanat.desk.registry.actions.mailings import HOLD, WAITS

HEAVIEST = 10 * files.MEGABYTE
"""Enclosures that are larger together are only named in the mail."""
_OF_THIS_MAIL = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, SMTPNotSupportedError, ValueError)
"""Faults that concern one mail: the server is there, and takes others."""
_Attachment = tuple[str, bytes, str]
log = logging.getLogger(__name__)


def send(circular: Circular, now: datetime | None = None) -> int:
    """Mail it to every address outside that has not got it; how many were mailed.

    What the mail server refuses for good, or too often, is ticked off as well. Raises OSError where an enclosure cannot
    be read or no server can be reached: the rest waits (timed).
    """
    now = now or timezone.now()
    rows = list(Addressee.objects.mailable(now).filter(circular=circular).order_by("pk"))
    if not rows:
        return 0
    text, attachments = _text(circular), _attachments(circular)
    sent, refused = 0, 0
    try:
        for row in rows:
            if _held(row, now):
                is_sent = _mailed(circular, row, text, attachments, now)
                sent, refused = sent + (is_sent is True), refused + (is_sent is False)
    finally:
        if sent or refused:
            with recorded("mail", by=None, office=circular.office, roles=None) as record:
                record.on(circular, sent=sent, refused=refused)
    return sent


def _held(row: Addressee, now: datetime) -> bool:
    """Whether nobody else is mailing it; from now on it is ours. Not once the circular is out of force."""
    until = max(timezone.now(), now) + HOLD
    return bool(Addressee.objects.mailable(now).filter(pk=row.pk).update(held_until=until, tries=F("tries") + 1))


def _mailed(
    circular: Circular, row: Addressee, text: str, attachments: list[_Attachment], now: datetime
) -> bool | None:
    """Whether the mail server took it; None where it may take it later. Raises OSError where there is no server."""
    mine = Addressee.objects.filter(pk=row.pk)
    try:
        _letter(circular, row, text, attachments).send()
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


def _letter(circular: Circular, row: Addressee, text: str, attachments: list[_Attachment]) -> EmailMessage:
    host = urlsplit(settings.AMANAT_ADDRESS).hostname
    headers = {"Message-ID": f"<circular-{circular.pk}-{row.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    subject = " ".join(str(circular).split())[:200]
    return EmailMessage(subject, text, to=[row.address], attachments=attachments, headers=headers)


def _attachments(circular: Circular) -> list[_Attachment]:
    """The enclosures, unless they are too heavy. Raises OSError where one cannot be read."""
    enclosures = circular.enclosures_of()
    if sum(one.size for one in enclosures) > HEAVIEST:
        return []
    return [(one.name, files.path_of(one.sha256).read_bytes(), one.kind) for one in enclosures]


def _text(circular: Circular) -> str:
    """The letter in every language it has, with its number, its date and the names of its enclosures."""
    head = "\n".join([str(circular.office), f"{circular.number}  {circular.dated_on or ''}".strip()])
    written, enclosures = circular.texts_of(), circular.enclosures_of()
    texts = [f"{one.subject}\n\n{one.body}" for one in written]
    unseen = [one for one in enclosures if one.state == "unscanned"]
    warnings = [_warning(one.language) for one in written] if unseen else []
    names = "\n".join([*_names(one for one in enclosures if one not in unseen), *warnings, *_names(unseen)])
    return "\n\n\n".join(part for part in (head, *texts, names) if part)


def _names(enclosures: Iterable[Enclosure]) -> list[str]:
    return [f"- {one}: {one.name}" for one in enclosures]


def _warning(language: str) -> str:
    with translation.override(language):
        return _("Nobody has looked at these files for viruses:")
