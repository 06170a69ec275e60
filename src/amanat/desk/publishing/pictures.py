"""What each platform takes of a picture."""

from __future__ import annotations

from importlib import import_module

from amanat.desk.publishing.connectors.opening import KINDS


def picture_bytes(platform: str) -> int | None:
    """The bytes of the largest picture that a platform takes; None where the desk does not speak to it."""
    if (kind := KINDS.get(platform)) is None:
        return None
    connector = getattr(import_module(f"amanat.desk.publishing.connectors.{kind.module}"), kind.name)
    found: int = connector.limits.picture_bytes
    return found
