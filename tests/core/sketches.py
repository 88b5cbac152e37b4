"""Small sites as values: drawn at random, changed, loaded and rendered in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from newsfeed.build.cache.snapshot import LibrarySnapshot
from newsfeed.build.load import Loaded
from newsfeed.build.renderer import Renderer
from newsfeed.config import bundled
from newsfeed.core.site.confinement import NamesInUse
from newsfeed.core.site.impact import Change
from newsfeed.core.site.index import SiteIndex, make_rows
from newsfeed.core.site.plan import plan_site
from newsfeed.i18n.catalogues import load_texts
from newsfeed.i18n.texts import CatalogueTexts
from newsfeed.model import Library
from newsfeed.render.templates import Templates
from newsfeed.settings import Settings
from newsfeed.testing import MemorySource, an_item, load_files, settings_from
from tests.pictures import png

Files = Mapping[str, str | bytes]
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
CONFIG = """\
[site]
title = "Test site"
base_url = "https://test.example/"
languages = ["en", "de", "nl"]
timezone = "Europe/Berlin"
authority = "test.example,2020"

[languages.de]
fallback = []

[languages.nl]
fallback = ["en"]

[topics]
water = "Water"

[lists]
items = 2

[feeds]
items = 2
formats = ["atom", "jsonfeed"]
"""
"""Three editions, the last of which shows English where it has nothing; lists and feeds of two stories."""

AROUND: Files = {
    "projects/pumps.en.md": an_item(
        date=None, id="pumps", title="Pumps", countries="[KZ]", programme="clean"
    ),
    "programmes/clean.en.md": an_item(date=None, id="clean", title="Clean"),
    "pages/about.en.md": an_item("See [wells](../news/wells).\n", date=None, id="about", title="About"),
    "news/wells.en.md": an_item(id="wells", date="2025-12-24", authors="[Ann, Bo]", title="Wells"),
    "news/map.png": png(),
    "news/plan.pdf": b"%PDF-1.7",
}
"""What does not change: a page that links to a story; a story with all authors but one."""


@dataclass(frozen=True)
class Sketch:
    """A story as an editor has it in mind."""

    texts: Mapping[str, tuple[str, str]] = field(default_factory=lambda: {"en": ("A title", "Some text.")})
    """Language → (title, body)."""
    date: str = "2026-01-05"
    facts: Mapping[str, str] = field(default_factory=dict)
    slugs: Mapping[str, str] = field(default_factory=dict)

    def files(self, key: str) -> dict[str, str]:
        """Its content files; the English one has the facts."""
        found = {}
        for lang, (title, body) in self.texts.items():
            facts = {"id": key, **self.facts} if lang == "en" else {}
            if "image" in self.facts:
                facts["image_alt"] = "A map"
            if lang in self.slugs:
                facts["slug"] = self.slugs[lang]
            date = self.date if lang == "en" else None
            found[f"news/{key}.{lang}.md"] = an_item(f"{body}\n", date=date, title=title, **facts)
        return found


Site = Mapping[str, Sketch]


def files_of(site: Site) -> Files:
    """All files of a site."""
    return {**AROUND, **{path: text for key, one in site.items() for path, text in one.files(key).items()}}


@cache
def usual() -> Settings:
    """The settings of all these sites."""
    return settings_from(CONFIG)


def load(files: Files) -> Loaded:
    """A site from memory."""
    return load_files(files, usual())


@cache
def looks() -> tuple[Mapping[str, CatalogueTexts], Templates]:
    """What all of them are shown with."""
    nowhere = Path("/nowhere")
    texts, _ = load_texts(usual(), nowhere, bundled.locales())
    return texts, Templates(nowhere, bundled.templates(), texts)


def rendered(files: Files, library: Library, now: datetime = NOW) -> dict[str, bytes]:
    """Every artifact of a site: path → bytes."""
    index, (texts, templates) = index_of(library, now), looks()
    plan = plan_site(index)
    renderer = Renderer(index, texts, templates, MemorySource(files), plan)
    artifacts = [renderer.render(planned) for planned in plan]
    return {file.path: b"".join((*file.pieces, file.note.encode())) for file in artifacts}


def index_of(library: Library, now: datetime = NOW) -> SiteIndex:
    """As its editions see it at a moment."""
    return SiteIndex(library, usual(), now)


def changes_of(before: Library, after: Library) -> list[Change]:
    """The stories that are not the same in two libraries."""
    keys = sorted({*before.stories, *after.stories})
    pairs = [(before.stories.get(key), after.stories.get(key)) for key in keys]
    return [Change(old, new) for old, new in pairs if old != new]


def rest_of_site(before: Library, now: datetime = NOW) -> NamesInUse:
    """What an incremental build knows of the rest of a site."""
    snapshot = LibrarySnapshot.of(before, tuple(make_rows(before)))
    published = frozenset(one.path for one in plan_site(index_of(before, now)))
    return NamesInUse(snapshot.rows, snapshot.link_sources, snapshot.aliases, published.__contains__)


# -- what editors do ---------------------------------------------------------------------------

KEYS = ("a", "b", "c", "d", "e")
titles = st.sampled_from(("A title", "Rain & <pipes>", "“Ünïcode”"))
bodies = st.sampled_from(
    (
        "Some text.",
        "Other words.",
        "See [wells](wells.en.md).",
        "See [b](b) and [c](./c.en.md).",
        "![map](map.png)",
        "See [the plan](plan.pdf).",
        "Many\n\n* words\n* of[^1] it\n\n[^1]: Note.",
    )
)
texts = st.tuples(titles, bodies)
dates = st.sampled_from(
    ("2026-01-05", "2026-01-20", "2026-02-10", "2026-02-10", "2025-11-30", "2025-12-30", "2026-06-01")
)
facts = {
    "authors": st.sampled_from(("[Ann]", "[Bo, Ann]", "[Bo]", "[New]", "[ann]")),
    "topics": st.sampled_from(("[water]", "")),
    "countries": st.sampled_from(("[KZ]", "[KG]")),
    "projects": st.just("[pumps]"),
    "programmes": st.just("[clean]"),
    "draft": st.sampled_from(("yes", "no")),
    "expires": st.sampled_from(("2026-02-27", "2026-05-01")),
    "updated": st.sampled_from(("2026-02-20", "2026-02-25")),
    "withdrawn": st.sampled_from(("2026-06-20", "2026-06-25", "yes")),
    "image": st.just("map.png"),
    "enclosures": st.just("[plan.pdf]"),
}
"""Fact → what it may say."""


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    """A story of any kind."""
    found = {"en": draw(texts)}
    for lang in ("de", "nl"):
        if draw(st.integers(0, 3)) == 0:
            found[lang] = draw(texts)
    told = draw(st.lists(st.sampled_from(sorted(facts)), max_size=3, unique=True))
    return Sketch(found, draw(dates), {name: value for name in told if (value := draw(facts[name]))})


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """A few stories; those that others may link to are always there."""
    count = draw(st.integers(3, len(KEYS)))
    return {key: draw(sketches()) for key in KEYS[:count]}


@st.composite
def changed(draw: st.DrawFn, site: Site, most: int = 2) -> Site:
    """The same site after editors have been at it."""
    found = dict(site)
    for _ in range(draw(st.integers(1, most))):
        key = draw(st.sampled_from(sorted(found) * 3 + ["new", "other"]))
        if key not in found:
            found[key] = draw(sketches())
        elif draw(st.integers(0, 12)) == 0:
            del found[key]
        else:
            found[key] = draw(edited(found[key]))
    return found


@st.composite
def edited(draw: st.DrawFn, one: Sketch) -> Sketch:
    """One thing about a story is another."""
    what = draw(st.sampled_from(("text", "text", "translation", "date", "slug", "fact", "fact", "fact")))
    if what == "text":
        return replace(one, texts={**one.texts, draw(st.sampled_from(sorted(one.texts))): draw(texts)})
    if what == "translation":
        lang = draw(st.sampled_from(("de", "nl")))
        left = {code: text for code, text in one.texts.items() if code != lang}
        return replace(one, texts=left if lang in one.texts else {**left, lang: draw(texts)})
    if what == "date":
        return replace(one, date=draw(dates))
    if what == "slug":
        lang = draw(st.sampled_from(sorted(one.texts)))
        return replace(one, slugs={**one.slugs, lang: draw(st.sampled_from(("moved", *KEYS[:2])))})
    name = draw(st.sampled_from(sorted(facts)))
    kept = {key: value for key, value in one.facts.items() if key != name}
    value = draw(facts[name])
    return replace(one, facts=kept if one.facts.get(name) == value or not value else {**kept, name: value})
