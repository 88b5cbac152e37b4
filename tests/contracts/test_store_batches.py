"""What every store does for workers: batches, their leases, and who there is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from newsfeed.queue_ports import QueueTask
from newsfeed.records import BatchLease, Issue, Subscriber
from newsfeed.stores.sql import SqlStore
from tests.contracts.stores import (
    DAY,
    MINUTE,
    NOW,
    Noted,
    Place,
    person,
    plan,
    rendering,
    result,
    states,
    step,
)

LONG, OVER = 600.0, -1.0
"""Seconds of a lease that lasts as long as a test, and of one that has run out when it begins."""


def people_of(store: SqlStore, *counts: int) -> list[Subscriber]:
    """So many readers at each of some domains."""
    made = [
        person(f"p{place}-{number}", address=f"p{number}@readers{place}.example")
        for place, count in enumerate(counts)
        for number in range(count)
    ]
    return list(store.people.save(made))


def planned(store: SqlStore, people: Sequence[Subscriber], slot: str = "s1") -> tuple[Issue, list[int]]:
    """An issue in batches, and their numbers."""
    queue = Noted()
    issue = plan(store, people, slot, queue=queue)
    return issue, [task.arguments["batch"] for task in queue.tasks]


@pytest.fixture
def ready(store: SqlStore) -> tuple[SqlStore, Issue, int]:
    """A store with one batch of four."""
    issue, (batch,) = planned(store, people_of(store, 4))
    return store, issue, batch


def taken(store: SqlStore, batch: int, seconds: float = LONG) -> BatchLease:
    """The lease of somebody who lives."""
    lease = store.batches.take(batch, store.owners.register(), seconds, NOW)
    assert lease is not None
    return lease


def test_an_issue_is_planned_in_batches_of_one_receiver(store: SqlStore) -> None:
    """At most 500 each; receivers with a few readers share one; each has a task of its own."""
    queue = Noted()
    people = people_of(store, 620, 30, 2, 3)
    plan(store, people, queue=queue)
    batches = [task.arguments["batch"] for task in queue.tasks]
    assert store.batches.due(NOW) == batches
    assert len({task.lock for task in queue.tasks}) == len(batches)
    found = []
    for batch in batches:
        claimed = store.batches.claim(taken(store, batch), NOW, 1000)
        found.append(Counter(one.subscriber.address.partition("@")[2] for one in claimed))
    assert sorted(map(sorted, (one.items() for one in found))) == [
        [("readers0.example", 120)],
        [("readers0.example", 500)],
        [("readers1.example", 30)],
        [("readers2.example", 2), ("readers3.example", 3)],
    ]


def test_each_rendering_has_batches_of_its_own(store: SqlStore) -> None:
    """So a batch is composed from one frozen body."""
    people = people_of(store, 3)
    people += store.people.save([person("anne", languages=("fr",), address="anne@readers0.example")])
    queue = Noted()
    plan(store, people, parts=[rendering("en"), rendering("fr", lang="fr")], queue=queue)
    groups = []
    for task in queue.tasks:
        claimed = store.batches.claim(taken(store, task.arguments["batch"]), NOW, 10)
        groups.append({one.delivery.group for one in claimed})
    assert groups == [{"en"}, {"fr"}]


def test_a_queue_that_fails_leaves_no_issue(store: SqlStore) -> None:
    """Issue and tasks are kept together or not at all."""

    class Broken(Noted):
        def defer(self, tasks: Sequence[QueueTask], transaction: object = None) -> None:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        plan(store, people_of(store, 2), queue=Broken())
    assert store.issues.find("staff") is None
    assert store.batches.due(NOW + DAY) == []


def test_only_one_living_holder_has_a_batch(ready: tuple[SqlStore, Issue, int]) -> None:
    """A task that runs beside itself finds nothing to do, and the batch is not due meanwhile."""
    store, _, batch = ready
    lease = taken(store, batch)
    assert store.batches.take(batch, store.owners.register(), LONG, NOW) is None
    assert store.batches.due(NOW) == []
    assert store.batches.count(NOW).held == 1
    store.batches.give_back(lease)
    assert store.batches.due(NOW) == [batch]
    assert taken(store, batch).number == lease.number + 1


def test_no_batch_is_taken_that_is_not_there(store: SqlStore) -> None:
    """A task may outlive a restored database."""
    assert store.batches.take(7, store.owners.register(), LONG, NOW) is None


def test_a_batch_of_the_dead_is_taken_at_once(ready: tuple[SqlStore, Issue, int]) -> None:
    """What they had on the wire becomes unknown, the rest is claimed anew."""
    store, issue, batch = ready
    dead = store.owners.register()
    lease = store.batches.take(batch, dead, LONG, NOW)
    assert lease is not None
    first, *_ = store.batches.claim(lease, NOW, 10)
    assert step(store, None, first.delivery.id, lease.owner, NOW) == "go"
    store.owners.leave(dead)
    assert len(store.batches.claim(taken(store, batch), NOW, 10)) == 3
    assert states(store, issue) == {"unknown": 1, "planned": 3}


def test_whoever_lost_the_lease_writes_nothing(ready: tuple[SqlStore, Issue, int]) -> None:
    """Not a result, not an intent, not a claim: also when the new holder has not begun yet."""
    store, issue, batch = ready
    old = taken(store, batch, OVER)
    first, second, *_ = store.batches.claim(old, NOW, 2)
    assert step(store, None, first.delivery.id, old.owner, NOW) == "go"
    new = taken(store, batch)
    for _ in range(2):
        late = step(store, result(first), second.delivery.id, old.owner, NOW)
        assert late == "taken"
        assert store.batches.claim(old, NOW, 10) == []
        assert not store.batches.renew(old, LONG)
        store.send_queue.release(old.owner)
        store.batches.give_back(old)
        assert states(store, issue) == {"unknown": 1, "planned": 3}
        store.batches.claim(new, NOW, 10)
    assert store.batches.renew(new, LONG)


def test_a_lease_that_ran_out_is_recovered(ready: tuple[SqlStore, Issue, int]) -> None:
    """By whoever looks for what is due, workers and plain senders; one that was renewed is not."""
    store, issue, batch = ready
    for look in (store.batches.recover, store.send_queue.recover):
        lease = taken(store, batch, OVER)
        first, *_ = store.batches.claim(lease, NOW, 10)
        step(store, None, first.delivery.id, lease.owner, NOW)
        assert look(NOW) == 1
        assert look(NOW) == 0
        store.issues.decide_doubts(issue.id, True, NOW)
        assert store.batches.due(NOW) == [batch]
        assert not store.batches.renew(lease, LONG)
    lease = taken(store, batch)
    store.batches.claim(lease, NOW, 10)
    assert store.send_queue.recover(NOW) == 0
    assert store.batches.renew(lease, LONG)


def test_a_result_that_is_out_keeps_the_lease(ready: tuple[SqlStore, Issue, int]) -> None:
    """A relay that hangs may still answer: until the lease runs out nobody else sends the message."""
    store, issue, batch = ready
    lease = taken(store, batch)
    first, *_ = store.batches.claim(lease, NOW, 1)
    step(store, None, first.delivery.id, lease.owner, NOW)
    store.batches.give_back(lease)
    assert store.batches.due(NOW) == []
    step(store, result(first), None, lease.owner, NOW)
    assert states(store, issue) == {"accepted": 1, "planned": 3}
    store.batches.give_back(lease)
    assert store.batches.due(NOW) == [batch]


def test_a_batch_is_due_when_one_of_its_deliveries_is(ready: tuple[SqlStore, Issue, int]) -> None:
    """A message whose next try has not come waits, and nothing is left in the end."""
    store, issue, batch = ready
    lease = taken(store, batch)
    first, *others = store.batches.claim(lease, NOW, 10)
    for one in others:
        step(store, result(one), None, lease.owner, NOW)
    step(store, result(first, "deferred", NOW + MINUTE), None, lease.owner, NOW)
    store.batches.give_back(lease)
    assert store.batches.due(NOW) == []
    assert store.batches.count(NOW).oldest is None
    assert store.batches.due(NOW + MINUTE) == [batch]
    assert store.batches.count(NOW + 2 * MINUTE).oldest == NOW + MINUTE
    lease = taken(store, batch)
    (again,) = store.batches.claim(lease, NOW + MINUTE, 10)
    step(store, result(again), None, lease.owner, NOW)
    store.batches.give_back(lease)
    assert store.batches.due(NOW + DAY) == []
    assert store.batches.count(NOW + DAY) == replace(store.batches.count(NOW), open=0, held=0)
    assert states(store, issue) == {"accepted": 4}


def test_deliveries_outside_batches_are_put_into_some(store: SqlStore) -> None:
    """Those that were planned before there were any, or without workers; each once."""
    people = people_of(store, 3, 40)
    plan(store, people, "s1")
    plan(store, people, "s2", digest="other")
    plain = store.owners.register()
    assert len(store.send_queue.claim(plain, NOW, 1)) == 1
    adopted = []
    while number := store.batches.adopt(1000):
        adopted.append(number)
    assert sum(adopted) == 85
    assert len(adopted) == 2
    batches = store.batches.due(NOW)
    claimed = [one for batch in batches for one in store.batches.claim(taken(store, batch), NOW, 100)]
    assert len({one.delivery.id for one in claimed}) == 85


def test_plain_senders_and_workers_share_a_batch(ready: tuple[SqlStore, Issue, int]) -> None:
    """Each delivery is claimed by one of them."""
    store, _, batch = ready
    mine = store.send_queue.claim(store.owners.register(), NOW, 1)
    theirs = store.batches.claim(taken(store, batch), NOW, 10)
    assert len({one.delivery.id for one in (*mine, *theirs)}) == 4


def test_workers_are_known_until_they_leave(store: SqlStore) -> None:
    """With what they serve, and their last sign of life; those that died are forgotten by the next that comes."""
    names = [store.owners.register() for _ in range(3)]
    store.workers.register(names[0], "east", ("plan", "send"), 2)
    store.workers.register(names[1], "west", ("send",), 4)
    (first, second), clock = store.workers.all()
    assert (first.name, first.host, first.queues, first.concurrency) == (
        names[0],
        "east",
        ("plan", "send"),
        2,
    )
    assert first.started == first.seen <= clock
    assert store.workers.beat(first.name)
    store.workers.leave(second.name)
    ((again,), _) = store.workers.all()
    assert again.started == first.started
    assert again.seen >= first.seen
    store.owners.leave(first.name)
    store.workers.register(names[2], "east", ("send",), 1)
    assert [one.name for one in store.workers.all()[0]] == [names[2]]
    assert not store.workers.beat(first.name)


def test_a_group_of_a_batch_is_passed_over_or_put_off(store: SqlStore) -> None:
    """By whoever holds the lease; once that is lost nothing changes any more."""
    people = people_of(store, 2, 2)
    _, (batch,) = planned(store, people)
    lease = taken(store, batch)
    first, second = "readers0.example", "readers1.example"
    (one, other) = store.batches.claim(lease, NOW, 9, [second])
    assert {one.receivers, other.receivers} == {first}
    store.send_queue.release(lease.owner)
    store.batches.postpone(lease, first, NOW + MINUTE)
    assert [one.receivers for one in store.batches.claim(lease, NOW, 9)] == [second, second]
    store.send_queue.release(lease.owner)
    store.batches.give_back(lease)
    store.batches.postpone(lease, second, NOW + MINUTE)
    lease = taken(store, batch)
    assert len(store.batches.claim(lease, NOW, 9)) == 2
    store.send_queue.release(lease.owner)
    store.batches.postpone(lease, second, NOW + 5 * MINUTE)
    store.batches.give_back(lease)
    assert store.batches.due(NOW) == []
    assert store.issues.bring_forward(second, NOW + MINUTE, NOW) == 0
    assert store.issues.bring_forward(first, NOW + MINUTE, NOW) == 2
    assert store.batches.due(NOW) == [batch]


def test_a_lease_survives_in_a_store_that_is_opened_twice(shared: Place) -> None:
    """Two processes see the same holder."""
    first, second = shared.open(), shared.open()
    _, (batch,) = planned(first, people_of(first, 2))
    lease = taken(first, batch)
    assert second.batches.take(batch, second.owners.register(), LONG, NOW) is None
    assert second.batches.recover(NOW) == 0
    first.close()
    assert second.batches.recover(NOW) == 0
    assert second.batches.due(NOW) == [batch]
    assert taken(second, batch).number == lease.number + 1
