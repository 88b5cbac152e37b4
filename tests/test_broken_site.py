"""A site of broken files: each fault is found, at its place, and nothing else breaks."""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsfeed.app import site
from newsfeed.cli.output.terminal import visible
from newsfeed.config import loader
from newsfeed.problems import PROBLEM_KINDS, Problem, Severity
from newsfeed.testing import write_tree
from tests.config.test_loader import WRONG
from tests.core.told import told
from tests.pictures import LFS_POINTER, png

pytestmark = pytest.mark.xdist_group("broken site")

NOW = datetime(2026, 2, 1, tzinfo=UTC)
CONFIG = """\
[site]
title = "Broken site"
base_url = "https://broken.example/"
languages = ["en", "de", "fr"]
timezone = "Europe/Berlin"
authority = "broken.example,2020"

[topics]
water = "Water"
energy = "Energy"

[donors]
ministry = "Ministry"

[partners]
club = "Club"

[limits]
file_size = 60_000
attachment_size = 60_000
picture_size = 20_000
"""
GOOD = {
    "config.toml": CONFIG,
    "news/2025/one.en.md": "---\nid: one\ntitle: GOOD one\ndate: 2026-01-10\nauthors: Ada Example\n---\nText.\n",
    "news/2025/two/index.en.md": "---\nid: two\ntitle: GOOD two\ndate: 2026-01-11\ntopics: [water]\n---\n[x](../one.en.md)\n",
    "news/2025/two/index.de.md": "---\ntitle: GOOD zwei\n---\n![Bild](pump.png)\n",
    "news/2025/two/pump.png": png(),
    "news/x/twin.en.md": "---\nid: twin-x\ntitle: GOOD twin x\ndate: 2026-01-12\n---\nText.\n",
    "news/y/twin.en.md": "---\nid: twin-y\nslug: twin-y\ntitle: GOOD twin y\ndate: 2026-01-13\n---\nText.\n",
    "news/broken/plan.pdf": b"%PDF-1.7",
    "news/broken/pump.png": png(),
    "news/broken/notes.xyzzy": b"notes",
    "news/broken/pointer.png": LFS_POINTER,
    "news/broken/empty.png": b"",
    "news/broken/empty.pdf": b"",
    "news/broken/error.pdf": b"\n<!DOCTYPE html><html><title>404</title>",
    "news/broken/error.jpeg": b"<html><title>Forbidden</title>",
    "news/broken/torn.pdf": b"something",
    "news/broken/torn.png": b"\x89PNG\r\n\x1a\n",
    "news/broken/really-png.jpg": png(),
    "news/broken/wide.png": png(20_000, 10_000),
    "news/broken/heavy.png": png() + bytes(20_000),
    "news/broken/cut-off.png": png()[:-24],
    "news/broken/the-minister’s-plan.pdf": b"%PDF-1.7",
    "projects/wells.en.md": "---\nid: wells\ntitle: GOOD wells\nprogramme: clean\n---\nText.\n",
    "programmes/clean.en.md": "---\nid: clean\ntitle: GOOD clean\n---\nText.\n",
    "pages/about.en.md": "---\nid: about\ntitle: GOOD about\n---\nText.\n",
}
"""What is right, and must be published by ``--keep-going``."""


@dataclass(frozen=True)
class Fault:
    """One broken file: what it is called, what is in it, and what must be said about it."""

    name: str
    told: str
    """``code line:column``."""
    data: str | bytes
    path: str = ""
    beside: dict[str, str] = field(default_factory=dict)
    """Other files that this fault needs; they are right by themselves."""

    @property
    def code(self) -> str:
        """The code alone."""
        return self.told.split()[0]

    @property
    def where(self) -> str:
        """Where the file lies."""
        return self.path or f"news/broken/{self.name}.en.md"

    @property
    def mark(self) -> str:
        """What the title says, so that the text is found wherever it was published."""
        return f"FAULT {self.name}."

    @property
    def files(self) -> dict[str, str | bytes]:
        """All files of this fault."""
        sign = f"FAULT {self.name}."
        data = (
            self.data
            if isinstance(self.data, bytes)
            else self.data.replace("MARK", sign).replace("NAME", self.name)
        )
        beside = {path: text.replace("NAME", self.name) for path, text in self.beside.items()}
        return {self.where: data, **beside}


def story(*lines: str, body: str = "Text.\n", date: str | None = "date: 2026-01-05") -> str:
    """A story in which these lines of front matter stand from line 5 on; without more, its text too stands
    in line 6.
    """
    head = ["---", "id: NAME", "title: MARK", *([date] if date else []), *lines, "---"]
    return "\n".join(head) + "\n" + body


def other(*lines: str, body: str = "Text.\n") -> str:
    """A text without a date, for other kinds and translations; these lines stand from line 4 on."""
    return story(*lines, body=body, date=None)


def toml(*lines: str) -> str:
    """A story with TOML; these lines stand from line 5 on."""
    return "\n".join(["+++", 'id = "NAME"', 'title = "MARK"', "date = 2026-01-05", *lines, "+++", "Text.\n"])


def by_number(prefix: str, told: str, *data: str | bytes) -> list[Fault]:
    """Several files with the same fault in the same place."""
    return [Fault(f"{prefix}-{number}", told, one) for number, one in enumerate(data, 1)]


def table(prefix: str, *rows: tuple[str, str | bytes]) -> list[Fault]:
    """Several files, each with what must be told."""
    return [Fault(f"{prefix}-{number}", told, data) for number, (told, data) in enumerate(rows, 1)]


