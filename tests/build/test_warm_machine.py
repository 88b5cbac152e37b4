"""Warm builds against clean ones: whatever happened since the last build, the bytes are the same.

``NEWSFEED_LONG=1`` makes two thousand changes.
"""

import os
import random
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from newsfeed.app import builds as cached
from newsfeed.app import site as app
from newsfeed.core.content.source_units import read_units
from newsfeed.problems import select_errors
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.build.builds import TWO_LANGUAGES, build, learn

LONG = os.environ.get("NEWSFEED_LONG") == "1"
START = datetime.fromisoformat("2026-03-01T09:00+01:00")
LANGUAGES = ("en", "de", "fr", "nl") if LONG else ("en", "de")
SITE = CONFIG if LONG else TWO_LANGUAGES
TOPICS = ("water", "energy")
OURS = (".newsfeed-manifest.json", ".newsfeed-lock")
which = st.integers(0, 1_000)
words = st.sampled_from(
    ("Wells", "Pumps & <pipes>", "Ünïcode “quoted”", "Rain", "A much longer title of a story")
)
counted = {"changes": 0, "builds": 0, "noop": 0, "incremental": 0, "full": 0}


def tree(folder: Path) -> Mapping[str, bytes]:
    """Every published file."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in OURS
    }


class WarmBuilds(RuleBasedStateMachine):
    """A site that is edited in every way, with a warm build after some of the changes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="newsfeed-warm-"))
        self.root, self.out = self.folder / "site", self.folder / "out"
        self.environment = {"XDG_CACHE_HOME": str(self.folder / "cache")}
        self.now = START
        self.ids: list[str] = []
        self.serial = 0
        self.dirty = True

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    # -- editors -----------------------------------------------------------------------------

    @initialize(count=st.integers(1, 6), outdated=st.sampled_from(("publish", "mark", "fall-back")))
    def begin(self, count: int, outdated: str) -> None:
        write_tree(
            self.root,
            {
                "config.toml": f'{SITE}\n[translations]\noutdated = "{outdated}"\n',
                "projects/pumps.en.md": "---\nid: pumps\ntitle: Pumps\ncountries: [KZ]\n---\nText of it.\n",
                "pages/about.en.md": "---\nid: about\ntitle: About\n---\nWho we are: [pumps](../projects/pumps.en.md).\n",
            },
        )
        for number in range(count):
            self.write(number, number, "Wells", ["water"], "", "", 0)

    @rule(link=which, age=st.integers(-30, 60), title=words, about=st.lists(st.sampled_from(TOPICS), unique=True),
          project=st.sampled_from(("", "pumps")), country=st.sampled_from(("", "KG", "UZ")), expires=st.sampled_from((0, 0, 5, 40)))  # fmt: skip
    def write(self, link: int, age: int, title: str, about: list[str], project: str, country: str, expires: int) -> None:  # fmt: skip
        """A new story, perhaps of the future, perhaps one that expires, with a link to another; perhaps the first
        of its author, or from a country.
        """
        self.serial += 1
        key = f"story-{self.serial}"
        day = (START - timedelta(days=age)).date()
        facts = {"id": key, "title": title, "date": day.isoformat(), "authors": f"[Ann, Writer {link % 3}]"}
        if about:
            facts["topics"] = f"[{', '.join(about)}]"
        if country:
            facts["countries"] = f"[{country}]"
        if project:
            facts["projects"] = f"[{project}]"
        if expires:
            facts["expires"] = (day + timedelta(days=expires)).isoformat()
        target = self.ids[link % len(self.ids)] if self.ids else key
        self._put(
            f"news/2026/{key}.en.md",
            f"Text {link}, see [this]({target}.en.md) and `code`.[^1]\n\n[^1]: Note.",
            facts,
        )
        self.ids.append(key)

    @rule(one=which, text=words)
    def edit(self, one: int, text: str) -> None:
        """Other words in one text."""
        self._change(one, lambda old: old + f"\n\n{text} again.\n")

    @rule(one=which, title=words)
    def retitle(self, one: int, title: str) -> None:
        """The title stands in lists, feeds and on the pages of neighbours."""
        self._change(one, lambda old: old.replace("title: ", f"title: {title[:5]} ", 1))

    @rule(one=which, topic=st.sampled_from(TOPICS))
    def retag(self, one: int, topic: str) -> None:
        """From one list into another."""
        self._change(one, lambda old: "\n".join(f"topics: [{topic}]" if line.startswith("topics:") else line for line in old.split("\n")))  # fmt: skip

    @rule(one=which, lang=st.sampled_from(LANGUAGES[1:]), title=words)
    def translate(self, one: int, lang: str, title: str) -> None:
        """A text that a fallback stood in for so far."""
        key = self._key(one)
        if key:
            original = (self.root / f"news/2026/{key}.en.md").read_bytes()
            units = read_units(original)
            noted = {"source": units.source} if units is not None else {}
            self._put(f"news/2026/{key}.{lang}.md", f"{lang}: {title}", {"title": title, **noted})

    @rule(one=which)
    def delete(self, one: int) -> None:
        """With all its translations; links to it lead nowhere then."""
        key = self._key(one)
        if key and len(self.ids) > 1:
            for path in (self.root / "news/2026").glob(f"{key}.*.md"):
                path.unlink()
            self.ids.remove(key)
            for path in (self.root / "news/2026").glob("*.md"):  # else the site has an error
                path.write_text(
                    path.read_text("utf-8").replace(f"({key}.en.md)", "(https://x.example/)"), "utf-8"
                )

    @rule(one=which, day=st.integers(0, 40))
    def withdraw(self, one: int, day: int) -> None:
        """A page that says so takes its place, and an entry in feeds; or the story is put back."""
        since = f"withdrawn: {(START + timedelta(days=60 + day)).date()}\n"
        self._change(one, lambda old: re.sub(r"withdrawn: .*\n", "", old) if "withdrawn:" in old else old.replace("title: ", f"{since}title: ", 1))  # fmt: skip

    @rule(one=which)
    def rename(self, one: int) -> None:
        """Another slug, the same id: another address, and a page at an old one."""
        key = self._key(one)
        path = self.root / f"news/2026/{key}.en.md"
        if key and path.exists() and not list((self.root / "news/2026").glob(f"{key}.??.md"))[1:]:
            self._change(one, lambda old: old.replace("\ntitle:", f"\nslug: moved-{key}\naliases: /en/was/{key}\ntitle:", 1) if "slug:" not in old else old)  # fmt: skip

    # -- operators ---------------------------------------------------------------------------

    @rule(size=st.sampled_from((2, 3, 20)), items=st.sampled_from((2, 20)), compress=st.booleans())
    def configure(self, size: int, items: int, compress: bool) -> None:
        """Lists and feeds of another length; compressed copies."""
        text = SITE + f"\n[lists]\nitems = {size}\n[feeds]\nitems = {items}\n"
        if compress:
            text += '[output]\ncompress = ["gz"]\n'
        write_tree(self.root, {"config.toml": text})

    @rule(text=words)
    def change_template(self, text: str) -> None:
        """A template of the site's own."""
        page = (
            '{% extends "newsfeed/page/not-found.html" %}{% block main %}<h1>'
            + text.replace("<", "&lt;").replace("&", "&amp;")
            + "</h1>{% endblock %}"
        )
        write_tree(self.root, {"templates/page/not-found.html": page})

    @rule(name=words)
    def change_catalogue(self, name: str) -> None:
        """A name of the site's vocabulary in German."""
        head = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        entry = f'\nmsgctxt "topic"\nmsgid "Water"\nmsgstr "{name}"\n'
        write_tree(self.root, {"locales/de/LC_MESSAGES/site.po": head + entry})

    @rule(days=st.integers(-10, 30))
    def let_time_pass(self, days: int) -> None:
        """Stories come due and expire; the clock may also be set back."""
        self.now += timedelta(days=days)

    @rule(how=st.sampled_from(("delete", "cut", "noise", "old")))
    def lose_the_memory(self, how: str) -> None:
        """Caches are deleted, half written, damaged, or another version's."""
        for path in [one for one in (self.folder / "cache").rglob("*") if one.is_file()]:
            data = path.read_bytes()
            if how == "delete":
                path.unlink()
            elif how == "cut":
                path.write_bytes(data[: len(data) // 2])
            elif how == "noise":
                path.write_bytes(data[:-20] + bytes(20))
            else:
                path.write_bytes(data[:60] + b"\0\0\0\x63" + data[64:])  # SQLite's user_version

    @rule(what=st.sampled_from(("site", "out", "both")), seed=which)
    def give_files_other_times(self, what: str, seed: int) -> None:
        """As in a fresh checkout, a restored output folder, or after ``touch``: past, present and future."""
        chance = random.Random(seed)
        for folder in (self.root, self.out) if what == "both" else (self.folder / what,):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and chance.random() < 0.8:
                    moment = time.time() - chance.choice((0, 0, 5, 1_000, 10**8, -50))
                    os.utime(path, (moment, moment))

    @rule(what=st.sampled_from(("site", "out", "both")))
    def check_out_afresh(self, what: str) -> None:
        """All files are others than before, with the same bytes."""
        for folder in (self.root, self.out) if what == "both" else (self.folder / what,):
            if folder.exists():
                copy = folder.with_name("copy")
                shutil.copytree(folder, copy, copy_function=shutil.copyfile)
                shutil.rmtree(folder)
                copy.rename(folder)

    @rule(one=which, how=st.sampled_from(("delete", "change", "folder")))
    def meddle_with_the_output(self, one: int, how: str) -> None:
        """Somebody edits a published file, or deletes it."""
        files = [path for path in sorted(self.out.rglob("*")) if path.is_file() and path.name not in OURS]
        if files:
            victim = files[one % len(files)]
            if how == "change":
                victim.write_bytes(b"x" * victim.stat().st_size)
            elif how == "delete":
                victim.unlink()
            else:
                shutil.rmtree(victim.parent) if victim.parent != self.out else victim.unlink()

    @rule()
    def die_while_publishing(self) -> None:
        """Killed after some files are in place: the next build heals it."""
        seen = 0
        real = os.replace

        def dying(source: object, target: object) -> None:
            nonlocal seen
            seen += self.out in Path(str(target)).parents
            if seen > 3 and ".newsfeed" not in Path(str(target)).name:
                raise KeyboardInterrupt
            real(source, target)  # type: ignore[arg-type]

        os.replace = dying  # type: ignore[assignment]
        try:
            self._build()
        except KeyboardInterrupt:
            pass
        finally:
            os.replace = real

    # -- what must hold ----------------------------------------------------------------------

    @invariant()
    def warm_is_cold(self) -> None:
        """Byte for byte, with a memory and without one."""
        if not self.ids:
            return
        self._build()
        clean = self.folder / "clean"
        site = app.read(self.root, self.now)
        assert not select_errors(site.problems), site.problems
        app.build(site, clean, self.now)
        assert tree(self.out) == tree(clean)
        shutil.rmtree(clean)
        counted["changes"] += 1

    def _build(self) -> None:
        opened = cached.open_build(self.root, self.out, self.environment, 1)
        counted["builds"] += 1
        counted[build(opened, self.now)[1]] += 1

    def _key(self, one: int) -> str:
        return self.ids[one % len(self.ids)] if self.ids else ""

    def _put(self, path: str, body: str, facts: Mapping[str, str]) -> None:
        head = "\n".join(
            f"{key}: {_quoted(value) if key == 'title' else value}" for key, value in facts.items()
        )
        write_tree(self.root, {path: f"---\n{head}\n---\n{body}\n"})

    def _change(self, one: int, change) -> None:
        key = self._key(one)
        path = self.root / f"news/2026/{key}.en.md"
        if key and path.exists():
            path.write_text(change(path.read_text("utf-8")), "utf-8")


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def test_warm_builds_are_clean_builds() -> None:
    """After every kind of change, in any order."""
    run_state_machine_as_test(
        WarmBuilds,
        settings=settings(
            max_examples=40 if LONG else 3,
            stateful_step_count=50 if LONG else 8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    if LONG:
        print(f"\n{counted}")  # noqa: T201 - asked for
    assert counted["changes"]


def test_two_processes_make_what_one_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cold and warm; and what they remember is the same, too."""
    monkeypatch.setattr("newsfeed.build.full._FEW", 0)
    monkeypatch.setattr("newsfeed.build.load._FEW", 0)
    root = tmp_path / "site"
    write_tree(root, {"config.toml": SITE + '\n[output]\ncompress = ["gz"]\n'})
    for number in range(9):
        other = f"[x](s-{max(number - 1, 0)}.en.md)"
        text = an_item(f"Text, {other}.\n", id=f"s-{number}", topics="[water]", title=f"T {number}")
        write_tree(root, {f"news/s-{number}.en.md": text})
    learnt = {}
    for title in ("One", "Two"):
        write_tree(root, {"news/s-3.en.md": an_item(id="s-3", title=title)})
        for jobs in (1, 2):
            opened = cached.open_build(root, tmp_path / str(jobs), {"XDG_CACHE_HOME": str(tmp_path)}, jobs)
            learnt[jobs] = learn(opened, START)[1]
        assert tree(tmp_path / "1") == tree(tmp_path / "2")
        one, two = learnt[1], learnt[2]
        assert one is not None
        assert two is not None
        assert one.state is not None
        assert two.state is not None
        assert one.snapshot is not None
        assert two.snapshot is not None
        assert one.snapshot.rows == two.snapshot.rows
        assert dict(one.snapshot.stories) == dict(two.snapshot.stories)
        assert one.snapshot.others == two.snapshot.others
        assert one.state.outputs.paths() == two.state.outputs.paths()
