"""What replies say of a whole group of receivers."""

import pytest

from newsfeed.core.delivery.receivers.refusals import describe, knows_nobody, wants_less
from newsfeed.records import Reply


@pytest.mark.parametrize(
    ("code", "enhanced", "text", "stage"),
    [
        (421, "4.7.0", "Temporary rate limited", "mail"),
        (421, "", "mwinf5c04 ME Service refuse. Veuillez essayer plus tard", "rcpt"),
        (421, "4.7.28", "unusual rate of mail from your address", "rcpt"),
        (421, "", "too many connections", "connect"),
        (0, "", "it does not answer", "connect"),
        (451, "4.7.650", "the mail server has been temporarily rate limited", "rcpt"),
        (450, "4.7.28", "our system has detected an unusual rate", "dot"),
        (451, "4.7.1", "try again later", "mail"),
        (450, "4.7.0", "reputation", "dot"),
        (451, "4.3.2", "server busy", "mail"),
        (452, "4.4.5", "congestion", "rcpt"),
        (450, "", "too many messages in this session", "mail"),
        (451, "", "Rate limit exceeded", "dot"),
        (554, "", "no mail from your network", "connect"),
        (550, "5.7.1", "blocked, too many complaints", "mail"),
    ],
)
def test_some_replies_ask_for_less(code: int, enhanced: str, text: str, stage: str) -> None:
    """Even the first one."""
    assert wants_less(Reply(code, enhanced, text, stage, "mx"), 0)


@pytest.mark.parametrize(
    ("code", "enhanced", "text", "stage"),
    [
        (250, "2.0.0", "taken", "dot"),
        (550, "5.7.1", "this looks like spam", "dot"),
        (550, "5.1.8", "your domain does not exist", "mail"),
        (0, "", "it closed the connection", "dot"),
        (452, "4.2.2", "mailbox full", "rcpt"),
        (450, "4.2.1", "this user gets too much mail", "rcpt"),
        (450, "4.7.0", "held back", "held"),
        (451, "4.7.24", "SPF says no", "mail"),
        (451, "4.7.5", "certificate", "connect"),
        (451, "4.3.0", "local error", "dot"),
        (451, "", "local error", "dot"),
    ],
)
def test_others_are_about_one_message_or_one_reader(code: int, enhanced: str, text: str, stage: str) -> None:
    """However often they come."""
    assert not wants_less(Reply(code, enhanced, text, stage, "mx"), 5)


def test_greylisting_is_not_held_against_a_group() -> None:
    """The first two tries of a message may be told to come back; then it is something else."""
    reply = Reply(450, "4.7.1", "greylisted, see you in a minute", "rcpt", "mx")
    assert [wants_less(reply, tries) for tries in range(4)] == [False, False, True, True]
    plain = Reply(451, "", "try again later", "rcpt", "mx")
    assert not any(wants_less(plain, tries) for tries in range(4))


@pytest.mark.parametrize(
    ("reply", "unknown"),
    [
        (Reply(550, "5.1.1", "no such user", "rcpt"), True),
        (Reply(550, "5.2.1", "mailbox disabled", "rcpt"), True),
        (Reply(550, "", "Recipient unknown", "rcpt"), True),
        (Reply(550, "", "Adresse d'un destinataire inconnue", "rcpt"), True),
        (Reply(550, "", "go away", "rcpt"), False),
        (Reply(550, "5.7.1", "unknown client", "rcpt"), False),
        (Reply(550, "5.1.8", "unknown sender", "mail"), False),
        (Reply(450, "4.1.1", "not yet known", "rcpt"), False),
        (Reply(250, "2.1.5", "fine", "rcpt"), False),
    ],
)
def test_unknown_users_are_told_apart(reply: Reply, unknown: bool) -> None:
    """A bare code needs words: many refuse us with the same one."""
    assert knows_nobody(reply) is unknown


def test_a_reason_is_one_line() -> None:
    """As people read it."""
    assert describe(Reply(421, "4.7.0", "busy", "mail", "mx")) == "421 4.7.0 busy"
    assert describe(Reply(0, "", "it does not answer", "connect", "mx")) == "not reached it does not answer"
