"""Sending by groups of receivers: to servers that enforce rules, without breaking one, and losing nothing."""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from bench.receiving import GONE, Receivers, Rules
from bench.site import MONDAY, Made
from newsfeed.app.delivery import DeliveryContext, open_round_context
from newsfeed.channels.mx import MxChannel
from newsfeed.core.delivery.tasks import SEND_BATCH
from newsfeed.delivery.batches import BatchContext, BatchSender
from newsfeed.delivery.receiver_traffic import ReceiverTraffic, resume_receivers
from newsfeed.delivery.rounds import plan_round
from newsfeed.delivery.sender import SendCounts, Sender, SenderContext
from newsfeed.queue.in_process import InProcessQueue
from newsfeed.queue_ports import QueueTask
from newsfeed.receiver_ports import ReceiverState
from newsfeed.records import Bounce
from newsfeed.service_settings import MxSettings, ReceiverLimits
from newsfeed.subscribers.roster import ImportPlan, import_people
from tests.channels.mx.servers import OWN_NAME, lookups_of
from tests.delivery.sites import delivery, rows, site, states, wait_until

SECOND = timedelta(seconds=1)


@dataclass
class Rehearsal:
    """One issue to readers of some receivers, and what it is sent with."""

    made: Made
    opened: DeliveryContext
    receivers: Receivers
    limits: Mapping[str, ReceiverLimits]
    speed: float = 1.0
    """Seconds of the sender's clock in one of ours."""
    connections: int = 8
    told: list[ReceiverState] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The sender's clock."""
        return MONDAY + (time.monotonic() - self.began) * self.speed * SECOND

    def context(self, *, limiting: bool = True) -> SenderContext:
        """What a process sends with: its own channel, over one ledger."""
        zone: dict[tuple[str, str], tuple[str, ...]] = {}
        for one in self.receivers.receivers:
            zone[f"{one.name}.example", "MX"] = (f"mx.{one.name}.example",)
            zone[f"mx.{one.name}.example", "A"] = (one.address,)
        settings = MxSettings(hello=OWN_NAME, port=self.receivers.port, allow_private=True)
        channel = MxChannel(settings, lookups_of(zone), self.made.folder / "var" / "policies")
        context = open_round_context(self.opened, self.now, lambda *_: None, os.environ).sender_context
        traffic = ReceiverTraffic(
            self.opened.store.receiver_book,
            context.owner,
            lambda name: self.limits.get(name.removesuffix(".example"), ReceiverLimits()),
            self.now,
            self.told.append,
            limiting=limiting,
        )
        return replace(
            context,
            open_session=channel.open,
            halt=channel.close,
            connections=self.connections,
            traffic=traffic,
        )

    def send(self, context: SenderContext | None = None) -> SendCounts:
        """Send what is due."""
        return Sender(context or self.context(), self.stop).run()

    def finish(self, *, within: float = 60.0) -> None:
        """Send, again and again, until nothing waits."""
        context = self.context()
        ends = time.monotonic() + within
        while self.waiting():
            assert time.monotonic() < ends, states(self.made)
            self.send(context)
            time.sleep(0.01)

    def waiting(self) -> int:
        """Deliveries that are still to be sent."""
        return self.opened.store.send_queue.count_waiting(self.now()).number

    @property
    def breaches(self) -> Counter[str]:
        """Rules that were broken."""
        found: Counter[str] = Counter()
        for one in self.receivers.receivers:
            found.update(one.breaches)
        return found

    def taken(self) -> Counter[str]:
        """Receiver → messages; nobody got two."""
        for one in self.receivers.receivers:
            assert set(one.taken.values()) <= {1}
        return Counter({one.name: len(one.taken) for one in self.receivers.receivers})


@contextmanager
def rehearsal(
    tmp_path: Path,
    people: Mapping[str, int],
    rules: Mapping[str, Rules],
    limits: Mapping[str, ReceiverLimits],
    queue: InProcessQueue | None = None,
    **wishes: float,
) -> Iterator[Rehearsal]:
    """Plan an issue for so many people of each receiver; of *gone* ones nobody is there any more."""
    made = site(tmp_path, 0, port=1)
    with Receivers(dict(rules)) as receivers, delivery(made) as opened:
        lines = ["email,name,language"]
        for number in range(max(people.values())):  # mixed, as lists are
            lines += [
                f"{name.replace('@', f'{number}@')}.example,R {number},en"
                for name, count in people.items()
                if number < count
            ]
        plan = ImportPlan("staff", "on paper", "test", ("en",), ("water",))
        then = MONDAY - timedelta(days=20)
        assert len(list(import_people(opened.roster_context, "\n".join(lines), plan, then))) == len(lines) - 1
        plan_round(open_round_context(opened, lambda: MONDAY, lambda *_: None, os.environ, queue))
        found = Rehearsal(made, opened, receivers, limits, **wishes)  # type: ignore[arg-type]
        yield found
        connections = opened.store.receiver_book
        for name in connections.read():  # all were given back
            assert connections.take_connection(name, "nobody", 1)


