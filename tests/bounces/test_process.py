"""The bounce verb: genuine reports touch the holder of their token, all others touch nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsfeed.bounces.process import (
    OUTCOMES,
    BounceContext,
    BounceCounts,
    read_returned_mails,
    record_refusal,
)
from newsfeed.core.delivery.verp import find_tokens, make_return_path
from newsfeed.core.people import tokens
from newsfeed.core.people.subscription import has_withdrawn, make_consent
from newsfeed.errors import StaleError
from newsfeed.records import AddressedDelivery, Consent, Delivery, Reply, Subscriber, Subscription
from newsfeed.testing import MemoryBounces, MemoryPeople
from tests.mailboxes.letters import NAMES, READER, letter

NOW = datetime(2010, 2, 8, 12, tzinfo=UTC)
SECRET = b"a secret of tests"
DELIVERIES = {7: (1, "staff"), 8: (2, "staff"), 9: (1, "partners"), 10: (1, "staff"), 11: (1, "staff")}
COUNTED = {
    "complaint-microsoft": "complaint",
    "complaint-redacted": "complaint",
    "complaint-yahoo": "complaint",
    "exchange-full-fr": "soft",
    "exchange-unknown": "hard",
    "exchange-unknown-nl": "hard",
    "exim-old": "soft",
    "exim-unknown": "hard",
    "forwarded-unknown": "soft",
    "gmail-delayed": "delayed",
    "gmail-unknown": "hard",
    "postfix-delayed": "delayed",
    "postfix-expired": "policy",
    "postfix-full": "soft",
    "postfix-policy": "policy",
    "postfix-unknown": "hard",
    "postfix-unknown-de": "hard",
    "qmail-refused": "soft",
    "qmail-unknown": "hard",
    "qmail-unsigned": "unsigned",
    "sendmail-unknown": "hard",
    "smtputf8-unknown": "hard",
}
"""Letter → what a genuine one counts as; the others are answers and mails about something else."""


def a_reader(number: int, address: str, *digests: str) -> Subscriber:
    """Somebody active, with a key of their own."""
    return Subscriber(
        id=number,
        key=f"key{number}",
        address=address,
        languages=("en",),
        state="active",
        subscriptions={name: Subscription(digest=name) for name in digests},
    )


def a_context(*readers: Subscriber) -> BounceContext:
    """Two readers, five deliveries."""
    people = MemoryPeople(
        readers or (a_reader(1, READER, "staff", "partners"), a_reader(2, "john.roe@example.net", "staff"))
    )
    return BounceContext(people, MemoryBounces(people, DELIVERIES), SECRET)


def token(delivery: int = 7, **changed: str) -> str:
    """The token of a delivery; with changes, somebody else's or somebody's forgery."""
    subscriber, digest = DELIVERIES.get(delivery, (1, "staff"))
    claims = {"purpose": "bounce", "digest": digest, "holder": f"key{subscriber}", **changed}
    secret = claims.pop("secret", "").encode() or SECRET
    return tokens.make_mail_token(secret, id=delivery, **claims)  # type: ignore[arg-type]


def one_click(subscriber: int = 1, purpose: str = "one-click", digest: str = "staff") -> str:
    """The token of an unsubscribe link."""
    return tokens.make_token(SECRET, purpose=purpose, digest=digest, id=subscriber, holder=f"key{subscriber}")


def returned(name: str, delivery: int = 7) -> bytes:
    """A genuine letter about a delivery."""
    number, digest = DELIVERIES[delivery]
    return letter(
        name,
        token=token(delivery),
        one_click=one_click(number, digest=digest),
        message_id=f"<{digest}.{delivery}@test.example>",
    )


def states(context: BounceContext) -> dict[int, str]:
    """Subscriber → state."""
    return {one.id: one.state for one in context.people.all()}


def untouched(context: BounceContext) -> bool:
    """Whether nobody was touched, and nothing kept."""
    people, bounces = context.people, context.bounces
    assert isinstance(people, MemoryPeople)
    assert isinstance(bounces, MemoryBounces)
    active = all(one.state == "active" and one.revision == 0 for one in people.all())
    return active and not (people.chain or people.suppressed or bounces.bounces)


def outcome(counts: BounceCounts) -> str:
    """The one outcome of a round with one message."""
    assert counts.read == 1
    ((name, number),) = counts.outcomes.items()
    assert (name in OUTCOMES, number) == (True, 1)
    return name


@pytest.mark.parametrize("name", NAMES)
def test_a_genuine_letter_counts_as_what_it_is(name: str) -> None:
    """Of every server, in every language."""
    answers = {"receipt": "auto-reply"}
    expected = COUNTED.get(name, answers.get(name, "auto-reply" if name.startswith("away") else "unrelated"))
    assert outcome(read_returned_mails(a_context(), [returned(name)], NOW)) == expected


def test_a_hard_bounce_ends_at_once() -> None:
    """The mailbox does not exist: one is enough. The record says why."""
    context = a_context()
    counts = read_returned_mails(context, [returned("postfix-unknown")], NOW)
    assert (counts.stopped, states(context)) == (1, {1: "bounced", 2: "active"})
    (kept,) = context.bounces.of_subscriber(1, NOW)
    assert (kept.delivery_id, kept.kind, kept.status, kept.at) == (7, "hard", "5.1.1", NOW)
    assert "User unknown" in kept.detail
    assert "@" not in kept.detail
    records = context.people.consents("key1")
    assert {(one.digest, one.how, one.at) for one in records} == {
        ("staff", "bounced", NOW),
        ("partners", "bounced", NOW),
    }


def test_who_bounced_may_confirm_again() -> None:
    """The address is not forbidden for ever; and old bounces do not count against the new start."""
    context = a_context()
    read_returned_mails(context, [returned("postfix-unknown", 7)], NOW)
    hashed = tokens.hash_address(SECRET, READER)
    assert context.people.suppressions([hashed]) == {}
    (gone,) = (one for one in context.people.all() if one.id == 1)
    back = replace(gone, state="active")
    later = NOW + timedelta(days=3)
    context.people.save([back], [make_consent(back, "staff", later, how="confirmed", wording="yes")])
    counts = read_returned_mails(
        context, [returned("postfix-full", 10), returned("postfix-unknown", 7)], later + timedelta(days=1)
    )
    assert (counts.outcomes, counts.stopped) == ({"soft": 1, "repeated": 1}, 0)
    assert states(context)[1] == "active"


COMPLAINTS = ["complaint-yahoo", "complaint-microsoft", "complaint-redacted"]


@pytest.mark.parametrize("name", COMPLAINTS)
def test_a_complaint_ends_the_digest_it_is_about(name: str) -> None:
    """The reader goes on reading the other one; the record says why, and no import brings the digest back."""
    context = a_context()
    counts = read_returned_mails(context, [returned(name)], NOW)
    assert (outcome(counts), counts.stopped) == ("complaint", 0)
    assert states(context) == {1: "active", 2: "active"}
    (reader, _) = context.people.all()
    assert set(reader.subscriptions) == {"partners"}
    records = context.people.consents("key1")
    assert [(one.digest, one.how, one.source) for one in records] == [("staff", "complained", "complaint")]
    assert has_withdrawn(records, "staff")
    assert not has_withdrawn(records, "partners")


@pytest.mark.parametrize("name", COMPLAINTS)
def test_who_complains_of_all_they_read_is_not_written_to_any_more(name: str) -> None:
    """One complaint for each digest. The address is not forbidden: they may confirm again."""
    context = a_context()
    counts = read_returned_mails(context, [returned(name), returned(name, 9)], NOW)
    assert (counts.outcomes, counts.stopped) == ({"complaint": 2}, 1)
    assert states(context) == {1: "complained", 2: "active"}
    assert context.people.suppressions([tokens.hash_address(SECRET, READER)]) == {}


@pytest.mark.parametrize("name", COMPLAINTS)
def test_a_complaint_read_twice_counts_once(name: str) -> None:
    """Whichever way it was proved."""
    context = a_context()
    first = read_returned_mails(context, [returned(name)], NOW)
    second = read_returned_mails(context, [returned(name)], NOW + timedelta(days=2))
    assert (first.outcomes, second.outcomes) == ({"complaint": 1}, {"repeated": 1})
    assert len(context.people.consents("key1")) == 1


@pytest.mark.parametrize("name", ["complaint-yahoo", "complaint-redacted"])
def test_a_complaint_is_kept_with_the_moment_it_was_read(name: str) -> None:
    """Nobody can date it back, or into the future."""
    context = a_context()
    read_returned_mails(context, [returned(name).replace(b"2010", b"2030")], NOW)
    (kept,) = context.bounces.of_subscriber(1, NOW)
    assert (kept.at, kept.delivery_id, kept.detail) == (NOW, 7, "abuse")


def test_a_complaint_of_what_was_left_changes_nothing() -> None:
    """It counts; there is nothing left to end."""
    context = a_context(replace(a_reader(1, READER), state="left"))
    counts = read_returned_mails(context, [returned("complaint-redacted")], NOW)
    assert (outcome(counts), counts.stopped, states(context)) == ("complaint", 0, {1: "left"})


def test_an_old_complaint_read_again_does_not_end_a_new_subscription() -> None:
    """Who has confirmed since has changed their mind."""
    context = a_context(a_reader(1, READER, "staff"))
    read_returned_mails(context, [returned("complaint-yahoo")], NOW)
    (gone,) = context.people.all()
    later = NOW + timedelta(days=3)
    back = replace(a_reader(1, READER, "staff"), revision=gone.revision)
    context.people.save([back], [make_consent(back, "staff", later, how="confirmed", wording="yes")])
    counts = read_returned_mails(context, [returned("complaint-yahoo")], later + timedelta(days=1))
    assert (outcome(counts), states(context)) == ("repeated", {1: "active"})


def test_who_came_back_in_person_is_not_ended_by_an_old_complaint() -> None:
    """An operator took them up again; a soft bounce later makes nobody decide anew what is on record."""
    context = a_context()
    read_returned_mails(context, [returned("complaint-yahoo")], NOW)
    (gone, _) = context.people.all()
    subscriptions = {**gone.subscriptions, "staff": Subscription(digest="staff")}
    context.people.save([replace(gone, subscriptions=subscriptions)])
    read_returned_mails(context, [returned("postfix-full", 10)], NOW + timedelta(days=1))
    (reader, _) = context.people.all()
    assert set(reader.subscriptions) == {"staff", "partners"}
    read_returned_mails(context, [returned("complaint-yahoo", 11)], NOW + timedelta(days=2))
    (reader, _) = context.people.all()
    assert set(reader.subscriptions) == {"partners"}


def test_a_complaint_whose_consequence_was_lost_in_a_crash_is_drawn_later() -> None:
    """The next report about the reader decides for both."""
    people = _Failing([a_reader(1, READER, "staff", "partners")], iter([KeyboardInterrupt()]))  # type: ignore[list-item]
    context = BounceContext(people, MemoryBounces(people, DELIVERIES), SECRET)
    with pytest.raises(KeyboardInterrupt):
        read_returned_mails(context, [returned("complaint-yahoo")], NOW)
    read_returned_mails(context, [returned("postfix-full", 9)], NOW + timedelta(days=1))
    (reader,) = context.people.all()
    assert set(reader.subscriptions) == {"partners"}


# -- complaints of those who hold a forwarded mail -----------------------------------------------

FORWARDED = """\
From: Mallory <mallory@example.com>
To: feedback@example.org
Content-Type: multipart/report; boundary="b"; report-type=feedback-report

