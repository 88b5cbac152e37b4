"""Builds that die at any moment: nobody is led to a page that is not there, and the next build heals all.

``NEWSFEED_LONG=1`` kills a hundred.
"""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from newsfeed.app import site as app
from newsfeed.build.folder_handle import FolderHandle
from newsfeed.build.staging import RenderedFile
from newsfeed.problems import select_errors
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.build.builds import TWO_LANGUAGES, publish
from tests.cli.command import environment, newsfeed_process
from tests.site.builds import tree

LONG = os.environ.get("NEWSFEED_LONG") == "1"
KILLS = 100 if LONG else 12
SITE, LANGUAGES = (CONFIG, ("en", "de", "fr", "nl")) if LONG else (TWO_LANGUAGES, ("en", "de"))
MOMENT = "2026-02-01T09:00+01:00"
NOW = datetime.fromisoformat(MOMENT)
_LINKS = re.compile(rb'(?:href|src)="/([^"#?]*)|https://test\.example/([^\s"\'<>\\#?&]*)')


def dangling(out: Path, languages: Sequence[str] = LANGUAGES) -> set[str]:
    """What a reader who starts at the front page or reads the feeds is led to, and does not find."""
    ends = ["index.html", "sitemap.xml", *(f"{lang}/feed.atom" for lang in languages)]
    seen: set[str] = set()
    missing = set()
    while ends:
        path = ends.pop()
        if path in seen:
            continue
        seen.add(path)
        file = out / path
        if not file.is_file():
            missing.add(path)
        elif path.endswith((".html", ".xml", ".rss", ".atom", ".json", ".opml")):
            for found in _LINKS.findall(file.read_bytes()):
                link = unquote((found[0] or found[1]).decode())
                ends.append(link + "index.html" if link.endswith("/") or not link else link)
    return missing


class Editor:
    """Changes a site in ways that move links: stories come, go, move, and name each other."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)
        self.ids: list[str] = []
        self.serial = 0
        write_tree(root, {"config.toml": SITE + '\n[output]\ncompress = ["gz"]\n[lists]\nitems = 5\n'})
        for _ in range(12):
            self.add()

    def add(self) -> None:
        """A story by a new author, which links to the newest ones, and a file."""
        self.serial += 1
        key = f"story-{self.chance.randrange(100, 1000)}-{self.serial}"
        links = " ".join(f"[x]({one}.en.md)" for one in self.ids[-3:])
        self.ids.append(key)
        text = an_item(
            f"{links} [file]({key}.pdf)\n", id=key, title=key, topics="[water]", authors=f"Ann {key}"
        )
        translation = an_item(f"{links}\n", date=None, title=f"Eins {key}")
        files = {f"{key}.en.md": text, f"{key}.pdf": "%PDF-1.7"}
        if self.serial % 2:
            files[f"{key}.de.md"] = translation
        write_tree(self.root / "news/2026", files)

    def change(self) -> None:
        """Some stories are new, and old ones link to them; some go; some move."""
        for _ in range(self.chance.randrange(1, 4)):
            self.add()
        for key in self.chance.sample(self.ids[:-4], 2):
            self._edit(key, lambda text: text.replace("[file]", f"[new]({self.ids[-1]}.en.md) [file]"))
        for key in self.ids[:2] if len(self.ids) > 12 else []:
            for file in (self.root / "news/2026").glob(f"{key}.*"):
                file.unlink()
            self.ids.remove(key)
            for one in self.ids:
                self._edit(
                    one, lambda text, gone=key: text.replace(f"({gone}.en.md)", "(https://x.example/)")
                )
        moving = self.chance.choice(self.ids)
        slug = f"moved-{self.serial}"
        self._edit(
            moving,
            lambda text: re.sub("^(slug: .*\n)?title:", f"slug: {slug}\ntitle:", text, flags=re.MULTILINE),
        )

    def _edit(self, key: str, change) -> None:
        for file in (self.root / "news/2026").glob(f"{key}.*.md"):
            file.write_text(change(file.read_text("utf-8")), "utf-8")


def clean(root: Path, folder: Path) -> dict[str, bytes]:
    """What a build into an empty folder makes."""
    site = app.read(root, NOW)
    assert not select_errors(site.problems), site.problems
    app.build(site, folder, NOW)
    return tree(folder)


def test_builds_killed_at_random_lead_nobody_astray(tmp_path: Path) -> None:
    """The whole process, its workers too, at any moment from its start to its end."""
    editor, out = Editor(tmp_path / "site", 7), tmp_path / "out"
    command = ["-C", str(editor.root), "build", "--jobs", "2", "--now", MOMENT, "-o", str(out)]
    changes = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    began = time.monotonic()
    assert newsfeed_process(*command, **changes).returncode == 0
    usual, killed = time.monotonic() - began, 0
    assert dangling(out) == set()
    for number in range(KILLS):
        editor.change()
        process = subprocess.Popen(
            [sys.executable, "-m", "newsfeed", *command],
            env=environment(**changes),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if number % 3:
            _wait_for_staging(process, out)
            time.sleep(editor.chance.random() * 0.2 * usual)
        else:
            time.sleep(editor.chance.random() * usual)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        assert dangling(out) == set(), number
    assert killed > KILLS / 3
    assert newsfeed_process(*command, **changes).returncode == 0
    assert tree(out) == clean(editor.root, tmp_path / "clean")


def _wait_for_staging(process: subprocess.Popen[bytes], out: Path) -> None:
    while process.poll() is None and not (out / ".newsfeed-staging").exists():
        time.sleep(0.002)


class Dead(BaseException):
    """As SIGKILL: nobody catches it."""


@pytest.fixture
def killer(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """Dies instead of the n-th change of the published folder."""
    state = {"left": -1, "done": 0}
    move, remove = FolderHandle.move, FolderHandle.remove

    def count() -> None:
        state["done"] += 1
        if state["left"] == 0:
            raise Dead
        state["left"] -= 1

    def dying_move(self: FolderHandle, source: str, target: str) -> None:
        count()
        move(self, source, target)

    def dying_remove(self: FolderHandle, path: str) -> None:
        count()
        remove(self, path)

    monkeypatch.setattr(FolderHandle, "move", dying_move)
    monkeypatch.setattr(FolderHandle, "remove", dying_remove)
    return state


def test_death_between_any_two_steps_leads_nobody_astray(tmp_path: Path, killer: dict[str, int]) -> None:
    """New stories, changed ones and vanished ones: looked at after every few steps of a publication.
    A compressed copy is never newer than its original.
    """
    editor, out = Editor(tmp_path / "site", 3), tmp_path / "out"
    app.build(app.read(editor.root, NOW), out, NOW)
    editor.change()
    editor.change()
    wanted = clean(editor.root, tmp_path / "clean")
    artifacts = [RenderedFile(path, (data,)) for path, data in wanted.items()]
    step, deaths = 0, 0
    while True:
        killer.update(left=step, done=0)
        try:
            publish(out, artifacts)
        except Dead:
            deaths += 1
        else:
            break
        killer.update(left=-1)
        assert dangling(out) == set()
        for copy in out.rglob("*.gz"):
            original = copy.with_suffix("").relative_to(out).as_posix()
            if copy.read_bytes() == wanted.get(f"{original}.gz"):
                assert (out / original).read_bytes() == wanted[original]
        step = 11 if LONG else 41  # each try goes on where the last one died
    assert deaths > 5
    assert tree(out) == wanted
