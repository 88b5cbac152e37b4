"""Moving in as a verb: pictures from the web, archives of one's own making, what becomes of each file."""

from collections.abc import Iterator
from datetime import date

import pytest

from newsfeed.app.context import context_of
from newsfeed.core.arriving.moved_text import MovedFile, MovedText
from newsfeed.editorial.arriving.move_in import MoveContext, MoveOptions, decide_file, hash_of, move_in
from newsfeed.errors import OutsideError
from newsfeed.marking import N_
from newsfeed.sources.archives.journal import JOURNAL, JournalFile
from tests.cli.command import newsfeed

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003860180"
    "5a347d6b0000000049454e44ae426082"
)


class Archive:
    """An archive of these texts."""

    base_url = "https://x.example/"

    def __init__(self, *texts: MovedText) -> None:
        self._texts = texts
        self.doubts = []

    def texts(self) -> Iterator[MovedText]:
        """All of them."""
        yield from self._texts

    def find(self, origin: str, target: str) -> str:
        """No files."""
        return ""

    language = ""

    def old_lists(self):
        """None."""
        return ()

    def unnamed_files(self):
        """None."""
        return []

    def old_feeds(self):
        """None."""
        return ()

    def read(self, name: str) -> bytes:
        """No files."""
        raise AssertionError(name)


class Web:
    """A web that has one picture, and counts who asks."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, address: str) -> tuple[bytes, str]:
        """Return the picture."""
        self.asked.append(address)
        if "gone" in address:
            raise OutsideError(N_("cannot fetch {url}: {reason}"), url=address, reason="404")
        return PNG, ".png"


@pytest.fixture
def site(tmp_path):
    """A site as ``newsfeed init`` makes it."""
    assert newsfeed("init", tmp_path / "site").returncode == 0
    return tmp_path / "site"


def moved(site, archive, **options):
    """Move an archive in; return the report."""
    context, _ = context_of(site)
    journal = JournalFile(site)
    try:
        where = MoveContext(context.settings, context.vocabulary, context.source, context.source, journal)
        return move_in(archive, where, MoveOptions(write=True, **options))
    finally:
        journal.close()


def a_text(**facts) -> MovedText:
    """A text of an archive."""
    usual = {
        "origin": "x",
        "title": "Wells",
        "is_html": True,
        "lang": "en",
        "date": date(2010, 2, 4),
        "guid": "urn:a",
    }
    return MovedText(**{**usual, **facts})


def test_pictures_are_fetched_once_and_lie_beside_the_text(site):
    """Under a name with the right ending; one that cannot be had stays where it is, and is tried again."""
    body = '<p><img src="/a/roof" alt="Roof"> <img src="https://y.example/gone.png" alt="Gone"></p>'
    archive = Archive(a_text(body=body, image=MovedFile("/a/roof", "The roof")))
    web = Web()
    report = moved(site, archive, fetch=web)
    text = (site / "news/2010/wells/index.en.md").read_text()
    assert "image: picture.png\n" in text or "image: roof.png\n" in text
    assert "![Gone](https://y.example/gone.png)" in text
    assert [path.read_bytes() for path in (site / "news/2010/wells").glob("*.png")] == [PNG]
    assert [str(one.sentence) for one in report.doubts] == [
        "https://y.example/gone.png was not taken along: cannot fetch https://y.example/gone.png: 404"
    ]
    again = Web()
    assert moved(site, archive, fetch=again).count("unchanged") == 1
    assert again.asked == ["https://y.example/gone.png"]
    assert web.asked.count("https://x.example/a/roof") == 1


def test_a_text_that_was_moved_in_twice_under_one_id_is_one_text(site):
    """The second archive names the same id: it is the same story, and an editor's words stay."""
    moved(site, Archive(a_text(body="<p>One</p>")))
    (site / JOURNAL).unlink()
    report = moved(site, Archive(a_text(body="<p>Two</p>", slug="other", date=date(2011, 1, 1))))
    assert [one.state for one in report.files] == ["kept"]
    assert len(list(site.glob("news/**/wells*"))) == 1


def test_a_translation_that_comes_later_joins_its_story(site):
    """By the group, when one of the group is here already."""
    english = a_text(body="<p>One</p>", group="g")
    moved(site, Archive(english))
    german = a_text(body="<p>Eins</p>", group="g", lang="de", guid="urn:b", title="Brunnen")
    moved(site, Archive(english, german))
    assert (site / "news/2010/wells.de.md").is_file()


@pytest.mark.parametrize(
    ("before", "noted", "state"),
    [
        (None, "", "written"),
        (b"new", "", "unchanged"),
        (b"old", hash_of(b"old"), "updated"),
        (b"old", hash_of(b"other"), "kept"),
        (b"old", "", "kept"),
    ],
)
def test_a_file_is_written_over_only_if_nobody_has_touched_it(before, noted, state):
    """Without a memory of it, a file that differs is an editor's."""
    assert decide_file(before, b"new", noted) == state


def test_the_journal_survives_a_line_that_was_cut_short(tmp_path):
    """As by a crash; and it is nobody else's to read."""
    journal = JournalFile(tmp_path)
    journal.note("a", "1")
    journal.note("a", "2")
    journal.close()
    path = tmp_path / JOURNAL
    assert path.stat().st_mode & 0o077 == 0
    path.write_text(path.read_text() + '["b", "3')
    assert (JournalFile(tmp_path).hash_of("a"), JournalFile(tmp_path).hash_of("b")) == ("2", "")


def test_a_body_with_everything_that_a_stranger_may_write_is_harmless(site):
    """Control characters, marks of our own heads, paths out of the site."""
    body = "---\nid: evil\n---\n<a href='../../../etc/passwd'>x</a>\x00\u202e <img src='file:///etc/passwd' alt='y'>"
    moved(site, Archive(a_text(title="a\nid: evil\n---", body=body, id="../../evil", slug="../up")))
    (path,) = site.glob("news/2010/*.md")
    text = path.read_text()
    assert path.name == "evil.en.md" or path.parent == site / "news/2010"
    assert "\x00" not in text
    assert "file:" not in text
    assert text.count("\nid: ") == 2  # its own, and one in the body that nobody reads
    assert newsfeed("check", "--now", "2026-03-01", cwd=site).returncode in (0, 1)
