"""What a publication is known by: its brand, and what pages say to networks, search engines and programs."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from lxml import html

from newsfeed.app import site as app
from newsfeed.testing import write_tree
from tests.pictures import png

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60"><path d="M0 0h9"/></svg>'
CONFIG = """[site]
title = "Wells & Sons"
base_url = "https://test.example/in/"
languages = ["en", "de", "fr"]
authority = "test.example,2020"
desks = ["newsroom"]
[languages.fr]
fallback = ["de"]
[topics]
water = "Water"
[output]
markdown = true
[brand]
logo = "logo.svg"
favicon = "logo.svg"
colour = "#7a1f5c"
social_image = "card.png"
"""
EVIL = "The </script><script>alert(1)</script> & <b>”"
STORY = f"""---
id: wells
date: 2024-02-04T10:00:00+01:00
authors: [Ada Bauer]
topics: [water]
title: {json.dumps(EVIL)}
summary: Short.
---

See [the map](map.pdf), [more](other.en.md#there), [us](/en/), ![A well](well.png) and [them](https://there.example/).

[not yet](draft.en.md "soon"), [*neither*](draft.en.md).

[ref]: map.pdf

`map.pdf` stays.
"""
OTHER = "---\nid: other\ndate: 2024-02-03\nauthors: [Ada Bauer, Newsroom]\ntitle: Other\n---\n\n## There\n\nWords.\n"
HTML = """---
id: html
date: 2024-02-02
authors: [Ada Bauer]
title: HTML
---

Words <!-- for colleagues only --><script>steal()</script> and [more](other.en.md).
"""
GERMAN = '---\ntitle: "Brunnen: zwei"\nsummary: Kurz.\n---\n\nText.\n'
PICTURE = "---\nid: seen\ndate: 2024-02-05\nauthors: [Ada]\ntitle: Seen\nimage: well.png\nimage_alt: A well\n---\n\nText.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a brand, built."""
    root = tmp_path_factory.mktemp("identity")
    write_tree(
        root,
        {
            "config.toml": CONFIG,
            "logo.svg": LOGO,
            "news/wells.en.md": STORY,
            "news/wells.de.md": GERMAN,
            "news/other.en.md": OTHER,
            "news/seen.en.md": PICTURE,
            "news/draft.en.md": OTHER.replace("id: other", "id: draft\ndraft: true"),
            "news/html.en.md": HTML,
            "news/map.pdf": "%PDF-1.4",
        },
    )
    (root / "card.png").write_bytes(png(1200, 630))
    (root / "news/well.png").write_bytes(png(40, 30))
    now = datetime.fromisoformat("2024-06-01T12:00+00:00")
    site = app.read(root, now)
    app.build(site, root / "public", now)
    return root / "public"


def page(made: Path, path: str) -> html.HtmlElement:
    """A page as a tree."""
    return html.document_fromstring((made / path / "index.html").read_text(encoding="utf-8"))


def said(tree: html.HtmlElement) -> dict[str, str]:
    """What a page says to social networks."""
    return {
        meta.get("property") or meta.get("name"): meta.get("content")
        for meta in tree.iter("meta")
        if (meta.get("property") or meta.get("name") or "").startswith(("og:", "twitter:"))
    }


def test_the_logo_says_the_title_and_leads_home(made: Path) -> None:
    """Its size is known before it is there."""
    (logo,) = page(made, "en").xpath("//*[@class='site']/a/img")
    assert logo.get("alt") == "Wells & Sons"
    assert (logo.get("width"), logo.get("height")) == ("240", "60")
    assert logo.getparent().get("href") == "/in/en/"
    assert (made / logo.get("src").removeprefix("/in/")).read_text() == LOGO


def test_a_picture_of_the_brand_is_published_once(made: Path) -> None:
    """Logo and icon are the same file."""
    assert len([*(made / "files/brand").iterdir()]) == 2
    (icon,) = page(made, "en").xpath("//link[@rel='icon']")
    assert made.joinpath(icon.get("href").removeprefix("/in/")).is_file()
    assert icon.get("type") == "image/svg+xml"


def test_the_colour_is_on_screens_only(made: Path) -> None:
    """Paper stays black and white, and dark pages have a shade of it."""
    style = (made / "style.css").read_text()
    assert "@media screen {\n  :root { --accent: #7a1f5c;" in style
    assert style.count("--accent: #7a1f5c") == 1
    assert "@media screen and (prefers-color-scheme: dark) {\n  :root { --accent: #" in style


def test_networks_are_told_what_a_page_is(made: Path) -> None:
    """Of a story its own picture, else that of the brand."""
    story = said(page(made, "en/news/2024/seen"))
    assert story == {
        "og:title": "Seen",
        "og:description": "Text.",
        "og:url": "https://test.example/in/en/news/2024/seen/",
        "og:type": "article",
        "og:site_name": "Wells & Sons",
        "og:locale": "en_GB",
        "og:image": "https://test.example/in/files/news/seen/well.png",
        "og:image:width": "40",
        "og:image:height": "30",
        "og:image:alt": "A well",
        "twitter:card": "summary_large_image",
    }
    home = said(page(made, "de"))
    assert (home["og:type"], home["og:image:width"]) == ("website", "1200")
    assert home["og:image"].startswith("https://test.example/in/files/brand/")


def test_search_engines_read_an_article_and_the_way_to_it(made: Path) -> None:
    """In one script that is data."""
    (script,) = page(made, "en/news/2024/wells").xpath("//script")
    assert script.get("type") == "application/ld+json"
    article, way = json.loads(script.text)["@graph"]
    assert article["headline"] == EVIL
    assert article["author"] == [
        {"@type": "Person", "name": "Ada Bauer", "url": "https://test.example/in/en/authors/ada-bauer/"}
    ]
    assert article["datePublished"] == "2024-02-04T09:00:00+00:00"
    assert article["publisher"]["logo"].endswith(".svg")
    assert [(one["position"], one["name"], one.get("item")) for one in way["itemListElement"]] == [
        (1, "News", "https://test.example/in/en/"),
        (2, "February 2024", "https://test.example/in/en/archive/2024/02/"),
    ]


def test_a_desk_is_no_person(made: Path) -> None:
    """An author that the configuration calls a desk is an organisation."""
    article = json.loads(page(made, "en/news/2024/other").xpath("//script")[0].text)["@graph"][0]
    kinds = {author["name"]: author["@type"] for author in article["author"]}
    assert kinds == {"Ada Bauer": "Person", "Newsroom": "Organization"}


@pytest.mark.parametrize("path", ["en/news/2024/wells", "fr/news/2024/wells", "de/news/2024/wells"])
def test_machines_and_people_are_told_the_same_way(made: Path, path: str) -> None:
    """The breadcrumbs are the trail above the heading: the same names and addresses."""
    tree = page(made, path)
    way = json.loads(tree.xpath("//script")[0].text)["@graph"][1]["itemListElement"]
    trail = tree.xpath("//nav[@class='trail']//a")
    assert [(one["name"], one["item"]) for one in way] == [
        (link.text_content(), "https://test.example" + link.get("href")) for link in trail
    ]


def test_no_title_can_end_the_script(made: Path) -> None:
    """The whole page has just one, and nothing of the title is an element."""
    raw = (made / "en/news/2024/wells/index.html").read_text()
    assert raw.count("<script") == raw.count("</script>") == 1


def test_a_page_in_another_language_speaks_of_the_text_it_shows(made: Path) -> None:
    """French readers get the German text."""
    tree = page(made, "fr/news/2024/wells")
    article = json.loads(tree.xpath("//script")[0].text)["@graph"][0]
    assert article["inLanguage"] == "de"
    assert article["url"] == "https://test.example/in/de/news/2024/wells/"
    (link,) = tree.xpath("//link[@type='text/markdown']")
    assert link.get("href") == "/in/de/news/2024/wells/index.md"
    assert not (made / "fr/news/2024/wells/index.md").exists()


def test_the_text_lies_beside_its_page(made: Path) -> None:
    """With what it is in its head, and with addresses that are good anywhere."""
    _, head, text = (made / "en/news/2024/wells/index.md").read_text().split("---\n", 2)
    assert yaml.safe_load(head) == {
        "title": EVIL,
        "date": datetime.fromisoformat("2024-02-04T10:00:00+01:00"),
        "authors": ["Ada Bauer"],
        "language": "en",
        "url": "https://test.example/in/en/news/2024/wells/",
    }
    files = "https://test.example/in/files"
    assert f"[the map]({files}/site/news/map.pdf)" in text or f"[the map]({files}/news/wells/map.pdf)" in text
    assert "[more](https://test.example/in/en/news/2024/other/#there)" in text
    assert "[them](https://there.example/)" in text
    assert "](well.png)" not in text
    assert "`map.pdf` stays." in text
    assert "not yet, *neither*.\n" in text
    assert "draft" not in text
    german = (made / "de/news/2024/wells/index.md").read_text()
    assert yaml.safe_load(german.split("---\n")[1])["title"] == "Brunnen: zwei"


def test_what_pages_leave_out_is_nowhere(made: Path) -> None:
    """A text with HTML of its own comes as what pages show of it."""
    text = (made / "en/news/2024/html/index.md").read_text()
    assert '<p>Words  and <a href="https://test.example/in/en/news/2024/other/">more</a>.</p>' in text
    assert "colleagues" not in text
    assert "steal" not in text
