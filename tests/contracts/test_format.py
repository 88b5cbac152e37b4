"""What every feed format promises, whichever it is; a new one in `FORMATS` is tested by this."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from newsfeed.config.loader import FORMAT_NAMES
from newsfeed.core.site.frames import FEED_TYPES
from newsfeed.core.site.urls import FEED_ENDINGS
from newsfeed.render.feeds import FORMATS, feed_format
from newsfeed.views import EnclosureLink, FeedCategory, FeedEntry, FeedView, Picture, TextReference
from tests.peers.grammar import atom_grammar_errors, rss_grammar_errors
from tests.peers.lint import lint_atom, lint_json, lint_rss
from tests.peers.readers import READERS_OF, Entry

LINT: dict[str, tuple[Callable[[bytes], list[str]], ...]] = {
    "rss": (rss_grammar_errors, lint_rss),
    "atom": (atom_grammar_errors, lint_atom),
    "jsonfeed": (lint_json,),
}
"""Format → what judges its form; a new format brings its own."""

BERLIN = ZoneInfo("Europe/Berlin")
HOSTILE = "1 < 2 & 3 > 2 ]]> „ä“ \"b\" 'c' 🌍 عربي"
HTML = f'<p>{HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}</p>\n<p lang="en">x</p>'

FULL = FeedEntry(
    id="tag:news.example,2010:full:de",
    lang="de",
    direction="ltr",
    title=HOSTILE,
    link="https://news.example/de/news/2010/full/",
    published=datetime(2010, 2, 4, 9, tzinfo=BERLIN),
    updated=datetime(2010, 7, 5, 23, 59, 59, tzinfo=BERLIN),
    authors=("Zoë Müller-Weiß", "Łukasz & Söhne"),
    summary=HOSTILE,
    notice="",
    categories=(
        FeedCategory("water", "Wasser & Brunnen", "tag:news.example,2010:scheme/topics"),
        FeedCategory("energy", "Energie", "tag:news.example,2010:scheme/topics"),
    ),
    enclosures=(
        EnclosureLink("https://news.example/files/a%20b.mp3", "Ein Gespräch", "audio/mpeg", 312),
        EnclosureLink("https://news.example/files/c.pdf", "", "application/pdf", 7),
    ),
    picture=Picture("https://news.example/files/p.png", "Ein Dach", 48, 36),
    body=TextReference("news/2010/full.de.md", "f", "de"),
)
BARE = FULL._replace(
    id="tag:news.example,2010:bare:en",
    lang="en",
    title="Bare",
    link="https://news.example/de/news/2010/bare/",
    published=datetime(2009, 12, 31, 23, 30, tzinfo=UTC),
    updated=datetime(2009, 12, 31, 23, 30, tzinfo=UTC),
    authors=("News",),
    summary="",
    categories=(),
    enclosures=(),
    picture=None,
)


def a_feed(form: str, *some: FeedEntry) -> FeedView:
    """A German feed with these entries."""
    return FeedView(
        id="tag:news.example,2010:feed/de",
        format=form,
        lang="de",
        title="Nachrichten & mehr",
        description="Wasser < Energie",
        home="https://news.example/de/",
        address=f"https://news.example/de/feed.{FEED_ENDINGS[form]}",
        updated=max((one.updated for one in some), default=datetime(2010, 1, 1, tzinfo=UTC)),
        author="Nachrichten",
    )


def an_archive(form: str, *some: FeedEntry) -> FeedView:
    """The second of three archives of the same feed."""
    live = a_feed(form, *some)

    def address(number: int) -> str:
        return live.address.replace("feed.", f"feed-{number}.")

    return live._replace(address=address(2), live=live.address, older=address(1), newer=address(3))


@pytest.fixture(params=[name for name, _ in FORMATS])
def form(request: pytest.FixtureRequest) -> str:
    """The name of each registered format."""
    return str(request.param)


def document(view: FeedView, made: Sequence[bytes]) -> bytes:
    """A feed as it is published."""
    return b"".join(feed_format(view.format).write_document(view, made))


Make = Callable[..., bytes]
"""(feed, *entries), each entry with the same HTML → the document."""


@pytest.fixture
def make() -> Make:
    """What renders the format."""

    def made(view: FeedView, *some: FeedEntry, html: str = HTML) -> bytes:
        return document(
            view, feed_format(view.format).write_entries([(one, html) for one in some], view.lang)
        )

    return made


@pytest.mark.parametrize("archive", [False, True])
@pytest.mark.parametrize(
    "html", [HTML, "", "</item>\n    <item>", "  </entry>\n", '"items": [\n  {\n', "},\n  {\n", "]]>&amp;"]
)
def test_a_document_gives_back_its_entries(form: str, archive: bool, html: str) -> None:
    """Byte for byte, however they look inside: an edit takes the others from what is published."""
    for some in ((), (FULL,), (BARE, FULL, BARE._replace(title=html or "x", summary=html))):
        made = feed_format(form).write_entries([(one, html) for one in some], "de")
        view = (an_archive if archive else a_feed)(form, *some)
        assert feed_format(form).read_entries(document(view, made)) == made


def strings(data: bytes) -> set[str]:
    """Every text and attribute of a feed document."""
    if data.startswith(b"{"):
        return set(_json_strings(json.loads(data)))
    elements = list(ET.fromstring(data).iter())
    return {one.text or "" for one in elements} | {value for one in elements for value in one.attrib.values()}


def _json_strings(value: Any) -> Iterator[str]:
    if isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _json_strings(each)
    else:
        yield str(value)


def test_a_format_is_known_everywhere(form: str) -> None:
    """It has a file ending, a name and media type for readers, and a word in config.toml."""
    assert form in FEED_ENDINGS
    assert form in FEED_TYPES
    assert form in FORMAT_NAMES
    assert form in LINT
    assert FEED_ENDINGS[form] in READERS_OF


def test_no_two_formats_share_a_file() -> None:
    """Endings and media types tell them apart."""
    names = [name for name, _ in FORMATS]
    assert len({FEED_ENDINGS[name] for name in names}) == len(names)
    assert len({FEED_TYPES[name] for name in names}) == len(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("some", [(FULL, BARE), (BARE, FULL), (FULL,), (BARE,), ()], ids=len)
def test_its_form_is_right(form: str, make: Make, some: tuple[FeedEntry, ...]) -> None:
    """With everything, with next to nothing, and empty."""
    for view in (a_feed(form, *some), an_archive(form, *some)):
        for html in (HTML, ""):
            data = make(view, *some, html=html)
            assert [fault for judge in LINT[form] for fault in judge(data)] == []


def test_readers_get_out_what_went_in(form: str, make: Make) -> None:
    """Id, title, link, moment and first enclosure, in every independent client, in the given order."""
    data = make(a_feed(form, FULL, BARE), FULL, BARE)
    wanted = [
        Entry(
            one.id,
            one.title,
            one.link,
            one.published.astimezone(UTC),
            one.enclosures[0].href if one.enclosures else None,
        )
        for one in (FULL, BARE)
    ]
    for entries_of in READERS_OF[FEED_ENDINGS[form]]:
        found = entries_of(data)
        assert sorted(found, key=str) == sorted(wanted, key=str), entries_of.__name__
    positions = [data.index(one.id.encode()) for one in (FULL, BARE)]
    assert positions == sorted(positions)


def test_texts_survive_unchanged(form: str, make: Make) -> None:
    """Angle brackets, ampersands, ``]]>``, quotes, emoji and Arabic come out as they went in."""
    found = strings(make(a_feed(form, FULL), FULL))
    assert {HOSTILE, HTML, "Nachrichten & mehr", *FULL.authors} <= found
    assert {"Wasser & Brunnen", "Energie"} <= found
    assert {"https://news.example/files/a%20b.mp3", "audio/mpeg", "312"} <= found


def test_a_text_in_another_language_is_marked(form: str, make: Make) -> None:
    """The feed's language is stated, and that of an entry which is in another."""
    found = strings(make(a_feed(form, BARE), BARE))
    assert {"de", "en"} <= found


