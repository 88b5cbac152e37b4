"""docs/content.md against what is read from content files."""

import re
from pathlib import Path

import pytest

from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.core.content.facts import FACT_READERS
from newsfeed.core.content.fields import parse_moment
from newsfeed.core.content.head_format import format_head
from newsfeed.core.content.parse import NEWS_TEXT_KEYS, TEXT_KEYS
from newsfeed.testing import load_files, settings_from
from tests.docs.pages import PAGES, code_of, fences, read, rows, sections

FILES = {"news/2010/well/well.jpg": b"-", "news/2010/well/pump.jpg": b"-"} | {
    "news/2010/well/report.pdf": b"-",
    "news/2010/well/plan.zip": b"-",
}
"""The files that the examples name."""


def keys_in(heading: str) -> list[str]:
    """The keys of a section's table."""
    return [code_of(row[0])[0] for row in rows(sections(read("docs/content.md"))[heading])]


def examples() -> dict[str, str]:
    """Path → text of every content file on the page: a block with its path above it."""
    found = {}
    for one in fences(read("docs/content.md")):
        path = re.fullmatch(r"`(\S+\.md)`", one.above)
        if path:
            found[path[1]] = one.code
    return found


def test_the_folders_are_those_that_are_read() -> None:
    """The first table of the page."""
    folders = [code_of(row[0])[0] for row in rows(read("docs/content.md").partition("## ")[0])]
    assert folders == [f"{kind}/" for kind in CONTENT_KINDS]


def test_the_keys_of_every_text_are_documented_and_no_other() -> None:
    """Those that a translation may have."""
    assert keys_in("Keys of every text") == list(TEXT_KEYS)
    assert keys_in("Keys of every original") == ["id"]


@pytest.mark.parametrize("kind", [kind for kind in CONTENT_KINDS if FACT_READERS[kind]])
def test_the_facts_of_a_kind_are_documented_and_no_other(kind: str) -> None:
    """In the order of the program's own table."""
    assert keys_in(f"Keys of {kind}") == list(FACT_READERS[kind])


def test_the_keys_of_each_text_of_news_are_documented_and_no_other() -> None:
    """Those that only stories have, in every language."""
    assert keys_in("Keys of each text of news") == list(NEWS_TEXT_KEYS)


def test_pages_have_no_facts() -> None:
    """The page says so."""
    assert FACT_READERS["pages"] == {}
    assert "and no others" in sections(read("docs/content.md"))["Keys of pages"]


def test_every_kind_has_an_example() -> None:
    """One for each content folder at least."""
    assert {path.partition("/")[0] for path in examples()} == set(CONTENT_KINDS)


def test_the_examples_check_clean() -> None:
    """Together they are a site without any problem."""
    loaded = load_files({**examples(), **FILES})
    assert loaded.problems == ()
    assert len(loaded.library.stories) == 3


@pytest.mark.parametrize("kind", CONTENT_KINDS)
def test_the_example_of_every_key_is_accepted(kind: str) -> None:
    """A file made of the examples in the tables has no problem but those of missing neighbours."""
    headings = ["Keys of every text", "Keys of every original"]
    headings += [f"Keys of {kind}"] if FACT_READERS[kind] else []
    headings += ["Keys of each text of news"] if kind == "news" else []
    lines = [
        code_of(row[2])[0]
        for heading in headings
        for row in rows(sections(read("docs/content.md"))[heading])
        if kind != "pages" or "image" not in row[0]
    ]
    files = {f"{kind}/a.en.md": "\n".join(["---", *lines, "---", "Text.\n"])}
    files |= {
        path: text for path, text in examples().items() if path.startswith(("projects/", "programmes/"))
    }
    beside = {f"{kind}/{name}": b"-" for name in ("well.jpg", "wells.jpg", "water.jpg", "report.pdf")}
    found = [
        one
        for one in load_files({**files, **beside}).problems
        if one.code not in ("source-new", "source-in-original")
    ]
    assert found == []


def test_every_written_form_of_a_date_is_read() -> None:
    """The first column of the table of dates."""
    zone = settings_from().site.timezone
    forms = [code for row in rows(sections(read("docs/content.md"))["Dates"]) for code in code_of(row[0])]
    assert len(forms) == 4
    assert [form for form in forms if parse_moment(form, zone) is None] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_texts_that_are_shown_have_the_form_that_newsfeed_format_gives_them(page: Path) -> None:
    """Who pastes one has nothing to tidy."""
    for one in fences(page.read_text(encoding="utf-8")):
        if one.code.startswith("---\n"):
            assert format_head(one.code.encode()).decode().rstrip() == one.code.rstrip(), one.above
