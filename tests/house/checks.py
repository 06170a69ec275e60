"""What the house forbids, as functions that find it: source in, faults out. Each is tried on a planted fault, too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

Sources = Mapping[str, str]
"""Files by their path below the repository, with what is in them."""

WRITERS = {"actions", "models", "migrations", "imports", "demo"}
"""Modules and folders that may write, beside the door."""
_DOOR = "audit/door.py"
_WRITES = {"create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_INLINE = re.compile(r"""\s(?:style|on[a-z]+)\s*=|\bjavascript:""", re.IGNORECASE)
_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src=|type=[\"']application/json))|<style\b", re.IGNORECASE)
_UNESCAPED = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off")
_PHYSICAL = re.compile(r"(?<![\w-])(?:left|right)\s*:|-(?:left|right)\b|:\s*(?:left|right)\s*[;}!]")


def sources_of(root: Path, *patterns: str) -> dict[str, str]:
    """The files below `root` that fit one of the patterns."""
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in sorted(found)}


def calls(text: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a Python source, with the last part of the name called."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


def writes_elsewhere(sources: Sources) -> list[str]:
    """Writes to the database outside the modules that may write.

    `save` and `update` count where nothing stands before the keywords: a dictionary's `update` and a workbook's
    `save` are given something.
    """
    found = []
    for name, text in sources.items():
        path = PurePosixPath(name)
        if {*path.parts, path.stem} & WRITERS or name.endswith(_DOOR):
            continue
        for verb, call in calls(text):
            is_method = isinstance(call.func, ast.Attribute)
            if is_method and (verb in _WRITES or (verb in ("save", "update") and not call.args)):
                found.append(f"{name}:{call.lineno} {verb}")
    return found


def models_by_name(sources: Sources) -> list[str]:
    """Models looked up by name outside migrations, which hides an import."""
    return [
        f"{name}:{call.lineno}"
        for name, text in sources.items()
        if "migrations" not in PurePosixPath(name).parts
        for verb, call in calls(text)
        if verb == "get_model"
    ]


def signals(sources: Sources) -> list[str]:
    """Signals: what happens should be read where it is done."""
    found = []
    for name, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom):
                modules = {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Import):
                modules = {alias.name for alias in node.names}
            else:
                continue
            if any(part in ("signals", "dispatch") for module in modules for part in module.split(".")):
                found.append(f"{name}:{node.lineno}")
    return found


def unescaped(sources: Sources, allowed: Iterable[str] = ()) -> list[str]:
    """Text given to a page as it is, which could be somebody's script."""
    found = []
    for name, text in sources.items():
        if name.endswith(".html"):
            found += [name] if _UNESCAPED.search(text) else []
        elif any(verb == "mark_safe" for verb, _ in calls(text)):
            found.append(name)
    return [name for name in found if name not in allowed]


def inline(sources: Sources) -> list[str]:
    """Styles and scripts inside a page: the content policy would stop them."""
    return [
        name
        for name, text in sources.items()
        if _SCRIPT.search(text) or any(_INLINE.search(tag) for tag in _TAG.findall(text))
    ]


def physical(css: str) -> list[str]:
    """Left and right in a stylesheet: in Urdu they are the other way round."""
    return _PHYSICAL.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))


def too_long(sources: Sources, ceiling: int = 400) -> list[str]:
    """Files with more lines than anybody reads at once."""
    return [name for name, text in sources.items() if len(text.splitlines()) > ceiling]


def upward(keys: Iterable[tuple[str, str, str]], ladder: Mapping[str, int]) -> list[str]:
    """Foreign keys (from, field, to) that point up; `ladder` gives the rung of each room, the highest 0."""
    return [f"{where}.{field} → {to}" for where, field, to in keys if ladder[where] > ladder[to]]
