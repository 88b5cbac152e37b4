"""Exports of WordPress and Ghost."""

import gzip
import json
import tracemalloc
from datetime import UTC, datetime

import pytest

from newsfeed.errors import NewsfeedError
from newsfeed.sources.archives.ghost import GhostArchive
from newsfeed.sources.archives.wordpress import WordPressArchive

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>T</title>
<link>https://x.example</link><language>en-GB</language><wp:author><wp:author_login><![CDATA[ada]]></wp:author_login>
<wp:author_display_name><![CDATA[Ada Example]]></wp:author_display_name></wp:author>"""
ITEM = """<item><title><![CDATA[{title}]]></title><link>https://x.example/2010/02/{slug}/</link><dc:creator><![CDATA[ada]]></dc:creator>
<guid isPermaLink="false">https://x.example/?p={id}</guid><content:encoded><![CDATA[{body}]]></content:encoded>
<excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_id>{id}</wp:post_id><wp:post_date>2010-02-04 11:00:00</wp:post_date>
<wp:post_date_gmt>{gmt}</wp:post_date_gmt><wp:post_name>{slug}</wp:post_name><wp:status>{status}</wp:status>
<wp:post_type>{type}</wp:post_type>{more}</item>"""
USUAL = {"title": "Wells", "slug": "wells", "id": 12, "body": "One\n\nTwo", "gmt": "2010-02-04 10:00:00", "status": "publish",
         "type": "post", "more": ""}  # fmt: skip


def item(**facts) -> str:
    """One item of an export."""
    return ITEM.format(**{**USUAL, **facts})


def meta(key: str, value: str) -> str:
    """One line of meta data."""
    return f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"


def exported(tmp_path, *items: str) -> WordPressArchive:
    """An export with these items."""
    (tmp_path / "x.xml").write_bytes(
        (HEAD + "".join(items) + "</channel></rss>").encode("utf-8", "surrogateescape")
    )
    return WordPressArchive(str(tmp_path / "x.xml"))


def test_a_post_has_all_that_wordpress_knows_of_it(tmp_path):
    """Author's name, terms, former slugs, its picture, moments in UTC."""
    more = (
        '<category domain="category" nicename="water"><![CDATA[Water & more]]></category>'
        '<category domain="post_tag" nicename="sun"><![CDATA[Sun]]></category>'
        + meta("_wp_old_slug", "old-wells") + meta("_thumbnail_id", "13")
        + meta("enclosure", "https://x.example/a.mp3\n123\naudio/mpeg\n")
    )  # fmt: skip
    picture = item(id=13, type="attachment", status="inherit", more="<wp:attachment_url>https://x.example/a.jpg</wp:attachment_url>"
                   + meta("_wp_attachment_image_alt", "A well"))  # fmt: skip
    archive = exported(tmp_path, item(more=more), picture)
    (text,) = archive.texts()
    assert (archive.base_url, text.guid, text.lang) == (
        "https://x.example",
        "https://x.example/?p=12",
        "en-GB",
    )
    assert text.urls == ("https://x.example/2010/02/wells/", "https://x.example/2010/02/old-wells/")
    assert (text.authors, text.categories) == (("Ada Example",), ("Water & more", "Sun"))
    assert text.image[:2] == ("https://x.example/a.jpg", "A well")
    assert text.date == datetime(2010, 2, 4, 10, tzinfo=UTC)
    assert text.enclosures[0].media_type == "audio/mpeg"


def test_translations_of_polylang_and_wpml_share_a_group(tmp_path):
    """By terms, or by meta data."""
    polylang = '<category domain="language" nicename="{0}">x</category><category domain="post_translations" nicename="pll_1">x</category>'
    wpml = meta("_wpml_import_language_code", "fr") + meta("_wpml_import_translation_group", "7")
    archive = exported(
        tmp_path,
        item(more=polylang.format("de")),
        item(id=14, more=polylang.format("en")),
        item(id=15, more=wpml),
    )
    assert [(one.lang, one.group) for one in archive.texts()] == [
        ("de", "pll_1"),
        ("en", "pll_1"),
        ("fr", "7"),
    ]


def test_drafts_pages_and_other_things_are_told_apart(tmp_path):
    """A draft has no moment in UTC; what is in the bin stays there."""
    archive = exported(
        tmp_path,
        item(status="draft", gmt="0000-00-00 00:00:00"),
        item(id=2, type="page", slug="about"),
        item(id=3, type="page", status="draft", slug="secret"),
        item(id=4, status="trash"),
        item(id=5, type="product"),
        item(id=6, type="nav_menu_item"),
    )
    texts = list(archive.texts())
    assert [(one.kind, one.is_draft) for one in texts] == [("news", True), ("pages", False), ("pages", True)]
    assert texts[0].date == datetime(2010, 2, 4, 11)  # noqa: DTZ001
    assert [str(one.sentence) for one in archive.doubts] == [
        "items of the kinds product are no texts; left out"
    ]


