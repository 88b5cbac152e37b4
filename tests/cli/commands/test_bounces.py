"""``newsfeed bounces``: a site's own store, and every kind of mailbox."""

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from newsfeed.app import returned_mails
from newsfeed.app.delivery import DeliveryContext, open_delivery_context
from newsfeed.bounces import process
from newsfeed.cli.commands.bounces import TRY_LATER
from newsfeed.core.people import tokens
from newsfeed.errors import OutsideError, ProblemsFound
from newsfeed.testing import CONFIG
from tests.cli.command import newsfeed
from tests.contracts.stores import new_database, person, plan
from tests.mailboxes.imap_server import PASSWORD, USERNAME, Store, serving
from tests.mailboxes.letters import letter

NOW = datetime(2010, 2, 8, 12, tzinfo=UTC)


@dataclass
class Sent:
    """A site that has sent an issue to two readers."""

    root: Path
    tokens: list[str]
    """Of the deliveries' return paths."""
    one_clicks: list[str]
    message_ids: list[str]

    def bounces(self, *words: str, stdin: bytes = b"") -> CompletedProcess[str]:
        """Run the command."""
        return newsfeed("-C", self.root, "bounces", "--now", NOW.isoformat(), *words, stdin=stdin)

    def returned(self, name: str, reader: int = 0) -> bytes:
        """A genuine letter."""
        return letter(
            name,
            token=self.tokens[reader],
            one_click=self.one_clicks[reader],
            message_id=self.message_ids[reader],
        )

    def drop(self, *letters: bytes) -> str:
        """Put letters into a Maildir; returns its path."""
        folder = self.root / "var" / "bounces"
        for part in ("new", "cur"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(letters):
            (folder / "new" / f"{number}.host").write_bytes(data)
        return str(folder)

    def states(self) -> list[str]:
        """Of the two readers."""
        with open_delivery_context(self.root, os.environ) as delivery:
            return [one.state for one in delivery.store.people.all()]


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    """Two readers, one issue."""
    (tmp_path / "config.toml").write_text(CONFIG + 'bounce_address = "bounces@example.org"\n')
    new_database(tmp_path / "var" / "newsfeed.db")
    with open_delivery_context(tmp_path, os.environ) as delivery:
        jane = person("jane", address="jane.doe@example.net")
        readers = delivery.store.people.save([jane, person("john")])
        plan(delivery.store, readers)
        return Sent(tmp_path, *map(list, zip(*_tokens(delivery), strict=True)))


def _tokens(delivery: DeliveryContext) -> Iterator[tuple[str, str, str]]:
    for reader in delivery.store.people.all():
        ((_, row),) = delivery.store.issues.deliveries(reader.id)
        bounce = tokens.make_mail_token(
            delivery.secret, purpose="bounce", digest="staff", id=row.id, holder=reader.key
        )
        click = tokens.make_token(
            delivery.secret, purpose="one-click", digest="staff", id=reader.id, holder=reader.key
        )
        yield bounce, click, row.message_id


def test_a_maildir_is_read(sent: Sent) -> None:
    """One reader's mailbox is gone, the other's is full; a second round finds nothing new."""
    folder = sent.drop(
        sent.returned("postfix-unknown"), sent.returned("postfix-full", 1), letter("qmail-unsigned")
    )
    done = sent.bounces("--maildir", folder, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "read": 3,
        "stopped": 1,
        "outcomes": {"hard": 1, "soft": 1, "unsigned": 1},
    }
    assert sent.states() == ["bounced", "active"]
    again = sent.bounces("--maildir", folder)
    assert again.returncode == 0
    assert again.stdout.splitlines() == ["0 messages read; 0 people are not written to any more"]


@pytest.mark.parametrize("name", ["complaint-yahoo", "complaint-redacted"])
def test_a_complaint_ends_the_digest_and_is_on_record(sent: Sent, name: str) -> None:
    """With the store that real sites have. The address is not forbidden: the reader may ask again."""
    folder = sent.drop(sent.returned(name), sent.returned(name))
    assert sent.bounces("--maildir", folder).returncode == 0
    assert sent.states() == ["complained", "active"]
    with open_delivery_context(sent.root, os.environ) as delivery:
        hashed = delivery.hash_address("jane.doe@example.net")
        assert delivery.store.people.suppressions([hashed]) == {}
        first = next(iter(delivery.store.people.all()))
        assert [one.how for one in delivery.store.people.consents(first.key)] == ["complained"]


def test_the_foot_of_a_forwarded_mail_ends_nothing(sent: Sent) -> None:
    """Its link is genuine, the Message-ID is another reader's: nobody is touched."""
    forged = letter("complaint-redacted", one_click=sent.one_clicks[0], message_id=sent.message_ids[1])
    folder = sent.drop(forged, letter("complaint-redacted", one_click=sent.one_clicks[0]))
    assert sent.bounces("--maildir", folder).returncode == 0
    assert sent.states() == ["active", "active"]


def test_people_read_sentences(sent: Sent) -> None:
    """Each outcome with its number."""
    folder = sent.drop(sent.returned("postfix-policy"), letter("postfix-unknown"))
    assert sent.bounces("--maildir", folder).stdout.splitlines() == [
        "2 messages read; 0 people are not written to any more",
        "  1  refused because of the sender, not of the reader",
        "  1  reports whose token proves nothing: they touch nobody",
    ]


def test_a_full_round_says_that_there_may_be_more(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a mail bomb."""
    monkeypatch.setattr(returned_mails, "MOST", 2)
    folder = sent.drop(*[letter("away-sieve-de")] * 3)
    assert (
        sent.bounces("--maildir", folder).stdout.splitlines()[-1]
        == "there may be more: run the command again"
    )


def test_what_is_configured_is_read_when_nothing_is_named(
    sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Maildir and the IMAP mailbox; with ``--imap`` only that one."""
    sent.drop(sent.returned("postfix-unknown"))
    monkeypatch.setenv("NEWSFEED_IMAP_PASSWORD", PASSWORD)
    with serving(Store([sent.returned("postfix-full", 1), letter("receipt")])) as held:
        with (sent.root / "config.toml").open("a") as file:
            file.write('[mailboxes.maildir]\npath = "var/bounces"\n[mailboxes.imap]\nhost = "127.0.0.1"\n')
            file.write(f'port = {held.port}\nsecurity = "none"\nusername = "{USERNAME}"\n')
        assert json.loads(sent.bounces("--imap", "--json").stdout)["outcomes"] == {"soft": 1, "auto-reply": 1}
        held.seen.clear()
        both = sent.bounces("--json")
    assert json.loads(both.stdout) == {
        "read": 3,
        "stopped": 1,
        "outcomes": {"hard": 1, "auto-reply": 1, "repeated": 1},
    }


@pytest.mark.parametrize("words", ["", "--imap", "--maildir x -"])
def test_a_command_that_makes_no_sense_is_refused(sent: Sent, words: str) -> None:
    """Nothing configured, or two mailboxes at a time."""
    done = sent.bounces(*words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert "mailbox" in done.stderr or "only one of" in done.stderr


def test_a_store_in_trouble_leaves_the_message_in_the_mailbox(sent: Sent) -> None:
    """It is read again when the store is well."""
    folder = sent.drop(sent.returned("postfix-unknown"))
    with sqlite3.connect(sent.root / "var" / "newsfeed.db") as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON bounces BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    assert sent.bounces("--maildir", folder).returncode == 3
    assert len(list((Path(folder) / "new").iterdir())) == 1
    with sqlite3.connect(sent.root / "var" / "newsfeed.db") as database:
        database.execute("DROP TRIGGER full")
    assert sent.bounces("--maildir", folder).returncode == 0
    assert sent.states()[0] == "bounced"


# -- one message from a pipe ---------------------------------------------------------------------


def test_a_pipe_is_quiet(sent: Sent) -> None:
    """Mail systems log what a program says."""
    done = sent.bounces("-", stdin=sent.returned("postfix-unknown"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sent.states() == ["bounced", "active"]


def test_a_pipe_can_answer_programs(sent: Sent) -> None:
    """When asked to."""
    done = sent.bounces("-", "--json", stdin=letter("postfix-unknown"))
    assert done.returncode == 0
    assert json.loads(done.stdout)["outcomes"] == {"forged": 1}


@pytest.mark.parametrize("error", [OutsideError("the disk is full"), ProblemsFound([]), ZeroDivisionError()])
def test_any_trouble_of_ours_makes_the_mail_system_try_later(
    sent: Sent, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """With any other exit status it would drop the report, or bounce the bounce."""

    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(process, "read_returned_mails", broken)
    done = sent.bounces("-", stdin=sent.returned("postfix-unknown"))
    assert done.returncode == TRY_LATER
    assert "example.net" not in done.stderr


def test_a_site_that_cannot_be_opened_makes_the_mail_system_try_later(tmp_path: Path) -> None:
    """Its configuration may be mended before the mail system gives up."""
    assert newsfeed("-C", tmp_path, "bounces", "-").returncode == TRY_LATER
