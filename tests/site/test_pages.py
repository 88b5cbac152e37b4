"""Every page of both sites: markup, translations, links, switcher, fallbacks, secrets."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from newsfeed.app.previews import send_digest
from newsfeed.core.site import sitemap_parts
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.index import ShownText
from newsfeed.model import Content
from newsfeed.testing import an_item, write_tree
from tests.build.builds import build, open_in
from tests.peers.grammar import sitemap_errors
from tests.peers.html import html_validate_errors, vnu_errors
from tests.peers.links import dead_links
from tests.peers.lint import lint_hreflang, lint_page
from tests.peers.lint.markup import Element, Markup, read_page
from tests.peers.lint.message import read_mail
from tests.site import kinds
from tests.site.builds import BuiltSite, copy_of_network
from tests.site.crawl import dead_ends, feed_addresses, own_addresses, page_addresses, path_of

pytestmark = pytest.mark.xdist_group("pages")

LANGUAGE_NAMES = {
    "en": {"en": "English", "de": "German", "fr": "French", "nl": "Dutch"},
    "de": {"en": "Englisch", "de": "Deutsch", "fr": "Französisch", "nl": "Niederländisch"},
    "fr": {"en": "anglais", "de": "allemand", "fr": "français", "nl": "néerlandais"},
    "nl": {"en": "Engels", "de": "Duits", "fr": "Frans", "nl": "Nederlands"},
}
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML_LINK = "{http://www.w3.org/1999/xhtml}link"


def markup(site: BuiltSite, path: str) -> Markup:
    """One page, read."""
    return read_page(site.files[path])


def texts(site: BuiltSite) -> Iterator[tuple[PlannedArtifact, ShownText]]:
    """Every page that shows one text in full, and which text that is."""
    for one in site.plan.values():
        content = _content(site, one)
        if content is not None and not one.number:
            shown = site.index.shown_text(site.site.settings.languages[one.lang], content)
            assert shown is not None
            yield one, shown


def _content(site: BuiltSite, one: PlannedArtifact) -> Content | None:
    library = site.index.library
    if one.kind == "story":
        return library.stories[one.key]
    if one.kind == "static":
        return library.pages[one.key]
    if one.kind == "dossier":
        table = library.projects if one.section == "projects" else library.programmes
        return table.get(one.key)
    return None


# -- markup ----------------------------------------------------------------------------------------


def test_pages_pass_lint(site: BuiltSite) -> None:
    """One title, one h1, canonical address, feeds to discover, nothing fetched from anyone else; a script of
    its own has the page of the search alone.
    """
    found = {path: lint_page(html, site.url(path)) for path, html in site.pages.items()}
    scripted = {path for path, faults in found.items() if faults == ["it has a script"]}
    assert scripted == set(site.paths("search"))
    assert {path: faults for path, faults in found.items() if faults and path not in scripted} == {}


def test_translations_name_each_other(site: BuiltSite) -> None:
    """Links with hreflang are mutual, name their own page, and have an x-default."""
    assert lint_hreflang({site.url(path): html for path, html in site.pages.items()}) == []


def test_the_html_checker_finds_no_error_and_no_page_in_another_language(
    demo: BuiltSite, network: BuiltSite
) -> None:
    """Nu has nothing against any page of both sites, nor doubts the language of any."""
    assert vnu_errors([demo.output, network.output], langdetect=True) == []


def test_the_second_html_checker_agrees(network: BuiltSite) -> None:
    """html-validate accepts one page of each kind in each language. The align of table cells is no
    longer good style, but the only one that feed readers and mail programs obey as well.
    """
    paths = [network.output / path for lang in kinds.LANGUAGES for path in kinds.pages(lang).values()]
    errors = html_validate_errors([*paths, network.output / "index.html"])
    assert [error for error in errors if 'Attribute "align" is deprecated' not in error] == []


def test_editors_markup_survives_in_safe_form(network: BuiltSite) -> None:
    """Tables, footnotes, marks and code are shown; scripts and event attributes are not."""
    page = markup(network, "de/news/2024/sonne-und-wasser/index.html")
    assert {"table", "abbr", "kbd", "sub", "mark", "del", "blockquote", "ol"} <= {
        element.tag for element in page.elements
    }
    back = [one.attributes["aria-label"] for one in page.named("a") if "footnote-backref" in _classes(one)]
    assert back == ["Zurück zum Text, Anmerkung 1"]
    open_data = network.text("en/news/2024/open-data/index.html")
    assert "level = 3 &lt; 5 &amp;&amp; " in open_data
    assert "Whoever finds a mistake is asked to report it." in open_data
    assert not [
        path for path, data in network.files.items() if b"never published" in data or b"steal()" in data
    ]


def _classes(element: Element) -> list[str]:
    return element.attributes.get("class", "").split()


# -- links -----------------------------------------------------------------------------------------


def test_no_page_has_a_dead_link(site: BuiltSite) -> None:
    """Every address of the site in every page leads to a file, every fragment to an anchor."""
    addresses = (
        (path, address)
        for path, html in site.pages.items()
        for address in page_addresses(html, site.url(path))
    )
    assert dead_ends(addresses, site.files, site.base_url) == []


def test_no_feed_has_a_dead_link(site: BuiltSite) -> None:
    """The same for every address in feeds, OPML files and the sitemap, also inside their HTML."""
    addresses = [
        (path, address)
        for path, data in site.files.items()
        if path.endswith((".rss", ".atom", ".json", ".opml", ".xml"))
        for address in feed_addresses(data, site.base_url)
    ]
    assert len(addresses) > len(site.plan)
    assert dead_ends(addresses, site.files, site.base_url) == []


def test_no_mail_has_a_dead_link(demo: BuiltSite, tmp_path: Path) -> None:
    """The same for every address in both parts of every mail of the digest."""
    send_digest(demo.site, "staff", demo.now, tmp_path, {}, dry_run=False)
    mails = sorted(tmp_path.rglob("*.eml"))
    addresses = [
        (mail.name, address)
        for mail in mails
        for part in ("text/plain", "text/html")
        for address in own_addresses(read_mail(mail.read_bytes()).text_of(part), demo.base_url)
    ]
    assert len(mails) == 4
    assert len(addresses) > 2 * len(mails)
    assert dead_ends(addresses, demo.files, demo.base_url) == []


def test_linkinator_finds_no_dead_link(demo: BuiltSite) -> None:
    """A crawler of another house agrees, over a real server."""
    assert dead_links(demo.output) == []


def test_every_page_can_be_reached_from_the_entrance(site: BuiltSite) -> None:
    """Only the pages for addresses that do not exist are linked from nowhere."""
    found, todo = set(), ["index.html"]
    while todo:
        path = todo.pop()
        if path in found or path not in site.pages:
            continue
        found.add(path)
        addresses = page_addresses(site.pages[path], site.url(path))
        todo += [path_of(one, site.base_url) for one in addresses if one.startswith(site.base_url)]
    assert {path for path in site.pages if path not in found} == set(site.paths("not-found"))


def test_published_files_are_the_editors_bytes(network: BuiltSite) -> None:
    """Images and enclosures are published as they are, and only those of public texts."""
    assets = {path: one.key for path, one in network.plan.items() if one.kind == "asset"}
    assert set(assets) == {
        "files/news/sun-and-water/building guide.pdf",
        "files/news/sun-and-water/interview.mp3",
        "files/news/sun-and-water/roof.png",
        "files/news/water-festival/chant.mp3",
        "files/news/water-festival/sun-and-water/building guide.pdf",
    }
    for path, source in assets.items():
        assert network.files[path] == (network.root / source).read_bytes()


# -- languages -------------------------------------------------------------------------------------


def test_the_language_switcher_leads_to_the_same_thing(site: BuiltSite) -> None:
    """In every edition it leads to the same story, list, archive …; to the front page only if there
    is no such thing.
    """
    things = {_thing(one): one.path for one in site.plan.values() if not one.number}
    for path in site.pages:
        one = site.plan[path]
        if one.kind == "entrance":
            continue
        links = _switcher(site, path)
        assert [lang for lang, _ in links] == list(site.languages)
        for lang, target in links:
            home = f"{lang}/index.html"
            wanted = path if (lang == one.lang and one.number) else things.get((lang, *_thing(one)[1:]), home)
            assert target == (home if one.kind == "not-found" else wanted), f"{path} in {lang}"


def _thing(one: PlannedArtifact) -> tuple[str, ...]:
    """What a page is about, the language apart."""
    return one.lang, one.kind, one.section, one.key, one.form


def _switcher(site: BuiltSite, path: str) -> list[tuple[str, str]]:
    links = [
        element
        for element in markup(site, path).named("a")
        if any(around.tag == "nav" and "languages" in _classes(around) for around in element.inside)
    ]
    current = [link.attributes["hreflang"] for link in links if "aria-current" in link.attributes]
    assert current == [site.plan[path].lang]
    return [(link.attributes["hreflang"], path_of(_absolute(site, link), site.base_url)) for link in links]


def _absolute(site: BuiltSite, link: Element) -> str:
    return site.base_url + link.attributes["href"].removeprefix(site.base_path)


def test_a_page_in_another_language_says_so(site: BuiltSite) -> None:
    """The notice is in the reader's language and names both; the text is marked with its own."""
    pages = [(one, shown) for one, shown in texts(site) if shown.is_fallback]
    assert pages
    for one, shown in pages:
        page, lang = markup(site, one.path), shown.item.lang
        (notice,) = [each for each in page.named("p") if "fallback" in _classes(each)]
        assert not _language_marks(notice)
        assert LANGUAGE_NAMES[one.lang][one.lang] in notice.text
        assert LANGUAGE_NAMES[one.lang][lang] in notice.text
        (heading,) = page.named("h1")
        marked = [heading, *(each for each in page.elements if "text" in _classes(each))]
        assert len(marked) == 2, one.path
        # the direction stands only where it is another one than the page's
        assert {(each.attributes["lang"], each.attributes.get("dir")) for each in marked} == {(lang, None)}
        (title,) = page.named("title")
        assert title.attributes["lang"] == lang


