"""What every ledger does for senders."""

from dataclasses import replace

import pytest

from newsfeed.model import Message
from newsfeed.records import DeliveryResult, ServiceMail, Subscriber, Subscription, WaitingMails
from newsfeed.stores.sql import SqlStore
from tests.contracts.stores import (
    DAY,
    MINUTE,
    NOW,
    Place,
    hash_address,
    person,
    plan,
    rendering,
    result,
    states,
    step,
)


@pytest.fixture
def people(store: SqlStore) -> list[Subscriber]:
    """Three readers with two subscriptions each."""
    places = {name: Subscription(digest=name) for name in ("other", "staff")}
    return list(store.people.save([person(f"p{n}", subscriptions=places) for n in range(3)]))


def test_what_is_due_is_taken_up_oldest_first(store: SqlStore, people: list[Subscriber]) -> None:
    """With the person, all their subscriptions, the digest and the group, as many as asked for."""
    plan(store, people, "s2", at=NOW + MINUTE, digest="other")
    plan(store, people, "s1", at=NOW, parts=[rendering("g")])
    owner = store.owners.register()
    first = store.send_queue.claim(owner, NOW + MINUTE, 4)
    assert [(one.digest, one.subscriber) for one in first] == [
        ("staff", people[0]),
        ("staff", people[1]),
        ("staff", people[2]),
        ("other", people[0]),
    ]
    assert {one.delivery.group for one in first} == {"g", "en"}
    assert first[0].delivery.planned_at == NOW
    assert first[0].delivery.message_id == "<s1.1@example.org>"
    second = store.send_queue.claim(owner, NOW + MINUTE, 4)
    assert [one.subscriber.id for one in second] == [2, 3]
    assert store.send_queue.claim(owner, NOW + DAY, 4) == []


def test_those_of_some_receivers_are_passed_over(store: SqlStore) -> None:
    """Until they are wanted again; who planned an issue says whose they are, else their domain does."""
    addresses = ("a@orange.example", "b@free.example", "c@wanadoo.example", "d@free.example")
    people = store.people.save([person(one[0], address=one) for one in addresses])
    plan(store, people, receivers_of=lambda address: "orange" if "free" not in address else "free")
    owner = store.owners.register()
    queue = store.send_queue
    assert [one.subscriber.address for one in queue.claim(owner, NOW, 9, {"orange", "other"})] == [
        "b@free.example",
        "d@free.example",
    ]
    assert queue.claim(owner, NOW, 9, {"orange", "other"}) == []
    assert queue.claim(owner, NOW - 900 * DAY, 9, {"orange"}) == []
    assert [one.receivers for one in queue.claim(owner, NOW, 9, ["free"])] == ["orange", "orange"]
    plan(store, people[1:2], "s2")
    assert [one.receivers for one in queue.claim(owner, NOW, 9)] == ["free.example"]


def test_what_was_never_tried_is_due_whatever_the_clock_says(
    store: SqlStore, people: list[Subscriber]
) -> None:
    """It was planned by a clock that was set back since: by a minute, or by years."""
    plan(store, people, at=NOW)
    owner = store.owners.register()
    assert store.send_queue.count_due(NOW - MINUTE) == (3, None)
    assert len(store.send_queue.claim(owner, NOW - MINUTE, 2)) == 2
    assert store.send_queue.count_due(NOW - 900 * DAY) == (1, None)
    assert len(store.send_queue.claim(owner, NOW - 900 * DAY, 10)) == 1
    assert store.send_queue.claim(owner, NOW, 10) == []


def test_what_was_put_off_waits_for_its_time_and_no_longer(store: SqlStore, people: list[Subscriber]) -> None:
    """When the clock was set back since the last try, it is due: nobody waits for the difference. A clock
    that is corrected by a minute hurries nothing.
    """
    plan(store, people)
    owner = store.owners.register()
    for outgoing in store.send_queue.claim(owner, NOW, 3):
        step(store, result(outgoing, "deferred", NOW + 5 * MINUTE), None, owner, NOW)
    assert store.send_queue.claim(owner, NOW + 4 * MINUTE, 10) == []
    assert store.send_queue.claim(owner, NOW - MINUTE, 10) == []
    assert len(store.send_queue.claim(owner, NOW - 10 * MINUTE, 10)) == 3


