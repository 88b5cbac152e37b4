"""House rules of this repository, checked by looking at its files."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from newsfeed import __version__
from newsfeed.core.publishing.deployment import EXTRAS
from tests.site.builds import REPOSITORY

MODULE_LINES = 350
FUNCTION_LINES = 50
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "base", "stuff"}
EXAMPLE = re.compile(
    r"(?:.*\.)?example(?:\.(?:org|com|net))?|(?:.*\.)?(?:test|invalid|localhost)|(?:.*\.)?xn--.*",
    re.IGNORECASE,
)
"""Domains set aside for examples, and the encoded ones that only tests of encoding have."""
ADDRESS = re.compile(r"[\w.+-]+@((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)
NO_ADDRESSES = {"git@github.com", "LL@li.org", "a@b.co", "MAILER-DAEMON@sina.com"}
LEANING = ("The same", "And the same", "Likewise")
"""Beginnings of docstrings that only make sense to whoever has just read another one."""
ASKING = re.compile(r"(?:What|Whether|Where|How|Which|Who|Whose|When|Why)\b")
"""Beginnings of docstrings that ask, and do not say what a thing is or does."""
BINARY = (".png", ".pdf", ".mp3", ".jpg", ".ico", ".woff2")


def tracked() -> list[Path]:
    """Every file that is in git, or would be after ``git add``."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True)
    paths = [REPOSITORY / name for name in done.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def files(*folders: str) -> Iterator[Path]:
    """Every Python module below these folders; the script of the example site is part of that site."""
    for folder in folders:
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            if {"node_modules", "example_site"}.isdisjoint(path.parts):
                yield path


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python module below these folders, parsed; once, if it is the program's."""
    for folder in folders:
        for path in files(folder):
            yield path, program(path) if folder == "newsfeed" else parsed(path)


def parsed(path: Path) -> ast.Module:
    """One module."""
    return ast.parse(path.read_text(encoding="utf-8"))


program = cache(parsed)


def test_modules_are_short() -> None:
    """Whoever opens a module can read it at one sitting."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files("newsfeed")}
    package = REPOSITORY / "newsfeed"
    tables = {package / "problems/kinds.py"}  # all problems there are
    assert {
        path.name: length for path, length in lengths.items() if length > MODULE_LINES and path not in tables
    } == {}


def test_functions_are_short() -> None:
    """A function fits on a screen."""
    long = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno} {node.name}"
        for path, module in modules("newsfeed")
        for node in ast.walk(module)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_modules_have_names_that_say_something() -> None:
    """No drawer for everything."""
    names = {path.stem.strip("_") for path in files("newsfeed", "tests")}
    assert names & EMPTY_NAMES == set()


def test_every_module_says_what_it_is_for() -> None:
    """The first lines of a module are for its reader."""
    assert [
        path.name
        for path, module in modules("newsfeed", "tests")
        if not ast.get_docstring(module) and module.body
    ] == []


def test_only_one_room_prints() -> None:
    """What people read is made in `cli/output/`; `problems/manual.py` writes a page of the documentation."""
    rooms = (REPOSITORY / "newsfeed/cli/output", REPOSITORY / "newsfeed/problems/manual.py")
    assert [
        f"{path.relative_to(REPOSITORY)}:{node.lineno}"
        for path, module in modules("newsfeed")
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("print", "click.echo", "click.secho", "sys.stdout.write")
        and not any(path.is_relative_to(room) for room in rooms)
    ] == []


def test_no_folder_of_tests_is_left_out(pytestconfig: pytest.Config) -> None:
    """A folder whose name pytest skips, as `build` by default, would never fail."""
    skipped = pytestconfig.getini("norecursedirs")
    tests = [path.relative_to(REPOSITORY) for path in files("tests") if path.name.startswith("test_")]
    named = {part for path in tests for part in path.parent.parts}
    assert [name for name in sorted(named) if any(fnmatch(name, pattern) for pattern in skipped)] == []


def test_every_test_says_what_it_is_for() -> None:
    """A test's name is a sentence, and its docstring the behaviour."""
    silent = [
        f"{path.name}: {node.name}"
        for path, module in modules("tests")
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_docstrings_can_be_read_alone() -> None:
    """None begins by pointing at another: whoever jumps to a definition has not read that one."""
    leaning = [
        f"{path.relative_to(REPOSITORY)}: {getattr(node, 'name', '')}"
        for path, module in modules("newsfeed")
        for node in ast.walk(module)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        if (ast.get_docstring(node) or "").startswith(LEANING)
    ]
    assert leaning == []


def test_docstrings_say_and_do_not_ask() -> None:
    """The first line says plainly what a thing is or does."""
    asking = [
        f"{path.relative_to(REPOSITORY)}: {getattr(node, 'name', '')}"
        for path, module in modules("newsfeed")
        for node in ast.walk(module)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        if ASKING.match(ast.get_docstring(node) or "")
    ]
    assert asking == []


def test_no_two_classes_share_a_name() -> None:
    """One word names one concept, and a concept has one word."""
    places: dict[str, list[str]] = {}
    for path, module in modules("newsfeed"):
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(path.relative_to(REPOSITORY)))
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_what_a_module_exports_is_there() -> None:
    """Names in ``__all__`` are defined, each once."""
    for path, module in modules("newsfeed"):
        for node in module.body:
            if isinstance(node, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets
            ):
                names = ast.literal_eval(node.value)
                assert len(set(names)) == len(names), path
                assert set(names) <= _defined(module), path


def _defined(module: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def test_nothing_is_left_to_do_later() -> None:
    """No note in the code waits for somebody; plans belong into issues."""
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    mine = Path(__file__)
    found = [
        path.name
        for path in files("newsfeed", "tests")
        if path != mine and marks.search(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "path",
    [
        "var/outbox/2010-02-08/en.eml",
        "var/team.csv",
        "public/index.html",
        "audiences/staff.csv",
        "somewhere/mail.eml",
        ".venv/bin/python",
        "tests/peers/node_modules/axe-core/axe.js",
        "newsfeed/__pycache__/x.pyc",
    ],
)
def test_what_commands_make_never_enters_git(path: str) -> None:
    """Mails, addresses, output and caches are ignored."""
    command = ["git", "check-ignore", "--quiet", "--no-index", path]
    assert subprocess.run(command, cwd=REPOSITORY, check=False).returncode == 0


def test_nobodys_address_is_in_the_repository() -> None:
    """All mail addresses are of domains that exist for examples (RFC 2606)."""
    found = {
        f"{path.relative_to(REPOSITORY)}: {match[0]}"
        for path in tracked()
        if not path.name.endswith(BINARY)
        for match in ADDRESS.finditer(path.read_text(encoding="utf-8", errors="replace"))
        if not EXAMPLE.fullmatch(match[1]) and match[0] not in NO_ADDRESSES
    }
    assert found == set()


def test_no_file_is_too_large() -> None:
    """The repository stays quick to clone."""
    large = {path.relative_to(REPOSITORY).as_posix(): path.stat().st_size for path in tracked()}
    assert {name: size for name, size in large.items() if size > 400_000} == {}


def test_texts_are_unix_texts() -> None:
    """UTF-8 without a mark, line feeds only, and one at the end."""
    wrong = []
    for path in tracked():
        data = path.read_bytes()
        meant = path.name.endswith(BINARY) or "node_modules" in path.parts or b"\0" in data
        if (
            not meant
            and data
            and (b"\r" in data or not data.endswith(b"\n") or data.startswith(b"\xef\xbb\xbf"))
        ):
            wrong.append(path.relative_to(REPOSITORY).as_posix())
        if not meant:
            data.decode("utf-8")
    assert wrong == []


def test_the_lock_files_pin_what_the_project_asks_for() -> None:
    """Every dependency of pyproject.toml is in the lock file that installs it, with a hash; what builds it, too."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    wanted = {
        "requirements-build.lock": [*settings["build-system"]["requires"], "editables"],
        "requirements.lock": [
            *project["dependencies"],
            *(one for extra in EXTRAS.split(",") for one in project["optional-dependencies"][extra]),
        ],
        "requirements-test.lock": [
            *project["dependencies"],
            *project["optional-dependencies"]["test"],
            *project["optional-dependencies"]["lint"],
        ],
    }
    for name, requirements in wanted.items():
        text = (REPOSITORY / name).read_text(encoding="utf-8")
        pinned = set(
            re.findall(
                r"^([a-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==[^ ]+ \\\n    --hash=sha256:", text, re.MULTILINE
            )
        )
        needed = {
            re.split(r"[ =<>\[;]", one)[0].lower().translate(str.maketrans("_.", "--"))
            for one in requirements
        }
        assert needed - pinned == set(), name


def test_what_is_pinned_installs_on_the_oldest_python() -> None:
    """Debian 12 has 3.11.2, and the project says that any 3.11 will do."""
    text = "".join((REPOSITORY / f"requirements{kind}.lock").read_text("utf-8") for kind in ("", "-test"))
    names = sorted(set(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==", text, re.MULTILINE)))
    needs = {name: metadata(name).get("Requires-Python", "") for name in names if _is_installed(name)}
    assert len(needs) > 100
    assert [name for name, versions in needs.items() if "3.11.0" not in SpecifierSet(versions)] == []


def _is_installed(name: str) -> bool:
    try:
        metadata(name)
    except PackageNotFoundError:  # of an extra, or of another system
        return False
    return True


def test_make_installs_nothing_that_is_not_pinned() -> None:
    """Nothing is fetched at build time: the build back end is installed with a hash, like the rest."""
    lines = (REPOSITORY / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    installs = [line for line in lines if "pip install" in line and "pip-tools" not in line]
    assert len(installs) >= 3
    assert [
        line
        for line in installs
        if "--requirement" not in line and "--no-deps --no-build-isolation" not in line
    ] == []


def test_the_change_log_starts_with_this_version() -> None:
    """What is installed is described first."""
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[?v?([\w.]+)", text, re.MULTILINE)
    assert headings[:1] in (["Unreleased"], [__version__])
