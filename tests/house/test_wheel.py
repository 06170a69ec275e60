"""The wheel holds all it needs: it works from an empty folder with nothing of the checkout in reach."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
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


def test_everything_but_what_python_made_is_inside(site: Path) -> None:
    def files(folder: Path) -> set[Path]:
        found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        return {path for path in found if "__pycache__" not in path.parts}

    shipped, source = files(site / "amanat"), files(ROOT / "src/amanat")
    assert shipped == source
    kinds = {path.suffix for path in shipped}
    assert {".toml", ".txt", ".npy", ".html", ".css", ".svg", ".csv", ".pdf"} <= kinds
    assert Path("desk/registry/migrations/0001_initial.py") in shipped
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


def test_the_desk_opens_from_there(site: Path, tmp_path: Path) -> None:
    """Migrations, templates, static files and the demo's book are all read from the wheel."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("COVERAGE", "AMANAT_", "DJANGO_"))}
    env |= {"PYTHONPATH": str(site), "PYTHONUNBUFFERED": "1"}
    demo = subprocess.Popen(
        [sys.executable, "-m", "amanat", "demo", "--port", "0"],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stdout
        said = next(line for line in demo.stdout if " open at " in line)
        page = urllib.request.urlopen(said.split()[-1]).read().decode()
        assert "/static/desk/amanat." in page
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=30)
    assert demo.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [".amanat-demo"]