ORIGINAL = "---\nid: NAME\ntitle: BESIDE NAME\ndate: 2026-01-05\ntopics: [water]\n---\nText.\n"
BYTES = table(
    "bytes",
    ("not-utf8 3:4", b"---\nid: bytes-1\ntit\xe9: A\ndate: 2026-01-05\n---\nText.\n"),
    ("not-utf8 6:5", story(body="Caf").encode() + b" \xe9t\xe9\n"),
    ("not-utf8 6:1", story(body="").encode() + b"\x93quoted\x94\n"),
    ("not-utf8 6:3", story(body="日本").encode() + b"\x8a\xbf"),
    ("not-utf8 1:1", story().encode("utf-16")),
    ("not-utf8 1:1", b"\xfe\xff" + story().encode("utf-16-be")),
    ("control-character 1:2", story().encode("utf-16-le")),
    ("control-character 1:1", story().encode("utf-16-be")),
    ("control-character 1:2", story().encode("utf-32-le")),
    ("not-utf8 7:4", story(body="a\nb: ").encode() + b"\xff"),
    ("not-utf8 6:1", story(body="").encode() + b"\xc0\xaf"),
    ("not-utf8 6:1", story(body="").encode() + b"\xed\xa0\x80"),
    ("not-utf8 6:1", story(body="").encode() + b"\xf4\x90\x80\x80"),
    ("not-utf8 6:2", story(body="a").encode() + b"\xe2\x82"),
    ("not-utf8 1:2", b"\x1f\x8b\x08\x00\x00\x00\x00\x00"),
    ("not-utf8 1:1", b"\x89PNG\r\n\x1a\n\x00\x00"),
    ("not-utf8 3:8", "---\nid: bytes-17\ntitle: Новости\n---\nТекст\n".encode("koi8-r")),
    ("not-utf8 3:8", "---\nid: bytes-18\ntitle: ニュース\n---\n".encode("shift-jis")),
    ("not-utf8 1:2", b"\xef\xbb\xbfa\xff"),
    (
        "bom 1:1",
        b"\xef\xbb\xbf" + story().replace("MARK", "FAULT bytes-20.").replace("NAME", "bytes-20").encode(),
    ),
)
CONTROL = table(
    "control",
    ("control-character 3:8", story().replace("MARK", "\x01MARK")),
    ("control-character 3:8", story().replace("MARK", "\x00MARK")),
    ("control-character 2:5", story().replace("NAME", "\x7fNAME")),
    ("control-character 5:4", story("# a\x1bb")),
    *((f"control-character 6:{len(before) + 1}", story(body=f"{before}{char}b\n")) for before, char in [
        ("", "\x00"), ("a", "\x07"), ("日本", "\x08"), ("é", "\x0b"), ("\t", "\x0c"), ("a b", "\x0e"), ("🦀", "\x1b"),
        ("ab", "\x7f"), ("abc", "\x80"), ("abcd", "\x9f"), ("abcde", "\ufffe"), ("abcdef", "\uffff"), ("[x](a", "\x1f"),
    ]),
    ("control-character 9:3", story(body="a\n\n\nb \x02\n")),
    ("control-character 1:1", "\x00" + story()),
)  # fmt: skip
ESCAPES = table(
    "escape",
    *(("control-character 3:8", story().replace("MARK", f'"MARK {escape} x"')) for escape in (
        "\\a", "\\0", "\\b", "\\e", "\\x7f", "\\x1f", "\\ufffe", "\\uffff", "\\v", "\\f",
    )),
    ("control-character 5:10", story('summary: "a\\ab"')),
    ("control-character 5:11", story('authors: ["a\\ab"]')),
    ("control-character 5:15", story('authors: [Bo, "a\\ab"]')),
    ("control-character 5:12", story('image_alt: "a\\ab"', "image: pump.png")),
    ("direction-open 5:11", story("authors: [Ada \u202egpj]")),
    ("direction-open 5:15", story("translators: [Ada \u2067]")),
    ("control-character 5:9", story('source: "a\\ab"')),
    ("control-character 7:12", story("enclosures:", "  - file: plan.pdf", '    title: "a\\ab"')),
    ("control-character 5:11", toml('summary = "a\\u0007b"')),
    ("yaml-quotes 3:8", story().replace("MARK", '"\\ud800 MARK"')),
    ("yaml-quotes 3:8", story().replace("MARK", '"\\udfff MARK"')),
    ("yaml-quotes 3:8", story().replace("MARK", '"\\U00110000"')),
    ("toml-syntax 5:18", toml('summary = "\\ud800"')),
    ("toml-syntax 5:22", toml('summary = "\\U00110000"')),
)  # fmt: skip
HEADS = [
    *by_number(
        "no-head",
        "front-matter-missing 1:1",
        "Just text.\n",
        "# A heading\n",
        " " + story(),
        "-" + story(),
        "<!-- a remark -->\n" + story(),
        '{"title": "A"}\n',
        "--- yaml\ntitle: A\n---\nText.\n",
        "— — —\ntitle: A\n",
        "title: A\n---\nText.\n",
        "~~~\ntitle: A\n~~~\n",
    ),
    *by_number(
        "open-head",
        "front-matter-open 1:1",
        "---\ntitle: A\n",
        "---",
        "+++\n",
        "---\ntitle: A\n ---\nText.\n",
    ),
    *by_number("late-head", "front-matter-missing 2:1", "\n" + story(), "\n---- \n" + story()),
    *by_number(
        "odd-fence",
        "front-matter-open 3:1",
        "---\ntitle: A\n+++\nText.\n",
        "+++\ntitle = 'A'\n---\nText.\n",
        "---\ntitle: A\n----\nText.\n",
        "---\ntitle: A\n–––\nText.\n",
        "---\ntitle: A\n...\nText.\n",
    ),
]
YAML = table(
    "yaml",
    ("yaml-quotes 5:10", story("summary: a: b")),
    ("yaml-quote-open 5:10", story("summary: 'it")),
    ("yaml-quote-open 5:10", story('summary: "open')),
    ("yaml-bracket-open 5:9", story("topics: [water")),
    ("yaml-bracket-open 5:13", story("enclosures: {file: plan.pdf")),
    *(
        ("yaml-quotes 5:10", story(f"summary: {written}"))
        for written in (
            "@home",
            "`code`",
            "%x",
            "*a* b",
            "[a] b",
            "{a} b",
            "- a",
            "| a",
            "? a",
            "“a: b”",
            "„a: b“",
            "« a : b »",
            "'a' b",
            "'it's'",
            '"a "b" c"',
            '"C:\\Users"',
            "#1 of all",
            '"\\q"',
        )
    ),
    ("yaml-quotes 5:10", story("summary: |x", "  a")),
    ("yaml-quotes 5:11", story("authors: [Team #2, Bo]")),
    ("yaml-tab 5:1", story("\tsummary: a")),
    ("yaml-tab 6:1", story("topics:", "\t- water")),
    ("yaml-no-colon 5:1", story("summary")),
    ("yaml-no-colon 5:8", story("summary:a")),
    ("yaml-no-colon 5:8", story("summary = a")),
    ("yaml-no-colon 5:8", story("summary： a")),
    ("yaml-no-colon 6:1", story("summary: a", "b")),
    ("yaml-indent 5:2", story(" summary: a")),
    ("yaml-dash 6:1", story("topics:", "-water")),
    ("yaml-dash 6:3", story("topics:", "  * water")),
    ("yaml-comment 5:13", story("summary: We #1")),
    ("yaml-comment 6:8", story("authors:", "  - We #1")),
    ("yaml-syntax 6:3", story("topics: [water]", "  - energy")),
    ("yaml-no-colon 2:1", "---\njust words\n---\nText.\n"),
    ("yaml-no-colon 2:1", "---\n- a\n- b\n---\nText.\n"),
    ("yaml-no-colon 2:1", "---\n[a]\n---\nText.\n"),
    ("yaml-syntax 3:1", "---\n%YAML 1.1\ntitle: A\n---\nText.\n"),
    ("yaml-feature 5:10", story("summary: &a b")),
    ("yaml-feature 5:10", story("summary: *a")),
    ("yaml-feature 5:17", story("topics: [water, *a]")),
    ("yaml-feature 5:5", story("<<: *a")),
    ("yaml-feature 5:10", story("summary: !!str b")),
    ("yaml-feature 5:10", story("summary: !!python/object/apply:os.system ['true']")),
    ("yaml-feature 5:10", story("summary: !!binary aGk=")),
    ("yaml-feature 5:10", story("summary: !include /etc/passwd")),
    ("yaml-feature 2:1", "---\n!!map {title: A}\n---\nText.\n"),
    ("yaml-feature 5:4", story("a: &a [x, x]", *(f"{one}: &{one} [*a, *a]" for one in "bcdefghij"))),
    ("yaml-depth 5:10", story("topics: [[water]]")),
    ("yaml-depth 5:11", story("topics: " + "[" * 50_000)),
    ("yaml-depth 5:17", story("enclosures: " + "{a: " * 10_000)),
    ("yaml-depth 6:6", story("topics:", " " + "- " * 20_000)),
    ("yaml-depth 5:3", story("? [a]", ": b")),
    ("yaml-depth 7:7", story("enclosures:", "  - file:", "      name: a.pdf")),
    ("yaml-depth 7:7", story("enclosures:", "  - file:", "      - a.pdf")),
    ("key-duplicate 5:1", story("title: B")),
    ("key-duplicate 5:1", story("date: 2026-01-06")),
    ("key-duplicate 5:1", story("id: b")),
    ("key-duplicate 6:1", story("topics: water", "'topics': energy")),
    ("key-duplicate 7:5", story("enclosures:", "  - file: plan.pdf", "    file: pump.png")),
)
TOML = table(
    "toml",
    ("toml-syntax 5:11", toml("summary = no")),
    ("toml-syntax 5:8", toml("summary: a")),
    ("toml-syntax 5:11", toml("summary = ")),
    ("toml-syntax 5:11", toml('summary = "abc')),
    ("toml-syntax 5:1", toml("title = 'again'")),
    ("toml-syntax 5:11", toml("expires = 2026-02-30")),
    ("toml-syntax 5:8", toml("[topics")),
    ("toml-syntax 6:3", toml("[a]", "[a] b")),
    ("toml-syntax 2:1", toml("a = " + "[" * 50_000)),
    ("toml-syntax 2:1", toml("a = " + "{a=" * 10_000)),
    ("toml-syntax 2:1", toml("a = " + "1" * 5_000)),
    ("toml-syntax 2:1", toml("a = 0x" + "f" * 5_000)),
    ("yaml-depth 5:1", toml('topics = [["water"]]')),
    ("yaml-depth 5:1", toml("[enclosures]", 'file = ["a"]')),
    ("key-unknown 5:1", toml("author = 'Ada'")),
    ("date-invalid 5:11", toml("expires = 12:30:00")),
    ("topic-unknown 5:21", toml("topics = ['water', 'fire']")),
    ("value-type 5:9", toml("draft = 1")),
)
KEYS = [
    *table(
        "key",
        ("key-unknown 5:1", story("titel: B")),
        ("key-unknown 6:1", story("topics: water", "Topics: energy")),
        ("key-unknown 5:1", story("tags: [a, b]")),
        ("key-unknown 5:1", story("lang: en")),
        ("yaml-no-colon 5:1", story(": nothing")),
        ("key-unknown 5:1", story("'a b': c")),
        ("key-unknown 5:1", story("city: Taraz")),
        ("key-unknown 6:12", story("enclosures:", "  - titel: Plan", "    file: plan.pdf")),
        ("key-missing 1:1", "---\nid: NAME\ndate: 2026-01-05\n---\nText.\n"),
        ("key-missing 6:5", story("enclosures:", "  - title: Plan")),
        ("key-missing 5:13", story("enclosures: {type: text/plain}")),
        *(("value-empty 3:7", story().replace(" MARK", "")),),
        *(("value-empty 3:8", story().replace("MARK", empty)) for empty in ('""', "''", '"  "', '"\\n"')),
        ("value-empty 4:6", story(date="date:")),
        *((f"value-empty 5:{len(key) + 2}", story(f"{key}:")) for key in (
            "summary", "slug", "aliases", "source", "image_alt", "updated", "expires", "draft", "image", "enclosures",
        )),
        *((f"value-empty 5:{len(key) + 4}", story(f"{key}: ['']")) for key in ("topics", "countries", "authors", "projects", "programmes")),
        ("value-type 3:9", story().replace("MARK", "[MARK]")),
        ("value-type 3:8", story().replace("MARK", "{a: MARK}")),
        ("value-type 4:8", story(date="date: [2026-01-05]")),
        *((f"value-type 5:{len(key) + 4}", story(f"{key}: [a]")) for key in ("summary", "slug", "source", "image", "image_alt", "draft")),
        ("key-missing 5:11", story("authors: [{role: Editor}]")),
        *((f"value-type 5:{len(key) + 4}", story(f"{key}: [{{a: b}}]")) for key in ("topics", "countries", "projects")),
        ("value-type 5:8", story("draft: perhaps")),
        ("value-type 5:8", story("draft: ja")),
    ),
    Fault("key-page", "key-unknown 4:1", other("date: 2026-01-05"), "pages/key-page.en.md"),
    Fault("key-programme", "key-unknown 4:1", other("topics: water"), "programmes/key-programme.en.md"),
    Fault("key-project", "key-unknown 4:1", other("date: 2026-01-05"), "projects/key-project.en.md"),
    *(
        Fault(f"empty-{key}", f"value-empty 4:{len(key) + 2}", other(f"{key}:"), f"projects/empty-{key}.en.md")
        for key in ("start", "end", "city", "programme", "organisation")
    ),
    *(
        Fault(f"untitled-{kind}", "key-missing 1:1", "---\nid: NAME\n---\nText.\n", f"{kind}/untitled-{kind}.en.md")
        for kind in ("projects", "programmes", "pages")
    ),
]  # fmt: skip
DATES = [
    *(
        Fault(f"date-{number}", "date-invalid 4:7", story(date=f"date: {written}"))
        for number, written in enumerate(
            (
                "2026-02-30", "2026-13-01", "2026-1-5", "05.01.2026", "01/05/2026", "20260105", "2026-01", "2026",
                "1899-12-31", "2200-01-01", "2026-01-05 24:00", "2026-01-05 8:00", "2026-01-05 08.00",
                "2026-01-05 08:00 CET", "2026-01-05 08:00+25:00", "soon", "2026-01-05 08:00.5", "２０２６-01-05",
            ),
            1,
        )
    ),
    *table(
        "moment",
        ("date-invalid 5:10", story("updated: yesterday")),
        ("date-invalid 5:10", story("expires: never")),
        ("updated-before-date 5:10", story("updated: 2026-01-04")),
        ("updated-before-date 5:10", story("updated: 2026-01-05 07:59")),
        ("expires-before-date 5:10", story("expires: 2025-12-31")),
    ),
    *(
        Fault(f"period-{number}", told, other(*lines), f"projects/period-{number}.en.md")
        for number, (told, *lines) in enumerate(
            (
                ("period-invalid 4:8", "start: 2008-13"),
                ("period-invalid 4:8", "start: 2008"),
                ("period-invalid 4:8", "start: 2008-02-30"),
                ("period-invalid 4:8", "start: January 2008"),
                ("period-invalid 4:8", "start: 2008-01-15 08:00"),
                ("period-invalid 4:6", "end: open"),
                ("period-invalid 4:6", "end: 2200-01"),
                ("end-before-start 5:6", "start: 2008-02", "end: 2008-01"),
                ("end-before-start 5:6", "start: 2008-02-02", "end: 2008-02-01"),
                ("end-before-start 5:6", "start: 2008-02", "end: 2008-01-31"),
            ),
            1,
        )
    ),
]  # fmt: skip
NAMES = [
    *(
        Fault(f"id-{number}", "id-invalid 2:5", story().replace("NAME", written))
        for number, written in enumerate(("An id", "Upper", "a--b", "-a", "a_b", "ü", "a/b", "a" * 101), 1)
    ),
    *(
        Fault(f"slug-{number}", "slug-invalid 5:7", story(f"slug: {written}"))
        for number, written in enumerate(("A Slug", "a.b", "a--b", "../a", "ü", "a" * 101), 1)
    ),
    Fault(
        "nameless",
        "id-invalid 1:1",
        "---\ntitle: MARK\ndate: 2026-01-05\n---\nText.\n",
        "news/🦀.en.md",
    ),
    Fault("advice", "id-missing 1:1", "---\ntitle: MARK\ndate: 2026-01-05\n---\nText.\n"),
    *(
        Fault(f"alias-{number}", "alias-invalid 5:10", story(f"aliases: {written}"))
        for number, written in enumerate(
            (
                "https://broken.example/en/a/",
                "//broken.example/en/",
                "'javascript:alert(1)'",
                "/en/a?b",
                "'/en/a#b'",
                "/",
                "/_headers",
                "../../etc/passwd",
                "/en/%2e%2e/%2e%2e/x",
                "/en//a",
                "'/en/a\\b'",
                "/en/a%0Ab",
                "/en/" + "x" * 300,
                "/.git/config",
            ),
            1,
        )
    ),
    Fault("alias-list", "alias-invalid 7:5", story("aliases:", "  - /en/fine/", "  - /a//b")),
    Fault("alias-toml", "alias-invalid 5:26", toml("aliases = ['/en/good/', '..']")),
    Fault("alias-home", "alias-taken 5:10", story("aliases: /en/")),
    Fault("alias-own", "alias-taken 5:10", story("aliases: /en/news/2026/alias-own/")),
    Fault("alias-feed", "alias-taken 5:10", story("aliases: /en/feed.rss/")),
    Fault(
        "alias-twice",
        "alias-taken 5:11",
        story("aliases: [/en/same]"),
        beside={
            "news/broken/alias-first.en.md": ORIGINAL.replace("NAME", "same").replace(
                "topics", "aliases: /en/same/\ntopics"
            )
        },
    ),
    Fault("guid", "guid-no-address 5:7", story("guid: 12 at old")),
    Fault(
        "guid-twice",
        "guid-duplicate 5:1",
        story("guid: 'urn:a'"),
        beside={
            "news/broken/guid-a.en.md": ORIGINAL.replace("NAME", "guid-a").replace(
                "topics", "guid: urn:a\ntopics"
            )
        },
    ),
    Fault("video", "value-type 5:8", story("video: film.mp4")),
    Fault("order", "value-type 5:8", story("order: first")),
    Fault("long-title", "title-too-long 3:8", story().replace("MARK", "MARK" + "x" * 200)),
    Fault("long-summary", "summary-too-long 5:10", story("summary: " + "x" * 601)),
]
WORDS = [
    *table(
        "word",
        ("topic-unknown 5:9", story("topics: fire")),
        ("topic-unknown 5:17", story("topics: [water, Energy]")),
        ("topic-unknown 7:5", story("topics:", "  - water", "  - wind")),
        ("country-unknown 5:12", story("countries: Germany")),
        ("country-unknown 5:17", story("countries: [DE, XX]")),
        ("country-unknown 5:13", story("countries: [EU]")),
        ("country-unknown 6:5", story("countries:", "  - DEU")),
        ("project-unknown 5:12", story("projects: [well]")),
        ("project-unknown 5:11", story("projects: Wells")),
        ("programme-unknown 5:13", story("programmes: dirty")),
        ("programme-unknown 5:21", story("programmes: [clean, dirty]")),
    ),
    Fault("donor", "donor-unknown 4:9", other("donors: minister"), "projects/donor.en.md"),
    Fault("partner", "partner-unknown 4:18", other("partners: [club, pub]"), "projects/partner.en.md"),
    Fault("programme", "programme-unknown 4:12", other("programme: dirty"), "projects/programme.en.md"),
    Fault("project-topic", "topic-unknown 4:9", other("topics: fire"), "projects/project-topic.en.md"),
    Fault("project-country", "country-unknown 4:12", other("countries: XX"), "projects/project-country.en.md"),
    Fault("author", "author-ambiguous 5:10", story("authors: Ada Exámple")),
]  # fmt: skip


