"""The pages for editors, in four languages: examples check clean, mistakes are mistakes, pictures are there."""

import re
from pathlib import Path

import pytest

from newsfeed.cli.root import COMMANDS
from newsfeed.testing import CONFIG, write_tree
from tests.cli.command import newsfeed
from tests.docs.pages import REPOSITORY, code_of, fences, read, rows, sections

LANGUAGES = ("en", "de", "fr", "nl")


def page_of(name: str, lang: str) -> str:
    """The path of a page in one language."""
    return f"docs/{name}.md" if lang == "en" else f"docs/{name}.{lang}.md"


PAGES = {lang: page_of("editors", lang) for lang in LANGUAGES}
"""The first page: how to write."""
NEXT = {lang: page_of("translators", lang) for lang in LANGUAGES}
"""The second page: how to translate, and to look after."""
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
PICTURE_BYTES = 120_000
ALL_BYTES = 1_500_000


def examples(lang: str) -> dict[str, str]:
    """Path → text of the files that the two pages show."""
    found = {}
    for one in (*fences(read(PAGES[lang])), *fences(read(NEXT[lang]))):
        path = re.fullmatch(r"`(\S+\.md)`", one.above)
        assert path, one.above
        found[path[1]] = one.code
    return found


def check(folder: Path) -> list[str]:
    """The lines that `newsfeed check` prints of a site; English."""
    return newsfeed("-C", folder, "check", "--now", "2026-03-03T09:00+01:00").stdout.splitlines()


@pytest.mark.parametrize("lang", PAGES)
def test_the_examples_check_clean(lang: str, tmp_path: Path) -> None:
    """A text and its translation, pasted as they stand: no error, and the fingerprint that is promised."""
    files = examples(lang)
    assert len(files) == 2
    said = check(write_tree(tmp_path, {"config.toml": CONFIG, **files}))
    about = [line for line in said if re.match(r"news/.*\[[a-z-]+\]$", line)]
    assert [line for line in about if ": error: " in line] == []
    assert any("[source-new]" in line for line in about)


@pytest.mark.parametrize("lang", PAGES)
def test_each_mistake_is_found_and_its_correction_is_right(lang: str, tmp_path: Path) -> None:
    """The rows of the last table that show a key with a value."""
    (original,) = [text for text in examples(lang).values() if "date:" in text]
    tried = 0
    for wrong, right, *_ in (map(code_of, row) for row in rows(read(PAGES[lang]))):
        key = re.match(r"(title|topics|date): .", wrong[0]) if wrong and right else None
        if key is None:
            continue
        tried += 1
        pairs = ((wrong[0], False), (right[0], True))
        for value, is_right in pairs:
            text = re.sub(
                f"^{key[1]}:.*$", lambda _, value=value: value, original, count=1, flags=re.MULTILINE
            )
            said = check(write_tree(tmp_path, {"config.toml": CONFIG, "news/2026/new-well.en.md": text}))
            found = [line for line in said if re.match(r"news/.*: (error|warning): .*\[[a-z-]+\]$", line)]
            assert (found == []) == is_right, (value, found)
    assert tried == 4


@pytest.mark.parametrize("name", ["editors", "translators"])
def test_the_pages_say_the_same(name: str) -> None:
    """As many sections, rows, entries, examples and pictures in each language, with the same keys, files and commands."""
    shapes = set()
    for lang in LANGUAGES:
        page = read(page_of(name, lang))
        codes = {
            re.sub(r"(?<= )(?:de|fr|nl)(?= |$)", "LANG", code)
            for code in code_of(page)
            if not code.startswith("title:") and not re.search(r"\.(?:de|fr|nl)\.md$", code)
            if code != ".md" and not re.fullmatch(r"\.\w\w\.md", code)
        }
        entries = len(re.findall(r"^(?:- |\d\. )", page, re.MULTILINE))
        pictures = tuple(target.replace(f".{lang}.", ".") for _, target in PICTURE.findall(page))
        counts = (len(sections(page)), len(rows(page)), len(fences(page)), entries)
        shapes.add((counts, pictures, frozenset(codes)))
    assert len(shapes) == 1


@pytest.mark.parametrize("name", ["editors", "translators"])
def test_the_commands_of_a_page_exist(name: str) -> None:
    """Each command that a page tells people to type is one."""
    named = {code.split()[1] for code in code_of(read(page_of(name, "en"))) if code.startswith("newsfeed ")}
    assert named
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("name", ["editors", "translators"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_picture_is_there_in_the_language_of_its_page_with_words(name: str, lang: str) -> None:
    """A picture is a light file, shows the words of its reader's language, and has a text for those who cannot see it."""
    shown = PICTURE.findall(read(page_of(name, lang)))
    assert shown
    for words, target in shown:
        assert len(words) > 20, target
        assert target.endswith(f".{lang}.png")
        assert (REPOSITORY / "docs" / target).stat().st_size < PICTURE_BYTES


def test_no_picture_lies_unused_and_all_are_light() -> None:
    """The folder holds the pictures of the pages and no others, and is small."""
    shown = {
        target
        for name in ("editors", "translators")
        for lang in LANGUAGES
        for _, target in PICTURE.findall(read(page_of(name, lang)))
    }
    there = list((REPOSITORY / "docs" / "pictures").glob("*.png"))
    assert {f"pictures/{path.name}" for path in there} == shown
    assert sum(path.stat().st_size for path in there) < ALL_BYTES