def test_an_export_with_the_dirt_of_years_is_read(tmp_path):
    """Control characters, bytes of another code page, bare entities, CDATA within CDATA, an end that is missing."""
    dirty = item(
        body="a\x0b \udcfc ]]]]><![CDATA[> é", title="Caf\x01é", more="<wp:x>&nbsp;&eacute;&nosuch;</wp:x>"
    )
    (tmp_path / "x.xml").write_bytes((HEAD + dirty).encode("utf-8", "surrogateescape"))
    (text,) = WordPressArchive(str(tmp_path / "x.xml")).texts()
    assert (text.title, text.body) == ("Café", "a ü ]]> é")


def test_a_large_export_costs_no_memory(tmp_path):
    """One item at a time; packed, too."""
    body = "<p>Words of water.</p>" * 500
    with gzip.open(tmp_path / "x.xml.gz", "wt", compresslevel=1) as file:
        file.write(HEAD)
        for number in range(2_000):
            file.write(item(id=number, body=body))
        file.write("</channel></rss>")
    archive = WordPressArchive(str(tmp_path / "x.xml.gz"))
    tracemalloc.start()
    assert sum(1 for _ in archive.texts()) == 2_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("data", [b"", b"{}", b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss/>", b"\x1f\x8bxx"])
def test_what_is_no_export_is_refused_or_empty(tmp_path, data):
    """In words."""
    (tmp_path / "x.xml").write_bytes(data)
    with pytest.raises(NewsfeedError):
        list(WordPressArchive(str(tmp_path / "x.xml")).texts())


def ghost(tmp_path, data: object) -> GhostArchive:
    """An export of Ghost."""
    (tmp_path / "g.json").write_text(data if isinstance(data, str) else json.dumps({"db": [{"data": data}]}))
    return GhostArchive(str(tmp_path / "g.json"))


def test_ghost(tmp_path):
    """Posts with their tags and authors in order; tags that begin with # are Ghost's own."""
    data = {
        "posts": [
            {"id": "5f", "slug": "wells", "title": "Wells", "html": '<p><a href="__GHOST_URL__/roof/">x</a></p>', "status": "published",
             "published_at": "2010-02-04T10:00:00.000Z", "feature_image": "__GHOST_URL__/content/images/a.png", "type": "post"},
            {"id": 7, "slug": "about", "title": "About", "html": "x", "status": "published", "page": 1, "published_at": 1265277600000},
            {"id": "8"}, 3,
        ],
        "tags": [{"id": "t1", "name": "Water"}, {"id": "t2", "name": "#de"}],
        "posts_tags": [{"post_id": "5f", "tag_id": "t2", "sort_order": 1}, {"post_id": "5f", "tag_id": "t1", "sort_order": 0}],
        "users": [{"id": "u", "name": "Ada"}],
        "posts_authors": [{"post_id": "5f", "author_id": "u"}],
        "posts_meta": [{"post_id": "5f", "feature_image_alt": "A well"}],
    }  # fmt: skip
    wells, about = ghost(tmp_path, data).texts()
    assert (wells.guid, wells.lang, wells.categories, wells.authors) == ("5f", "de", ("Water",), ("Ada",))
    assert (wells.body, wells.urls) == ('<p><a href="/roof/">x</a></p>', ("/wells/",))
    assert wells.image[:2] == ("/content/images/a.png", "A well")
    assert (about.kind, about.date) == ("pages", datetime(2010, 2, 4, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    "data", ["", "{", "[]", "{}", '{"db": [3]}', '{"data": {"posts": 3}}', "[" * 100_000]
)
def test_what_is_no_export_of_ghost_is_refused(tmp_path, data):
    """In words."""
    with pytest.raises(NewsfeedError, match="nothing that can be moved in"):
        ghost(tmp_path, data)


def test_what_only_some_could_read_does_not_become_public(tmp_path):
    """Posts of WordPress with a password; posts of Ghost for members, or that were only mailed."""
    closed = item(more="<wp:post_password><![CDATA[letmein]]></wp:post_password>", body="Secret")
    open_post = item(id=2, slug="open", more="<wp:post_password></wp:post_password>")
    (tmp_path / "wp.xml").write_text(HEAD + closed + open_post + "</channel></rss>")
    archive = WordPressArchive(str(tmp_path / "wp.xml"))
    assert [one.is_draft for one in archive.texts()] == [True, False]
    assert len(archive.doubts) == 1
    posts = [
        {
            "id": str(at),
            "slug": f"p{at}",
            "title": "P",
            "html": "<p>x</p>",
            "status": status,
            "visibility": visibility,
        }
        for at, (status, visibility) in enumerate(
            [
                ("published", "public"),
                ("published", "members"),
                ("published", "paid"),
                ("sent", "public"),
                ("published", "public"),
            ]
        )
    ]
    data = {"data": {"posts": posts, "posts_meta": [{"post_id": "4", "email_only": 1}]}}
    (tmp_path / "ghost.json").write_text(json.dumps({"db": [data]}))
    ghost = GhostArchive(str(tmp_path / "ghost.json"))
    assert [one.is_draft for one in ghost.texts()] == [False, True, True, True, True]
    assert [one.origin for one in ghost.doubts] == ["/p1/", "/p2/", "/p3/", "/p4/"]


def test_names_of_categories_are_words(tmp_path):
    """WordPress writes them as HTML, also within CDATA."""
    named = '<category domain="category" nicename="w"><![CDATA[Wasser &amp; Hygiene]]></category>'
    (text,) = exported(tmp_path, item(more=named)).texts()
    assert text.categories == ("Wasser & Hygiene",)


def test_feeds_and_lists_that_wordpress_had(tmp_path):
    """In each language that texts are in."""
    terms = '<category domain="category" nicename="w"><![CDATA[Water]]></category><category domain="post_tag" nicename="s"><![CDATA[Sun]]></category>'
    german = '<category domain="language" nicename="de"><![CDATA[de]]></category>'
    archive = exported(tmp_path, item(more=terms), item(id=2, slug="b", more=terms + german))
    list(archive.texts())
    assert [one.path for one in archive.old_feeds()] == [
        "/feed/",
        "/feed/atom/",
        "/de/feed/",
        "/de/feed/atom/",
    ]
    assert {(one.path, one.category) for one in archive.old_lists()} == {
        ("/category/w/", "Water"), ("/tag/s/", "Sun"), ("/de/category/w/", "Water"), ("/de/tag/s/", "Sun"),
    }  # fmt: skip


def test_galleries_bring_their_pictures_and_comments_are_told(tmp_path):
    """Those that they name, or those of the post."""

    def picture(number: int, parent: int) -> str:
        address = f"<wp:attachment_url>https://x.example/{number}.jpg</wp:attachment_url><wp:post_parent>{parent}</wp:post_parent>"
        return item(
            id=number,
            type="attachment",
            status="inherit",
            more=address + meta("_wp_attachment_image_alt", f'Alt "{number}"'),
        )

    posts = item(id=1, body='A [gallery ids="8,9,77"] B') + item(id=2, slug="b", body="[gallery columns=2]") + item(
        id=3, slug="c", body="[gallery]", more="<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>"
    )  # fmt: skip
    (tmp_path / "wp.xml").write_text(HEAD + posts + picture(8, 0) + picture(9, 2) + "</channel></rss>")
    archive = WordPressArchive(str(tmp_path / "wp.xml"))
    first, second, third = (one.body for one in archive.texts())
    assert first.count("<img") == 2
    assert "alt='Alt \"8\"'" in first
    assert 'src="https://x.example/9.jpg"' in second
    assert third == "[gallery]"
    assert len(archive.doubts) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"lexical": json.dumps({"root": {"children": [
            {"type": "heading", "children": [{"text": "Head"}]},
            {"type": "paragraph", "children": [{"text": "One "}, {"type": "link", "children": [{"text": "two"}]}]},
            {"type": "list", "children": [{"type": "listitem", "children": [{"text": "a < b"}]}]},
        ]}})},
        {"mobiledoc": json.dumps({"sections": [
            [1, "h2", [[0, [], 0, "Head"]]], [1, "p", [[0, [], 0, "One "], [0, [0], 1, "two"]]], [3, "ul", [[[0, [], 0, "a < b"]]]],
        ], "cards": []})},
    ],
)  # fmt: skip
def test_words_of_ghost_are_found_where_an_export_has_no_html(tmp_path, row):
    """In the formats of its editors."""
    data = {"data": {"posts": [{"id": "1", "slug": "a", "title": "A", "status": "published", **row}]}}
    (tmp_path / "ghost.json").write_text(json.dumps(data))
    (text,) = GhostArchive(str(tmp_path / "ghost.json")).texts()
    assert text.body == "<p>Head</p>\n<p>One two</p>\n<p>a &lt; b</p>"


@pytest.mark.parametrize(
    "document",
    [
        {"sections": [[1, "p", [[0, [], 0, "Words"]]]], "cards": 3},
        {"root": {"children": [{"children": [{"text": "Words", "children": 3}, {"text": 3}]}]}},
    ],
)
def test_a_document_of_ghost_that_makes_no_sense_gives_the_words_it_has(tmp_path, document):
    """Whatever made the export."""
    row = {"id": "1", "slug": "a", "title": "A", "status": "published", "lexical": json.dumps(document)}
    (tmp_path / "ghost.json").write_text(json.dumps({"data": {"posts": [row]}}))
    (text,) = GhostArchive(str(tmp_path / "ghost.json")).texts()
    assert text.body == "<p>Words</p>"
