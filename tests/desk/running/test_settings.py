"""The settings: safe by default, every one of them documented."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from unittest import mock

from django.test import RequestFactory, override_settings

from amanat.desk.lib import environment
from amanat.desk.lib.refusals import SilentFilter
from tests.desk.running.conftest import Env

ROOT = Path(__file__).parents[3]


def test_django_finds_nothing_to_warn_of(production: Env) -> None:
    words = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(words, cwd=ROOT, env=production, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_plain_http_is_noticed_by_that_check(production: Env) -> None:
    words = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    env = production | {"AMANAT_PLAIN_HTTP": "1"}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SECURE_SSL_REDIRECT" in done.stderr


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/running.md").read_text(encoding="utf-8")
    sources = [path for path in (ROOT / "src").rglob("*.py") if "demo" not in path.parts]
    found = {name for path in sources for name in re.findall(r"\bAMANAT_[A-Z_]+\b", path.read_text(encoding="utf-8"))}
    assert {"AMANAT_SECRET_KEY", "AMANAT_DATA"} <= found
    assert {name for name in found if f"`{name}`" not in page} == set()


def test_a_misspelt_name_is_found() -> None:
    with mock.patch.dict(os.environ, {"AMANAT_HOSTZ": "1"}, clear=True):
        assert environment.unknown(["AMANAT_HOSTS", "AMANAT_DATA"]).endswith("Did you mean AMANAT_HOSTS?")
        assert environment.unknown(["AMANAT_DATA"]).endswith("Take it away.")
        assert environment.unknown(["AMANAT_HOSTZ"]) == ""


@override_settings(DEBUG=False)
def test_nothing_typed_reaches_an_error_report() -> None:
    request = RequestFactory().post("/", {"text": "what I typed"})
    assert SilentFilter().get_post_parameters(request) == {}
