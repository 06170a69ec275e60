"""The desk keeps its house rules; every checker finds the fault it is there for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from django.apps import apps

from tests.house import checks

ROOT = Path(__file__).parents[2]
CODE = checks.sources_of(ROOT, "src/amanat/desk/**/*.py")
TEMPLATES = checks.sources_of(ROOT, "src/amanat/desk/**/*.html")
STYLE = (ROOT / "src/amanat/desk/static/desk/amanat.css").read_text(encoding="utf-8")
SAFE: dict[str, str] = {}
"""Files that give text to a page as it is, each with the reason why it can hold no stranger's words."""


def ladder() -> dict[str, int]:
    """The rung of every room of the desk, the highest 0."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = [one["layers"] for one in contracts if one["name"] == "The ladder of the desk"]
    return {room.strip(): rung for rung, layer in enumerate(layers) for room in layer.split("|")}


def test_foreign_keys_point_down() -> None:
    keys = [
        (model._meta.app_label, field.name, field.related_model._meta.app_label)
        for model in apps.get_models()
        if model.__module__.startswith("amanat.")
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and not isinstance(field.related_model, str | None)
    ]
    assert len(keys) > 20
    keys.remove(("audit", "actor", "registry"))  # the one exception: an event names who did it
    assert checks.upward(keys, ladder()) == []


def test_only_those_who_may_write() -> None:
    assert checks.writes_elsewhere(CODE) == []


def test_no_model_is_looked_up_by_name() -> None:
    assert checks.models_by_name(CODE) == []


def test_there_are_no_signals() -> None:
    assert checks.signals(CODE) == []


def test_pages_escape_what_they_show() -> None:
    assert checks.unescaped(CODE | TEMPLATES, SAFE) == []
    assert set(SAFE) <= set(checks.unescaped(CODE | TEMPLATES)), "an exception that is no longer needed"


def test_pages_hold_no_script_and_no_style() -> None:
    assert len(TEMPLATES) >= 10
    assert checks.inline(TEMPLATES) == []


def test_the_stylesheet_is_small_and_knows_no_left_and_right() -> None:
    assert len(STYLE.encode()) <= 30_000
    assert checks.physical(STYLE) == []


def test_no_file_is_too_long() -> None:
    files = checks.sources_of(
        ROOT, "src/**/*.py", "tests/**/*.py", "benchmarks/**/*.py", "src/**/*.html", "src/**/*.css"
    )
    written = {name: text for name, text in files.items() if "/migrations/" not in name}  # Django writes those
    assert checks.too_long(written) == []


@pytest.mark.parametrize(
    "line",
    [
        "thing.save()", "thing.save(update_fields=['state'])", "Thing.objects.create(name='x')",
        "rows.update(state='x')", "rows.filter(pk=1).delete()", "Thing.objects.bulk_create(things)",
        "Thing.objects.get_or_create(pk=1)",
    ],
)  # fmt: skip
def test_a_write_in_a_view_is_found(line: str) -> None:
    assert checks.writes_elsewhere({"desk/registry/views/people.py": line}) != []
    for place in ("actions.py", "actions/people.py", "models/people.py", "imports.py", "migrations/0001_initial.py"):
        assert checks.writes_elsewhere({f"desk/registry/{place}": line}) == []
    assert checks.writes_elsewhere({"desk/audit/door.py": line, "desk/demo/build.py": line}) == []


@pytest.mark.parametrize("line", ["names.update(other)", "workbook.save(stream)", "update(x=1)", "create()"])
def test_what_only_looks_like_a_write_is_not(line: str) -> None:
    assert checks.writes_elsewhere({"desk/registry/views.py": line}) == []


def test_other_planted_faults_are_found() -> None:
    assert checks.models_by_name({"desk/home/views.py": "apps.get_model('registry', 'Person')"}) != []
    assert checks.models_by_name({"desk/home/migrations/0002.py": "apps.get_model('registry', 'Person')"}) == []
    for line in ("from django.db.models.signals import post_save", "from django.db.models import signals",
                 "import django.dispatch", "from allauth.account.signals import user_logged_in"):  # fmt: skip
        assert checks.signals({"desk/home/apps.py": line}) != []
    assert checks.signals({"cli/desk/x.py": "import signal"}) == []
    assert checks.unescaped({"a.py": "mark_safe(text)"}) == ["a.py"]
    assert checks.unescaped({"a.html": "{{ text | safe }}", "b.html": "{% autoescape off %}"}) == ["a.html", "b.html"]
    assert checks.unescaped({"a.html": "{{ text|safe }}"}, ["a.html"]) == []
    assert checks.too_long({"a.py": "\n" * 401, "b.py": "\n" * 400}) == ["a.py"]


@pytest.mark.parametrize(
    "tag",
    ['<p style="color: red">', "<body\n onload='x()'>", "<script>x()</script>", "<style>p {}</style>",
     '<a href="javascript:x()">', "<button class='x' onclick=x>"],
)  # fmt: skip
def test_what_the_policy_would_stop_is_found(tag: str) -> None:
    assert checks.inline({"a.html": f"<p>{tag}</p>"}) == ["a.html"]


@pytest.mark.parametrize(
    "tag", ['<script src="/static/x.js"></script>', '<script type="application/json">1</script>', "<p>on = style=</p>"]
)
def test_what_the_policy_lets_pass_is_not(tag: str) -> None:
    assert checks.inline({"a.html": tag}) == []


@pytest.mark.parametrize(
    "rule", ["margin-left: 0", "p { left: 0 }", "border-right-color: red", "text-align: right;", "float:left}"]
)
def test_left_and_right_are_found(rule: str) -> None:
    assert checks.physical(rule) != []
    assert checks.physical("/* left: */ margin-inline-start: 0; text-align: start; color: var(--bright)") == []


def test_a_key_that_points_up_is_found() -> None:
    rungs = ladder()
    assert rungs["home"] < rungs["registry"] < rungs["audit"]
    assert checks.upward([("audit", "office", "registry")], rungs) == ["audit.office → registry"]
    assert checks.upward([("registry", "person", "registry"), ("rules", "by", "registry")], rungs) == []
