"""Answers that are easily misread: patience in every form, pages of a machine in between, fields that are missing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

import httpx
import pytest
from django.utils import timezone

from amanat.desk.lib.wire import Exchange
from amanat.desk.publishing.connectors import Connector, Permanent, Post, Temporary, Unsure, speaking
from amanat.desk.publishing.connectors import facebook as facebook_connector
from amanat.desk.publishing.connectors import x as x_connector
from amanat.desk.publishing.connectors.bluesky import Bluesky
from amanat.desk.publishing.connectors.opening import connector
from tests.cast import Cast
from tests.desk.publishing.releases import making
from tests.desk.publishing.releases.sky import Sky
from tests.desk.publishing.servers import facebook, mastodon, x
from tests.desk.publishing.servers.standin import Answer, Asked

PAGE = b"<!doctype html><title>404 Not Found</title>"
POST = Post("Schools open at eight.", "en", timezone.now())


def heard(status: int = 429, answer: bytes = b"{}", headers: dict[str, str] | None = None) -> Exchange:
    named = [(name.encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    return Exchange("POST", "https://social.example/", b"", status, httpx.Headers(named), answer)


def moment(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        (lambda: {"retry-after": "120"}, 120),
        (lambda: {"retry-after": format_datetime(moment(120), usegmt=True)}, 120),
        (lambda: {"x-ratelimit-reset": moment(600).isoformat().replace("+00:00", "Z")}, 600),  # Mastodon
        (lambda: {"x-ratelimit-reset": str(int(time.time()) + 600)}, 600),  # GoToSocial
        (lambda: {"ratelimit-reset": str(int(time.time()) + 600)}, 600),  # Bluesky
        (lambda: {"ratelimit-reset": "600"}, 600),
        (lambda: {"x-rate-limit-reset": str(int(time.time()) + 600)}, 600),  # X
        (lambda: {"retry-after": "0"}, 1),
        (lambda: {"retry-after": "9" * 400}, 6 * 3600),
        (lambda: {"retry-after": "99999999999999"}, 6 * 3600),
        (lambda: {"x-ratelimit-reset": moment(-50).isoformat()}, 1),
    ],
)
def test_patience_is_understood_in_every_form(headers: Callable[[], dict[str, str]], wanted: float) -> None:
    fault = speaking.fault_of(heard(headers=headers()), decides=True)
    assert isinstance(fault, Temporary)
    assert fault.code == "busy"
    assert fault.after is not None
    assert abs(fault.after.total_seconds() - wanted) < 3


@pytest.mark.parametrize("told", ["", "soon", "-5", "²", "2026-99-99T00:00:00Z", "1 hour", "\x00"])
def test_patience_without_a_moment_is_patience(told: str) -> None:
    fault = speaking.fault_of(heard(headers={"retry-after": told} if told else None), decides=True)
    assert isinstance(fault, Temporary)
    assert (fault.code, fault.after) == ("busy", None)


@pytest.mark.parametrize("body", [b"", PAGE, b"[]", b"null", b'"no"', b"\xff\xfe", b"[" * 100_000])
def test_bodies_that_say_nothing_end_in_no_words(body: bytes) -> None:
    fault = speaking.fault_of(heard(400, body), decides=True)
    assert isinstance(fault, Permanent)
    assert (fault.code, fault.detail) == ("refused", "")
    assert isinstance(speaking.fault_of(heard(503, body), decides=True), Unsure)


class Spoken(NamedTuple):
    """A stand-in, and how a connector to it is made."""

    name: str
    server: Any
    speak: Callable[[], Connector]


def ways(*wanted: str) -> list[tuple[str, str]]:
    """Each platform with each way; X changes nothing that is out."""
    found = [(name, way) for name in ("x", "mastodon", "facebook") for way in wanted]
    return [pair for pair in found if pair != ("x", "edit")]


@pytest.fixture(params=["x", "mastodon", "facebook"])
def spoken(
    request: pytest.FixtureRequest, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Spoken]:
    name = request.param
    server: Any = {"x": x.Server, "mastodon": mastodon.Server, "facebook": facebook.Server}[name]()
    settings.VERIFICATION_ALLOWED_HOSTS = [server.host]
    monkeypatch.setattr(x_connector, "HOME", server.address)
    monkeypatch.setattr(facebook_connector, "HOME", server.address)
    channel = making.channel_of(cast, name, "lahore")
    secrets = {"token": "right", "page": "9", "api_key": "a", "api_secret": "b", "token_secret": "d"}
    key = making.entrust(channel, server.address, cast["head@own"], **secrets)
    yield Spoken(name, server, lambda: connector(name, key.account()))
    server.stop()


def always(spoken: Spoken, status: int, answer: Any, *, to: str = "") -> None:
    """The stand-in answers so, whatever it is asked; or only to one method."""
    real = spoken.server.answer

    def lie(asked: Asked) -> Answer:
        return (status, answer) if asked.method == to or not to else real(asked)

    spoken.server.answer = lie


@pytest.mark.parametrize("answer", [b"", PAGE, b"[]", {}, {"id": None}, {"data": {"id": ""}}, {"data": None}, b"null"])
def test_taken_with_an_answer_that_says_nothing_it_may_be_out(spoken: Spoken, answer: Any) -> None:
    always(spoken, 200, answer, to="POST")
    with closing(spoken.speak()) as platform, pytest.raises(Unsure):
        platform.publish(POST, "k1")


@pytest.mark.parametrize("answer", [b"", PAGE, {}, b"null", {"data": None}, {"error": "no"}, [{}], {"data": [{}]}])
def test_asked_with_an_answer_that_says_nothing_it_is_not_certain_that_nothing_is_there(
    spoken: Spoken, answer: Any
) -> None:
    with closing(spoken.speak()) as platform:
        platform.publish(POST, "k1")
        always(spoken, 200, answer, to="GET")
        try:
            found = platform.find(POST, "k1", timezone.now())
        except Temporary:
            return
        assert found is None
        assert "find" in platform.cannot


@pytest.mark.parametrize(("spoken", "way"), ways("publish", "edit", "delete", "find"), indirect=["spoken"])
def test_a_page_of_a_machine_in_between_is_no_word_of_the_platform(spoken: Spoken, way: str) -> None:
    with closing(spoken.speak()) as platform:
        made = platform.publish(POST, "k1")
        always(spoken, 404, PAGE)
        calls: dict[str, Callable[[], object]] = {
            "publish": lambda: platform.publish(POST, "k2"), "edit": lambda: platform.edit(made.id, POST),
            "delete": lambda: platform.delete(made.id), "find": lambda: platform.find(POST, "k1", timezone.now()),
        }  # fmt: skip
        with pytest.raises(Temporary) as caught:
            calls[way]()
    assert (caught.value.code, caught.value.detail) == ("broken", "404")


@pytest.mark.parametrize("way", ["publish", "delete"])
def test_no_answer_in_time_after_it_was_sent(spoken: Spoken, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(spoken.speak()) as platform:
        made = platform.publish(POST, "k1")
    monkeypatch.setattr(f"amanat.desk.publishing.connectors.{spoken.name}.wire_to", quick)
    real = spoken.server.answer

    def slow(asked: Asked) -> Answer:
        time.sleep(0.6)
        answer: Answer = real(asked)
        return answer

    spoken.server.answer = slow
    with closing(spoken.speak()) as platform, pytest.raises(Unsure if way == "publish" else Temporary):
        platform.publish(Post("B", "en", timezone.now()), "k2") if way == "publish" else platform.delete(made.id)


def quick(*addresses: str) -> Any:
    return speaking.wire_to(*addresses, seconds=0.3)


def test_the_same_words_elsewhere_are_not_the_answer_that_is_looked_for(spoken: Spoken) -> None:
    """A post of these words, and an answer of them to another post; neither is ours."""
    with closing(spoken.speak()) as platform:
        first, other = (platform.publish(Post(text, "en", timezone.now()), text).id for text in "AB")
        ours = Post("Right.", "en", timezone.now(), answers=first)
        platform.publish(Post("Right.", "en", timezone.now(), answers=other), "k3")
        assert platform.find(ours, "k4", timezone.now()) is None
        assert platform.find(Post("Right.", "en", timezone.now()), "k4", timezone.now()) is None
        if spoken.name != "x":  # which refuses the same words twice
            assert platform.publish(ours, "k4").id == getattr(platform.find(ours, "k4", timezone.now()), "id", "")


@pytest.mark.parametrize("spoken", ["facebook"], indirect=True)
def test_on_facebook_only_the_page_answers_for_the_page(spoken: Spoken) -> None:
    with closing(spoken.speak()) as platform:
        first = platform.publish(POST, "")
        spoken.server.comments = [{"id": "1_2", "message": "Right.", "from": {"id": "77", "name": "A citizen"}}]
        assert platform.find(Post("Right.", "en", timezone.now(), answers=first.id), "", timezone.now()) is None


@pytest.mark.parametrize(
    ("spoken", "way"), [("facebook", "edit"), ("facebook", "delete"), ("x", "delete")], indirect=["spoken"]
)
def test_what_was_not_done_is_not_said_to_be_done(spoken: Spoken, way: str) -> None:
    with closing(spoken.speak()) as platform:
        made = platform.publish(POST, "k1")
        always(spoken, 200, {"success": False} if spoken.name == "facebook" else {"data": {"deleted": False}})
        with pytest.raises(Temporary):
            platform.delete(made.id) if way == "delete" else platform.edit(made.id, POST)


GONE = {"error": {"message": "Object does not exist or is not to be seen", "code": 100, "error_subcode": 33}}


@pytest.mark.parametrize("spoken", ["facebook"], indirect=True)
def test_on_facebook_a_post_that_the_key_may_not_see_is_not_taken_down(spoken: Spoken) -> None:
    denied = {"error": {"message": "Requires pages_read_engagement", "code": 10}}
    with closing(spoken.speak()) as platform:
        made = platform.publish(POST, "")
        always(spoken, 400, denied, to="GET")
        always(spoken, 400, GONE, to="DELETE")
        with pytest.raises(Permanent) as caught:
            platform.delete(made.id)
    assert caught.value.code == "not-allowed"


@pytest.mark.parametrize("code", [4, 17, 32, 341, 613, 80001])
@pytest.mark.parametrize("spoken", ["facebook"], indirect=True)
def test_facebook_says_how_long_a_page_waits(spoken: Spoken, code: int) -> None:
    usage = '{"9": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 19}]}'
    spoken.server.faults = [
        (400, {"error": {"code": code, "error_subcode": None}}, {"X-Business-Use-Case-Usage": usage})
    ]
    with closing(spoken.speak()) as platform, pytest.raises(Temporary) as caught:
        platform.publish(POST, "")
    assert (caught.value.code, caught.value.after) == ("busy", timedelta(minutes=19))


@pytest.mark.parametrize("spoken", ["facebook"], indirect=True)
def test_facebook_names_no_number_below_the_number(spoken: Spoken) -> None:
    spoken.server.faults = [(400, {"error": {"code": 190, "error_subcode": None}})]
    with closing(spoken.speak()) as platform, pytest.raises(Permanent) as caught:
        platform.publish(POST, "")
    assert caught.value.code == "key-refused"


@pytest.mark.parametrize("spoken", ["mastodon"], indirect=True)
def test_a_post_of_mastodon_deleted_while_it_is_looked_through_is_passed_over(spoken: Spoken) -> None:
    with closing(spoken.speak()) as platform:
        made = platform.publish(POST, "k1")
        platform.publish(Post("B", "en", timezone.now()), "k2")
        real = spoken.server.source
        spoken.server.routes = [
            (method, pattern, schema, lambda asked, pk: real(asked, pk) if pk == made.id else (404, {"error": "gone"}))
            if act == real
            else (method, pattern, schema, act)
            for method, pattern, schema, act in spoken.server.routes
        ]
        assert getattr(platform.find(POST, "k1", timezone.now()), "id", "") == made.id


@pytest.mark.parametrize(("error", "is_gone"), [("RecordNotFound", True), ("RepoNotFound", False)])
def test_on_bluesky_an_account_that_is_not_found_is_no_post_that_is_gone(
    sky: Sky, monkeypatch: pytest.MonkeyPatch, error: str, *, is_gone: bool
) -> None:
    with closing(Bluesky(sky.credential.account())) as bluesky:
        made = bluesky.publish(POST, "3l2xl4sx3h22a")
        real = bluesky._wire.handle_request

        def lie(request: httpx.Request) -> httpx.Response:
            answer = real(request)
            if "getRecord" not in str(request.url):
                return answer
            assert bluesky._wire.last
            bluesky._wire.last = bluesky._wire.last._replace(status=400, answer=f'{{"error": "{error}"}}'.encode())
            return httpx.Response(400, json={"error": error, "message": ""})

        monkeypatch.setattr(bluesky._wire, "handle_request", lie)
        if is_gone:
            assert bluesky.find(POST, "3l2xl4sx3h22a", timezone.now()) is None
        with pytest.raises(Permanent) as caught:
            bluesky.edit(made.id, POST)
    assert caught.value.code == ("not-there" if is_gone else "refused")
