"""`newsfeed.subscribers.suppression`: the way back for addresses that were never to be written to."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from newsfeed.errors import StaleError
from newsfeed.stores.sql import open_store
from newsfeed.subscribers import roster
from newsfeed.subscribers.roster import ImportPlan, RosterContext, import_people
from newsfeed.subscribers.suppression import unsuppress_address
from newsfeed.testing import MemoryPeople
from tests.contracts.stores import new_database

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
ANNA = "anna@test.example"
PLAN = ImportPlan("staff", "contract", "a.csv", ("en", "de"), ())
TABLE = f"email,name,language\n{ANNA},Anna,de\n"


def _hash(address):
    return "h" + address.casefold()


@pytest.fixture
def context(tmp_path):
    """A store with one reader."""
    keys = (f"key-{number}" for number in itertools.count())
    new_database(tmp_path / "a.db")
    with open_store(f"sqlite:///{tmp_path}/a.db", hash_address=_hash) as store:
        context = RosterContext(store.people, _hash, lambda: next(keys))
        assert _import(context) == ["added"]
        yield context


def _import(context):
    return [line.outcome for line in import_people(context, TABLE, PLAN, NOW)]


def _unsuppress(context, address=ANNA):
    return unsuppress_address(context, address, consent="she called", language="en", now=LATER)


def test_a_suppressed_reader_is_written_to_again(context):
    """What they had subscribed to goes on; the record says how they asked for it."""
    context.people.suppress(_hash(ANNA), "asked", NOW)
    person = _unsuppress(context)
    assert (person.state, set(person.subscriptions), person.languages) == ("active", {"staff"}, ("de",))
    assert context.people.suppressions([_hash(ANNA)]) == {}
    last = context.people.consents(person.key)[-1]
    assert (last.how, last.wording, last.source, last.digest, last.at) == (
        "unsuppressed",
        "she called",
        "operator",
        "",
        LATER,
    )
    assert context.people.verify_chain() is None


def test_somebody_erased_comes_back_without_a_digest(context):
    """Nothing of what they had is known any more; no import subscribes them behind their back."""
    roster.erase_person(context, context.people.find(ANNA), NOW)
    person = _unsuppress(context)
    assert (person.state, person.subscriptions, person.languages) == ("left", {}, ("en",))
    assert [one.how for one in context.people.consents(person.key)] == ["unsuppressed"]
    assert _import(context) == ["left"]


def test_who_left_before_stays_so(context):
    """It takes back the suppression and nothing else."""
    roster.remove_from_digest(context, context.people.find(ANNA), "staff", NOW)
    context.people.suppress(_hash(ANNA), "asked", NOW)
    assert _unsuppress(context).state == "left"
    assert _import(context) == ["left"]


def test_an_address_that_is_not_suppressed_is_left_alone(context):
    """No record, no new person; a second time is one of these."""
    assert _unsuppress(context) is None
    assert _unsuppress(context, "nobody@test.example") is None
    assert context.people.find("nobody@test.example") is None
    context.people.suppress(_hash(ANNA), "asked", NOW)
    assert _unsuppress(context) is not None
    assert _unsuppress(context) is None
    assert len(context.people.consents(context.people.find(ANNA).key)) == 2


def test_who_is_killed_before_the_end_can_run_it_again():
    """The record comes first: nobody is written to without one."""

    class Dying(MemoryPeople):
        def unsuppress(self, address_hash):
            raise KeyboardInterrupt

    people = Dying()
    people.suppress(_hash(ANNA), "asked", NOW)
    context = RosterContext(people, _hash, lambda: "key")
    with pytest.raises(KeyboardInterrupt):
        _unsuppress(context)
    assert people.suppressions([_hash(ANNA)])
    assert [one.how for one in people.chain] == ["unsuppressed"]


def test_a_person_changed_meanwhile_is_read_again():
    """Nobody's change is overwritten."""
    failures = iter([StaleError("changed")])

    class Busy(MemoryPeople):
        def save(self, subscribers, consents=()):
            for failure in failures:
                raise failure
            return super().save(subscribers, consents)

    people = Busy()
    people.suppress(_hash(ANNA), "asked", NOW)
    assert _unsuppress(RosterContext(people, _hash, lambda: "key")).state == "left"
