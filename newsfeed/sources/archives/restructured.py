"""Read a text in reStructuredText, the markup of docutils: its fields, its HTML, and what is doubtful."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

from docutils.core import publish_doctree
from docutils.parsers import rst
from docutils.parsers.rst import roles
from docutils.parsers.rst.languages import get_language

from newsfeed.core.arriving.moved_text import Doubt
from newsfeed.marking import N_, Sentence
from newsfeed.sources.archives.rst_directives import register_words
from newsfeed.sources.archives.rst_guard import (
    LONGEST_LINE,
    ParserRemark,
    WatchedReader,
    refuse_too_much,
)
from newsfeed.sources.archives.rst_html import clean_tree, take_fields, write_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from docutils import nodes

_UNCLEAR = N_("its markup is not clear; see these lines: {names}")
_UNKNOWN = N_("only the words are left of directives and roles that nobody knows (line): {names}")
_OTHER_FILES = N_("what it takes from other files is left out (line): {names}")
_OTHER_FORMATS = N_("what is meant for other formats than HTML is left out (line): {names}")
_FORMULAS = N_("formulas stay as they are written; see these lines: {names}")
_ONLY_WORDS = N_("its reStructuredText cannot be read: it stays as it is written")
_SENTENCES = {
    "unclear": _UNCLEAR,
    "unknown": _UNKNOWN,
    "file": _OTHER_FILES,
    "format": _OTHER_FORMATS,
    "formula": _FORMULAS,
}
_MOST_NAMED = 20
_MOST_NAME = 100
_FILE_OPTION = re.compile(r"\s*:(?:file|url):\s*(\S.*)")
_DATA = re.compile(r"\bdata:[\w.+-]{1,60}/[\w.+-]{1,60};base64,[A-Za-z0-9+/=]{1000,}")
"""Pictures within a text: they are not published, and make lines of any length."""
_FIELD = re.compile(r":[^:\n]{1,200}:(?:[ \t]|$)")
_SETTINGS: dict[str, Any] = {
    "_disable_config": True,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "halt_level": 5,
    "report_level": 5,
    "line_length_limit": LONGEST_LINE,
    "syntax_highlight": "none",
    "math_output": "LaTeX",
    "initial_header_level": 2,
    "embed_stylesheet": False,
    "stylesheet_path": None,
    "stylesheet": None,
    "strip_comments": True,
    "toc_backlinks": False,
    "image_loading": "link",
    "cloak_email_addresses": False,
}


@dataclass(frozen=True, slots=True)
class RestructuredText:
    """A text in reStructuredText, as it was read."""

    head: dict[str, str]
    """Its fields, in lower case, and its title; empty when they belong to the text."""
    html: str
    doubts: list[Doubt]


def read_restructured(
    text: str,
    name: str,
    *,
    language: str = "en",
    has_head: bool = True,
    lines_before: int = 0,
    title_of: Callable[[str], str] = str,
) -> RestructuredText:
    """Return a text as HTML; no file and no address that it names is looked at.

    name: of its file. has_head: the title and the fields at its top are facts about it.
    lines_before: lines of the file that are no part of it. title_of: returns the title of a text by its name.
    """
    settings = {**_SETTINGS, "doctitle_xform": has_head, "docinfo_xform": has_head}
    settings |= {
        "title_of": title_of,
        "warning_stream": StringIO(),
        "language_code": language if get_language(language) is not None else "en",
    }
    text = _DATA.sub("data:", text)
    try:
        refuse_too_much(text)
        head, html, remarks = _read(text, settings)
    except Exception:  # noqa: BLE001 - whatever it stumbles over, one text stops no archive
        head = _read_head(text, settings) if has_head else {}
        return RestructuredText(head, _as_written(text), [Doubt(name, Sentence(_ONLY_WORDS))])
    return RestructuredText(head, html, list(_doubts(name, text, remarks, lines_before)))


def _read(text: str, settings: dict[str, Any]) -> tuple[dict[str, str], str, list[ParserRemark]]:
    """Return fields, HTML, and remarks. Raises `TooMuchError`, `RecursionError`."""
    known = getattr(roles, "_roles", {})
    before = dict(known)
    try:
        reader_remarks, document = _parse(text, settings)
        head = take_fields(document) if settings["docinfo_xform"] else {}
        remarks = [*reader_remarks, *clean_tree(document)]
        return head, write_html(document, settings), remarks
    finally:  # a text's own roles are not those of the next one
        known.clear()
        known.update(before)


def _parse(text: str, settings: dict[str, Any]) -> tuple[list[ParserRemark], nodes.document]:
    reader = WatchedReader()
    register_words(text, settings["language_code"])
    document = publish_doctree(text, reader=reader, parser=rst.Parser(), settings_overrides=settings)
    return reader.remarks, document


def _read_head(text: str, settings: dict[str, Any]) -> dict[str, str]:
    """Return the fields at the top of a text that cannot be read as a whole."""
    lines: list[str] = []
    in_fields = False
    for line in text.split("\n")[:200]:
        if _FIELD.match(line):
            in_fields = True
        elif in_fields and not line.startswith((" ", "\t")):
            break
        lines.append(line)
    try:
        top = "\n".join(lines)
        refuse_too_much(top)
        return _read(top, settings)[0] if in_fields else {}
    except Exception:  # noqa: BLE001 - as above
        return {}


def _as_written(text: str) -> str:
    blocks = (block.strip() for block in re.split(r"\n[ \t]*\n", text))
    return "\n".join(f"<p>{escape(block)}</p>" for block in blocks if block)


def _doubts(name: str, text: str, remarks: Iterable[ParserRemark], lines_before: int) -> Iterator[Doubt]:
    """Yield one doubt for each kind of remark, with all places."""
    found: dict[str, dict[str, None]] = {}
    lines = text.split("\n")
    for remark in remarks:
        line = str(remark.line + lines_before) if remark.line else "?"
        what = remark.name or (_file_named(lines[max(remark.line - 1, 0) :]) if remark.kind == "file" else "")
        words = f"{what[:_MOST_NAME]} ({line})" if what else line
        found.setdefault(remark.kind, {})[words] = None
    for kind, places in found.items():
        listed = [*list(places)[:_MOST_NAMED], *(["…"] if len(places) > _MOST_NAMED else [])]
        yield Doubt(name, Sentence(_SENTENCES[kind], names=", ".join(listed)))


def _file_named(lines: list[str]) -> str:
    """Return which file, or address, the directive in the first of these lines names."""
    for line in lines[1:6]:
        if found := _FILE_OPTION.fullmatch(line):
            return found[1].strip()
        if not line.strip():
            break
    return lines[0].partition("::")[2].strip() if lines else ""
