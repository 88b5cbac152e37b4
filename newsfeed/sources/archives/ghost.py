"""Read an export of Ghost: one JSON file."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsfeed.core.arriving.moved_text import Doubt, MovedFile, MovedText, OldFeed, OldList
from newsfeed.errors import OutsideError
from newsfeed.marking import N_, Sentence
from newsfeed.sources.archives.dates import from_epoch, read_moment
from newsfeed.sources.archives.opening import NOT_FOR_ALL, decode_text, no_document, read_archive_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsfeed.core.arriving.moved_text import When

_MOST = 1_000_000_000
_HERE = "__GHOST_URL__"
_DEEPEST = 60
_WORDS = ("markdown", "html", "caption")
"""Keys of cards that hold words."""
_LANGUAGE_TAG = re.compile(r"#(?:lang-)?([a-z]{2})", re.IGNORECASE)


class GhostArchive:
    """All posts and pages of an export."""

    def __init__(self, source: str, *, base_url: str = "") -> None:
        """Raises `OutsideError` and `UsageError`."""
        self.doubts: list[Doubt] = []
        self._data = _read(source)
        settings = {_string(one, "key"): one.get("value") for one in _rows(self._data, "settings")}
        self.base_url = base_url
        self.title = str(settings.get("title") or "")
        self.description = str(settings.get("description") or "")
        self.language = self._lang = str(settings.get("locale") or settings.get("lang") or "")
        self._tags = _joined(self._data, "posts_tags", "tag_id", "tags")
        self._authors = _joined(self._data, "posts_authors", "author_id", "users")
        self._alts = {_string(one, "post_id"): one for one in _rows(self._data, "posts_meta")}

    def texts(self) -> Iterator[MovedText]:
        """Yield posts and pages, in the order of the export."""
        self.doubts = []
        for post in _rows(self._data, "posts"):
            if _string(post, "slug"):
                is_closed = self._is_closed(post)
                if is_closed:
                    self.doubts.append(Doubt(f"/{_string(post, 'slug')}/", Sentence(NOT_FOR_ALL)))
                yield self._text(post, is_closed=is_closed)

    def _is_closed(self, post: dict[str, Any]) -> bool:
        """Tell whether a post was not for everybody: for members, or sent to them and never on the web."""
        if _string(post, "visibility") not in ("", "public"):
            return True
        meta = self._alts.get(str(post.get("id", "")), {})
        return post.get("status") == "sent" or meta.get("email_only") in (True, 1)

    def old_feeds(self) -> Iterator[OldFeed]:
        """Yield the feed of every site of Ghost."""
        yield OldFeed("/rss/", "rss")

    def find(self, origin: str, target: str) -> str:
        """Return nothing: an export brings no files along."""
        return ""

    def old_lists(self) -> Iterable[OldList]:
        """Yield the pages of tags."""
        for tag in _rows(self._data, "tags"):
            if (slug := _string(tag, "slug")) and not slug.startswith("hash-"):
                yield OldList(f"/tag/{slug}/", _string(tag, "name"))

    def unnamed_files(self) -> list[str]:
        """Return nothing: there are no files."""
        return []

    def read(self, name: str) -> bytes:
        """Raise `OutsideError`: an export brings no files along."""
        raise OutsideError(N_("there is no {path}"), path=name)

    def _text(self, post: dict[str, Any], *, is_closed: bool) -> MovedText:
        key, slug = str(post.get("id", "")), _string(post, "slug")
        tags = [_string(one, "name") for one in self._tags[key]]
        language = next((found[1] for tag in tags if (found := _LANGUAGE_TAG.fullmatch(tag))), "")
        is_page = post.get("type") == "page" or post.get("page") in (True, 1)
        image = _string(post, "feature_image").replace(_HERE, "")
        meta = self._alts.get(key, {})
        alt = _string(meta, "feature_image_alt") or _string(post, "feature_image_alt")
        authors = [_string(one, "name") for one in self._authors[key]] or [self._first_author(post)]
        return MovedText(
            origin=f"/{slug}/",
            title=_string(post, "title"),
            body=_body(post).replace(_HERE, ""),
            is_html=True,
            kind="pages" if is_page else "news",
            guid=key,
            date=_moment(post, "published_at") or _moment(post, "created_at"),
            updated=_moment(post, "updated_at") if post.get("status") != "published" else None,
            summary=_string(post, "custom_excerpt"),
            authors=tuple(one for one in authors if one) if not is_page else (),
            lang=language or _string(post, "locale") or self._lang,
            urls=(f"/{slug}/",),
            slug=slug,
            categories=tuple(dict.fromkeys(tag for tag in tags if tag and not tag.startswith("#"))),
            image=MovedFile(image, alt) if image else None,
            is_draft=is_closed or post.get("status") not in ("published", "scheduled"),
        )

    def _first_author(self, post: dict[str, Any]) -> str:
        users = {str(one.get("id")): _string(one, "name") for one in _rows(self._data, "users")}
        return users.get(str(post.get("author_id")), "")


def _read(source: str) -> dict[str, Any]:
    try:
        found = json.loads(decode_text(read_archive_file(Path(source), _MOST)))
    except (ValueError, RecursionError) as error:
        raise no_document(source) from error
    if isinstance(found, dict) and isinstance(found.get("db"), list) and found["db"]:
        found = found["db"][0]
    data = found.get("data") if isinstance(found, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("posts"), list):
        raise no_document(source)
    return data


def _rows(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = data.get(name)
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def _joined(data: dict[str, Any], links: str, key: str, name: str) -> defaultdict[str, list[dict[str, Any]]]:
    """Return post → the rows of another table that it is linked to, in their order."""
    rows = {str(one.get("id")): one for one in _rows(data, name)}
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for link in sorted(
        _rows(data, links), key=lambda one: one["sort_order"] if isinstance(one.get("sort_order"), int) else 0
    ):
        if (row := rows.get(str(link.get(key)))) is not None:
            found[str(link.get("post_id"))].append(row)
    return found


def _body(post: dict[str, Any]) -> str:
    """Return the HTML of a post; where an export has none, the words of its editor's format."""
    html = _string(post, "html")
    if html:
        return html
    for key in ("lexical", "mobiledoc"):
        try:
            found = json.loads(_string(post, key) or "null")
            paragraphs = [escape(one) for one in _words_in(found) if one.strip()]
        except (ValueError, RecursionError):
            continue
        if paragraphs:
            return "\n".join(f"<p>{one}</p>" for one in paragraphs)
    return escape(_string(post, "plaintext"))


