"""What may stand in a log: which page was asked for, never what was asked of it.

An address can hold a secret (a link that sets a password) or what somebody typed (a search); so a line names the route,
such as `people/<int:pk>/`, and not the address.
"""

from __future__ import annotations

import logging

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
