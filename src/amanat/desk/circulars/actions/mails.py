"""Mailing a circular to addresses outside: whoever has no place here gets the letter itself."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.utils import timezone

from amanat.desk.audit.door import recorded
from amanat.desk.circulars.models import Addressee, Circular, Enclosure
from amanat.desk.lib import files

HEAVIEST = 10 * files.MEGABYTE
"""Enclosures that are larger together are only named in the mail."""


def send(circular: Circular) -> int:
    """Mail it to every address outside that has not got it; how many were mailed.

    Each is claimed before it is mailed, so that none gets it twice: killed in between, one mail is lost. What the mail
    server refuses for good stays claimed. Raises OSError where no server can be reached, and the rest waits (timed).
    """
    rows = list(Addressee.objects.unmailed().filter(circular=circular).order_by("pk"))
    if not rows:
        return 0
    texts, enclosures = _text(circular), list(circular.enclosures.all())
    sent, refused = 0, 0
    try:
        for row in rows:
            if _claimed(row):
                is_sent = _mailed(circular, row, texts, enclosures)
                sent, refused = sent + is_sent, refused + (not is_sent)
    finally:
        if sent or refused:
            with recorded("mail", by=None, office=circular.office, roles=None) as record:
                record.on(circular, sent=sent, refused=refused)
    return sent


def _claimed(row: Addressee) -> bool:
    return bool(Addressee.objects.unmailed().filter(pk=row.pk).update(mailed_at=timezone.now()))


def _mailed(circular: Circular, row: Addressee, text: str, enclosures: list[Enclosure]) -> bool:
    """Whether the mail server took it. Raises OSError, and lets go of the row, where there is no server."""
    mail = EmailMessage(subject=str(circular).replace("\n", " ")[:200], body=text, to=[row.address])
    if sum(one.size for one in enclosures) <= HEAVIEST:
        for one in enclosures:
            mail.attach(one.name, files.path_of(one.sha256).read_bytes(), one.kind)
    try:
        mail.send()
    except SMTPRecipientsRefused:
        return False
    except OSError:
        Addressee.objects.filter(pk=row.pk).update(mailed_at=None)
        raise
    return True


def _text(circular: Circular) -> str:
    """The letter in every language it has, with its number, its date and the names of its enclosures."""
    head = "\n".join([str(circular.office), f"{circular.number}  {circular.dated_on or ''}".strip()])
    texts = [f"{one.subject}\n\n{one.body}" for one in circular.texts_of()]
    names = "\n".join(f"- {one}: {one.name}" for one in circular.enclosures.all())
    return "\n\n\n".join(part for part in (head, *texts, names) if part)
