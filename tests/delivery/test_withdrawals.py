"""Stories that are withdrawn while mails wait: no mail that has not left brings one."""

import os
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bench.site import LANGUAGES, MONDAY, Made, story
from newsfeed.app.delivery import open_round_context
from newsfeed.app.withdrawals import WithdrawnStories
from newsfeed.channels.sessions import BlockingSession
from newsfeed.conversations import Conversation
from newsfeed.core.delivery import status_text
from newsfeed.delivery.rounds import SendRound, run_send_round
from newsfeed.model import Message
from newsfeed.records import Reply
from tests.delivery.sites import delivery, site, states

LATER = MONDAY + timedelta(hours=1)
WELL, PUMP = b"(well)", b"(pump)"


class Relay(BlockingSession):
    """A relay in this process: says *not now* to some, and keeps the mails of the others."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.reply: Callable[[Message], Reply | None] = lambda _: None
        self._offered: Message | None = None

    def offering(self, message: Message) -> Conversation[Reply | None]:
        """Take a message up to its dot, or not."""
        yield from ()
        self._offered = message
        return self.reply(message)

    def finishing(self, following: Message | None = None) -> Conversation[Reply]:
        """Take it."""
        yield from ()
        assert self._offered is not None
        self.taken.append(self._offered)
        return Reply(250, "2.0.0", "taken", "data")

    def closing(self) -> Conversation[None]:
        """Nothing is open."""
        yield from ()


def is_held(message: Message) -> Reply | None:
    """Not now, for everybody but the first two readers."""
    if message.recipient.startswith(("reader0@", "reader1@")):
        return None
    return Reply(450, "4.2.1", "later", "rcpt")


def send(made: Made, relay: Relay, now=MONDAY, during: Callable[[], object] = lambda: None) -> SendRound:
    """A round over one connection. ``during``: called when it was planned, before anything leaves."""
    with delivery(made) as opened:
        context = open_round_context(opened, lambda: now, lambda *_: None, os.environ)

        def session() -> Relay:
            during()
            return relay

        sender = replace(context.sender_context, open_session=session, connections=1)
        return run_send_round(replace(context, sender_context=sender), threading.Event())


def withdraw(made: Made, *names: str) -> None:
    """Say in the originals that stories were withdrawn, and delete their words."""
    for name in names:
        (path,) = made.folder.glob(f"news/2030/{name}.en.md")
        path.write_text(path.read_text().replace("date:", "withdrawn: 2030-02-04\ndate:", 1))


def put_back(made: Made, name: str) -> None:
    """Publish a story again."""
    (path,) = made.folder.glob(f"news/2030/{name}.en.md")
    path.write_text(path.read_text().replace("withdrawn: 2030-02-04\n", ""))


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A site with eight readers in four languages."""
    return site(tmp_path, 8, port=9)


def test_mails_that_wait_are_made_anew_without_it(made: Made) -> None:
    """In each language, under the same Message-ID; what has left stays as it was."""
    relay = Relay()
    relay.reply = is_held
    offered: dict[str, str] = {}

    def note(message: Message) -> Reply | None:
        offered.setdefault(message.recipient, message.message_id)
        return is_held(message)

    relay.reply = note
    send(made, relay)
    assert len(relay.taken) == 2
    assert all(WELL in one.data and PUMP in one.data for one in relay.taken)
    withdraw(made, "well")
    relay.reply = lambda _: None
    assert send(made, relay, LATER).unplanned is None
    later = relay.taken[2:]
    assert len(later) == 6
    assert all(WELL not in one.data and PUMP in one.data for one in later)
    assert {one.recipient: one.message_id for one in relay.taken} == offered
    assert {f"Content-Language: {lang}\r\n".encode() for lang in LANGUAGES} == {
        line + b"\r\n" for one in relay.taken for line in one.data.split(b"\r\n") if line.startswith(b"Content-Language:")
    }  # fmt: skip
    assert states(made) == {"accepted": 8}


