"""A page that shows an issue in all languages side by side, for its editors."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.render.desk_style import DESK_STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE = f"""\
{DESK_STYLE}
body {{ max-width: none; }}
.languages {{ display: flex; gap: 1.5rem; overflow-x: auto; align-items: flex-start; }}
section {{ flex: 0 0 auto; width: 360px; }}
section h2 {{ margin-top: 0; }}
iframe {{ width: 100%; height: 70vh; border: 1px solid var(--line); background: Canvas; }}
pre {{ max-height: 30rem; overflow: auto; border: 1px solid var(--line); padding: .5rem; }}
pre {{ white-space: pre-wrap; }} p {{ margin: .3rem 0; }}
.entry {{ max-width: 42rem; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0 0 1.5rem; }}
dt {{ color: var(--quiet); }} dd {{ margin: 0; overflow-wrap: anywhere; }}"""
_CONTENT_STYLE = "body { margin: 1rem; font: 1rem/1.5 serif; } img { max-width: 100%; height: auto; }"
"""The little that feed readers add of their own: what they leave of ours is nothing."""


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
    return _page(heading, lang, f'<h1>{escape(heading)}</h1>\n<div class="languages">\n{shown}\n</div>')


def entry_page(
    title: str, facts: Sequence[tuple[str, str]], content: str, lang: str, marks: tuple[str, str]
) -> str:
    """Return a page that shows an entry of a feed as programs of readers do.

    facts: (what it is, what the entry says); ``content``: its HTML; ``marks``: language and direction of the
    entry.
    """
    mark = f' lang="{marks[0]}" dir="{marks[1]}"'
    rows = "\n".join(f"<dt>{escape(name)}</dt><dd{mark}>{escape(value)}</dd>" for name, value in facts)
    whole = (
        f"<!DOCTYPE html><html{mark}><head><meta charset=utf-8><style>{_CONTENT_STYLE}</style></head>"
        f"<body>{content}</body></html>"
    )
    body = (
        f'<h1{mark}>{escape(title)}</h1>\n<div class="entry">\n<dl>\n{rows}\n</dl>\n'
        f'<iframe srcdoc="{escape(whole, quote=True)}" title="{escape(title, quote=True)}" {_SANDBOX}>'
        "</iframe>\n</div>"
    )
    return _page(title, lang, body)


def message_page(heading: str, sentence: str, commands: str, lang: str) -> str:
    """Return a page that says what to type."""
    body = f"<h1>{escape(heading)}</h1>\n<p>{escape(sentence)}</p>\n<pre>{escape(commands)}</pre>"
    return _page(heading, lang, body)


_SANDBOX = 'sandbox="allow-same-origin"'
"""No scripts, forms or other windows; but pictures of this very server, which answers to no other page."""


def _page(heading: str, lang: str, body: str) -> str:
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
{body}
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
<iframe src="{column.lang}.html" title="{escape(column.subject, quote=True)}" {_SANDBOX}></iframe>
<details>
<summary>{escape(text_label)}</summary>
<pre{mark}>{escape(column.text)}</pre>
</details>
</section>"""