def _language_marks(element: Element) -> list[str]:
    marks = [each.attributes["lang"] for each in (element, *element.inside) if "lang" in each.attributes]
    return marks[:-1]


def test_a_page_in_another_language_is_nobodys_translation(site: BuiltSite) -> None:
    """Its canonical address is the true text's; it has no hreflang and is not in the sitemap."""
    addresses = set(_sitemap(site))
    for one, shown in texts(site):
        links = markup(site, one.path).named("link")
        canonical = [link.attributes["href"] for link in links if "canonical" in link.relations]
        translations = [link.attributes["href"] for link in links if "hreflang" in link.attributes]
        assert (site.url(one.path) in addresses) == (not shown.is_fallback), one.path
        if shown.is_fallback:
            assert translations == []
            (true,) = [
                other.path
                for other, text in texts(site)
                if (other.kind, other.key, other.lang) == (one.kind, one.key, shown.item.lang)
                and text.item is shown.item
            ]
            assert canonical == [site.url(true)]
        else:
            assert canonical == [site.url(one.path)]
            wanted = {lang for lang in shown.content.items if lang in site.languages}
            assert len(translations) == (len(wanted) + 1 if len(wanted) > 1 else 0)


def test_a_page_in_its_own_language_has_no_notice(site: BuiltSite) -> None:
    """Nothing is excused that needs no excuse."""
    own = [one.path for one, shown in texts(site) if not shown.is_fallback]
    assert own
    for path in own:
        assert not [each for each in markup(site, path).elements if "fallback" in _classes(each)], path