--b
Content-Type: text/plain

The mail said: return path <bounces+{token}@example.org>

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1
Original-Rcpt-To: {reader}

--b
Content-Type: message/rfc822

From: {from_}
To: Jane Doe <{reader}>
Subject: {subject}
{more}

Two wells were opened this week.

Leave this list: https://www.example.org/leave/{click}

--b--
"""
POST = "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
UNSUBSCRIBE = "List-Unsubscribe: <https://www.example.org/leave/{click}>"


def forged_complaint(*more: str, place: str = "text", click: str = "") -> bytes:
    """A complaint that somebody makes of a mail forwarded to them; ``place``: where they put a return path."""
    genuine = f"<bounces+{token()}@example.org>"
    data = FORWARDED.format(
        token=token() if place == "text" else "",
        reader=READER,
        from_=genuine if place == "from" else "news@example.org",
        subject=genuine if place == "subject" else "News",
        more="\n".join(more).replace("{click}", click or one_click()) or "X-Mailer: none",
        click=one_click(),
    )
    return data.encode()


@pytest.mark.parametrize(
    "more",
    [
        (),
        (UNSUBSCRIBE,),
        (UNSUBSCRIBE, POST),
        (UNSUBSCRIBE, POST, "Message-ID: <staff.99@test.example>"),
        (UNSUBSCRIBE, POST, "Message-ID: <staff.8@test.example>"),
        (UNSUBSCRIBE, POST, "Message-ID: <partners.9@test.example>"),
        (UNSUBSCRIBE, POST, "Message-ID:"),
        (UNSUBSCRIBE, "Message-ID: <staff.7@test.example>"),
        (UNSUBSCRIBE, "List-Unsubscribe-Post: yes", "Message-ID: <staff.7@test.example>"),
        (POST, "Message-ID: <staff.7@test.example>"),
    ],
    ids=["foot", "link", "both headers", "made-up id", "other reader", "other digest", "no id", "no post",
         "wrong post", "no link"],
)  # fmt: skip
def test_the_foot_of_a_forwarded_mail_is_no_proof(more: tuple[str, ...]) -> None:
    """Nor is any header made up around its link: they touch nobody."""
    context = a_context()
    assert outcome(read_returned_mails(context, [forged_complaint(*more, place="")], NOW)) in (
        "forged",
        "unsigned",
    )
    assert untouched(context)


@pytest.mark.parametrize("place", ["text", "from", "subject"])
def test_a_return_path_where_people_write_proves_no_complaint(place: str) -> None:
    """Mail programs show and forward these places."""
    context = a_context()
    assert outcome(read_returned_mails(context, [forged_complaint(place=place)], NOW)) == "unsigned"
    assert untouched(context)


@pytest.mark.parametrize("purpose", ["leave", "confirm", "change", "bounce"])
def test_a_token_for_another_purpose_proves_no_complaint(purpose: str) -> None:
    """Although the Message-ID is genuine."""
    context = a_context()
    more = (UNSUBSCRIBE, POST, "Message-ID: <staff.7@test.example>")
    data = forged_complaint(*more, place="", click=one_click(purpose=purpose))
    assert outcome(read_returned_mails(context, [data], NOW)) == "forged"
    assert untouched(context)


@pytest.mark.parametrize(
    "more",
    [
        (UNSUBSCRIBE, POST, "Message-ID: <staff.7@test.example>"),
        ("Return-Path: <bounces+{token}@example.org>",),
        ("Received-SPF: pass envelope-from=bounces+{token}@example.org;",),
        ("Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=bounces+{token}@example.org",),
    ],
    ids=["id and link", "return path", "spf", "results"],
)
def test_a_complaint_shows_what_only_the_mail_itself_has(more: tuple[str, ...]) -> None:
    """These end the one digest."""
    context = a_context()
    data = forged_complaint(*(one.replace("{token}", token()) for one in more), place="")
    assert outcome(read_returned_mails(context, [data], NOW)) == "complaint"
    (reader, _) = context.people.all()
    assert set(reader.subscriptions) == {"partners"}


def test_an_unsubscribe_link_proves_no_failure() -> None:
    """It is good for leaving; a report of failure needs the return path."""
    context = a_context()
    data = letter("postfix-unknown", token="a" * 26, one_click=one_click())
    assert outcome(read_returned_mails(context, [data], NOW)) == "forged"
    assert untouched(context)


# -- forgeries -----------------------------------------------------------------------------------

FORGERIES = {
    "another secret": token(secret="guessed"),
    "another purpose": token(purpose="leave"),
    "another digest": token(digest="partners"),
    "another holder": token(holder="key2"),
    "another delivery": token(8, holder="key1"),
    "no such delivery": token(999),
    "a huge number": token(2**40 - 1),
    "all zero": "a" * 26,
    "first letter": ("b" if token()[0] == "a" else "a") + token()[1:],
    "one of its mac": token()[:20] + ("b" if token()[20] == "a" else "a") + token()[21:],
    "not base32": "1" + token()[1:],
}


@pytest.mark.parametrize("name", ["postfix-unknown", "qmail-unknown", "complaint-yahoo"])
@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_token_touches_nobody(kind: str, name: str) -> None:
    """Made up, altered, for another purpose, digest, holder or delivery."""
    context = a_context()
    counts = read_returned_mails(context, [letter(name, token=FORGERIES[kind])], NOW)
    assert outcome(counts) in ("forged", "unsigned")
    assert untouched(context)


@pytest.mark.parametrize("length", [0, 1, 25, 27, 52])
def test_a_token_cut_or_stretched_touches_nobody(length: int) -> None:
    """It is no token at all."""
    context = a_context()
    data = letter("postfix-unknown", token=(token() * 2)[:length])
    assert outcome(read_returned_mails(context, [data], NOW)) == "unsigned"
    assert untouched(context)


@pytest.mark.parametrize("purpose", ["confirm", "change", "leave", "bounce"])
def test_a_link_for_another_purpose_is_no_complaint(purpose: str) -> None:
    """Only the one-click link of the mail complained of counts."""
    context = a_context()
    data = letter(
        "complaint-redacted", one_click=one_click(purpose=purpose), message_id="<staff.7@test.example>"
    )
    assert outcome(read_returned_mails(context, [data], NOW)) == "forged"
    assert untouched(context)


def test_an_unsigned_report_touches_nobody() -> None:
    """Although it names a reader's address."""
    context = a_context()
    assert outcome(read_returned_mails(context, [letter("qmail-unsigned")], NOW)) == "unsigned"
    assert untouched(context)


