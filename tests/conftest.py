"""What the tests share: one reader and one rulebook, for both are frozen and cost a while to make."""

from __future__ import annotations

from datetime import date

import pytest

from amanat import Reader, Rulebook, load_rulebook
from amanat.bulk import Answerer, Defaults
from amanat.screening.spotter import Spotter


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="session")
def words() -> Reader:
    """Words and rules alone, for tests of what they do."""
    return Reader(learned=False)


@pytest.fixture(scope="session")
def spotter() -> Spotter:
    return Spotter()


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    return Answerer(Defaults(on=date(2026, 6, 30), pack="pk-federal"))
