"""Workers killed while they put right: nothing is done twice, nothing is lost, of what nobody can tell a person hears.

Against Bluesky's own server, and against the stand-ins of the platforms that cannot be asked by a key.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.publishing.actions import corrections, mending, releases
from amanat.desk.publishing.connectors import facebook as facebook_connector
from amanat.desk.publishing.connectors import x as x_connector
from amanat.desk.publishing.models import Correction, Credential, Draft, Mending, Release
from amanat.desk.publishing.models import releases as leases
from amanat.desk.registry.actions import notices
from amanat.desk.registry.models import Notice
from tests.cast import assemble
from tests.desk.publishing.releases import workers
from tests.desk.publishing.releases.making import channel_of, entrust, plan
from tests.desk.publishing.releases.sky import Sky
from tests.desk.publishing.servers import facebook, mastodon, x
from tests.desk.publishing.servers.standin import Asked, StandIn

KILLS, MANY = 18, 16
STANDIN_KILLS, STANDIN_MANY = 10, 10
STEPS = 40
"""About twice what one piece takes: questions to the database and to the platform."""
ENDS = {"done", "failed", "unknown"}


def begin(credential: Credential, ways: Sequence[str], many: int) -> list[Mending]:
    """So many posts that are out, each to be put right in one of the ways; none is taken up yet."""
    by = credential.given_by
    plan(credential.channel, by, many)
    releases.send_due(timezone.now() + timedelta(seconds=1))
    assert set(Release.objects.values_list("state", flat=True)) == {"released"}
    later = timezone.now() + timedelta(hours=1)
    Credential.objects.update(paused_until=later)  # so that asking does nothing yet
    for way, draft in zip(cycle(ways), Draft.objects.select_related("office").order_by("pk"), strict=False):
        if way == "delete":
            corrections.withdraw(draft, by=by, reason="It was wrong.", found_at=timezone.now())
            continue
        wanted = [corrections.Wanted(row, way, right(draft)) for row in corrections.out(draft)]
        corrections.correct(draft, by=by, reason="The hour was wrong.", found_at=timezone.now(), wanted=wanted)
    Credential.objects.update(paused_until=None)
    Notice.objects.all().delete()
    return list(Mending.objects.select_related("release__draft").order_by("pk"))


def right(draft: Draft) -> str:
    return draft.title.replace("Notice", "Right notice")


def kill_all(kills: int, kill: Callable[[], datetime], is_out: Callable[[Mending], bool]) -> Counter[str]:
    """Workers put right what is left and are killed; then one that is not. What the kills caught."""
    caught = Counter[str]()
    for _kill in range(kills):
        begun = kill()
        for row in Mending.objects.filter(state="sending", sending_at__gte=begun).select_related("release__draft"):
            if row.publishes:
                caught["out, unknown to the desk" if is_out(row) else "taken up, not out"] += 1
    assert workers.ended(workers.forked(workers.drain_mendings)) == 0
    return caught


def all_told() -> None:
    """Every mending has an end: one line in the log for what is done, somebody who knows of what is not."""
    assert set(Mending.objects.values_list("state", flat=True)) <= ENDS
    done = Mending.objects.filter(state="done")
    assert Event.objects.filter(verb="mend").count() == done.count()
    assert Correction.objects.filter(state="done").count() == done.count()  # each has one
    settled = Draft.objects.filter(state__in=["corrected", "withdrawn"])
    assert settled.count() == done.count()
    for row in Mending.objects.exclude(state="done"):
        assert Notice.objects.filter(key__startswith=f"mending-{row.pk}-").exists()


def test_kills_at_random_moments_put_nothing_right_twice_and_lose_nothing(
    wide: Sky, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = begin(wide.credential, ["reply", "anew", "reply", "anew", "edit", "delete"], MANY)
    whole, chance = workers.seconds(lambda: mending.mend(rows[0].pk)), workers.chance()
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=2 * whole))

    def kill() -> datetime:
        if chance.random() < 0.7:
            return workers.killed(workers.drain_mendings, whole, chance)
        return workers.killed_at(chance.randrange(4, STEPS), workers.drain_mendings)

    caught = kill_all(KILLS, kill, lambda row: wide.server.holds(wide.holder, row.key))
    assert caught, "no kill hit a moment that matters"
    all_told()
    assert set(Mending.objects.values_list("state", flat=True)) == {"done"}
    expected = Counter[str]()
    for row in rows:
        wrong = row.release.draft.title
        expected += Counter({"reply": [wrong, row.text], "delete": []}.get(row.way, [row.text]))
    assert Counter(wide.texts()) == expected
    replies = [
        one["value"]["reply"]["parent"]["uri"] for one in wide.server.posts(wide.holder) if "reply" in one["value"]
    ]
    assert sorted(replies) == sorted(row.release.platform_id for row in rows if row.way == "reply")


class Standing(NamedTuple):
    """A platform that is stood in for, the key to it, how it puts right, and how its posts are read."""

    server: Any
    credential: Credential
    ways: list[str]
    texts: Callable[[], list[str]]
    said: Callable[[Asked], str]


@pytest.fixture(params=["x", "mastodon", "facebook"])
def standing(
    request: pytest.FixtureRequest, racing: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Standing]:
    name, cast = request.param, assemble()
    server: Any = {"x": x.Server, "mastodon": mastodon.Server, "facebook": facebook.Server}[name]()
    settings.VERIFICATION_ALLOWED_HOSTS = [server.host]
    monkeypatch.setattr(x_connector, "HOME", server.address)
    monkeypatch.setattr(facebook_connector, "HOME", server.address)
    channel = channel_of(cast, name, "lahore", f"https://www.{name}.com/lahore")
    secrets = {"token": "right", "page": "9", "api_key": "a", "api_secret": "b", "token_secret": "d"}
    key = entrust(channel, server.address, cast["head@own"], **secrets)
    ways = ["reply", "anew", "reply", "anew", "edit", "delete"]
    if name == "x":
        ways.remove("edit")
    texts: dict[str, Callable[[], list[str]]] = {
        "x": lambda: [row["text"] for row in server.posts],
        "mastodon": lambda: [server.sources[row["id"]] for row in server.statuses],
        "facebook": lambda: [row["message"] for row in server.posts + server.comments],
    }
    said: dict[str, Callable[[Asked], str]] = {
        "x": lambda asked: str(asked.json["text"]) if asked.path == "/2/tweets" else "",
        "mastodon": lambda asked: asked.form["status"][0] if asked.path.endswith("/statuses") else "",
        "facebook": lambda asked: asked.form["message"][0] if asked.path.endswith(("/feed", "/comments")) else "",
    }
    yield Standing(server, key, ways, texts[name], said[name])
    server.stop()


def test_where_no_key_is_known_a_person_hears_of_what_nobody_can_tell(
    standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: StandIn = standing.server
    begin(standing.credential, standing.ways, STANDIN_MANY)
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=0.2))
    chance = workers.chance()

    def is_out(row: Mending) -> bool:
        if isinstance(server, mastodon.Server):
            server.keys.clear()  # as after an hour
        return row.text in standing.texts()

    caught = kill_all(
        STANDIN_KILLS, lambda: workers.killed_at(chance.randrange(4, STEPS), workers.drain_mendings), is_out
    )
    assert caught, "no kill hit a moment that matters"
    all_told()
    said = Counter(standing.said(asked) for asked in server.asked if asked.method == "POST")
    assert [text for text, times in said.items() if text.startswith("Right") and times > 1] == []
    states = Counter(Mending.objects.values_list("state", flat=True))
    if isinstance(server, mastodon.Server):  # it can be asked for certain
        assert states == {"done": STANDIN_MANY}
    assert states["failed"] == 0
    stands = Counter(standing.texts())
    for row in Mending.objects.select_related("release__draft"):
        wrong, is_done = row.release.draft.title, row.state == "done"
        assert stands[row.text] == 1 if is_done and row.text else stands[row.text] <= 1
        assert stands[wrong] == (row.way == "reply") or not is_done


@pytest.mark.parametrize("way", ["reply", "anew"])
@pytest.mark.parametrize("moment", ["before it is sent", "after it was taken", "before the draft is told"])
def test_killed_at_the_worst_moments(wide: Sky, monkeypatch: pytest.MonkeyPatch, moment: str, way: str) -> None:
    (row,) = begin(wide.credential, [way], 1)
    dies = {"before it is sent": "muted", "after it was taken": "_mended", "before the draft is told": "settle"}
    with monkeypatch.context() as patch:
        patch.setattr(mending, dies[moment], die)
        assert workers.ended(workers.forked(lambda: mending.mend(row.pk))) == -signal.SIGKILL
    assert wide.texts().count(row.text) == (moment != "before it is sent")
    mending.mend(row.pk)
    assert Mending.objects.get().state == "sending", "it is still another's"
    lease_ended()
    mending.mend(row.pk)
    assert Mending.objects.get().state == "done"
    assert wide.texts() == ([row.release.draft.title, row.text] if way == "reply" else [row.text])
    all_told()


def test_killed_between_taking_down_and_posting_anew(wide: Sky, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = begin(wide.credential, ["anew"], 1)
    with monkeypatch.context() as patch:
        patch.setattr("amanat.desk.publishing.connectors.bluesky.Bluesky.publish", die)
        assert workers.ended(workers.forked(lambda: mending.mend(row.pk))) == -signal.SIGKILL
    assert wide.texts() == []
    lease_ended()
    mending.mend(row.pk)
    assert (wide.texts(), Mending.objects.get().state) == ([row.text], "done")


def test_killed_before_a_person_is_told_somebody_is_told_all_the_same(
    wide: Sky, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = begin(wide.credential, ["reply"], 1)
    Mending.objects.update(text="x" * 301)  # more than the server takes
    with monkeypatch.context() as patch:
        patch.setattr(notices, "tell", die)
        assert workers.ended(workers.forked(lambda: mending.mend(row.pk))) == -signal.SIGKILL
    lease_ended()
    mending.mend(row.pk)
    assert Mending.objects.get().state in ENDS - {"done"}
    all_told()


def die(*_args: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def lease_ended() -> None:
    Mending.objects.update(sending_at=timezone.now() - timedelta(minutes=5))