def test_the_addresses_in_a_report_touch_nobody() -> None:
    """A genuine token of one reader, in a report about another: only its holder is touched."""
    context = a_context()
    data = letter("postfix-unknown", token=token(7)).replace(READER.encode(), b"john.roe@example.net")
    read_returned_mails(context, [data], NOW)
    assert states(context) == {1: "bounced", 2: "active"}


def test_a_report_about_somebody_erased_is_about_nobody() -> None:
    """The token dies with its holder."""
    context = a_context()
    context.people.erase(1)
    counts = read_returned_mails(context, [returned("postfix-unknown"), returned("complaint-redacted")], NOW)
    assert counts.outcomes == {"forged": 2}


def test_a_relay_may_change_the_case_of_a_token() -> None:
    """RFC 5321 says it should not; some do."""
    context = a_context()
    data = letter("postfix-unknown", token=token().upper())
    assert outcome(read_returned_mails(context, [data], NOW)) == "hard"


# -- counting ------------------------------------------------------------------------------------


def test_the_same_report_twice_counts_once() -> None:
    """In one round or in two."""
    context = a_context()
    full = returned("postfix-full")
    counts = read_returned_mails(context, [full, full, full], NOW)
    assert counts.outcomes == {"soft": 1, "repeated": 2}
    assert read_returned_mails(context, [full], NOW + timedelta(days=1)).outcomes == {"repeated": 1}
    assert states(context)[1] == "active"


