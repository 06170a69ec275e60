"""Who gets what: every address of this room for every role at every office, and signed out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from amanat.desk.rules import actions, engine
from amanat.desk.rules.models import Document
from amanat.desk.rules.urls import addresses
from tests.cast import ROLES, Cast

PLACES = ("top", "own", "sister", "field", "foreign")
PUBLIC = {
    "check": "/",
    "docs": "/api/docs",
    "packs": "/rules/",
    "search": "/rules/search/",
    "document": "/rules/documents/{document}/",
    "cited": "/rules/cited/pbcr66-gifts/",
    "pack": "/rules/pk-punjab/",
    "instrument": "/rules/pk-punjab/instruments/pbcr66/",
    "clause": "/rules/pk-punjab/pbcr66-gifts/",
}
STEWARDS = {
    "attach": "/rules/pk-punjab/instruments/pbcr66/attach/",
    "propose": "/rules/pk-punjab/pbcr66-gifts/propose/",
}
SIGNED_IN = {"grades": "/rules/grades/"}
PRESSED = {"decide": "/rules/grades/{grade}/agree/"}


def status(client: Client, address: str) -> int:
    response = client.get(address)
    if response.streaming:
        assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return response.status_code


@pytest.fixture
def numbers(cast: Cast, settings: Any, tmp_path: Path) -> dict[str, int]:
    settings.MEDIA_ROOT = tmp_path
    book, by = engine.shipped(), cast["steward@top"]
    paper = actions.attach(
        book.packs["pk-punjab"].instruments["pbcr66"], upload=SimpleUploadedFile("a.pdf", b"%PDF-"), note="n", by=by
    )
    grade = actions.propose(book.clause("pbcr66-gifts"), after="text", document=paper, place="p", by=by)
    return {"document": Document.objects.get().pk, "grade": grade.pk}


def test_every_address_is_in_the_matrix() -> None:
    assert {one.name for one in addresses()} == {*PUBLIC, *STEWARDS, *SIGNED_IN, *PRESSED}


def test_signed_out(numbers: dict[str, int]) -> None:
    client = Client()
    for address in PUBLIC.values():
        assert status(client, address.format(**numbers)) in (200, 302), address
    for address in (*STEWARDS.values(), *SIGNED_IN.values()):
        assert client.get(address)["Location"].startswith("/accounts/login/"), address
    assert client.post("/rules/grades/999999/agree/")["Location"].startswith("/accounts/login/")
    assert client.post(PRESSED["decide"].format(**numbers))["Location"].startswith("/accounts/login/")


def test_what_is_public_stays_so_for_those_who_still_need_a_second_step(
    signed_in: Callable[[str], Client], cast: Cast, numbers: dict[str, int], settings: Any
) -> None:
    settings.AMANAT_SECOND_FACTOR = "deciders"
    client = signed_in("head@own")
    for name, address in PUBLIC.items():
        assert status(client, address.format(**numbers)) == (302 if name == "cited" else 200), address
    given = {"text": "Sharing the draft transfer list", "pack": "bd"}
    assert 'class="verdict' in client.post("/", given).text
    assert client.post("/api/check", given, content_type="application/json").status_code == 200
    assert client.get(SIGNED_IN["grades"]).status_code == 302


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", ROLES)
def test_signed_in(signed_in: Callable[[str], Client], numbers: dict[str, int], role: str, place: str) -> None:
    client = signed_in(f"{role}@{place}")
    for address in PUBLIC.values():
        assert status(client, address.format(**numbers)) in (200, 302), address
    for address in STEWARDS.values():
        assert client.get(address).status_code == (200 if role == "steward" else 403), address
    page = client.get(SIGNED_IN["grades"])
    assert page.status_code == 200
    sees = role == "steward" or place == "top"
    assert ("pbcr66-gifts" in page.text) == sees
    may = role == "steward" and place != "top"
    assert (PRESSED["decide"].format(**numbers) in page.text) == may
    pressed = client.post(PRESSED["decide"].format(**numbers)).status_code
    assert pressed == (302 if may else 403 if sees else 404)
