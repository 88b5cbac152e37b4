"""The sentences of a site's own templates: found there, and written into its catalogues to be translated."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2 import TemplateSyntaxError

from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import read_file
from newsfeed.i18n.catalogues import PROGRAM_DOMAIN, catalogue_path
from newsfeed.i18n.name_edits import add_names
from newsfeed.i18n.site_catalogues import (
    CatalogueChange,
    catalogue_file,
    parse_catalogue,
    read_if_there,
    write_catalogue,
)
from newsfeed.i18n.texts import is_source_language
from newsfeed.marking import N_

if TYPE_CHECKING:
    from pathlib import Path

    from newsfeed.settings import Settings

_ENDINGS = (".html", ".txt")
_OPTIONS = {"silent": "false", "trimmed": "true", "newstyle_gettext": "true"}
"""A template that does not parse would else be left out without a word."""

_Said = tuple[str | tuple[str, ...], str | None]
"""A sentence, or its forms for numbers; and its context."""


def extract_sentences(root: Path, settings: Settings, shipped: Path) -> list[CatalogueChange]:
    """Write an empty entry for every sentence of the site's own templates that neither its catalogue nor
    those of the program have; what stands there stays byte for byte.

    shipped: the folder of the program's catalogues. Raises `OutsideError` for a template that does not parse.
    """
    sentences = _find_sentences(root / "templates")
    known = read_po(io.BytesIO(read_file(shipped / f"{PROGRAM_DOMAIN}.pot")))
    own = [one for one in sentences if known.get(one[0], one[1]) is None]
    codes = [code for code in settings.site.languages if not is_source_language(code)] if own else []
    changes = []
    for code in codes:
        path = f"locales/{catalogue_path(code, PROGRAM_DOMAIN)}"
        file = catalogue_file(root, path)
        before = read_if_there(file, path)
        after, added = _add(before, path, code, own)
        if added:
            write_catalogue(file, path, after, is_new=before is None)
            changes.append(CatalogueChange(path, added, 0))
    return changes


def _find_sentences(folder: Path) -> list[_Said]:
    """Return those of all templates, each once."""
    found: dict[_Said, None] = {}
    for file in sorted(folder.rglob("*")):
        if file.name.endswith(_ENDINGS) and file.is_file():
            found |= dict.fromkeys(_sentences_of(file, file.relative_to(folder.parent).as_posix()))
    return list(found)


def _sentences_of(file: Path, path: str) -> list[_Said]:
    """Return those of one template. ``path``: as people name it."""
    try:
        found = extract("jinja2", io.BytesIO(read_file(file)), options=_OPTIONS)
        return [(message, context) for _, message, _, context in found]
    except TemplateSyntaxError as error:
        path, reason = f"{path}:{error.lineno}", str(error.message)
    except (OSError, ValueError) as error:  # UnicodeDecodeError is one
        reason = str(reason_of(error) if isinstance(error, OSError) else error)
    raise OutsideError(N_("{path}: {reason}"), path=path, reason=reason)


def _add(before: bytes | None, path: str, code: str, sentences: list[_Said]) -> tuple[bytes, int]:
    """Return a catalogue with more sentences at its end, and how many."""
    data = before if before is not None else _new(code)
    known = parse_catalogue(data, path)
    more = Catalog(locale=known.locale or code.replace("-", "_"), charset="utf-8")
    for message, context in sentences:
        if known.get(message, context) is None:
            more.add(message, context=context)
    if not len(more):
        return data, 0
    written = io.BytesIO()
    write_po(written, more, width=0, omit_header=True)
    return data.rstrip(b"\r\n \t") + b"\n\n" + written.getvalue().strip() + b"\n", len(more)


def _new(code: str) -> bytes:
    """Return a catalogue with nothing but its head, which says how the language forms plurals."""
    forms = Catalog(locale=code.replace("-", "_")).plural_forms
    return add_names(None, code, []).rstrip() + f'\n"Plural-Forms: {forms}\\n"\n'.encode()
