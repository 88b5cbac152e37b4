"""Read an audience from a CSV file: ``email,name,language``. It lies outside git: addresses are personal."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING

from newsfeed.core.content.languages import canonicalise_tag
from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS, decode_source, join_lines
from newsfeed.core.people.mail_address import fold_address
from newsfeed.errors import reason_of
from newsfeed.files import read_file
from newsfeed.marking import N_
from newsfeed.model import Reader
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsfeed.settings import Language

COLUMNS = ("email", "name", "language")
_NO_CELL = N_("a cell is too long, or its quotation mark is never closed")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_TWO_MEANINGS = re.compile("[ßẞς\u200c\u200d]")
"""Letters that Python's IDNA writes as others: the mail would go to somebody else's domain."""


class CsvAudience:
    """Reads a CSV file each time it is asked; knows the editions to find each reader's language chain."""

    def __init__(self, root: Path, path: str, languages: Mapping[str, Language]) -> None:
        self._root = root
        self._path = path
        self._languages = languages

    def readers(self) -> tuple[Sequence[Reader], Sequence[Problem]]:
        """Return every reader of the file, and what is wrong with the lines left out."""
        try:
            data = read_file(self._root / self._path)
        except FileNotFoundError:
            return [], [problem("audience-missing", Location(self._path))]
        except OSError as error:
            return [], [problem("unreadable", Location(self._path), reason=str(reason_of(error)))]
        source, problems = decode_source(self._path, data)
        problems = [found for found in problems if found.code != "bom"]  # spreadsheets write one
        if source is None:
            return [], problems
        return self._parse(source.text, problems)

    def _parse(self, text: str, problems: list[Problem]) -> tuple[list[Reader], list[Problem]]:
        rows = csv.DictReader(io.StringIO(text), skipinitialspace=True)
        try:
            return self._read(rows, problems)
        except csv.Error:  # an open quote can make one field of the whole file
            where = Location(self._path, rows.line_num + 1)
            return [], [*problems, problem("unreadable", where, reason=_NO_CELL)]

    def _read(self, rows: csv.DictReader[str], problems: list[Problem]) -> tuple[list[Reader], list[Problem]]:
        names = [(name or "").strip().casefold() for name in rows.fieldnames or ()]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            return [], [
                *problems,
                *(problem("audience-column", Location(self._path), key=k) for k in missing),
            ]
        rows.fieldnames = names
        readers: dict[str, tuple[Reader, int]] = {}
        for row in rows:
            self._add(row, rows.line_num, readers, problems)
        return [reader for reader, _ in readers.values()], problems

    def _add(
        self,
        row: Mapping[str | None, str | None],
        line: int,
        readers: dict[str, tuple[Reader, int]],
        problems: list[Problem],
    ) -> None:
        where = Location(self._path, line)
        address = normalise_ascii_address((row["email"] or "").strip())
        if address is None:
            problems.append(problem("audience-address", where))
            return
        code = canonicalise_tag(row["language"] or "")
        if code not in self._languages:
            known = ", ".join(self._languages)
            problems.append(problem("language-unknown", where, self._languages, value=code, known=known))
            return
        key = make_reader_key(address)
        if key in readers:
            problems.append(problem("audience-duplicate", where, other=readers[key][1]))
            return
        name = join_lines(FORBIDDEN_CHARACTERS.sub("", row["name"] or ""))
        readers[key] = Reader(address, name, self._languages[code].chain, key), line


def normalise_ascii_address(text: str) -> str | None:
    """Return an address that can be written to, its domain in ASCII (IDNA); ``None`` when there is none."""
    local, at, domain = text.rpartition("@")
    if _TWO_MEANINGS.search(domain):
        return None
    try:
        domain = domain.encode("idna").decode("ascii").lower() if domain else ""
    except UnicodeError:
        return None
    good = at and len(local) <= 64 and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)
    return f"{local}@{domain}" if good and len(local) + len(domain) < 254 else None


def make_reader_key(address: str) -> str:
    """Return the key that Message-IDs and ledgers name a reader by: a hash, not the address itself."""
    return hashlib.blake2b(fold_address(address).encode(), digest_size=12).hexdigest()
