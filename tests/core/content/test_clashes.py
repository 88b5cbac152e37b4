"""Which of two files has the mistake, and how often it is told."""

from newsfeed.build.load import load
from newsfeed.core.content.clashes import is_newer
from newsfeed.core.content.facts import Vocabulary
from newsfeed.problems import Problem
from newsfeed.testing import MemorySource, an_item, load_files, settings_from
from tests.core.told import params, told


def by_file(problems: tuple[Problem, ...]) -> list[str]:
    """What is told, with its file; without advice."""
    return [
        f"{one.where.path}: {text}"
        for one, text in zip(problems, told(problems), strict=True)
        if one.code != "id-missing"
    ]


def found(files: dict[str, str], **added: float) -> list[str]:
    """What is wrong with a site of which git knows when files were added; ``added``: by name of the file."""
    times = {
        path: added[name] for path in files for name in added if path.split("/")[-1].startswith(f"{name}.")
    }
    settings = settings_from()
    words = Vocabulary(settings.topics, settings.donors, settings.partners, frozenset({"KZ"}))
    return by_file(load(MemorySource(files, times), settings, words).problems)


def translation(**fields: str) -> str:
    """A text without a date."""
    return an_item(date=None, **fields)


def test_git_knows_the_newer_of_two_files():
    """What it does not know at all is the newest; without it the path that fits the id less is."""
    assert is_newer("news/a.en.md", "news/sun.en.md", "sun", {})
    assert not is_newer("news/sun.en.md", "news/z.en.md", "sun", {})
    assert is_newer("news/sun.en.md", "news/a.en.md", "sun", {"news/sun.en.md": 2, "news/a.en.md": 1})
    assert is_newer("news/a.en.md", "news/b.en.md", "", {"news/a.en.md": float("inf"), "news/b.en.md": 1})
    assert is_newer("news/b.en.md", "news/a.en.md", "", {"news/a.en.md": 1, "news/b.en.md": 1})


def test_a_copied_id_is_told_at_the_copy():
    """And the other story keeps it, with its addresses."""
    files = {"news/a-new.en.md": an_item(id="sun"), "news/sun.en.md": an_item(id="sun")}
    assert found(files) == ["news/a-new.en.md: id-duplicate 4:5"]
    story = load_files(files).library.stories["sun"]
    assert story.origin.path == "news/sun.en.md"
    assert story.origin.slug == "sun"
    assert found(files, sun=2, **{"a-new": 1}) == ["news/sun.en.md: id-duplicate 4:5"]


def test_of_several_copies_each_is_told_once_against_the_one_that_keeps_the_id():
    """However the files follow each other."""
    names = ("news/2026/a.en.md", "news/2026/m (copy).en.md", "news/2026/z.en.md", "news/sun.en.md")
    files = {name: an_item(id="sun", date="2026-01-01") for name in names}
    settings = settings_from()
    words = Vocabulary(settings.topics, settings.donors, settings.partners, frozenset({"KZ"}))
    problems = load(MemorySource(files, {}), settings, words).problems
    clashes = [one for one in problems if one.code == "id-duplicate"]
    assert [(one.where.path, dict(one.params)["other"]) for one in clashes] == [
        (name, "news/sun.en.md") for name in names[:-1]
    ]


def test_a_copy_as_the_start_of_a_translation_is_one_problem():
    """At its date; the hint names the lines to delete."""
    files = {
        "news/sun.en.md": an_item(id="sun", topics="[water]"),
        "news/sun.de.md": an_item(id="sun", topics="[fire]"),
    }
    assert found(files) == ["news/sun.de.md: original-twice 3:7"]
    assert found({**files, "news/sun.de.md": an_item(date="5.1.2026")}) == [
        "news/sun.de.md: original-twice 3:7"
    ]
    (one,) = load_files({**files, "news/sun.de.md": an_item(id="sun")}).problems
    assert params(one) == {"keys": "date, id", "other": "news/sun.en.md"}


