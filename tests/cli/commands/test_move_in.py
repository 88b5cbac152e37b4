"""``newsfeed move-in``: whole small archives, from what they were to what is published."""

import json
import re

import pytest

from tests.cli.command import newsfeed

NOW = "--now", "2026-03-01T12:00Z"
FEED = """<rss version="2.0"><channel><title>T</title><link>https://old.example/</link><language>en</language>
<item><title>Wells &amp;amp; pumps</title><link>https://old.example/2010/02/wells.html</link><guid>urn:wells</guid>
<pubDate>Thu, 4 Feb 2010 10:00:00 +0100</pubDate><category>Water</category>
<description>&lt;p&gt;See &lt;a href="/2011/roofs"&gt;the roofs&lt;/a&gt;.&lt;script&gt;x&lt;/script&gt;&lt;/p&gt;</description></item>
<item><title>Roofs</title><link>https://old.example/2011/roofs</link><guid>https://old.example/?p=12</guid>
<pubDate>Fri, 4 Feb 2011 10:00:00 +0100</pubDate><category>Water</category><category>Energy</category>
<description>&lt;p&gt;Sun. &lt;img src="http://127.0.0.1/a-b.png"&gt;&lt;/p&gt;</description></item>
<item><title>Undated</title><link>https://old.example/u</link><description>x</description></item>
</channel></rss>"""


@pytest.fixture
def feed(tmp_path):
    """A feed of another program."""
    (tmp_path / "feed.xml").write_text(FEED)
    return tmp_path / "feed.xml"


def tree(folder):
    """All files but the journal."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "var" not in path.parts
    }


def move(feed, *words, kind="feed"):
    """Run the command into the folder `site` beside the source."""
    return newsfeed("move-in", feed, "--from", kind, "--into", feed.parent / "site", *NOW, *words)


def built(site):
    """Build a site; return its folder."""
    done = newsfeed("build", *NOW, cwd=site)
    assert done.returncode == 0, done.stderr
    return site / "public"


def test_a_dry_run_writes_nothing_and_says_what_would_be(feed):
    """Not even the folder."""
    said = move(feed)
    assert said.returncode == 0
    assert (
        "the archive has: texts: 3 (en 3), stories: 2, addresses: 3, ids in feeds: 3, pictures on the web, left there: 1\n"
        in said.stdout
    )
    assert "would be written: 2, left out: 1" in said.stdout
    assert "this was a dry run" in said.stdout
    assert not (feed.parent / "site").exists()


def test_a_feed_keeps_its_ids_and_all_its_addresses_answer(feed):
    """Readers of the feed get nothing a second time, and no link breaks."""
    said = move(feed, "--write")
    assert said.returncode == 0, said.stdout
    assert "newsfeed check says: 0 errors" in said.stdout
    public = built(feed.parent / "site")
    rss = (public / "en/feed.rss").read_text()
    assert set(re.findall("<guid[^>]*>([^<]*)", rss)) == {"urn:wells", "https://old.example/?p=12"}
    assert {one["id"] for one in json.loads((public / "en/feed.json").read_text())["items"]} == {
        "urn:wells", "https://old.example/?p=12",
    }  # fmt: skip
    for old, new in (("2010/02/wells.html", "2010/wells"), ("2011/roofs/index.html", "2011/roofs")):
        assert f"/en/news/{new}/" in (public / old).read_text()
    page = (public / "en/news/2010/wells/index.html").read_text()
    assert 'href="../../2011/roofs/"' in page or "/en/news/2011/roofs/" in page
    assert "Wells &amp; pumps" in page
    assert "<script>x" not in page


def test_a_second_run_changes_nothing_and_an_editors_change_is_kept(feed):
    """It can be stopped and begun again; what people wrote is theirs."""
    site = feed.parent / "site"
    move(feed, "--write")
    before = tree(site)
    (site / "news/2010/wells.en.md").unlink()  # as if it had been stopped
    assert "written: 1, here already, unchanged: 1" in move(feed, "--write").stdout
    assert tree(site) == before
    changed = site / "news/2011/roofs.en.md"
    changed.write_text(changed.read_text().replace("Sun.", "Much sun."))
    said = move(feed, "--write").stdout
    assert "news/2011/roofs.en.md was changed since it was moved in; it stays as it is" in said
    assert "Much sun." in changed.read_text()


def test_a_mapping_is_begun_edited_and_heeded(feed):
    """Also by files that are there already, if nobody has changed them."""
    mapping = feed.parent / "mapping.toml"
    move(feed, "--write")
    assert "mapping.toml is there: edit it" in move(feed, "--mapping", mapping).stdout
    assert '"Energy" = "energy"  # 1' in mapping.read_text()
    mapping.write_text('[topics]\nEnergy = "Water"\n[authors]\n')
    assert "topics: [water, energy]" in (feed.parent / "site/news/2011/roofs.en.md").read_text()
    assert "the site has: written anew: 1" in move(feed, "--mapping", mapping, "--write").stdout
    assert "topics: [water]" in (feed.parent / "site/news/2011/roofs.en.md").read_text()
    mapping.write_text('[topics]\nWater = ""\n')
    assert "written anew: 2" in move(feed, "--mapping", mapping, "--write").stdout
    assert "topics:" not in (feed.parent / "site/news/2010/wells.en.md").read_text()
    mapping.write_text('[topics]\na = "b"\nb = "a"\n')
    looped = move(feed, "--mapping", mapping)
    assert (looped.returncode, "leads in a circle" in looped.stderr) == (2, True)


def test_a_report_is_for_programs_and_a_page_for_people(feed):
    """Nothing of an archive becomes HTML of ours."""
    page = feed.parent / "report.html"
    feed.write_text(FEED.replace("<title>Roofs", "<title>&lt;img src=x onerror=alert(1)&gt;Roofs"))
    said = move(feed, "--json", "--html", page, "--undated", "2009-01-01")
    data = json.loads(said.stdout)
    assert (data["have"]["written"], data["dry_run"], data["topics"]["Water"]) == (3, True, "water")
    assert any("script" in one["reason"] for one in data["doubts"])
    shown = page.read_text()
    assert "What is doubtful" in shown
    assert "<img" not in shown


def test_pictures_of_this_network_are_not_fetched(feed):
    """They stay where they are, and that is told."""
    said = move(feed, "--write", "--fetch-images")
    assert "it is not on the open internet" in said.stdout
    assert (
        "![a b](http://127.0.0.1/a-b.png)" in (feed.parent / "site/news/2011/roofs/index.en.md").read_text()
    )


@pytest.mark.parametrize(
    "words", [("nowhere.xml", "--from", "feed", "--into", "x"), ("--from", "feed", ".", "--into", "x")]
)
def test_a_source_that_is_none_is_told(tmp_path, words):
    """No traceback."""
    said = newsfeed("move-in", *words, cwd=tmp_path)
    assert said.returncode in (2, 3)
    assert "Traceback" not in said.stderr


def test_the_help_names_both_kinds_of_moving_in():
    """The word for texts may be left out."""
    assert "archive" in newsfeed("move-in", "--help").stdout
