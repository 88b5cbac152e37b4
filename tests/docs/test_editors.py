"""The page for editors, in four languages: its examples check clean, its mistakes are mistakes."""

import re
from pathlib import Path

import pytest

from newsfeed.cli.root import COMMANDS
from newsfeed.testing import CONFIG, write_tree
from tests.cli.command import newsfeed
from tests.docs.pages import code_of, fences, read, rows, sections

PAGES = {
    lang: "docs/editors.md" if lang == "en" else f"docs/editors.{lang}.md"
    for lang in ("en", "de", "fr", "nl")
}


def examples(lang: str) -> dict[str, str]:
    """Path → text of the files that a page shows."""
    found = {}
    for one in fences(read(PAGES[lang])):
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


def test_the_pages_say_the_same() -> None:
    """As many sections, rows, examples and commands, with the same keys and files."""
    shapes = set()
    for page in map(read, PAGES.values()):
        codes = {
            code for code in code_of(page) if not code.startswith(("title:", ".")) and "docs/" not in code
        }
        files = {code for code in codes if not re.search(r"\.(de|fr|nl)\.md$", code)}
        shapes.add((len(sections(page)), len(rows(page)), len(fences(page)), frozenset(files)))
        commands = {code.split()[1] for code in codes if code.startswith("newsfeed ")}
        assert commands == {"check", "build", "serve", "translations"}
        assert commands <= set(COMMANDS)
    assert len(shapes) == 1
