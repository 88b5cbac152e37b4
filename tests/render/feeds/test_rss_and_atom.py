"""RSS and Atom: entries written apart, and put together to what feedgen writes of the whole feed."""

import locale
from datetime import UTC, datetime
from typing import Any

import pytest
from feedgen.entry import FeedEntry as FeedgenEntry
from feedgen.feed import FeedGenerator
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsfeed.render.feeds import rss_and_atom
from newsfeed.render.feeds.rss_and_atom import ATOM, RSS, FeedgenFormat
from newsfeed.views import EnclosureLink, FeedCategory, FeedEntry, FeedView, TextReference

HOSTILE = (
    "</item>",
    "    </item>\n",
    "  </entry>\n",
    "</entry>\n</feed>\n",
    "  </channel>\n</rss>\n",
    "<![CDATA[ <item> ]]>",
    "]]>",
    "&lt;/item&gt;\n",
    '<?xml version="1.0"?>',
    "<p>x</p>\n",
    "\r\n\t",
    "🌍 عربي",
)
texts = st.lists(
    st.one_of(
        st.sampled_from(HOSTILE),
        st.text(
            st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=8
        ),
    ),
    min_size=1,
    max_size=3,
).map(lambda parts: "x" + "".join(parts))
languages = st.sampled_from(("de", "en", "sr-Latn"))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - naive bounds
    lambda moment: moment.replace(microsecond=0)
)
some_entries = st.builds(
    FeedEntry,
    id=texts,
    lang=languages,
    direction=st.just("ltr"),
    title=texts,
    link=texts,
    published=moments,
    updated=moments,
    authors=st.lists(texts, min_size=1, max_size=2).map(tuple),
    summary=st.one_of(st.just(""), texts),
    notice=st.just(""),
    categories=st.lists(st.builds(FeedCategory, term=texts, label=texts, scheme=texts), max_size=2).map(
        tuple
    ),
    enclosures=st.lists(
        st.builds(EnclosureLink, href=texts, title=texts, media_type=texts, size=st.integers(1, 9999)),
        max_size=2,
    ).map(tuple),
    picture=st.none(),
    body=st.builds(TextReference, path=st.just("p"), fingerprint=st.just("f"), lang=st.just("de")),
)
addresses = st.one_of(st.just(""), texts)
views = st.builds(
    FeedView,
    id=texts,
    format=st.just("rss"),
    lang=languages,
    title=texts,
    description=addresses,
    home=texts,
    address=texts,
    updated=moments,
    author=texts,
    live=addresses,
    older=addresses,
    newer=addresses,
)
PLAIN = FeedEntry("i", "de", "ltr", "t", "l", datetime(2010, 1, 1, tzinfo=UTC), datetime(2010, 1, 1, tzinfo=UTC),
                  ("a",), "", "", (), (), None, TextReference("p", "f", "de"))  # fmt: skip


on_a_busy_machine = settings(suppress_health_check=[HealthCheck.too_slow])
"""Feeds with entries are drawn from many texts, which takes long where other tests run beside it."""
FORMATS = pytest.mark.parametrize("written_by", [RSS, ATOM], ids=["rss", "atom"])


class Finished(FeedgenEntry):  # type: ignore[misc]  # feedgen has no types
    """An entry that is an element already."""

    def __init__(self, element: Any) -> None:
        super().__init__()
        self._element = element

    def rss_entry(self, extensions: bool = True) -> Any:
        """The element."""
        return self._element

    atom_entry = rss_entry


def whole_feed(
    monkeypatch: pytest.MonkeyPatch,
    written_by: FeedgenFormat,
    view: FeedView,
    pairs: list[tuple[FeedEntry, str]],
) -> bytes:
    """What feedgen writes when it is given the entries together with their feed."""

    class Full(FeedGenerator):  # type: ignore[misc]  # feedgen has no types
        def __init__(self) -> None:
            super().__init__()
            for entry, html in pairs:
                self.add_entry(Finished(written_by.entry_element(entry, html, view.lang)), order="append")

    with monkeypatch.context() as patched:
        patched.setattr(rss_and_atom, "FeedGenerator", Full)
        return written_by.feed_without_entries(view)


@FORMATS
@on_a_busy_machine
@given(view=views, pairs=st.lists(st.tuples(some_entries, texts), max_size=2))
@example(
    view=FeedView("i", "rss", "de", "t", "", "h", "a", PLAIN.updated, "n"),
    pairs=[(PLAIN, html) for html in HOSTILE if html.strip()],
)
def test_a_feed_put_together_is_feedgens(
    written_by: FeedgenFormat, view: FeedView, pairs: list[tuple[FeedEntry, str]]
) -> None:
    """Whatever stands in titles, texts and addresses, and in whatever languages feed and entries are."""
    view = view._replace(format="rss" if written_by is RSS else "atom")
    apart = [entry for pair in pairs for entry in written_by.write_entries([pair], view.lang)]
    assert apart == written_by.write_entries(pairs, view.lang)
    document = b"".join(written_by.write_document(view, apart))
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert document == whole_feed(monkeypatch, written_by, view, pairs)
    assert written_by.read_entries(document) == apart


@FORMATS
@on_a_busy_machine
@given(entry=some_entries, whole=texts, other=texts | st.just(""))
@example(entry=PLAIN, whole="</content:encoded></content>", other="<p>&amp;\r]]>\u2028</p>\n")
@example(
    entry=PLAIN._replace(title="<content:encoded>", summary='<content type="html">'), whole="x", other=""
)
def test_another_text_is_put_into_an_entry_as_it_would_be_written(
    written_by: FeedgenFormat, entry: FeedEntry, whole: str, other: str
) -> None:
    """And none leaves nothing behind."""
    written, wanted = written_by.write_entries([(entry, whole), (entry, other)], "de")
    assert written_by.replace_text(written, other) in (wanted, None)
    if whole:
        assert written_by.replace_text(written, other) == wanted


@FORMATS
@pytest.mark.parametrize("text", ["\x00", "a\x0bb", "\ud800", "\ufffe"])
def test_what_no_xml_may_hold_is_refused(written_by: FeedgenFormat, text: str) -> None:
    """Wherever it stands."""
    entries = [
        (PLAIN, text),
        *((PLAIN._replace(**{name: text}), "x") for name in ("title", "link", "summary")),
    ]
    for pair in entries:
        with pytest.raises(ValueError, match=r"XML compatible|surrogates"):
            written_by.write_entries([pair], "de")


@FORMATS
def test_another_feedgen_is_noticed(written_by: FeedgenFormat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a release write entries or feeds in another way, the build stops instead of publishing half of one."""
    view = FeedView("i", "rss", "de", "t", "", "h", "a", PLAIN.updated, "n")
    monkeypatch.setattr(type(written_by), "entry_end", b"</elsewhere>\n")
    with pytest.raises(ValueError, match="another way"):
        written_by.write_entries([(PLAIN, "x")], "de")
    monkeypatch.setattr(type(written_by), "document_end", b"</elsewhere>\n")
    with pytest.raises(ValueError, match="another way"):
        written_by.write_document(view, [])


@FORMATS
def test_entries_do_not_switch_the_locale(written_by: FeedgenFormat, monkeypatch: pytest.MonkeyPatch) -> None:
    """As feedgen would for each date, and other threads would write theirs in English meanwhile."""
    monkeypatch.setattr(locale, "setlocale", lambda *_: pytest.fail("the locale was switched"))
    assert len(written_by.write_entries([(PLAIN, "x"), (PLAIN, "y")], "de")) == 2