def test_names_come_in_the_readers_language(network: BuiltSite) -> None:
    """The site's own country name and topics are translated; an untranslated one is marked."""
    names = {
        lang: markup(network, f"{lang}/countries/xk/index.html").named("h1")[0].text
        for lang in kinds.LANGUAGES
    }
    assert names == {
        "en": "Kosovo (UNSCR 1244)",
        "de": "Kosovo (Resolution 1244)",
        "fr": "Kosovo (résolution 1244)",
        "nl": "Kosovo (resolutie 1244)",
    }
    (heading,) = markup(network, "nl/topics/soil/index.html").named("h1")
    assert (heading.text, heading.attributes.get("lang")) == ("Soil", "en")
    (heading,) = markup(network, "fr/topics/soil/index.html").named("h1")
    assert (heading.text, heading.attributes.get("lang")) == ("Sol", None)


# -- sitemap ---------------------------------------------------------------------------------------


def test_the_sitemap_obeys_its_schema(site: BuiltSite) -> None:
    """The published XSD, with xhtml:link, accepts it without the network."""
    assert sitemap_errors(site.output / "sitemap.xml") == []


def test_the_sitemap_lists_every_page_that_is_nobodys_repetition(site: BuiltSite) -> None:
    """Lists, dossiers, stories and static pages in their own language, each once; and says of each
    what the page itself says about its translations.
    """
    repeats = {one.path for one, shown in texts(site) if shown.is_fallback}
    kinds_listed = ("list", "dossier", "story", "static", "index")
    wanted = [
        path for path in site.paths(*kinds_listed) if not site.plan[path].number and path not in repeats
    ]
    found = _sitemap(site)
    assert sorted(found) == sorted(site.url(path) for path in wanted)
    for address, translations in found.items():
        links = markup(site, path_of(address, site.base_url)).named("link")
        of_page = [link.attributes["href"] for link in links if "hreflang" in link.attributes]
        assert translations == of_page, address


