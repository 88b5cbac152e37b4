"""The allow-list: which HTML of a text is published, and which older spelling of it is understood.

`ALLOWED` is what passes. `KNOWN` is all that HTML knows: of what is not allowed only the words stay.
What is not even known was no HTML, and is shown as the text it is.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from newsfeed.core.content.links import OFFERED_SCHEMES, SAFE_SCHEMES

ATTRIBUTES = {
    "*": {"id", "lang", "dir", "title"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
ALLOWED = frozenset(
    """
    a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em
    figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section
    small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr
    """.split()  # noqa: SIM905 - words read better than a list
)
REFUSED = frozenset(
    """
    script style iframe object embed form input button select textarea link meta base svg math video
    audio data datalist label map meter option output param progress slot source template title track
    """.split()  # noqa: SIM905 - words read better than a list
)
"""Elements whose loss an editor is told of: they do something, or stand for a word, as in ``<source>``."""
RENAMED = {
    "acronym": "abbr",
    "address": "div",
    "article": "div",
    "aside": "div",
    "center": "div",
    "dialog": "div",
    "fieldset": "div",
    "footer": "div",
    "form": "div",
    "header": "div",
    "iframe": "div",
    "hgroup": "div",
    "legend": "div",
    "listing": "pre",
    "main": "div",
    "menu": "ul",
    "nav": "div",
    "noembed": "div",
    "noframes": "div",
    "noscript": "div",
    "optgroup": "div",
    "option": "div",
    "plaintext": "pre",
    "search": "div",
    "select": "div",
    "strike": "s",
    "template": "div",
    "textarea": "div",
    "title": "div",
    "tt": "code",
    "xmp": "pre",
}
"""Elements that older or whole pages use → what they mean within a text."""
KNOWN = (
    frozenset(
        """
    applet area audio base basefont big blink body button canvas data datalist embed font form frame
    frameset head html iframe input label legend link map marquee meta meter nobr noembed noframes
    noscript object optgroup option output param picture plaintext portal progress script select slot
    source style svg math template textarea title track video
    """.split()  # noqa: SIM905 - words read better than a list
    )
    | ALLOWED
    | REFUSED
    | RENAMED.keys()
)
"""Everything that HTML knows, or once knew, but ``dir``: who writes it now means a folder."""
_CLASSES = {"section": {"footnotes"}, "sup": {"footnote-ref"}, "a": {"footnote-backref"}}


@cache
def cleaner() -> Any:
    """Return the sanitiser of this allow-list, made once."""
    import nh3

    attributes = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    attributes["a"] |= {"aria-label"}
    return nh3.Cleaner(
        tags=set(ALLOWED),
        attributes=attributes,
        allowed_classes=_CLASSES,
        url_schemes={*SAFE_SCHEMES, *OFFERED_SCHEMES},  # which of them, `LinkMap` knows
        link_rel=None,
    )
