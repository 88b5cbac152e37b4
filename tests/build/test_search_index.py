"""The search index: only what is public, the same bytes whatever was there before, and clear words when it
cannot be made.
"""

import gzip
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from newsfeed.app import site
from newsfeed.build import search_index
from newsfeed.build.search_index import make_index_files
from newsfeed.errors import OutsideError, UsageError
from newsfeed.testing import write_tree
from tests.build.builds import copy_of_build
from tests.build.test_incremental import LITTLE, NOW, edit, is_clean, made, story, write
from tests.build.test_warm_machine import SITE, tree

PAGE = b"<!DOCTYPE html><html><main data-pagefind-body><p>%s</p></main></html>"
PAGES = [(f"en/news/{name}/index.html", PAGE % name.encode()) for name in ("wells", "pumps", "rain", "soil")]
MISSING = "search-program-missing"
QUICK = ("a word", "a translation", "the newest story")


def shorten_parts(patched: pytest.MonkeyPatch) -> None:
    """A part of the index holds three stories; all files have settled."""
    patched.setattr("newsfeed.build.cache.file_stats.SETTLED", -(10**12))
    patched.setattr("newsfeed.core.site.search.PART_SIZE", 3)


@pytest.fixture(scope="session")
def indexed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the tests of small changes with a search, its output and its cache, to be copied."""
    folder = tmp_path_factory.mktemp("indexed")
    files = {f"news/s-{day}.en.md": story(f"s-{day}", date=f"2026-01-{day:02}") for day in range(1, 8)}
    write_tree(
        folder / "site",
        {
            **files,
            "config.toml": SITE + "\n[search]\nenabled = true\n",
            "news/s-3.de.md": "---\ntitle: Drei\n---\nBrunnen.\n",
            "news/draft.en.md": story("draft", "Unripe.\n", draft="yes", date="2026-01-20"),
            "news/later.en.md": story("later", "Tomorrow.\n", date="2026-03-02"),
            "news/over.en.md": story("over", "Yesterday.\n", date="2026-01-02", expires="2026-02-01"),
        },
    )
    with pytest.MonkeyPatch.context() as patched:
        shorten_parts(patched)
        assert made(folder / "site") == "full"
    return folder


@pytest.fixture
def root(indexed_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That site, as after its first build."""
    shorten_parts(monkeypatch)
    copy_of_build(indexed_once, tmp_path, NOW)
    return tmp_path / "site"


def indexed(out: Path, lang: str) -> list[dict[str, object]]:
    """The stories that can be found in an edition."""
    found = []
    for path in sorted(out.glob(f"{lang}/search/part-*/fragment/*")):
        data = gzip.decompress(path.read_bytes())
        found.append(json.loads(data[data.index(b"{") :]))
    return found


def test_only_public_stories_are_found(root: Path) -> None:
    """Each once in each edition that shows it, under its own address, and no draft; pages are no stories."""
    for lang in ("en", "de"):
        found = indexed(root.parent / "out", lang)
        expected = [f"/{lang}/news/2026/s-{day}.html" for day in range(1, 8)]
        assert sorted(str(one["url"]) for one in found) == expected
        words = " ".join(str(one["content"]) for one in found)
        assert not any(word in words for word in ("Unripe", "Tomorrow", "Yesterday"))


def test_a_text_of_another_language_says_so(root: Path) -> None:
    """So that the page of results can mark it."""
    found = {str(one["url"]): one["filters"] for one in indexed(root.parent / "out", "de")}
    assert found["/de/news/2026/s-3.html"] == {}
    assert found["/de/news/2026/s-1.html"] == {"lang": ["en"]}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in LITTLE]
)
def test_a_small_change_leaves_the_index_of_a_clean_build(root: Path, name: str) -> None:
    """Byte for byte, also where a part gets other stories, a new part comes, and old files have to go."""
    try:
        LITTLE[name](root)
    except (AssertionError, FileNotFoundError):
        pytest.skip("another site")
    made(root)
    assert is_clean(root)
    assert made(root) == "noop"


def test_a_small_change_makes_one_part_anew(root: Path) -> None:
    """The others are not even written again, and nothing of the old part is left."""
    out = root.parent / "out"
    before = tree(out)
    edit("news/s-4.en.md", "Text.", "Hydrology.")(root)
    assert made(root) == "incremental"
    after = tree(out)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    parts = {path.rpartition("/part-")[2][0] for path in changed if "/part-" in path}
    assert parts == {"2"}
    assert is_clean(root)


