"""The plan of a site: what is public, in which sections it stands, and where everything lies."""

from datetime import UTC, datetime

import pytest

from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.paging import cut_page
from newsfeed.core.site.plan import find_path_clashes, plan_site
from newsfeed.core.site.sections import SITE, Section
from newsfeed.testing import CONFIG, an_item, load_files, settings_from
from tests.core.told import params, told_by_file

NOW = datetime(2026, 2, 1, tzinfo=UTC)
MORE = '\n[programmes]\ngreen = "Green town"\n\n[lists]\nitems = 2\n\n[feeds]\nitems = 3\n'


def translation(**fields: str) -> str:
    """A text without facts."""
    return an_item(date=None, **fields)


def index_of(files, text: str = CONFIG, now: datetime = NOW) -> SiteIndex:
    """The index of a site."""
    settings = settings_from(text)
    return SiteIndex(load_files(files, settings).library, settings, now)


def paths(index: SiteIndex, kind: str = "") -> list[str]:
    """Where the artifacts of a kind lie."""
    return [one.path for one in plan_site(index) if not kind or one.kind == kind]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, True),
        ({"draft": "yes"}, False),
        ({"draft": "no"}, True),
        ({"date": "2026-02-01 01:00"}, True),
        ({"date": "2026-02-01 01:00:01"}, False),
        ({"date": "2027-01-01"}, False),
        ({"expires": "2026-02-01 01:00"}, False),
        ({"expires": "2026-02-01 01:00:01"}, True),
        ({"expires": "2026-01-20"}, False),
    ],
)
def test_what_is_public_now(fields, shown):
    """From its date on, until it expires, and never as a draft; now is 1 o'clock in Berlin."""
    index = index_of({"news/a.en.md": an_item(id="a-b", **fields)}, now=NOW)
    assert ("a-b" in index.library.stories) is shown


def test_a_story_stands_in_all_its_sections():
    """Of its topics, countries, projects, their programmes, and authors; each once."""
    fields = {"topics": "[water]", "countries": "[KZ]", "projects": "[wells, dry]", "programmes": "[clean]"}
    files = {
        "news/a.en.md": an_item(id="a-b", **fields, authors="[Ada, Bo]"),
        "projects/wells.en.md": translation(id="wells", programme="clean"),
        "projects/dry.en.md": translation(id="dry"),
        "projects/other.en.md": translation(id="other", programme="green", countries="[KG]"),
        "programmes/clean.en.md": translation(id="clean"),
    }
    sections = index_of(files, CONFIG + MORE).by_section
    holding = [f"{one.name}/{one.key}" for one, stories in sections.items() if stories]
    assert sorted(holding) == [
        "/",
        "authors/ada",
        "authors/bo",
        "countries/KZ",
        "programmes/clean",
        "projects/dry",
        "projects/wells",
        "topics/water",
    ]
    empty = [f"{one.name}/{one.key}" for one, stories in sections.items() if not stories]
    assert sorted(empty) == ["countries/KG", "programmes/green", "projects/other", "topics/energy"]
    assert all(len(stories) <= 1 for stories in sections.values())


def test_a_story_makes_no_page_of_what_is_unknown():
    """It is a problem, and must not become an address that something else has."""
    fields = {
        "topics": "Water",
        "projects": "Wells",
        "programmes": "Clean",
        "countries": "XX",
        "authors": "Ada",
    }
    files = {
        "news/a.en.md": an_item(id="a-b", **fields),
        "projects/wells.en.md": translation(id="wells"),
        "programmes/clean.en.md": translation(id="clean"),
    }
    index = index_of(files)
    holding = [f"{one.name}/{one.key}" for one, stories in index.by_section.items() if stories]
    assert holding == ["/", "authors/ada"]
    assert find_path_clashes(index, plan_site(index)) == []


def test_a_section_has_a_folder():
    """Keys are written small."""
    assert Section(SITE).folder("de") == "de"
    assert Section("countries", "KZ").folder("de") == "de/countries/kz"


