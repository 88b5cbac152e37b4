"""Builds as commands make them: with what earlier ones left behind."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from shutil import copyfile, copytree

from newsfeed.app import builds as cached
from newsfeed.app.builds import BuildMemory, CachedBuild
from newsfeed.app.built import Built
from newsfeed.build.cache.file_stats import FileStat
from newsfeed.build.cache.store import cache_path
from newsfeed.build.output import open_output
from newsfeed.build.publish_result import PublishResult
from newsfeed.build.staging import RenderedFile
from newsfeed.errors import ProblemsFound, SiteChangedError
from newsfeed.problems import Location, problem
from newsfeed.testing import CONFIG

TWO_LANGUAGES = CONFIG.replace('"de", "fr", "nl"', '"de"').replace(
    '[languages.nl]\nfallback = ["en", "de"]\n', ""
)
"""A configuration for where the number of editions proves nothing: half of them take half of the time."""
ERRORS = [
    ProblemsFound([problem("template-failed", Location("templates/page/story.html", 7), reason="x")]),
    SiteChangedError("news/a.en.md changed", "run it again"),
    PermissionError(13, "Permission denied", "/public/index.html"),
]
"""What another process may raise: with problems, with a hint, with the name of a file."""


def publish(
    folder: Path, files: Iterable[RenderedFile], stats: Mapping[str, FileStat] | None = None
) -> PublishResult:
    """Bring a folder to hold exactly these files, besides those that others put there."""
    with open_output(folder) as output:
        staging = output.stage_all(stats or {})
        for rendered in files:
            for file in staging.write(rendered):
                staging.add(file)
        return output.commit(staging, {})


def build_all(build: CachedBuild, now: datetime) -> Built:
    """A build that reads the whole site, and remembers it for the next one."""
    return learn(build, now)[0]


def learn(build: CachedBuild, now: datetime) -> tuple[Built, BuildMemory | None]:
    """A build that reads the whole site, and what it remembers."""
    inputs = cached.hash_inputs(build)
    site = cached.read_site(build, now)
    built, memory = cached.full_build(build, site, now, inputs)
    cached.remember(build, memory)
    return built, memory


def build(build: CachedBuild, now: datetime) -> tuple[Built, str]:
    """The quickest build that is enough, and which that was."""
    done = cached.quick_build(build, now)
    if done is None:
        return build_all(build, now), "full"
    cached.remember(build, done[1])
    return done[0], "noop" if done[1].snapshot is None else "incremental"


def open_in(folder: Path, jobs: int = 1) -> CachedBuild:
    """The build of the next process: of ``site`` into ``out``, its cache beside them."""
    return cached.open_build(folder / "site", folder / "out", {"XDG_CACHE_HOME": str(folder / "cache")}, jobs)


def copy_of_build(source: Path, folder: Path, now: datetime) -> None:
    """A site that was built, somewhere else: in a fifth of the time that it takes to build it there.

    Files are looked at by a build that does nothing, so that what it remembers is what a first one remembers.
    """
    for name in ("site", "out"):
        copytree(source / name, folder / name)
    here, there = (
        cache_path(one / "site", one / "out", {"XDG_CACHE_HOME": str(one / "cache")})
        for one in (source, folder)
    )
    there.parent.mkdir(mode=0o700, parents=True)
    copyfile(here, there)
    there.chmod(0o600)
    assert build(open_in(folder), now)[1] == "noop"
