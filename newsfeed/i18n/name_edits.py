"""Add names of a site's vocabulary to its catalogues; what stands there stays byte for byte."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD = """\
msgid ""
msgstr ""
"Language: {lang}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"""


def add_names(data: bytes | None, lang: str, names: Sequence[tuple[str, str, str]]) -> bytes:
    """Return a catalogue with more names at its end; those that it has are left out.

    data: the catalogue; ``None``: a new one. ``names``: context (``topic``), name, and the name in the
    catalogue's language; empty when nobody has translated it yet.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    if data is None:
        data = _HEAD.format(lang=lang).encode()
    known = read_po(io.BytesIO(data))
    more = Catalog(charset="utf-8")
    for context, name, translated in names:
        if known.get(name, context) is None:
            more.add(name, translated, context=context)
    if not len(more):
        return data
    written = io.BytesIO()
    write_po(written, more, width=0, omit_header=True)
    return data.rstrip(b"\r\n \t") + b"\n\n" + written.getvalue().strip() + b"\n"
