"""Whole sites for tests, built once: the demo site (this repository) and `tests/sites/network`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from shutil import copytree

from newsfeed.app import site as app
from newsfeed.core.site import urls
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.index import SiteIndex
from newsfeed.problems import Problem, select_errors
from newsfeed.testing import an_item, write_tree

REPOSITORY = Path(__file__).resolve().parents[2]
NETWORK = REPOSITORY / "tests" / "sites" / "network"
DEMO_NOW = datetime.fromisoformat("2010-02-08T09:00+01:00")
NETWORK_NOW = datetime.fromisoformat("2024-06-15T12:00+02:00")
CONTENT = ("config.toml", "news", "projects", "programmes", "pages", "locales", ".demo")

_BULLETINS = {
    "en": ("Bulletin {n}: what the wells told us", "Wells", "In week {n} the wells were measured again."),
    "de": ("Bulletin {n}: was die Brunnen erzählen", "Brunnen", "In Woche {n} wurden die Brunnen gemessen."),
    "fr": ("Bulletin {n} : ce que disent les puits", "Puits", "En semaine {n}, les puits ont été mesurés."),
    "nl": ("Bulletin {n}: wat de putten vertellen", "Putten", "In week {n} zijn de putten weer gemeten."),
}
_ORIGINALS = ("en", "en de", "en fr", "nl", "en de fr nl")
"""Who has translated a bulletin, by its number: the first language is the original's."""
BULLETINS = 45


@dataclass(frozen=True)
class BuiltSite:
    """A site and its output, as this process built it."""

    root: Path
    served: Path
    """The folder to serve so that the site lies where its base_url says."""
    now: datetime
    site: app.Site

    @cached_property
    def index(self) -> SiteIndex:
        """What is public."""
        return SiteIndex(self.site.loaded.library, self.site.settings, self.now)

    @cached_property
    def plan(self) -> Mapping[str, PlannedArtifact]:
        """Output path → what was planned there."""
        planned = app.planned(self.site.settings, self.site.snapshot, self.now).artifacts
        return {one.path: one for one in planned}

    @property
    def base_url(self) -> str:
        """Absolute, with a slash at the end."""
        return self.site.settings.site.base_url

    @property
    def base_path(self) -> str:
        """The path of `base_url`."""
        return urls.base_url_path(self.base_url)

    @property
    def output(self) -> Path:
        """The published folder."""
        return self.served / self.base_path.strip("/")

    @property
    def languages(self) -> tuple[str, ...]:
        """The editions."""
        return self.site.settings.site.languages

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Every published file by path."""
        return tree(self.output)

    @cached_property
    def pages(self) -> Mapping[str, bytes]:
        """Every page by path."""
        return {path: data for path, data in self.files.items() if path.endswith(".html")}

    def url(self, path: str) -> str:
        """The absolute address of an output path."""
        return self.base_url + urls.encode_path(path)

    def text(self, path: str) -> str:
        """A published file as text."""
        return self.files[path].decode()

    def paths(self, *kinds: str) -> list[str]:
        """The output paths of these kinds."""
        return [path for path, one in self.plan.items() if one.kind in kinds]


def built(root: Path, served: Path, now: datetime) -> BuiltSite:
    """Build a site that must have no errors."""
    site = app.read(root, now)
    errors: list[Problem] = select_errors(site.problems)
    assert not errors, errors
    made = BuiltSite(root, served, now, site)
    app.build(site, made.output, now)
    return made


def copy_of_demo(folder: Path) -> Path:
    """The demo site without the program around it."""
    folder.mkdir(parents=True)
    for name in CONTENT:
        source = REPOSITORY / name
        if source.is_dir():
            copytree(source, folder / name)
        else:
            (folder / name).write_bytes(source.read_bytes())
    return folder


def copy_of_network(folder: Path) -> Path:
    """The network site, with so many bulletins that lists have older pages."""
    copytree(NETWORK, folder)
    return write_tree(folder, dict(bulletins()))


def bulletins() -> list[tuple[str, str]]:
    """Short stories of 2023, one a week, translated unevenly."""
    files = []
    for number in range(1, BULLETINS + 1):
        original, *others = _ORIGINALS[number % len(_ORIGINALS)].split()
        day = date(2023, 1, 4) + timedelta(weeks=number)
        facts = {
            "id": f"bulletin-{number:02}",
            "date": day.isoformat(),
            "authors": "[Zoë Müller-Weiß]",
            "topics": "[energy]" if number % 3 else "[water, energy]",
            "countries": "[XK]" if number % 4 == 0 else "[DE]",
        }
        files.append((_bulletin_path(number, original), _bulletin(number, original, **facts)))
        files += [(_bulletin_path(number, lang), _bulletin(number, lang, date=None)) for lang in others]
    return files


def _bulletin_path(number: int, lang: str) -> str:
    return f"news/2023/bulletin-{number:02}.{lang}.md"


def _bulletin(number: int, lang: str, *, date: str | None, **facts: str) -> str:
    title, word, sentence = (text.format(n=number) for text in _BULLETINS[lang])
    slug = f"{word.lower()}-{number:02}"
    return an_item(f"{sentence}\n", date=date, title=f'"{title}"', slug=slug, **facts)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by path; our own bookkeeping is left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".newsfeed")
    }
