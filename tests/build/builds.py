"""Builds as commands make them: with what earlier ones left behind."""

from datetime import datetime

from newsfeed.app import builds as workshop
from newsfeed.app import site as app
from newsfeed.build.cache.memory import Memory
from newsfeed.errors import ProblemsFound, SiteChangedError
from newsfeed.problems import Location, problem

ERRORS = [
    ProblemsFound([problem("template-failed", Location("templates/page/story.html", 7), reason="x")]),
    SiteChangedError("news/a.en.md changed", "run it again"),
    PermissionError(13, "Permission denied", "/public/index.html"),
]
"""What another process may raise: with problems, with a hint, with the name of a file."""


def build_all(shop: workshop.Workshop, now: datetime) -> app.Built:
    """A build that reads the whole site, and remembers it for the next one."""
    return learn(shop, now)[0]


def learn(shop: workshop.Workshop, now: datetime) -> tuple[app.Built, Memory | None]:
    """The same, and what it remembers."""
    site = app.read(shop.root, now, jobs=shop.jobs)
    built, memory = workshop.build(shop, site, now, shop.last)
    workshop.remember(shop, memory)
    return built, memory


def build(shop: workshop.Workshop, now: datetime) -> tuple[app.Built, str]:
    """The quickest build that is enough, and which that was."""
    same = workshop.nothing_to_do(shop, now)
    if same is not None:
        return same, "idle"
    done = workshop.amend(shop, now)
    if done is not None:
        workshop.remember(shop, done[1])
        return done[0], "amended"
    return build_all(shop, now), "whole"
