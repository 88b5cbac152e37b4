"""The folder on disk: links, pipes, pictures and names that are not what they seem."""

import os
import struct
import zlib
from dataclasses import replace

import pytest

from newsfeed.app.context import report_of
from newsfeed.errors import OutsideError
from newsfeed.model import Asset, RawFile
from newsfeed.problems import Location, problem
from newsfeed.sources.folder import FolderSource
from newsfeed.testing import write_tree
from tests.sources.texts import texts_of


def source(folder, files=None, limit=1_000_000):
    """A source of a folder with these files."""
    return FolderSource(write_tree(folder, files or {}), limit)


def png(width: int, height: int) -> bytes:
    """The smallest picture of a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\0" * (width + 1) * height)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_text_above_the_limit_is_not_read(tmp_path):
    """Its size is told, its bytes are not loaded."""
    found = texts_of(source(tmp_path, {"news/a.en.md": "12345", "news/b.en.md": "123456"}, 5))
    assert found == [RawFile("news/a.en.md", b"12345", size=5), RawFile("news/b.en.md", None, size=6)]


def test_a_link_inside_the_site_is_followed(tmp_path):
    """To a file, and to a folder."""
    folder = source(tmp_path, {"pages/a.en.md": "A", "pages/x/p.png": b"p"})
    write_tree(tmp_path, {"news/b.en.md": "B"})
    (tmp_path / "news/a.en.md").symlink_to("../pages/a.en.md")
    (tmp_path / "news/x").symlink_to("../pages/x")
    assert [one.path for one in texts_of(folder)] == ["news/a.en.md", "news/b.en.md", "pages/a.en.md"]
    assert [one.path for one in folder.assets()] == ["news/x/p.png", "pages/x/p.png"]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside.md", "/dev/zero", "/proc/self/environ"])
def test_a_text_linked_from_outside_is_not_read(tmp_path, target):
    """Not even when it exists."""
    (tmp_path / "outside.md").write_text("secret")
    folder = source(tmp_path / "site", {"news/a.en.md": "A"})
    (tmp_path / "site/news/b.en.md").symlink_to(target)
    assert texts_of(folder)[1] == RawFile("news/b.en.md", None, "symlink-outside")


def test_a_text_is_checked_even_when_its_folder_was(tmp_path):
    """It may have become a link after the folder was listed; others are checked without a list, too."""
    folder = source(tmp_path / "site", {"news/a.en.md": "A", "pages/b.en.md": "B"})
    (tmp_path / "secret.md").write_text("secret")
    assert len(texts_of(folder)) == 2
    (tmp_path / "site/news/a.en.md").unlink()
    (tmp_path / "site/news/a.en.md").symlink_to("../../secret.md")
    outside = ("news/a.en.md", "news/../../secret.md", "../secret.md")
    for path in outside:
        assert folder.text(path) == RawFile(path, None, "symlink-outside")
        assert FolderSource(tmp_path / "site", 1_000).text(path).trouble == "symlink-outside"
    assert FolderSource(tmp_path / "site", 1_000).text("pages/b.en.md").data == b"B"


def test_a_folder_that_became_a_link_is_looked_at_again(tmp_path):
    """What is known of a folder is what was seen when it was listed last."""
    folder = source(tmp_path / "site", {"news/a.en.md": "A"})
    write_tree(tmp_path / "outside", {"a.en.md": "secret"})
    assert len(texts_of(folder)) == 1
    (tmp_path / "site/news").rename(tmp_path / "site/old")
    (tmp_path / "site/news").symlink_to(tmp_path / "outside")
    assert texts_of(folder) == [RawFile("news/a.en.md", None, "symlink-outside")]


def test_a_folder_linked_from_outside_is_told_once(tmp_path):
    """Its texts would be missing silently otherwise; its files are not published."""
    write_tree(tmp_path / "outside", {"c.en.md": "secret", "d.png": b"secret"})
    folder = source(tmp_path / "site", {"news/a.en.md": "A"})
    (tmp_path / "site/news/2010").symlink_to(tmp_path / "outside")
    assert texts_of(folder)[0] == RawFile("news/2010", None, "symlink-outside")
    assert [one.path for one in folder.assets()] == []


def test_a_content_folder_linked_from_outside_gives_nothing_away(tmp_path):
    """Every text of it is told."""
    write_tree(tmp_path / "outside", {"c.en.md": "secret", "d.png": b"secret"})
    folder = source(tmp_path / "site", {"news/a.en.md": "A"})
    (tmp_path / "site/pages").symlink_to(tmp_path / "outside")
    assert texts_of(folder)[1] == RawFile("pages/c.en.md", None, "symlink-outside")
    assert list(folder.assets()) == []


@pytest.mark.parametrize(
    "target",
    [
        "/etc/passwd",
        "../var/secret",
        "../.git/config",
        "../config.toml",
        "../public/index.html",
        ".hidden/x.png",
    ],
)
def test_a_file_linked_from_outside_the_content_is_told_and_no_asset(tmp_path, target):
    """Secrets, the database, the repository and what is hidden are never published by a link to them."""
    write_tree(
        tmp_path,
        {
            "var/secret": "secret",
            ".git/config": "secret",
            "config.toml": "secret",
            "public/index.html": "old",
            "news/.hidden/x.png": b"draft",
        },
    )
    folder = source(tmp_path, {"news/a.png": b"x"})
    (tmp_path / "news/b.png").symlink_to(target)
    assert [asset.path for asset in folder.assets()] == ["news/a.png"]
    assert folder.asset("news/b.png") is None
    assert texts_of(folder) == [RawFile("news/b.png", None, "symlink-outside")]


@pytest.mark.parametrize("target", ["var", ".git", "public", "public/en"])
def test_a_content_folder_is_no_link_to_a_folder_of_another_purpose(tmp_path, target):
    """A branch that makes ``pages`` a link to ``var`` publishes nothing of it."""
    for name in ("var", ".git", "public/en"):
        write_tree(tmp_path, {f"{name}/a.en.md": "secret", f"{name}/b.png": b"secret"})
    folder = source(tmp_path, {"news/a.en.md": "A"})
    (tmp_path / "pages").symlink_to(tmp_path / target)
    assert list(folder.assets()) == []
    assert {text.trouble for text in texts_of(folder) if text.path.startswith("pages/")} <= {
        "symlink-outside"
    }


@pytest.mark.parametrize("target", ["../var/secret", "../.git/config", "/etc/passwd", ".hidden/x.png"])
@pytest.mark.parametrize("name", ["b.png", "b.en.md"])
def test_a_report_never_quotes_what_a_link_leads_to(tmp_path, name, target):
    """Reports stand in public logs: the line of a problem is not the first line of the site's secret."""
    write_tree(tmp_path, {"var/secret": "SECRET", ".git/config": "SECRET", "news/.hidden/x.png": b"SECRET"})
    folder = source(tmp_path, {"news/a.en.md": "A", "config.toml": "x"})
    (tmp_path / "news" / name).symlink_to(target)
    (tmp_path / "locales").symlink_to("var")
    found = [problem("symlink-outside", Location(f"news/{name}"))]
    (reported,) = report_of(tmp_path, found)
    assert reported.where.text == ""
    assert not folder.may_show(f"news/{name}")
    assert not folder.may_show("locales/secret")
    assert not folder.may_show("var/secret")
    assert folder.may_show("news/a.en.md")
    assert folder.may_show("config.toml")


