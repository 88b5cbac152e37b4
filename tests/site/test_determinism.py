"""The same files and the same public texts give the same bytes, everywhere; and nothing else is written."""

import json
import os
from pathlib import Path
from shutil import copytree

import pytest

from newsfeed.app import site
from newsfeed.testing import an_item, write_tree
from tests.cli.command import newsfeed, newsfeed_process
from tests.peers import need
from tests.peers.lint.markup import Markup
from tests.peers.process import attempt
from tests.site.builds import NETWORK, NETWORK_NOW, BuiltSite, built, copy_of_network, tree

pytestmark = pytest.mark.xdist_group("determinism")

NOW = NETWORK_NOW.isoformat()
GERMAN = "de_DE.UTF-8"
FORMATS = ("atom", "json", "rss")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The network site without its many bulletins; lists and feeds are as much shorter, so that they have pages."""
    folder = tmp_path_factory.mktemp("small")
    root = copy_of_small(folder / "site")
    site = built(root, folder / "served", NETWORK_NOW)
    assert any("/page/" in path for path in site.files)
    assert any("/feed-1." in path for path in site.files)
    return site


def copy_of_small(folder: Path) -> Path:
    """Its files somewhere else."""
    copytree(NETWORK, folder)
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace("items = 6", "items = 2"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a real German locale: its decimal comma and month names must not leak."""
    folder = tmp_path_factory.mktemp("locales")
    command = [need.need_command("localedef"), "-i", "de_DE", "-f", "UTF-8", folder / GERMAN]
    if attempt(command).returncode:
        need.lacking("the source of the locale de_DE", "apt-get install locales")
    return str(folder)


@pytest.mark.parametrize(
    "now", ["2024-06-15T00:00+02:00", "2024-06-15T23:59:59-10:00", "2024-06-30T23:00+14:00"]
)
def test_the_clock_is_not_in_the_output(small: BuiltSite, now: str, tmp_path: Path) -> None:
    """As long as the same texts are public, the moment of a build leaves no trace."""
    done = newsfeed("-C", small.root, "build", "-o", tmp_path / "out", "--now", now)
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "out") == small.files


@pytest.mark.parametrize(
    "changes",
    [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "PYTHONHASHSEED": "4711", "PYTHONOPTIMIZE": "2"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["zone ahead", "zone behind, optimised", "no locale at all"],
)
def test_the_environment_is_not_in_the_output(
    small: BuiltSite, changes: dict[str, str], tmp_path: Path
) -> None:
    """Neither zone, locale, hash seed nor optimisation change a byte."""
    done = newsfeed_process("-C", small.root, "build", "-o", tmp_path / "out", "--now", NOW, **changes)
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "out") == small.files


def test_a_german_machine_builds_the_same_site(small: BuiltSite, german: str, tmp_path: Path) -> None:
    """With a German locale in force only the words in the terminal are German."""
    locale = {"LC_ALL": GERMAN, "LOCPATH": german}
    done = newsfeed_process("-C", small.root, "build", "-o", tmp_path / "out", "--now", NOW, **locale)
    assert done.returncode == 0, done.stderr
    assert "pages" not in done.stdout
    assert tree(tmp_path / "out") == small.files


def test_folder_and_umask_are_not_in_the_output(small: BuiltSite, tmp_path: Path) -> None:
    """A copy elsewhere, built from inside with a strict umask, gives the same files."""
    copy = copy_of_small(tmp_path / "a folder with spaces und Ümläuten")
    done = newsfeed_process("build", "--now", NOW, cwd=copy, before=lambda: os.umask(0o077))
    assert done.returncode == 0, done.stderr
    assert tree(copy / "public") == small.files


def test_a_second_build_writes_nothing(small: BuiltSite, tmp_path: Path) -> None:
    """Unchanged files keep their time of change, so that servers, caches and rsync see no change."""
    command = ("-C", small.root, "build", "-o", tmp_path / "out", "--now", NOW, "--json")
    first, times = json.loads(newsfeed(*command).stdout), _times(tmp_path / "out")
    second = json.loads(newsfeed(*command).stdout)
    assert (first["written"], first["unchanged"], first["removed"]) == (len(small.files), 0, 0)
    assert (second["written"], second["unchanged"], second["removed"]) == (0, len(small.files), 0)
    assert _times(tmp_path / "out") == times


def _times(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_mtime_ns for name in tree(folder)}


def test_an_edit_writes_only_the_files_that_show_it(network: BuiltSite, tmp_path: Path) -> None:
    """A corrected French sentence changes its French page and the French feeds that carry it in full."""
    wanted = {f"fr/feed.{form}" for form in FORMATS}
    wanted |= {f"fr/news/2024/soleil-et-eau/index.{ending}" for ending in ("html", "md")}
    root = copy_of_network(tmp_path / "site")
    assert _written(network, root, tmp_path / "out", lambda: _edit(root)) == wanted


def _edit(root: Path) -> None:
    path = root / "news/2024/sun-and-water/index.fr.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("même quand il fait frais", "même par temps frais"), encoding="utf-8")


def test_a_new_story_leaves_older_pages_and_other_topics_alone(network: BuiltSite, tmp_path: Path) -> None:
    """What is new appears on live pages, in feeds and in the archive. Numbered pages keep what they
    list; one of them changes when it gets a newer neighbour to link to.
    """
    root = copy_of_network(tmp_path / "site")
    story = {"id": "newest", "topics": "[water]", "title": "The newest of all"}
    item = an_item("It is new.\n", date="2024-06-14", **story)
    written = _written(
        network, root, tmp_path / "out", lambda: write_tree(root, {"news/2024/newest.en.md": item})
    )
    assert {f"{lang}/news/2024/newest/index.html" for lang in network.languages} <= written
    assert {f"{lang}/topics/water/feed.{form}" for lang in network.languages for form in FORMATS} <= written
    assert {"sitemap.xml", "en/index.html", "en/archive/2024/06/index.html"} <= written
    numbered = [path for path in written if "/page/" in path and path in network.files]
    assert {_neighbour(path) for path in numbered} <= written - set(network.files)
    for path in numbered:
        assert _cards((tmp_path / "out" / path).read_text(encoding="utf-8")) == _cards(network.text(path))
    assert not [
        path for path in written if path.split("/")[1:2] in (["countries"], ["projects"], ["authors"])
    ]


def _neighbour(path: str) -> str:
    folder, number, name = path.rsplit("/", 2)
    return f"{folder}/{int(number) + 1}/{name}"


def _cards(html: str) -> list[str]:
    return [element.text for element in Markup(html).named("article")]


def _written(network: BuiltSite, root: Path, output: Path, change: object) -> set[str]:
    """The files that a build writes after a change, the site having been built before."""
    assert callable(change)
    copytree(network.output, output)
    before = _times(output)
    change()
    site.build(site.read(root, NETWORK_NOW), output, NETWORK_NOW)
    return {name for name, time in _times(output).items() if before.get(name) != time}
