"""Nothing of a text is kept: no row, file, log line, cookie, header or address; not when things go wrong either."""

from __future__ import annotations

import gc
import json
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

from amanat.desk.rules import engine
from tests.cast import Cast

MARKER = "zqxmarker7391"
TEXT = f"Sharing the draft transfer list of {MARKER} before it is notified. He said “{MARKER} is a thief”."
GIVEN = {"text": TEXT, "pack": "pk-federal", "account": "personal"}
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP")


def _only_read(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    assert not sql.lstrip().upper().startswith(_WRITES), sql
    assert MARKER not in f"{sql} {params}"
    return execute(sql, params, many, context)


def _is_marked(data: bytes) -> bool:
    return any(MARKER.encode(coding) in data for coding in ("utf-8", "utf-16-le", "utf-16-be"))


@pytest.fixture
def watched(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[StringIO]:
    """A database that only reads, every log at its most talkative, every folder that could be written to in sight."""
    engine.rulebook()
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    loggers = [logging.getLogger(name) for name in ("", *logging.root.manager.loggerDict)]
    before = [(one, one.level, one.disabled, one.propagate) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.disabled = False
        one.propagate = True
    logging.root.addHandler(handler)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    connection.force_debug_cursor = True  # so that SQL is logged with its values
    logging.getLogger("django.template").debug("listening")
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA query_only=ON")
    try:
        with connection.execute_wrapper(_only_read):
            yield written
    finally:
        connection.force_debug_cursor = False
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA query_only=OFF")
        logging.root.removeHandler(handler)
        for one, level, is_disabled, is_propagating in before:
            one.setLevel(level)
            one.disabled, one.propagate = is_disabled, is_propagating
    assert "listening" in written.getvalue()
    for folder in (tmp_path, Path(settings.DATA)):
        for path in folder.rglob("*"):
            assert MARKER not in path.name
            assert not (path.is_file() and _is_marked(path.read_bytes())), path
    assert not list(tmp_path.iterdir())
    assert MARKER not in written.getvalue()
    assert MARKER not in str(vars(caches["callers"]))


def heads_of(response: Any) -> str:
    return f"{response.status_code} {dict(response.headers)} {response.cookies.output()}"


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"kind": "comment"},
        {"language": "ur"},
        {"pack": ""},
        {"pack": "nowhere"},
        {"date": MARKER},
        {"platform": MARKER},
        {"pack": MARKER, "service": MARKER, "account": MARKER, "kind": MARKER},
        {"text": TEXT + " x" * 500_000},
        {"text": MARKER * 170_000},
    ],
    ids=lambda more: "-".join(f"{key}" for key in more) or "plain",
)
@pytest.mark.parametrize("coding", ["multipart", "urlencoded"])
def test_the_page_keeps_nothing(watched: StringIO, more: dict[str, str], coding: str) -> None:
    client = Client()
    given = {**GIVEN, **more}
    if coding == "multipart":
        response = client.post("/", given)
    else:
        from urllib.parse import urlencode

        response = client.post("/", urlencode(given), content_type="application/x-www-form-urlencoded")
    assert response.status_code in (200, 413)
    assert MARKER in response.text or response.status_code == 413
    assert MARKER not in heads_of(response)
    assert MARKER not in client.cookies.output()


def test_a_signed_in_person_leaves_no_trace_either(
    cast: Cast, signed_in: Callable[[str], Client], request: pytest.FixtureRequest
) -> None:
    client = signed_in("officer@own")
    request.getfixturevalue("watched")
    response = client.post("/", GIVEN)
    assert response.status_code == 200
    assert MARKER not in heads_of(response)


def test_a_permit_in_force_leaves_no_trace_of_the_text_either(
    cast: Cast, signed_in: Callable[[str], Client], request: pytest.FixtureRequest
) -> None:
    from django.utils import timezone

    from amanat.desk.permits.models import Cited, Permit

    today, person = timezone.localdate(), cast["officer@own"]
    clause = "pkom24-leaks"
    permit = Permit.objects.create(
        person=person, asked_from=cast.own, pack="pk-federal", subject="s", purpose="p", office=cast.top,
        role="authority", submitted_on=today, due_on=today, decided_by=cast["authority@top"], number="PK-2026-000001",
        code="0" * 12, starts_on=today, ends_on=today, state="granted",
    )  # fmt: skip
    Cited.objects.create(permit=permit, clause=clause)
    client = signed_in("officer@own")
    request.getfixturevalue("watched")
    response = client.post("/", GIVEN)
    assert "covered by permit PK-2026-000001 until" in response.text
    assert MARKER not in heads_of(response)
    assert f"{MARKER}" not in "".join(part for part in response.text.split('"') if part.startswith("/permits/"))