def test_the_original_of_two_files_with_a_date_is_the_older_or_the_fuller():
    """The default language alone proves nothing."""
    files = {"news/sun.en.md": an_item(id="sun"), "news/sun.de.md": an_item(id="sun")}
    assert found(files) == ["news/sun.de.md: original-twice 3:7"]
    times = {"news/sun.en.md": float("inf"), "news/sun.de.md": 1.0}
    settings = settings_from()
    words = Vocabulary(settings.topics, settings.donors, settings.partners, frozenset())
    loaded = load(MemorySource(files, times), settings, words)
    assert by_file(loaded.problems) == ["news/sun.en.md: original-twice 3:7"]
    assert found({"news/sun.en.md": an_item(), "news/sun.de.md": an_item(id="sun")}) == [
        "news/sun.en.md: original-twice 3:7"
    ]


def test_one_slug_for_two_texts_is_one_problem_for_all_languages():
    """At the newer text, in the original, and at its line where it has one."""
    files = {
        "news/1/sun.en.md": an_item(id="a-b"),
        "news/1/sun.de.md": translation(),
        "news/1/sun.fr.md": translation(),
        "news/2/sun.en.md": an_item(id="b-b"),
        "news/2/sun.de.md": translation(),
        "news/2/sun.fr.md": translation(),
    }
    assert found(files) == ["news/2/sun.en.md: url-duplicate 1:1"]
    slugs = {"news/a.en.md": an_item(id="a-b", slug="same"), "news/b.en.md": an_item(id="b-b", slug="same")}
    assert found(slugs) == ["news/b.en.md: url-duplicate 5:7"]
    assert found(slugs, a=2, b=1) == ["news/a.en.md: url-duplicate 5:7"]


def test_an_authors_name_is_told_where_it_was_written_later():
    """At the name; without git at the spelling that is rarer, or has signs around it."""
    files = {
        "news/a.en.md": an_item(id="a-b", authors="[Ada Example]"),
        "news/b.en.md": an_item(id="b-b", authors="[Bo, “Ada Example”]"),
    }
    assert found(files) == ["news/b.en.md: author-ambiguous 5:15"]
    assert found(files, a=2, b=1) == ["news/a.en.md: author-ambiguous 5:11"]


def test_what_cannot_be_read_is_told_alone():
    """Not its translations, nor links and references to it."""
    others = {
        "news/sun.de.md": translation(),
        "news/b.en.md": an_item(
            "[sun](sun.en.md) [well](../projects/well.en.md)\n", id="b-b", projects="[well]"
        ),
        "projects/well.en.md": "---\nid: well\ntitle: Well\n\nText",
    }
    broken = {
        "news/sun.en.md": ["not front matter", "---\ntitle: Sun\n\nText", "---\n%a: b\n---\n"],
        "news/sun.eng.md": [an_item(id="sun")],
        "news/sun.md": [an_item(id="sun")],
        "news/sun-en.md": [an_item(id="sun")],
    }
    for path, texts in broken.items():
        for text in texts:
            told_of = {line.split(":")[0] for line in found({**others, path: text})}
            assert told_of == {path, "projects/well.en.md"}, (path, text)


def test_an_empty_original_is_told_as_the_original():
    """Once, as what keeps the story from being published."""
    assert found({"news/sun.en.md": "", "news/sun.de.md": translation()}) == [
        "news/sun.en.md: original-missing 1:1"
    ]
    assert found({"news/sun.en.md": an_item(id="sun"), "news/sun.de.md": ""}) == [
        "news/sun.de.md: file-empty 1:1"
    ]


def test_a_misspelt_key_is_not_called_missing_too():
    """Neither the date nor the title."""
    assert found({"news/sun.en.md": an_item(date=None, Date="2026-01-05")}) == [
        "news/sun.en.md: key-unknown 3:1"
    ]
    text = "---\ntitel: Sonne\ndate: 2026-01-05\n---\nText"
    assert found({"news/sun.en.md": text}) == ["news/sun.en.md: key-unknown 2:1"]
