"""Read an export of Ghost: one JSON file."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsfeed.core.arriving.moved_text import MovedFile, MovedText
from newsfeed.errors import OutsideError
from newsfeed.marking import N_
from newsfeed.sources.archives.dates import from_epoch, read_moment
from newsfeed.sources.archives.opening import decode_text, no_document, read_archive_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.arriving.moved_text import Doubt, When

_MOST = 1_000_000_000
_HERE = "__GHOST_URL__"
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
        self._lang = str(settings.get("locale") or settings.get("lang") or "")
        self._tags = _joined(self._data, "posts_tags", "tag_id", "tags")
        self._authors = _joined(self._data, "posts_authors", "author_id", "users")
        self._alts = {_string(one, "post_id"): one for one in _rows(self._data, "posts_meta")}

    def texts(self) -> Iterator[MovedText]:
        """Yield posts and pages, in the order of the export."""
        for post in _rows(self._data, "posts"):
            if _string(post, "slug"):
                yield self._text(post)

    def find(self, origin: str, target: str) -> str:
        """Return nothing: an export brings no files along."""
        return ""

    def read(self, name: str) -> bytes:
        """Raise `OutsideError`: an export brings no files along."""
        raise OutsideError(N_("there is no {path}"), path=name)

    def _text(self, post: dict[str, Any]) -> MovedText:
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
            body=_string(post, "html").replace(_HERE, "") or _string(post, "plaintext"),
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
            is_draft=post.get("status") not in ("published", "scheduled", "sent"),
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


def _string(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""


def _moment(row: dict[str, Any], key: str) -> When | None:
    """Return a moment, which older exports have as milliseconds, and newer ones as UTC."""
    value = row.get(key)
    return from_epoch(value) if isinstance(value, (int, float)) else read_moment(value)
