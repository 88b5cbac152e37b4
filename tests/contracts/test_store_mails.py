"""What every store does with service mails and with what came back."""

from dataclasses import replace

import pytest

from newsfeed.errors import StaleError
from newsfeed.model import Message
from newsfeed.records import Bounce, ServiceMail, Subscriber
from newsfeed.service_ports import MailLimit
from newsfeed.stores.sql import SqlStore
from tests.contracts.stores import (
    DAY,
    MINUTE,
    NOW,
    person,
    plan,
    result,
    step,
)


@pytest.fixture
def ann(store: SqlStore) -> Subscriber:
    """A reader."""
    return store.people.save([person("ann")])[0]


def mail(kind: str = "confirm", **facts: object) -> ServiceMail:
    """A service mail to the first reader, good for a day."""
    usual = {
        "subscriber_id": 1,
        "message": Message(
            "news@example.org", "ann@example.org", "<1@example.org>", b"Subject: \xff\r\n\r\n\0"
        ),
        "created": NOW,
        "next_try": NOW,
        "expires": NOW + DAY,
    }
    return ServiceMail(kind=kind, **(usual | facts))


def test_a_service_mail_waits_byte_for_byte(store: SqlStore, ann: Subscriber) -> None:
    """It is due in its time, and whoever takes it has ten minutes before others try."""
    number = store.outbox.add(mail(next_try=NOW + MINUTE))
    assert store.outbox.due(NOW, 10) == []
    assert store.outbox.due(NOW + MINUTE, 10) == [replace(mail(next_try=NOW + MINUTE), id=number)]
    assert store.outbox.due(NOW + 10 * MINUTE, 10) == []
    (again,) = store.outbox.due(NOW + 11 * MINUTE, 10)
    assert (again.id, again.attempts) == (number, 1)


def test_a_service_mail_does_not_wait_for_a_clock_that_was_set_back(store: SqlStore, ann: Subscriber) -> None:
    """It was asked for by a clock that was ahead."""
    store.outbox.add(mail())
    assert len(store.outbox.due(NOW - DAY, 10)) == 1


def test_a_service_mail_that_somebody_has_is_nobody_elses(store: SqlStore, ann: Subscriber) -> None:
    """Also when they look with a moment from before it was made: their round had begun by then."""
    store.outbox.add(mail(created=NOW + MINUTE, next_try=NOW + MINUTE))
    assert len(store.outbox.due(NOW + MINUTE, 10)) == 1
    assert store.outbox.due(NOW, 10) == []


def test_service_mails_come_oldest_first_and_not_all_at_once(store: SqlStore, ann: Subscriber) -> None:
    """As many as asked for; one without a time of its own is due when it was made."""
    numbers = [store.outbox.add(mail(next_try=NOW - n * MINUTE)) for n in range(3)]
    numbers.append(store.outbox.add(mail(next_try=None, created=NOW - DAY)))
    assert [one.id for one in store.outbox.due(NOW, 3)] == [numbers[3], numbers[2], numbers[1]]
    assert [one.id for one in store.outbox.due(NOW, 3)] == [numbers[0]]


def test_a_service_mail_is_tried_again_or_forgotten(store: SqlStore, ann: Subscriber) -> None:
    """A settled one is only counted from then on; settling it again does nothing."""
    number = store.outbox.add(mail())
    store.outbox.reschedule(number, NOW + MINUTE)
    assert store.outbox.due(NOW, 10) == []
    assert len(store.outbox.due(NOW + MINUTE, 10)) == 1
    store.outbox.reschedule(number, None)
    store.outbox.reschedule(number, NOW)
    store.outbox.reschedule(99, NOW)
    assert store.outbox.due(NOW + DAY - MINUTE, 10) == []
    with store._database.read() as connection:
        from newsfeed.stores.sql.tables import outbox

        assert "ann@" not in repr(connection.execute(outbox.select()).all())


def test_an_expired_service_mail_is_not_sent(store: SqlStore, ann: Subscriber) -> None:
    """Not even when it was due before."""
    store.outbox.add(mail())
    assert store.outbox.due(NOW + DAY, 10) == []
    assert store.outbox.due(NOW, 10) == []


def test_mails_are_counted_sent_or_not(store: SqlStore, ann: Subscriber) -> None:
    """By person, kind and time, so that nobody can be bombed; for a month."""
    numbers = [store.outbox.add(mail(created=NOW + n * MINUTE)) for n in range(3)]
    store.outbox.add(mail("welcome"))
    store.outbox.reschedule(numbers[0], None)
    assert store.outbox.count(ann.id, "confirm", NOW) == 3
    assert store.outbox.count(ann.id, "confirm", NOW + MINUTE) == 2
    assert store.outbox.count(ann.id, "welcome", NOW) == 1
    assert store.outbox.count(7, "confirm", NOW) == 0
    store.outbox.due(NOW + DAY, 10)
    assert store.outbox.count(ann.id, "confirm", NOW) == 3
    store.outbox.due(NOW + 40 * DAY, 10)
    assert store.outbox.count(ann.id, "confirm", NOW) == 0


