"""The record: whole or not, taken out whole, and every taking noted."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amanat.desk.audit.models import Event
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing import records
from amanat.desk.publishing.actions import records as acts
from amanat.desk.publishing.models import Ballot, Draft, Picture, Release, Round
from tests.desk.publishing.corrections.conftest import REASON, RIGHT, WRONG, Desk

SignedIn = Callable[[str], Client]


@pytest.fixture
def put_right(desk: Desk) -> Draft:
    """A draft with a picture and a decision, put right."""
    draft = desk.out(desk.channel())
    Picture.objects.create(
        draft=draft,
        sha256=files.keep_bytes(b"\x89PNG picture"),
        kind="image/png",
        width=1,
        height=1,
        size=12,
        position=0,
    )
    decided = Round.objects.create(
        draft=draft, number=1, hash=draft.hash(), opened_by=draft.author, closed_at=draft.wanted_at, outcome="approved"
    )
    Ballot.objects.create(round=decided, member=desk.cast["moderator@own"], vote="for", reason="=Right")
    desk.correct(draft)
    desk.work()
    return draft


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def spoil(sha256: str, data: bytes | None) -> None:
    path = files.path_of(sha256)
    path.unlink()
    if data is not None:
        path.write_bytes(data)


def test_a_record_is_shown_whole_and_saved_as_it_is(
    put_right: Draft, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    release = put_right.releases.get()
    client = signed_in("auditor@top")
    with django_assert_max_num_queries(12):
        page = client.get(reverse("publishing:record", args=[release.pk]))
    assert "Everything is whole" in page.text
    assert len(page.context["pieces"]) == 5  # sent and answered twice, and the text before
    answer = client.get(reverse("publishing:kept", args=[release.pk, release.sent]))
    assert body(answer) == WRONG.encode()
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/octet-stream"
    strange = files.keep_bytes(b"something else that is kept")
    for sha256 in (strange, "rubbish", "0" * 64, "..%2f..%2fetc"):
        assert client.get(f"/publishing/releases/{release.pk}/record/{sha256}/").status_code == 404


@pytest.mark.parametrize(("data", "word"), [(b"another", "changed"), (None, "gone")])
def test_what_is_not_what_it_was_is_said(put_right: Draft, signed_in: SignedIn, data: bytes | None, word: str) -> None:
    release = put_right.releases.get()
    spoil(release.sent, data)
    client = signed_in("head@own")
    page = client.get(reverse("publishing:record", args=[release.pk]))
    assert "Something is not what it was" in page.text
    assert f">{word}<" in page.text
    before = Event.objects.count()
    told = client.post(reverse("publishing:check-records", args=[put_right.office_id]), follow=True)
    assert f"1 of 5 files are not what they were: {release.sent[:12]}" in told.text
    event = Event.objects.latest("pk")
    assert Event.objects.count() == before + 1
    assert (event.verb, event.facts["files"], event.facts["broken"] + event.facts["missing"]) == ("check", 5, 1)


def test_all_is_whole(put_right: Draft, desk: Desk, signed_in: SignedIn) -> None:
    page = signed_in("steward@top").post(reverse("publishing:check-records", args=[desk.cast.top.pk]), follow=True)
    assert "All 5 files are whole." in page.text
    with pytest.raises(Refused):
        acts.check(desk.cast.top, by=desk.cast["head@own"])
    assert acts.check(desk.cast.sister, by=desk.cast["head@sister"]).number == 0


def test_too_many_files_are_not_checked_at_once(put_right: Draft, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_FILES", 4)
    with pytest.raises(Refused, match="too many"):
        acts.check(desk.cast.own, by=desk.cast["head@own"])
    assert not Event.objects.filter(verb="check").exists()


def test_the_archive_holds_all_and_its_manifest_agrees(
    put_right: Draft, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("head@own")
    with django_assert_max_num_queries(20):
        answer = client.get(reverse("publishing:export-posts", args=[put_right.office_id, "zip"]))
    data = body(answer)
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        inside = {name: pack.read(name) for name in pack.namelist()}
    lines = inside.pop("manifest-sha256.txt")
    listed = {line[66:]: line[:64] for line in lines.decode().splitlines()}
    assert listed == {name: hashlib.sha256(value).hexdigest() for name, value in inside.items()}
    assert {name.split("/")[0] for name in inside} == {
        "posts.csv", "texts", "pictures", "sent", "answers", "decisions", "corrections",
    }  # fmt: skip
    release = put_right.releases.get()
    assert inside[f"sent/{release.sent}.bin"] == WRONG.encode()
    decided = json.loads(inside[f"decisions/{put_right.pk}.json"])
    assert decided["rounds"][0]["ballots"][0]["member"] == "Moderator At Own"
    (told,) = [json.loads(value) for name, value in inside.items() if name.startswith("corrections/")]
    assert (told["reason"], told["text"], told["state"]) == (REASON, RIGHT, "done")
    event = Event.objects.latest("pk")
    assert (event.verb, event.facts["form"], event.facts["rows"]) == ("export", "zip", 1)
    assert event.facts["manifest"] == hashlib.sha256(lines).hexdigest()


def test_two_archives_of_the_same_posts_are_the_same(put_right: Draft) -> None:
    found = [records.archive(Release.objects.all()) for _ in range(2)]
    with found[0][0] as first, found[1][0] as second:
        assert first.read() == second.read()
    assert found[0][1:] == found[1][1:]


def test_too_much_for_one_archive(put_right: Draft, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    address = reverse("publishing:export-posts", args=[put_right.office_id, "zip"])
    before = Event.objects.count()
    for name in ("MOST_POSTS", "_BYTES"):
        with monkeypatch.context() as patch:
            patch.setattr(records, name, 0)
            assert signed_in("head@own").get(address).status_code == 403
    assert Event.objects.count() == before


def test_lists_go_out_and_run_nothing(put_right: Draft, signed_in: SignedIn) -> None:
    Draft.objects.filter(pk=put_right.pk).update(title="=cmd()")
    client = signed_in("head@own")
    address = reverse("publishing:export-posts", args=[put_right.office_id, "csv"])
    text = body(client.get(address)).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert len(head) == len(row)
    assert "'=cmd()" in row
    assert row[-1] == RIGHT
    assert client.get(address, {"first": "2999-01-01"}).status_code == 200
    assert Event.objects.latest("pk").facts["rows"] == 0
    book = client.get(reverse("publishing:export-posts", args=[put_right.office_id, "xlsx"]))
    assert body(book)[:2] == b"PK"
    assert client.get(reverse("publishing:export-posts", args=[put_right.office_id, "exe"])).status_code == 404
