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

ANY_DATABASE = (
    "lib/", "test_matrix", "test_access", "test_ics", "test_lengths", "test_pictures",
    "test_signin.", "test_signin_factor", "test_signin_oidc",
    "running/test_demo_command", "running/test_serve", "running/test_settings", "running/test_worker_command",
    "rules/test_pages", "rules/test_api", "rules/test_engine", "rules/test_check", "rules/test_privacy",
    "releases/test_mastodon", "releases/test_x_and_facebook", "releases/test_bluesky", "releases/test_answers",
    "registry/test_proofs", "permits/test_letters",
)  # fmt: skip
"""Tests that would say nothing else on another database: of arithmetic, of files and pictures, of other servers, of who
may open what, and of processes that bring a database of their own. They run once (`-m "not any_database"`)."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(name in item.path.as_posix() for name in ANY_DATABASE):
            item.add_marker(pytest.mark.any_database)


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
