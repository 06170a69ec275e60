"""What the tests share: one reader and one rulebook, for both are frozen and cost a while to make."""

from __future__ import annotations

import pytest

from amanat import Reader, Rulebook, load_rulebook


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()
