"""What every store does with WebSub: tasks that are done once, subscriptions that expire."""

from dataclasses import replace
from datetime import timedelta

from newsfeed.records import WebSubSubscription, WebSubTask
from newsfeed.stores.sql import SqlStore
from tests.contracts.stores import DAY, MINUTE, NOW

TOPIC = "https://test.example/en/feed.atom"
CALLBACK = "https://s.example/a_b%"


def task(kind: str = "ping", target: str = "https://hub.example/", **facts: object) -> WebSubTask:
    """A request that is due."""
    return WebSubTask(
        **({"kind": kind, "topic": TOPIC, "target": target, "created": NOW, "next_try": NOW} | facts)
    )  # type: ignore[arg-type]


def subscription(callback: str = CALLBACK, **facts: object) -> WebSubSubscription:
    """Somebody who follows the feed for a day."""
    usual = {"topic": TOPIC, "callback": callback, "secret": "s", "expires": NOW + DAY}
    return WebSubSubscription(**(usual | facts))  # type: ignore[arg-type]


def test_a_task_is_given_to_one_and_comes_back_when_they_die(store: SqlStore) -> None:
    """After two minutes; done, it is gone."""
    book = store.websub
    book.add([])
    book.add([task(), task("deliver", CALLBACK, next_try=NOW + MINUTE)])
    (one,) = book.due(NOW, 10)
    assert replace(one, id=0) == task()
    assert book.due(NOW, 10) == []
    (back,) = book.due(NOW + 2 * MINUTE, 1)
    assert (back.kind, back.attempts) == ("ping", 1)
    again = book.due(NOW + 2 * MINUTE, 10)
    assert [(found.kind, found.attempts) for found in again] == [("deliver", 0)]
    book.finish(back)
    assert book.waiting() == 1


def test_no_number_of_strangers_keeps_back_a_hub_that_was_configured(store: SqlStore) -> None:
    """Nor does it keep back the question to somebody who wants to follow a feed."""
    late = NOW + MINUTE
    book = store.websub
    book.add([task("deliver", f"https://s{number}.example/") for number in range(20)])
    book.add([task("verify", CALLBACK, next_try=late), task(next_try=late)])
    assert [found.kind for found in book.due(late, 3)] == ["ping", "verify", "deliver"]


def test_a_newer_task_takes_the_place_of_the_one_before(store: SqlStore) -> None:
    """Who was at work on that one cannot end it."""
    book = store.websub
    book.add([task()])
    (old,) = book.due(NOW, 10)
    later = NOW + timedelta(seconds=1)
    book.add([task(created=later, next_try=later, secret="new")])
    book.finish(old)
    book.reschedule(old, NOW + DAY)
    (new,) = book.due(later, 10)
    assert (new.secret, new.attempts, book.waiting()) == ("new", 0, 1)
    book.reschedule(new, NOW + 5 * MINUTE)
    assert book.due(NOW + 4 * MINUTE, 10) == []
    assert [one.attempts for one in book.due(NOW + 5 * MINUTE, 10)] == [1]


def test_a_task_does_not_wait_for_a_clock_that_was_set_back(store: SqlStore) -> None:
    """For longer than the longest pause."""
    store.websub.add([task(next_try=NOW + 3 * DAY)])
    assert len(store.websub.due(NOW, 10)) == 1


def test_subscriptions_last_as_long_as_their_lease(store: SqlStore) -> None:
    """A newer one takes the place of the one before."""
    book = store.websub
    book.subscribe(subscription(expires=NOW + MINUTE))
    book.subscribe(subscription(secret="t"))
    book.subscribe(subscription("https://other.example/"))
    assert book.subscribers(TOPIC, NOW) == [subscription("https://other.example/"), subscription(secret="t")]
    assert book.subscribers("https://test.example/de/feed.atom", NOW) == []
    assert book.subscription(TOPIC, CALLBACK, NOW) == subscription(secret="t")
    assert book.subscription(TOPIC, CALLBACK, NOW + DAY) is None
    assert book.subscribers(TOPIC, NOW + DAY) == []
    assert (book.forget_expired(NOW), book.forget_expired(NOW + DAY)) == (0, 2)
    assert book.count() == 0


def test_who_unsubscribes_gets_nothing_more(store: SqlStore) -> None:
    """Not what was on its way either."""
    book = store.websub
    book.subscribe(subscription())
    book.add([task("deliver", CALLBACK), task("deliver", "https://other.example/")])
    book.unsubscribe(TOPIC, CALLBACK)
    book.unsubscribe(TOPIC, CALLBACK)
    assert book.subscription(TOPIC, CALLBACK, NOW) is None
    assert [one.target for one in book.due(NOW, 10)] == ["https://other.example/"]


def test_subscriptions_and_wishes_of_a_host_are_counted(store: SqlStore) -> None:
    """Letters that mean something in a pattern mean themselves."""
    book = store.websub
    book.subscribe(subscription())
    book.add([task("verify", "https://s.example/other"), task("ping", "https://s.example/hub")])
    assert (book.count(), book.count("https://s.example/"), book.count("https://s.example/a_b%")) == (2, 2, 1)
    assert book.count("https://s.example/aXb") == 0
