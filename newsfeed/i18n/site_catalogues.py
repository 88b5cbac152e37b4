"""The catalogues that a site keeps itself: its names in every language, and sentences of its own."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import read_file, replace_file, write_new
from newsfeed.i18n.catalogues import (
    NAMES_DOMAIN,
    PROGRAM_DOMAIN,
    catalogue_path,
    list_names,
    read_catalogue,
)
from newsfeed.i18n.name_edits import add_names
from newsfeed.marking import N_
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsfeed.settings import Settings

_KEYWORD = re.compile(r"(?P<word>msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+(?P<text>\".*\")\s*")
_TEXT = re.compile(r"\s*(\".*\")\s*")


class CatalogueChange(NamedTuple):
    """A catalogue that was written."""

    path: str
    added: int
    removed: int
    """Entries for names that the site no longer has; they stay in the file as obsolete."""


def extract_names(root: Path, settings: Settings) -> list[CatalogueChange]:
    """Write an empty entry for every name that a catalogue lacks; what stands there stays byte for byte."""
    changes = []
    for path in _paths(settings):
        file = catalogue_file(root, path)
        before = read_if_there(file, path)
        had = _count(before, path)
        code = path.split("/")[1]
        names = [(context, name, "") for context, name in list_names(settings)]
        after = add_names(before, code, names)
        if after != before:
            write_catalogue(file, path, after, is_new=before is None)
            changes.append(CatalogueChange(path, _count(after, path) - had, 0))
    return changes


def update_names(root: Path, settings: Settings) -> list[CatalogueChange]:
    """Bring catalogues in line with the configuration: missing names get an empty entry, those of names that
    are gone become obsolete. No translation is guessed. Raises `OutsideError` when a file cannot be read.
    """
    changes = []
    for path in _paths(settings):
        file = catalogue_file(root, path)
        before = read_if_there(file, path)
        if before is None:
            continue
        catalogue = parse_catalogue(before, path)
        known = {(message.context, message.id) for message in catalogue if message.id}
        wanted = dict.fromkeys(list_names(settings))
        template = Catalog(charset="utf-8")
        for context, name in wanted:
            template.add(name, context=context)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)  # type: ignore[call-arg]
        written = BytesIO()
        write_po(written, catalogue, width=0)
        if written.getvalue().strip() != before.strip():
            write_catalogue(file, path, written.getvalue().strip() + b"\n", is_new=False)
            added, removed = len(wanted.keys() - known), len(known - wanted.keys())
            changes.append(CatalogueChange(path, added, removed))
    return changes


def check_catalogues(root: Path, settings: Settings) -> list[Problem]:
    """Return what is wrong in the site's own catalogues, each with its line."""
    problems: list[Problem] = []
    for code in settings.site.languages:
        for domain in (PROGRAM_DOMAIN, NAMES_DOMAIN):
            path = f"locales/{catalogue_path(code, domain)}"
            data = read_if_there(catalogue_file(root, path), path)
            if data is None:
                continue
            _, found = read_catalogue(root / "locales", code, domain)
            problems += [*found, *_duplicates(data, path)]
            if domain == NAMES_DOMAIN and not found:
                problems += _empty(data, path)
    for path in _paths(settings):
        file = catalogue_file(root, path)
        data = read_if_there(file, path)
        known = _keys(data, path)
        problems += [
            problem("name-untranslated", Location(path), value=name, path=path, context=context)
            for context, name in list_names(settings)
            if known is not None and (context, name) not in known
        ]
    return problems


def _paths(settings: Settings) -> list[str]:
    """Return the catalogues of names there are to be: of all languages but that of the configuration."""
    codes = (code for code in settings.site.languages if code != settings.site.default_language)
    return [f"locales/{catalogue_path(code, NAMES_DOMAIN)}" for code in codes]


def _empty(data: bytes, path: str) -> Iterator[Problem]:
    """Report the entries that nobody has translated yet."""
    for message in parse_catalogue(data, path):
        if message.id and not message.string:
            where = Location(path, message.lineno or 1)
            value, context = str(message.id), message.context or ""
            yield problem("name-untranslated", where, value=value, path=path, context=context)


def _keys(data: bytes | None, path: str) -> set[tuple[str, str]] | None:
    """Return (context, name) of all entries; ``None`` when the file cannot be read, which is told already."""
    if data is None:
        return set()
    try:
        return {(message.context or "", str(message.id)) for message in parse_catalogue(data, path)}
    except OutsideError:
        return None


def _duplicates(data: bytes, path: str) -> Iterator[Problem]:
    """Report entries that stand in a file twice: of these only the last would count."""
    first: dict[tuple[str, str], int] = {}
    for line, context, name in _entries(data.decode("utf-8", "replace")):
        other = first.setdefault((context, name), line)
        if other != line:
            yield problem("catalogue-duplicate", Location(path, line), value=name, line=other)


def _entries(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line, context, name) of the entries of a PO file, as they are written."""
    context, word, parts, begin = "", "", list[str](), 0
    for number, line in enumerate([*text.split("\n"), 'msgid ""'], 1):
        keyword, more = _KEYWORD.fullmatch(line.strip()), _TEXT.fullmatch(line)
        if keyword is None:
            parts += [more[1]] if more and parts else []
            continue
        if word == "msgctxt":
            context = "".join(part[1:-1] for part in parts)
        elif word == "msgid":
            yield begin, context, "".join(part[1:-1] for part in parts)
            context = ""
        word, parts, begin = keyword["word"], [keyword["text"]], number


def _count(data: bytes | None, path: str) -> int:
    return len(parse_catalogue(data, path)) if data is not None else 0


def parse_catalogue(data: bytes, path: str) -> Catalog:
    """Return what a catalogue says. Raises `OutsideError` for one that is damaged."""
    try:
        return read_po(BytesIO(data), abort_invalid=True)
    except (PoFileError, LookupError, ValueError) as error:
        hint = N_("newsfeed locales check tells the line")
        raise OutsideError(N_("{path}: {reason}"), hint, path=path, reason=str(error)) from error


def catalogue_file(root: Path, path: str) -> Path:
    """Return the file of a catalogue. Raises `OutsideError` for one that would not lie in the site."""
    file = root / path
    if not file.resolve().is_relative_to(root.resolve()):
        raise OutsideError(N_("{path}: it would not lie in the site"), path=path)
    return file


def read_if_there(file: Path, path: str) -> bytes | None:
    """Return a catalogue; ``None`` when there is none. Raises `OutsideError`."""
    try:
        return read_file(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutsideError(N_("{path}: {reason}"), path=path, reason=reason_of(error)) from error


def write_catalogue(file: Path, path: str, data: bytes, *, is_new: bool) -> None:
    """Write a catalogue, whole or not at all. Raises `OutsideError`."""
    try:
        if is_new:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_new(file, data)
        else:
            replace_file(file.resolve(), data)
    except OSError as error:
        raise OutsideError(N_("{path}: {reason}"), path=path, reason=reason_of(error)) from error
