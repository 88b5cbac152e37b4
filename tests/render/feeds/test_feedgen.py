"""Entries made apart and spliced in: byte for byte what feedgen makes of the whole feed."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsfeed.render.feeds import _spliced, atom, document, entries, keep_moulds, rss
from newsfeed.render.feeds._spliced import Spliced
from newsfeed.views import Attachment, BodySource, FeedCategory, FeedEntry, FeedView

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
    max_size=5,
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
    attachments=st.lists(
        st.builds(Attachment, href=texts, title=texts, media_type=texts, size=st.integers(1, 9999)),
        max_size=2,
    ).map(tuple),
    picture=st.none(),
    body=st.builds(BodySource, path=st.just("p"), fingerprint=st.just("f"), lang=st.just("de")),
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
                  ("a",), "", "", (), (), None, BodySource("p", "f", "de"))  # fmt: skip


@pytest.mark.parametrize(("form", "made"), [("rss", rss.RSS), ("atom", atom.ATOM)])
@given(view=views, some=st.lists(st.tuples(some_entries, texts), max_size=4))
@example(
    view=FeedView("i", "rss", "de", "t", "", "h", "a", PLAIN.updated, "n"),
    some=[(PLAIN, one) for one in HOSTILE if one.strip()],
)
def test_a_spliced_feed_is_feedgens(
    form: str, made: Spliced, view: FeedView, some: list[tuple[FeedEntry, str]]
) -> None:
    """Whatever stands in titles, texts and addresses, and in whatever languages feed and entries are."""
    maker = made.maker()
    whole = maker.open(view)
    for entry, html in some:
        maker.add(whole, entry, html, view.lang)
    wanted = getattr(whole, maker.write)(pretty=True)
    apart = [piece for one in some for piece in entries(form, [one], view.lang)]
    assert apart == entries(form, some, view.lang)
    assert b"".join(made.document(view, apart)) == wanted
    if form == "rss":
        assert b"".join(document(view, apart)) == wanted


@pytest.mark.parametrize("made", [rss.RSS, atom.ATOM])
def test_another_feedgen_is_noticed(made: Spliced) -> None:
    """Should a release write entries in another way, the build stops instead of publishing half of one."""
    with pytest.raises(ValueError, match="another way"):
        replace(made, last=b"</elsewhere>\n").entries([(PLAIN, "x")], "de")


class Shelf:
    """Keeps values as files do: pickled."""

    def __init__(self) -> None:
        self.kept: dict[object, bytes] = {}

    def get(self, name: object) -> object:
        return pickle.loads(self.kept[name]) if name in self.kept else None

    def put(self, name: object, value: object) -> None:
        self.kept[name] = pickle.dumps(value)


@pytest.mark.parametrize("made", [rss.RSS, atom.ATOM])
def test_a_mould_of_another_process_makes_the_same(made: Spliced, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without feedgen; what is no mould is made anew."""
    monkeypatch.setattr(_spliced, "_shelf", None)
    view = FeedView("i", "rss", "de", "t", "", "h", "a", PLAIN.updated, "n")
    shelf = Shelf()

    def fresh(*, maker: bool) -> list[object]:
        one = replace(made) if maker else replace(made, maker=lambda: 1 / 0)
        return [one.entries([(PLAIN, "x")], "de"), one.document(view, [])]

    before = fresh(maker=True)
    keep_moulds(shelf)
    assert fresh(maker=True) == before
    assert len(shelf.kept) == 2
    assert fresh(maker=False) == before
    for name in shelf.kept:
        shelf.put(name, "no mould")
    assert fresh(maker=True) == before
    assert fresh(maker=False) == before
