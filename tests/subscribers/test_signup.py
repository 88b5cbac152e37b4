"""`newsfeed.subscribers.signup` and `newsfeed.delivery.outbox` over a real store and the folder channel."""

import itertools
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from newsfeed.channels.folder import FolderChannel
from newsfeed.config import bundled
from newsfeed.conversations import Wait
from newsfeed.core.people import tokens
from newsfeed.delivery import outbox
from newsfeed.delivery.outbox import send_outbox
from newsfeed.errors import UsageError
from newsfeed.i18n.catalogues import load_texts
from newsfeed.records import Reply
from newsfeed.render.templates import Templates
from newsfeed.stores.sql import open_store
from newsfeed.subscribers import signup
from newsfeed.subscribers.held_data import HeldDataContext
from newsfeed.subscribers.signup import PreferenceChanges, SignupContext
from newsfeed.testing import CONFIG, settings_from
from tests.contracts.stores import new_database

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
SECRET = b"0123456789abcdef"
URL = "https://test.example/confirm/"


def _hash(address):
    return tokens.hash_address(SECRET, address)


@pytest.fixture
def context(tmp_path):
    """A counter without people."""
    settings = settings_from(CONFIG + f'confirm_url = "{URL}"\n')
    texts, _ = load_texts(settings, tmp_path / "locales", bundled.locales())
    keys = (f"key-{number}" for number in itertools.count())
    new_database(tmp_path / "a.db")
    with open_store(f"sqlite:///{tmp_path}/a.db", hash_address=_hash) as store:
        yield SignupContext(
            settings=settings,
            people=store.people,
            outbox=store.outbox,
            shown_pages=store.shown_pages,
            address_changes=store.address_changes,
            held=HeldDataContext(
                people=store.people,
                issues=store.issues,
                bounces=store.bounces,
                shown_pages=store.shown_pages,
                address_changes=store.address_changes,
            ),
            secret=SECRET,
            texts=texts,
            templates=Templates(tmp_path / "templates", bundled.templates(), texts),
            new_key=lambda: next(keys),
        )


def _ask(context, address="anna@test.example", now=NOW, language="de", topics=("water",)):
    request = signup.DigestRequest(
        address=address, name="Anna", languages=(language,), digest="staff", topics=topics
    )
    signup.request_digest(context, request, now)


def _mails(context, now=NOW):
    sent = context.outbox.due(now, 100)
    for mail in sent:
        context.outbox.reschedule(mail.id, None)
    return [message_from_bytes(mail.message.data, policy=policy.default) for mail in sent]


def _token(mail):
    text = mail.get_body(("plain",)).get_content()
    return next(line for line in text.splitlines() if line.startswith(URL)).removeprefix(URL)


def _asked_and_confirmed(context):
    _ask(context)
    token = _token(_mails(context)[0])
    assert signup.confirm_digest(context, token, NOW).done
    return context.people.find("anna@test.example")


def _link(person, purpose):
    return tokens.make_token(SECRET, purpose=purpose, digest="staff", id=person.id, holder=person.key)


def test_a_confirmed_reader_gets_what_they_asked_for(context):
    """Language and topics of the request count once it is confirmed, and both steps are on record."""
    person = _asked_and_confirmed(context)
    assert (person.state, person.languages) == ("active", ("de",))
    assert person.subscriptions["staff"].topics == ("water",)
    record = context.people.consents(person.key)
    assert [(one.how, one.wording, one.language) for one in record] == [
        ("asked", signup.WORDING, "de"),
        ("confirmed", signup.WORDING, "de"),
    ]


def test_before_the_confirmation_nothing_is_in_force(context):
    """A stranger may have asked."""
    _ask(context)
    person = context.people.find("anna@test.example")
    assert (person.state, dict(person.subscriptions)) == ("pending", {})


def test_the_mail_names_nobody_and_is_no_list_mail(context):
    """The name field was a way to send strangers a text."""
    request = signup.DigestRequest(
        address="anna@test.example", name="BUY http://evil.example", languages=("fr",), digest="staff"
    )
    signup.request_digest(context, request, NOW)
    [mail] = _mails(context)
    assert "evil" not in mail.as_string()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert not [name for name in mail if name.startswith("List-")]
    assert mail["To"] == "anna@test.example"
    assert mail["Content-Language"] == "fr"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert _token(mail) in mail.get_body(("html",)).get_content()