def test_a_mail_beyond_a_limit_is_not_kept(store: SqlStore, ann: Subscriber) -> None:
    """Of one kind, to one person, since a moment; sent ones count."""
    limit = MailLimit(2, NOW)
    store.outbox.add(mail("welcome"), limit)
    numbers = [store.outbox.add(mail(), limit) for _ in range(3)]
    assert [number > 0 for number in numbers] == [True, True, False]
    store.outbox.reschedule(numbers[0], None)
    assert store.outbox.add(mail(), limit) == 0
    assert store.outbox.add(mail(created=NOW + DAY), MailLimit(2, NOW + DAY)) > 0
    with pytest.raises(StaleError):
        store.outbox.add(replace(mail(), subscriber_id=99), limit)


def test_a_mail_to_nobody_is_not_kept(store: SqlStore) -> None:
    """The person was erased in the meantime."""
    with pytest.raises(StaleError):
        store.outbox.add(mail())


def bounce(kind: str = "soft", **facts: object) -> Bounce:
    """Something that came back about the first delivery to the first reader."""
    usual = {"subscriber_id": 1, "delivery_id": 1, "at": NOW, "status": "4.2.2", "detail": "full “ä”"}
    return Bounce(kind=kind, **(usual | facts))


def test_a_bounce_counts_once(store: SqlStore, ann: Subscriber) -> None:
    """The same kind about the same delivery is the same bounce, however often it is sent to us."""
    plan(store, [ann])
    assert store.bounces.add(bounce())
    assert not store.bounces.add(bounce())
    assert not store.bounces.add(bounce(at=NOW + DAY, status="4.4.1", detail="other"))
    assert store.bounces.add(bounce("hard", at=NOW - DAY))
    assert store.bounces.add(bounce(delivery_id=2))
    assert store.bounces.of_subscriber(ann.id, NOW - DAY) == [
        bounce("hard", at=NOW - DAY),
        bounce(),
        bounce(delivery_id=2),
    ]
    assert store.bounces.of_subscriber(ann.id, NOW + MINUTE) == []


def test_a_complaint_may_come_without_a_delivery(store: SqlStore, ann: Subscriber) -> None:
    """Then the moment tells one from another."""
    assert store.bounces.add(bounce("complaint", delivery_id=0))
    assert not store.bounces.add(bounce("complaint", delivery_id=0))
    assert store.bounces.add(bounce("complaint", delivery_id=0, at=NOW + DAY))
    assert store.bounces.of_subscriber(ann.id, NOW + DAY) == [
        bounce("complaint", delivery_id=0, at=NOW + DAY)
    ]


def test_a_bounce_of_nobody_is_not_kept(store: SqlStore) -> None:
    """Whoever it was about has been erased."""
    assert not store.bounces.add(bounce())


def test_a_returned_mail_leads_to_its_delivery(store: SqlStore, ann: Subscriber) -> None:
    """With the person as they are now."""
    plan(store, [ann])
    owner = store.owners.register()
    (outgoing,) = store.send_queue.claim(owner, NOW, 1)
    step(store, result(outgoing), None, owner, NOW)
    (ann,) = store.people.save([replace(ann, name="Now")])
    found = store.bounces.delivery(1)
    assert found is not None
    assert (found.subscriber, found.digest, found.delivery.state) == (ann, "staff", "accepted")
    assert store.bounces.delivery(2) is None


def test_a_message_id_leads_to_the_delivery_of_one_person(store: SqlStore, ann: Subscriber) -> None:
    """Of this person and no other; who was erased has none."""
    (bob,) = store.people.save([person("bob")])
    plan(store, [ann, bob])
    message_id = f"<s1.{ann.id}@example.org>"
    found = store.bounces.delivery_of(ann.id, message_id)
    assert found is not None
    assert (found.subscriber, found.digest, found.delivery.message_id) == (ann, "staff", message_id)
    for number, asked in (
        (bob.id, message_id),
        (ann.id, "<s2.1@example.org>"),
        (ann.id, ""),
        (99, message_id),
    ):
        assert store.bounces.delivery_of(number, asked) is None
    assert store.bounces.delivery_of(ann.id, "a\0b\ud800" + "x" * 9_000) is None
    store.people.erase(ann.id)
    assert store.bounces.delivery_of(ann.id, message_id) is None
