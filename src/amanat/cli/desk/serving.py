"""Getting the desk ready to serve: right settings, a free address, tables, static files; then gunicorn, right here."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from amanat.errors import BadInput, Missing

_LIBRARY = {"AMANAT_PACK", "AMANAT_SECOND_ADDRESS", "AMANAT_SECOND_MODEL", "AMANAT_SECOND_KEY"}
_LIST = "docs/running.md lists every setting"
_MADE_OF = ("amanat", "django", "django-allauth", "django-ninja", "whitenoise")


def set_up() -> None:
    """Import Django with the settings of the environment. Raises BadInput with what is wrong and its cure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.desk.settings")
    os.umask(0o077)  # whatever the desk writes is its own
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
    except ImportError:
        raise Missing("the desk is not installed", cure="Run: pip install 'amanat[desk]'") from None
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise BadInput(str(error).rstrip("."), where="settings", cure=_LIST) from None
    from amanat.desk import settings
    from amanat.desk.lib import environment

    names = set(re.findall(r"\"([A-Z_]+)\"", Path(settings.__file__).read_text(encoding="utf-8")))
    if wrong := environment.unknown(names | _LIBRARY):
        raise BadInput(wrong.rstrip("."), where="settings", cure=_LIST)


def listen(host: str, port: int, cure: str = "choose another with --bind") -> socket.socket:
    """A socket at `host` and `port`. Raises BadInput where that is taken or not ours."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # two that only bind would both succeed
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise BadInput(f"port {port} is taken", where=host, cure=f"Stop what holds it, or {cure}") from None
        raise BadInput(error.strerror or str(error), where=f"{host}:{port}", cure=cure.capitalize()) from None
    return listening


def place(bind: str) -> socket.socket | str:
    """What `--bind` means: a socket that listens, or the address of a Unix socket. Raises BadInput."""
    if bind.startswith("unix:/"):
        return bind
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise BadInput(f"{bind!r} is no address", where="--bind", cure="Write 127.0.0.1:8000 or unix:/folder/socket")
    return listen(host.strip("[]") or "127.0.0.1", int(port))


@contextmanager
def in_use(*, alone: bool = False) -> Iterator[None]:
    """Hold the data folder: together with others that serve it, or `alone`. Raises BadInput where that cannot be."""
    from django.conf import settings

    with (Path(settings.DATA) / ".in-use").open("a", encoding="ascii") as held:
        try:
            fcntl.flock(held, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            what = "is in use" if alone else "is being restored"
            raise BadInput(what, where=str(settings.DATA), cure="Stop the desk first, or wait for it") from None
        yield


def make_ready(*, migrate: bool) -> None:
    """Bring tables and static files up to this version."""
    from django.core.management import call_command
    from django.db import DatabaseError

    if migrate:
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except DatabaseError as error:
            what = str(error).strip().splitlines()[0]
            raise BadInput(what, where="database", cure="Is it running, and is DATABASE_URL right?") from None
    collect_static()


def collect_static() -> None:
    """Copy static files to where they are served from: once for each version of what they come from."""
    from django.conf import settings
    from django.core.management import call_command

    stamp, now = Path(settings.STATIC_ROOT) / ".stamp", _print_of_static(Path(settings.HERE) / "static")
    if stamp.is_file() and stamp.read_text(encoding="ascii") == now:
        return
    # the description of the interface is a page of our own: the scripts that ninja brings for one are never served
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["ninja"])
    stamp.write_text(now, encoding="ascii")


def _print_of_static(folder: Path) -> str:
    sums = hashlib.sha256(" ".join(version(name) for name in _MADE_OF).encode())
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        sums.update(file.name.encode() + file.read_bytes())
    return sums.hexdigest()


def run(
    where: socket.socket | str, *, workers: int = 1, quietly: bool = False, ready: Callable[[], None] | None = None
) -> None:
    """Serve until stopped; workers die with this process. Does not return: it ends the process with its status."""
    from amanat.cli.desk.server import Server

    address = where if isinstance(where, str) else f"fd://{where.fileno()}"
    sys.stdout.flush()
    Server(address, workers, quietly, ready).run()
