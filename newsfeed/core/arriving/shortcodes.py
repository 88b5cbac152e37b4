"""Shortcodes: commands to another program within a text. They are listed; what is sure is put into words."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HUGO = re.compile(r"\{\{[<%]\s*/?\s*([\w./-]{1,60})[^{}]{0,2000}?[>%]\}\}")
_LIQUID = re.compile(r"(?<!\{)\{%-?\s*(\w{1,40})[^{}%]{0,2000}-?%\}")
_CLOSING = re.compile(r"\{\{[<%]\s*/|\[/")
_VIDEO = re.compile(
    r"\{\{[<%]\s*(youtube|vimeo)\s+(?:(?:id|class)\s*=\s*)?[\"']?([\w-]{1,40})[\"']?(?:\s[^{}]{0,500}?)?\s*/?[>%]\}\}"
)
_VIDEO_ADDRESS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
_CODE = re.compile(
    r"^(?:\{\{[<%]\s*highlight\s+[\"']?([\w+#-]{1,30})[^{}]{0,300}?[>%]\}\}"
    r"|\{%-?\s*highlight\s+([\w+#-]{1,30})[^{}%]{0,300}-?%\})[ \t]*\n?",
    re.MULTILINE,
)
_CODE_END = re.compile(r"\{\{[<%]\s*/\s*highlight\s*[>%]\}\}|\{%-?\s*endhighlight\s*-?%\}")
_WORDPRESS = re.compile(
    r"\[/?(caption|gallery|embed|audio|video|playlist|contact-form(?:-\d)?|vc_\w{1,40}|et_pb_\w{1,40}|wpml\w{0,40}"
    r"|su_\w{1,40}|[a-z]{2,30}_[a-z_]{2,40}|youtube|vimeo|soundcloud|slideshow|button|columns?)(?:\s[^\[\]]{0,2000})?/?\]"
)
_CAPTION = re.compile(
    r"\[caption[^\[\]]{0,500}\]\s*((?:<a[^<>]{0,2000}>)?\s*<img[^<>]{0,2000}>\s*(?:</a>)?)([^\[\]]{0,2000})\[/caption\]"
)
_EMBED = re.compile(r"\[embed[^\[\]]{0,200}\]\s*(https?://[^\s\[\]<>]{1,1000})\s*\[/embed\]")
_FIGURE = re.compile(r"\{\{[<%]\s*figure\s([^{}]{0,2000}?)/?[>%]\}\}")
_PARAM = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|(\S+))""")
_REFERENCE = (
    r"(?:\{\{[<%]\s*(?:rel)?ref\s+([^{}<>\n]{1,600}?)\s*/?[>%]\}\}"
    r"|\{%-?\s*(?:post_url|link)\s+([^\s%{}]{1,500})\s*-?%\})"
)
_LINK = re.compile(
    rf"\[((?:[^\[\]]|\[[^\[\]]{{0,500}}\]){{0,500}})\]\(\s{{0,9}}<?{_REFERENCE}(#[^\s<>()]{{0,200}})?>?"
    r"(\s{1,9}\"[^\"\n]{0,300}\")?\s{0,9}\)"
)
_ANCHOR = re.compile(
    rf"<a\b[^<>]{{0,1000}}?\shref\s{{0,9}}=\s{{0,9}}[\"']?{_REFERENCE}[^<>]{{0,1000}}>(.{{0,2000}}?)</a>",
    re.IGNORECASE | re.DOTALL,
)
_LONELY = re.compile(_REFERENCE)
_BASE_URL = re.compile(r"\{\{\s*site\.(?:baseurl|url)\s*\}\}")
_MORE = re.compile(r"<!--\s*(?:more|TEASER_END|nextpage|/?wp:.{0,2000}?)\s*-->", re.IGNORECASE | re.DOTALL)


def put_into_words(body: str, find: Callable[[str], str] = str) -> str:
    """Return a text without the shortcodes that have a plain meaning: figures, captions, links, marks.

    find: returns where a reference to another text leads; nothing when nobody knows: its words stay.
    """
    body = _VIDEO.sub(_video, _with_code(_FIGURE.sub(_figure, body)))
    body = _CAPTION.sub(
        lambda found: f"<figure>{found[1].strip()}<figcaption>{found[2].strip()}</figcaption></figure>", body
    )
    body = _EMBED.sub(lambda found: f'<a href="{found[1]}">{found[1]}</a>', body)
    return _MORE.sub("", _BASE_URL.sub("", _refer(body, find)))


def _refer(body: str, find: Callable[[str], str]) -> str:
    """Return a text whose references to others are links."""
    if not _LONELY.search(body):
        return body

    def target_of(hugo: str | None, liquid: str | None) -> str:
        return find(liquid or _first_param(hugo or ""))

    def link(found: re.Match[str]) -> str:
        target = target_of(found[2], found[3])
        return f"[{found[1]}]({target}{found[4] or ''}{found[5] or ''})" if target else found[1]

    def anchor(found: re.Match[str]) -> str:
        target = target_of(found[1], found[2])
        return _LONELY.sub(lambda _: target, found[0], count=1) if target else found[3]

    body = _ANCHOR.sub(anchor, _LINK.sub(link, body))
    return _LONELY.sub(
        lambda found: target_of(found[1], found[2]) or _first_param(found[1] or found[2]), body
    )


def _first_param(written: str) -> str:
    """Return the path that a reference names, as its first parameter or as ``path``."""
    named = {found[1].lower(): _value(found) for found in _PARAM.finditer(written)}
    if path := named.get("path"):
        return path
    quote = written[:1]
    return written[1:].partition(quote)[0] if quote in ('"', "'", "`") else written.partition(" ")[0]


def _value(param: re.Match[str]) -> str:
    return next((value for value in param.groups()[1:] if value), "")


def count_shortcodes(body: str) -> Counter[str]:
    """Return name → how often, of the shortcodes that are left in a text."""
    counts: Counter[str] = Counter()
    for pattern in (_HUGO, _LIQUID, _WORDPRESS):
        counts.update(found[1] for found in pattern.finditer(body) if not _CLOSING.match(found[0]))
    return counts


def _video(found: re.Match[str]) -> str:
    address = _VIDEO_ADDRESS[found[1]] + found[2]
    return f"[{address}]({address})"


def _with_code(body: str) -> str:
    """Return a text with blocks of code in place of the shortcodes around them; what nobody closes stays."""
    parts, at = [], 0
    while (begin := _CODE.search(body, at)) and (end := _CODE_END.search(body, begin.end())):
        code = body[begin.end() : end.start()].rstrip()
        longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
        fence = "`" * max(3, longest + 1)
        parts += [body[at : begin.start()], f"{fence}{begin[1] or begin[2]}\n{code}\n{fence}"]
        at = end.end()
    return "".join([*parts, body[at:]])


def _figure(found: re.Match[str]) -> str:
    params = {match[1].lower(): _value(match) for match in _PARAM.finditer(found[1])}
    if not params.get("src"):
        return found[0]
    alt = params.get("alt") or params.get("caption") or params.get("title") or ""
    picture = f"![{alt.replace('[', '').replace(']', '')}]({params['src'].replace(' ', '%20')})"
    if params.get("link"):
        picture = f"[{picture}]({params['link']})"
    caption = params.get("caption") or params.get("title") or ""
    return f"{picture}\n\n*{caption}*" if caption and caption != alt else picture
