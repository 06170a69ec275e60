"""Settings from the environment. What is missing or wrong stops the start and says how to cure it."""

from __future__ import annotations

import difflib
import os
import re
import zoneinfo
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
_PRICE = re.compile(r"([a-z]+)=(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?) ([A-Z]{3}) (\d{4}-\d\d-\d\d) (https://\S+)")
_DATABASES = {"sqlite", "postgres", "postgresql", "pgsql"}


def text(name: str, default: str | None = None) -> str:
    """The value of `name`. Raises ImproperlyConfigured where it is not set and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """Yes or no. Raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value in _TRUE | _FALSE:
        return value in _TRUE
    raise ImproperlyConfigured(f"{name} is {value!r}. Write 1 for yes or 0 for no.")


def names(name: str, default: str = "") -> list[str]:
    """A list, written with commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def origin(address: str) -> str:
    """Scheme and host of an address, as a Content-Security-Policy names them; "" of none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def folder(name: str, default: Path) -> Path:
    """A folder that exists or can be made."""
    path = Path(os.environ.get(name) or default).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}: cannot use {path}: {error.strerror}. Name a folder that can be written."
        ) from None
    return path


def number(name: str, default: int) -> int:
    """A whole number. Raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name) or str(default)
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}. Write a whole number, such as {default}.")
    return int(value)


def choice(name: str, default: str, known: Iterable[str]) -> str:
    """One of the words `known`. Raises ImproperlyConfigured for another."""
    value = os.environ.get(name) or default
    if value not in known:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write one of: {', '.join(known)}.")
    return value


def prices(name: str) -> dict[str, dict[str, str]]:
    """Prices of a post without and with a link, by platform. Raises ImproperlyConfigured for what is not understood."""
    found = {}
    for part in names(name):
        match = re.fullmatch(
            r"([a-z]+)=(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?) ([A-Z]{3}) (\d{4}-\d\d-\d\d) (https://\S+)", part
        )
        if not match:
            raise ImproperlyConfigured(
                f"{name}: {part!r} is not understood. Write: x=0.015/0.200 USD 2026-08-22 https://where.it/stands"
            )
        keys = ("post", "post_with_link", "currency", "as_of", "source")
        found[match[1]] = dict(zip(keys, match.groups()[1:], strict=True))
    return found


def time_zone(name: str, default: str) -> str:
    """The name of a time zone that this machine knows."""
    value = os.environ.get(name) or default
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(
            f"{name} is {value!r}, which this machine does not know. Write a name such as Asia/Kolkata; "
            "where every name is unknown, install tzdata."
        ) from None
    return value


def database(name: str, default: str) -> dict[str, Any]:
    """Django's settings of the database that an address names. The address is never repeated: it holds a password."""
    address = os.environ.get(name) or default
    try:
        if address.partition(":")[0] in _DATABASES:
            return dict(dj_database_url.parse(address, conn_max_age=60, conn_health_checks=True))
    except ValueError:
        pass
    raise ImproperlyConfigured(
        f"{name} names no database that the desk can use. Write postgres://name:password@host:5432/database "
        "(signs such as @ and / in a password as %40 and %2F) or sqlite:////folder/file."
    )


def unknown(known: Iterable[str]) -> str:
    """One line on a variable that starts like ours and is none of `known`; "" where there is no such."""
    names_known = sorted(known)
    for name in sorted(os.environ):
        if name.startswith("AMANAT_") and name not in names_known:
            near = difflib.get_close_matches(name, names_known, n=1, cutoff=0.85)
            guess = f"Did you mean {near[0]}?" if near else "Take it away."
            return f"{name} is no setting of the desk. {guess}"
    return ""
