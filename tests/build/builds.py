"""Builds as commands make them: with what earlier ones left behind."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from newsfeed.app import builds as workshop
from newsfeed.app import site as app
from newsfeed.build.cache.known import Stamp
from newsfeed.build.cache.memory import Memory
from newsfeed.build.output import open_output
from newsfeed.build.publish_result import PublishResult
from newsfeed.build.staging import RenderedFile
from newsfeed.errors import ProblemsFound, SiteChangedError
from newsfeed.problems import Location, problem

ERRORS = [
    ProblemsFound([problem("template-failed", Location("templates/page/story.html", 7), reason="x")]),
    SiteChangedError("news/a.en.md changed", "run it again"),
    PermissionError(13, "Permission denied", "/public/index.html"),
]
"""What another process may raise: with problems, with a hint, with the name of a file."""


def publish(
    folder: Path, files: Iterable[RenderedFile], stats: Mapping[str, Stamp] | None = None
) -> PublishResult:
    """Bring a folder to hold exactly these files, besides those that others put there."""
    with open_output(folder) as output:
        staging = output.stage_all(stats or {})
        for rendered in files:
            for file in staging.write(rendered):
                staging.add(file)
        return output.commit(staging, {})


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
