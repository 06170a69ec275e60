"""Invitations: a link by which a person sets a password, made by whoever leads where they serve."""

from __future__ import annotations

import hashlib
import logging
import secrets
from typing import TYPE_CHECKING, Final

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions.logins import seat
from amanat.desk.registry.models import Invitation, Person
from amanat.desk.registry.models.people import REACHING
from amanat.desk.registry.signin.standing import has_password
from amanat.desk.registry.workflow import LEADERS

if TYPE_CHECKING:
    from amanat.desk.registry.models.people import Post

log = logging.getLogger(__name__)
RANK: Final = {"officer": 0, "moderator": 0, "head": 1, "auditor": 1, "authority": 2, "steward": 3}
"""Whoever holds the link of another could act as them: it is given only by those who stand as high."""


def obstacle(person: Person, viewer: Person) -> str:
    """Why `viewer` cannot invite `person` now; "" where nothing stands in the way."""
    if person == viewer:
        return _("You are signed in already. You can change your own password under your name.")
    if not person.is_active or not person.posts:
        return _("This person holds no post today. Enter a post first.")
    if not all(any(_stands_over(mine, post) for mine in viewer.posts) for post in person.posts):
        return _("A person is invited by whoever leads every office where they serve, in a post as high as theirs.")
    if not person.email:
        return _("There is no e-mail address for this person. Enter one first: it is what they sign in with.")
    return ""


def _stands_over(mine: Post, post: Post) -> bool:
    reaches = mine.office == post.office or (mine.role in REACHING and post.path.startswith(mine.path))
    return reaches and mine.role in LEADERS and RANK[mine.role] >= RANK[post.role]


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(person: Person, *, by: Person) -> tuple[Invitation, str]:
    """A new invitation with the token of its link, which is not kept; links given before stop working."""
    with recorded("invite", by=by, office=seat(person), roles=LEADERS) as record:
        person = Person.objects.select_for_update().get(pk=person.pk)
        if reason := obstacle(person, by):
            raise Refused(reason)
        person.invitations.unused().update(replaced_at=timezone.now())
        token = secrets.token_urlsafe(32)
        invitation = Invitation.objects.create(
            person=person, digest=digest(token), made_by=by, is_reset=has_password(person)
        )
        record.on(person, is_reset=invitation.is_reset)
    return invitation, token


def mail(invitation: Invitation, address: str) -> bool:
    """Send the link `address` to the person invited; whether the mail server took it."""
    person = invitation.person
    with translation.override(person.language or translation.get_language()):
        facts = {"invitation": invitation, "person": person, "address": address, "days": Invitation.DAYS}
        text = render_to_string("registry/email/invitation.txt", facts)
        subject = _("A new password for Amanat") if invitation.is_reset else _("Your way into Amanat")
        try:
            return bool(send_mail(subject, text.strip() + "\n", None, [person.email or ""]))
        except OSError as error:
            log.warning("an invitation could not be sent: %s", type(error).__name__)
            return False


def accept(invitation: Invitation, password: str) -> Person:
    """Set the password that the person invited chose. Raises Overtaken where the link has stopped working."""
    person = invitation.person
    with recorded("accept", by=person, office=seat(person), roles=None) as record:
        if not Invitation.objects.open().filter(pk=invitation.pk).update(used_at=timezone.now()):
            raise Overtaken(_("This link was used already."))
        person.set_password(password)
        person.save(update_fields=["password"])
        record.on(person, is_reset=invitation.is_reset)
    return person
