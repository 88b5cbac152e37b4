"""Whether the files of a commit may be written."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.publishing import commit_files
from newsfeed.core.publishing.commit_files import (
    FILE,
    FOLDER,
    LINK,
    SUBMODULE,
    CommitFile,
    check_commit_files,
    is_safe_path,
    stays_inside,
    take_commit_files,
)


def codes(*files: CommitFile, **targets: str) -> list[str]:
    """What is wrong with them."""
    return [one.code for one in check_commit_files(files, targets)]


def test_ordinary_files_pass() -> None:
    """Also with blanks and letters of other languages."""
    assert codes(CommitFile("news/ä b.en.md", FILE, "0", 5), CommitFile("run.sh", "100755", "0")) == []


@pytest.mark.parametrize(
    "path",
    ["../x", "a//b", "a/./b", "a/../b", ".git/config", "a/.GIT/x", "", "a\nb", "a\udc80", f"a/{'ä' * 128}"],
)
def test_paths_that_lead_elsewhere_do_not(path: str) -> None:
    """Nor those that nobody can write down."""
    assert codes(CommitFile(path, FILE, "0")) == ["commit-path"]


def test_submodules_and_unknown_modes_do_not() -> None:
    """What is no file, no link and no folder."""
    assert codes(CommitFile("a", SUBMODULE, "0"), CommitFile("b", "160755", "0")) == [
        "commit-submodule",
        "commit-path",
    ]


def test_what_lies_below_a_link_does_not() -> None:
    """A forged tree could write through it."""
    assert codes(CommitFile("a", LINK, "0"), CommitFile("a/b", FILE, "0"), a="c") == ["commit-path"]


def test_large_files_do_not() -> None:
    """One of them is enough."""
    assert codes(CommitFile("a", FILE, "0", commit_files.FILE_BYTES + 1)) == ["commit-file-too-large"]


def without_end(mode: str, **more: int) -> Iterator[CommitFile]:
    """Entries of a commit that never stop."""
    return (CommitFile(f"a{number}", mode, "0", **more) for number in count())


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (without_end(FILE), "commit-too-large"),
        (without_end(FOLDER), "commit-too-large"),
        (without_end(LINK, size=4_000), "commit-too-large"),
        (without_end(FILE, size=100_000_000), "commit-too-large"),
        ((CommitFile("d/" * depth + "d", FOLDER, "0") for depth in count()), "commit-path"),
        ((CommitFile(f"{number:0900}", FILE, "0") for number in count()), "commit-too-large"),
    ],
)
def test_no_more_than_so_many_are_taken(
    entries: Iterator[CommitFile], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files, folders, links, bytes, steps down, and letters of names: what comes after is not looked at."""
    monkeypatch.setattr(commit_files, "MOST_FILES", 50_000)
    files, problems = take_commit_files(entries)
    assert [one.code for one in problems] == [code]
    assert len(files) <= 50_001


def test_what_is_not_too_much_is_taken_without_its_folders() -> None:
    """They come by themselves with their files."""
    file = CommitFile("a/b", FILE, "0")
    assert take_commit_files([CommitFile("a", FOLDER, "0"), file]) == ([file], [])


def test_a_hundred_problems_are_enough() -> None:
    """All are printed, and sent by mail."""
    assert len(codes(*(CommitFile(f"a{number}", SUBMODULE, "0") for number in range(1_000)))) == 100


@pytest.mark.parametrize(
    ("target", "inside"),
    [("b", True), ("./b", True), ("../x", True), ("../../x", False), ("/x", False), ("b/../../x", False),
     ("", False), (".git/config", False), ("../", True)],
)  # fmt: skip
def test_links_go_up_first_and_not_too_far(target: str, inside: bool) -> None:
    """From a file in one folder."""
    assert stays_inside("a/link", target) is inside


@given(st.lists(st.sampled_from(["..", ".", "a", "b"]), min_size=1, max_size=5), st.integers(0, 2))
def test_a_link_that_passes_stays_in_a_folder_of_real_files(parts: list[str], depth: int) -> None:
    """As the system would resolve it."""
    path = "/".join(["d"] * depth + ["link"])
    if stays_inside(path, "/".join(parts)):
        end = os.path.normpath(Path("/top", path).parent / "/".join(parts))
        assert end == "/top" or end.startswith("/top/")


@given(st.text(max_size=30))
def test_a_path_that_passes_stays_below(path: str) -> None:
    """Whatever it is made of."""
    if is_safe_path(path):
        end = os.path.normpath(f"/top/{path}")
        assert end.startswith("/top/")
