"""The wheel holds all it needs: it works from an empty folder with nothing of the checkout in reach."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel and nothing else."""
    home = tmp_path_factory.mktemp("wheel")
    build = "from flit_core import buildapi; import sys; print(buildapi.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(home)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    with zipfile.ZipFile(home / done.stdout.split()[-1]) as wheel:
        wheel.extractall(home / "site")
    return home / "site"


def test_packs_lexicons_and_licence_are_inside(site: Path) -> None:
    shipped = {
        path.relative_to(site / "amanat") for path in (site / "amanat").rglob("*") if path.suffix in (".toml", ".txt")
    }
    source = ROOT / "src/amanat"
    assert shipped == {path.relative_to(source) for path in source.rglob("*") if path.suffix in (".toml", ".txt")}
    assert list(site.glob("*.dist-info/licenses/LICENSE"))


def test_it_works_from_there(site: Path, tmp_path: Path) -> None:
    words = ["-m", "amanat", "check", "Sharing the draft transfer list before it is notified.", "--pack", "bd", "-q"]
    # without coverage, which would count the copy
    env = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")} | {"PYTHONPATH": str(site)}
    where = subprocess.run(
        [sys.executable, "-c", "import amanat; print(amanat.__file__)"],
        cwd=tmp_path, env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(site))
    done = subprocess.run([sys.executable, *words], cwd=tmp_path, env=env, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "stop\n"), done.stderr