def test_connections_and_messages_on_each_are_kept_to(tmp_path: Path) -> None:
    """The strict one is not in the way of the other, which has all of its mail first."""
    rules = {
        "orange": Rules(connections=2, messages=5, think=0.02),
        "gmx": Rules(connections=4, messages=100, think=0.001),
    }
    limits = {
        "orange": ReceiverLimits(connections=2, messages=5),
        "gmx": ReceiverLimits(connections=4, messages=100),
    }
    with rehearsal(tmp_path, {"a@orange": 40, "b@gmx": 60}, rules, limits) as found:
        book = found.opened.store.receiver_book
        with patch.object(book, "take_connection", wraps=book.take_connection) as take:
            counts = found.send()
        assert counts.states == {"accepted": 100}
        assert take.call_count <= sum(one.calls for one in found.receivers.receivers)  # nothing spins
        assert found.breaches == {}
        assert found.taken() == {"orange": 40, "gmx": 60}
        assert found.receivers["orange"].most_open == 2
        assert found.receivers["orange"].calls >= 8
        assert found.receivers["gmx"].last < found.receivers["orange"].last


def test_without_limits_the_same_breaks_rules(tmp_path: Path) -> None:
    """So that it is the limits that kept us from it."""
    rules = {"orange": Rules(connections=2, messages=5, think=0.01)}
    with rehearsal(tmp_path, {"a@orange": 60}, rules, {}) as found:
        found.send(found.context(limiting=False))
        assert found.breaches["messages on a connection"] + found.breaches["connections"] > 5


