"""Names by which the texts of an archive refer to each other."""

from datetime import date

import pytest

from newsfeed.core.arriving.moved_text import Destination, MovedText
from newsfeed.core.arriving.references import ReferenceFinder

FILES = (
    ("content/posts/2020/river.md", "en", "river"),
    ("content/posts/2020/river.de.md", "de", "river"),
    ("content/posts/roof/index.md", "en", "roof"),
    ("content/posts/a/news.md", "en", "news-a"),
    ("content/posts/b/news.md", "en", "news-b"),
    ("content/news.md", "en", "news"),
    ("content/posts/b/sea.de.md", "de", "sea"),
)


def found(path, origin="content/posts/a/x.md", lang="en") -> str:
    """The file that a text means by a path."""
    texts = [
        MovedText(origin=name, title="", body="", is_html=False, lang=code, date=date(2020, 1, 1))
        for name, code, _ in FILES
    ]
    places = {number: Destination(f"{story}.md", story, True) for number, (_, _, story) in enumerate(FILES)}
    reader = MovedText(origin=origin, title="", body="", is_html=False, lang=lang)
    return ReferenceFinder(texts, places).find(reader, path)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("river.md", "content/posts/2020/river.md"),
        ("River", "content/posts/2020/river.md"),
        ("2020/river.md", "content/posts/2020/river.md"),
        ("/posts/2020/river", "content/posts/2020/river.md"),
        ("../2020/river.md", "content/posts/2020/river.md"),
        ("river.de.md", "content/posts/2020/river.de.md"),
        ("roof", "content/posts/roof/index.md"),
        ("posts/roof/index.md", "content/posts/roof/index.md"),
        ("news.md", "content/posts/a/news.md"),
        ("./news.md", "content/posts/a/news.md"),
        ("/news.md", "content/news.md"),
        ("sea.md", "content/posts/b/sea.de.md"),
        ("", ""),
        ("lake.md", ""),
        ("../../../../etc/passwd", ""),
    ],
)
def test_a_reference_finds_its_text(path, file):
    """By a unique name, by the end of a path, beside the text, or from the top."""
    assert found(path) == file


def test_a_name_that_several_stories_have_means_none_of_them():
    """Nobody can know which."""
    assert found("news.md", origin="content/pages/x.md") == ""


def test_a_reference_stays_in_its_language():
    """The German text refers to the German one."""
    assert found("river.md", lang="de") == "content/posts/2020/river.de.md"
