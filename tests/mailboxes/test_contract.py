"""What every mailbox does the same, over the registry."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import pytest

from newsfeed.config.mailboxes import MAILBOX_NAMES
from newsfeed.core.bounces.mime import SIZE_LIMIT
from newsfeed.mailboxes import MAILBOXES
from newsfeed.mailboxes.stdin import StdinMailbox
from newsfeed.service_ports import Mailbox
from tests.mailboxes.imap_server import PASSWORD, USERNAME, Store, serving
from tests.mailboxes.tables import open_from_table

Fill = Callable[..., Callable[[], Mailbox]]
"""Messages → what opens the mailbox that holds them, as often as it is called."""
FIRST, SECOND = b"Subject: one\n\nfirst\n", b"Subject: two\n\nsecond\n"


def _maildir(folder: Path, stack: ExitStack) -> Fill:
    def fill(*messages: bytes) -> Callable[[], Mailbox]:
        for part in ("new", "cur", "tmp"):
            (folder / part).mkdir(parents=True)
        for number, data in enumerate(messages):
            (folder / "new" / f"12656124{number:02}.M1P2.host").write_bytes(data)
        return lambda: open_from_table("maildir", folder.parent, {"path": folder.name})

    return fill


def _imap(folder: Path, stack: ExitStack) -> Fill:
    def fill(*messages: bytes) -> Callable[[], Mailbox]:
        held = stack.enter_context(serving(Store(list(messages))))
        table = {"host": "127.0.0.1", "port": held.port, "security": "none", "username": USERNAME}
        return lambda: open_from_table("imap", folder, table, {"NEWSFEED_IMAP_PASSWORD": PASSWORD})

    return fill


def _stdin(folder: Path, stack: ExitStack) -> Fill:
    def fill(*messages: bytes) -> Callable[[], Mailbox]:
        stream = io.BytesIO(b"".join(messages))
        return lambda: StdinMailbox(stream)

    return fill


BOXES: dict[str, Callable[[Path, ExitStack], Fill]] = {"maildir": _maildir, "imap": _imap, "stdin": _stdin}
KEEPING = ["maildir", "imap"]
"""Those that hold many messages, and keep them; a pipe has one, which the mail system keeps."""


@pytest.fixture
def fill(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fill]:
    """Fills a mailbox of the kind asked for."""
    with ExitStack() as stack:
        yield BOXES[request.param](tmp_path / "box", stack)


every = pytest.mark.parametrize("fill", BOXES, indirect=True)
keeping = pytest.mark.parametrize("fill", KEEPING, indirect=True)


def test_every_mailbox_is_under_contract() -> None:
    """Adding one adds it here and, when it has settings, to what ``newsfeed check`` reads."""
    names = [name for name, _ in MAILBOXES]
    assert names == list(BOXES)
    assert [name for name in names if name != "stdin"] == list(MAILBOX_NAMES)


@every
def test_a_message_comes_as_it_is(fill: Fill) -> None:
    """Byte for byte."""
    assert list(fill(FIRST)().messages(10)) == [FIRST]


@every
def test_an_empty_mailbox_holds_nothing(fill: Fill) -> None:
    """That is no error."""
    assert list(fill()().messages(10)) == []


@every
def test_nothing_is_offered_when_nothing_is_asked_for(fill: Fill) -> None:
    """Zero is a number too."""
    assert list(fill(FIRST)().messages(0)) == []


@every
def test_a_huge_message_is_cut(fill: Fill) -> None:
    """What lies beyond is never in memory."""
    (data,) = fill(FIRST + b"x" * (SIZE_LIMIT + 5_000_000))().messages(10)
    assert len(data) == SIZE_LIMIT


@every
def test_what_is_done_with_is_not_offered_again(fill: Fill) -> None:
    """Whoever has asked for the next is done with the last."""
    opened = fill(FIRST)
    assert list(opened().messages(10)) == [FIRST]
    assert list(opened().messages(10)) == []


@keeping
def test_messages_come_oldest_first(fill: Fill) -> None:
    """As they arrived."""
    assert list(fill(FIRST, SECOND)().messages(10)) == [FIRST, SECOND]


@keeping
def test_a_message_whose_reader_dies_is_offered_again(fill: Fill) -> None:
    """Only asking for the next one marks it."""
    opened = fill(FIRST, SECOND)
    dying = opened().messages(10)
    assert next(dying) == FIRST
    dying.close()
    assert list(opened().messages(10)) == [FIRST, SECOND]


@keeping
def test_what_was_done_before_a_reader_died_stays_done(fill: Fill) -> None:
    """Only the last one is in doubt."""
    opened = fill(FIRST, SECOND)
    dying = opened().messages(10)
    assert list(islice(dying, 2)) == [FIRST, SECOND]
    dying.close()
    assert list(opened().messages(10)) == [SECOND]


@keeping
def test_a_mail_bomb_is_taken_in_rounds(fill: Fill) -> None:
    """A round has an end; the next one goes on where it ended."""
    opened = fill(*(b"Subject: %d\n\n" % number for number in range(30)))
    assert len(list(opened().messages(20))) == 20
    assert list(opened().messages(20)) == [b"Subject: %d\n\n" % number for number in range(20, 30)]