def test_a_doubt_that_is_sent_again_is_due_whatever_the_clock_says(
    store: SqlStore, people: list[Subscriber]
) -> None:
    """Somebody decided it, by a clock that was an hour ahead."""
    issue = plan(store, people[:1])
    owner = store.owners.register()
    (outgoing,) = store.send_queue.claim(owner, NOW, 1)
    step(store, None, outgoing.delivery.id, owner, NOW)
    step(store, result(outgoing, "unknown", NOW), None, owner, NOW)
    assert store.issues.decide_doubts(issue.id, True, NOW + 60 * MINUTE) == 1
    assert len(store.send_queue.claim(owner, NOW + MINUTE, 1)) == 1


def test_what_waits_is_told_with_its_reason(store: SqlStore, people: list[Subscriber]) -> None:
    """How many, until when, and what most of them were told; what waits for a person stands apart."""
    issue = plan(store, people)
    owner = store.owners.register()
    assert store.send_queue.count_waiting(NOW) == WaitingMails(3)
    first, second, third = store.send_queue.claim(owner, NOW, 3)
    assert store.send_queue.count_waiting(NOW) == WaitingMails()
    step(store, result(first, "deferred", NOW + 9 * MINUTE), None, owner, NOW)
    step(store, result(second, "deferred", NOW + 5 * MINUTE), None, owner, NOW)
    step(store, None, third.delivery.id, owner, NOW)
    step(store, result(third, "unknown", NOW), None, owner, NOW)
    assert store.send_queue.count_waiting(NOW) == WaitingMails(
        2, NOW + 5 * MINUTE, "250 deferred", {f"staff/{issue.slot}": 1}
    )


def test_service_mails_wait_too(store: SqlStore, people: list[Subscriber]) -> None:
    """A confirmation that no relay took is a mail that waits; one that has expired is none."""
    message = Message("news@example.org", "p0@example.org", "<1@example.org>", b"")
    store.outbox.add(
        ServiceMail(
            kind="confirm",
            subscriber_id=people[0].id,
            message=message,
            created=NOW,
            next_try=NOW + MINUTE,
            expires=NOW + DAY,
        )
    )
    assert store.send_queue.count_waiting(NOW) == WaitingMails(1, NOW + MINUTE)
    assert store.send_queue.count_waiting(NOW + MINUTE) == WaitingMails(1)
    assert store.send_queue.count_waiting(NOW + DAY) == WaitingMails()


def test_what_one_has_taken_up_no_other_gets(store: SqlStore, people: list[Subscriber]) -> None:
    """As long as the first one lives."""
    plan(store, people)
    one, other = store.owners.register(), store.owners.register()
    assert len(store.send_queue.claim(one, NOW, 2)) == 2
    assert len(store.send_queue.claim(other, NOW, 10)) == 1
    assert store.send_queue.recover(NOW) == 0
    assert store.send_queue.claim(other, NOW, 10) == []


def test_outcome_and_intent_go_together(store: SqlStore, people: list[Subscriber]) -> None:
    """The last message's outcome and the next one's intent are one step."""
    issue = plan(store, people)
    owner = store.owners.register()
    first, second, _ = store.send_queue.claim(owner, NOW, 10)
    assert step(store, None, first.delivery.id, owner, NOW) == "go"
    assert states(store, issue) == {"intent": 1, "planned": 2}
    assert step(store, result(first), second.delivery.id, owner, NOW) == "go"
    assert states(store, issue) == {"accepted": 1, "intent": 1, "planned": 1}
    assert step(store, result(second, "refused"), None, owner, NOW) == "go"
    assert states(store, issue) == {"accepted": 1, "refused": 1, "planned": 1}
    assert step(store, None, None, owner, NOW) == "go"