def translated(name: str, told: str, data: str, original: str, kind: str = "news") -> Fault:
    """A fault in a German file beside an English original."""
    folder = "news/broken" if kind == "news" else kind
    return Fault(name, told, data, f"{folder}/{name}.de.md", {f"{folder}/{name}.en.md": original})


TEXTS = [
    Fault("no-original", "original-missing 1:1", other()),
    Fault(
        "no-original-at-all",
        "original-missing 1:1",
        "---\ntitle: MARK\n---\nText.\n",
        beside={"news/broken/no-original-at-all.de.md": "---\ntitle: BESIDE\n---\nText.\n"},
    ),
    Fault("alone", "translation-alone 1:1", "---\ntitle: MARK\n---\nText.\n", "news/broken/alone.de.md"),
    Fault(
        "second-original",
        "original-twice 4:7",
        story(),
        "news/broken/second-original.fr.md",
        {"news/broken/second-original.en.md": ORIGINAL},
    ),
    *(
        Fault(
            f"unclear-{kind}",
            "original-unclear 1:1",
            "---\ntitle: MARK\n---\nText.\n",
            f"{kind}/unclear-{kind}.de.md",
            {f"{kind}/unclear-{kind}.fr.md": "---\ntitle: BESIDE\n---\nText.\n"},
        )
        for kind in ("projects", "programmes", "pages")
    ),
    *(
        translated(f"conflict-{number}", told, f"---\ntitle: MARK\n{line}\n---\nText.\n", ORIGINAL)
        for number, (told, line) in enumerate(
            (
                ("fact-conflict 3:10", "topics: [energy]"),
                ("fact-conflict 3:5", "id: another"),
                ("fact-conflict 3:8", "draft: yes"),
                ("fact-conflict 3:10", "authors: Bo"),
                ("fact-conflict 3:12", "countries: KZ"),
                ("fact-in-translation 3:10", "topics: [water]"),
                ("fact-in-translation 3:5", "id: NAME"),
                ("source-new 3:9", "source: new"),
                ("translation-stale 3:9", "source: title=d23932"),
                ("translation-stale-somewhere 3:9", "source: d23932d85177f1303bdc61e9"),
                ("image-alt-alone 3:12", "image_alt: x"),
                ("key-unknown 3:1", "titel: A"),
                ("value-empty 3:9", "summary:"),
            ),
            1,
        )
    ),
    translated("page-conflict", "fact-conflict 2:5", other(), "---\ntitle: BESIDE\n---\nText.\n", "pages"),
    Fault(
        "twice",
        "language-twice 1:1",
        story(),
        "news/broken/twice/index.en.md",
        {"news/broken/twice.en.md": ORIGINAL},
    ),
    Fault("twice-upper", "language-twice 1:1", story(), beside={"news/broken/twice-upper.EN.md": ORIGINAL}),
    Fault("taken-id", "id-duplicate 2:5", story().replace("NAME", "one")),
    Fault("taken-address", "url-duplicate 5:7", story("slug: one")),
    Fault(
        "taken-fallback",
        "url-duplicate 5:7",
        story("slug: here"),
        beside={"news/broken/here.de.md": ORIGINAL.replace("NAME", "here")},
    ),
    Fault("feeds", "url-duplicate 1:1", other(), "pages/feeds.en.md"),
    Fault("archive", "url-duplicate 1:1", other(), "pages/archive.en.md"),
    Fault("later-about", "url-duplicate 4:7", other("slug: about"), "pages/later-about.en.md"),
    Fault("taken-page-id", "id-duplicate 2:5", other().replace("NAME", "about"), "pages/taken-page-id.en.md"),
    Fault(
        "alike",
        "path-alike 1:1",
        story(body="[x](Alike.pdf) [y](alike.pdf)\n"),
        beside={"news/broken/Alike.pdf": "%PDF-1.6", "news/broken/alike.pdf": "%PDF-1.7"},
    ),
    Fault(
        "untranslated",
        "paragraph-untranslated 8:1",
        story(body="Text.\n\n<!-- de: Zweiter Absatz. -->\n"),
    ),
    *by_number("no-text", "text-missing 1:1", story(body=""), story(body=" \n\n\t\n"), story(body="")[:-1]),
]  # fmt: skip
BODIES = [
    *(
        Fault(f"body-{number}", told, story(body=body + "\n"))
        for number, (told, body) in enumerate(
            (
                ("link-broken 6:1", "[x](gone.md)"),
                ("link-broken 6:5", "see [x](gone.pdf)"),
                ("link-broken 8:1", "a\n\n[x](../gone/)"),
                ("link-broken 6:4", "日本 [x](gone)"),
                ("link-broken 7:5", "- a\n- b [x](gone)"),
                ("link-broken 7:5", "> a\n> b [x](gone)"),
                ("link-broken 8:3", "| a |\n|---|\n| [x](gone) |"),
                ("link-broken 6:3", "# [x](gone)"),
                ("link-broken 6:1", "[x][y]\n\n[y]: gone"),
                ("link-broken 8:7", "a[^1]\n\n[^1]: [x](gone)"),
                ("link-broken 6:3", "**[x](gone)**"),
                ("link-broken 6:1", "[x]()"),
                ("link-broken 6:1", "[x](../../../../etc/passwd)"),
                ("link-broken 6:1", "[x](/etc/passwd)"),
                ("link-broken 6:1", "[x](one.fr.md#there)"),
                ("link-broken 6:1", "<a href='gone'>x</a>"),
                ("link-broken 8:3", "a\n\nb <a\nhref=gone>x</a>"),
                ("link-broken 6:1", '<a href="//[">x</a>'),
                ("link-broken 6:1", "[x](%00)"),
                ("link-broken 6:1", "[x](<a b.pdf>)"),
                ("link-broken 6:1", "![x](gone.png)"),
                ("link-broken 6:1", "<img src=gone.png alt=x>"),
                ("link-ambiguous 6:1", "[x](twin.md)"),
                ("link-ambiguous 6:1", "[x](somewhere/twin)"),
                ("link-scheme 6:1", "[x](javascript:alert(1))"),
                ("link-scheme 6:1", "[x](JAVASCRIPT:alert(1))"),
                ("link-scheme 6:1", "[x](data:text/html,x)"),
                ("link-scheme 6:1", "[x](ftp://example.org)"),
                ("link-scheme 6:1", "[x](file:///etc/passwd)"),
                ("link-scheme 6:3", "a <vbscript:x>"),
                ("link-scheme 6:1", "<a href=javascript:alert(1)>x</a>"),
                ("link-scheme 6:1", "![x](data:image/png;base64,AA==)"),
                ("link-scheme 6:1", "[x](C:\\\\file.pdf)"),
                ("link-scheme 8:4", "a\n\näb [x](irc://example.org)"),
                ("alt-missing 6:1", "![](pump.png)"),
                ("alt-missing 6:1", "![ ](pump.png)"),
                ("alt-missing 6:2", "[![](pump.png)](plan.pdf)"),
                ("alt-missing 6:4", "é-:![](pump.png)"),
                ("alt-missing 6:1", "<img src=pump.png>"),
                ("alt-missing 6:1", "<img alt='' src=pump.png>"),
                ("html-removed 6:1", "<script>alert(1)</script>"),
                ("html-removed 6:3", "a <script src=x></script>"),
                ("html-removed 8:1", "a\n\n<style>p{}</style>"),
                ("html-removed 6:1", "<iframe src='https://example.org'></iframe>"),
                ("html-removed 6:1", "<form action=x>"),
                ("html-removed 6:1", "<object data=x></object>"),
                ("html-removed 6:1", "<embed src=x>"),
                ("html-removed 6:1", "<svg onload=x></svg>"),
                ("html-removed 6:1", "<video src=x></video>"),
                ("html-removed 6:1", "<audio src=x></audio>"),
                ("html-removed 6:1", "<input name=x>"),
                ("html-removed 6:1", "<link rel=x>"),
                ("html-removed 6:1", "<meta name=x>"),
                ("html-removed 6:1", "<base href=x>"),
                ("html-removed 6:1", "<p onclick='x'>a</p>"),
                ("html-removed 6:3", "a <b style='color:red'>b</b>"),
                ("html-removed 6:1", "<math><mi>x</mi></math>"),
                ("html-removed 6:14", "`<script>` a <script>b</script>"),
                ("tag-open 6:1", '<div title="a>b</div>'),
                ("tag-open 8:1", "a\n\n<h2 id='b>c</h2>\n\nd"),
                ("remark-open 8:1", "a `<!--`\n\n<!-- b"),
                ("remark-open 6:1", "<![CDATA[ a <!-- --> "),
                ("remark-open 6:1", "<?php a"),
                ("direction-open 6:3", "a \u2067b\n\nc\u2069"),
                ("direction-open 7:3", "- \u2067b\u2069\n- \u202ec\u202c"),
                ("html-unknown 6:10", "Unpack x <archive> here, not `<dir>`"),
                ("pasted-from-word 6:4", "<p class=MsoNormal>x</p>"),
                ("word-bullets 8:1", "a\n\n\uf0b7\tone\n\uf0b7\ttwo"),
                ("too-many-links 6:1", "[](#)" * 10_001),
                ("shortcode 6:3", "a {{< figure src=x >}}"),
                ("link-unseen 6:3", "a [x] (https://example.org/)"),
                ("link-unseen 6:1", "[x](my file.pdf)"),
                ("link-unseen 8:1", "a\n\n(x)[https://example.org/]"),
                ("anchor-dead 6:3", "a [x](#there)"),
                ("place-dead 6:3", "a [x](/pages/about.en.md#there)"),
                ("anchor-dead 6:1", '<a href="#ther">x</a> <b id="there">y</b>'),
                ("table-too-large 7:1", "|a" * 500 + "|\n" + "|-" * 500 + "|\n" + "|1|\n" * 50),
                ("nested-too-deep 6:1", "<b>" * 200 + "x"),
            ),
            1,
        )
    ),
    *table(
        "conflict-mark",
        ("conflict-mark 6:1", story(body="<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> branch\n")),
        ("conflict-mark 3:1", story().replace("title", "<<<<<<< HEAD\ntitle")),
        ("conflict-mark 10:1", story(body="Text.\n\n=======\nTwo.\n>>>>>>> branch\n")),
        ("conflict-mark 7:1", story(body="Text.\n<<<<<<<\n||||||| base\n=======\n>>>>>>>\n").replace("\n", "\r\n")),
    ),
    *table(
        "pointer", ("git-lfs 1:1", LFS_POINTER), ("git-lfs 6:1", story(body="![x](pointer.png)\n")),
    ),
    *table(
        "bad-file",
        ("asset-empty 6:1", story(body="![x](empty.png)\n")),
        ("asset-empty 5:13", story("enclosures: empty.pdf")),
        ("asset-web-page 6:3", story(body="a [x](error.pdf)\n")),
        ("asset-web-page 6:1", story(body="![x](error.jpeg)\n")),
        ("asset-damaged 5:13", story("enclosures: torn.pdf")),
        ("asset-mislabelled 5:8", story("image: really-png.jpg", "image_alt: x")),
        ("picture-unreadable 6:1", story(body="![x](torn.png)\n")),
        ("picture-too-many-pixels 6:1", story(body="![x](wide.png)\n")),
        ("picture-cut-off 5:8", story("image: cut-off.png", "image_alt: x")),
        ("picture-large 6:1", story(body="![x](heavy.png)\n")),
        ("link-half 6:1", story(body="[x](//example.org/a)\n")),
        ("link-query 6:1", story(body="[x](?page=2)\n")),
        ("name-look-alike 6:1", story(body="[y](the-minister's-plan.pdf)\n")),
        ("name-look-alike 5:8", story("image: the-minister's-plan.pdf", "image_alt: x")),
    ),
    Fault("own-link", "own-link-dead 6:5", story(body="See [x](https://broken.example/en/news/2026/gone/).\n")),
    translated("copied", "language-differs 4:1", "---\ntitle: MARK\n---\n" + "This is the text of a story that was not translated. " * 5, ORIGINAL),
    Fault("misnamed", "text-misnamed 1:1", story(), "news/broken/misnamed.en.MD"),
    Fault("document", "document-unread 1:1", "words", "news/broken/document.en.docx"),
    Fault("outside", "text-outside 1:1", story(), "outside.en.md"),
    *(
        Fault(f"two-endings-{number}", "file-name 1:1", story(), f"news/broken/two-endings-{number}.en.{ending}.md")
        for number, ending in enumerate(("md", "txt", "markdown"), 1)
    ),
    Fault("typographic", "name-untypable 1:1", story(), "news/broken/“quoted”.en.md"),
    Fault(
        "forms",
        "name-forms 1:1",
        story(),
        "news/broken/f\u00f6rms.en.md",
        {"news/broken/fo\u0308rms.en.md": ORIGINAL.replace("NAME", "forms-beside")},
    ),
    *table(
        "file",
        ("enclosure-missing 5:8", story("image: gone.png", "image_alt: x")),
        ("enclosure-missing 5:8", story("image: /news/broken/pump.png", "image_alt: x")),
        ("enclosure-missing 5:8", story("image: ../../../etc/passwd", "image_alt: x")),
        ("enclosure-missing 5:24", story("enclosures: [plan.pdf, gone.pdf]")),
        ("enclosure-missing 5:13", story("enclosures: gone.pdf")),
        ("enclosure-missing 6:11", story("enclosures:", "  - file: https://example.org/a.pdf")),
        ("too-many-entries 5:761", story(f"authors: [{'A, ' * 250}B]")),
        ("enclosure-type 5:13", story("enclosures: notes.xyzzy")),
        ("enclosure-type 5:24", story("enclosures: [plan.pdf, notes.xyzzy]")),
        ("enclosure-type 6:5", story("enclosures:", "  - file: plan.pdf", "    type: pdf")),
        ("image-alt-missing 5:8", story("image: pump.png")),
        ("image-alt-alone 5:12", story("image_alt: x")),
        ("image-key-alone 5:16", story("image_caption: x")),
        ("image-key-alone 5:15", story("image_credit: x")),
        ("focus-unknown 7:14", story("image: pump.png", "image_alt: x", "image_focus: the left")),
        ("source-in-original 5:9", story("source: d23932d85177f1303bdc61e9")),
        ("value-one-entry 5:10", story("authors: Ada, Bo")),
        ("value-one-entry 5:10", story("authors: Cy; Dee")),
        ("value-one-entry 5:14", story("translators: Ada, Bo")),
        ("value-one-entry 5:10", story("aliases: /x/NAME, /y/NAME")),
    ),
    translated("alt-translation", "image-alt-missing 1:1", "---\ntitle: MARK\n---\nText.\n", ORIGINAL.replace("topics", "image: pump.png\nimage_alt: x\ntopics")),
    translated("caption-translation", "image-caption-missing 1:1", "---\ntitle: MARK\nimage_alt: x\n---\nText.\n", ORIGINAL.replace("topics", "image: pump.png\nimage_alt: x\nimage_caption: y\ntopics")),
    Fault("large-file", "attachment-too-large 5:13", story("enclosures: large.txt"), beside={"news/broken/large.txt": "x" * 60_001}),
    Fault("project-image", "enclosure-missing 4:8", other("image: gone.png", "image_alt: x"), "projects/project-image.en.md"),
    Fault("programme-alt", "image-alt-missing 4:8", other("image: ../news/broken/pump.png"), "programmes/programme-alt.en.md"),
]  # fmt: skip
FILES = [
    *by_number("empty", "file-empty 1:1", "", "\n", " \n\t\n\n", b"\xef\xbb\xbf", b"\r\n"),
    *by_number("large", "file-too-large 1:1", story(body="x" * 60_000), b"\xff" * 60_001, b"\0" * 3_000_000),
    *(
        Fault(f"unnamed-{number}", "file-name 1:1", story(), path)
        for number, path in enumerate(
            ("news/README.md", "news/broken/plain.md", "pages/index.md", "projects/a/index.md", "programmes/b.md"), 1
        )
    ),
    *(
        Fault(f"language-{number}", "language-unknown 1:1", story(), path)
        for number, path in enumerate(
            ("news/broken/a.ru.md", "news/broken/a.eng.md", "news/broken/a.en-GB.md", "pages/a.e n.md", "news/2010.01.md", "news/broken/a..md"),
            1,
        )
    ),
]  # fmt: skip
FAULTS = [
    *BYTES,
    *CONTROL,
    *ESCAPES,
    *HEADS,
    *YAML,
    *TOML,
    *KEYS,
    *DATES,
    *NAMES,
    *WORDS,
    *TEXTS,
    *BODIES,
    *FILES,
]
SPECIAL = {
    "news/broken/outside-file.en.md": "symlink-outside 1:1",
    "news/broken/outside-gone.en.md": "symlink-outside 1:1",
    "news/broken/outside-folder": "symlink-outside 1:1",
    "news/broken/circle.en.md": "unreadable 1:1",
    "news/broken/dangling.en.md": "unreadable 1:1",
    "news/broken/pipe.en.md": "unreadable 1:1",
    "news/broken/caf\udce9.en.md": "unreadable 1:1",
}
"""Files that only a disk can hold, and what must be said about them."""


