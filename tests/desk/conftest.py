"""What every test of the desk may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django import DjangoDbBlocker

from amanat.desk.audit import append_only
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """The made-up offices and people."""
    return assemble()


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """`signed_in("head@own")`: a browser in which that person has just signed in."""

    def client_of(name: str) -> Client:
        client = Client()
        client.force_login(cast[name])
        request = RequestFactory().get("/")
        request.session = client.session
        record_authentication(request, cast[name], method="password")
        request.session.save()
        return client

    return client_of


@pytest.fixture
def _guarded_again(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        append_only.install(connection)


@pytest.fixture
def racing(_guarded_again: None, transactional_db: None) -> Iterator[None]:
    """A database whose transactions are real, for tests with many threads.

    When the test is over the guard of the log is lifted, all is emptied, and the guard is set up again.
    """
    yield
    append_only.remove(connection)
