"""What the tests share: one reader and one rulebook, for both are frozen and cost a while to make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from amanat import Reader, Rulebook, load_rulebook
from amanat.bulk import Answerer, Defaults
from amanat.screening.spotter import Spotter


@pytest.fixture(scope="session", autouse=True)
def _emptying_lifts_the_guard_of_the_log() -> Iterator[None]:
    """Between tests with real transactions all tables are emptied; the log lets itself be emptied for that alone."""
    from django.db import connection
    from django.test import TransactionTestCase

    from amanat.desk.audit import append_only

    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def lift_and_empty(case: TransactionTestCase) -> None:
        append_only.remove(connection)
        empty(case)
        append_only.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_and_empty)
        yield


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
