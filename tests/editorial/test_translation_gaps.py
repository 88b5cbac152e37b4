"""How far a translation is behind: since when, and what the paragraphs said that it translates."""

from datetime import UTC, datetime

from newsfeed.core.content.coverage import CoverageFilter, list_coverage
from newsfeed.core.content.source_units import read_units
from newsfeed.editorial.translation_gaps import TextVersion, find_gaps
from newsfeed.testing import an_item
from tests.core.content.test_library import load_files

EN, DE = "news/a.en.md", "news/a.de.md"
OLD, MIDDLE, NEW = (
    an_item(body, id="a-b", summary="Short")
    for body in ("One.\n\nTwo wells.\n\nThree.\n", "One.\n\nTwo.\n\nThree.\n", "Nil.\n\nOne.\n\nTwo.\n")
)


class History:
    """What was committed, the newest first."""

    def __init__(self, **versions):
        self._versions = {EN: versions["en"], DE: versions["de"]}

    def versions(self, paths):
        """All of it, of these files."""
        return {path: self._versions[path] for path in paths}


def version(day, text):
    """A commit of that day."""
    return TextVersion(f"commit-{day}", datetime(2030, 1, day, tzinfo=UTC), text.encode())


def gap_with(history, original=NEW, source=None):
    """The gap of a German text that was translated from the old one."""
    noted = source or read_units(OLD.encode()).source
    files = {EN: original, DE: f"---\ntitle: Brunnen\nsource: {noted}\n---\nText.\n"}
    texts = list(CoverageFilter().apply(list_coverage(load_files(files).library, ("en", "de"))))
    return find_gaps(texts, history, {EN: original.encode()})[DE]


def told(gap):
    """(kind, number, before, after) of each paragraph."""
    return [(one.change.kind, one.change.number, one.before, one.after) for one in gap.paragraphs]


def test_the_first_commit_after_the_translation_began_it():
    """Older and newer ones did not; what was said is found in between."""
    history = History(
        en=[version(9, NEW), version(7, MIDDLE), version(5, OLD), version(3, MIDDLE)], de=[version(6, "x")]
    )
    gap = gap_with(history)
    assert gap.since == datetime(2030, 1, 7, tzinfo=UTC)
    assert not gap.changed_together
    assert told(gap) == [
        ("added", 1, "", "Nil."),
        ("edited", 3, "Two wells.", "Two."),
        ("removed", 3, "Three.", ""),
    ]


def test_a_change_of_both_in_one_commit_is_told():
    """Then the translation may be up to date, and was not accepted."""
    assert gap_with(History(en=[version(9, NEW), version(5, OLD)], de=[version(9, "x")])).changed_together


def test_without_a_history_the_text_of_now_is_told():
    """The fingerprints alone say which paragraphs are others."""
    gap = gap_with(History(en=[], de=[]))
    assert gap.since is None
    assert told(gap) == [("added", 1, "", "Nil."), ("edited", 3, "", "Two."), ("removed", 3, "", "")]


def test_a_change_that_is_not_committed_has_no_day():
    """It is behind all the same, and what was said is known."""
    gap = gap_with(History(en=[version(5, OLD)], de=[]))
    assert gap.since is None
    assert told(gap)[1] == ("edited", 3, "Two wells.", "Two.")


def test_what_an_earlier_version_noted_tells_no_paragraphs():
    """Nor a version that cannot be read."""
    gap = gap_with(History(en=[version(5, "---\ntitle: [\n---\n")], de=[]), source="0" * 24)
    assert (gap.since, gap.paragraphs) == (None, [])