def test_two_processes_share_connections(tmp_path: Path) -> None:
    """Together they have no more than one alone, and none starves the other for ever."""
    rules = {"orange": Rules(connections=2, messages=10, think=0.01)}
    limits = {"orange": ReceiverLimits(connections=2, messages=10)}
    with rehearsal(tmp_path, {"a@orange": 80}, rules, limits) as found:
        contexts = [found.context(), found.context()]
        threads = [threading.Thread(target=found.send, args=[one]) for one in contexts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        found.finish()
        assert found.breaches == {}
        assert found.taken() == {"orange": 80}


def test_a_rate_is_kept_to_and_made_use_of(tmp_path: Path) -> None:
    """Twenty-four at eight a second take three seconds, whatever the connections; others do not wait."""
    rules = {"orange": Rules(connections=5), "gmx": Rules()}
    limits = {"orange": ReceiverLimits(per_second=8.0, connections=5)}
    with rehearsal(tmp_path, {"a@orange": 24, "b@gmx": 30}, rules, limits) as found:
        assert found.send().states == {"accepted": 54}
        assert found.breaches == {}
        orange = found.receivers["orange"]
        assert orange.last - orange.began > 2.0
        assert found.receivers["gmx"].last < orange.last


def test_a_clock_that_stands_still_holds_up_nobody(tmp_path: Path) -> None:
    """As with ``--now``: turns come all the same."""
    limits = {"orange": ReceiverLimits(per_second=20.0)}
    with rehearsal(tmp_path, {"a@orange": 30}, {"orange": Rules()}, limits, speed=0.0) as found:
        assert found.send().states == {"accepted": 30}


def test_a_storm_pauses_the_group_and_nobody_else(tmp_path: Path) -> None:
    """After the pause comes slow start; who was told to wait has waited, and nothing is lost."""
    rules = {"orange": Rules(connections=4, think=0.01, storms=((0.15, 1.0),)), "gmx": Rules(think=0.005)}
    limits = {"orange": ReceiverLimits(connections=4, pause=10 * SECOND)}
    people = {"a@orange": 150, "b@gmx": 60}
    with rehearsal(tmp_path, people, rules, limits, speed=10.0) as found:
        counts = found.send()
        assert found.taken()["gmx"] == 60
        assert counts.states["deferred"] <= 4  # those on the wire
        assert not counts.trouble
        (pause,) = found.told
        assert (pause.name, pause.pauses, pause.allowed) == ("orange.example", 1, 1)
        assert pause.reason == "421 4.7.0 too much mail from you, try again later"
        assert pause.paused_until is not None
        late = int(pause.paused_until.timestamp() * 1e6)
        waiting = f"SELECT count(*) FROM deliveries WHERE state = 'deferred' AND next_try <> {late}"
        assert rows(found.made, waiting) == [(0,)]  # those on the wire wait as the others do
        found.finish()
        assert found.taken() == {"orange": 150, "gmx": 60}
        assert found.breaches == {}
        state = found.opened.store.receiver_book.read()["orange.example"]
        assert (state.allowed, state.pauses) == (0, 0)


def test_a_pause_is_kept_over_restarts(tmp_path: Path) -> None:
    """A process that begins meanwhile calls nobody."""
    rules = {"orange": Rules(storms=((0.0, 0.5),))}
    limits = {"orange": ReceiverLimits(pause=600 * SECOND)}
    with rehearsal(tmp_path, {"a@orange": 20}, rules, limits) as found:
        found.send()
        calls = found.receivers["orange"].calls
        assert 1 <= calls <= 8
        assert found.send(found.context()).states == {}
        assert found.receivers["orange"].calls == calls
        assert found.opened.store.send_queue.count_due(found.now())[0] == 0


def test_greylisting_pauses_nobody(tmp_path: Path) -> None:
    """Each message comes back in five minutes; those after it are tried as well."""
    rules = {"free": Rules(greylisting=0.3)}
    with rehearsal(tmp_path, {"a@free": 40}, rules, {}, speed=300.0) as found:
        assert found.send().states["deferred"] == 40
        assert found.told == []
        found.finish()
        assert found.taken() == {"free": 40}
        assert found.breaches == {}


def test_unknown_users_pause_the_group_before_it_blocks_us(tmp_path: Path) -> None:
    """It says so, once; a person who cleaned the list lets it go on."""
    rules = {"laposte": Rules(connections=2), "gmx": Rules()}
    limits = {"laposte": ReceiverLimits(connections=2, most_unknown=0.02)}
    people = {f"{GONE}@laposte": 40, "a@laposte": 100, "b@gmx": 50}
    with rehearsal(tmp_path, people, rules, limits) as found:
        counts = found.send()
        assert found.taken()["gmx"] == 50
        assert 3 <= counts.states["refused"] <= 4
        assert [(one.name, one.reason) for one in found.told] == [("laposte.example", "unknown")]
        assert found.breaches == {}
        assert found.send(found.context()).states == {}
        assert states(found.made)["planned"] > 100
        people, receiver = found.opened.store.people, found.receivers["laposte"]
        gone = [one for one in people.all() if one.address.startswith(GONE) and one.state == "active"]
        people.save([replace(one, state="bounced") for one in gone])
        store = found.opened.store
        assert resume_receivers(store.receiver_book, store.issues, "laposte.example", found.now())
        found.finish()
        assert found.taken() == {"laposte": 100, "gmx": 50}
        assert found.breaches == {}
        assert len(receiver.unknown) == counts.states["refused"]  # whoever is off the list is not asked for


def test_a_relay_that_limits_by_itself_is_given_all(tmp_path: Path) -> None:
    """Unknown users pause a group all the same; "not so fast" is the relay's own business."""
    rules = {"orange": Rules(connections=50, messages=1000), "gmx": Rules(connections=50)}
    limits = {name: ReceiverLimits(connections=1, messages=2, per_second=0.1) for name in rules}
    with rehearsal(tmp_path, {f"{GONE}@gmx": 30, "a@orange": 60}, rules, limits) as found:
        counts = found.send(found.context(limiting=False))
        assert counts.states["accepted"] == 60
        assert 6 <= counts.states["refused"] < 30
        assert [one.reason for one in found.told] == ["unknown"]


def test_few_connections_go_round_among_many_groups(tmp_path: Path) -> None:
    """Those that wait for a turn make room for groups that have none yet."""
    names = [f"host{number}" for number in range(6)]
    limits = {name: ReceiverLimits(connections=1, messages=3, per_second=8.0) for name in names}
    rules = {name: Rules(connections=1, messages=3) for name in names}
    people = {f"a@{name}": 8 for name in names}
    with rehearsal(tmp_path, people, rules, limits, connections=2) as found:
        assert found.send().states == {"accepted": 48}
        assert found.breaches == {}


@pytest.mark.parametrize("per_second", [0.0, 2.0])
def test_a_stop_ends_soon_and_gives_all_back(tmp_path: Path, per_second: float) -> None:
    """Whether a connection is at work or waits for its turn."""
    limits = {"orange": ReceiverLimits(connections=2, per_second=per_second)}
    rules = {"orange": Rules(connections=2, think=0.05)}
    with rehearsal(tmp_path, {"a@orange": 100}, rules, limits) as found:
        thread = threading.Thread(target=found.send)
        thread.start()
        wait_until(lambda: len(found.receivers["orange"].taken) >= 2)
        found.stop.set()
        thread.join(10)
        assert not thread.is_alive()
        left = states(found.made)
        assert left["accepted"] == len(found.receivers["orange"].taken)
        assert left["accepted"] + left["planned"] == 100
        assert found.waiting() == left["planned"]


class Deferred(InProcessQueue):
    """A queue whose tasks nobody runs; it remembers those about batches."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []

    def defer(self, tasks: list[QueueTask], transaction: object = None) -> None:
        """Remember the batch of each."""
        self.batches += [task.arguments["batch"] for task in tasks if task.name == SEND_BATCH]


def test_a_batch_whose_group_has_no_free_connection_is_put_back(tmp_path: Path) -> None:
    """It is not waited for, and has its turn when another one was sent."""
    rules = {"orange": Rules(connections=1, messages=100), "gmx": Rules()}
    limits = {"orange": ReceiverLimits(connections=1)}
    queue = Deferred()
    people = {"a@orange": 30, "b@gmx": 30}
    with rehearsal(tmp_path, people, rules, limits, queue=queue) as found:
        store, context = found.opened.store, found.context()
        orange, gmx = sorted(set(queue.batches), key=lambda one: _receivers_of(found, one), reverse=True)
        sender = BatchSender(BatchContext(store.batches, queue, context), 1)
        other = store.owners.register()
        assert store.receiver_book.take_connection("orange.example", other, 1)
        queue.batches.clear()
        counts = sender.send(orange, found.stop)
        assert (counts.states, set(counts.crowded)) == ({}, {"orange.example"})
        assert orange in store.batches.due(found.now())
        store.receiver_book.leave_connection("orange.example", other)
        assert sender.send(gmx, found.stop).states == {"accepted": 30}
        assert queue.batches == [orange]
        assert sender.send(orange, found.stop).states == {"accepted": 30}
        assert queue.batches == [orange]
        assert found.breaches == {}


def test_a_batch_whose_group_is_paused_waits_for_its_end(tmp_path: Path) -> None:
    """It is not found again before."""
    limits = {"orange": ReceiverLimits(pause=60 * SECOND)}
    queue = Deferred()
    with rehearsal(tmp_path, {"a@orange": 30}, {"orange": Rules()}, limits, queue=queue) as found:
        store, context = found.opened.store, found.context()
        store.receiver_book.change(
            {"orange.example": lambda state: replace(state, paused_until=found.now() + 60 * SECOND)}
        )
        (number,) = set(queue.batches)
        sender = BatchSender(BatchContext(store.batches, queue, context), 1)
        assert store.batches.due(found.now()) == [number]
        assert sender.send(number, found.stop).states == {}
        assert store.batches.due(found.now()) == []
        assert resume_receivers(store.receiver_book, store.issues, "orange.example", found.now())
        assert store.batches.due(found.now()) == [number]
        sender = BatchSender(BatchContext(store.batches, queue, found.context()), 1)
        assert sender.send(number, found.stop).states == {"accepted": 30}


def test_whoever_resumes_a_group_has_it_sent_at_once(tmp_path: Path) -> None:
    """And not when the pause would have ended; nobody else is hurried."""
    rules = {"orange": Rules(storms=((0.0, 0.3),)), "free": Rules(greylisting=60.0)}
    limits = {"orange": ReceiverLimits(pause=3600 * SECOND)}
    with rehearsal(tmp_path, {"a@orange": 20, "b@free": 5}, rules, limits) as found:
        store = found.opened.store
        context = found.context()
        found.send(context)
        assert store.send_queue.count_due(found.now())[0] == 0
        time.sleep(0.3)
        assert not resume_receivers(store.receiver_book, store.issues, "free.example", found.now())
        assert resume_receivers(store.receiver_book, store.issues, "orange.example", found.now())
        found.send(found.context())
        assert len(found.receivers["orange"].taken) == 20
        assert found.receivers["free"].taken == {}


def test_complaints_and_reports_count_for_the_group(tmp_path: Path) -> None:
    """They come by mailbox, and days later."""
    limits = {"orange": ReceiverLimits(most_complaints=0.003, most_unknown=0.05)}
    with rehearsal(tmp_path, {"a@orange": 8}, {"orange": Rules()}, limits) as found:
        traffic = found.context().traffic
        (outgoing, *_) = found.opened.store.send_queue.claim("somebody", found.now(), 1)
        report = Bounce(subscriber_id=1, delivery_id=1, at=found.now(), kind="soft", status="4.2.2")
        for _ in range(3):
            traffic.note_returned(outgoing, report)
            traffic.note_returned(outgoing, replace(report, kind="complaint", status=""))
            traffic.note_returned(outgoing, replace(report, kind="hard", status="5.1.1"))
        state = found.opened.store.receiver_book.read()["orange.example"]
        assert (state.complaints, state.unknown, found.told) == (3, 3, [])
        traffic.note_returned(outgoing, replace(report, kind="complaint", status=""))
        assert [one.reason for one in found.told] == ["complaints"]
        found.opened.store.send_queue.release("somebody")


def _receivers_of(found: Rehearsal, batch: int) -> str:
    ((name,),) = rows(found.made, f"SELECT receivers FROM batches WHERE id = {batch}")
    return str(name)
