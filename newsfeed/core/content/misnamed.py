"""Find texts that nobody will see: their names do not end as those of texts do, or they lie elsewhere."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from newsfeed.core.content.file_names import compose
from newsfeed.core.content.languages import canonicalise_tag
from newsfeed.problems import Location, Problem, find_nearest, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator

_TEXT = re.compile(r"\.(?:md|markdown|mdown|mkdn?|mdwn|mdx|text|txt)$", re.IGNORECASE)
"""The end of a name that somebody may give to a text."""
_DOCUMENT = re.compile(r"\.(?:docx?|odt|rtf|pages)$", re.IGNORECASE)
"""The end of a name that a word processor gives to what is written in it."""
_TURNED = re.compile(r"\.md\.(?!(?:bak|old|tmp|swp|rej|new|sav)$)([a-z]{2,3}(?:-[a-z0-9]+)*)$", re.IGNORECASE)
"""Ending and language in the wrong order; not what programs leave behind."""
_ABOUT = re.compile(r"(?:readme|licen[cs]e|copying|notice|changelog|credits|robots|humans)\b", re.IGNORECASE)
"""Begins the names of texts that are meant for whoever looks into the folder."""
_HEAD = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:---|\+\+\+)[ \t]*\r?\n(?:.*\n)*?(?:title|date)[ \t]*[:=]")
_YEAR = re.compile(rb"^date[ \t]*[:=][ \t]*[\"']?(\d{4})", re.MULTILINE)


def looks_like_text(path: str) -> bool:
    """Return whether a file that is not read as a text may be meant as one, by its name."""
    name = posixpath.basename(path)
    return bool(_TEXT.search(name) or _TURNED.search(name)) and not _ABOUT.match(name)


def may_be_told(path: str) -> bool:
    """Return whether somebody may take a file for a text, by its name, though it is not read as one."""
    return looks_like_text(path) or _DOCUMENT.search(path) is not None


def find_misnamed(
    assets: Iterable[str], linked: Container[str], languages: Collection[str], default: str
) -> Iterator[Problem]:
    """Yield a problem for each file that may be meant as a text and is not read as one.

    ``assets``: all files but the texts; ``linked``: file names that texts link to: those are seen;
    ``default``: the language of names that have none.
    """
    for path in assets:
        if not may_be_told(path) or compose(posixpath.basename(path)) in linked:
            continue
        if looks_like_text(path):
            example = make_text_name(posixpath.basename(path), languages, default)
            yield problem("text-misnamed", Location(path), example=example)
        else:
            yield problem("document-unread", Location(path))


def make_text_name(name: str, languages: Collection[str], default: str) -> str:
    """Return the name that a text should have: one ending, after one language."""
    turned = _TURNED.search(name)
    stem, lang = (name[: turned.start()], turned[1]) if turned else (name, "")
    while found := _TEXT.search(stem):
        stem = stem[: found.start()]
    bare, _, code = stem.rpartition(".")
    if bare and canonicalise_tag(code) in languages:
        stem, lang = bare, canonicalise_tag(code)
    return f"{stem}.{lang or default}.md"


def looks_like_story(head: bytes) -> bool:
    """Return whether a file begins like a text of the site: with a title or a date in front matter."""
    return _HEAD.match(head) is not None


def report_outside(
    path: str, head: bytes, kinds: Collection[str], languages: Collection[str], default: str
) -> Problem:
    """Return the problem of a text that lies in none of the content folders.

    ``head``: its first bytes; ``kinds``: the content folders.
    """
    folder, _, name = path.rpartition("/")
    first, _, rest = folder.partition("/")
    kind = find_nearest(first, kinds) if first else ""
    year = found[1].decode() if (found := _YEAR.search(head)) else ""
    if not kind:
        kind, rest = "news", year
    target = "/".join(part for part in (kind, rest, make_text_name(name, languages, default)) if part)
    return problem(
        "text-outside", Location(path), example=target, known=", ".join(f"{one}/" for one in kinds)
    )
