"""A page that reports a move, for whoever is responsible: before, after, and what is doubtful."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE = """\
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 18%, transparent); }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 4rem; font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .4rem; }
p { margin: .2rem 0; max-width: 46rem; overflow-wrap: anywhere; }
p.entry { padding-left: 1.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .35rem .8rem .35rem 0; text-align: start; vertical-align: top; }
tr { border-bottom: 1px solid var(--line); }
td { overflow-wrap: anywhere; min-width: 5rem; }
th { font-weight: 600; white-space: nowrap; }"""


class MoveRow(NamedTuple):
    """One text of an archive, and what became of it."""

    origin: str
    title: str
    lang: str
    path: str
    outcome: str


def move_page(
    title: str,
    blocks: Sequence[tuple[str, Sequence[str]]],
    all_texts: str,
    columns: Sequence[str],
    rows: Sequence[MoveRow],
    lang: str,
) -> str:
    """Return the page. ``blocks``: heading and lines; ``columns``: the names of the columns of all texts."""
    parts = "\n".join(
        f"<section>\n<h2>{escape(heading)}</h2>\n{''.join(map(_line, lines))}</section>"
        for heading, lines in blocks
    )
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "\n".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"""<!DOCTYPE html>
<html lang="{escape(lang, quote=True)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)}</title>
<style>
{_STYLE}
</style>
</head>
<body>
<h1>{escape(title)}</h1>
{parts}
<section>
<h2>{escape(all_texts)}</h2>
<div class="scroll" tabindex="0">
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
</div>
</section>
</body>
</html>
"""


def _line(line: str) -> str:
    kind = ' class="entry"' if line.startswith("  ") else ""
    return f"<p{kind}>{escape(line.strip())}</p>\n"
