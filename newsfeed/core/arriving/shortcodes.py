"""Shortcodes: commands to another program within a text. They are listed; what is sure is put into words."""

from __future__ import annotations

import re
from collections import Counter

_HUGO = re.compile(r"\{\{[<%]\s*/?\s*([\w./-]{1,60})[^{}]{0,2000}?[>%]\}\}")
_LIQUID = re.compile(r"\{%-?\s*(\w{1,40})[^{}%]{0,2000}-?%\}")
_NIKOLA = re.compile(r"\{\{%\s*/?(\w{1,40})[^{}]{0,2000}?%\}\}")
_WORDPRESS = re.compile(
    r"\[/?(caption|gallery|embed|audio|video|playlist|contact-form(?:-\d)?|vc_\w{1,40}|et_pb_\w{1,40}|wpml\w{0,40}"
    r"|su_\w{1,40}|[a-z]{2,30}_[a-z_]{2,40}|youtube|vimeo|soundcloud|slideshow|button|columns?)(?:\s[^\[\]]{0,2000})?/?\]"
)
_CAPTION = re.compile(
    r"\[caption[^\[\]]{0,500}\]\s*((?:<a[^<>]{0,2000}>)?\s*<img[^<>]{0,2000}>\s*(?:</a>)?)([^\[\]]{0,2000})\[/caption\]"
)
_EMBED = re.compile(r"\[embed[^\[\]]{0,200}\]\s*(https?://[^\s\[\]<>]{1,1000})\s*\[/embed\]")
_FIGURE = re.compile(r"\{\{[<%]\s*figure\s([^{}]{0,2000}?)/?[>%]\}\}")
_PARAM = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
_LINK = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+\"?([^\"{}<>\s]{1,500})\"?\s*[>%]\}\}")
_POST_URL = re.compile(r"\{%-?\s*(?:post_url|link)\s+([^\s%{}]{1,500})\s*-?%\}")
_BASE_URL = re.compile(r"\{\{\s*site\.(?:baseurl|url)\s*\}\}")
_MORE = re.compile(r"<!--\s*(?:more|TEASER_END|nextpage|/?wp:.{0,2000}?)\s*-->", re.IGNORECASE | re.DOTALL)


def put_into_words(body: str) -> str:
    """Return a text without the shortcodes that have a plain meaning: figures, captions, links, marks."""
    body = _FIGURE.sub(_figure, body)
    body = _CAPTION.sub(
        lambda found: f"<figure>{found[1].strip()}<figcaption>{found[2].strip()}</figcaption></figure>", body
    )
    body = _EMBED.sub(lambda found: f'<a href="{found[1]}">{found[1]}</a>', body)
    body = _LINK.sub(lambda found: found[1], body)
    body = _POST_URL.sub(lambda found: found[1], body)
    return _MORE.sub("", _BASE_URL.sub("", body))


def count_shortcodes(body: str) -> Counter[str]:
    """Return name → how often, of the shortcodes that are left in a text."""
    counts: Counter[str] = Counter()
    for pattern in (_HUGO, _LIQUID, _NIKOLA, _WORDPRESS):
        counts.update(found[1] for found in pattern.finditer(body) if not found[0].startswith(("{{</", "[/")))
    return counts


def _figure(found: re.Match[str]) -> str:
    params = {match[1].lower(): match[2] or match[3] or match[4] or "" for match in _PARAM.finditer(found[1])}
    if not params.get("src"):
        return found[0]
    alt = params.get("alt") or params.get("caption") or params.get("title") or ""
    picture = f"![{alt.replace('[', '').replace(']', '')}]({params['src'].replace(' ', '%20')})"
    if params.get("link"):
        picture = f"[{picture}]({params['link']})"
    caption = params.get("caption") or params.get("title") or ""
    return f"{picture}\n\n*{caption}*" if caption and caption != alt else picture