def _sitemap(site: BuiltSite) -> dict[str, list[str]]:
    root = ET.fromstring(site.files["sitemap.xml"])
    return {
        url.findtext(f"{SITEMAP}loc", ""): [link.get("href", "") for link in url.iter(XHTML_LINK)]
        for url in root.iter(f"{SITEMAP}url")
    }


@pytest.mark.parametrize(("most", "changing"), [(180, 1), (45, 3)], ids=["two parts", "lists apart"])
def test_a_long_sitemap_is_an_index_of_parts(
    network: BuiltSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, changing: int
) -> None:
    """Parts and index obey the schema and the limit, and list together what one file would. A new
    story changes the last part, or the parts of all lists when these are many, and with its date the index.
    """
    monkeypatch.setattr(sitemap_parts, "MOST_URLS", most)
    root, output = copy_of_network(tmp_path / "site"), tmp_path / "out"
    build(open_in(tmp_path), network.now)
    before = {path.name: path.read_bytes() for path in output.glob("sitemap*.xml")}
    assert len(before) > 2
    assert [error for name in before for error in sitemap_errors(output / name)] == []
    assert max(data.count(b"<url>") for data in before.values()) <= most
    listed = [one.text for one in ET.fromstring(before["sitemap.xml"]).iter(f"{SITEMAP}loc")]
    assert listed == [network.url(f"sitemap-{number}.xml") for number in range(1, len(before))]
    found: list[str] = []
    for name in before.keys() - {"sitemap.xml"}:
        found += [
            url.findtext(f"{SITEMAP}loc", "") for url in ET.fromstring(before[name]).iter(f"{SITEMAP}url")
        ]
    assert sorted(found) == sorted(_sitemap(network))
    text = an_item("New.\n", id="newest", date="2024-06-14")
    write_tree(root, {"news/2024/newest.en.md": text})
    assert build(open_in(tmp_path), network.now)[1] == "incremental"
    after = {path.name: path.read_bytes() for path in output.glob("sitemap*.xml")}
    last = {f"sitemap-{len(before) - number}.xml" for number in range(1, changing + 1)}
    assert {name for name in after if after[name] != before.get(name)} == {"sitemap.xml", *last}


# -- secrets ---------------------------------------------------------------------------------------


def test_drafts_future_and_expired_stories_appear_nowhere(network: BuiltSite) -> None:
    """Neither their words, names, files, countries nor authors are anywhere in the output."""
    secrets = (
        *("secret-draft", "quagmire", "drafthand"),
        *(
            "summer-school/",
            "sommerschule",
            "kaleidos",
            "future perfect",
            "future-perfect",
            "timetable",
            "/se/",
        ),
        *("zwieback", "tender.png", "/tender/"),
    )
    for path, data in network.files.items():
        text = f"{path}\n{data.decode('utf-8', 'replace')}".lower()
        assert [word for word in secrets if word in text] == [], path


def test_links_to_what_is_not_public_become_words(network: BuiltSite) -> None:
    """The words of such a link stay, the link goes; in pages and in feeds."""
    page = markup(network, "en/news/2024/open-data/index.html")
    links = {element.text: element.attributes.get("href") for element in page.named("a")}
    assert links["summer school"] is None
    assert links["old tender"] is None
    assert "old tender" in network.text("en/feed.json")


def test_an_edition_without_a_text_has_no_page_of_it(network: BuiltSite) -> None:
    """French readers do not read German: their edition has neither the story nor the project."""
    paths = "\n".join(network.files)
    assert "de/news/2024/fete" not in paths
    assert "fr/news/2024/grundwasser" not in paths
    assert "fr/projects/roof-gardens" not in paths
    assert "nl/projects/roof-gardens/index.html" in paths


def test_every_section_of_an_edition_is_planned_with_its_feeds(site: BuiltSite) -> None:
    """A list never stands without its feeds, nor a feed without its page."""
    with_page = {
        (one.lang, one.section, one.key) for one in site.plan.values() if one.kind in ("list", "dossier")
    }
    with_feed = {(one.lang, one.section, one.key) for one in site.plan.values() if one.kind == "feed"}
    assert with_page == with_feed
    assert {(lang, "", "") for lang in site.languages} <= with_page
