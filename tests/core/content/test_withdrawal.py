"""What a file says of being withdrawn."""

import pytest

from newsfeed.core.content.withdrawal import find_withdrawn_id
from newsfeed.model import RawFile
from newsfeed.testing import an_item, load_files, settings_from

SETTINGS = settings_from()


def codes(text: str, **more: str) -> list[str]:
    """What is said of a story, but for advice."""
    files = {"news/a.en.md": text, **{name.replace("_", "."): data for name, data in more.items()}}
    return [one.code for one in load_files(files).problems]


@pytest.mark.parametrize(
    ("facts", "moment"),
    [
        ({"withdrawn": "2026-02-03"}, "2026-02-03"),
        ({"withdrawn": "2026-02-03 14:00"}, "2026-02-03"),
        ({"withdrawn": "2026-02-03", "updated": "2026-02-10"}, "2026-02-03"),
        ({"withdrawn": "yes", "updated": "2026-02-10"}, "2026-02-10"),
        ({"withdrawn": "true"}, "2026-01-05"),
        ({"withdrawn": "no"}, ""),
        ({}, ""),
    ],
)
def test_a_story_knows_since_when(facts: dict[str, str], moment: str) -> None:
    """By a day of its own, or that of the last change; its last change is never before that."""
    story = load_files({"news/a.en.md": an_item(id="a", **facts)}).library.stories["a"]
    assert (story.withdrawn.date().isoformat() if story.withdrawn else "") == moment
    if story.withdrawn:
        assert story.updated >= story.withdrawn


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"withdrawn": "2026-02-03"}, []),
        ({"withdrawn": "yes"}, ["withdrawn-undated"]),
        ({"withdrawn": "yes", "updated": "2026-02-03"}, []),
        ({"withdrawn": "2026-01-04"}, ["withdrawn-before-date"]),
        ({"withdrawn": "2026-01-05", "date": "2026-01-05 14:00"}, []),
        ({"withdrawn": "soon"}, ["date-invalid"]),
        ({"withdrawn": "no"}, []),
    ],
)
def test_what_cannot_be_is_told_at_its_line(facts: dict[str, str], expected: list[str]) -> None:
    """A day before the story, a word that is no day, and none at all."""
    found = load_files({"news/a.en.md": an_item(id="a", **facts)}).problems
    assert [one.code for one in found] == expected
    for one in found:
        assert one.where.line == 5


def test_the_text_may_be_deleted_and_nobody_is_behind() -> None:
    """Of a story that is withdrawn no translation is out of date, and no text is missing."""
    german = an_item("Alt.\n", date=None, source="title=000000 123456")
    files = {"news/a.en.md": an_item("\n", id="a", withdrawn="2026-02-03"), "news/a.de.md": german}
    loaded = load_files(files)
    assert loaded.problems == ()
    assert not loaded.library.stories["a"].items["de"].is_outdated


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (an_item(id="a", withdrawn="2026-02-03"), "a"),
        (an_item(withdrawn="yes"), "2026-b"),
        (an_item(id="a", withdrawn="no"), ""),
        (an_item("It was withdrawn.\n", id="a"), ""),
        (an_item(date=None, withdrawn="yes"), ""),
        ("withdrawn", ""),
        ("", ""),
    ],
)
def test_one_file_tells_whether_its_story_is_withdrawn(text: str, found: str) -> None:
    """Without reading any other."""
    raw = RawFile("news/2026/b.en.md", text.encode(), size=len(text))
    assert find_withdrawn_id(raw, SETTINGS) == found
    assert find_withdrawn_id(RawFile("news/b.en.md", None), SETTINGS) == ""


def test_an_id_that_is_gone_for_good_is_nobody_elses() -> None:
    """Nor that of the story itself, while the configuration says so."""
    config = settings_from().site
    assert config.removed == frozenset()
    from newsfeed.testing import CONFIG

    settings = settings_from(CONFIG.replace("[site]\n", '[site]\nremoved = ["a"]\n'))
    found = load_files(
        {"news/a.en.md": an_item(id="a"), "pages/a.en.md": an_item(date=None, id="a")}, settings
    )
    assert [(one.code, one.where.path, one.where.line) for one in found.problems] == [
        ("id-removed", "news/a.en.md", 4)
    ]
