"""What every test of the desk may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from amanat.desk.audit import append_only
from tests.cast import Cast, assemble
from tests.desk.website import Website


@pytest.fixture
def cast(db: None) -> Cast:
    """The made-up offices and people."""
    return assemble()


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """`signed_in("head@own")`: a browser in which that person is signed in."""

    def client_of(name: str) -> Client:
        client = Client()
        client.force_login(cast[name])
        return client

    return client_of


@pytest.fixture
def website(settings: Any) -> Iterator[Website]:
    """A website that the desk may fetch from although it stands on loopback."""
    site = Website()
    settings.VERIFICATION_ALLOWED_HOSTS = [site.host]
    yield site
    site.stop()


@pytest.fixture(autouse=True)
def kept_files(settings: Any, tmp_path: Path) -> Path:
    """Files are kept in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def racing(transactional_db: None) -> Iterator[None]:
    """A database whose transactions are real, for tests with many threads; its log can be emptied afterwards."""
    yield
    append_only.remove(connection)
    call_command("flush", verbosity=0, interactive=False)
    append_only.install(connection)