def test_soft_bounces_end_when_enough_come_together() -> None:
    """The third within days."""
    context = a_context()
    for delivery, expected in ((7, "active"), (9, "active"), (10, "bounced")):
        read_returned_mails(context, [returned("postfix-full", delivery)], NOW)
        assert states(context)[1] == expected


def test_soft_bounces_decay() -> None:
    """Four, one each two months, are no reason to stop."""
    context = a_context()
    for months, delivery in enumerate((7, 9, 10, 11)):
        read_returned_mails(context, [returned("postfix-full", delivery)], NOW + timedelta(days=60 * months))
    assert len(context.bounces.of_subscriber(1, NOW)) == 4
    assert states(context)[1] == "active"


def test_policy_is_not_the_readers_fault() -> None:
    """A server that does not like us removes nobody, however often."""
    context = a_context()
    data = [returned("postfix-policy", delivery) for delivery in (7, 9, 10, 11)]
    counts = read_returned_mails(context, data, NOW)
    assert (counts.outcomes, counts.stopped) == ({"policy": 4}, 0)
    assert states(context)[1] == "active"


def test_a_delay_leaves_no_trace() -> None:
    """It is no bounce (RFC 3464 2.3.3)."""
    context = a_context()
    read_returned_mails(context, [returned("postfix-delayed"), returned("gmail-delayed")], NOW)
    assert untouched(context)


