"""A page for translators: what waits for them, what has changed in originals, and the coverage over time."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.render.desk_style import DESK_STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsfeed.core.content.word_diff import DiffPart

_STYLE = f"""\
{DESK_STYLE}
.wide {{ overflow-x: auto; }}
th, td {{ padding: .35rem .75rem; }} thead th {{ vertical-align: bottom; }}
.number, .mark {{ text-align: end; font-variant-numeric: tabular-nums; }} .mark {{ text-align: center; }}
.quiet {{ margin: .15rem 0; }} th code {{ font-weight: 400; }} .feeds {{ margin-top: 1rem; }}
figure {{ margin: 0; }}
svg {{ width: 100%; min-width: 34rem; height: auto; font: 12px system-ui, sans-serif; fill: currentColor; }}
svg .grid, svg .tick {{ stroke: currentColor; opacity: .25; }}
svg .line {{ fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }}
svg .name {{ font-weight: 600; }}
.change {{ margin: .4rem 0; padding-inline-start: .9rem; border-inline-start: 3px solid var(--line); }}
.change b {{ font-weight: 600; font-size: .9rem; }}
del {{ text-decoration: line-through; opacity: .7; }} ins {{ text-decoration: underline; font-weight: 600; }}
@media (max-width: 30rem) {{ th, td {{ padding: .3rem .4rem; }} }}"""


class ChangedParagraph(NamedTuple):
    """A paragraph of an original, before and after."""

    label: str
    parts: Sequence[DiffPart]


class OutdatedTranslation(NamedTuple):
    """A translation that is behind its original."""

    title: str
    lang: str
    """Of the original."""
    facts: str
    """Its language, and since when it is behind."""
    paragraphs: Sequence[ChangedParagraph]
    command: str
    """Accepts it."""


class Mark(NamedTuple):
    """The state of a text in one language: a sign, and the words for it."""

    sign: str
    words: str


class TextRow(NamedTuple):
    """A text that waits for a translation."""

    title: str
    lang: str
    path: str
    day: str
    marks: Sequence[Mark]


class TranslationsPage(NamedTuple):
    """Everything the page shows; sentences are in the language of whoever looks at it."""

    lang: str
    heading: str
    summary_head: Sequence[str]
    summary: Sequence[Sequence[str]]
    """Of each language: its name, then numbers."""
    plot_heading: str
    plot: str
    """SVG; empty without a history."""
    plot_note: str
    outdated_heading: str
    outdated: Sequence[OutdatedTranslation]
    waiting_heading: str
    waiting_head: Sequence[str]
    waiting: Sequence[TextRow]
    waiting_note: str
    """How many more there are; empty for none."""
    nothing: str
    """Stands where nothing waits."""
    feeds: Sequence[tuple[str, str]] = ()
    """(file, name) of the feeds beside the page."""


def translations_page(page: TranslationsPage) -> str:
    """Return the page as HTML; it needs no other file."""
    body = "\n".join(_body(page))
    links = "\n".join(
        f'<link rel="alternate" type="application/atom+xml" href="{escape(file, quote=True)}" '
        f'title="{escape(name, quote=True)}">'
        for file, name in page.feeds
    )
    return f"""<!DOCTYPE html>
<html lang="{page.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(page.heading)}</title>
{links}
<style>
{_STYLE}
</style>
</head>
<body>
<h1>{escape(page.heading)}</h1>
{body}
</body>
</html>
"""


def _body(page: TranslationsPage) -> Iterator[str]:
    yield from _summary(page)
    if page.feeds:
        yield (
            '<p class="quiet feeds">'
            + " · ".join(
                f'<a href="{escape(file, quote=True)}">{escape(name)}</a>' for file, name in page.feeds
            )
            + "</p>"
        )
    yield f"<h2>{escape(page.plot_heading)}</h2>"
    if page.plot:
        yield f'<figure class="wide">\n{page.plot}\n</figure>'
    if page.plot_note:
        yield f'<p class="quiet">{escape(page.plot_note)}</p>'
    yield f"<h2>{escape(page.outdated_heading)}</h2>"
    for one in page.outdated:
        yield from _outdated(one)
    if not page.outdated:
        yield f"<p>{escape(page.nothing)}</p>"
    yield f"<h2>{escape(page.waiting_heading)}</h2>"
    if page.waiting:
        yield from _waiting(page)
    else:
        yield f"<p>{escape(page.nothing)}</p>"


def _summary(page: TranslationsPage) -> Iterator[str]:
    yield '<div class="wide"><table>\n<thead><tr>'
    for number, name in enumerate(page.summary_head):
        yield f'<th scope="col"{_number_class(number)}>{escape(name)}</th>'
    yield "</tr></thead>\n<tbody>"
    for name, *numbers in page.summary:
        cells = "".join(f'<td class="number">{escape(value)}</td>' for value in numbers)
        yield f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def _number_class(number: int) -> str:
    return ' class="number"' if number else ""


def _outdated(one: OutdatedTranslation) -> Iterator[str]:
    yield f'<h3 lang="{one.lang}" dir="auto">{escape(one.title)}</h3>'
    yield f'<p class="quiet">{escape(one.facts)}</p>'
    for paragraph in one.paragraphs:
        words = "".join(map(_part, paragraph.parts))
        yield f'<p class="change"><b>{escape(paragraph.label)}</b><br>'
        yield f'<span lang="{one.lang}" dir="auto">{words}</span></p>'
    yield f'<p class="quiet"><code>{escape(one.command)}</code></p>'


def _part(part: DiffPart) -> str:
    element = {"removed": "del", "added": "ins"}.get(part.kind)
    text = escape(part.text)
    return f"<{element}>{text}</{element}>" if element else text


def _waiting(page: TranslationsPage) -> Iterator[str]:
    yield '<div class="wide"><table>\n<thead><tr>'
    first, second, *languages = page.waiting_head
    yield f'<th scope="col">{escape(first)}</th><th scope="col">{escape(second)}</th>'
    yield from (f'<th scope="col" class="mark">{escape(name)}</th>' for name in languages)
    yield "</tr></thead>\n<tbody>"
    for row in page.waiting:
        marks = "".join(
            f'<td class="mark"><span role="img" aria-label="{escape(mark.words, quote=True)}" '
            f'title="{escape(mark.words, quote=True)}">{escape(mark.sign)}</span></td>'
            for mark in row.marks
        )
        title = f'<span lang="{row.lang}" dir="auto">{escape(row.title)}</span>'
        yield (
            f'<tr><th scope="row">{title}<br><code class="quiet">{escape(row.path)}</code></th>'
            f"<td>{escape(row.day)}</td>{marks}</tr>"
        )
    yield "</tbody></table></div>"
    if page.waiting_note:
        yield f'<p class="quiet">{escape(page.waiting_note)}</p>'
