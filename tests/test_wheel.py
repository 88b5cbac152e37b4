"""What users install: a wheel with templates and catalogues, far away from any checkout."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest

from newsfeed import __version__
from newsfeed.editorial.ci_files import CI_PATHS
from newsfeed.editorial.example import list_example_files
from tests.peers.need import lacking
from tests.site.builds import REPOSITORY, tree

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    # With the build backend at hand nothing is downloaded.
    offline = ["--no-build-isolation"] if find_spec("hatchling") else []
    command = ["wheel", "--quiet", "--no-deps", *offline, "--wheel-dir", folder, REPOSITORY]
    done = _run("-m", "pip", "--disable-pip-version-check", *command, cwd=folder)
    if done.returncode and not offline:
        lacking("Python module hatchling", "pip install hatchling")
    assert done.returncode == 0, done.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A folder with the wheel's files, as pip installs them."""
    folder = wheel.parent / "site-packages"
    command = ["install", "--quiet", "--no-deps", "--target", folder, wheel]
    done = _run("-m", "pip", "--disable-pip-version-check", *command, cwd=wheel.parent)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Path]:
    """An empty folder that has nothing to do with the checkout."""
    folder = tmp_path / "away"
    folder.mkdir()
    yield folder
    assert not folder.is_relative_to(REPOSITORY)


def _run(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    given = {**os.environ, **environment}
    return subprocess.run(command, cwd=cwd, env=given, capture_output=True, encoding="utf-8", check=False)


def test_the_wheel_brings_templates_and_catalogues(wheel: Path) -> None:
    """Everything a site needs that is not Python, and nothing that a site does not need."""
    names = set(ZipFile(wheel).namelist())
    shipped = {
        f"newsfeed/_bundled/{path.relative_to(REPOSITORY).as_posix()}"
        for folder in ("templates", "locales")
        for path in (REPOSITORY / folder).rglob("*")
        if path.is_file()
    }
    brought = [REPOSITORY / "deploy" / "install.sh", *(REPOSITORY / "deploy" / "systemd").rglob("*")]
    shipped |= {f"newsfeed/_bundled/{path.relative_to(REPOSITORY)}" for path in brought if path.is_file()}
    modules = {
        path.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / "newsfeed").rglob("*")
        if path.suffix in (".py", ".typed")
    }
    modules |= {f"newsfeed/editorial/example_site/{name}" for name in list_example_files()}
    modules |= {f"newsfeed/editorial/ci/{forge}.yml" for forge in CI_PATHS}
    about = {name for name in names if name.startswith(f"newsfeed-{__version__}.dist-info/")}
    assert names - about == shipped | modules
    assert {name.rpartition("/")[2] for name in about} >= {
        "METADATA",
        "entry_points.txt",
        "LICENSE",
        "RECORD",
    }


def test_the_wheel_says_what_it_needs(wheel: Path) -> None:
    """Version, Python and dependencies stand in its metadata; extras stay optional."""
    (name,) = [name for name in ZipFile(wheel).namelist() if name.endswith("/METADATA")]
    lines = ZipFile(wheel).read(name).decode().partition("\n\n")[0].splitlines()
    needed = [line.partition(": ")[2] for line in lines if line.startswith("Requires-Dist: ")]
    assert f"Version: {__version__}" in lines
    assert "Requires-Python: >=3.11" in lines
    assert [one for one in needed if one.startswith("feedgen")]
    assert not [
        one for one in needed if "extra" not in one and one.startswith(("pytest", "ruff", "playwright"))
    ]


def test_an_installation_works_without_the_checkout(installed: Path, away: Path) -> None:
    """Init, check, build and digest, with templates and words of the wheel, in both languages."""
    path = {"PYTHONPATH": str(installed)}
    where = _run("-c", "import newsfeed; print(newsfeed.__file__)", cwd=away, **path)
    assert where.stdout == f"{installed}/newsfeed/__init__.py\n"
    for arguments in (("init", "site"), ("-C", "site", "check"), ("-C", "site", "build")):
        done = _run("-m", "newsfeed", *arguments, cwd=away, **path)
        assert done.returncode == 0, done.stderr
    dry = _run("-m", "newsfeed", "-C", "site", "digest", "weekly", "--dry-run", cwd=away, **path)
    assert dry.returncode == 0, dry.stderr
    files = tree(away / "site" / "public")
    assert "Zum Inhalt" in files["de/index.html"].decode()
    assert files["style.css"] == (REPOSITORY / "templates" / "style.css").read_bytes()


def test_the_terminal_speaks_german_from_the_wheel(installed: Path, away: Path) -> None:
    """Also the words for editors come from the installation."""
    german = {"PYTHONPATH": str(installed), "LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "1"}
    done = _run("-m", "newsfeed", "check", cwd=away, **german)
    assert done.returncode == 1
    assert "Fehler" in done.stdout


def test_the_command_is_installed(installed: Path) -> None:
    """``newsfeed`` itself is a script that pip puts in place."""
    script = (installed / "bin" / "newsfeed").read_text(encoding="utf-8")
    assert "from newsfeed.cli import main" in script