def test_a_failure_of_others_in_a_report_that_only_delays_the_reader_is_none() -> None:
    """One report may speak of several recipients."""
    context = a_context()
    other = b"Final-Recipient: rfc822; x@example.test\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient:"
    data = returned("postfix-delayed").replace(b"Final-Recipient:", other)
    assert outcome(read_returned_mails(context, [data], NOW)) == "delayed"
    assert untouched(context)


def test_who_left_is_not_called_bounced() -> None:
    """Leaving says more than a full mailbox."""
    context = a_context(replace(a_reader(1, READER), state="left"))
    counts = read_returned_mails(context, [returned("postfix-unknown")], NOW)
    assert (outcome(counts), counts.stopped, states(context)) == ("hard", 0, {1: "left"})


# -- a relay's refusal ---------------------------------------------------------------------------


def refusal(context: BounceContext, enhanced: str, delivery: int = 7, text: str = "no") -> None:
    """A relay refuses the reader of a delivery, before any of the message has left."""
    number, digest = DELIVERIES[delivery]
    reader = context.people.get(number)
    assert reader is not None
    row = Delivery(id=delivery, issue_id=1, subscriber_id=number, group="g")
    reply = Reply(550, enhanced, text, "rcpt", "mail.example.org:25")
    record_refusal(context, AddressedDelivery(row, reader, digest), reply, NOW)


