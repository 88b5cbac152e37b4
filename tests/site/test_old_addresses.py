"""A site that moves here from another program: all its old addresses lead on, of texts, lists and feeds."""

import json
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from newsfeed.app import builds as cached
from newsfeed.app import site as app
from newsfeed.problems import Severity, select_errors
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.build.builds import build
from tests.core.told import params
from tests.peers.lint import lint_page
from tests.site.builds import tree

NOW = datetime(2026, 2, 1, tzinfo=UTC)
REDIRECTS = """
[redirects]
"/News/news.rdf" = "/en/feed.rss"
"/alt/neu.xml" = "/de/topics/water/feed.atom"
"/feed.json" = "/en/feed.json"
"/feed/" = "/en/feed.rss"
"/category/energie/" = "/en/topics/energy/"
"/about.php" = "/en/about"
"/%D0%BD%D0%BE%D0%B2/" = "en/"
"/gone/" = "/en/nowhere/"
"""
FILES = {
    "config.toml": CONFIG + REDIRECTS,
    "news/2001/old.en.md": an_item(id="old", date="2001-07-25", aliases="/News/2001/20010725.en.html"),
    "news/2026/sun.en.md": an_item(id="sun", topics="[water]", aliases="[/cgi/show.pl, /NEWS/Sonne.HTM]"),
    "projects/pump.en.md": an_item(id="pump", date=None, aliases="/projekte/pumpe.htm"),
    "pages/about.en.md": an_item(id="about", date=None, title="About"),
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site whose files have settled."""
    monkeypatch.setattr("newsfeed.build.cache.file_stats.SETTLED", -(10**12))
    return write_tree(tmp_path / "site", FILES)


def publish(root: Path) -> Path:
    """The output of a site without errors."""
    site = app.read(root, NOW)
    assert select_errors(site.problems) == []
    app.build(site, root / "public", NOW)
    return root / "public"


def test_every_old_address_leads_on(root: Path) -> None:
    """By pages on any host, and at once where a server is told: nothing but what leads nowhere is left out."""
    out = publish(root)
    rows = dict(line.split()[:2] for line in (out / "_redirects").read_text("utf-8").splitlines())
    assert rows == {
        "/News/2001/20010725.en.html": "/en/news/2001/old/",
        "/cgi/show.pl": "/en/news/2026/sun/",
        "/cgi/show.pl/": "/en/news/2026/sun/",
        "/NEWS/Sonne.HTM": "/en/news/2026/sun/",
        "/projekte/pumpe.htm": "/en/projects/pump/",
        "/News/news.rdf": "/en/feed.rss",
        "/alt/neu.xml": "/de/topics/water/feed.atom",
        "/feed.json": "/en/feed.json",
        "/feed/": "/en/feed.rss",
        "/category/energie/": "/en/topics/energy/",
        "/about.php": "/en/about/",
        "/about.php/": "/en/about/",
        "/%D0%BD%D0%BE%D0%B2/": "/en/",
    }
    for old, new in rows.items():
        file = out / old.strip("/").replace("%D0%BD%D0%BE%D0%B2", "нов")
        page = file / "index.html" if file.is_dir() else file
        if page.suffix in (".html", ".htm", ".HTM"):
            assert lint_page(page.read_bytes(), f"https://test.example{old}") in ([], ["it leads to no feed"])
            assert f'content="0; url={new}"' in page.read_text("utf-8")
    assert 'type="application/rss+xml" title="Test site" href="/en/feed.rss"' in (
        out / "feed/index.html"
    ).read_text("utf-8")


def test_a_feed_says_at_its_old_address_where_it_is(root: Path) -> None:
    """One entry for people, and for programs the link of an archive to what is current (RFC 5005)."""
    out = publish(root)
    rss = feedparser.parse((out / "News/news.rdf").read_bytes())
    assert rss.bozo == 0
    assert [entry.title for entry in rss.entries] == ["This feed has moved"]
    assert rss.entries[0].id == "tag:test.example,2020:moved/News/news.rdf"
    assert '<a href="https://test.example/en/feed.rss">' in rss.entries[0].content[0].value
    links = {link.rel: link.href for link in rss.feed.links}
    assert links["current"] == "https://test.example/en/feed.rss"
    assert links["self"] == "https://test.example/News/news.rdf"
    atom = feedparser.parse((out / "alt/neu.xml").read_bytes())
    assert (atom.bozo, atom.feed.id) == (0, "tag:test.example,2020:feed/de/topics/water")
    assert etree.fromstring((out / "alt/neu.xml").read_bytes()).tag == "{http://www.w3.org/2005/Atom}feed"
    moved = json.loads((out / "feed.json").read_bytes())
    assert (moved["expired"], len(moved["items"])) == (True, 1)
    assert "expired" not in json.loads((out / "en/feed.json").read_bytes())


def test_what_leads_nowhere_is_a_warning_at_its_line(root: Path) -> None:
    """A story that expires stops no site; nothing is published meanwhile."""
    found = [one for one in app.read(root, NOW).problems if one.code == "redirect-target"]
    assert [one.severity for one in found] == [Severity.WARNING]
    assert params(found[0]) == {"value": "/gone/", "target": "/en/nowhere/"}
    assert FILES["config.toml"].splitlines()[found[0].where.line - 1].startswith('"/gone/"')


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('"/en/" = "/de/"', "alias-taken"),
        ('"/en/feed.rss" = "/de/feed.rss"', "alias-taken"),
        ('"/en/feed.rss/x" = "/de/"', "alias-taken"),
        ('"/cgi/show.pl" = "/de/"', "alias-taken"),
        ('"/category/energie" = "/de/"', "alias-taken"),
        ('"/redirects.caddy" = "/de/feed.rss"', "alias-taken"),
        ('"/DE/" = "/en/"', "path-alike"),
        ('"/index.html" = "/de/"', "redirect-invalid"),
        ('"/_redirects" = "/de/"', "redirect-invalid"),
        ('"/../etc/passwd" = "/de/"', "redirect-invalid"),
        ('"https://a.example/" = "/de/"', "redirect-invalid"),
        ('"/x/" = "https://a.example/"', "redirect-invalid"),
        ('"/x/" = "javascript:alert(1)"', "redirect-invalid"),
    ],
)
def test_an_old_address_never_takes_another_s_place(root: Path, line: str, code: str) -> None:
    """Each is told once, at its line."""
    config = FILES["config.toml"] + line + "\n"
    (root / "config.toml").write_text(config, encoding="utf-8")
    problems, _ = app.check(root, NOW)
    found = [one for one in problems if one.severity is Severity.ERROR]
    assert [(one.code, one.where.path, one.where.line) for one in found] == [
        (code, "config.toml", len(config.splitlines()))
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (("news/2026/new.en.md", an_item(id="new", date="2026-01-20", topics="[water]")), "incremental"),
        (("news/2026/sun.en.md", an_item("More.\n", id="sun", topics="[water]")), "full"),
        (("news/2026/nowhere.en.md", an_item(id="nowhere", date="2026-01-20", guid="urn:x")), "full"),
    ],
)
def test_old_addresses_are_the_same_after_a_quick_build(root: Path, edit: tuple[str, str], kind: str) -> None:
    """What a feed says of itself changes with its stories, also at its old address."""

    def opened() -> cached.CachedBuild:
        return cached.open_build(root, root.parent / "out", {"XDG_CACHE_HOME": str(root.parent / "cache")}, 1)

    build(opened(), NOW)
    write_tree(root, dict([edit]))
    assert build(opened(), NOW)[1] == kind
    app.build(app.read(root, NOW), root.parent / "clean", NOW)
    assert tree(root.parent / "out") == tree(root.parent / "clean")


def test_an_alias_that_is_taken_back_is_told_wherever_it_lay(root: Path) -> None:
    """Also outside of all editions, and never as an edition that is gone."""
    publish(root)
    file = root / "news/2026/sun.en.md"
    file.write_text(
        file.read_text("utf-8").replace("aliases: [/cgi/show.pl, /NEWS/Sonne.HTM]\n", ""), "utf-8"
    )
    problems, _ = app.check(root, NOW, output=root / "public")
    found = [params(one)["value"] for one in problems if one.code in ("url-vanished", "edition-vanished")]
    assert found == ["https://test.example/NEWS/Sonne.HTM", "https://test.example/cgi/show.pl/"]


FORM = 'story_url = "/{lang}/{year}/{month}/{day}/{slug}/"\n'


def with_form(root: Path, form: str = FORM) -> None:
    """Give stories addresses of another form."""
    (root / "config.toml").write_text(FILES["config.toml"].replace("[site]\n", f"[site]\n{form}"), "utf-8")


def test_slugs_may_come_again_on_another_day(root: Path) -> None:
    """With month and day in their addresses; without, that is an error."""
    write_tree(root, {"news/2026/x/sun.en.md": an_item(id="sun-2", date="2026-01-20", slug="sun")})
    assert "url-duplicate" in {one.code for one in app.read(root, NOW).problems}
    with_form(root)
    out = publish(root)
    assert (out / "en/2026/01/05/sun/index.html").exists()
    assert (out / "en/2026/01/20/sun/index.html").exists()
    assert "https://test.example/en/2026/01/20/sun/" in (out / "en/feed.atom").read_text("utf-8")
    assert "https://test.example/en/2026/01/20/sun/" in (out / "sitemap.xml").read_text("utf-8")


def test_another_form_of_addresses_is_told_page_by_page(root: Path) -> None:
    """With the alias to write; ids stay."""
    before = feedparser.parse((publish(root) / "en/feed.atom").read_bytes())
    with_form(root)
    problems, _ = app.check(root, NOW, output=root / "public")
    found = [params(one) for one in problems if one.code == "url-vanished"]
    assert "https://test.example/en/news/2026/sun/" in [one["value"] for one in found]
    assert all("/en/news/2026/sun/" in one["line"] for one in found if one["target"] == "news/2026/sun.en.md")
    after = feedparser.parse((publish(root) / "en/feed.atom").read_bytes())
    assert [entry.id for entry in before.entries] == [entry.id for entry in after.entries]


@pytest.mark.parametrize(
    "form",
    [
        "/news/{slug}/",
        "/{lang}/{year}/",
        "/{lang}/{slug}",
        "/{lang}/{slug}/{slug}/",
        "/{lang}/{title}/{slug}/",
        "/{lang}/../{slug}/",
        "/{lang}/{slug.__class__}/",
    ],
)
def test_a_form_of_addresses_is_checked(root: Path, form: str) -> None:
    """It has a fixed set of fields, each once, the language first."""
    with_form(root, f'story_url = "{form}"\n')
    problems, _ = app.check(root, NOW)
    assert [(one.code, one.where.line) for one in select_errors(problems)] == [("config-value", 2)]