def test_a_file_sent_along_is_not_written(watched: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*given: Any) -> Any:
        raise AssertionError("a file of its own, even for a moment")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", write)
    from django.core.files.uploadedfile import SimpleUploadedFile

    large = SimpleUploadedFile("t.txt", (MARKER + " ").encode() * 300_000)
    assert Client().post("/", {**GIVEN, "more": large}).status_code == 200


@pytest.mark.parametrize("client_of", [Client, lambda: Client(raise_request_exception=False)])
@pytest.mark.parametrize("broken", ["read", "rulebook"])
def test_an_error_holds_nothing_of_the_text(
    watched: StringIO, monkeypatch: pytest.MonkeyPatch, broken: str, client_of: Callable[[], Client]
) -> None:
    def fail(*given: Any) -> Any:
        raise ValueError(f"cannot read {TEXT!r} {given!r}")

    monkeypatch.setattr(engine, broken, fail)
    page = client_of().post("/", GIVEN)
    assert page.status_code == 500
    assert MARKER not in page.text
    for address in ("/api/check", "/api/comment"):
        given = {"text": TEXT} | ({"pack": "bd"} if address == "/api/check" else {})
        said = client_of().post(address, given, content_type="application/json")
        assert said.status_code == 500
        assert MARKER not in said.text
        assert said.json()["errors"][0]["what"] == "a fault of ours"
    assert "ValueError" in watched.getvalue(), "the log still tells what kind of fault it was"


def test_an_error_while_the_page_is_drawn_holds_nothing_either(
    watched: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amanat.desk.rules.views import check

    def fail(*given: Any) -> Any:
        raise LookupError(TEXT, given)

    monkeypatch.setattr(check, "render", fail)
    response = Client().post("/", GIVEN)
    assert response.status_code == 500
    assert MARKER not in response.text


def test_an_answer_does_not_tell_its_text_when_it_is_printed() -> None:
    from amanat import Context, triage
    from amanat.desk.rules.answers import Answer, Private
    from amanat.ruling import rule

    book, reading = engine.shipped(), engine.read(TEXT)
    from datetime import date

    for given in (rule(reading, Context("pk-federal", date(2026, 6, 30)), book), triage(reading, book)):
        answer = Answer(given, book)
        assert MARKER not in repr(vars(answer))
        assert MARKER in "".join(piece for piece, _ in answer.pieces)
    assert Private("x") == "x"


@pytest.mark.parametrize(
    "body",
    [
        {"text": TEXT, "pack": "pk-federal"},
        {"text": TEXT},
        {"text": TEXT, "pack": MARKER},
        {"text": TEXT, "pack": "bd", "account": MARKER, "platform": MARKER * 9, "duty": MARKER, "lang": MARKER},
        {"text": TEXT, "pack": "bd", "date": MARKER, "service": MARKER},
        {"text": TEXT, "pack": "bd", MARKER: MARKER},
        {"text": [TEXT], "pack": "bd"},
        {"text": TEXT + " x" * 500_000, "pack": "bd"},
        {"text": MARKER * 170_000, "pack": "bd"},
        [TEXT],
        TEXT,
    ],
)
def test_the_api_keeps_nothing_and_its_refusals_repeat_nothing(watched: StringIO, body: Any) -> None:
    for raw in (json.dumps(body), json.dumps(body)[:-1] + " "):
        response = Client().post("/api/check", raw, content_type="application/json")
        assert response.status_code in (200, 413, 422)
        assert MARKER not in heads_of(response)
        if response.status_code != 200:
            assert MARKER not in response.text
            assert all(fault["what"] and fault["cure"] for fault in response.json()["errors"])


def remembered() -> list[Any]:
    """The engine, and whatever functions of the library remember."""
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == "amanat"]
    caches = [thing for module in modules for thing in vars(module).values() if hasattr(thing, "cache_info")]
    return [engine._engine(), *caches]


def test_the_engine_remembers_no_word_of_a_text() -> None:
    engine.read(TEXT)
    seen: set[int] = set()
    todo = remembered()
    while todo:
        thing = todo.pop()
        assert not (isinstance(thing, str) and MARKER in thing)
        if id(thing) not in seen and not isinstance(thing, type | ModuleType | FunctionType):
            seen.add(id(thing))
            todo += gc.get_referents(thing)
    assert len(seen) > 10_000