@pytest.mark.parametrize(
    ("enhanced", "kinds", "state"),
    [
        ("5.1.1", ["hard"], "bounced"),
        ("5.1.2", ["hard"], "bounced"),
        ("5.1.10", ["hard"], "bounced"),
        ("5.2.1", ["hard"], "bounced"),
        ("5.1.0", ["soft"], "active"),
        ("5.2.0", ["soft"], "active"),
        ("5.0.0", ["soft"], "active"),
        ("", ["soft"], "active"),
        ("5.3.0", [], "active"),
        ("5.4.4", [], "active"),
        ("5.6.7", [], "active"),
        ("5.7.0", [], "active"),
        ("5.7.1", [], "active"),
    ],
)
def test_a_refusal_counts_as_the_bounce_it_would_become(enhanced: str, kinds: list[str], state: str) -> None:
    """What is said of the mailbox counts; what is said of us, of the way or of the message does not."""
    context = a_context()
    refusal(context, enhanced)
    assert [one.kind for one in context.bounces.of_subscriber(1, NOW)] == kinds
    assert [(one.status, one.delivery_id) for one in context.bounces.of_subscriber(1, NOW)] == [
        (enhanced or "5.0.0", 7) for _ in kinds
    ]
    assert states(context) == {1: state, 2: "active"}
    assert untouched(context) == (kinds == [])


