"""A story's text as Markdown, with a head that says what it is: for all that read no pages."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsfeed.core.content import frontmatter
from newsfeed.core.content.source_text import decode_checked
from newsfeed.render import markdown
from newsfeed.render.bodies import refuse_changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.render.link_slots import Resolve
    from newsfeed.views import TextFileView

_INSIDE = re.compile(
    r"""\]\(\s*<?(?!https?:|mailto:|tel:)|^ {0,3}\[[^\]]+\]:|(?:href|src)\s*=""", re.MULTILINE
)
"""A sign that a text may link to something by less than its whole address; most do not."""


def render(view: TextFileView, data: bytes, resolve: Resolve) -> bytes:
    """Return a text with a head of YAML; its links are whole addresses.

    data: the file's bytes. Raises `SiteChangedError` when it is not the file that was checked.
    """
    refuse_changed(data, view.body)
    body = frontmatter.read_body(decode_checked(view.body.path, data)).strip("\n")
    if _INSIDE.search(body):
        body = _with_whole_addresses(body, resolve)
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


def _with_whole_addresses(body: str, resolve: Resolve) -> str:
    """Write whole addresses in the place of those by which a text names its neighbours. Only what the parser
    takes for a link counts; the same words in code would change with it.
    """
    images = {link.target: link.is_image for link in markdown.outline(body).links}
    for target, is_image in images.items():
        address = resolve(target, is_image)
        if address and address != target:
            body = _address_pattern(target).sub(partial(_with_address, address=address), body)
    return body


def _with_address(found: re.Match[str], address: str) -> str:
    return found[1] + address


def _address_pattern(target: str) -> re.Pattern[str]:
    """Match an address where one can stand: in brackets, behind a reference's name, in HTML."""
    forms = "|".join(re.escape(form) for form in sorted({target, unquote(target)}, key=len, reverse=True))
    return re.compile(
        rf"""(\]\(\s*<?|^\ {{0,3}}\[[^\]]+\]:\s*<?|(?:href|src)\s*=\s*["']?)(?:{forms})(?=[\s)>"']|$)""",
        re.MULTILINE,
    )
