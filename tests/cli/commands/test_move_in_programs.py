"""Whole small archives of other programs: every id is in the feeds, every old address answers."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsfeed.app.moving import MoveRequest, move_texts
from newsfeed.sources.folder import FolderSource
from newsfeed.testing import write_tree
from tests.cli.command import newsfeed
from tests.cli.commands.test_move_in import built, move, tree
from tests.sources.archives.test_exports import HEAD, item, meta
from tests.sources.archives.test_folders import HUGO

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003860180"
    "5a347d6b0000000049454e44ae426082"
)
POLYLANG = '<category domain="language" nicename="{0}">x</category><category domain="post_translations" nicename="{1}">x</category>'


def ids_in_feeds(public: Path) -> set[str]:
    """All ids that readers of any language see."""
    return {one["id"] for path in public.glob("*/feed.json") for one in json.loads(path.read_text())["items"]}


def names_of(site: Path) -> tuple[str, str, dict[str, str]]:
    """Title, description and topics in the configuration."""
    config = tomllib.loads((site / "config.toml").read_text())
    return config["site"]["title"], config["site"]["description"], config.get("topics", {})


def answers(public: Path, url: str) -> bool:
    """Tell whether anything lies at an old address."""
    path = public / url.removeprefix("https://x.example").strip("/")
    return path.is_file() or (path / "index.html").is_file()


def test_hugo_with_two_languages_and_pictures(tmp_path):
    """Bundles become folders; links and pictures hold."""
    files = {
        **{name: text for name, text in HUGO.items() if "bomb" not in name and "broken" not in name},
        "content/posts/roof/a.png": PNG,
        "static/b.png": PNG,
        "content/posts/Wells.md": "---\ntitle: Wells\ndate: 2010-02-04T10:00:00+01:00\ntags: [Water, Sun]\naliases: [/old.html]\n"
        'author: Ada\n---\nSee [the roof]({{< ref "roof/index.md" >}}) and [this](/posts/../2011/01/roof/).\n\n{{< tweet 1 >}}\n',
        "content/posts/roof/index.md": '{"title": "Roof", "date": "2011-01-01", "featured_image": "a.png", "translationKey": "roof", "tags": ["Water"]}\n'
        "![](a.png) ![B](/b.png)\n",
    }  # fmt: skip
    write_tree(tmp_path / "hugo", files)
    said = move(tmp_path / "hugo", "--write", kind="hugo")
    assert said.returncode == 0, said.stdout
    assert "shortcodes that stay as text: tweet (1)" in said.stdout
    site = tmp_path / "site"
    assert sorted(name for name in tree(site) if name.startswith(("news", "pages"))) == [
        "news/2010/wells.de.md", "news/2010/wells.en.md",
        "news/2011/roof/a.png", "news/2011/roof/b.png", "news/2011/roof/index.de.md", "news/2011/roof/index.en.md",
        "pages/about.en.md",
    ]  # fmt: skip
    wells = (site / "news/2010/wells.en.md").read_text()
    assert wells.count("](../2011/roof/index.en.md)") == 2
    assert "topics: [water, sun]" in wells
    roof = (site / "news/2011/roof/index.en.md").read_text()
    assert "image: " in roof
    assert "![a](a.png) ![B](b.png)" in roof
    assert newsfeed("format", "--check", cwd=site).returncode == 0
    public = built(site)
    assert ids_in_feeds(public) == {
        "https://x.example/2010/02/wells/", "https://x.example/de/2010/02/brunnen/", "https://x.example/2011/01/roof/",
        "https://x.example/de/2011/01/dach/",
    }  # fmt: skip
    for url in (
        "/2010/02/wells/",
        "/old.html",
        "/de/2010/02/brunnen/",
        "/2011/01/roof/",
        "/de/2011/01/dach/",
        "/about/",
    ):
        assert answers(public, url), url
    before = tree(site)
    assert "here already, unchanged: 5" in move(tmp_path / "hugo", "--write", kind="hugo").stdout
    assert tree(site) == before


def test_nothing_that_hugo_kept_as_a_draft_is_published(tmp_path):
    """Not as a translation of a published text, not as a page, not as a story of its own."""
    write_tree(
        tmp_path / "hugo",
        {
            "hugo.toml": 'baseURL = "https://x.example/"\n[languages.en]\n[languages.de]\n',
            "content/posts/river.md": "+++\ntitle = 'River'\ndate = 2020-01-01\n+++\nPublic\n",
            "content/posts/river.de.md": "+++\ntitle = 'Fluss'\ndate = 2020-01-01\ndraft = true\n+++\nGeheim\n",
            "content/posts/sea.de.md": "+++\ntitle = 'Meer'\ndate = 2020-01-01\ndraft = true\n+++\nGeheim\n",
            "content/about.md": "+++\ntitle = 'About'\ndraft = true\n+++\nGeheim\n",
        },
    )
    said = move(tmp_path / "hugo", "--write", kind="hugo")
    assert "content/posts/river.de.md: it is a draft, and content/posts/river.md" in said.stdout
    assert "content/about.md: it is a page that is not published; left out" in said.stdout
    assert "draft: yes" in (tmp_path / "site/news/2020/sea.de.md").read_text()
    pages = [
        path.read_text() for path in built(tmp_path / "site").rglob("*") if path.suffix in (".html", ".xml")
    ]
    assert any("Public" in page for page in pages)
    assert not any("Geheim" in page for page in pages)


def test_a_move_that_is_stopped_anywhere_ends_as_if_it_had_not_been(tmp_path, monkeypatch):
    """The original of a story is written before its translations: it holds the id."""
    tree_of_hugo = {
        "hugo.toml": 'baseURL = "https://x.example/"\n[languages.en]\n[languages.de]\n[languages.fr]\n'
    }
    for name in ("river", "sea"):
        for lang in ("", ".de", ".fr"):
            text = f"---\ntitle: T {name}{lang}\ndate: 2020-01-01\n---\nText\n"
            tree_of_hugo[f"content/{name[0]}/2020/{name}{lang}.md"] = text
    write_tree(tmp_path / "hugo", tree_of_hugo)
    written: list[str] = []
    create = FolderSource.create
    monkeypatch.setattr(
        FolderSource, "create", lambda self, path, data: (written.append(path), create(self, path, data))[1]
    )
    request = MoveRequest(source=str(tmp_path / "hugo"), kind="hugo", into=tmp_path / "site", write=True)
    move_texts(request, datetime(2026, 1, 1, tzinfo=UTC))
    assert [path.rpartition("/")[2] for path in written] == [
        "river.en.md", "river.de.md", "river.fr.md", "sea.en.md", "sea.de.md", "sea.fr.md",
    ]  # fmt: skip


def test_documents_that_no_text_names_are_told(tmp_path):
    """They had an address, which others may have noted."""
    head = "---\ntitle: River\ndate: 2020-01-01\n---\n"
    tree_of_hugo = {
        "content/posts/river.md": head + "[Report](/files/report.pdf)\n",
        "static/files/report.pdf": "%PDF-1.4",
        "static/files/other.pdf": "%PDF-1.4",
        "themes/x/static/logo.png": PNG,
    }
    write_tree(tmp_path / "hugo", tree_of_hugo)
    said = move(tmp_path / "hugo", kind="hugo").stdout
    assert (
        "static/files/other.pdf: files that no text names are not taken along, and their addresses end: 1"
        in said
    )


def test_pictures_in_shortcodes_travel(tmp_path):
    """A figure of Hugo names its file elsewhere than Markdown does."""
    write_tree(
        tmp_path / "hugo",
        {
            "hugo.toml": 'baseURL = "https://x.example/"\n',
            "content/posts/river/a.png": PNG,
            "content/posts/river/index.md": "---\ntitle: River\ndate: 2020-01-01\n---\n"
            '{{< figure src="a.png" alt="A river" >}}\n',
        },
    )
    assert move(tmp_path / "hugo", "--write", kind="hugo").returncode == 0
    assert (tmp_path / "site/news/2020/river/a.png").read_bytes() == PNG


def test_names_by_which_hugo_refers_to_texts_become_links(tmp_path):
    """Where one story has the name; else the words stay, and it is told."""
    head = "---\ntitle: {0}\ndate: 2020-01-01\n---\n"
    body = (
        '[river]({{< ref "river.md#mouth" >}}), [*lost*]({{< relref "lost.md" >}}), [twin]({{< ref "twin" >}}), '
        '[draft]({{< ref "plan.md" >}})\n'
    )
    write_tree(
        tmp_path / "hugo",
        {
            "hugo.toml": 'baseURL = "https://x.example/"\n',
            "content/posts/deep/river.md": head.format("River") + "Water\n\n## Mouth\n",
            "content/posts/a/twin.md": head.format("One") + "Text\n",
            "content/posts/b/twin.md": head.format("Two") + "Text\n",
            "content/plan.md": "---\ntitle: Plan\ndraft: true\n---\nText\n",
            "content/blog/sea.md": head.format("Sea") + body,
        },
    )
    said = move(tmp_path / "hugo", "--write", kind="hugo")
    assert said.returncode == 0, said.stdout
    assert "content/blog/sea.md: references to texts" in said.stdout
    assert "are words now: lost.md, twin, plan.md" in said.stdout
    sea = (tmp_path / "site/news/2020/sea.en.md").read_text()
    assert sea.endswith("---\n\n[river](river.en.md#mouth), *lost*, twin, draft\n")
    assert "/river/#mouth" in next(built(tmp_path / "site").glob("en/**/sea/index.html")).read_text()


def test_wordpress_with_polylang(tmp_path):
    """Former slugs, ids with a question mark, translations, a picture on the web, blank lines as paragraphs."""
    picture = item(
        id=13,
        type="attachment",
        status="inherit",
        slug="a",
        more="<wp:attachment_url>https://x.example/a.jpg</wp:attachment_url>",
    )
    items = [
        item(title="Wells &#8211; <i>more</i>", more=POLYLANG.format("en", "p1") + meta("_wp_old_slug", "old-wells") + meta("_thumbnail_id", "13"),
             body='One\n\nTwo <a href="https://x.example/2010/02/brunnen/">de</a> [gallery ids="1"]'),
        item(id=14, slug="brunnen", title="Brunnen", more=POLYLANG.format("de", "p1"), body="<!-- wp:paragraph --><p>Eins</p><!-- /wp:paragraph -->"),
        item(id=15, slug="%c3%bcber", title="", more=POLYLANG.format("de", "p2"), body="<b onclick=x()>Über</b> Wasser"),
        item(id=16, type="page", slug="about", title="About", more=POLYLANG.format("en", "p3")),
        picture,
    ]  # fmt: skip
    (tmp_path / "wp.xml").write_text(HEAD + "".join(items) + "</channel></rss>")
    said = move(tmp_path / "wp.xml", "--write", kind="wordpress")
    assert said.returncode == 0, said.stdout
    site = tmp_path / "site"
    wells = (site / "news/2010/wells.en.md").read_text()
    assert "title: Wells – more" in re.sub(" +", " ", wells).replace('"', "")
    assert '![a](<https://x.example/a.jpg>)\n\nOne\n\nTwo [de](wells.de.md) \\[gallery ids="1"\\]' in wells
    public = built(site)
    assert ids_in_feeds(public) == {f"https://x.example/?p={number}" for number in (12, 14, 15)}
    for url in ("/2010/02/wells/", "/2010/02/old-wells/", "/2010/02/brunnen/", "/2010/02/about/"):
        assert answers(public, url), url


@pytest.mark.parametrize(
    ("kind", "files", "guid"),
    [
        ("jekyll", {"_config.yml": "url: https://x.example\ntitle: Our wells\ndescription: Dug\n", "_posts/2010-02-04-wells.md": "---\ntitle: Wells\n---\nText\n"},
         "https://x.example/2010/02/04/wells"),
        ("pelican", {"pelicanconf.py": "SITEURL = 'https://x.example'\nSITENAME = 'Our wells'\nSITESUBTITLE = 'Dug'\n", "content/wells.md": "Title: Wells\nDate: 2010-02-04\n\nText\n"},
         "tag:x.example,2010-02-04:/wells.html"),
        ("nikola", {"conf.py": "SITE_URL = 'https://x.example/'\nBLOG_TITLE = 'Our wells'\nBLOG_DESCRIPTION = 'Dug'\n", "posts/wells.md": "<!--\n.. title: Wells\n.. slug: wells\n.. date: 2010-02-04\n-->\nText\n"},
         "https://x.example/posts/wells/"),
        ("pelican", {"pelicanconf.py": "SITEURL = 'https://x.example'\nSITENAME = 'Our wells'\nSITESUBTITLE = 'Dug'\n", "content/wells.rst": "Wells\n=====\n\n:date: 2010-02-04\n\nText\n"},
         "tag:x.example,2010-02-04:/wells.html"),
        ("nikola", {"conf.py": "SITE_URL = 'https://x.example/'\nBLOG_TITLE = 'Our wells'\nBLOG_DESCRIPTION = 'Dug'\n", "posts/wells.rst": ".. title: Wells\n.. slug: wells\n.. date: 2010-02-04\n\nText, `again <link://slug/wells>`_\n"},
         "https://x.example/posts/wells/"),
    ],
)  # fmt: skip
def test_folders_of_other_programs(tmp_path, kind, files, guid):
    """Each with the id that its own feeds have."""
    write_tree(tmp_path / "old", files)
    assert move(tmp_path / "old", "--write", "--lang", "en", kind=kind).returncode == 0
    assert ids_in_feeds(built(tmp_path / "site")) == {guid}
    assert names_of(tmp_path / "site") == ("Our wells", "Dug", {})


@pytest.mark.parametrize(
    ("kind", "files", "names"),
    [
        ("hugo", {"a/hugo.toml": 'title = "Our wells"\n[params]\ndescription = "Dug"\n', "a/content/w.md": "---\ntitle: W\ndate: 2010-02-04\n"
         "tags: [Water]\ncategories: [Clean Water]\n---\nText\n"}, ("Our wells", "Dug", {"water": "Water", "clean-water": "Clean Water"})),
        ("hugo", {"a/hugo.toml": '[languages.en]\ntitle = "Wells"\n[languages.de]\ntitle = "Brunnen"\n', "a/content/w.md": "---\ntitle: W\n---\n"},
         ("Wells", "Wells", {})),
        ("feed", {"a": "<rss><channel><title>Wells &amp;amp; more</title><description>Dug</description><item><title>x</title><guid>urn:7</guid>"
         "<pubDate>Thu, 4 Feb 2010 10:00:00 +0100</pubDate><category>Water</category></item></channel></rss>"},
         ("Wells & more", "Dug", {"water": "Water"})),
        ("feed", {"a": '<feed xmlns="http://www.w3.org/2005/Atom"><title>Wells</title><subtitle type="html">&lt;b>Dug&lt;/b></subtitle><entry><id>urn:7</id>'
         '<updated>2010-02-04T10:00:00Z</updated><category term="water" label="Water"/></entry></feed>'}, ("Wells", "Dug", {"water": "Water"})),
        ("feed", {"a": '{"title": "Wells", "description": "Dug", "items": [{"id": "7", "tags": ["Water"], "content_text": "x"}]}'},
         ("Wells", "Dug", {"water": "Water"})),
        ("wordpress", {"a": HEAD.replace("<title>T</title>", "<title>Wells</title><description>Dug</description>") + item() + "</channel></rss>"},
         ("Wells", "Dug", {})),
        ("ghost", {"a": '{"db": [{"data": {"posts": [{"id": 1, "slug": "x", "title": "x", "html": "x", "status": "published", "published_at": "2010-02-04"}],'
         '"settings": [{"key": "title", "value": "Wells"}, {"key": "description", "value": "Dug"}]}}]}'}, ("Wells", "Dug", {})),
    ],
)  # fmt: skip
def test_a_new_site_is_called_as_the_archive_was_and_has_its_topics(tmp_path, kind, files, names):
    """Also a category that only one text has."""
    write_tree(tmp_path, files)
    said = move(tmp_path / "a", "--write", kind=kind)
    assert said.returncode == 0, said.stdout + said.stderr
    assert names_of(tmp_path / "site") == names


def test_ids_of_the_feed_that_readers_have_win(tmp_path):
    """Whatever a program's themes make of them."""
    write_tree(
        tmp_path / "old", {"content/posts/wells.md": "---\ntitle: Wells\ndate: 2010-02-04\n---\nText\n"}
    )
    feed = tmp_path / "feed.xml"
    feed.write_text(
        "<rss><channel><item><title>x</title><link>https://x.example/posts/wells/</link><guid>urn:7</guid></item></channel></rss>"
    )
    said = move(
        tmp_path / "old", "--write", "--base-url", "https://x.example/", "--ids-from", feed, kind="hugo"
    )
    assert said.returncode == 0, said.stdout
    assert ids_in_feeds(built(tmp_path / "site")) == {"urn:7"}