def test_the_same_view_gives_the_same_bytes(form: str, make: Make) -> None:
    """No clock, no counter: two runs agree, and no date is later than the view's."""
    view = a_feed(form, FULL, BARE)
    data = make(view, FULL, BARE)
    assert make(view, FULL, BARE) == data
    assert str(datetime.now(UTC).year).encode() not in data


def test_the_zone_of_a_moment_does_not_matter(form: str, make: Make) -> None:
    """The same moment gives the same bytes, in whatever zone it is written."""
    zone = ZoneInfo("America/St_Johns")
    moved = [
        one._replace(published=one.published.astimezone(zone), updated=one.updated.astimezone(zone))
        for one in (FULL, BARE)
    ]
    there, here = a_feed(form, *moved), a_feed(form, FULL, BARE)
    zoned = there._replace(updated=there.updated.astimezone(zone))
    assert make(zoned, *moved) == make(here, FULL, BARE)


def test_it_is_utf_8_and_ends_with_a_line_break(form: str, make: Make) -> None:
    """Other tools, diffs first of all, like text files to be text files."""
    data = make(a_feed(form, FULL), FULL)
    assert "🌍 عربي" in data.decode("utf-8")
    assert data.endswith(b"\n")
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data


def test_an_entry_is_the_same_in_every_document(form: str) -> None:
    """So it can be made once, alone or with others, and be put into all feeds that bring it."""
    write_entries = feed_format(form).write_entries
    together = write_entries([(FULL, HTML), (BARE, "<p>x</p>")], "de")
    assert together == [*write_entries([(FULL, HTML)], "de"), *write_entries([(BARE, "<p>x</p>")], "de")]
    assert write_entries([], "de") == []
    for view in (a_feed(form), an_archive(form)):
        data = document(view, together)
        assert [data.count(one) for one in together] == [1, 1]


def test_an_archive_names_its_neighbours(form: str, make: Make) -> None:
    """Readers find what is older in every format; what is newer where the format has a word for it."""
    found = strings(make(an_archive(form, BARE), BARE))
    assert any("feed-1." in one for one in found)
    if form != "jsonfeed":
        assert any("feed-3." in one for one in found)
    assert not any("feed-" in one for one in strings(make(a_feed(form, BARE), BARE)))


def test_very_long_texts_are_texts(form: str, make: Make) -> None:
    """A title of a page and a story of a million characters."""
    data = make(a_feed(form, FULL), FULL._replace(title="a" * 5000), html="<p>" + "ü" * 1_000_000 + "</p>")
    assert len(data) > 2_000_000
    assert [fault for judge in LINT[form] for fault in judge(data)] == []
