"""Paths of everything in the published site, and the ids it is known by for ever.

Paths are relative to the output folder; they depend on ids, slugs and dates, never on titles.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from newsfeed.core.content.file_names import compose
from newsfeed.core.content.slugs import make_slug

if TYPE_CHECKING:
    from datetime import date

    from newsfeed.model import Content

INDEX = "index.html"
FEED_ENDINGS = {"rss": "rss", "atom": "atom", "jsonfeed": "json"}
"""Feed format → ending of its file."""
ARCHIVE_SECTION = "archive"
SEARCH_ENTRY = "pagefind-entry.json"
"""File that names all others of a part of a search index."""
_REMEMBERED = 10_000
"""Paths of stories: each is asked for by its page, by those of other editions, by lists, feeds and links."""


def home_path(lang: str) -> str:
    """Return the path of an edition's front page."""
    return f"{lang}/{INDEX}"


def index_path(lang: str, name: str) -> str:
    """Return the path of the page that names all sections of a kind, such as all topics."""
    return f"{lang}/{name}/{INDEX}"


def story_path(form: str, lang: str, day: date, slug: str) -> str:
    """Return the path of a story's page.

    form: of its address, such as ``/{lang}/news/{year}/{slug}/``; ``day``: its date.
    """
    # By numbers, as one moment may be equal to another that is on another day in its zone.
    return _story_path(form, lang, (day.year, day.month, day.day), slug)


@lru_cache(_REMEMBERED)
def _story_path(form: str, lang: str, day: tuple[int, int, int], slug: str) -> str:
    fields = {"year": f"{day[0]}", "month": f"{day[1]:02}", "day": f"{day[2]:02}"}
    return form.removeprefix("/").format(lang=lang, slug=slug, **fields) + INDEX


def text_file_path(page: str) -> str:
    """Return the path of a text as Markdown: beside its page."""
    return page.removesuffix(INDEX) + "index.md"


def static_page_path(lang: str, slug: str) -> str:
    """Return the path of a static page such as the imprint."""
    return f"{lang}/{slug}/{INDEX}"


def archive_path(lang: str, year: int = 0, month: int = 0) -> str:
    """Return the path of an archive page: of all years, one year, or one month."""
    parts = [lang, ARCHIVE_SECTION]
    if year:
        parts.append(f"{year:04}")
    if month:
        parts.append(f"{month:02}")
    return "/".join([*parts, INDEX])


def numbered_path(path: str, number: int) -> str:
    """Return the path of an older page of a list, counted from the oldest (1): its content never moves."""
    return path.removesuffix(INDEX) + f"page/{number}/{INDEX}"


def feed_path(folder: str, form: str, number: int = 0) -> str:
    """Return the path of the feed of a folder (``de/topics/energy``) in a format.

    With a number, of one of its archives, counted from the oldest (1): their content never changes.
    """
    archive_number = f"-{number}" if number else ""
    return f"{folder}/feed{archive_number}.{FEED_ENDINGS[form]}"


def search_path(lang: str) -> str:
    """Return the path of the search page of an edition."""
    return f"{lang}/search/{INDEX}"


def search_part_folder(lang: str, number: int) -> str:
    """Return the folder of a part of an edition's search index, with a slash at its end; counted from 1."""
    return f"{lang}/search/part-{number}/"


def sitemap_path(number: int = 0) -> str:
    """Return the path of the sitemap; with a number, of a part of one that is too long for one file."""
    return f"sitemap-{number}.xml" if number else "sitemap.xml"


def feed_list_path(lang: str) -> str:
    """Return the path of the page that lists all feeds of an edition."""
    return f"{lang}/feeds/{INDEX}"


def issue_folder(lang: str, digest: str) -> str:
    """Return the folder of the issues of a digest that were sent."""
    return f"{lang}/issues/{digest}"


def issue_path(lang: str, digest: str, key: str = "") -> str:
    """Return the path of the page of an issue that was sent; without a key, of the list of them."""
    folder = issue_folder(lang, digest)
    return f"{folder}/{key}/{INDEX}" if key else f"{folder}/{INDEX}"


