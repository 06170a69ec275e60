"""What every test of the desk may ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import Client, RequestFactory

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
def racing(transactional_db: None) -> None:
    """A database whose transactions are real, for tests with many threads."""