def test_a_hard_refusal_is_on_record_for_every_digest() -> None:
    """As after a report; the address is not suppressed: a confirmation brings the reader back."""
    context = a_context()
    refusal(context, "5.1.1")
    found = context.people.consents("key1")
    assert [(one.digest, one.how, one.source) for one in found] == [
        ("staff", "bounced", "bounce"),
        ("partners", "bounced", "bounce"),
    ]
    assert not context.people.suppressed  # type: ignore[attr-defined]


def test_soft_refusals_end_when_enough_come_together() -> None:
    """They are counted with what came back as mail."""
    context = a_context()
    refusal(context, "", 7)
    read_returned_mails(context, [returned("postfix-full", 9)], NOW)
    assert states(context)[1] == "active"
    refusal(context, "", 10)
    assert states(context)[1] == "bounced"


def test_a_report_about_what_was_refused_counts_once() -> None:
    """Some relays refuse and send a report, too."""
    context = a_context()
    refusal(context, "")
    assert outcome(read_returned_mails(context, [returned("postfix-full", 7)], NOW)) == "repeated"
    refusal(context, "")
    assert len(context.bounces.of_subscriber(1, NOW)) == 1


def test_what_the_relay_says_is_kept_without_the_address() -> None:
    """An erased person must not be found in what a server said."""
    context = a_context()
    refusal(context, "5.1.1", text=f"<{READER}>: user {READER.partition('@')[0]} is gone")
    (bounce,) = context.bounces.of_subscriber(1, NOW)
    assert READER not in bounce.detail
    assert "gone" in bounce.detail


def test_a_reader_erased_while_the_relay_thought_stays_erased() -> None:
    """The refusal is about nobody."""
    context = a_context()
    reader = context.people.get(1)
    assert reader is not None
    context.people.erase(1)
    row = Delivery(id=7, issue_id=1, subscriber_id=1, group="g")
    record_refusal(context, AddressedDelivery(row, reader, "staff"), Reply(550, "5.1.1", "no", "rcpt"), NOW)
    assert context.people.get(1) is None
    assert context.bounces.of_subscriber(1, NOW) == []


class _Failing(MemoryPeople):
    """People whose first saves fail: killed before, or changed meanwhile."""

    def __init__(self, subscribers: Sequence[Subscriber], failures: Iterator[Exception]) -> None:
        super().__init__(subscribers)
        self._failures = failures

    def save(
        self, subscribers: Sequence[Subscriber], consents: Sequence[Consent] = ()
    ) -> Sequence[Subscriber]:
        for failure in self._failures:
            raise failure
        return super().save(subscribers, consents)


def test_what_a_crash_left_undone_is_done_at_the_second_reading() -> None:
    """The bounce was kept, its holder not yet stopped: the same report decides again."""
    people = _Failing([a_reader(1, READER, "staff")], iter([KeyboardInterrupt()]))  # type: ignore[list-item]
    context = BounceContext(people, MemoryBounces(people, DELIVERIES), SECRET)
    with pytest.raises(KeyboardInterrupt):
        read_returned_mails(context, [returned("postfix-unknown")], NOW)
    assert states(context) == {1: "active"}
    counts = read_returned_mails(context, [returned("postfix-unknown")], NOW)
    assert (counts.outcomes, counts.stopped, states(context)) == ({"repeated": 1}, 1, {1: "bounced"})


def test_a_reader_changed_meanwhile_is_read_again() -> None:
    """Nobody's change is overwritten."""
    people = _Failing([a_reader(1, READER, "staff")], iter([StaleError("changed"), StaleError("changed")]))
    context = BounceContext(people, MemoryBounces(people, DELIVERIES), SECRET)
    assert read_returned_mails(context, [returned("postfix-unknown")], NOW).stopped == 1


