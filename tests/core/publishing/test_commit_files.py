"""Whether the files of a commit may be written."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.publishing import commit_files
from newsfeed.core.publishing.commit_files import (
    FILE,
    LINK,
    SUBMODULE,
    CommitFile,
    check_commit_files,
    is_safe_path,
    stays_inside,
)


def codes(*files: CommitFile, **targets: str) -> list[str]:
    """What is wrong with them."""
    return [one.code for one in check_commit_files(files, targets)]


def test_ordinary_files_pass() -> None:
    """Also with blanks and letters of other languages."""
    assert codes(CommitFile("news/ä b.en.md", FILE, "0", 5), CommitFile("run.sh", "100755", "0")) == []


@pytest.mark.parametrize(
    "path", ["../x", "a//b", "a/./b", "a/../b", ".git/config", "a/.GIT/x", "", "a\nb", "a\udc80"]
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


def test_large_files_and_many_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """One, or all together."""
    assert codes(CommitFile("a", FILE, "0", commit_files.FILE_BYTES + 1)) == ["commit-file-too-large"]
    monkeypatch.setattr(commit_files, "MOST_FILES", 1)
    assert codes(CommitFile("a", FILE, "0"), CommitFile("b", FILE, "0")) == ["commit-too-large"]


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