def test_the_steps_of_many_connections_are_one_transaction(store: SqlStore, people: list[Subscriber]) -> None:
    """Each intent has a verdict of its own, in their order; what has a result there cannot begin."""
    issue = plan(store, people)
    other = plan(store, people, "s2", digest="other")
    owner = store.owners.register()
    numbers = [one.delivery.id for one in store.send_queue.claim(owner, NOW, 10)]
    store.send_queue.record((), numbers[:2], owner, NOW)
    store.people.save([replace(people[1], state="left")])
    results = [
        DeliveryResult(numbers[0], "accepted", None, "250 ok", "relay:25"),
        DeliveryResult(numbers[1], "deferred", NOW + MINUTE, "450 later\x00", "relay:26"),
    ]
    begun = store.send_queue.record(results, [*numbers[2:], numbers[1], 999], owner, NOW)
    assert begun == ["go", "go", "left", "go", "taken", "taken"]
    assert states(store, issue) == {"accepted": 1, "deferred": 1, "intent": 1}
    assert states(store, other) == {"intent": 2, "left": 1}
    replies = {one.id: (one.reply, one.relay) for _, one in store.issues.deliveries(2)}
    assert replies == {numbers[1]: ("450 later ", "relay:26"), numbers[4]: ("", "")}
    assert store.send_queue.record((), (), owner, NOW) == []


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"state": "left"}, "left"),
        ({"state": "bounced"}, "left"),
        ({"state": "complained"}, "left"),
        ({"state": "pending"}, "left"),
        ({"subscriptions": {}}, "left"),
        ({"subscriptions": {"other": Subscription(digest="other")}}, "left"),
        ({"name": "New Name"}, "go"),
    ],
)
def test_who_has_left_since_is_not_written_to(
    store: SqlStore, people: list[Subscriber], change: dict[str, object], verdict: str
) -> None:
    """Leaving works at once, also for a run in progress; the outcome before it is recorded all the same."""
    issue = plan(store, people)
    owner = store.owners.register()
    first, second, third = store.send_queue.claim(owner, NOW, 10)
    step(store, None, first.delivery.id, owner, NOW)
    store.people.save([replace(second.subscriber, **change)])
    assert step(store, result(first), second.delivery.id, owner, NOW) == verdict
    expected = {"go": "intent"}.get(verdict, verdict)
    assert states(store, issue) == {"accepted": 1, expected: 1, "planned": 1}
    assert step(store, None, third.delivery.id, owner, NOW) == "go"


def test_who_is_suppressed_is_not_written_to(store: SqlStore, people: list[Subscriber]) -> None:
    """However their address is spelled; the suppression is the stronger reason."""
    issue = plan(store, people)
    owner = store.owners.register()
    first, second, _ = store.send_queue.claim(owner, NOW, 10)
    store.people.suppress(hash_address("P0@Example.org"), "complaint", NOW)
    store.people.save([replace(people[0], state="left")])
    assert step(store, None, first.delivery.id, owner, NOW) == "suppressed"
    assert step(store, None, first.delivery.id, owner, NOW) == "taken"
    assert step(store, None, second.delivery.id, owner, NOW) == "go"
    assert states(store, issue) == {"suppressed": 1, "intent": 1, "planned": 1}


def test_what_is_not_ours_is_not_sent(store: SqlStore, people: list[Subscriber]) -> None:
    """Not another's, not one that was never claimed, not one that is settled, not one that is not there."""
    plan(store, people)
    one, other = store.owners.register(), store.owners.register()
    (mine,) = store.send_queue.claim(one, NOW, 1)
    assert step(store, None, mine.delivery.id, other, NOW) == "taken"
    assert step(store, None, mine.delivery.id + 1, one, NOW) == "taken"
    assert step(store, None, 999, one, NOW) == "taken"
    assert step(store, None, mine.delivery.id, one, NOW) == "go"
    assert step(store, None, mine.delivery.id, one, NOW) == "taken"
    assert step(store, result(mine), mine.delivery.id + 1, one, NOW) == "taken"
    assert step(store, None, mine.delivery.id, one, NOW) == "taken"