def test_a_mail_with_nothing_left_is_called_off(made: Made) -> None:
    """The ledger says why, the books balance, and what nobody got is owed when it is put back."""
    relay = Relay()
    relay.reply = is_held
    send(made, relay)
    withdraw(made, "well", "pump")
    relay.reply = lambda _: None
    done = send(made, relay, LATER)
    assert len(relay.taken) == 2
    assert states(made) == {"accepted": 2, "withdrawn": 6}
    assert done.waiting.number == 0
    with delivery(made) as opened:
        person = opened.store.people.find("reader3@readers3.example")
        ((issue, row),) = opened.store.issues.deliveries(person.id)
        assert row.state == "withdrawn"
        assert "{issue}" in status_text.OF_DELIVERY[row.state]
        assert issue.revisions.keys() == {"well", "pump"}
    put_back(made, "pump")
    send(made, relay, MONDAY + timedelta(days=7))
    new = relay.taken[2:]
    assert len(new) == 6
    assert all(PUMP in one.data and WELL not in one.data for one in new)


def test_a_digest_that_says_that_it_is_quiet_says_so(tmp_path: Path) -> None:
    """Where there is a mail without stories, too, readers get that one."""
    made, relay = site(tmp_path, 4, port=9, digest='when_empty = "note"'), Relay()
    relay.reply = is_held
    send(made, relay)
    withdraw(made, "well", "pump")
    relay.reply = lambda _: None
    send(made, relay, LATER)
    assert states(made) == {"accepted": 4}
    assert all(WELL not in one.data and PUMP not in one.data for one in relay.taken[2:])


def test_what_is_withdrawn_while_mails_leave_holds_them_back(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail that is about to leave is looked at once more; the next round makes it anew."""
    monkeypatch.setattr("newsfeed.app.withdrawals.LOOK_AGAIN", -1.0)
    relay = Relay()
    once = [lambda: withdraw(made, "well")]
    send(made, relay, during=lambda: [change() for change in once] and once.clear())
    # the first mail was composed before the connection was opened
    assert sum(WELL in one.data for one in relay.taken) == 1
    assert states(made) == {"accepted": 1, "deferred": 7}
    send(made, relay, LATER)
    assert len(relay.taken) == 8
    assert sum(WELL in one.data for one in relay.taken) == 1


def test_a_site_with_errors_keeps_such_mails_back(made: Made) -> None:
    """Nothing is made anew from half a site; the others and later rounds are not touched by it."""
    relay = Relay()
    relay.reply = is_held
    send(made, relay)
    withdraw(made, "well")
    broken = made.folder / "news/2030/broken.en.md"
    broken.write_text("---\ntitle: x\ntopics: [nonsense]\ndate: 2030-01-01\n---\nText.\n")
    relay.reply = lambda _: None
    done = send(made, relay, LATER)
    assert done.unplanned is not None
    assert len(relay.taken) == 2
    assert states(made) == {"accepted": 2, "deferred": 6}
    broken.unlink()
    send(made, relay, LATER + timedelta(hours=4))
    assert Counter(WELL in one.data for one in relay.taken) == {True: 2, False: 6}


def test_an_issue_that_is_planned_later_does_not_hold_it(made: Made) -> None:
    """Neither in the reader's language nor in one that stands in."""
    withdraw(made, "well")
    relay = Relay()
    send(made, relay)
    assert len(relay.taken) == 8
    assert all(WELL not in one.data for one in relay.taken)


def test_only_files_that_changed_are_read_again(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """And only those are parsed that name the word; one that cannot be read leaves all as it was known."""
    from contextlib import nullcontext

    from newsfeed.errors import OutsideError
    from newsfeed.sources.folder import FolderSource

    read: list[str] = []
    real = FolderSource.text
    monkeypatch.setattr(FolderSource, "text", lambda self, path: (read.append(path), real(self, path))[1])
    known = WithdrawnStories(lambda: nullcontext((made.folder, "")))
    assert known.look() == frozenset()
    assert len(read) == 8
    withdraw(made, "well")
    story(made.folder, "rain", "2030-01-29")
    read.clear()
    assert known.look() == {"well"}
    assert sorted(read) == sorted(
        ["news/2030/well.en.md", *(f"news/2030/rain.{lang}.md" for lang in LANGUAGES)]
    )
    put_back(made, "well")
    assert known.recent() == {"well"}
    assert known.look() == frozenset()

    def failing(self: FolderSource, path: str) -> object:
        raise OutsideError("gone")

    withdraw(made, "well")
    known.look()
    put_back(made, "well")
    monkeypatch.setattr(FolderSource, "text", failing)
    assert known.look() == {"well"}
    (made.folder / "config.toml").write_text("[site")
    assert known.look() == {"well"}