def issue_id(authority: str, digest: str, key: str, lang: str) -> str:
    """Return the id of an issue in feeds: as permanent as those of texts (RFC 4151)."""
    return f"tag:{authority}:issue/{digest}/{key}:{lang}"


def opml_path(lang: str) -> str:
    """Return the path of the file with all feeds of an edition, for feed readers to import."""
    return f"{lang}/feeds.opml"


def about_feed_path(folder: str) -> str:
    """Return the path of the page that explains a folder's feeds."""
    return f"{folder}/feed/{INDEX}"


def make_author_key(name: str) -> str:
    """Make the part of an author's address from the name."""
    return make_slug(name) or "author"


def asset_path(kind: str, identifier: str, folder: str, path: str) -> str:
    """Return the path of a file that a text publishes.

    It is below the content's id, so that renames move nothing; a file from outside the content's ``folder``
    lies where no id can be in its way.
    """
    inside = path.removeprefix(folder + "/")
    if inside == path and compose(path).startswith(compose(folder) + "/"):
        inside = path.split("/", folder.count("/") + 1)[-1]
    if inside == path:
        return f"files/site/{path}"
    return f"files/{kind}/{identifier}/{inside}"


def encode_path(path: str) -> str:
    """Write an output path as part of a web address: folders instead of index files, encoded."""
    folder = path.removesuffix(INDEX)
    return folder if _plain(folder) else quote(folder, safe=_SAFE)


_SAFE = "/~!$&'()*+,;=:@"
_plain = re.compile(f"[a-zA-Z0-9_.{re.escape(_SAFE)}-]*").fullmatch
"""Whether a path is written in addresses as it is: almost all are, and to ask is quicker than to quote."""


_ADDRESS_PART = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*)?)?([^#]*)(#?)(.*)", re.DOTALL)
_NOT_IN_PATHS = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}\[\]]|%(?![0-9A-Fa-f]{2})")
_NOT_IN_ANCHORS = re.compile(_NOT_IN_PATHS.pattern + "|#")


def encode_address(address: str) -> str:
    """Return an address that somebody wrote, with the signs that none may hold in percent form."""
    if _HARMLESS.fullmatch(address):
        return address
    found = _ADDRESS_PART.fullmatch(address.strip())
    assert found is not None
    start, path, sign, anchor = found.groups("")
    return start + _NOT_IN_PATHS.sub(_percent, path) + sign + _NOT_IN_ANCHORS.sub(_percent, anchor)


_HARMLESS = re.compile(r"[A-Za-z0-9_.~/?=&+,;:@!$()*'-]*#?[A-Za-z0-9_.~/?=&+,;:@!$()*'-]*")


def _percent(found: re.Match[str]) -> str:
    return quote(found[0], safe="")


def base_url_path(base_url: str) -> str:
    """Return the path part of the site's address; begins and ends with a slash."""
    return urlsplit(base_url).path or "/"


def entry_id(authority: str, content: Content, lang: str) -> str:
    """Return the id of a text in feeds: authority, id and language shown; nothing else enters (RFC 4151)."""
    return f"tag:{authority}:{content.id}:{lang}"


_IRI = re.compile(r"""[a-z][a-z0-9+.-]*:(?:[^\s<>"{}|\\^`%]|%[0-9a-f]{2})+""", re.IGNORECASE)


def is_iri(text: str) -> bool:
    """Return whether a text is an absolute IRI, as the ids of Atom have to be (RFC 3987, RFC 4287 4.2.6)."""
    return _IRI.fullmatch(text) is not None


def scheme_id(authority: str, vocabulary: str) -> str:
    """Return the name of a vocabulary whose words are categories in feeds: as permanent as its words."""
    return f"tag:{authority}:{vocabulary}"


def moved_id(authority: str, path: str) -> str:
    """Return the id of the entry that says, at the old address of a feed, where it is now."""
    return f"tag:{authority}:moved/{quote(path, safe='/')}"


def feed_id(authority: str, folder: str) -> str:
    """Return the id of a feed: authority and what it is about, independent of format and domain."""
    return f"tag:{authority}:feed/{folder}"
