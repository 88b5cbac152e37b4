"""Feeds of every kind, well made and not."""

import json
from datetime import UTC, datetime

import pytest

from newsfeed.errors import NewsfeedError
from newsfeed.sources.archives.feed import FeedArchive

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><link>https://x.example/</link><language>de-AT</language>
{more}<item><title>Für &amp;amp; alle</title><link>/2010/a.html</link><guid isPermaLink="false">urn:a</guid>
<pubDate>Thu, 4 Feb 2010 10:00:00 +0100</pubDate><dc:creator>Ada Example</dc:creator><category>Wasser</category>
<description>Kurz</description><content:encoded><![CDATA[<p>Über <b>Wasser</b> ]]>]]&gt;<![CDATA[</p>]]></content:encoded>
<enclosure url="https://x.example/a.mp3" type="audio/mpeg" length="1"/></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://x.example/blog/">
<link rel="alternate" href="/"/><link rel="{rel}" href="{next}"/><author><name>Desk</name></author>
<entry><id>{id}</id><title type="html">A &amp;lt;b&gt;</title><link href="a/"/>
<link rel="alternate" hreflang="de" href="https://x.example/de/a/"/><updated>2010-02-05T00:00:00Z</updated>
<published>2010-02-04T00:00:00Z</published><category term="w" label="Water"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi <em>you</em></p></div></content></entry></feed>"""


def texts(path):
    """The entries of a feed."""
    return list(FeedArchive(str(path)).texts())


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("utf-8", "cp1252"),
        ("windows-1252", "cp1252"),
        ("utf-16", "utf-16"),
    ],
)
def test_an_rss_feed_is_read_also_when_it_lies_about_its_encoding(tmp_path, declared, real):
    """Entities, CDATA in pieces, relative addresses."""
    (tmp_path / "f.xml").write_bytes(RSS.format(encoding=declared, more="").encode(real))
    (text,) = texts(tmp_path / "f.xml")
    assert (text.title, text.guid, text.lang) == ("Für &amp; alle", "urn:a", "de-AT")
    assert text.body == "<p>Über <b>Wasser</b> ]]></p>"
    assert text.urls == ("https://x.example/2010/a.html",)
    assert text.date == datetime.fromisoformat("2010-02-04T10:00:00+01:00")
    assert (text.authors, text.categories, text.summary) == (("Ada Example",), ("Wasser",), "Kurz")
    assert text.enclosures[0].media_type == "audio/mpeg"


def test_an_atom_feed_names_its_translations(tmp_path):
    """XHTML, relative addresses, authors of the feed."""
    (tmp_path / "f.atom").write_text(ATOM.format(rel="self", next="x", id="urn:a"))
    (text,) = texts(tmp_path / "f.atom")
    assert (text.title, text.authors, text.categories) == ("A &lt;b>", ("Desk",), ("Water",))
    assert (text.urls, text.group) == (("https://x.example/blog/a/",), "https://x.example/blog/a/")
    assert "<p>Hi <em>you</em></p>" in text.body
    assert text.updated == datetime(2010, 2, 5, tzinfo=UTC)


def test_a_json_feed_is_read(tmp_path):
    """Plain words become paragraphs; an id may be a number."""
    item = {
        "id": 7,
        "url": "/a",
        "title": "A & B",
        "content_text": "x < y\n\nz",
        "date_published": "2010-02-04",
    }
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://x.example/",
        "items": [item, 3],
    }
    (tmp_path / "f.json").write_text(json.dumps(feed))
    (text,) = texts(tmp_path / "f.json")
    assert (text.guid, text.title, text.body) == ("7", "A &amp; B", "<p>x &lt; y</p><p>z</p>")


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
def test_archives_are_followed_to_their_end_and_in_circles_once(tmp_path, rel):
    """Documents beside a file (RFC 5005); never one in another folder."""
    (tmp_path / "feed.atom").write_text(
        ATOM.format(rel=rel, next="https://x.example/feed-2.atom", id="urn:new")
    )
    (tmp_path / "feed-2.atom").write_text(ATOM.format(rel=rel, next="../feed-1.atom", id="urn:old"))
    (tmp_path / "feed-1.atom").write_text(ATOM.format(rel=rel, next="feed.atom", id="urn:new"))
    assert [one.guid for one in texts(tmp_path / "feed.atom")] == ["urn:new", "urn:old"]
    assert [one.guid for one in texts(tmp_path)] == ["urn:new", "urn:old"]


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>'
FILE = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&a;</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (LAUGHS.encode(), "declares entities of its own"),
        (LAUGHS.encode("utf-16"), "declares entities of its own"),
        (FILE.encode(), "declares entities of its own"),
        (b"", "is nothing that can be moved in"),
        (b"words", "is nothing that can be moved in"),
        (b"<html><body>x</body></html>", "is nothing that can be moved in"),
        (b"{", "is nothing that can be moved in"),
        (b'{"items": 3}', "is nothing that can be moved in"),
        (b"[" * 100_000, "is nothing that can be moved in"),
        (b'{"items":' + b"[" * 100_000, "is nothing that can be moved in"),
        (b"<rss><channel/></rss>", "has no entries"),
        (b"\x1f\x8bxxxx", "cannot read"),
    ],
)
def test_what_is_no_feed_or_a_trap_is_refused_in_words(tmp_path, data, said):
    """Billion laughs, files of this machine, other formats."""
    (tmp_path / "f.xml").write_bytes(data)
    with pytest.raises(NewsfeedError, match=said):
        texts(tmp_path / "f.xml")


def test_broken_xml_gives_what_there_is(tmp_path):
    """Entities of HTML, a bare ampersand, an end that is missing; dates that are none."""
    (tmp_path / "f.xml").write_text(
        "<rss><channel><item><title>Caf&eacute; & more &nosuch;</title><pubDate>soon</pubDate>"
        "<link>https://x.example/2010/02/04/a</link><description>&lt;p&gt;x"
    )
    (text,) = texts(tmp_path / "f.xml")
    assert text.title.startswith("Café ")
    assert (str(text.date), text.guid) == ("2010-02-04", "https://x.example/2010/02/04/a")


def test_entries_of_our_own_feeds_keep_their_ids_and_join(tmp_path):
    """The id names the story and the language."""
    for lang in ("en", "de"):
        atom = ATOM.format(rel="self", next="x", id=f"tag:x.example,2004:well:{lang}")
        (tmp_path / f"{lang}.atom").write_text(atom.replace('xml:lang="en"', f'xml:lang="{lang}"'))
    found = texts(tmp_path)
    assert {(one.lang, one.group, one.id) for one in found} == {
        ("en", "tag:x.example,2004:well", "well"),
        ("de", "tag:x.example,2004:well", "well"),
    }


def test_addresses_that_are_none_and_prefixes_that_nobody_declared_break_nothing(tmp_path):
    """Found by feeding it mutilated feeds."""
    (tmp_path / "f.xml").write_text(
        "<rss><channel><link>http://[</link><item><title>x</title><link>http://[y</link>"
        "<dc:creator>Ada</dc:creator><pubDate>2010-02-04</pubDate></item></channel></rss>"
    )
    (text,) = texts(tmp_path / "f.xml")
    assert (text.authors, text.urls) == (("Ada",), ("http://[y",))
