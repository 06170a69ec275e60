"""Whether a process still lives: while it does, it holds a file. However it ends, the system lets go of it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(folder: Path, name: str) -> Iterator[None]:
    """Hold the file `name` in `folder` as long as the body runs."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / name
    with file.open("a", encoding="ascii") as holding:
        fcntl.flock(holding, fcntl.LOCK_EX)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def is_gone(folder: Path, name: str) -> bool | None:
    """Whether the process that held `name` is dead; None where there is no such file: it ended, or runs elsewhere."""
    file = folder / name
    try:
        with file.open("r+", encoding="ascii") as there:
            fcntl.flock(there, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.unlink(missing_ok=True)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return False
    return True
