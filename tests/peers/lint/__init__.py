"""Rules that no grammar can see, as pure functions from bytes to sentences.

An empty list means nothing was found. The rules read with the standard library only,
so that they share no parser with the code under test.
"""

from .atom import lint_atom
from .jsonfeed import lint_json
from .mail import lint_mail
from .opml import lint_opml
from .page import lint_hreflang, lint_page
from .parts import item_titles, parts_agree
from .rss import lint_rss

__all__ = [
    "item_titles",
    "lint_atom",
    "lint_hreflang",
    "lint_json",
    "lint_mail",
    "lint_opml",
    "lint_page",
    "lint_rss",
    "parts_agree",
]
