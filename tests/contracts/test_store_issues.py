"""What every store of issues does."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from newsfeed.errors import OutsideError
from newsfeed.records import Delivery, Issue, Subscriber, Subscription
from newsfeed.stores.sql import SqlStore
from newsfeed.stores.sql import issues as issues_module
from tests.contracts.stores import (
    DAY,
    MINUTE,
    NOW,
    Place,
    person,
    plan,
    rendering,
    result,
    states,
    step,
)


@pytest.fixture
def readers(store: SqlStore) -> list[Subscriber]:
    """Four readers: two of English, one of German, one of French."""
    languages = {"ann": ("en",), "bob": ("en", "de"), "eva": ("de",), "luc": ("fr", "en")}
    return list(store.people.save([person(name, languages=known) for name, known in languages.items()]))


PARTS = (rendering("en", ["a", "b"]), rendering("de", ["a"], "de"), rendering("fr", ["c"], "fr"))


def test_an_issue_comes_back_as_it_was_frozen(store: SqlStore, readers: list[Subscriber]) -> None:
    """Facts, headers and every byte of the body; found by number, by slot, and as the newest."""
    issue = Issue(
        digest="staff",
        slot="2026-03-02T08:00",
        instant=NOW,
        created=NOW + MINUTE,
        commit="abc",
        content_hash="def",
        revisions={"a": "1", "é": "2"},
    )
    planned = store.issues.plan(issue, PARTS, [])
    assert planned == replace(issue, id=1)
    assert store.issues.find("1") == planned
    assert store.issues.find("staff/2026-03-02T08:00") == planned
    assert store.issues.find("staff") == planned
    for part in PARTS:
        assert store.issues.rendering(1, part.group) == part
    later = plan(store, readers, "later", at=NOW + DAY)
    assert store.issues.find("staff") == later
    assert store.issues.slots("staff", NOW) == {"2026-03-02T08:00": 1, "later": 2}
    assert store.issues.slots("staff", NOW + MINUTE) == {"later": 2}
    assert store.issues.slots("other", NOW) == {}
    assert store.issues.of_digest("staff") == [planned, later]
    assert store.issues.of_digest("other") == []


@pytest.mark.parametrize("asked", ["7", "staff/s9", "other", "", "/", "٣", "9" * 40, "staff/"])
def test_what_is_no_issue_is_not_found(store: SqlStore, readers: list[Subscriber], asked: str) -> None:
    """Whatever an operator types."""
    plan(store, readers)
    assert store.issues.find(asked) is None


def test_a_digest_may_be_called_by_a_number(store: SqlStore, readers: list[Subscriber]) -> None:
    """An issue's number is looked for first."""
    planned = plan(store, readers, digest="2026")
    assert store.issues.find("2026") == planned
    assert store.issues.find("1") == planned


def test_a_group_that_is_not_there_is_said_so(store: SqlStore) -> None:
    """Nothing to send can be made up."""
    with pytest.raises(OutsideError, match="no group x of issue 5"):
        store.issues.rendering(5, "x")


def test_a_slot_has_one_issue(store: SqlStore, readers: list[Subscriber]) -> None:
    """Whoever comes second gets nothing and changes nothing; another digest has slots of its own."""
    plan(store, readers[:1])
    again = Issue(digest="staff", slot="s1", instant=NOW, created=NOW)
    assert store.issues.plan(again, PARTS, []) is None
    plan(store, readers, digest="other")
    assert states(store, store.issues.find("staff/s1")) == {"planned": 1}


def test_of_many_who_plan_a_slot_at_the_same_moment_one_does(shared: Place) -> None:
    """Two schedulers side by side do no harm."""
    stores = [shared.open() for _ in range(4)]
    people = stores[0].people.save([person(f"p{n}") for n in range(20)])
    together = threading.Barrier(len(stores))
    made: list[Issue | None] = []

    def work(store: SqlStore) -> None:
        together.wait()
        audience = [Delivery(issue_id=0, subscriber_id=one.id, group="en") for one in people]
        issue = Issue(digest="staff", slot="s1", instant=NOW, created=NOW)
        made.append(store.issues.plan(issue, PARTS, audience))

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (planned,) = [one for one in made if one is not None]
    assert len(made) == 4
    assert states(stores[0], planned) == {"planned": 20}


