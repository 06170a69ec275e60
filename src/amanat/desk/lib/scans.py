"""A virus scanner as a command: it is given the file on its standard input, and its status is the answer."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

SECONDS = 120
_CLEAN, _FOUND = 0, 1


class Unseen(Exception):
    """The scanner gave no answer."""


def is_clean(path: Path, command: Sequence[str]) -> bool:
    """Whether `command` (such as clamdscan -) finds nothing: it ends with 0 for clean, 1 for found. Raises Unseen."""
    try:
        with path.open("rb") as file:
            done = subprocess.run(  # noqa: S603 (the command is this installation's own setting)
                list(command), stdin=file, capture_output=True, timeout=SECONDS, check=False
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unseen(f"the scanner {command[0]} did not answer: {type(error).__name__}") from None
    if done.returncode not in (_CLEAN, _FOUND):
        raise Unseen(f"the scanner {command[0]} ended with {done.returncode}")
    return done.returncode == _CLEAN
