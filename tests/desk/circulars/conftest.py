"""What tests of circulars begin with: a draft of the department, addressed to its whole tree."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from amanat.desk.circulars.actions import delivery, dispatches, drafts
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Circular, Copy, Dispatch
from tests.cast import Cast


@dataclass(frozen=True)
class Letters:
    """Circulars of the cast's department."""

    cast: Cast

    def draft(self, author: str = "officer@top", *, to: Audience | None = None) -> Circular:
        """A draft in English and Urdu; addressed to `own` and the offices below where nothing else is said."""
        by = self.cast[author]
        office = getattr(self.cast, author.partition("@")[2])
        circular = drafts.begin(office, by=by, language="en", subject="Use of social media", body="Ask first.")
        drafts.write(circular, by=by, language="ur", subject="سوشل میڈیا کا استعمال", body="پہلے پوچھیں۔")
        drafts.address(circular, by=by, lists=[], audience=to or Audience(trees=(self.cast.own.pk,)))
        circular.refresh_from_db()
        return circular

    def sent(self, sender: str = "head@top", *, to: Audience | None = None, **settled: object) -> Circular:
        """One dispatched and delivered."""
        circular = self.draft(f"officer@{sender.partition('@')[2]}", to=to)
        if settled:
            drafts.settle(circular, by=self.cast[sender], **settled)
            circular.refresh_from_db()
        return self.send(circular, sender)

    def send(self, circular: Circular, sender: str) -> Circular:
        """Dispatch and deliver a draft."""
        sent = dispatches.dispatch(circular, by=self.cast[sender])
        delivery.deliver(sent.pk)
        circular.refresh_from_db()
        return circular

    def copy(self, circular: Circular, place: str) -> Copy:
        """The copy of one of the cast's offices."""
        office = getattr(self.cast, place)
        copy: Copy = Copy.objects.select_related("circular", "office").get(circular=circular, office=office)
        return copy

    def first(self, circular: Circular) -> Dispatch:
        """Its own sending, not an endorsement."""
        return Dispatch.objects.get(circular=circular, is_endorsement=False)


@pytest.fixture
def letters(cast: Cast) -> Letters:
    """Circulars of the cast's department."""
    return Letters(cast)
