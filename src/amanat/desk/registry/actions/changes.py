"""Changing the fields of a row, as every noun of the registry does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, models
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.models import Office, Person


@contextmanager
def once() -> Iterator[None]:
    """What must be there only once, and is there already, is refused in words."""
    try:
        yield
    except IntegrityError:
        raise Refused(_("This is in the registry already: look for it there.")) from None


def change(
    row: models.Model, values: Mapping[str, Any], *, by: Person, office: Office | None, roles: frozenset[str] | None,
    is_private: bool = False,
) -> None:  # fmt: skip
    """Set `values` on the row as it stands now. The log tells before and after; where `is_private`, only what."""
    with recorded("change", by=by, office=office, roles=roles) as record, once():
        now = type(row)._base_manager.select_for_update().get(pk=row.pk)
        before = {name: getattr(now, name) for name in values if getattr(now, name) != values[name]}
        if not before:
            raise Refused(_("Nothing is different from what is kept already."))
        for name in before:
            setattr(now, name, values[name])
        now.save()
        if is_private:
            record.on(now, changed=sorted(before))
        else:
            record.on(now, changed={name: [_plain(old), _plain(values[name])] for name, old in before.items()})


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
