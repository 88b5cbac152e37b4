"""The configuration of a site that is begun for an archive."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.arriving.addresses import split_url
from newsfeed.core.content.slugs import make_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsfeed.core.arriving.moved_text import MovedText

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", re.IGNORECASE)
_MOST_TOPICS = 40
_LEAST_TEXTS = 2
_NO_TOPICS = frozenset({"uncategorized", "uncategorised", "allgemein", "non-classe", "geen-categorie"})


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """The facts of an archive that a new site needs."""

    languages: tuple[str, ...]
    """Most frequent first."""
    categories: Mapping[str, int]
    """Name → how many texts."""


def gather_facts(texts: Iterable[MovedText]) -> ArchiveFacts:
    """Return the languages and categories of an archive."""
    languages: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    for text in texts:
        code = text.lang.replace("_", "-").partition("-")[0].lower()
        languages[code if _LANGUAGE.fullmatch(code) else ""] += 1
        categories.update(set(text.categories))
    del languages[""]
    return ArchiveFacts(tuple(code for code, _ in languages.most_common()), categories)


def fresh_config(facts: ArchiveFacts, *, base_url: str, lang: str, year: int) -> str:
    """Return ``config.toml``. ``base_url``: of the site it was; ``lang``: of texts that name none."""
    languages = tuple(dict.fromkeys([*([lang] if lang else []), *facts.languages])) or ("en",)
    parts = split_url(base_url)
    host = parts.hostname or "www.example.org"
    address = (
        f"{parts.scheme}://{parts.netloc}/"
        if parts.scheme in ("http", "https") and parts.netloc
        else f"https://{host}/"
    )
    topics = [
        (key, name)
        for name, count in sorted(facts.categories.items(), key=lambda one: (-one[1], one[0]))
        if count >= _LEAST_TEXTS and (key := make_slug(name)) and key not in _NO_TOPICS
    ][:_MOST_TOPICS]
    lines = [
        "[site]",
        f"title = {_quoted(host)}",
        f"description = {_quoted(host)}",
        f"base_url = {_quoted(address)}",
        f"languages = [{', '.join(map(_quoted, languages))}]",
        f"default_language = {_quoted(languages[0])}",
        'timezone = "UTC"          # such as "Europe/Berlin": of dates that name no zone',
        f"authority = {_quoted(f'{host},{year}')}  # who names things, and since when; never change it",
    ]
    if topics:
        lines += ["", "[topics]", *(f"{key} = {_quoted(name)}" for key, name in dict(topics).items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
