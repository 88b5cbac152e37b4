"""What publishing one more story writes: the files that show it, however large the site is.

``NEWSFEED_LONG=1`` tries it with 10,000 stories, too.
"""

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from newsfeed.app import builds as cached
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.build.builds import build

pytestmark = pytest.mark.xdist_group("writes")

NOW = datetime.fromisoformat("2030-01-01T12:00+01:00")
SIZES = (100, 1_000, 10_000) if os.environ.get("NEWSFEED_LONG") == "1" else (50, 250)
LANGUAGES = ("en", "de")
FORMATS = ("atom", "json", "rss")
LENGTH = 10
"""Items of lists and feeds."""
SECTIONS = ("", "topics/water/", "countries/kz/", "projects/pumps/", "programmes/wells/", "authors/ann/")
"""Where every story stands; each has so many stories as the site."""
INDEXES = [f"{name}/" for name in ("topics", "countries", "projects", "programmes", "authors")]
"""The pages that name all sections of a kind, and how many stories each has."""
SETTINGS = f"""
[programmes]
wells = "Wells"

[lists]
items = {LENGTH}

[feeds]
archives = "all"
formats = ["rss", "atom", "jsonfeed"]
items = {LENGTH}
"""


class Newsroom:
    """A site that grows, and what each of its builds writes."""

    def __init__(self, folder: Path, stories: int) -> None:
        self.root, self.out = folder / "site", folder / "out"
        self._environment = {"XDG_CACHE_HOME": str(folder / "cache")}
        self._stories = 0
        config = CONFIG.replace('["en", "de", "fr", "nl"]', '["en", "de"]')
        config = config.replace('[languages.nl]\nfallback = ["en", "de"]\n', "")
        project = "---\nid: pumps\ntitle: Pumps\nprogramme: wells\n---\nText.\n"
        write_tree(self.root, {"config.toml": config + SETTINGS, "projects/pumps.en.md": project})
        self.publish(stories)

    def publish(self, count: int) -> dict[str, bool]:
        """So many new stories; returns the paths that were written, and whether each is a new file."""
        for _ in range(count):
            day = date(2001, 1, 1) + timedelta(days=self._stories)
            facts = {"id": f"story-{self._stories}", "authors": "[Ann]", "countries": "[KZ]"}
            text = an_item("Words.\n", date=day.isoformat(), **facts, topics="[water]", projects="[pumps]")
            write_tree(self.root, {f"news/story-{self._stories}.en.md": text})
            self._stories += 1
        before = self._looks()
        opened = cached.open_build(self.root, self.out, self._environment, 1)
        build(opened, NOW)
        after = self._looks()
        assert before.keys() <= after.keys()
        return {path: path not in before for path in after if before.get(path) != after[path]}

    def of_the_newest(self) -> set[str]:
        """The files that say something about the newest story, in every site of any size."""
        number = self._stories - 1
        day = date(2001, 1, 1) + timedelta(days=number)
        lists = ["archive/", f"archive/{day:%Y}/", f"archive/{day:%Y/%m}/", *SECTIONS, *INDEXES]
        paths = [f"{place}index.html" for place in (self._page(number), self._page(number - 1), *lists)]
        paths += [f"{section}feed.{form}" for section in SECTIONS for form in FORMATS]
        pages = {f"{lang}/{path}" for lang in LANGUAGES for path in paths}
        return {"sitemap.xml", *self.part(), *pages}

    def new_files(self) -> set[str]:
        """The files that there were not before the newest story: its pages."""
        page = self._page(self._stories - 1)
        return {f"{lang}/{page}index.html" for lang in LANGUAGES}

    def _page(self, number: int) -> str:
        return f"news/{date(2001, 1, 1) + timedelta(days=number):%Y}/story-{number}/"

    def part(self) -> set[str]:
        """The last file of a sitemap that is too long for one."""
        numbers = (int(path.stem.partition("-")[2]) for path in self.out.glob("sitemap-*.xml"))
        return {f"sitemap-{number}.xml" for number in sorted(numbers)[-1:]}

    def older_pages(self) -> int:
        """How many numbered pages each list has now, and archives each feed."""
        return self._stories // LENGTH - 1

    def _looks(self) -> dict[str, tuple[int, int]]:
        found = {}
        for path in self.out.rglob("*"):
            if path.is_file() and not path.name.startswith(".newsfeed"):
                seen = path.stat()
                found[path.relative_to(self.out).as_posix()] = (seen.st_ino, seen.st_mtime_ns)
        return found


def everywhere(*names: str) -> set[str]:
    """These files in each section of each edition."""
    return {f"{lang}/{section}{name}" for lang in LANGUAGES for section in SECTIONS for name in names}


def test_one_more_story_writes_as_few_files_in_every_site(tmp_path: Path) -> None:
    """Its page and text, the page of the story before it, the live pages and feeds that bring it, the
    archive of its month, indexes of sections, the sitemap; when lists and feeds close an older page, that page, and the one before it, which now has a newer neighbour.
    """
    counts = set()
    for size in SIZES:
        newsroom = Newsroom(tmp_path / str(size), size)
        quiet = newsroom.publish(1)
        assert quiet.keys() == newsroom.of_the_newest()
        newsroom.publish(LENGTH - 2)
        closing = newsroom.publish(1)
        last = newsroom.older_pages()
        closed = everywhere(f"page/{last}/index.html", *(f"feed-{last}.{form}" for form in FORMATS))
        neighbours = everywhere(
            f"page/{last - 1}/index.html", f"feed-{last - 1}.rss", f"feed-{last - 1}.atom"
        )
        assert closing.keys() == newsroom.of_the_newest() | closed | neighbours
        new = {path for path, is_new in closing.items() if is_new and "/archive/" not in path}
        assert new == closed | newsroom.new_files()
        counts.add((len(quiet.keys() - newsroom.part()), len(closing.keys() - newsroom.part())))
    assert len(counts) == 1