def test_whoever_is_asked_for_the_answer_is_the_same(context):
    """No form may be used to find out who reads what, or to bomb somebody."""
    person = _asked_and_confirmed(context)
    context.people.suppress(_hash("gone@test.example"), "erased", NOW)
    for address in (person.address, "gone@test.example", "no address", "new@test.example"):
        assert _ask(context, address) is None
    assert [mail["To"] for mail in _mails(context)] == ["new@test.example"]


def test_nobody_is_bombed_with_confirmations(context):
    """One a day that waits for an answer; the next day there may be another."""
    for _ in range(10):
        _ask(context)
    assert len(_mails(context)) == 1
    _ask(context, now=NOW + timedelta(days=1, minutes=1))
    assert len(_mails(context, NOW + timedelta(days=1, minutes=1))) == 1


def test_consents_are_read_once_for_a_request(context, monkeypatch):
    """They are all that a person ever did; a stranger who asks often makes the store read them often."""
    _ask(context)
    _mails(context)
    people, asked = context.people, []
    monkeypatch.setattr(
        people, "consents", lambda key: asked.append(key) or type(people).consents(people, key)
    )
    _ask(context, now=NOW + timedelta(days=2))
    assert len(_mails(context, NOW + timedelta(days=2))) == 1
    assert len(asked) == 1


def test_opening_the_link_twice_is_no_error(context):
    """Mail scanners open links, too."""
    _ask(context)
    token = _token(_mails(context)[0])
    first = signup.confirm_digest(context, token, NOW)
    assert signup.confirm_digest(context, token, NOW + timedelta(days=1)) == first
    assert len(context.people.consents()) == 2


def test_an_old_link_brings_nobody_back_who_left(context):
    """Only a new request and its confirmation do."""
    _ask(context)
    token = _token(_mails(context)[0])
    signup.confirm_digest(context, token, NOW)
    person = context.people.find("anna@test.example")
    assert signup.leave_by_one_click(context, _link(person, "one-click"), NOW).done
    assert not signup.confirm_digest(context, token, NOW).done
    assert context.people.find("anna@test.example").state == "left"
    _ask(context, now=NOW + timedelta(hours=1))
    [mail] = _mails(context, NOW + timedelta(hours=1))
    assert signup.confirm_digest(context, _token(mail), NOW + timedelta(hours=2)).done


def test_a_link_is_good_for_a_week_and_for_one_purpose(context):
    """A token of another purpose, holder or time does nothing."""
    _ask(context)
    token = _token(_mails(context)[0])
    person = context.people.find("anna@test.example")
    assert not signup.confirm_digest(context, token, NOW + timedelta(days=8)).done
    for verb in (signup.leave_digest, signup.leave_by_one_click):
        assert verb(context, token, NOW) == signup.SignupResult(False, signup.NOT_VALID)
    assert not signup.confirm_digest(context, _link(person, "leave"), NOW).done
    assert not signup.confirm_digest(context, "", NOW).done
    assert signup.confirm_digest(context, token, NOW + timedelta(days=7)).done


def test_leaving_is_recorded_once_and_always_succeeds(context):
    """By page and by mail program, in any order."""
    person = _asked_and_confirmed(context)
    for _ in range(2):
        assert signup.leave_digest(context, _link(person, "leave"), NOW) == signup.SignupResult(
            True, signup.LEFT, "staff"
        )
        assert signup.leave_by_one_click(context, _link(person, "one-click"), NOW).done
    assert [one.how for one in context.people.consents(person.key)] == ["asked", "confirmed", "left"]
    assert context.people.get(person.id).state == "left"


def test_wishes_are_checked_and_recorded(context):
    """What the site does not have is refused as a whole."""
    person = _asked_and_confirmed(context)
    token = _link(person, "change")
    good = PreferenceChanges(languages=("fr", "de"), topics=("energy",), frequency="monthly")
    for _ in range(2):
        assert signup.change_preferences(context, token, good, NOW).done
    changed = context.people.get(person.id)
    assert changed.languages == ("fr", "de")
    place = changed.subscriptions["staff"]
    assert (place.topics, place.frequency) == (("energy",), "monthly")
    assert [one.how for one in context.people.consents(person.key)].count("changed") == 1
    for bad in (
        PreferenceChanges(languages=("xx",)),
        PreferenceChanges(languages=()),
        PreferenceChanges(topics=("x",)),
        PreferenceChanges(frequency="x"),
    ):
        assert signup.change_preferences(context, token, bad, NOW).message == signup.NOT_POSSIBLE
    assert not signup.change_preferences(context, "x" * 22, good, NOW).done