def test_a_content_folder_may_lie_elsewhere_in_the_site(tmp_path):
    """Some keep all content below one folder."""
    folder = source(tmp_path, {"content/news/a.en.md": "A", "content/news/p.png": b"p"})
    (tmp_path / "news").symlink_to("content/news")
    assert [text.data for text in texts_of(folder)] == [b"A"]
    assert [asset.path for asset in folder.assets()] == ["news/p.png"]


def test_links_in_a_circle_end(tmp_path):
    """A link to itself cannot be read; a link to a folder above is not followed twice."""
    folder = source(tmp_path, {"news/2010/a.en.md": "A"})
    (tmp_path / "news/b.en.md").symlink_to("b.en.md")
    (tmp_path / "news/c.png").symlink_to("c.png")
    (tmp_path / "news/2010/up").symlink_to("..")
    found = texts_of(folder)
    assert [one.path for one in found] == ["news/2010/a.en.md", "news/b.en.md"]
    assert (found[1].data, found[1].trouble) == (None, "unreadable")
    assert found[1].reason == "it is a link, or links lead in a circle"
    assert list(folder.assets()) == []


def test_a_dangling_link_cannot_be_read(tmp_path):
    """As a text it is told; as a file it is just not there."""
    folder = source(tmp_path, {"news/a.en.md": "A"})
    (tmp_path / "news/b.en.md").symlink_to("gone.en.md")
    (tmp_path / "news/b.png").symlink_to("gone.png")
    assert texts_of(folder)[1] == RawFile(
        "news/b.en.md", None, "unreadable", "there is no such file or folder"
    )
    assert list(folder.assets()) == []


def test_pipes_are_neither_texts_nor_assets(tmp_path):
    """Reading one would wait for ever."""
    folder = source(tmp_path, {"news/a.en.md": "A"})
    os.mkfifo(tmp_path / "news/b.en.md")
    os.mkfifo(tmp_path / "news/b.png")
    assert texts_of(folder)[1] == RawFile("news/b.en.md", None, "unreadable", "it is no ordinary file")
    assert list(folder.assets()) == []


def test_a_folder_may_be_called_like_a_text(tmp_path):
    """It is a folder."""
    folder = source(tmp_path, {"news/a.en.md/b.en.md": "B"})
    assert [one.path for one in texts_of(folder)] == ["news/a.en.md/b.en.md"]


