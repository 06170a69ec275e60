"""What every test of the desk may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.cast import Cast, assemble, client_of
from tests.desk.website import Website


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """A page shown in another language leaves it behind in the thread, for a test that looks at words without one."""
    translation.activate("en")


@pytest.fixture
def cast(db: None) -> Cast:
    """The made-up offices and people."""
    return assemble()


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """`signed_in("head@own")`: a browser in which that person has just signed in."""

    return lambda name: client_of(cast[name])


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
def racing(transactional_db: None) -> None:
    """A database whose transactions are real, for tests with many threads."""
