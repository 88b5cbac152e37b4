"""What an entry shows: its text in full, cut, or not at all."""

from datetime import UTC, datetime

import pytest

from newsfeed.render.feeds.cut_html import cut_html
from newsfeed.render.feeds.entry_html import entry_html, summary_html
from newsfeed.views import FeedEntry, Picture, TextReference
from tests.peers.lint.markup import fragment_faults

MOMENT = datetime(2010, 1, 1, tzinfo=UTC)
ENTRY = FeedEntry(
    "i", "de", "ltr", "Titel", "https://a.example/x/", MOMENT, MOMENT, (), "Kurz & gut", "", (), (), None,
    TextReference("p", "f", "de"), "Auf der Website weiterlesen",
)  # fmt: skip
REST = '<p lang="de"><a href="https://a.example/x/">Auf der Website weiterlesen</a></p>\n'


def test_a_short_text_is_there_in_full():
    """To the last byte, also when its letters take several."""
    text = "<p>" + "ä" * 20 + "</p>\n"
    assert entry_html(ENTRY, "de", text, len(text.encode())) == text
    assert entry_html(ENTRY, "de", text, len(text.encode()) - 2) == "<p>Kurz &amp; gut</p>\n" + REST


def test_a_long_text_ends_behind_a_block_and_leads_to_the_rest():
    """In the feed's language, outside what is marked as another one."""
    text = "<p>eins</p>\n<p>zwei</p>\n<p>drei</p>\n"
    assert entry_html(ENTRY, "de", text, 25) == "<p>eins</p>\n<p>zwei</p>\n" + REST
    marked = entry_html(ENTRY._replace(notice="Text in German"), "en", text, 25)
    assert marked.endswith(f"<p>zwei</p>\n</div>{REST.replace('de', 'en', 1)}")


@pytest.mark.parametrize(
    ("html", "size", "cut"),
    [
        pytest.param("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n", 20, "<ul>\n<li>a</li></ul>", id="in a list"),
        pytest.param("<p>a</p>\n<h2>b</h2>\n<p>c</p>\n", 22, "<p>a</p>", id="before a heading"),
        pytest.param('<p>a</p><p title="1 > 0 </p>">b</p>', 28, "<p>a</p>", id="not in an attribute"),
        pytest.param("<p>a<br>b</p><p>c</p>", 16, "<p>a<br>b</p>", id="elements without end"),
        pytest.param("<p>ää</p>\n<p>ö</p>", 11, "<p>ää</p>", id="bytes, not letters"),
        pytest.param("<p>one single paragraph</p>", 9, "", id="not within a sentence"),
    ],
)
def test_a_text_is_cut_between_its_blocks(html, size, cut):
    """What is open there is closed."""
    assert cut_html(html, size) == cut
    assert list(fragment_faults(cut)) == []


def test_a_deep_text_of_a_million_letters_is_cut_at_once():
    """Each line is looked at once."""
    html = "<ul>\n<li>\n<p>word</p>\n" * 20 + "<p>word</p>\n" * 90_000
    assert len(cut_html(html, 1_000_000)) < 1_001_000


def test_an_entry_without_text_says_only_what_its_summary_cannot():
    """A picture, and that it is in another language."""
    assert summary_html(ENTRY, "de") == ""
    assert summary_html(ENTRY._replace(picture=Picture("https://a.example/p", "P")), "de") == (
        '<p><img src="https://a.example/p" alt="P"></p>\n<p>Kurz &amp; gut</p>\n'
    )
    assert summary_html(ENTRY._replace(notice="Text in German"), "en") == (
        '<p lang="en"><em>Text in German</em></p>\n<div lang="de" dir="ltr"><p>Kurz &amp; gut</p>\n</div>'
    )