def test_a_content_folder_may_be_a_file(tmp_path):
    """Then there is nothing in it."""
    folder = source(tmp_path, {"news": "a file", "pages/a.en.md": "A"})
    assert [one.path for one in texts_of(folder)] == ["pages/a.en.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(tmp_path):
    """A text as a problem of the site, a folder as an error from outside."""
    folder = source(tmp_path, {"news/a.en.md": "A", "pages/x/b.en.md": "B"})
    (tmp_path / "news/a.en.md").chmod(0)
    assert texts_of(folder)[0] == RawFile("news/a.en.md", None, "unreadable", "Permission denied")
    (tmp_path / "pages/x").chmod(0)
    with pytest.raises(OutsideError, match=r"^pages/x: Permission denied$"):
        texts_of(folder)
    (tmp_path / "pages/x").chmod(0o700)


def test_a_folder_that_cannot_be_listed_is_an_error_from_outside(tmp_path):
    """A name that is too long for the system stands for all reasons."""
    folder = source(tmp_path, {"news/a.en.md": "A"})
    deep = FolderSource(tmp_path / ("x" * 300), 1_000)
    assert len(texts_of(folder)) == 1
    with pytest.raises(OutsideError, match=r"^news: the name is too long$"):
        texts_of(deep)


def test_names_that_are_not_utf8_are_told(tmp_path):
    """They could stand neither in an address nor in a message."""
    folder = source(tmp_path, {"news/a.en.md": "A"})
    for name in (b"caf\xe9.en.md", b"caf\xe9.png"):
        (tmp_path / "news" / os.fsdecode(name)).write_bytes(b"x")
    assert texts_of(folder)[1] == RawFile("news/caf\udce9.en.md", None, "unreadable", "its name is not UTF-8")
    assert list(folder.assets()) == []


@pytest.mark.parametrize(
    ("name", "data", "asset"),
    [
        ("a.png", png(3, 2), Asset("news/a.png", 68, "image/png", 3, 2, plain_ending="jpg")),
        ("a.gif", b"GIF89a\x05\0\x04\0\0\0\0;", Asset("news/a.gif", 14, "image/gif", 5, 4)),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="7" height="6"/>', Asset("news/a.svg", 62, "image/svg+xml", 7, 6)),
        ("a.png", b"no picture", Asset("news/a.png", 10, "image/png")),
        ("a.jpg", b"\xff\xd8\xff", Asset("news/a.jpg", 3, "image/jpeg")),
        ("a.webp", b"RIFF", Asset("news/a.webp", 4, "image/webp")),
        ("a.avif", b"\0\0\0\x1cftypavif", Asset("news/a.avif", 12, "image/avif")),
        ("a.svg", b"<svg", Asset("news/a.svg", 4, "image/svg+xml")),
        ("a.svg", b"<!DOCTYPE x [<!ENTITY a 'b'>]><svg width='&a;'/>", Asset("news/a.svg", 48, "image/svg+xml", active=("<!ENTITY a>", 1))),
        ("a.png", b"", Asset("news/a.png", 0, "image/png")),
        ("a.tiff", b"II*\0", Asset("news/a.tiff", 4, "image/tiff")),
        ("a.bin", b"x", Asset("news/a.bin", 1, "application/octet-stream")),
    ],
)  # fmt: skip
def test_pictures_are_measured(tmp_path, name, data, asset):
    """What cannot be measured has no size in pixels, and is still a file."""
    (found,) = source(tmp_path, {f"news/{name}": data}).assets()
    assert replace(found, digest="") == asset


def test_a_text_is_rewritten_at_once_and_only_as_it_was_read(tmp_path):
    """With the rights it had, through a link to the file itself, and not when somebody changed it."""
    write_tree(tmp_path, {"news/a.en.md": "old"})
    (tmp_path / "news/a.en.md").chmod(0o640)
    (tmp_path / "news/b.en.md").symlink_to("a.en.md")
    source = FolderSource(tmp_path, 1000)
    source.rewrite("news/b.en.md", b"old", b"new")
    assert (tmp_path / "news/b.en.md").is_symlink()
    assert (tmp_path / "news/a.en.md").read_bytes() == b"new"
    assert (tmp_path / "news/a.en.md").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in (tmp_path / "news").iterdir()) == ["a.en.md", "b.en.md"]
    with pytest.raises(OutsideError, match="it was changed meanwhile"):
        source.rewrite("news/a.en.md", b"old", b"newer")
    assert (tmp_path / "news/a.en.md").read_bytes() == b"new"


def test_a_rewritten_text_goes_through_no_link_that_a_branch_brought(tmp_path):
    """Whatever lies beside a text that is rewritten, nothing but the text changes."""
    write_tree(tmp_path, {"site/news/a.en.md": "old", "elsewhere": "mine"})
    (tmp_path / "site/news/.a.en.md.new").symlink_to(tmp_path / "elsewhere")
    FolderSource(tmp_path / "site", 1000).rewrite("news/a.en.md", b"old", b"new")
    assert (tmp_path / "elsewhere").read_bytes() == b"mine"
    assert (tmp_path / "site/news/a.en.md").read_bytes() == b"new"
    assert not (tmp_path / "site/news/a.en.md").is_symlink()