def test_an_edition_shows_what_a_language_of_its_chain_has():
    """Its own language first; what none of them has is left out."""
    files = {
        "news/a.de.md": an_item(id="a-b", title="Deutsch"),
        "news/a.fr.md": translation(title="Français"),
        "news/b.nl.md": an_item(id="b-b", title="Nederlands"),
    }
    index = index_of(files)
    shown = {
        language.code: [(one.item.lang, one.is_fallback) for one in index.stories(language, Section(SITE))]
        for language in index.settings.editions
    }
    assert shown == {
        "en": [],
        "de": [("de", False)],
        "fr": [("fr", False)],
        "nl": [("de", True), ("nl", False)],
    }
    assert not index.stories(index.settings.languages["nl"], Section("topics", "none"))


def test_months_hold_the_stories_of_an_edition():
    """In the site's zone: the last night of January is February in Berlin."""
    files = {
        "news/a.en.md": an_item(id="a-b", date="2026-01-31 23:30Z"),
        "news/b.en.md": an_item(id="b-b", date="2026-01-05"),
        "news/c.en.md": an_item(id="c-b", date="2025-12-31"),
        "news/d.fr.md": an_item(id="d-b", date="2025-11-30"),
    }
    index = index_of(files)
    english = index.settings.languages["en"]
    months = {key: [row.id for row in rows] for key, rows in index.lists.months(english).items()}
    assert months == {(2026, 2): ["a-b"], (2026, 1): ["b-b"], (2025, 12): ["c-b"]}
    assert index.lists.months(english) is index.lists.months(english)


def test_every_content_has_a_page_of_its_own():
    """Stories by year and slug, dossiers by id, pages by slug."""
    files = {
        "news/a.en.md": an_item(id="a-b", slug="one"),
        "projects/p.en.md": translation(id="wells"),
        "programmes/p.en.md": translation(id="clean"),
        "pages/p.en.md": translation(id="about", slug="about-us"),
    }
    index = index_of(files)
    library = index.library
    found = [
        index.page_path("de", one, one.origin)
        for table in (library.stories, library.projects, library.programmes, library.pages)
        for one in table.values()
    ]
    assert found == [
        "de/news/2026/one/index.html",
        "de/projects/wells/index.html",
        "de/programmes/clean/index.html",
        "de/about-us/index.html",
    ]


@pytest.mark.parametrize(
    ("section", "editions"),
    [
        (Section(SITE), ["en", "de", "fr", "nl"]),
        (Section("topics", "water"), ["en", "de", "fr", "nl"]),
        (Section("topics", "fire"), []),
        (Section("projects", "wells"), ["de", "nl"]),
        (Section("projects", "none"), []),
        (Section("programmes", "green"), ["en", "de", "fr", "nl"]),
    ],
)
def test_a_project_has_a_page_where_its_text_can_be_read(section, editions):
    """Other sections are lists, which every edition has."""
    index = index_of({"projects/wells.de.md": translation(id="wells")}, CONFIG + MORE)
    assert [one.code for one in index.settings.editions if index.has_page(one, section)] == editions
    planned = {path for path in paths(index) if path.endswith("/index.html")}
    lives = [
        code for code in index.settings.site.languages if f"{section.folder(code)}/index.html" in planned
    ]
    assert lives == editions


def test_a_plan_holds_everything_once_in_order():
    """Pages, feeds, lists of feeds, archive, files and what every site has."""
    files = {
        "news/a.en.md": an_item("![p](p.png)\n", id="a-b", topics="[water]"),
        "news/p.png": b"x",
        "pages/about.en.md": translation(id="about"),
    }
    text = CONFIG.replace('["en", "de", "fr", "nl"]', '["en"]').replace(
        '[languages.nl]\nfallback = ["en", "de"]', ""
    )
    planned = plan_site(index_of(files, text + "[output]\nmarkdown = true\n"))
    assert [(one.path, one.kind) for one in planned] == [
        ("404.html", "not-found"),
        ("en/404.html", "not-found"),
        ("en/about/index.html", "static"),
        ("en/archive/2026/01/index.html", "month"),
        ("en/archive/2026/index.html", "archive"),
        ("en/archive/index.html", "archive"),
        ("en/feed.atom", "feed"),
        ("en/feed.json", "feed"),
        ("en/feed.rss", "feed"),
        ("en/feed/index.html", "about-feed"),
        ("en/feeds.opml", "opml"),
        ("en/feeds/index.html", "feed-list"),
        ("en/index.html", "list"),
        ("en/news/2026/a/index.html", "story"),
        ("en/news/2026/a/index.md", "text-file"),
        ("en/topics/energy/feed.atom", "feed"),
        ("en/topics/energy/feed.rss", "feed"),
        ("en/topics/energy/feed/index.html", "about-feed"),
        ("en/topics/energy/index.html", "list"),
        ("en/topics/index.html", "index"),
        ("en/topics/water/feed.atom", "feed"),
        ("en/topics/water/feed.rss", "feed"),
        ("en/topics/water/feed/index.html", "about-feed"),
        ("en/topics/water/index.html", "list"),
        ("files/news/a-b/p.png", "asset"),
        ("index.html", "entrance"),
        ("robots.txt", "robots"),
        ("sitemap.xml", "sitemap"),
        ("style.css", "stylesheet"),
    ]


