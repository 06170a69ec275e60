"""gunicorn as the desk runs it: one process in front, workers behind, one discreet line in the log for each request."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from amanat.desk.lib.logs import route_of

THREADS = 2
ACCESS = 'at=%(t)s method=%(m)s route="%(U)s" status=%(s)s bytes=%(B)s ms=%(M)s'
_QUICK = Path("/dev/shm")  # noqa: S108 (a heartbeat in memory does not wait for a disk)


class Lines(Logger):  # type: ignore[misc]
    """Log lines that name the route of a request: no address, no query, nobody's number."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """What an access line is made of."""
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return found | {"U": route_of(environ.get("PATH_INFO", ""))}

    def now(self) -> str:
        """The moment, as machines sort it."""
        return datetime.now(UTC).isoformat(timespec="milliseconds")

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 (the address stays out)
        """A fault, without the address that met it."""
        super().exception(msg.partition("%s")[0].strip(), **kwargs)


class Server(BaseApplication):  # type: ignore[misc]
    """The desk, served. The application is loaded and warmed once, before the workers part from it."""

    def __init__(self, address: str, workers: int, quietly: bool, ready: Callable[[], None] | None) -> None:
        self._options = {
            "bind": address,
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": True,
            "control_socket_disable": True,
            "worker_tmp_dir": str(_QUICK) if _QUICK.is_dir() else tempfile.gettempdir(),
            "graceful_timeout": 20,
            "proc_name": "amanat",
            "loglevel": "warning" if quietly else "info",
            "accesslog": None if quietly else "-",
            "access_log_format": ACCESS,
            "logger_class": Lines,
        }
        if ready is not None:
            self._options["when_ready"] = lambda _arbiter: ready()
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over; no file and no variable of gunicorn's own is read."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, with the reader and every page's code in memory and no connection open."""
        from django.db import connections
        from django.urls import resolve

        from amanat.desk.rules import engine
        from amanat.desk.wsgi import application

        resolve("/")
        engine.warm()
        connections.close_all()
        return application