class _Erasing(MemoryPeople):
    """People of whom one is erased while they are saved."""

    def save(
        self, subscribers: Sequence[Subscriber], consents: Sequence[Consent] = ()
    ) -> Sequence[Subscriber]:
        self.erase(subscribers[0].id)
        return super().save(subscribers, consents)


def test_a_reader_erased_meanwhile_stays_erased() -> None:
    """Nothing brings them back."""
    people = _Erasing([a_reader(1, READER, "staff")])
    context = BounceContext(people, MemoryBounces(people, DELIVERIES), SECRET)
    assert read_returned_mails(context, [returned("postfix-unknown")], NOW).stopped == 0
    assert list(people.all()) == []


def test_a_second_opinion_that_fails_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heuristics of others cannot stop a round."""

    def broken(message: object) -> None:
        raise LookupError(message)

    monkeypatch.setattr("flufl.bounce.all_failures", broken)
    assert outcome(read_returned_mails(a_context(), [letter("qmail-unsigned")], NOW)) == "unrelated"


def test_a_reader_who_changes_without_end_is_left_for_the_next_round() -> None:
    """The message stays in the mailbox, since the round ends with an error."""
    people = _Failing([a_reader(1, READER, "staff")], iter([StaleError("changed")] * 99))
    context = BounceContext(people, MemoryBounces(people, DELIVERIES), SECRET)
    with pytest.raises(StaleError):
        read_returned_mails(context, [returned("postfix-unknown")], NOW)


@settings(deadline=None)
@given(
    name=st.sampled_from(sorted(COUNTED)),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=40),
    cut=st.integers(0, 10_000),
)
@example(name="postfix-unknown", changes=[], cut=0)
@example(name="complaint-redacted", changes=[], cut=0)
def test_a_damaged_report_never_touches_anybody_but_its_holder(
    name: str, changes: list[tuple[int, int]], cut: int
) -> None:
    """Whatever bytes are changed or cut, the second reader stays as they were."""
    context = a_context()
    data = bytearray(returned(name))
    for place, value in changes:
        data[place % len(data)] = value
    read_returned_mails(context, [bytes(data[: cut or None])], NOW)
    reader = context.people.get(2)
    assert reader is not None
    assert (reader.state, reader.revision) == ("active", 0)
    assert not context.bounces.of_subscriber(2, datetime.min.replace(tzinfo=UTC))


@settings(deadline=None)
@given(text=st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26))
def test_no_token_can_be_made_up(text: str) -> None:
    """72 bits of MAC."""
    context = a_context()
    read_returned_mails(context, [letter("postfix-unknown", token=text)], NOW)
    assert untouched(context)


@settings(deadline=None)
@given(
    days=st.lists(st.tuples(st.integers(0, 700), st.sampled_from([7, 9, 10, 11])), max_size=12),
)
def test_soft_bounces_stop_only_those_whose_score_is_full(days: list[tuple[int, int]]) -> None:
    """Whatever the order and the gaps: three whole ones are the least."""
    context = a_context()
    for day, delivery in sorted(days):
        read_returned_mails(context, [returned("postfix-full", delivery)], NOW + timedelta(days=day))
    kept = [one.at for one in context.bounces.of_subscriber(1, NOW)]
    near = max((sum(0 <= (b - a).days <= 60 for a in kept) for b in kept), default=0)
    if states(context)[1] == "bounced":
        assert near >= 3
    if any(kept.count(moment) >= 3 for moment in kept):
        assert states(context)[1] == "bounced"


# -- return paths --------------------------------------------------------------------------------


def test_a_return_path_carries_the_token_and_gives_it_back() -> None:
    """64 characters before the @, and not one more."""
    longest = "b" * 37 + "@example.org"
    path = make_return_path(longest, token())
    assert len(path.partition("@")[0]) == 64
    assert find_tokens([f"<{path.upper()}>"]) == (token(),)
