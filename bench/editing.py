"""What editors wait for on a large site: a check before a commit, what is to be translated, a preview.

    python bench/editing.py                    # 10,000 stories in four languages, five rounds
    python bench/editing.py --items 1000

A corpus of `corpus.py` is committed and built in /dev/shm. Then, each in a new process, medians count:
``check --changed`` with ten edited files, ``translations --json``, and, for the start alone,
``--version``. Last a preview stays, and a text is saved again and again: until its new words come from
the server.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import corpus  # noqa: E402

MEMORY = Path("/dev/shm")
EDITED = 10
SAVES = 7
PAUSE = 1.0
"""Seconds between two saves: nobody is quicker."""
GLANCE = 0.005


def main() -> None:
    """Measure, and print a line for each."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--items", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="newsfeed-editing-", dir=MEMORY))
    try:
        site = _make_site(folder, given.items)
        _edit(site)
        for words in (("--version",), ("check", "--changed"), ("translations", "--json")):
            _print(" ".join(words), [_measure(site, *words) for _ in range(given.rounds)])
        _print("preview, from save to page", list(_follow(site, given.items)))
    finally:
        shutil.rmtree(folder)


def _make_site(folder: Path, items: int) -> Path:
    """Make a corpus, commit it and build it."""
    site = folder / "site"
    site.mkdir()
    corpus.write_newsfeed(site, items)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's newsfeed is compiled once, not at each start
    os.environ |= {"NEWSFEED_CACHE": str(folder / "cache"), "LC_ALL": "C.UTF-8"}
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "all")):
        subprocess.run(["git", "-C", site, *words], check=True)
    time.sleep(3)  # no tool need doubt time stamps
    subprocess.run(_command(site, "build", "--now", corpus.NOW), check=True, stdout=subprocess.DEVNULL)
    return site


def _edit(site: Path) -> None:
    """Change a text in one language of the last stories."""
    for path in sorted((site / "news").rglob("*.de.md"))[-EDITED:]:
        path.write_text(path.read_text("utf-8") + "\nMehr.\n", "utf-8")


def _command(site: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "newsfeed", "-C", str(site), *words]


def _measure(site: Path, *words: str) -> tuple[float, float]:
    """Return seconds by the clock, and of processors."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(_command(site, *words), check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _follow(site: Path, items: int) -> Iterator[tuple[float, float]]:
    """Save a text while a preview runs, and yield how long it took until the page said so."""
    command = _command(site, "preview", "--no-open", "--now", corpus.NOW)
    story = corpus.newest(items)
    path = site / f"{story.place}.en.md"
    page = f"en/news/{story.day.year}/{corpus.text(int(story.id[-6:]), 'en').slug}/"
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as preview:
        try:
            assert preview.stdout
            address = preview.stdout.readline().split()[0]
            head = path.read_text("utf-8")
            for number in range(SAVES):
                time.sleep(PAUSE)
                path.write_text(f"{head}\nSave number {number}.\n", "utf-8")
                started = time.monotonic()
                while f"Save number {number}." not in _get(address + page):
                    time.sleep(GLANCE)
                yield time.monotonic() - started, 0.0
        finally:
            preview.terminate()


def _get(address: str) -> str:
    with urllib.request.urlopen(address) as answer:
        return str(answer.read().decode())


def _print(name: str, figures: list[tuple[float, float]]) -> None:
    wall, cpu = (statistics.median(column) for column in zip(*figures, strict=True))
    print(f"{name}: {wall:.3f} s" + (f", {cpu:.2f} s of processors" if cpu else ""))


if __name__ == "__main__":
    main()
