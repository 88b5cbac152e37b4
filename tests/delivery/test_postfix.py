"""The whole way through a real mail system: our sender, Postfix, Dovecot, and back as a bounce."""

import email
import email.policy
import os
import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bench.sink import FINE, Sink
from bench.site import LANGUAGES, MONDAY, Made, make_site
from newsfeed.app.delivery import DeliveryContext, open_round_context
from newsfeed.bounces.process import BounceContext as Returned
from newsfeed.bounces.process import read_returned_mails
from newsfeed.delivery.rounds import run_send_round
from newsfeed.subscribers.roster import ImportPlan, import_people
from tests.delivery.mail_system import MailSystem, mail_system
from tests.delivery.sites import delivery, states, wait_until
from tests.peers.need import need_module

ANNA, BERT, NOBODY = "anna@good.example", "bert@good.example", "nobody@good.example"
REMOTE, FAR = "gone@remote.example", "jürgen@remote.example"


@pytest.fixture(scope="module")
def system() -> Iterator[MailSystem]:
    """One for all tests here; the far server knows no mailbox, and no SMTPUTF8."""
    far = Sink(utf8=False)
    far.reply = lambda stage, _: b"550 5.1.1 no such mailbox here\r\n" if stage == "rcpt" else FINE
    far.start()
    with mail_system(far.port) as found:
        yield found
    far.close()


def posted(tmp_path, port: int, people: dict[str, str]) -> Made:
    """A site with these people (address → language), its issue sent."""
    made = make_site(tmp_path / "site", port=port, mail='bounce_address = "bounces@test.example"')
    with delivery(made) as context:
        lines = ["email,name,language", *(f"{address},,{language}" for address, language in people.items())]
        plan = ImportPlan("staff", "on paper", "test", LANGUAGES, ())
        now = MONDAY - timedelta(days=20)
        outcomes = [
            line.outcome for line in import_people(context.roster_context, "\n".join(lines), plan, now)
        ]
        assert set(outcomes) == {"added"}
        send(context)
    return made


def send(context: DeliveryContext) -> None:
    """One round."""
    run_send_round(
        open_round_context(context, lambda: MONDAY, lambda *_: None, os.environ), threading.Event()
    )


def test_good_mail_is_read_over_imap_and_failures_come_back_to_their_reader(tmp_path, system):
    """An unknown mailbox is refused at once. One that fails further on comes back as a DSN to the
    signed return path, and stops exactly that reader; our reading and flufl.bounce agree.
    """
    people = {ANNA: "en", BERT: "de", NOBODY: "fr", REMOTE: "nl"}
    made = posted(tmp_path, system.smtp, people)
    assert states(made) == {"accepted": 3, "refused": 1}
    one_click = ("HEADER", "List-Unsubscribe-Post", "One-Click")
    for reader, language in ((ANNA, "en"), (BERT, "de")):
        wait_until(lambda reader=reader: bool(system.mails(reader, *one_click)))
        (data,) = system.mails(reader, *one_click)
        mail = email.message_from_bytes(data, policy=email.policy.default)
        assert mail["Content-Language"] == language
        assert "(well)" in mail.get_body(("plain",)).get_content()
        token = re.search(r"<bounces\+([a-z2-7]{26})@test\.example>", data.decode())
        assert token, "the return path is signed"
    wait_until(lambda: bool(system.mails("bounces@test.example")))
    (report,) = system.mails("bounces@test.example")
    flufl = need_module("flufl.bounce")
    assert flufl.scan_message(email.message_from_bytes(report)) == {REMOTE.encode()}
    with delivery(made) as context:
        back = Returned(context.store.people, context.store.bounces, context.secret)
        later = MONDAY + timedelta(hours=1)
        counts = read_returned_mails(back, [report, report], later)
        assert (counts.outcomes, counts.stopped) == ({"hard": 1, "repeated": 1}, 1)
        assert context.store.people.find(REMOTE).state == "bounced"
        assert context.store.people.find(ANNA).state == "active"
        forged = report.replace(re.search(rb"bounces\+([a-z2-7]{26})", report)[1], b"a" * 26)
        assert read_returned_mails(back, [forged], later).outcomes == {"forged": 1}


def test_a_local_part_beyond_ascii_that_fails_further_on_affects_nobody_else(tmp_path, system):
    """Postfix offers SMTPUTF8 and takes it; the server behind it does not.

    So Postfix gives up with 5.6.7. (Its report is an SMTPUTF8 message itself, which Dovecot 2.3 cannot be handed.)
    """
    known = len(system.mails(ANNA))
    made = posted(tmp_path, system.smtp, {FAR: "de", ANNA: "en"})
    assert states(made) == {"accepted": 2}
    wait_until(lambda: "5.6.7" in system.log())
    wait_until(lambda: len(system.mails(ANNA)) > known)


@pytest.mark.parametrize("offers", [True, False])
def test_smtputf8_or_one_clear_refusal(tmp_path, offers):
    """Delivered where it is offered; where not, this reader's delivery is refused and others go on."""
    relay = Sink(utf8=offers).start()
    made = posted(tmp_path, relay.port, {FAR: "de", ANNA: "en"})
    relay.close()
    reached = {one.recipient for one in relay.taken}
    assert reached == ({FAR, ANNA} if offers else {ANNA})
    assert states(made) == ({"accepted": 2} if offers else {"accepted": 1, "refused": 1})
