"""That this process is to end soon: whoever works through a long list looks here between one piece and the next."""

from __future__ import annotations

import threading

asked = threading.Event()
"""Set once, by the worker's signal handler."""