def write_site(root: Path) -> Path:
    """Everything that is right, and everything that is wrong."""
    files: dict[str, str | bytes] = dict(GOOD)
    for fault in FAULTS:
        assert not files.keys() & fault.files.keys(), fault.name
        files |= fault.files
    write_tree(root, files)
    secret = root.parent / "secret"
    write_tree(secret, {"a.en.md": "SECRET"})
    broken = root / "news/broken"
    (broken / "outside-file.en.md").symlink_to(secret / "a.en.md")
    (broken / "outside-gone.en.md").symlink_to("/nowhere/at/all.en.md")
    (broken / "outside-folder").symlink_to(secret)
    (broken / "circle.en.md").symlink_to("circle.en.md")
    (broken / "dangling.en.md").symlink_to("gone-for-ever.en.md")
    os.mkfifo(broken / "pipe.en.md")
    (broken / "caf\udce9.en.md").write_text("FAULT name")
    return root


@dataclass(frozen=True)
class Checked:
    """The broken site and what is wrong with it."""

    root: Path
    problems: list[Problem]

    def told(self, path: str) -> list[str]:
        """What is said about one file."""
        return told(one for one in self.problems if one.where.path == path)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """The site, checked once."""
    root = write_site(tmp_path_factory.mktemp("broken") / "site")
    problems, texts = site.check(root, NOW)
    assert texts > len(FAULTS)
    return Checked(root, problems)