def test_lists_and_feeds_have_their_own_lengths():
    """The live page holds two to three here, older pages exactly two; feeds three, so five at most."""
    files = {f"news/{day}.en.md": an_item(id=f"s-{day}", date=f"2026-01-0{day}") for day in range(1, 8)}
    index = index_of(files, CONFIG + MORE)
    planned = {one.path: one for one in plan_site(index)}
    rows = index.lists.shown_in(index.settings.languages["en"], Section(SITE))

    def days(path: str) -> str:
        size = index.settings.feeds.items if "feed" in path else index.settings.lists.items
        return " ".join(row.id[2:] for row in cut_page(rows, size, planned[path].number))

    assert days("en/index.html") == "7 6 5"
    assert days("en/page/2/index.html") == "4 3"
    assert days("en/page/1/index.html") == "2 1"
    assert days("en/feed.atom") == "7 6 5 4"
    assert days("en/feed-1.atom") == "3 2 1"


def test_a_dossier_is_no_list():
    """Projects and programmes have a text above their news."""
    files = {
        "projects/p.en.md": translation(id="wells", programme="clean"),
        "programmes/c.en.md": translation(id="clean"),
    }
    kinds = {one.path: one.kind for one in plan_site(index_of(files))}
    assert kinds["en/projects/wells/index.html"] == "dossier"
    assert kinds["en/programmes/clean/index.html"] == "dossier"
    assert kinds["en/topics/water/index.html"] == "list"


@pytest.mark.parametrize(
    ("files", "found", "parameters"),
    [
        pytest.param(
            {"pages/feeds.en.md": translation(id="feeds")},
            ["pages/feeds.en.md: url-duplicate 1:1"] * 4,
            {"value": "/de/feeds/", "other": "newsfeed"},
            id="a page called like a page of the program",
        ),
        pytest.param(
            {"pages/archive.de.md": translation(id="archive")},
            ["pages/archive.de.md: url-duplicate 1:1"] * 2,
            {"value": "/de/archive/", "other": "newsfeed"},
            id="only in the editions that show it",
        ),
        pytest.param(
            {"news/1/a.de.md": an_item(id="a-b"), "news/2/a.en.md": an_item(id="b-b")},
            ["news/2/a.en.md: url-duplicate 1:1"] * 2,
            {"value": "/de/news/2026/a/", "other": "news/1/a.de.md"},
            id="two texts that stand in for missing ones",
        ),
        pytest.param({"pages/about.en.md": translation(id="about")}, [], {}, id="nothing"),
    ],
)
def test_two_artifacts_at_one_address_are_a_problem(files, found, parameters):
    """Told at the text, which can be given another slug."""
    index = index_of(files)
    problems = find_path_clashes(index, plan_site(index))
    assert told_by_file(problems) == found
    if found:
        assert params(problems[0]) == parameters


def test_a_file_from_elsewhere_takes_no_other_file_s_place():
    """A story called like a folder of another story's files."""
    files = {
        "news/a.en.md": an_item("[x](garden/plan.pdf)\n", id="a-b"),
        "news/garden/plan.pdf": b"1",
        "news/b.en.md": an_item("[x](plan.pdf)\n", id="garden"),
        "news/plan.pdf": b"2",
        "pages/c.en.md": translation(id="c-c").replace("Some", "[x](../news/garden/plan.pdf) Some"),
    }
    planned = {one.path: one.key for one in plan_site(index_of(files)) if one.kind == "asset"}
    assert planned == {
        "files/news/a-b/garden/plan.pdf": "news/garden/plan.pdf",
        "files/news/garden/plan.pdf": "news/plan.pdf",
        "files/site/news/garden/plan.pdf": "news/garden/plan.pdf",
    }
