"""A bare repository, the editor who pushes to it, and the site that is published from it."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsfeed.app.publishing import Publication, Publisher, open_publisher
from newsfeed.testing import write_tree

NOW = datetime(2030, 2, 4, 9, 0, tzinfo=UTC)
CONFIG = """\
[site]
title = "Test site"
base_url = "https://test.example/"
languages = ["en", "de"]
authority = "test.example,2020"
"""


def story(name: str, title: str, date: str = "2030-02-01T08:00Z", more: str = "") -> dict[str, str]:
    """One story in English."""
    text = f"---\nid: {name}\ntitle: {title}\ndate: {date}\n{more}---\nWater is clean again in our village.\n"
    return {f"news/2030/{name}.en.md": text}  # its date says its year, not its folder


def git(folder: Path, *words: str, stdin: bytes | None = None) -> str:
    """Run git as an editor would, with a configuration of its own."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main",
             "-c", "protocol.file.allow=always")  # fmt: skip
    done = subprocess.run(
        ["git", "-C", folder, *names, *words], env=environment, check=True, capture_output=True, input=stdin
    )
    return done.stdout.decode().strip()


@dataclass
class Place:
    """Where an editor works, where they push to, and where it is published from."""

    work: Path
    bare: Path
    root: Path

    def push(self, files: Mapping[str, str | bytes], *gone: str, force: bool = False) -> str:
        """Commit files, delete others, and push; the commit's id."""
        write_tree(self.work, files)
        for path in gone:
            (self.work / path).unlink()
        git(self.work, "add", "-A")
        git(self.work, "commit", "-qm", "change", "--allow-empty")
        return self.push_as_is(force=force)

    def push_as_is(self, *, force: bool = False) -> str:
        """Push what is committed; the commit's id."""
        git(self.work, "push", "-q", *(("--force",) if force else ()), str(self.bare), "HEAD:refs/heads/main")
        return git(self.work, "rev-parse", "HEAD")

    @property
    def publisher(self) -> Publisher:
        """What ``newsfeed publish`` works with."""
        return open_publisher(self.root, self.root / "public", os.environ)

    def publish(self, after: timedelta = timedelta(), *, again: bool = False) -> Publication:
        """One look at the repository."""
        return self.publisher.publish(lambda: NOW + after, again=again)

    def page(self, name: str) -> str | None:
        """A story's page in English, if there is one."""
        found = sorted(self.root.glob(f"public/en/news/*/{name}/index.html"))
        return found[0].read_text("utf-8") if found else None

    def feed(self) -> str:
        """The site's feed in English."""
        return (self.root / "public/en/feed.atom").read_text("utf-8")


def make_place(folder: Path, more: str = "") -> Place:
    """An empty bare repository, a work tree with one commit that is pushed, and a folder for the service.

    more: further lines of the service's configuration.
    """
    place = Place(folder / "work", folder / "site.git", folder / "service")
    write_tree(
        place.work, {"config.toml": CONFIG, **story("well", "A well for the school", "2026-02-01T08:00Z")}
    )
    git(folder, "init", "-q", "--bare", str(place.bare))
    git(place.work, "init", "-q")
    write_tree(place.root, {"config.toml": f'{CONFIG}[publish]\nrepository = "{place.bare}"\n{more}'})
    place.push({})
    return place
