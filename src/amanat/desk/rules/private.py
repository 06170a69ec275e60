"""A fence around what somebody typed: whatever goes wrong inside, nothing of it comes out in an error or a log."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.defaults import server_error

log = logging.getLogger("amanat.rules")
_FRAMES = 3


class NoFiles(FileUploadHandler):
    """A file that somebody sends along is read past: it is not even for a moment on the disk."""

    def new_file(self, *args: Any, **more: Any) -> None:  # noqa: ARG002 (Django's signature)
        """Skip it."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep nothing."""

    def file_complete(self, file_size: int) -> None:
        """Give nothing."""


def note(error: Exception) -> None:
    """Log that something failed: the kind of error and the places in the code; not its message, which may quote."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{frame.name} (line {frame.lineno} of {frame.filename})" for frame in reversed(frames)]
    log.error("the check failed: %s in %s", type(error).__name__, ", called by ".join(places))


def fenced(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`view`, whose errors become the plain page for faults of ours. What Django refuses by itself it still refuses."""

    @wraps(view)
    def inside(request: HttpRequest, **given: Any) -> HttpResponse:
        try:
            return view(request, **given)
        except (SuspiciousOperation, BadRequest, MultiPartParserError):
            raise
        except Exception as error:  # the last fence: an error's message or its frames may hold the text
            note(error)
            return server_error(request)

    return inside
