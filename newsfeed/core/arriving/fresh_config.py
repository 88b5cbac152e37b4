"""The configuration of a site that is begun for an archive."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.arriving.addresses import OUR_NAMES, key_of_url, split_url
from newsfeed.core.arriving.compose import one_line
from newsfeed.core.arriving.moved_text import OldFeed, OldList
from newsfeed.core.content.aliases import resolve_alias
from newsfeed.core.content.language_guess import guess_language
from newsfeed.core.content.value_guesses import guess_slug
from newsfeed.core.site.urls import feed_path

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from newsfeed.core.arriving.moved_text import MovedText

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", re.IGNORECASE)
_MOST_TOPICS = 40
"""Of an archive with a word for every text, the most frequent."""
_MOST_TITLE = 100
_NO_TOPICS = frozenset({"uncategorized", "uncategorised", "allgemein", "non-classe", "geen-categorie"})


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """The facts of an archive that a new site needs."""

    languages: tuple[str, ...]
    """That of texts that name none comes first, as far as their words tell it; then the most frequent."""
    categories: Mapping[str, int]
    """Name, as the mapping has it → how many texts."""
    addresses: frozenset[str] = frozenset()
    """Those of texts, as `key_of_url` has them, without host."""


def gather_facts(texts: Iterable[MovedText], topics: Mapping[str, str]) -> ArchiveFacts:
    """Return the languages and categories of an archive. ``topics``: category → topic, of the mapping."""
    languages: Counter[str] = Counter()
    guessed: Counter[str] = Counter()
    addresses: set[str] = set()
    categories: Counter[str] = Counter()
    for text in texts:
        code = _base_of(text.lang)
        if _LANGUAGE.fullmatch(code):
            languages[code] += 1
        elif found := guess_language(text.body):
            guessed[found] += 1
        addresses |= {key_of_url(url).partition("/")[2] for url in text.urls}
        categories.update({topics.get(name.casefold(), name) for name in text.categories})
    ordered = [code for code, _ in (*guessed.most_common(1), *languages.most_common())]
    return ArchiveFacts(tuple(dict.fromkeys(ordered)), categories, frozenset(addresses))


def _base_of(code: str) -> str:
    return code.replace("_", "-").partition("-")[0].lower()


def fresh_config(
    facts: ArchiveFacts,
    *,
    title: str,
    description: str,
    base_url: str,
    lang: str,
    year: int,
    own: str = "",
    old: Iterable[OldFeed | OldList] = (),
) -> str:
    """Return ``config.toml``. ``title``, ``description``, ``base_url``: of the site it was, empty where
    nobody knows; ``lang``: of texts that name none; ``own``: the language of that site, where it is known;
    ``old``: feeds and lists that readers have.
    """
    first = [lang] if lang else [code for code in facts.languages if code == _base_of(own)]
    languages = tuple(dict.fromkeys([*first, *facts.languages])) or ("en",)
    parts = split_url(base_url)
    host = parts.hostname or "www.example.org"
    address = (
        f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"
        if parts.scheme in ("http", "https") and parts.netloc
        else f"https://{host}/"
    )
    title = one_line(title, _MOST_TITLE) or host
    topics = list(_topics(facts, languages[0]).items())[:_MOST_TOPICS]
    lines = [
        "[site]",
        f"title = {_quoted(title)}",
        f"description = {_quoted(one_line(description) or title)}",
        f"base_url = {_quoted(address)}",
        f"languages = [{', '.join(map(_quoted, languages))}]",
        f"default_language = {_quoted(languages[0])}",
        'timezone = "UTC"          # such as "Europe/Berlin": of dates that name no zone',
        f"authority = {_quoted(f'{host},{year}')}  # who names things, and since when; never change it",
    ]
    if topics:
        lines += ["", "[topics]", *(f"{key} = {_quoted(name)}" for key, name in topics)]
    redirects = _redirects(list(old), facts, parts.path, dict(topics), languages)
    if redirects:
        lines += ["", "[redirects]", *(f"{_quoted(old)} = {_quoted(new)}" for old, new in redirects.items())]
    return "\n".join(lines) + "\n"


def feed_redirects(
    feeds: Iterable[OldFeed], edition_of: Callable[[str], str], languages: Collection[str]
) -> dict[str, str]:
    """Return old path → path of the feed that takes its place, as ``[redirects]`` has them.

    edition_of: returns the site's language for one of the archive, which may be empty.
    """
    found = {}
    for feed in feeds:
        lang = edition_of(feed.lang)
        _, trouble = resolve_alias(feed.path)
        if lang in languages and not trouble and not _is_our_place(feed.path, languages):
            found[feed.path] = f"/{feed_path(lang, feed.form)}"
    return found


def _redirects(
    old: Sequence[OldFeed | OldList],
    facts: ArchiveFacts,
    root: str,
    topics: Mapping[str, str],
    languages: Sequence[str],
) -> dict[str, str]:
    """Return old path → new path of feeds, and of lists whose address no text has."""
    taken = {address.removeprefix(root.strip("/")).strip("/") for address in facts.addresses}
    taken |= {f"{lang}/{address.rpartition('/')[2]}" for address in taken for lang in languages}  # pages
    feeds = [one for one in old if isinstance(one, OldFeed)]
    lists = [one for one in old if isinstance(one, OldList) and one.path.strip("/") not in taken]
    return {
        **feed_redirects(feeds, lambda code: _base_of(code) or languages[0], languages),
        **_list_redirects(lists, topics, languages),
    }


def _is_our_place(path: str, languages: Collection[str]) -> bool:
    """Tell whether the site has, or may have, something of its own at an address."""
    lang, _, rest = path.strip("/").partition("/")
    name = rest.partition("/")[0]
    is_ours = not rest or (name in OUR_NAMES and not rest.endswith("/index.xml"))
    return lang in languages and is_ours


def _list_redirects(
    lists: Iterable[OldList], topics: Mapping[str, str], languages: Sequence[str]
) -> dict[str, str]:
    """Return old path → path of the topic, or of the front page where there is none."""
    keys = {name: key for key, name in topics.items()}
    found = {}
    for one in lists:
        lang = _base_of(one.lang) or languages[0]
        _, trouble = resolve_alias(one.path)
        if lang in languages and not trouble and not _is_our_place(one.path, languages):
            key = keys.get(one.category, "")
            found[one.path] = f"/{lang}/topics/{key}/" if key else f"/{lang}/"
    return found


def _topics(facts: ArchiveFacts, lang: str) -> dict[str, str]:
    """Return key → name of the categories that are topics, the most frequent first."""
    topics: dict[str, str] = {}
    for name, _ in sorted(facts.categories.items(), key=lambda one: (-one[1], one[0])):
        key = guess_slug(name, lang)
        if key and key not in _NO_TOPICS:
            topics.setdefault(key, name)
    return topics


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
