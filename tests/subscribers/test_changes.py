"""`newsfeed.subscribers.changes`: people who come back, for what they asked for."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsfeed.records import Subscriber, Subscription
from newsfeed.stores.sql import open_store
from newsfeed.subscribers.changes import bring_back
from newsfeed.subscribers.roster import ImportPlan, RosterContext, import_people
from tests.contracts.stores import new_database

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
ANNA = "anna@test.example"
FRESH = Subscriber(
    key="fresh",
    address=ANNA,
    languages=("de",),
    state="active",
    subscriptions={"staff": Subscription(digest="staff")},
)


@pytest.fixture
def context(tmp_path):
    """A store with one reader of two digests."""
    keys = (f"key-{number}" for number in itertools.count())
    new_database(tmp_path / "a.db")
    with open_store(f"sqlite:///{tmp_path}/a.db", hash_address=lambda address: "h" + address) as store:
        both = {name: Subscription(digest=name) for name in ("staff", "press")}
        store.people.save([replace(FRESH, key="anna", subscriptions=both)])
        yield RosterContext(store.people, lambda address: "h" + address, lambda: next(keys))


def _import(context, digest):
    plan = ImportPlan(digest, "contract", "a.csv", ("en", "de"), ())
    return [line.outcome for line in import_people(context, f"email,language\n{ANNA},de\n", plan, NOW)]


def test_who_was_suppressed_and_asks_for_one_digest_gets_that_one(context):
    """The others ended with the suppression: it is on record, so that no import brings them back either."""
    context.people.suppress("h" + ANNA, "asked", NOW)
    outcome, person = bring_back(context, FRESH, "staff", consent="she called", now=NOW)
    assert (outcome, set(person.subscriptions)) == ("returned", {"staff"})
    assert context.people.suppressions(["h" + ANNA]) == {}
    told = [(one.how, one.digest, one.wording) for one in context.people.consents(person.key)]
    assert told == [("left", "press", ""), ("returned", "staff", "she called")]
    assert (_import(context, "press"), _import(context, "staff")) == (["left"], ["known"])
    assert bring_back(context, FRESH, "staff", consent="again", now=NOW)[0] == "known"
