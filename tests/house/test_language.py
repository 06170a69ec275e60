"""Four languages, complete: no text of the desk is without its translation, and what is compiled is what is written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils.translation import get_language_info

DESK = Path(__file__).parents[2] / "src" / "amanat" / "desk"
LANGS = ("ur", "hi", "bn")
needs_gettext = pytest.mark.skipif(shutil.which("xgettext") is None, reason="no gettext: apt-get install gettext")
_PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_COUNTS = {"%(count)s", "%(number)s", "{number}"}
"""What a plural fills in, and English leaves out of the singular."""


def entries(file: Path) -> dict[str, list[str]]:
    """Every text of a .po file with its translations (one a plural form); fuzzy ones count as none."""
    found: dict[str, list[str]] = {}
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        texts = {
            key: _joined(value)
            for key, value in re.findall(r'^(msg\S+) ((?:"[^\n]*"\n?)+)', block + "\n", re.MULTILINE)
        }
        if texts.get("msgid") and "msgctxt" not in texts:
            is_fuzzy = re.search(r"^#,.*fuzzy", block, re.MULTILINE)
            found[texts["msgid"]] = [] if is_fuzzy else [v for k, v in texts.items() if k.startswith("msgstr")]
            if "msgid_plural" in texts:
                found[texts["msgid_plural"]] = found[texts["msgid"]]
    return found


def _joined(quoted: str) -> str:
    parts = re.findall(r'^"(.*)"$', quoted, re.MULTILINE)
    return "".join(parts).replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every text that the code and the templates of the desk hold today."""
    copy = tmp_path_factory.mktemp("desk") / "desk"
    shutil.copytree(DESK, copy, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    for lang in LANGS[1:]:
        shutil.rmtree(copy / "locale" / lang, ignore_errors=True)
    words = [sys.executable, "-m", "django", "makemessages", "--locale", LANGS[0], "--no-obsolete", "-v", "0"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "amanat.desk.settings", "AMANAT_DEBUG": "1"}
    subprocess.run(words, cwd=copy, env=environment, check=True)
    return set(entries(copy / "locale" / LANGS[0] / "LC_MESSAGES" / "django.po"))


@needs_gettext
@pytest.mark.parametrize("lang", LANGS)
def test_no_text_is_left_untranslated(lang: str, gathered: set[str]) -> None:
    assert len(gathered) > 100
    translated = entries(DESK / "locale" / lang / "LC_MESSAGES" / "django.po")
    missing = sorted(text for text in gathered if not all(translated.get(text) or [""]))
    assert not missing, (
        f"{len(missing)} texts without {get_language_info(lang)['name']}: run .ci/messages, translate {missing[:5]}"
    )


def test_no_text_is_called_by_a_name_that_is_not_gathered() -> None:
    aliased = re.compile(r"\bn?p?n?gettext(?:_lazy)? as (?!_\b)\w+")
    assert not [path for path in DESK.rglob("*.py") if aliased.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("lang", LANGS)
def test_translations_keep_what_is_filled_in(lang: str) -> None:
    for text, translations in entries(DESK / "locale" / lang / "LC_MESSAGES" / "django.po").items():
        for translation in translations:
            assert set(_PLACE.findall(translation)) <= set(_PLACE.findall(text)) | _COUNTS, text


@needs_gettext
@pytest.mark.parametrize("lang", LANGS)
def test_what_is_compiled_is_what_is_written(lang: str, tmp_path: Path) -> None:
    folder = DESK / "locale" / lang / "LC_MESSAGES"
    subprocess.run(["msgfmt", "--check-format", "-o", tmp_path / "made.mo", folder / "django.po"], check=True)
    assert (tmp_path / "made.mo").read_bytes() == (folder / "django.mo").read_bytes(), "run .ci/messages"
