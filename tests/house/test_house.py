"""The house tests itself: sizes, names, what may be imported, what may be said."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

import amanat
from amanat.rulebook import load_rulebook

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts)  # Django writes those
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield path, node


def percentile(values: list[int], share: float) -> int:
    return sorted(values)[int(len(values) * share)]


def test_files_and_functions_stay_small() -> None:
    sizes = [lines(path) for path in SOURCES]
    assert percentile(sizes, 0.9) <= 250
    assert statistics.median(sizes) <= 125
    lengths = [node.end_lineno - node.lineno + 1 for _, node in functions() if node.end_lineno]
    assert percentile(lengths, 0.9) <= 30


def test_every_public_name_is_documented() -> None:
    missing = []
    for path, tree in TREES.items():
        if not ast.get_docstring(tree):
            missing.append(str(path))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.ClassDef | ast.FunctionDef)
                and not node.name.startswith("_")
                and node.name != "Meta"
            ):
                inner = any(
                    isinstance(f, ast.FunctionDef) and node in ast.walk(f) and f is not node for f in ast.walk(tree)
                )
                if not inner and not ast.get_docstring(node):
                    missing.append(f"{path.name}:{node.name}")
    assert missing == []


def test_the_public_face_has_at_most_fifteen_names() -> None:
    assert len(amanat.__all__) <= 15
    assert all(hasattr(amanat, name) for name in amanat.__all__)


def test_the_version_is_the_changelogs() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## (\S+)", changelog, flags=re.MULTILINE)
    assert first
    assert first[1] == amanat.__version__


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_the_rulebook_needs_nothing_but_the_standard_library() -> None:
    outside = {"click", "re2", "ahocorasick_rs", "phonenumbers", "stdnum", "pyarrow", "numpy", "django"}
    for path in (ROOT / "src/amanat/rulebook").glob("*.py"):
        assert not imported(path) & outside, path


def test_the_library_knows_no_web_no_clock_and_no_network() -> None:
    banned = {"django", "requests", "httpx", "urllib", "socket", "http", "logging", "time"}
    for path in SOURCES:
        # the second reader is the one that asks elsewhere, and only where an office has set it up
        if "desk" not in path.parts and path.name != "second.py":
            assert not imported(path) & banned, path
    clocks = [
        path.name
        for path, tree in TREES.items()
        if not {"cli", "desk"} & set(path.parts)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")
    ]
    assert clocks == []


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.name)
def test_locks_hold_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    pinned = re.findall(r"^[a-z0-9][\w.-]*==", text, flags=re.MULTILINE | re.IGNORECASE)
    assert len(pinned) >= 5
    assert text.count("--hash=sha256:") >= len(pinned)


def test_documents_link_only_to_what_is_there() -> None:
    pages = (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "corpus").glob("*.md"))
    link = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
    broken = [
        f"{page.name} → {target}"
        for page in pages
        for target in link.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_numbers_of_the_rules_live_in_clauses_only() -> None:
    """Every limit a pack fixes is read from its clause. Only a room's `law` names the facts that it asks about."""
    limits = {
        limit.fact for pack in load_rulebook().packs.values() for c in pack.clauses.values() for limit in c.limits
    }
    assert "panel_members" in limits
    for path, tree in TREES.items():
        if "desk" in path.parts and path.name == "law.py":
            continue
        words = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not words & limits, path
