"""Keys of releases: chosen by the desk and saved before anything is sent, so that the platform can be asked for them.

They have the form of a TID, the record key of AT Protocol: 13 signs, in the order of time.
"""

from __future__ import annotations

import secrets
import threading
import time

_SIGNS = "234567abcdefghijklmnopqrstuvwxyz"
_lock = threading.Lock()
_last = 0


def new_key() -> str:
    """A key that no other release has: microseconds, never twice in this process, and ten bits of chance."""
    global _last
    with _lock:
        _last = max(_last + 1, time.time_ns() // 1000)
        moment = _last
    number = (moment << 10 | secrets.randbelow(1024)) & (1 << 63) - 1
    return "".join(_SIGNS[number >> shift & 31] for shift in range(60, -1, -5))
