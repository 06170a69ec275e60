"""What may stand in a log: which page was asked for, never what was asked of it.

An address can hold a secret (a link that sets a password) or what somebody typed (a search); so a line names the route,
such as `people/<int:pk>/`, and not the address.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import Resolver404, resolve

NO_PAGE = "(no page)"


def route_of(path: str) -> str:
    """The route that answers to `path`, as the list of addresses writes it."""
    if path.startswith("/static/"):
        return "/static/"
    try:
        return f"/{resolve(path).route}"
    except Resolver404:
        return NO_PAGE


def place_of(error: BaseException) -> str:
    """Where in the code a fault arose, line by line: no message and no value, for people's words could be in them."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return "\n".join(f"{_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames)


@contextmanager
def noted(log: logging.Logger, what: str) -> Iterator[None]:
    """Note in `log` that `what` failed, and go on: for one of many things, where the others are not to wait for it."""
    try:
        yield
    except Exception as error:
        log.error("%s failed: %s\n%s", what, type(error).__name__, place_of(error))  # noqa: TRY400 (its message stays out)


def _short(file: str) -> str:
    return "/".join(file.rsplit("/", 3)[1:])


class Discreet(logging.Filter):
    """Puts the route in the place of the address in lines about a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True always: lines are made discreet, not dropped."""
        if record.name == "django.security.DisallowedHost":
            record.exc_info = None  # whoever knocks under another name is one line, not a page
        path = getattr(getattr(record, "request", None), "path_info", None)
        if path is not None and isinstance(record.args, tuple):
            record.args = tuple(
                route_of(path) if isinstance(arg, str) and arg.startswith("/") else arg for arg in record.args
            )
        return True
