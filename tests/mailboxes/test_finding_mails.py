"""Looking for one mail on an IMAP server: nothing is changed by it."""

from pathlib import Path

import pytest

from newsfeed.errors import OutsideError
from newsfeed.mailboxes.imap import ImapMailbox
from newsfeed.service_ports import ArrivedMail
from tests.mailboxes.imap_server import PASSWORD, USERNAME, Store, serving
from tests.mailboxes.tables import open_from_table

MAILS = [
    b"Subject: one\nMessage-ID: <1@a.test>\n\nfirst\n",
    b"Message-ID: <2@a.test>\nSubject: two\n\nsecond\n",
]


def box(held: Store) -> ImapMailbox:
    """The mailbox on that server."""
    table = {"host": "127.0.0.1", "port": held.port, "security": "none", "username": USERNAME}
    found = open_from_table("imap", Path(), table, {"NEWSFEED_IMAP_PASSWORD": PASSWORD})
    assert isinstance(found, ImapMailbox)
    return found


def test_a_mail_is_found_by_its_id_and_left_as_it_is() -> None:
    """Only its headers are read, and no other mail's."""
    with serving(Store(list(MAILS))) as held:
        found = box(held).find("<2@a.test>")
        assert found == ArrivedMail("INBOX", b"Message-ID: <2@a.test>\nSubject: two\n\n")
        assert held.seen == set()
        assert not any("STORE" in one or one.startswith("SELECT") for one in held.commands)
        assert sum("FETCH" in one for one in held.commands) == 1


def test_spam_is_looked_through_as_well() -> None:
    """Where the server says which folder that is (RFC 6154)."""
    with serving(Store(list(MAILS), junk="Junk E-Mail")) as held:
        found = box(held).find("<1@a.test>")
    assert found is not None
    assert (found.folder, found.is_junk) == ("Junk E-Mail", True)


def test_a_mail_that_is_not_there_yet_is_no_error() -> None:
    """Nor is one that went while it was looked at, or a server that lists no folders."""
    with serving(Store(list(MAILS), refuses="LIST")) as held:
        assert box(held).find("<3@a.test>") is None
    with serving(Store(list(MAILS), expunged={101})) as held:
        assert box(held).find("<1@a.test>") is None


def test_a_folder_that_is_not_there_is_told() -> None:
    """As every other trouble of the server."""
    with (
        serving(Store(list(MAILS), folder="Other")) as held,
        pytest.raises(OutsideError, match="IMAP server"),
    ):
        box(held).find("<1@a.test>")
