"""A page that shows an issue in all languages side by side, for its editors."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE = """\
:root { color-scheme: light dark; }
body { margin: 1rem; font: 16px/1.5 system-ui, sans-serif; }
.languages { display: flex; gap: 1rem; overflow-x: auto; align-items: flex-start; }
section { flex: 1 0 22.5rem; min-width: 0; }
iframe { width: 100%; height: 70vh; border: 1px solid #888; background: Canvas; }
pre { max-height: 30rem; overflow: auto; border: 1px solid #888; padding: .5rem; white-space: pre-wrap; }
h2 { font-size: 1.1rem; } p { margin: .3rem 0; }"""


class PreviewColumn(NamedTuple):
    """An issue in one language."""

    lang: str
    direction: str
    name: str
    facts: str
    """Such as how many read it, and how large it is."""
    subject: str
    beside: str
    """The line that mailboxes show beside the subject."""
    titles: Sequence[str]
    text: str


def preview_page(heading: str, text_label: str, columns: Sequence[PreviewColumn], lang: str) -> str:
    """Return the page. The HTML part of each language lies beside it, as ``<lang>.html``."""
    shown = "\n".join(_column(column, text_label) for column in columns)
    return f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(heading)}</title>
<style>
{_STYLE}
</style>
</head>
<body>
<h1>{escape(heading)}</h1>
<div class="languages">
{shown}
</div>
</body>
</html>
"""


def _column(column: PreviewColumn, text_label: str) -> str:
    mark = f' lang="{column.lang}" dir="{column.direction}"'
    titles = "\n".join(f"<li>{escape(title)}</li>" for title in column.titles)
    return f"""<section>
<h2>{escape(column.name)}</h2>
<p>{escape(column.facts)}</p>
<p{mark}><strong>{escape(column.subject)}</strong><br>{escape(column.beside)}</p>
<ol{mark}>
{titles}
</ol>
<iframe src="{column.lang}.html" title="{escape(column.subject, quote=True)}" sandbox></iframe>
<details>
<summary>{escape(text_label)}</summary>
<pre{mark}>{escape(column.text)}</pre>
</details>
</section>"""
