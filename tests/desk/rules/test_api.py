"""The check for machines: the JSON of the command, clear refusals, a rate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.cache import caches
from django.test import Client

from amanat.cli import cli

LEAK = "Sharing the draft transfer list before it is notified."
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_rate() -> Iterator[None]:
    caches["callers"].clear()
    yield
    caches["callers"].clear()


def post(address: str, body: Any, **more: Any) -> Any:
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client(enforce_csrf_checks=True).post(address, raw, content_type="application/json", **more)


def command(*words: str) -> Any:
    return json.loads(CliRunner().invoke(cli, [*words, "--json"]).stdout)


@pytest.mark.parametrize("lang", ["en", "ur", "hi", "bn"])
def test_the_answer_is_that_of_the_command(lang: str) -> None:
    body = {"text": LEAK, "pack": "pk-federal", "account": "group", "platform": "whatsapp", "duty": True,
            "service": "customs", "date": "2026-06-30", "lang": lang}  # fmt: skip
    response = post("/api/check", body)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert response.json() == command(
        "check", LEAK, "--pack", "pk-federal", "--account", "group", "--platform", "whatsapp", "--duty",
        "--service", "customs", "--date", "2026-06-30", "--lang", lang,
    )  # fmt: skip


def test_defaults_are_those_of_the_command() -> None:
    assert post("/api/check", {"text": LEAK, "pack": "bd"}).json() == command("check", LEAK, "--pack", "bd")


def test_a_comment_too() -> None:
    text = "No water for three months, this office has failed us!"
    answer = post("/api/comment", {"text": text, "lang": "bn"}).json()
    assert answer == command("comment", text, "--lang", "bn")
    assert answer["action"] == "keep"


@pytest.mark.parametrize(
    ("body", "where", "what", "cure"),
    [
        ({"pack": "bd"}, "text", "is missing", "Give text"),
        ({"text": LEAK}, "pack", "is missing", "Give pack"),
        ({"text": "  ", "pack": "bd"}, "text", "there is no text", "Give the words"),
        ({"text": 7, "pack": "bd"}, "text", "cannot be used", "string"),
        ({"text": "\ud800", "pack": "bd"}, "text", "surrogate", "valid Unicode"),
        ({"text": LEAK, "pack": "pk-federl"}, "pack", "unknown pack", "Did you mean 'pk-federal'?"),
        ({"text": LEAK, "pack": "bd", "account": "ghost"}, "account", "cannot be used", "/api/docs"),
        ({"text": LEAK, "pack": "bd", "duty": "yes"}, "duty", "cannot be used", "/api/docs"),
        ({"text": LEAK, "pack": "bd", "service": "circus"}, "service", "unknown service", "Known: "),
        ({"text": LEAK, "pack": "bd", "date": "31.2.2026"}, "date", "not a date", "2026-01-31"),
        ({"text": LEAK, "pack": "bd", "lang": "tlh"}, "lang", "cannot be used", "/api/docs"),
        ({"text": LEAK, "pack": "bd", "colour": 1}, "body", "unknown key", "Known: text"),
        ([], "body", "cannot be used", "/api/docs"),
        ("{", "body", "no JSON", "Send"),
        (b"\xff\xfe", "body", "no JSON", "Send"),
        ("", "body", "", ""),
        ("[" * 100_000, "body", "no JSON", "Send"),
    ],
)
def test_a_refusal_says_what_where_and_the_cure(body: Any, where: str, what: str, cure: str) -> None:
    response = post("/api/check", body)
    assert response.status_code == 422
    fault = response.json()["errors"][0]
    assert fault["where"] == where
    assert what in fault["what"]
    assert cure in fault["cure"]


@pytest.mark.parametrize("size", [1_000_001, 2_100_000])
def test_more_than_a_megabyte_is_too_large(size: int) -> None:
    response = post("/api/check", {"text": "x" * size, "pack": "bd"})
    assert response.status_code == 413
    assert "amanat bulk" in response.json()["errors"][0]["cure"]


def test_too_many_requests_are_told_when_to_come_again() -> None:
    for _ in range(60):
        assert post("/api/comment", {"text": "hello there"}).status_code == 200
    response = post("/api/comment", {"text": "hello there"})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert response.json()["errors"]
    assert post("/api/comment", {"text": "hello there"}, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_the_proxy_tells_who_asks_and_nobody_else_does(settings: Any) -> None:
    settings.NINJA_NUM_PROXIES = 1
    for number in range(60):
        forwarded = f"10.0.0.{number}, 192.0.2.9"
        assert post("/api/comment", {"text": "hi there"}, HTTP_X_FORWARDED_FOR=forwarded).status_code == 200
    assert post("/api/comment", {"text": "hi"}, HTTP_X_FORWARDED_FOR="10.9.9.9, 192.0.2.9").status_code == 429
    assert post("/api/comment", {"text": "hi"}, HTTP_X_FORWARDED_FOR="192.0.2.10").status_code == 200


def test_only_posts_are_answered() -> None:
    assert Client().get("/api/check").status_code == 405


def test_the_schema_names_both_and_every_field() -> None:
    schema = Client().get("/api/openapi.json").json()
    assert set(schema["paths"]) == {"/api/check", "/api/comment"}
    draft = schema["components"]["schemas"]["Draft"]
    assert set(draft["properties"]) == {"text", "pack", "account", "platform", "duty", "service", "date", "lang"}
    assert draft["required"] == ["text", "pack"]


def test_the_docs_page_needs_no_script_and_shows_every_field() -> None:
    page = Client().get("/api/docs").text
    assert "<script" not in page
    assert page.count("<h1>") == 1
    for word in ("/api/check", "/api/comment", "platform", "Retry-After", "curl"):
        assert word in page