def test_what_comes_due_is_found_and_what_expires_is_not(root: Path) -> None:
    """By time alone, without an edit."""
    tomorrow = NOW + timedelta(days=2)
    assert made(root, tomorrow) == "incremental"
    assert "/en/news/2026/later.html" in {one["url"] for one in indexed(root.parent / "out", "en")}
    assert is_clean(root, tomorrow)


def test_a_new_part_is_told_to_the_page(root: Path) -> None:
    """Where the last one is full, the search page names one more; and one less when it goes again."""
    page = root.parent / "out/en/search/index.html"
    assert "part-3/" in page.read_text("utf-8")
    assert "part-4/" not in page.read_text("utf-8")
    for number in (1, 2, 3):
        write(f"news/new-{number}.en.md", story(f"new-{number}", date=f"2026-02-1{number}"))(root)
    assert made(root) == "incremental"
    assert "part-4/" in page.read_text("utf-8")
    for number in (1, 2, 3):
        (root / f"news/new-{number}.en.md").unlink()
    made(root)
    assert "part-4/" not in page.read_text("utf-8")
    assert not (page.parent / "part-4").exists()
    assert is_clean(root)


def test_a_search_that_is_switched_off_leaves_nothing(root: Path) -> None:
    """No page, no script, no link, no index."""
    config = root / "config.toml"
    config.write_text(config.read_text("utf-8").replace("enabled = true", "enabled = false"), "utf-8")
    made(root)
    assert not [path for path in tree(root.parent / "out") if "search" in path]
    assert b"/search/" not in (root.parent / "out/en/index.html").read_bytes()


def test_the_same_pages_make_the_same_files() -> None:
    """In whatever order they come, and whatever the environment says of Pagefind."""
    first = make_index_files(PAGES, "en", with_program=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PAGEFIND_FORCE_LANGUAGE", "fr")
        patched.setenv("PAGEFIND_KEEP_INDEX_URL", "true")
        assert make_index_files(reversed(PAGES), "en", with_program=True) == first
    assert {name for name in first if name.endswith((".js", ".pagefind"))} == {
        "pagefind.js", "pagefind-worker.js", "wasm.en.pagefind"
    }  # fmt: skip


def test_only_the_first_part_has_the_program() -> None:
    """The others are data."""
    made_files = make_index_files(PAGES, "de", with_program=False)
    assert {name.rpartition(".")[2] for name in made_files} == {"json", "pf_meta", "pf_fragment", "pf_index"}


def test_a_language_without_rules_is_searched_as_it_is_written() -> None:
    """Pagefind has a grammar for some thirty languages."""
    assert "wasm.unknown.pagefind" in make_index_files(PAGES, "sq", with_program=True)


def test_without_pagefind_a_build_says_what_to_install(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it does anything else."""
    monkeypatch.setitem(sys.modules, "pagefind.service", None)
    with pytest.raises(UsageError) as caught:
        site.build(site.read(root, NOW), root.parent / "elsewhere", NOW)
    assert str(caught.value.hint) == "install it: pip install newsfeed[search]"
    assert not (root.parent / "elsewhere").exists()


@pytest.mark.parametrize("program", ["/bin/false", "/nowhere/pagefind", "/bin/true"])
def test_a_pagefind_that_fails_is_told(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that makes nothing and says that all is well."""
    monkeypatch.setattr(search_index, "find_pagefind", lambda: program)
    with pytest.raises(OutsideError, match="Pagefind"):
        make_index_files(PAGES, "en", with_program=False)


def test_a_check_says_that_the_program_is_missing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the line that asks for the search; a site without one needs none."""
    assert [one.code for one in site.check(root, NOW)[0] if one.code == MISSING] == []
    monkeypatch.setitem(sys.modules, "pagefind.service", None)
    (found,) = (one for one in site.check(root, NOW)[0] if one.code == MISSING)
    assert found.where.text == "enabled = true"
    write_tree(root, {"config.toml": SITE})
    assert [one.code for one in site.check(root, NOW)[0] if one.code == MISSING] == []