def newsfeed(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real command, in English."""
    return subprocess.run(
        [sys.executable, "-m", "newsfeed", "-C", str(root), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "error"},
    )


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.name}-{fault.code}")
def test_a_fault_is_told_at_its_place(checked, fault):
    """The expected code at the expected line and column."""
    assert fault.told in checked.told(fault.where)


@pytest.mark.parametrize(("path", "expected"), SPECIAL.items())
def test_a_file_that_is_none_is_told(checked, path, expected):
    """Links out of the site, links to nothing, pipes and names in another encoding."""
    assert checked.told(path) == [expected]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path):
    """Like one that cannot be read."""
    write_tree(tmp_path, {**GOOD, "news/broken/secret.en.md": "SECRET"})
    (tmp_path / "news/broken/secret.en.md").chmod(0)
    problems, _ = site.check(tmp_path, NOW)
    assert "unreadable 1:1" in told(one for one in problems if one.where.path.endswith("secret.en.md"))


COMPANIONS = {"bom", "front-matter-missing", "fact-in-translation", "more-of-kind", "source-in-original"}
"""What may be true of a file besides its fault: UTF-16 hides the front matter, a second original repeats."""


def test_a_fault_is_one_kind_of_problem(checked):
    """Nothing is told that only follows from it."""
    noise = {
        fault.name: codes - {fault.code} - COMPANIONS
        for fault in FAULTS
        if (codes := {one.code for one in checked.problems if one.where.path == fault.where})
    }
    assert {name for name, codes in noise.items() if codes} == set()


def test_there_are_faults_enough():
    """Two hundred different files at least."""
    assert len({fault.where for fault in FAULTS}) == len(FAULTS) >= 200


def test_what_is_right_has_no_problems(checked):
    """Faults stay with their files, and with the files that were put beside them."""
    faulty = {path for fault in FAULTS for path in fault.files} | SPECIAL.keys()
    rest = [one for one in checked.problems if one.where.path not in faulty]
    assert {one.code for one in rest} == {"name-untranslated"}
    assert {one.where.path.split("/")[0] for one in rest} == {"locales"}


def test_problems_are_sorted_and_point_into_their_files(checked):
    """By file, line and column; an excerpt is the line of the file, and never one from outside."""
    places = [(one.where.path, one.where.line, one.where.column) for one in checked.problems]
    assert places == sorted(places)
    assert all(line >= 1 and column >= 1 for _, line, column in places)
    texts = {fault.where: fault.files[fault.where] for fault in FAULTS}
    for one in checked.problems:
        data = texts.get(one.where.path)
        if data is not None and one.where.text:
            text = data if isinstance(data, str) else data.decode("utf-8-sig", "replace")
            assert one.where.text in text.replace("\r\n", "\n")
        assert "SECRET" not in one.where.text


@pytest.mark.parametrize("form", ["json", "github", "text"])
def test_the_command_tells_the_same_and_exits_with_one(checked, form):
    """No traceback, nothing that a terminal would obey, nothing from outside the site."""
    done = newsfeed(checked.root, "check", "--format", form, "--now", NOW.isoformat())
    assert done.returncode == 1
    assert done.stderr == ""
    assert "Traceback" not in done.stdout
    assert "SECRET" not in done.stdout
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", done.stdout)
    expected = [
        (visible(one.where.path), one.where.line, one.where.column, one.code) for one in checked.problems
    ]
    if form == "json":
        data = json.loads(done.stdout)
        assert [(one["path"], one["line"], one["column"], one["code"]) for one in data] == expected
        assert all(one["message"] and one["hint"] for one in data)
        for one in data:
            gaps = re.findall(r"\{\w+\}", PROBLEM_KINDS[one["code"]].hint)
            assert not [gap for gap in gaps if gap in one["hint"]]
    elif form == "github":
        lines = done.stdout.splitlines()
        assert len(lines) == len(expected)
        assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    else:
        heads = re.findall(r"^(\S.*?):(\d+):(\d+): .* \[([a-z0-9-]+)\]$", done.stdout, re.MULTILINE)
        assert [(path, int(line), int(column), code) for path, line, column, code in heads] == expected
        *_, tally, last = done.stdout.splitlines()
        assert re.fullmatch(r"\d+ errors, \d+ warnings, \d+ pieces of advice", tally)
        assert last == "not published: 1 expired"


def test_a_build_publishes_nothing(checked, tmp_path):
    """Not even the folder is made."""
    done = newsfeed(checked.root, "build", "-o", str(tmp_path / "public"), "--now", NOW.isoformat())
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1] == "nothing was published; correct the errors, or use --keep-going"
    assert not (tmp_path / "public").exists()
    assert not (checked.root / "public").exists()


def test_keep_going_publishes_the_good_rest(checked, tmp_path):
    """All that is right, all that has warnings only, and nothing of what is wrong."""
    public = tmp_path / "public"
    done = newsfeed(checked.root, "build", "-o", str(public), "--keep-going", "--now", NOW.isoformat())
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert re.match(r"\d+ pages and \d+ feeds in ", done.stdout)
    pages = {path: path.read_text() for path in public.rglob("*.html")}
    everything = "\n".join(pages.values()) + "\n".join(
        path.read_text() for ending in ("rss", "atom", "json", "opml") for path in public.rglob(f"*.{ending}")
    )
    assert set(re.findall(r"GOOD [a-z]+(?: [xy])?", everything)) == {
        "GOOD one", "GOOD two", "GOOD zwei", "GOOD twin x", "GOOD twin y", "GOOD wells", "GOOD clean", "GOOD about",
    }  # fmt: skip
    severities: dict[str, set[Severity]] = defaultdict(set)
    for one in checked.problems:
        severities[one.where.path].add(one.severity)
    shown = {fault.name for fault in FAULTS if fault.mark in everything}
    sound = {
        fault.name
        for fault in FAULTS
        if Severity.ERROR not in severities[fault.where] and fault.mark in str(fault.files[fault.where])
        if fault.code not in UNSEEN
    }
    assert shown == sound
    assert len(sound) >= 20
    assert "SECRET" not in everything


UNSEEN = ("text-misnamed", "document-unread", "text-outside")
"""Warnings about files that are not read at all."""
ELSEWHERE = (
    "commit-",
    "note-",
    "issue-record",
    "more-of-kind",
    "readable-by-others",
    "template-",
    "catalogue-",
    "audience-",
    "name-untranslated",
    "url-vanished",
    "edition-vanished",
    "text-withdrawn",
    "translation-lost",
    "translation-withdrawn",
    "withdrawn-",
    "id-altered",
    "id-dropped",
    "id-removed",
    "id-reused",
    "guid-altered",
    "desk-unknown",
    "feeds-vanished",
    "output-",
    "story-renamed",
    "store-unread",
    "digest-orphaned",
    "redirect-",
    "brand-",
    "colour-",
    "drawing-",
    "card-",
    "font-",
    "search-",
)
"""What other tests produce: reports, modes of files, templates, catalogues, readers, moves, ids, redirects, stores,
the pictures, the colour and the font of a brand, the search's program, commits that are pushed.
"""


def test_every_kind_of_problem_is_produced_by_a_test(tmp_path):
    """The table of problems holds nothing that cannot happen."""
    produced = {fault.code for fault in FAULTS}
    produced |= {expected.split()[0] for expected in SPECIAL.values()}
    produced |= {one.split()[0] for _, expected in WRONG for one in expected}
    produced |= {one.code for one in loader.load_settings(tmp_path)[1]}
    assert produced == {code for code in PROBLEM_KINDS if not code.startswith(ELSEWHERE)}
