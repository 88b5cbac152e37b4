"""The output folder: all or nothing, only what changed, and never anybody else's files."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsfeed.build import staging
from newsfeed.build.output import MANIFEST
from newsfeed.build.publish_result import PublishResult
from newsfeed.build.staging import RenderedFile
from newsfeed.errors import ForeignOutputError, OutsideError
from newsfeed.testing import write_tree
from tests.build.builds import publish
from tests.site.builds import tree

SITE = {"index.html": "home", "en/news/2026/a/index.html": "a", "en/feed.rss": "feed", "style.css": "css"}


def artifacts(files: dict[str, str]) -> list[RenderedFile]:
    """Artifacts with these texts."""
    return [RenderedFile(path, (text.encode(),)) for path, text in files.items()]


def texts(folder: Path) -> dict[str, str]:
    """What lies in a folder, without our own bookkeeping."""
    return {path: data.decode() for path, data in tree(folder).items()}


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """A folder with a published site."""
    folder = tmp_path / "public"
    publish(folder, artifacts(SITE))
    return folder


def test_a_new_folder_gets_exactly_the_artifacts(tmp_path: Path) -> None:
    """Folders are made as needed; the result counts files."""
    assert publish(tmp_path / "deep" / "public", artifacts(SITE)) == PublishResult(4, 0, 0)
    assert texts(tmp_path / "deep" / "public") == SITE


def test_nothing_is_left_of_the_work(public: Path) -> None:
    """Beside the site there are the manifest and the lock only, and the manifest names every file."""
    ours = {path.name for path in public.iterdir() if path.name.startswith(".")}
    assert ours == {MANIFEST, ".newsfeed-lock"}
    assert set(json.loads((public / MANIFEST).read_bytes())["files"]) == set(SITE)


def test_only_what_differs_is_written(public: Path) -> None:
    """A changed, a new and a vanished file are counted; the rest is not touched."""
    before = (public / "style.css").stat()
    changed = {**SITE, "index.html": "new home", "en/b.html": "b"}
    del changed["en/feed.rss"]
    assert publish(public, artifacts(changed)) == PublishResult(2, 2, 1)
    assert texts(public) == changed
    assert (public / "style.css").stat().st_mtime_ns == before.st_mtime_ns
    assert (public / "style.css").stat().st_ino == before.st_ino


def test_a_file_that_somebody_changed_is_restored(public: Path) -> None:
    """What is published is compared with the disk, not with a memory of it."""
    (public / "index.html").write_text("hand", encoding="utf-8")
    (public / "style.css").unlink()
    assert publish(public, artifacts(SITE)) == PublishResult(2, 2, 0)
    assert texts(public) == SITE


def test_stale_files_go_with_the_folders_they_leave_empty(public: Path) -> None:
    """No trace is left of a story that is gone."""
    assert publish(public, artifacts({"index.html": "home"})) == PublishResult(0, 1, 3)
    assert texts(public) == {"index.html": "home"}
    assert not (public / "en").exists()


def test_foreign_files_in_our_folder_stay(public: Path) -> None:
    """What others put beside our files is theirs, and so is the folder it lies in."""
    foreign = {"CNAME": "news.example.org", "en/news/2026/a/photo.txt": "photo"}
    write_tree(public, foreign)
    publish(public, artifacts({"index.html": "home"}))
    assert texts(public) == {"index.html": "home", **foreign}


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    """A folder with files and no sign of ours is left alone; the message names one of them."""
    write_tree(tmp_path / "home", {"thesis.txt": "years of work"})
    with pytest.raises(ForeignOutputError, match=r"not empty.*thesis\.txt") as raised:
        publish(tmp_path / "home", artifacts(SITE))
    assert "--output" in raised.value.hint
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A file in the folder's place is an error of the outside, said in one sentence."""
    write_tree(tmp_path, {"public": "a file"})
    with pytest.raises(OutsideError, match="cannot write /"):
        publish(tmp_path / "public", artifacts(SITE))
    assert (tmp_path / "public").read_text(encoding="utf-8") == "a file"


def test_an_error_while_rendering_publishes_nothing(public: Path) -> None:
    """Whatever goes wrong before the last artifact is made, the published site stays as it was."""

    def failing() -> Iterator[RenderedFile]:
        yield RenderedFile("index.html", (b"new home",))
        yield RenderedFile("en/new.html", (b"new",))
        raise OutsideError("the disk is on fire")

    with pytest.raises(OutsideError, match="on fire"):
        publish(public, failing())
    assert texts(public) == SITE
    assert publish(public, artifacts(SITE)) == PublishResult(0, 4, 0)
    assert not (public / ".newsfeed-staging").exists()


def test_two_builds_cannot_write_one_folder(public: Path) -> None:
    """The second is told so, whether in this process or in another thread; the first ends well."""
    told: list[OutsideError] = []

    def intrude() -> None:
        with pytest.raises(OutsideError, match="another build") as raised:
            publish(public, artifacts({"index.html": "intruder"}))
        told.append(raised.value)

    def slow() -> Iterator[RenderedFile]:
        intrude()
        thread = threading.Thread(target=intrude)
        thread.start()
        thread.join()
        yield RenderedFile("index.html", (b"first",))

    assert publish(public, slow()) == PublishResult(1, 0, 3)
    assert texts(public) == {"index.html": "first"}
    assert [error.hint for error in told] == ["run it again when that is done"] * 2


