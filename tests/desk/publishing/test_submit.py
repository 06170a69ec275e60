"""Handing in: nothing may be missing; a stop is lifted by somebody else, with a reason that the panel sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing.actions import drafts, editing
from amanat.desk.publishing.models import Draft
from amanat.desk.registry.models import Notice
from tests.desk.publishing.conftest import PLAIN, STOPPED, Press

SignedIn = Callable[[str], Client]


def test_handed_in_the_panel_is_told(press: Press, signed_in: SignedIn) -> None:
    draft = press.write()
    before = Event.objects.count()
    answer = signed_in("officer@own").post(reverse("publishing:submit", args=[draft.pk]))
    assert answer.status_code == 302
    fresh = Draft.objects.get()
    assert fresh.state == "in-review"
    assert fresh.submitted_at is not None
    assert Event.objects.count() == before + 1
    told = Notice.objects.filter(key__startswith="ballot-")
    assert set(told.values_list("person__name", flat=True)) == {"Juror One", "Juror Two", "Juror Three"}


def test_pressed_twice_it_is_handed_in_once(press: Press) -> None:
    draft = press.hand_in()
    with pytest.raises(Overtaken):
        drafts.submit(Draft.objects.get(pk=draft.pk), by=draft.author)
    assert draft.rounds.count() == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d, p: d.targets.all().delete(), "channel"),
        (lambda d, p: Draft.objects.filter(pk=d.pk).update(wanted_at=None), "when"),
        (lambda d, p: Draft.objects.filter(pk=d.pk).update(wanted_at=timezone.now()), "over"),
        (lambda d, p: d.targets.update(language="ur"), "missing"),
        (lambda d, p: d.versions.update(text="a" * 301), "too long: 301 of 300"),
        (lambda d, p: d.versions.update(text=" "), "missing"),
        (lambda d, p: type(p.page).objects.filter(pk=p.page.pk).update(state="closed"), "closed"),
    ],
)
def test_what_is_missing_is_said(press: Press, signed_in: SignedIn, spoil: Callable[..., object], said: str) -> None:
    draft = press.write()
    spoil(draft, press)
    with pytest.raises(Refused) as refused:
        drafts.submit(draft, by=draft.author)
    assert said in refused.value.reason
    page = signed_in("officer@own").get(draft.get_absolute_url()).text
    assert said in page
    assert "submit/" not in page  # a button that would be refused is not drawn
    assert not Event.objects.filter(verb="submit").exists()


def test_the_rules_of_the_day_of_submission_count(press: Press) -> None:
    draft = press.write()
    draft.versions.update(text=STOPPED)  # as if the rules had changed since it was saved
    with pytest.raises(Refused):
        drafts.submit(draft, by=draft.author)


def test_a_stop_blocks_with_its_clause(press: Press) -> None:
    draft = press.write(text=STOPPED)
    with pytest.raises(Refused) as refused:
        drafts.submit(draft, by=draft.author)
    assert refused.value.clause == "pbcr66-praise-meetings"


def test_the_head_lifts_it_with_a_reason_that_the_panel_sees(press: Press, signed_in: SignedIn) -> None:
    draft = press.write(text=STOPPED)
    client = signed_in("head@own")
    address = reverse("publishing:lift", args=[draft.pk])
    assert address in client.get(draft.get_absolute_url()).text
    assert client.post(address, {"reason": " "}).status_code == 200
    assert client.post(address, {"reason": "It quotes a citizen, with leave."}).status_code == 302
    event = Event.objects.get(verb="lift")
    assert (event.reason, event.clause) == ("It quotes a citizen, with leave.", "pbcr66-praise-meetings")
    drafts.submit(draft, by=draft.author)
    page = signed_in("moderator@own").get(draft.get_absolute_url()).text
    assert "It quotes a citizen, with leave." in page


def test_lifted_once_it_is_not_lifted_again(press: Press) -> None:
    draft = press.write(text=STOPPED)
    drafts.lift(draft, by=press.cast["head@own"], reason="A quotation.")
    with pytest.raises(Overtaken):
        drafts.lift(draft, by=press.cast["head@own"], reason="A quotation.")


@pytest.mark.parametrize("who", ["officer@own", "moderator@own", "steward@own", "head@sister"])
def test_nobody_else_lifts_it(press: Press, who: str) -> None:
    draft = press.write(text=STOPPED)
    with pytest.raises(Refused):
        drafts.lift(draft, by=press.cast[who], reason="Because.")


def test_a_head_does_not_lift_the_stop_on_their_own_words(press: Press) -> None:
    draft = press.write("head@own", text=STOPPED)
    with pytest.raises(Refused):
        drafts.lift(draft, by=press.cast["head@own"], reason="Because.")
    drafts.lift(draft, by=press.cast["authority@top"], reason="A quotation.")
    drafts.submit(draft, by=draft.author)


def test_what_was_lifted_holds_for_those_words_alone(press: Press) -> None:
    draft = press.write(text=STOPPED)
    drafts.lift(draft, by=press.cast["head@own"], reason="A quotation.")
    editing.write(draft, by=draft.author, texts={("en", ""): f"{STOPPED} {PLAIN}"})
    with pytest.raises(Refused):
        drafts.submit(draft, by=draft.author)


def test_where_nothing_stops_there_is_nothing_to_lift(press: Press) -> None:
    with pytest.raises(Overtaken):
        drafts.lift(press.write(), by=press.cast["head@own"], reason="Because.")


def test_taken_back_and_dropped(press: Press, signed_in: SignedIn) -> None:
    draft, client = press.hand_in(), signed_in("officer@own")
    client.post(reverse("publishing:recall", args=[draft.pk]))
    assert Draft.objects.get().state == "draft"
    assert client.post(reverse("publishing:discard", args=[draft.pk])).status_code == 403
    client.post(reverse("publishing:discard", args=[draft.pk]), {"reason": "No longer needed"})
    assert Draft.objects.get().state == "dropped"
