"""Files of gettext (PO), for Weblate, Poedit and OmegaT. A unit's name is its context (``msgctxt``)."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from newsfeed.core.content.exchange import ExchangeUnit, read_unit_id
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADER = "Markdown for newsfeed. Targets of links, code and placeholders stay as they are."
_FUZZY = "fuzzy"
_OF_THE_DAY = (
    b'"Project-Id', b'"Report-Msgid', b'"POT-Creation', b'"PO-Revision', b'"Last-Trans', b'"Language-Team',
)  # fmt: skip
"""Lines of the header that say when, and by nobody: the same texts give the same file."""


def write(units: Sequence[ExchangeUnit], lang: str) -> bytes:
    """Return the file; translations of an older source are marked as fuzzy."""
    catalogue = Catalog(locale=lang.replace("-", "_"), header_comment=f"# {_HEADER}", fuzzy=False)
    for unit in units:
        catalogue.add(
            unit.source,
            unit.target,
            locations=[(unit.path, 0)],
            flags=[_FUZZY] if unit.is_outdated else [],
            auto_comments=[f"{unit.lang}, {unit.place}"],
            context=unit.id,
        )
    file = BytesIO()
    write_po(file, catalogue, width=0)
    head, blank, entries = file.getvalue().partition(b"\n\n")
    kept = [line for line in head.split(b"\n") if not line.startswith(_OF_THE_DAY)]
    return b"\n".join(kept) + blank + entries


def read(data: bytes) -> tuple[str, list[ExchangeUnit]]:
    """Read a file; what is still fuzzy has not been looked at, and is left out."""
    try:
        catalogue = read_po(BytesIO(data), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, UnknownLocaleError, ValueError, LookupError) as error:
        raise UsageError(N_("this is no PO file: {reason}"), reason=str(error)) from error
    units = []
    for message in catalogue:
        name = read_unit_id(message.context or "")
        if name is not None and isinstance(message.id, str) and message.string and not message.fuzzy:
            lang = (message.auto_comments or [""])[0].partition(",")[0]
            units.append(ExchangeUnit(*name, lang, message.id, str(message.string)))
    return str(catalogue.locale_identifier or "").replace("_", "-"), units
