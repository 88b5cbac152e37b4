"""The same issue composed twice is the same files: clocks, locales and hash seeds change nothing."""

import sys
from pathlib import Path

import pytest

from newsfeed.testing import write_tree
from tests.cli.command import newsfeed
from tests.mail.issues import CONFIG, LANGUAGES, NAMES, stories
from tests.peers.process import run

SURROUNDINGS = {
    "as usual": {"PYTHONHASHSEED": "0"},
    "another hash seed": {"PYTHONHASHSEED": "4711"},
    "a German locale": {
        "LC_ALL": "de_DE.UTF-8",
        "LANG": "de_DE.UTF-8",
        "LANGUAGE": "de",
        "PYTHONHASHSEED": "1",
    },
    "no locale at all": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONHASHSEED": "2"},
    "another zone": {"TZ": "America/St_Johns", "PYTHONHASHSEED": "3"},
}
CLOCKS = [
    "2026-01-12T08:00+01:00",
    "2026-01-12T23:59:59Z",
    "2026-01-18T20:00:00-07:00",
    "2026-01-19T07:59+01:00",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site on disk, its names translated, with one reader per language."""
    root = write_tree(tmp_path_factory.mktemp("site"), {"config.toml": CONFIG, **stories(4, picture=True)})
    rows = [f"reader-{lang}@readers.example,Zoë „{lang}“ O’Neill,{lang}" for lang in LANGUAGES]
    files = {"staff.csv": "\n".join(["email,name,language", *rows, ""])}
    for lang, names in NAMES.items():
        entries = [f'msgctxt "topic"\nmsgid "{name}"\nmsgstr "{text}"\n' for name, text in names.items()]
        head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        files[f"locales/{lang}/LC_MESSAGES/site.po"] = "\n".join([head, *entries])
    return write_tree(root, files)


def outbox(site: Path, folder: Path, now: str, environment: dict[str, str]) -> dict[str, bytes]:
    """The files of the issue as the command writes them, in a process of its own."""
    command = [sys.executable, "-m", "newsfeed", "-C", site, "digest", "staff", "--now", now, "-o", folder]
    run(command, **environment)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def written_here(site: Path, folder: Path, now: str) -> dict[str, bytes]:
    """The files of the issue as the command writes them in this process."""
    done = newsfeed("-C", site, "digest", "staff", "--now", now, "-o", folder)
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def usual(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The issue as it is made on an ordinary day."""
    files = outbox(site, tmp_path_factory.mktemp("usual"), CLOCKS[0], SURROUNDINGS["as usual"])
    assert len(files) == len(LANGUAGES)
    assert all(b"\r\nDate: Mon, 12 Jan 2026 08:00:00 +0100\r\n" in data for data in files.values())
    return files


@pytest.mark.parametrize("name", [name for name in SURROUNDINGS if name != "as usual"])
def test_surroundings_change_no_byte(name: str, site: Path, usual: dict[str, bytes], tmp_path: Path) -> None:
    """Locale, zone and hash seed of the machine are not part of the mail."""
    assert outbox(site, tmp_path, CLOCKS[0], SURROUNDINGS[name]) == usual


@pytest.mark.parametrize("now", CLOCKS[1:])
def test_every_clock_until_the_next_slot_gives_the_same_mails(
    now: str, site: Path, usual: dict[str, bytes], tmp_path: Path
) -> None:
    """Composed an hour or a week late, it is the same issue, to the last byte."""
    assert written_here(site, tmp_path, now) == usual


def test_composing_again_leaves_one_file_per_reader(
    site: Path, usual: dict[str, bytes], tmp_path: Path
) -> None:
    """A second run writes the same files over the first ones."""
    for _ in range(2):
        assert written_here(site, tmp_path, CLOCKS[1]) == usual
