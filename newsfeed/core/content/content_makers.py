"""Make each kind of content of what its files say together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from newsfeed.model import Programme, Project, StaticPage, Story


def _story(common: dict[str, Any], facts: dict[str, Any]) -> Story:
    date = facts.pop("date")
    updated = facts.pop("updated", None) or date
    withdrawn = facts.pop("withdrawn", None) or None
    if withdrawn is True:
        withdrawn = updated
    elif withdrawn is not None:  # a day means its morning, and the story may have changed later that day
        updated = max(updated, withdrawn, key=datetime.timestamp)
    authors = facts.pop("authors", ())
    return Story(
        **common,
        date=date,
        updated=updated,
        withdrawn=withdrawn,
        authors=tuple([author.name for author in authors]),
        roles=tuple([author for author in authors if author.role]),
        **facts,
    )


def _project(common: dict[str, Any], facts: dict[str, Any]) -> Project:
    facts.pop("enclosures")
    return Project(**common, **facts)


def _programme(common: dict[str, Any], facts: dict[str, Any]) -> Programme:
    facts.pop("enclosures")
    return Programme(**common, **facts)


def _static_page(common: dict[str, Any], facts: dict[str, Any]) -> StaticPage:
    return StaticPage(**common)


CONTENT_MAKERS = {"news": _story, "projects": _project, "programmes": _programme, "pages": _static_page}
"""Kind of content → how it is made of what all kinds have in common, and of its facts."""
