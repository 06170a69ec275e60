"""One TOML table, read field by field; every fault is noted with its file, key and cure, and reading goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from amanat.errors import Fault

_ABSENT: Any = object()


class Table:
    """A lens on one table. Getters return a usable value even after a fault, so that all faults are found at once."""

    def __init__(self, data: Mapping[str, Any], file: str, path: str, faults: list[Fault]) -> None:
        self.data = data
        self.file = file
        self.path = path
        self.faults = faults
        self._seen: set[str] = set()

    def fault(self, key: str, what: str, cure: str) -> None:
        """Note a fault at `key` of this table."""
        where = f"{self.path}.{key}" if self.path and key else self.path or key
        self.faults.append(Fault(self.file, where, what, cure))

    def _take(self, key: str, kind: type | tuple[type, ...], default: Any, example: str) -> Any:
        self._seen.add(key)
        value = self.data.get(key, _ABSENT)
        if value is _ABSENT:
            if default is _ABSENT:
                self.fault(key, "is missing", f"Add {key} = {example}")
                return None
            return default
        # bool is an int in Python, not in a rule: `days = true` is a fault
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            self.fault(key, f"has a value of the wrong type: {value!r}", f"Write {key} = {example}")
            return None if default is _ABSENT else default
        return value

    def text(self, key: str, default: Any = _ABSENT) -> str:
        """A non-empty string."""
        value = self._take(key, str, default, '"…"')
        if value is not None and not value.strip() and default is _ABSENT:
            self.fault(key, "is empty", "Write the text or leave the table out")
        return value or ""

    def number(self, key: str) -> int | None:
        """A whole number, or None where it is absent."""
        value: int | None = self._take(key, int, None, "7")
        return value

    def flag(self, key: str, default: Any = _ABSENT) -> bool:
        """True or false."""
        return bool(self._take(key, bool, default, "true"))

    def day(self, key: str, default: Any = _ABSENT) -> date | None:
        """A TOML date."""
        value: date | None = self._take(key, date, default, "2020-12-31 (without quotes)")
        return value

    def names(
        self, key: str, default: Any = _ABSENT, *, known: Collection[str] = (), repeats: bool = False
    ) -> tuple[str, ...]:
        """A list of strings, each once unless `repeats`, each in `known` where that is given."""
        values = self._take(key, list, default, '["…"]') or []
        for value in values:
            if not isinstance(value, str):
                self.fault(key, f"holds {value!r}, which is not a string", "Put it in quotes")
            elif known and value not in known:
                self.fault(key, f"holds unknown {value!r}", f"Known: {', '.join(known)}")
        if not repeats and len(set(map(str, values))) != len(values):
            self.fault(key, "names something twice", "Name each once")
        return tuple(v for v in values if isinstance(v, str))

    def choice(self, key: str, known: Collection[str], default: Any = _ABSENT) -> str:
        """One of a closed list."""
        value = self.text(key, default)
        if value and value not in known:
            self.fault(key, f"is unknown: {value!r}", f"Known: {', '.join(known)}")
            return next(iter(known))
        return value

    def words(self, key: str, langs: Collection[str], *, optional: bool = False) -> dict[str, str]:
        """A text in every one of `langs`."""
        value = self._take(key, dict, {} if optional else _ABSENT, '{ en = "…" }') or {}
        if value or not optional:
            for lang in langs:
                if not str(value.get(lang, "")).strip():
                    self.fault(f"{key}.{lang}", "is missing or empty", f"Write the text in {lang!r}")
        for lang, text in value.items():
            if not isinstance(text, str):
                self.fault(f"{key}.{lang}", f"is not a string: {text!r}", "Put it in quotes")
        return {lang: text for lang, text in value.items() if isinstance(text, str)}

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of an array of tables; the path of each carries its id, or its place."""
        for place, data in enumerate(self._take(key, list, [], f"[[{key}]]")):
            if not isinstance(data, dict):
                self.fault(key, f"holds {data!r}, which is not a table", f"Write [[{key}]]")
                continue
            name = data.get("id") or data.get("clause") or place + 1
            prefix = f"{self.path}." if self.path else ""
            yield Table(data, self.file, f"{prefix}{key}[{name}]", self.faults)

    def table(self, key: str, *, optional: bool = False) -> Table:
        """A sub-table."""
        data = self._take(key, dict, {} if optional else _ABSENT, f"(a table [{key}])") or {}
        return Table(data, self.file, f"{self.path}.{key}" if self.path else key, self.faults)

    def keys(self) -> list[str]:
        """The keys of the table, all of them counted as known."""
        self._seen.update(self.data)
        return list(self.data)

    def done(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.data.keys() - self._seen:
            known = ", ".join(sorted(self._seen))
            self.fault(key, "is not a key of this table", f"Remove it; known here: {known}")
