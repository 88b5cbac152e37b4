"""Whatever senders, readers and crashes do in whatever order, the ledger stays true."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from newsfeed.core.delivery.retry_policy import LONGEST_PAUSE, SHORTEST_PAUSE
from newsfeed.records import DeliveryResult
from newsfeed.stores.sql import SqlStore, open_store
from newsfeed.stores.sql.tables import METADATA, deliveries
from tests.contracts.stores import (
    DAY,
    MINUTE,
    NOW,
    hash_address,
    person,
    plan,
    rendering,
    step,
)

OUTCOMES = ("accepted", "refused", "expired", "deferred", "unknown")
PARTS = (rendering("en", ["x"]), rendering("de", ["y"], "de"))
NUMBER = st.integers(min_value=0, max_value=10**6)
RARELY = st.sampled_from([False, False, False, True])
MOVE = st.tuples(NUMBER, NUMBER, st.sampled_from(OUTCOMES), RARELY)
_store: list[SqlStore] = []


def clean_store() -> SqlStore:
    """One store for all runs, emptied: making its tables would take longest."""
    if not _store:
        _store.append(open_store("sqlite://", hash_address=hash_address))
    with _store[0]._database.write() as connection:
        for table in reversed(METADATA.sorted_tables):
            if table.name != "meta":
                connection.execute(table.delete())
    return _store[0]


@dataclass
class Row:
    """What the ledger must say about a delivery."""

    issue: int
    reader: int
    lang: str
    next_try: datetime | None
    planned_at: datetime
    state: str = "planned"
    owner: str = ""
    attempts: int = 0
    settled_at: datetime | None = None

    def is_open(self) -> bool:
        """Whether it may be claimed when its time has come."""
        return not self.owner and self.state in ("planned", "deferred")

    def is_ahead(self, now: datetime) -> bool:
        """Tell whether only a clock that was set back since holds it up, so that it is due all the same."""
        assert self.next_try is not None
        return self.next_try > now and (
            (self.attempts == 0 and self.planned_at > now)
            or (self.attempts > 0 and self.state == "planned")
            or (self.settled_at or self.planned_at) > now + SHORTEST_PAUSE
            or self.next_try > now + LONGEST_PAUSE
        )


class Ledger(RuleBasedStateMachine):
    """A model of the ledger beside the real one; every answer and every sum must agree."""

    def __init__(self) -> None:
        super().__init__()
        self.store = clean_store()
        self.now = NOW
        self.people: dict[int, str] = {}
        self.names: dict[int, str] = {}
        self.rows: dict[int, Row] = {}
        self.owners: list[str] = []
        self.issues: list[int] = []

    def teardown(self) -> None:
        """No owner of one run lives in the next."""
        self.store.owners.close()

    @initialize()
    def work_begins(self) -> None:
        """Most of what can go wrong needs people, an issue, and two who send it."""
        self.people_join(3, "en")
        self.people_join(2, "de")
        self.issue_is_planned()
        self.owner_starts()
        self.owner_starts()

    @rule(minutes=st.sampled_from([-5, 1, 10, 100]))
    def time_passes(self, minutes: int) -> None:
        """Or is set back."""
        self.now += minutes * MINUTE

    @precondition(lambda self: len(self.names) < 12)
    @rule(count=st.integers(1, 3), lang=st.sampled_from(["en", "de"]))
    def people_join(self, count: int, lang: str) -> None:
        """New readers, active."""
        fresh = [person(f"p{len(self.names) + n}", languages=(lang,)) for n in range(count)]
        for one in self.store.people.save(fresh):
            assert one.id not in self.names
            self.people[one.id] = "active"
            self.names[one.id] = one.address

    @rule()
    def issue_is_planned(self) -> None:
        """To everybody who is there, in whatever state."""
        readers = list(self.store.people.all("staff"))
        made = plan(self.store, readers, f"s{len(self.issues)}", at=self.now, parts=PARTS)
        self.issues.append(made.id)
        for number, one in enumerate(readers, 1 + max(self.rows, default=0)):
            self.rows[number] = Row(made.id, one.id, one.languages[0], self.now, self.now)

    @precondition(lambda self: len(self.owners) < 3)
    @rule()
    def owner_starts(self) -> None:
        """A sender."""
        self.owners.append(self.store.owners.register())

    @precondition(lambda self: self.owners)
    @rule(which=NUMBER)
    def owner_dies(self, which: int) -> None:
        """Without a word: what it had stays its own until somebody looks."""
        self.store.owners.leave(self.owners.pop(which % len(self.owners)))

    @precondition(lambda self: self.owners)
    @rule(which=NUMBER, limit=st.integers(1, 5))
    def owner_claims(self, which: int, limit: int) -> None:
        """Exactly the oldest that are due and nobody's."""
        owner = self.owners[which % len(self.owners)]
        waiting = sorted((row.next_try, n) for n, row in self.rows.items() if row.is_open())
        past = [number for time, number in waiting if time <= self.now]
        ahead = [number for _, number in waiting if self.rows[number].is_ahead(self.now)]
        expected = [*past, *ahead][:limit]
        claimed = self.store.send_queue.claim(owner, self.now, limit)
        assert [one.delivery.id for one in claimed] == expected
        for one in claimed:
            row = self.rows[one.delivery.id]
            assert (one.subscriber.id, one.delivery.attempts) == (row.reader, row.attempts)
            row.owner = owner

    @precondition(lambda self: self.owners)
    @rule(which=NUMBER, moves=st.lists(MOVE, min_size=1, max_size=6))
    def owner_sends(self, which: int, moves: list[tuple[int, int, str, bool]]) -> None:
        """Step by step: an outcome, if it has one, and the next message: its own, or by mistake any."""
        owner = self.owners[which % len(self.owners)]
        if not any(row.owner == owner for row in self.rows.values()):
            self.owner_claims(which, 4)
        for done, following, outcome, lost in moves:
            wired = [n for n, row in self.rows.items() if row.owner == owner and row.state == "intent"]
            result = self._settle(wired[done % len(wired)], outcome) if wired else None
            claimed = [n for n, row in self.rows.items() if row.owner == owner and row.state != "intent"]
            candidates = list(self.rows) if lost else claimed
            number = candidates[following % len(candidates)] if candidates else None
            expected = self._begin(number, owner)
            assert step(self.store, result, number, owner, self.now) == expected

    def _settle(self, number: int, outcome: str) -> DeliveryResult:
        again = {"deferred": self.now + 5 * MINUTE, "unknown": self.now}.get(outcome)
        row = self.rows[number]
        gone = row.reader not in self.people
        row.state = "left" if gone and outcome == "deferred" else outcome
        row.next_try = None if gone else again
        row.owner, row.settled_at = "", self.now
        return DeliveryResult(number, outcome, again, "said", "relay")

    def _begin(self, number: int | None, owner: str) -> str:
        if number is None:
            return "go"
        row = self.rows[number]
        if row.owner != owner or row.state not in ("planned", "deferred"):
            return "taken"
        verdict = {"active": "go"}.get(self.people[row.reader], self.people[row.reader])
        if verdict == "go":
            row.state = "intent"
            row.attempts += 1
        else:
            row.state, row.owner, row.next_try = verdict, "", None
        return verdict

    @precondition(lambda self: self.owners)
    @rule(which=NUMBER)
    def owner_gives_back(self, which: int) -> None:
        """What it has not begun."""
        owner = self.owners[which % len(self.owners)]
        self.store.send_queue.release(owner)
        for row in self.rows.values():
            if row.owner == owner and row.state != "intent":
                row.owner = ""

    @rule()
    def somebody_recovers(self) -> None:
        """What dead owners had is free, and what they had on the wire is in doubt."""
        doubtful = 0
        for row in self.rows.values():
            if row.owner and row.owner not in self.owners:
                row.owner = ""
                if row.state == "intent":
                    doubtful += 1
                    row.state, row.settled_at = "unknown", self.now
                    row.next_try = self.now if row.reader in self.people else None
        assert self.store.send_queue.recover(self.now) == doubtful

    @precondition(lambda self: self.issues)
    @rule(which=NUMBER, resend=st.booleans())
    def doubts_are_decided(self, which: int, resend: bool) -> None:
        """Once each."""
        issue = self.issues[which % len(self.issues)]
        decided = 0
        for row in self.rows.values():
            if row.issue == issue and row.state == "unknown" and row.next_try is not None:
                decided += 1
                row.state, row.next_try = ("planned", self.now) if resend else ("unknown", None)
        assert self.store.issues.decide_doubts(issue, resend, self.now) == decided

    @precondition(lambda self: self.people)
    @rule(which=NUMBER, how=st.sampled_from(["left", "suppressed", "erased"]))
    def reader_goes(self, which: int, how: str) -> None:
        """Leaves, is suppressed, or is erased."""
        number = sorted(self.people)[which % len(self.people)]
        if how == "erased":
            self.store.people.erase(number)
            del self.people[number]
            for row in self.rows.values():
                if row.reader == number:
                    row.next_try = None
                    if row.state in ("planned", "deferred"):
                        row.state, row.owner = "left", ""
        elif how == "suppressed":
            self.store.people.suppress(hash_address(self.names[number]), "complaint", self.now)
            self.people[number] = "suppressed"
        else:
            self.store.people.save([replace(self.store.people.get(number), state="left")])
            self.people[number] = {"active": "left"}.get(self.people[number], self.people[number])

    @invariant()
    def rows_agree(self) -> None:
        """Each has the owner, the state and the time that it must have, and never two owners."""
        columns = deliveries.c
        query = select(columns.id, columns.owner, columns.state, columns.next_try, columns.attempts)
        with self.store._database.read() as connection:
            found = {row[0]: tuple(row[1:]) for row in connection.execute(query)}
        assert found == {
            number: (row.owner or None, row.state, row.next_try, row.attempts)
            for number, row in self.rows.items()
        }

    @invariant()
    def receipts_balance(self) -> None:
        """Language by language and state by state, and their sum is the audience."""
        for issue in self.issues:
            rows = [row for row in self.rows.values() if row.issue == issue]
            found = self.store.issues.receipt(issue)
            expected = Counter((row.lang, row.state) for row in rows)
            assert {(lang, state): n for lang, some in found.items() for state, n in some.items()} == expected
            assert sum(n for some in found.values() for n in some.values()) == len(rows)

    @invariant()
    def what_waits_is_known(self) -> None:
        """What is due now, and when the next will be."""
        waiting = [row for row in self.rows.values() if row.is_open()]
        later = [row.next_try for row in waiting if row.next_try > self.now and not row.is_ahead(self.now)]
        assert self.store.send_queue.count_due(self.now) == (
            len(waiting) - len(later),
            min(later, default=None),
        )

    @invariant()
    def what_was_had_is_known(self) -> None:
        """Of those who are still there, what may have arrived."""
        had: dict[int, set[str]] = {}
        for row in self.rows.values():
            if row.state not in ("refused", "expired", "suppressed", "left") and row.reader in self.people:
                had.setdefault(row.reader, set()).add({"en": "x", "de": "y"}[row.lang])
        assert self.store.issues.stories_received("staff", NOW - 365 * DAY) == had


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=20,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def teardown_module() -> None:
    """The one store is closed."""
    while _store:
        _store.pop().close()