def test_an_issue_is_planned_whole_or_not_at_all(
    store: SqlStore, readers: list[Subscriber], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When drawing up the audience fails half-way, the slot is still free."""
    monkeypatch.setattr(issues_module, "_CHUNK", 2)

    def audience() -> Iterator[Delivery]:
        for one in readers[:3]:
            yield Delivery(issue_id=0, subscriber_id=one.id, group="en")
        raise ZeroDivisionError

    issue = Issue(digest="staff", slot="s1", instant=NOW, created=NOW)
    with pytest.raises(ZeroDivisionError):
        store.issues.plan(issue, PARTS, audience())
    assert store.issues.find("staff") is None
    assert store.send_queue.count_due(NOW) == (0, None)
    assert states(store, plan(store, readers)) == {"planned": 4}


def test_the_audience_may_be_read_from_the_store_while_it_is_planned(
    store: SqlStore, readers: list[Subscriber]
) -> None:
    """A hundred thousand readers need not be in memory."""
    audience = (Delivery(issue_id=0, subscriber_id=one.id, group="en") for one in store.people.all())
    planned = store.issues.plan(Issue(digest="staff", slot="s1", instant=NOW, created=NOW), PARTS, audience)
    assert states(store, planned) == {"planned": 4}


def test_who_was_erased_since_is_left_out(store: SqlStore, readers: list[Subscriber]) -> None:
    """The audience was drawn up a moment ago; the rest still gets the issue."""
    store.people.erase(readers[1].id)
    assert states(store, plan(store, readers)) == {"planned": 3}


def test_a_delivery_may_be_settled_from_the_start(store: SqlStore, readers: list[Subscriber]) -> None:
    """A suppressed reader stands in the ledger too, so that the receipt says why."""
    audience = [
        Delivery(issue_id=0, subscriber_id=readers[0].id, group="en"),
        Delivery(issue_id=0, subscriber_id=readers[1].id, group="en", state="suppressed", settled_at=NOW),
        Delivery(issue_id=0, subscriber_id=readers[2].id, group="de", next_try=NOW + DAY, planned_at=NOW),
    ]
    planned = store.issues.plan(Issue(digest="staff", slot="s1", instant=NOW, created=NOW), PARTS, audience)
    assert store.issues.receipt(planned.id) == {"de": {"planned": 1}, "en": {"planned": 1, "suppressed": 1}}
    assert store.send_queue.count_due(NOW) == (2, None)  # no pause is as long as a day


def test_what_readers_had_is_the_union_of_their_issues(store: SqlStore, readers: list[Subscriber]) -> None:
    """Of this digest only, and only since the moment asked about."""
    plan(store, readers, "s0", at=NOW - 30 * DAY, parts=[rendering("en", ["old"])])
    plan(store, readers, "s1", at=NOW, parts=PARTS)
    plan(store, readers[:2], "s2", at=NOW + DAY, parts=[rendering("en", ["d", "b"])])
    plan(store, readers, "s3", digest="other", parts=[rendering("en", ["x"])])
    ann, bob, eva, luc = (one.id for one in readers)
    had = store.issues.stories_received("staff", NOW - DAY)
    assert had == {
        ann: frozenset("abd"),
        bob: frozenset("abd"),
        eva: frozenset("a"),
        luc: frozenset("c"),
    }
    assert had[ann] is had[bob]
    assert store.issues.stories_received("staff", NOW - 60 * DAY)[luc] == {"c", "old"}
    assert store.issues.stories_received("staff", NOW + 60 * DAY) == {}


@pytest.mark.parametrize(
    ("state", "had"),
    [
        ("planned", True),
        ("accepted", True),
        ("deferred", True),
        ("unknown", True),
        ("refused", False),
        ("expired", False),
        ("suppressed", False),
        ("left", False),
        ("withdrawn", False),
    ],
)
def test_what_certainly_did_not_arrive_was_not_had(store: SqlStore, state: str, had: bool) -> None:
    """It is owed in the next issue; what may have arrived is not."""
    (ann,) = store.people.save([person("ann")])
    plan(store, [ann])
    owner = store.owners.register()
    (outgoing,) = store.send_queue.claim(owner, NOW, 1)
    if state != "planned":
        step(store, result(outgoing, state), None, owner, NOW)
    assert bool(store.issues.stories_received("staff", NOW)) is had


def test_a_receipt_sums_to_the_audience_at_every_moment(store: SqlStore, readers: list[Subscriber]) -> None:
    """By language of what was sent, then by state."""
    planned = plan(store, readers, parts=PARTS)
    assert store.issues.receipt(planned.id) == {
        "en": {"planned": 2},
        "de": {"planned": 1},
        "fr": {"planned": 1},
    }
    owner = store.owners.register()
    first, second, third, _ = store.send_queue.claim(owner, NOW, 10)
    step(store, None, first.delivery.id, owner, NOW)
    step(store, result(first), second.delivery.id, owner, NOW)
    step(store, result(third, "refused"), None, owner, NOW)
    assert sum(states(store, planned).values()) == 4
    assert store.issues.receipt(planned.id) == {
        "en": {"accepted": 1, "intent": 1},
        "de": {"refused": 1},
        "fr": {"planned": 1},
    }
    assert store.issues.receipt(99) == {}


def test_everything_about_one_reader_comes_newest_first(store: SqlStore, readers: list[Subscriber]) -> None:
    """What "did they get it, and when" is answered from."""
    plan(store, readers, "s1")
    plan(store, readers, "s2", at=NOW + DAY)
    owner = store.owners.register()
    outgoing = store.send_queue.claim(owner, NOW, 1)[0]
    step(store, None, outgoing.delivery.id, owner, NOW + MINUTE)
    step(store, result(outgoing), None, owner, NOW + 2 * MINUTE)
    (newest, waiting), (oldest, done) = store.issues.deliveries(outgoing.subscriber.id)
    assert (newest.slot, oldest.slot) == ("s2", "s1")
    assert waiting.state == "planned"
    assert done == replace(
        outgoing.delivery,
        state="accepted",
        attempts=1,
        next_try=None,
        reply="250 accepted",
        relay="relay:25",
        intent_at=NOW + MINUTE,
        settled_at=NOW + 2 * MINUTE,
    )


def _in_doubt(store: SqlStore) -> Issue:
    """Two deliveries are unknown and undecided, one is planned."""
    people = store.people.save([person("ann"), person("bob"), person("eva")])
    planned = plan(store, people)
    owner = store.owners.register()
    for outgoing in store.send_queue.claim(owner, NOW, 2):
        step(store, None, outgoing.delivery.id, owner, NOW)
        step(store, result(outgoing, "unknown", NOW), None, owner, NOW)
    return planned


def test_doubtful_deliveries_wait_for_a_decision(store: SqlStore) -> None:
    """They are neither sent again nor dropped by themselves."""
    planned = _in_doubt(store)
    assert states(store, planned) == {"planned": 1, "unknown": 2}
    assert store.send_queue.count_due(NOW + DAY) == (1, None)
    assert len(store.send_queue.claim(store.owners.register(), NOW + DAY, 10)) == 1


def test_doubtful_deliveries_are_sent_again_on_request(store: SqlStore) -> None:
    """With the same Message-ID; attempts go on counting."""
    planned = _in_doubt(store)
    assert store.issues.decide_doubts(planned.id, True, NOW + MINUTE) == 2
    assert states(store, planned) == {"planned": 3}
    claimed = store.send_queue.claim(store.owners.register(), NOW + MINUTE, 10)
    assert [one.delivery.attempts for one in claimed] == [0, 1, 1]
    assert claimed[1].delivery.message_id == f"<s1.{claimed[1].subscriber.id}@example.org>"


def test_doubtful_deliveries_are_let_be_on_request(store: SqlStore) -> None:
    """They stay unknown, visibly, and are not decided a second time."""
    planned = _in_doubt(store)
    assert store.issues.decide_doubts(planned.id, False, NOW) == 2
    assert store.issues.decide_doubts(planned.id, True, NOW) == 0
    assert states(store, planned) == {"planned": 1, "unknown": 2}


def test_a_monthly_reader_is_a_reader(store: SqlStore) -> None:
    """Frequency and topics are for the planner: the store sends to whoever is planned for."""
    subscription = {"staff": Subscription(digest="staff", frequency="monthly", topics=("water",))}
    people = store.people.save([person("ann", subscriptions=subscription)])
    plan(store, people)
    (outgoing,) = store.send_queue.claim(store.owners.register(), NOW, 10)
    assert outgoing.subscriber == people[0]


def test_what_waits_can_bring_something_else(store: SqlStore, readers: list[Subscriber]) -> None:
    """Deliveries that nobody has taken up are moved, and due at once; what has left or is on its way stays."""
    issue = plan(store, readers, parts=PARTS)
    owner = store.owners.register()
    (taken,) = store.send_queue.claim(owner, NOW, 1)
    waiting = {one.group: one for one in store.issues.waiting_renderings()}
    assert all(one.issue == issue for one in waiting.values())
    assert {group: (one.lang, one.stories) for group, one in waiting.items()} == {
        part.group: (part.lang, part.stories) for part in PARTS
    }
    assert waiting["en"].readers == (readers[1].id,)
    new = rendering("less", ["b"])
    assert store.issues.replace_waiting(issue.id, "en", new, NOW + MINUTE) == 1
    assert store.issues.replace_waiting(issue.id, "en", new, NOW + MINUTE) == 0
    assert store.issues.rendering(issue.id, "less") == new
    assert store.issues.rendering(issue.id, "en") == PARTS[0]
    assert {one.group for one in store.issues.waiting_renderings()} == {"less", "de", "fr"}
    had = store.issues.stories_received("staff", NOW - DAY)
    assert (had[readers[0].id], had[readers[1].id]) == ({"a", "b"}, {"b"})
    step(store, result(taken, "deferred", NOW), None, owner, NOW)
    assert store.issues.replace_waiting(issue.id, "en", new, NOW) == 1
    assert {one.delivery.group for one in store.send_queue.claim(owner, NOW + DAY, 9)} == {"less", "de", "fr"}


def test_what_waits_can_be_called_off(store: SqlStore, readers: list[Subscriber]) -> None:
    """The books balance, nothing waits any more, and the stories count as not had."""
    issue = plan(store, readers, parts=PARTS)
    assert store.issues.replace_waiting(issue.id, "en", None, NOW) == 2
    assert store.issues.receipt(issue.id) == {
        "en": {"withdrawn": 2},
        "de": {"planned": 1},
        "fr": {"planned": 1},
    }
    assert {one.group for one in store.issues.waiting_renderings()} == {"de", "fr"}
    assert store.send_queue.count_due(NOW + MINUTE)[0] == 2
    assert readers[0].id not in store.issues.stories_received("staff", NOW - DAY)
