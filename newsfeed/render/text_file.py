"""A story's text as Markdown, with a head that says what it is: for all that read no pages."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsfeed.render.link_slots import fill_links, list_targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsfeed.render.link_slots import Resolve
    from newsfeed.views import TextFileView

_PLACE = re.compile(
    r"""(\]\(\s*|^\ {0,3}\[[^\]\n]+\]:\s*|(?:href|src)=["']?)(<[^<>\n]+>|[^\s)<>"']+)""", re.MULTILINE
)
"""Places where the address of a link can stand: in brackets, behind a reference's name, in HTML."""
_NOWHERE = "\0"
"""Stands for the address of what is not public; no text has this character."""
_DEAD = re.compile(rf"!?\[([^\[\]]*)\]\(\s*{_NOWHERE}[^()]*\)")
_OWN_HTML = re.compile(r"<[!?/]|<[A-Za-z][A-Za-z0-9-]*[\s/>]")


def render(view: TextFileView, written: str, text: Sequence[str], resolve: Resolve) -> bytes:
    """Return a text with a head of YAML; its links are whole addresses. One with HTML of its own comes as the
    clean HTML that pages show, which is Markdown, too: what they leave out is nowhere.

    written: as it stands in its file, below the head.
    text: what the file shows, with link slots; they tell what in it is a link.
    """
    body = written.strip("\n")
    if _OWN_HTML.search(body):
        body = fill_links(text, resolve).strip("\n")
    elif len(text) > 1:
        body = _with_whole_addresses(body, list_targets(text), resolve)
    head = "\n".join(_head(view))
    return f"---\n{head}\n---\n\n{body}\n".encode()


def _head(view: TextFileView) -> Iterator[str]:
    """Yield the lines of the head: what JSON writes is YAML, too, whatever signs a title has."""
    yield f"title: {_quoted(view.title)}"
    yield f"date: {view.published.isoformat()}"
    if view.updated is not None:
        yield f"updated: {view.updated.isoformat()}"
    if view.authors:
        yield f"authors: {_quoted(view.authors)}"
    yield f"language: {view.lang}"
    yield f"url: {_quoted(view.url)}"


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _with_whole_addresses(body: str, targets: Iterable[tuple[str, bool]], resolve: Resolve) -> str:
    """Write whole addresses in the place of those by which a text names its neighbours; of a link that leads
    nowhere only the words stay, as on pages. Only what is a link somewhere in the text counts; the same words
    in code change with it.
    """
    images = {unquote(target): (target, is_image) for target, is_image in targets}

    def whole(found: re.Match[str]) -> str:
        written = found[2].strip("<>")
        link = images.get(unquote(unescape(written)))
        return found[1] + ((resolve(*link)[0] or _NOWHERE) if link else written)

    filled = _PLACE.sub(whole, body)
    return _DEAD.sub(r"\1", filled).replace(_NOWHERE, "#") if _NOWHERE in filled else filled
