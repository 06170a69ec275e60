"""Files to import, made in a line or two."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from amanat.desk.registry.actions import imports as actions
from amanat.desk.registry.imports import kept as store
from amanat.desk.registry.models import Person


def load(by: Person, kind: str, body: str | bytes, name: str = "") -> store.Kept:
    """Load a file: its dry run."""
    raw = body.encode() if isinstance(body, str) else body
    return store.keep(SimpleUploadedFile(name or f"{kind}.csv", raw), kind, by)


def faults_of(kept: store.Kept) -> list[str]:
    """The faults of a dry run, each as "row column: what"."""
    return [f"{row} {column}: {what}" for row, column, what, cure in kept.lines("faults") if cure is not None]


def changes_of(kept: store.Kept, of: str) -> list[dict[str, Any]]:
    """The fields that change, row by row."""
    return [fields for _row, _status, _title, fields in kept.lines(of)]


def write(kept: store.Kept, by: Person) -> dict[str, int]:
    """Write what the dry run showed."""
    return actions.write(kept, kept.summary()["fingerprint"], by=by)
