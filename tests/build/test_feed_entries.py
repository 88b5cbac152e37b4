"""Feed entries that many documents share."""

import pytest

from newsfeed.build import feed_entries
from newsfeed.build.feed_entries import FeedEntries
from newsfeed.core.site.pages import ViewContext
from newsfeed.render.feeds import FeedFormat, feed_format
from tests.core.sketches import Sketch, files_of, index_of, load, looks

FORMAT_AND_LANGUAGE = ("atom", "en")


@pytest.fixture
def entries() -> FeedEntries:
    """Of a site with three stories and more."""
    return new_entries()


def new_entries() -> FeedEntries:
    """Nothing is written yet."""
    index = index_of(load(files_of({key: Sketch() for key in ("a", "b", "c")})).library)
    return FeedEntries(ViewContext.of(index, looks()[0]), lambda lang, body: f"<p>{lang} {body.path}</p>")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of all entries that a format is asked to write."""
    asked: list[str] = []

    def counted(name: str) -> FeedFormat:
        form = feed_format(name)

        class Counting:
            write_document = staticmethod(form.write_document)
            read_entries = staticmethod(form.read_entries)
            replace_text = staticmethod(form.replace_text)

            @staticmethod
            def write_entries(entries: object, feed_lang: str) -> list[bytes]:
                asked.extend(entry.link.split("/")[-2] for entry, _ in entries)  # type: ignore[attr-defined]
                return form.write_entries(entries, feed_lang)  # type: ignore[arg-type]

        return Counting()  # type: ignore[return-value]

    monkeypatch.setattr(feed_entries, "feed_format", counted)
    return asked


def test_an_entry_is_written_once_for_all_documents(entries: FeedEntries, written: list[str]) -> None:
    """In the order of each document."""
    first = entries.written(*FORMAT_AND_LANGUAGE, ["a", "b"])
    second = entries.written(*FORMAT_AND_LANGUAGE, ["c", "b", "a"])
    assert (second[2], second[1]) == (first[0], first[1])
    assert second[1] is first[1]
    assert len({*second}) == 3
    assert len(written) == 3


def test_formats_and_editions_do_not_share_entries(entries: FeedEntries) -> None:
    """Each has its own bytes."""
    made = {entries.written(form, lang, ["a"])[0] for form in ("rss", "atom") for lang in ("en", "nl")}
    assert len(made) == 4


def test_an_entry_of_a_published_document_need_not_be_written(
    entries: FeedEntries, written: list[str]
) -> None:
    """An edit takes those of other stories from there."""
    entries.remember(*FORMAT_AND_LANGUAGE, "b", b"as published")
    assert entries.written(*FORMAT_AND_LANGUAGE, ["a", "b"])[1] == b"as published"
    assert len(written) == 1


@pytest.mark.parametrize("form", ["rss", "atom", "jsonfeed"])
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_an_entry_with_a_summary_is_the_same_whether_its_text_was_written_before(
    entries: FeedEntries, form: str, lang: str
) -> None:
    """Also where a notice stands above it, as in an edition that shows another language."""
    (alone,) = entries.written(form, lang, ["a"], is_whole=False)
    entries.written(form, lang, ["b"])
    (behind,) = entries.written(form, lang, ["b"], is_whole=False)
    others = new_entries()
    assert others.written(form, lang, ["b"], is_whole=False) == [behind]
    others.written(form, lang, ["a"])
    assert others.written(form, lang, ["a"], is_whole=False) == [alone]


def test_an_entry_with_a_summary_is_cut_out_of_the_one_with_the_text(
    entries: FeedEntries, written: list[str]
) -> None:
    """A story is written once in a format."""
    entries.written(*FORMAT_AND_LANGUAGE, ["a", "b"])
    entries.written(*FORMAT_AND_LANGUAGE, ["b", "c"], is_whole=False)
    assert len(written) == 3
