"""Texts in full: read again from their files, checked to be the ones that were loaded, as safe HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core import frontmatter
from newsfeed.core.items import fingerprint
from newsfeed.core.source_text import decode_again
from newsfeed.errors import SiteChangedError
from newsfeed.render import markdown

if TYPE_CHECKING:
    from newsfeed.views import Body


def cleaned(data: bytes, body: Body) -> str:
    """The HTML of a text from its file's bytes, but for its links: the same wherever it is shown.

    Raises `SiteChangedError` when the file is not the one that was checked: what is published is
    what was checked, or nothing.
    """
    if fingerprint(data) != body.fingerprint:
        raise SiteChangedError(f"{body.path} changed while the site was being built", "run the command again")
    return markdown.cleaned(frontmatter.body_of(decode_again(body.path, data)))