def _words_in(node: object, deep: int = 0) -> Iterator[str]:
    """Yield the words of a document of Ghost's editors, a paragraph at a time."""
    if not isinstance(node, (dict, list)) or deep > _DEEPEST:
        return
    if isinstance(node, list):
        for one in node:
            yield from _words_in(one, deep + 1)
    elif isinstance(node.get("sections"), list):  # mobiledoc: [type, tag, [[…, …, …, words], …]]
        for section in node["sections"]:
            yield "".join(_last_words(section))
        for card in _list(node, "cards"):
            if isinstance(card, list) and len(card) > 1 and isinstance(card[1], dict):
                yield from (text for key in _WORDS if isinstance(text := card[1].get(key), str))
    elif isinstance(children := node.get("children"), list) and any(
        isinstance(one, dict) and isinstance(one.get("text"), str) for one in children
    ):
        yield "".join(_texts_below(node, deep))
    else:
        yield from (text for key in _WORDS if isinstance(text := node.get(key), str))
        for value in node.values():
            yield from _words_in(value, deep + 1)


def _texts_below(node: dict[str, Any], deep: int) -> Iterator[str]:
    if isinstance(node.get("text"), str):
        yield node["text"]
    for child in _list(node, "children"):
        if isinstance(child, dict) and deep <= _DEEPEST:
            yield from _texts_below(child, deep + 1)


def _last_words(section: object) -> Iterator[str]:
    """Yield the words of the markers of a section; lists have one more layer."""
    if isinstance(section, list):
        if len(section) == 4 and isinstance(section[3], str):
            yield section[3]
        else:
            for one in section:
                yield from _last_words(one) if isinstance(one, list) else ()


def _list(node: dict[str, Any], key: str) -> list[Any]:
    value = node.get(key)
    return value if isinstance(value, list) else []


def _string(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""


def _moment(row: dict[str, Any], key: str) -> When | None:
    """Return a moment, which older exports have as milliseconds, and newer ones as UTC."""
    value = row.get(key)
    return from_epoch(value) if isinstance(value, (int, float)) else read_moment(value)
