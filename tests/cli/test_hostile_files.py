"""Pipes, sockets and devices where a command expects a file: each is refused at once, and named."""

import os
import tracemalloc
from pathlib import Path

import pytest

from newsfeed.editorial.starter import write_starter_site
from tests.cli.command import newsfeed

NOW = ("--now", "2026-01-06T12:00+00:00")
PLACES = {
    "news/2026/pipe.en.md": "no ordinary file",
    "news/2026/pipe.png": "no ordinary file",
    "locales/de/LC_MESSAGES/newsfeed.po": "no ordinary file",
    "locales/de/LC_MESSAGES/site.po": "no ordinary file",
    "templates/page/story.html": "no ordinary file",
    "templates/style.css": "no ordinary file",
    "config.toml": "no ordinary file",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A new one."""
    write_starter_site(tmp_path / "site")
    return tmp_path / "site"


def _put_pipe(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)


@pytest.mark.parametrize("place", PLACES)
def test_a_pipe_in_a_site_is_a_problem_at_its_place(site: Path, place: str) -> None:
    """Of texts and pictures, words, templates and the configuration itself."""
    _put_pipe(site / place)
    done = newsfeed("-C", site, "check", *NOW)
    assert done.returncode == 1
    assert any(place in line and PLACES[place] in line for line in done.stdout.splitlines()), done.stdout


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("var/secret", ("subscribers", "list")),
        ("var/team.csv", ("digest", "weekly", "--dry-run", *NOW)),
        ("people.csv", ("subscribers", "import", "people.csv", "--digest", "weekly", "--consent", "x")),
    ],
)
def test_a_pipe_is_no_secret_and_no_list_of_people(
    site: Path, monkeypatch: pytest.MonkeyPatch, place: str, words: tuple[str, ...]
) -> None:
    """Nobody waits for one to say something."""
    monkeypatch.chdir(site)
    _put_pipe(site / place)
    done = newsfeed("-C", site, *words, cwd=site)
    assert done.returncode in (1, 3)
    assert "no ordinary file" in done.stdout + done.stderr


def test_an_attachment_of_any_size_is_never_whole_in_memory(site: Path) -> None:
    """It is hashed, looked at and copied piece by piece: 90 MB need no more memory than 1 MB."""
    text = "---\nid: film\ntitle: Film\ndate: 2026-01-05\nenclosures: [film.mp4]\n---\nText.\n"
    (site / "news/2026/film.en.md").write_text(text, "utf-8")
    with (site / "news/2026/film.mp4").open("wb") as file:
        file.write(b"\0\0\0\x18ftypmp42")
        file.truncate(90_000_000)
    tracemalloc.start()
    try:
        assert newsfeed("-C", site, "build", "--jobs", "1", *NOW).returncode == 0
        assert newsfeed("-C", site, "build", "--jobs", "1", *NOW).returncode == 0
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    (published,) = (site / "public").rglob("film.mp4")
    assert published.stat().st_size == 90_000_000