def test_who_does_not_confirm_is_forgotten(context):
    """After the link's last day; who confirmed stays."""
    _asked_and_confirmed(context)
    _ask(context, "slow@test.example")
    assert signup.forget_unconfirmed(context.people, NOW + timedelta(days=7)) == 0
    assert signup.forget_unconfirmed(context.people, NOW + timedelta(days=9)) == 1
    assert [one.address for one in context.people.all()] == ["anna@test.example"]


def test_a_site_without_pages_takes_no_requests(context):
    """The operator is told, not the visitor."""
    bare = replace(context, settings=settings_from())
    with pytest.raises(UsageError, match="confirm_url"):
        _ask(bare)
    request = signup.DigestRequest(address="a@test.example", languages=("en",), digest="other")
    with pytest.raises(UsageError, match="no digest"):
        signup.request_digest(context, request, NOW)


def test_the_outbox_is_sent_once(context, tmp_path):
    """Through a channel like any other."""
    _ask(context)
    channel = FolderChannel(tmp_path / "out")
    for _ in range(2):
        assert not send_outbox(context.outbox, channel.open, NOW)
    assert len(list((tmp_path / "out").glob("*.eml"))) == 1


class _Moody:
    """A wire that gives the same answer to everything; none at all to ``slow`` domains, before the dot or to it."""

    def __init__(self, reply, slow=(), *, at_dot=False):
        self.reply, self.slow, self.at_dot = reply, slow, at_dot
        self.offered, self.taken, self.closed = [], [], 0

    def offering(self, message):
        self.offered.append(message.message_id)
        self.recipient = message.recipient
        if not self.at_dot:
            yield from self._think()

    def finishing(self, following=None):
        yield from self._think()
        self.taken.append(self.recipient)
        return self.reply

    def close(self):
        self.closed += 1

    def _think(self):
        if self.recipient.endswith(tuple(self.slow)):
            yield Wait(time.monotonic() + 3600)


@pytest.mark.parametrize("at_dot", [False, True])
def test_a_server_that_keeps_us_waiting_holds_up_nobody_else(context, monkeypatch, at_dot):
    """Anybody can ask for mails to addresses at one of theirs; each of its domains costs one patience."""
    monkeypatch.setattr(outbox, "PATIENCE", 0.05)
    for name in (
        "a@slow.example",
        "b@slow.example",
        "c@slow.example",
        "anna@test.example",
        "ben@test.example",
    ):
        _ask(context, name)
    session = _Moody(Reply(250, "2.0.0", "ok", "dot"), ["@slow.example"], at_dot=at_dot)
    assert not send_outbox(context.outbox, lambda: session, NOW, calls_strangers=True)
    assert session.taken == ["anna@test.example", "ben@test.example"]
    assert len(session.offered) == 3
    assert session.closed == 2
    later = NOW + timedelta(minutes=16)
    assert {mail.message.recipient[0] for mail in context.outbox.due(later, 9)} == {"a", "b", "c"}


def test_who_takes_a_mail_and_never_says_so_has_it_by_now(context, monkeypatch):
    """Four times, where the server is one of the readers' own; a relay of ours is asked till the mail expires."""
    monkeypatch.setattr(outbox, "PATIENCE", 0.02)
    _ask(context, "a@slow.example")
    session = _Moody(Reply(250, "2.0.0", "ok", "dot"), ["@slow.example"], at_dot=True)
    for number in range(9):
        moment = NOW + timedelta(minutes=16 * number)
        send_outbox(context.outbox, lambda: session, moment, calls_strangers=True)
    assert len(session.offered) == 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reply", "tries"),
    [
        (Reply(250, "2.0.0", "ok", "dot"), 1),
        (Reply(550, "5.1.1", "no such user", "dot"), 1),
        (Reply(451, "4.3.0", "later", "dot"), 9),
        (Reply(0, "", "", "dot"), 9),
    ],
)
def test_service_mails_are_tried_until_taken_refused_or_expired(context, reply, tries):
    """With the same Message-ID each time."""
    _ask(context)
    session = _Moody(reply)
    for hour in range(24 * 9):
        send_outbox(context.outbox, lambda: session, NOW + timedelta(hours=hour))
    assert len(set(session.offered)) == 1
    assert len(session.offered) == 1 if tries == 1 else len(session.offered) >= tries
    assert context.outbox.due(NOW + timedelta(days=30), 1) == []
