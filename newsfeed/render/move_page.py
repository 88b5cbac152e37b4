"""A page that reports a move, for whoever is responsible: before, after, and what is doubtful."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.render.desk_style import DESK_STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STYLE = f"""\
{DESK_STYLE}
p, ul {{ margin: .2rem 0; max-width: 44rem; overflow-wrap: anywhere; }}
ul {{ padding-left: 1.1rem; }}
dl {{ display: flex; flex-wrap: wrap; align-items: flex-start; gap: .9rem 2.2rem; margin: 0; }}
dl div {{ display: flex; flex-direction: column-reverse; max-width: 12rem; }}
dt {{ color: var(--quiet); font-size: .875rem; line-height: 1.35; }}
dd {{ margin: 0; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }}
.scroll {{ overflow-x: auto; }}
table {{ min-width: 46rem; width: 100%; font-size: .875rem; line-height: 1.45; }}
th, td {{ padding: .4rem 1rem .4rem 0; overflow-wrap: anywhere; }}
th {{ white-space: nowrap; color: var(--quiet); }}"""


class MoveRow(NamedTuple):
    """One text of an archive, and what became of it."""

    origin: str
    title: str
    lang: str
    path: str
    outcome: str


class MoveSection(NamedTuple):
    """A part of the page: figures, remarks, and what is said of single texts."""

    heading: str
    figures: Sequence[tuple[str, str]] = ()
    """(what is counted, how many)."""
    remarks: Sequence[str] = ()
    doubts: Sequence[tuple[str, Sequence[str]]] = ()
    """(text of the archive, sentences about it)."""


def move_page(
    title: str,
    sections: Iterable[MoveSection],
    all_texts: str,
    columns: Sequence[str],
    rows: Iterable[MoveRow],
    lang: str,
) -> str:
    """Return the page. ``all_texts``: the heading of the table; ``columns``: the names of its columns."""
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
{"".join(map(_section, sections))}<section>
<h2>{escape(all_texts)}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="{escape(all_texts, quote=True)}">
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


def _section(section: MoveSection) -> str:
    figures = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(number)}</dd></div>\n" for name, number in section.figures
    )
    parts = [f"<dl>\n{figures}</dl>\n"] if figures else []
    parts += [f"<p>{escape(remark)}</p>\n" for remark in section.remarks]
    for origin, sentences in section.doubts:
        items = "".join(f"<li>{escape(sentence)}</li>\n" for sentence in sentences)
        parts.append(f"<h3>{escape(origin)}</h3>\n<ul>\n{items}</ul>\n")
    return f"<section>\n<h2>{escape(section.heading)}</h2>\n{''.join(parts)}</section>\n" if parts else ""