def test_anothers_delivery_cannot_be_settled(store: SqlStore, people: list[Subscriber]) -> None:
    """An outcome counts only from whoever has the delivery."""
    issue = plan(store, people)
    (mine,) = store.send_queue.claim(store.owners.register(), NOW, 1)
    step(store, result(mine), None, store.owners.register(), NOW)
    assert states(store, issue) == {"planned": 3}


def test_what_is_deferred_comes_up_again_in_its_time(store: SqlStore, people: list[Subscriber]) -> None:
    """Attempts count every try, also one that was refused before there was an intent."""
    plan(store, people[:1])
    owner = store.owners.register()
    (outgoing,) = store.send_queue.claim(owner, NOW, 1)
    step(store, result(outgoing, "deferred", NOW + 5 * MINUTE), None, owner, NOW)
    assert store.send_queue.count_due(NOW) == (0, NOW + 5 * MINUTE)
    assert store.send_queue.claim(owner, NOW + 4 * MINUTE, 1) == []
    (again,) = store.send_queue.claim(owner, NOW + 5 * MINUTE, 1)
    assert (again.delivery.state, again.delivery.attempts) == ("deferred", 1)
    assert again.delivery.reply == "250 deferred"
    assert step(store, None, again.delivery.id, owner, NOW + 5 * MINUTE) == "go"
    step(store, result(again), None, owner, NOW + 5 * MINUTE)
    ((_, done),) = store.issues.deliveries(people[0].id)
    assert (done.state, done.attempts, done.next_try) == ("accepted", 2, None)


def test_what_was_not_begun_is_given_back(store: SqlStore, people: list[Subscriber]) -> None:
    """What is on the wire stays with its sender."""
    issue = plan(store, people)
    one, other = store.owners.register(), store.owners.register()
    first, _, _ = store.send_queue.claim(one, NOW, 10)
    step(store, None, first.delivery.id, one, NOW)
    store.send_queue.release(one)
    store.send_queue.release(one)
    assert len(store.send_queue.claim(other, NOW, 10)) == 2
    step(store, result(first), None, one, NOW)
    assert states(store, issue) == {"accepted": 1, "planned": 2}


def test_some_of_what_was_not_begun_is_put_off(store: SqlStore, people: list[Subscriber]) -> None:
    """It is nobody's, untried, and due later or as before; what is on the wire, or another's, stays."""
    issue = plan(store, people)
    owner, other = store.owners.register(), store.owners.register()
    first, second, third = store.send_queue.claim(owner, NOW, 3)
    step(store, None, first.delivery.id, owner, NOW)
    numbers = [one.delivery.id for one in (first, second, third)]
    store.send_queue.put_off(numbers, other, NOW + MINUTE)
    store.send_queue.put_off(numbers[:2], owner, NOW + MINUTE)
    store.send_queue.put_off(numbers[2:], owner)
    assert [one.delivery.id for one in store.send_queue.claim(other, NOW, 3)] == numbers[2:]
    later = store.send_queue.claim(other, NOW + MINUTE, 3)
    assert [(one.delivery.id, one.delivery.attempts) for one in later] == [(numbers[1], 0)]
    step(store, result(first), None, owner, NOW)
    assert states(store, issue) == {"accepted": 1, "planned": 2}


def test_what_dead_owners_had_is_free_and_their_intents_are_in_doubt(
    store: SqlStore, people: list[Subscriber]
) -> None:
    """At once, without waiting for anything; nothing of the living is touched."""
    issue = plan(store, people)
    dead, alive = store.owners.register(), store.owners.register()
    (first, _) = store.send_queue.claim(dead, NOW, 2)
    (third,) = store.send_queue.claim(alive, NOW, 2)
    step(store, None, first.delivery.id, dead, NOW)
    step(store, None, third.delivery.id, alive, NOW)
    store.owners.leave(dead)
    assert store.send_queue.recover(NOW + MINUTE) == 1
    assert store.send_queue.recover(NOW + MINUTE) == 0
    assert states(store, issue) == {"unknown": 1, "planned": 1, "intent": 1}
    ((_, doubtful),) = store.issues.deliveries(first.subscriber.id)
    assert (doubtful.next_try, doubtful.settled_at, doubtful.attempts) == (NOW + MINUTE, NOW + MINUTE, 1)
    (freed,) = store.send_queue.claim(alive, NOW, 10)
    assert freed.subscriber == people[1]


