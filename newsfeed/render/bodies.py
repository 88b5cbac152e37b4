"""Texts in full, with slots for links: made when their files are read, and kept; or made
again from the files, checked to be the ones that were loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.content import frontmatter
from newsfeed.core.content.parse import compute_fingerprint
from newsfeed.core.content.source_text import decode_checked
from newsfeed.errors import SiteChangedError
from newsfeed.marking import N_
from newsfeed.render import markdown
from newsfeed.render.link_slots import cut_at_links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.ports import Texts
    from newsfeed.render.link_slots import Resolve
    from newsfeed.views import TextReference

_SLOT_MARK = "\0"
"""No text has this character."""


def with_link_slots(html: str, words: Texts) -> list[str]:
    """Return a text with link slots from its clean HTML. ``words``: those of its own language."""
    return cut_at_links(html, words.gettext("Back to the text, note {number}"))


def naming_languages(resolve: Resolve, words: Texts) -> Resolve:
    """Return a function that says behind a link which language its target is in. ``resolve`` gives its code,
    where it is not the language of the text, whose ``words`` are used.
    """

    def resolved(target: str, is_image: bool) -> tuple[str, str]:
        address, other = resolve(target, is_image)
        if not other:
            return address, ""
        return address, words.gettext("(in {language})").format(language=words.language(other))

    return resolved


def packed(text: Sequence[str]) -> bytes:
    """Return a text with link slots as bytes."""
    return _SLOT_MARK.join(text).encode()


def unpacked(data: bytes) -> list[str]:
    """Return the text that was packed."""
    return data.decode().split(_SLOT_MARK)


def as_written(path: str) -> str:
    """Return the name under which a file's text is kept as it is written, beside the text that is shown."""
    return f"{path}#written"


def read_again(data: bytes, body: TextReference, words: Texts) -> list[str]:
    """Return a text with link slots from its file's bytes.

    Raises `SiteChangedError` when the file is not the one that was checked: what is published is
    what was checked, or nothing.
    """
    return with_link_slots(markdown.cleaned(read_as_written(data, body)), words)


def read_as_written(data: bytes, body: TextReference) -> str:
    """Return a text as it is written. Raises `SiteChangedError` as `read_again` does."""
    if compute_fingerprint(data) != body.fingerprint:
        raise SiteChangedError(
            N_("{path} changed while the site was being built"), N_("run the command again"), path=body.path
        )
    return frontmatter.read_body(decode_checked(body.path, data))