@pytest.mark.parametrize(
    "path",
    [
        "../victim.txt",
        "en/../../victim.txt",
        "{outside}/victim.txt",
        "",
        ".",
        "en",
        "./../victim.txt",
        "linked/victim.txt",
        "nul\0byte",
        "a" * 300,
    ],
)
def test_a_forged_manifest_cannot_harm(public: Path, tmp_path: Path, path: str) -> None:
    """Entries that lead out of the folder, or to no file of ours, delete nothing and stop no build."""
    write_tree(tmp_path, {"victim.txt": "mine", "elsewhere/victim.txt": "mine too"})
    (public / "linked").symlink_to(tmp_path / "elsewhere")
    forged = {"version": 1, "files": {path.format(outside=tmp_path): "", **dict.fromkeys(SITE, "")}}
    (public / MANIFEST).write_text(json.dumps(forged), encoding="utf-8")
    written = publish(public, artifacts(SITE))
    assert (written.written, written.unchanged) == (0, 4)
    assert (tmp_path / "victim.txt").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "elsewhere" / "victim.txt").read_text(encoding="utf-8") == "mine too"
    assert {name: text for name, text in texts(public).items() if "victim" not in name} == SITE


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"files": []}',
        b'{"files": null}',
        b'{"files": "x"}',
        b"\xff\xfe",
        b'{"a": 1}',
    ],
)
def test_a_broken_manifest_means_that_nothing_is_known_to_be_ours(public: Path, manifest: bytes) -> None:
    """Then nothing is removed, the site is published, and the next manifest is whole again."""
    (public / MANIFEST).write_bytes(manifest)
    changed = {path: text for path, text in SITE.items() if path != "en/feed.rss"}
    assert publish(public, artifacts(changed)) == PublishResult(0, 3, 0)
    assert texts(public) == SITE
    assert set(json.loads((public / MANIFEST).read_bytes())["files"]) == set(changed)


def test_a_file_can_become_a_folder_and_a_folder_a_file(public: Path) -> None:
    """An asset ``report`` may turn into ``report/part.pdf`` between two builds, and back."""
    flat, deep = {**SITE, "files/report": "one"}, {**SITE, "files/report/part.pdf": "two"}
    publish(public, artifacts(flat))
    publish(public, artifacts(deep))
    assert texts(public) == deep
    publish(public, artifacts(flat))
    assert texts(public) == flat


def test_readers_never_meet_a_half_written_file(public: Path) -> None:
    """A file is replaced whole: who has the old one open reads the old one to its end."""
    with (public / "index.html").open(encoding="utf-8") as reading:
        publish(public, artifacts({**SITE, "index.html": "another home"}))
        assert reading.read() == "home"
    assert texts(public)["index.html"] == "another home"


def test_the_folder_may_be_reached_over_a_link(public: Path, tmp_path: Path) -> None:
    """Web servers often point at a link; what it leads to is updated, the link stays."""
    (tmp_path / "current").symlink_to(public)
    assert publish(tmp_path / "current", artifacts({**SITE, "style.css": "new"})) == PublishResult(1, 3, 0)
    assert (tmp_path / "current").is_symlink()
    assert texts(public)["style.css"] == "new"


def test_names_of_any_script_are_published(tmp_path: Path) -> None:
    """File names are bytes of their own: spaces, accents and emoji survive."""
    files = {"files/news/a/Überblick für Łódź 🌍.pdf": "x", "files/news/a/two  spaces.pdf": "y"}
    publish(tmp_path / "public", artifacts(files))
    assert texts(tmp_path / "public") == files


def test_pieces_become_one_file(tmp_path: Path) -> None:
    """However many there are; and the same bytes in other pieces are the same file."""
    cuts: list[list[bytes]] = [
        [b"%d\n" % number for number in range(5000)],
        [b"".join(b"%d\n" % number for number in range(5000))],
        [b"%d\n" % number for number in range(5000)],
    ]
    done = [publish(tmp_path, [RenderedFile("a/numbers.txt", cut)]) for cut in cuts]
    assert done == [PublishResult(1, 0, 0), PublishResult(0, 1, 0), PublishResult(0, 1, 0)]
    assert texts(tmp_path) == {"a/numbers.txt": "".join(f"{number}\n" for number in range(5000))}


def test_a_disk_that_takes_little_at_a_time_gets_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system may write less than it is given."""
    monkeypatch.setattr(os, "writev", lambda file, data, write=os.writev: write(file, [data[0][:3]]))
    monkeypatch.setattr(os, "write", lambda file, data, write=os.write: write(file, bytes(data[:4])))
    publish(tmp_path / "public", artifacts(SITE))
    assert texts(tmp_path / "public") == SITE


def test_files_whose_stats_are_known_are_not_read(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as nobody has touched them; a copy, which takes long, is not compressed again."""
    site = [RenderedFile(path, (text.encode(),), has_copy="style" in path) for path, text in SITE.items()]
    copies: list[str] = []
    read: list[str] = []
    monkeypatch.setattr(staging, "_compressed", lambda pieces: copies.append("copy") or (b"small",))
    stats = publish(public, site).stats
    (public / "en/feed.rss").write_text("meddled")
    monkeypatch.setattr(staging, "_stat_if_same", lambda path, pieces: read.append(path.rpartition("/")[2]))
    assert publish(public, site, stats) == PublishResult(1, 4, 0)
    assert (copies, read) == (["copy"], ["feed.rss"])
    assert texts(public) == {**SITE, "style.css.gz": "small"}
