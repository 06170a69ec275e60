from __future__ import annotations

from typing import Any

import pytest

from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions import drafts, lists
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Circular
from amanat.desk.lib.refusals import Overtaken, Refused
from tests.desk.circulars.conftest import Letters

TEXT = {"language": "en", "subject": "Two steps", "body": "Turn them on."}


@pytest.mark.parametrize("who", ["officer@own", "moderator@own", "head@own", "authority@top", "steward@top"])
def test_an_office_begins_a_draft(letters: Letters, who: str) -> None:
    circular = drafts.begin(letters.cast.own, by=letters.cast[who], **TEXT)
    assert (circular.state, circular.number, str(circular)) == ("draft", "", "Two steps")
    assert Event.objects.filter(verb="draft", thing=circular.pk).count() == 1


@pytest.mark.parametrize("who", ["auditor@own", "head@top", "officer@sister", "steward@foreign"])
def test_others_begin_none(letters: Letters, who: str) -> None:
    with pytest.raises(Refused):
        drafts.begin(letters.cast.own, by=letters.cast[who], **TEXT)
    assert not Circular.objects.exists()


def test_a_closed_office_begins_none(letters: Letters) -> None:
    type(letters.cast.own).objects.filter(pk=letters.cast.own.pk).update(state="closed")
    with pytest.raises(Refused, match="closed"):
        drafts.begin(letters.cast.own, by=letters.cast["head@own"], **TEXT)


def test_written_over_in_place_while_it_is_a_draft(letters: Letters) -> None:
    circular = letters.draft()
    drafts.write(circular, by=letters.cast["head@top"], language="en", subject="New", body="Text")
    circular.refresh_from_db()
    assert circular.subject["en"] == "New"
    assert circular.texts.count() == 2
    assert Event.objects.filter(verb="write").count() == 2


def test_it_replaces_only_what_its_own_office_has_in_force(letters: Letters) -> None:
    other, draft = letters.sent("head@own", to=Audience(offices=(letters.cast.field.pk,))), letters.draft()
    with pytest.raises(Refused, match="this office issued"):
        drafts.settle(draft, by=letters.cast["head@top"], supersedes=other)
    own = letters.sent()
    Circular.objects.filter(pk=own.pk).update(state="withdrawn")
    own.refresh_from_db()
    with pytest.raises(Refused, match="in force"):
        drafts.settle(draft, by=letters.cast["head@top"], supersedes=own)


def test_a_number_is_kept_only_for_what_was_issued_elsewhere(letters: Letters) -> None:
    draft = letters.draft()
    drafts.settle(draft, by=letters.cast["officer@top"], number="17", elsewhere=False)
    assert Circular.objects.get(pk=draft.pk).number == ""


def test_only_lists_of_its_own_office(letters: Letters) -> None:
    cast = letters.cast
    to = Audience(offices=(cast.own.pk,))
    foreign = lists.enter(cast.own, by=cast["head@own"], name="All", audience=to)
    with pytest.raises(Refused, match="lists of the office"):
        drafts.address(letters.draft(), by=cast["head@top"], lists=[foreign], audience=Audience())


def test_dropped_it_goes_nowhere(letters: Letters) -> None:
    draft = letters.draft()
    drafts.drop(draft, by=letters.cast["officer@top"])
    with pytest.raises(Overtaken):
        drafts.drop(draft, by=letters.cast["officer@top"])
    assert Circular.objects.get(pk=draft.pk).state == "dropped"
    assert Event.objects.filter(verb="drop").count() == 1


def changes(letters: Letters) -> dict[str, Any]:
    draft = letters.draft()
    return {
        "write": lambda by: drafts.write(draft, by=by, **TEXT),
        "settle": lambda by: drafts.settle(draft, by=by, days=3),
        "address": lambda by: drafts.address(draft, by=by, lists=[], audience=Audience()),
        "drop": lambda by: drafts.drop(draft, by=by),
    }


@pytest.mark.parametrize("verb", ["write", "settle", "address", "drop"])
@pytest.mark.parametrize("who", ["auditor@top", "head@own", "steward@foreign"])
def test_others_do_not_touch_a_draft(letters: Letters, verb: str, who: str) -> None:
    act = changes(letters)[verb]
    before = Event.objects.count()
    with pytest.raises(Refused):
        act(letters.cast[who])
    assert Event.objects.count() == before


def test_a_draft_is_there_only_for_its_office(letters: Letters) -> None:
    letters.draft()
    seen = {who for who in letters.cast.people if Circular.objects.visible_to(letters.cast[who]).exists()}
    assert seen == {who for who in letters.cast.people if who.endswith("@top")}


def test_what_was_sent_is_there_for_whoever_it_reached_and_those_above(letters: Letters) -> None:
    letters.sent(to=Audience(offices=(letters.cast.field.pk,)))
    seen = {who for who in letters.cast.people if Circular.objects.visible_to(letters.cast[who]).exists()}
    over = {f"{role}@own" for role in ("head", "authority", "steward", "auditor")}
    assert seen == {who for who in letters.cast.people if who.endswith(("@top", "@field"))} | over


def test_what_is_public_is_there_for_all(letters: Letters) -> None:
    letters.sent(to=Audience(offices=(letters.cast.field.pk,)), is_public=True)
    assert Circular.objects.visible_to(letters.cast["officer@foreign"]).exists()
