"""Who is told what: short words, no subject and no name of whoever asks, since notices travel by mail.

Called within the transaction of what they tell of, so that neither is without the other.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.permits import authority
from amanat.desk.permits.models import Deputy, Guidance, Permit
from amanat.desk.registry.actions.notices import tell
from amanat.desk.registry.models import Office, Person


def asked(permit: Permit) -> None:
    """Whoever decides hears of a request."""

    def words() -> tuple[str, str]:
        return _("{request} waits for your decision").format(request=permit), _(
            "Somebody below or at your office has asked for permission or advice."
        )

    people = authority.deciders(permit, timezone.localdate())
    tell(people, f"permit-{permit.pk}-asked-{_moment()}", words, permit.get_absolute_url())


def decided(permit: Permit) -> None:
    """Whoever asked hears what was decided."""

    def words() -> tuple[str, str]:
        state = permit.get_state_display()
        return _("{request}: {state}").format(request=permit, state=state), _("Open it to read all of it.")

    key = f"permit-{permit.pk}-{permit.state}-{_moment()}"
    tell([permit.person], key, words, permit.get_absolute_url())


def noticed(permit: Permit) -> None:
    """Whoever holds a permit hears that it will be revoked."""

    def words() -> tuple[str, str]:
        return _("{request} is going to be revoked").format(request=permit), _(
            "Open it to read from which day, and why."
        )

    tell([permit.person], f"permit-{permit.pk}-notice", words, permit.get_absolute_url())


def overdue(permit: Permit, people: list[Person]) -> None:
    """Whoever decides, and the office above, hear that an answer is late."""

    def words() -> tuple[str, str]:
        return _("{request} is overdue").format(request=permit), _(
            "An answer was due. Late does not mean void: it can still be decided."
        )

    key = f"permit-{permit.pk}-late-{permit.submitted_on}"
    tell(authority.deciders(permit, timezone.localdate()), key, words, permit.get_absolute_url())
    tell(people, key, words, reverse("permits:statistics"))


def passed_on(permit: Permit, before: Office) -> None:
    """The new deciders hear of a request that nobody could decide on any more."""
    asked(permit)

    def words() -> tuple[str, str]:
        return _("{request} has gone to another office").format(request=permit), _(
            "Nobody at {office} can decide on it any more."
        ).format(office=before)

    key = f"permit-{permit.pk}-passed-{permit.office_id}"
    tell([permit.person], key, words, permit.get_absolute_url())


def named(deputy: Deputy) -> None:
    """A deputy hears of it."""

    def words() -> tuple[str, str]:
        return _("You stand in for {person}").format(person=deputy.giver), _(
            "You decide on requests for permission in their place, on the days they named."
        )

    tell([deputy.person], f"deputy-{deputy.pk}", words, reverse("permits:deputies"))


def proposed(guidance: Guidance) -> None:
    """The other deciders hear that an answer is proposed for publication."""

    def words() -> tuple[str, str]:
        return _("An answer is proposed as guidance"), _("A second person reads it and agrees before it is published.")

    people = authority.deciders(guidance.permit, timezone.localdate())
    others = [person for person in people if person.pk != guidance.proposed_by_id]
    tell(others, f"guidance-{guidance.pk}", words, reverse("permits:guidance"))


def _moment() -> str:
    """What tells one occasion from the next of its kind on the same day; within a step it comes but once."""
    return f"{timezone.now():%Y%m%d%H%M%S%f}"