def test_an_outcome_ends_a_doubt(store: SqlStore, people: list[Subscriber]) -> None:
    """A sender that was taken for dead and speaks up after all is believed, until others decided."""
    issue = plan(store, people)
    owner = store.owners.register()
    first, second, _ = store.send_queue.claim(owner, NOW, 10)
    step(store, None, first.delivery.id, owner, NOW)
    step(store, None, second.delivery.id, owner, NOW)
    store.owners.leave(owner)
    store.send_queue.recover(NOW)
    step(store, result(first), None, owner, NOW)
    assert states(store, issue) == {"accepted": 1, "unknown": 1, "planned": 1}
    store.issues.decide_doubts(issue.id, False, NOW)
    step(store, result(second), None, owner, NOW)
    assert states(store, issue) == {"accepted": 1, "unknown": 1, "planned": 1}
    ((_, done),) = store.issues.deliveries(first.subscriber.id)
    assert done.attempts == 1


def test_an_erased_readers_doubt_is_decided(store: SqlStore, people: list[Subscriber]) -> None:
    """There is nobody to send it to again."""
    issue = plan(store, people[:1])
    owner = store.owners.register()
    (outgoing,) = store.send_queue.claim(owner, NOW, 10)
    step(store, None, outgoing.delivery.id, owner, NOW)
    store.people.erase(people[0].id)
    store.owners.leave(owner)
    assert store.send_queue.recover(NOW) == 1
    assert store.issues.decide_doubts(issue.id, True, NOW) == 0
    assert states(store, issue) == {"unknown": 1}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("250 2.0.0 Ok", "250 2.0.0 Ok"),
        ("550 niemand ä “x”", "550 niemand ä “x”"),
        ("550 a\r\nb\0c\x1b[31m", "550 a  b c [31m"),
        ("550 \udcff\ud800", "550 ??"),
        ("5" * 10_000, "5" * 500),
    ],
)
def test_whatever_a_relay_says_is_kept_on_one_line(
    store: SqlStore, people: list[Subscriber], said: str, kept: str
) -> None:
    """Its words are a stranger's: control characters, broken Unicode and endless text do no harm."""
    plan(store, people[:1])
    owner = store.owners.register()
    (outgoing,) = store.send_queue.claim(owner, NOW, 1)
    step(store, replace(result(outgoing), reply=said), None, owner, NOW)
    ((_, delivery),) = store.issues.deliveries(people[0].id)
    assert delivery.reply == kept


def test_two_stores_over_one_database_share_the_ledger(shared: Place) -> None:
    """What one process takes up or settles, the other sees."""
    here, there = shared.open(), shared.open(durable=True)
    people = here.people.save([person("ann"), person("bob")])
    issue = plan(there, people)
    owner = here.owners.register()
    first, second = here.send_queue.claim(owner, NOW, 10)
    assert there.owners.is_alive(owner)
    assert there.send_queue.claim(there.owners.register(), NOW, 10) == []
    step(here, None, first.delivery.id, owner, NOW)
    here.close()
    assert not there.owners.is_alive(owner)
    assert there.send_queue.recover(NOW) == 1
    assert states(there, issue) == {"unknown": 1, "planned": 1}
    assert there.send_queue.claim(there.owners.register(), NOW, 10)[0].delivery.id == second.delivery.id


def test_owners_live_until_they_leave(store: SqlStore) -> None:
    """Names are never given twice; leaving twice, or as somebody unknown, does nothing."""
    one, other = store.owners.register(), store.owners.register()
    assert one != other
    assert store.owners.is_alive(one)
    store.owners.leave(one)
    store.owners.leave(one)
    store.owners.leave("stranger")
    assert not store.owners.is_alive(one)
    assert not store.owners.is_alive("stranger")
    assert store.owners.is_alive(other)
