"""Reader-weeks: `newsfeed.core.digests.planning` against everything editors, readers and machines do to it.

``NEWSFEED_LONG=1`` simulates at least 100,000 reader-weeks and prints how many it were.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from newsfeed.core.digests import planning, slots
from newsfeed.model import Item, Story
from newsfeed.records import Issue, Subscriber, Subscription
from newsfeed.settings import Digest, LocalisedText

LONG = os.environ.get("NEWSFEED_LONG") == "1"
ENOUGH = 100_000
"""Reader-weeks of the long profile."""
EDITIONS = {"en": ("en",), "de": ("de", "en"), "fr": ("fr", "en"), "nl": ("nl", "de", "en")}
TOPICS = ("water", "energy", "health")
SCHEDULES = (
    "mon 08:00",
    "daily 02:30",
    "mon,thu 01:59",
    "monthly 1,15 23:30",
    "monthly 31 08:00",
    "sun 03:00",
)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")
languages = st.lists(st.sampled_from(list(EDITIONS)), min_size=1, max_size=3, unique=True).map(tuple)
topics = st.lists(st.sampled_from(TOPICS), max_size=2, unique=True).map(tuple)
which = st.integers(0, 1_000)
hours = st.integers(0, 45 * 24)
counted = {"reader-weeks": 0.0, "issues": 0, "received": 0, "cut": 0}


def _item(story: str, lang: str) -> Item:
    return Item(f"news/{story}.{lang}.md", lang, story, "", story, "f", "t")


class ReaderWeeks(RuleBasedStateMachine):
    """A year or two of one digest, with a ledger in memory.

    Two things must never happen.

    *A repeat*: a reader receives a story id a second time in this digest, whatever became of the
    story's date, path, text, topics and translations in between.

    *A miss*. A reader is owed a story from the moment of a slot at which (1) they were active and
    subscribed; (2) it was a slot of their rhythm: every one, or for ``monthly`` the month's first;
    (3) the story was public, which is in the site and not dated later; (4) not older than the
    horizon; (5) in one of their chain's languages and, where they chose topics, in one of them.
    Whether the service ran at that slot does not matter. It is a miss when the next issue of their
    rhythm is planned and they do not receive the story in it, unless by then the story is no longer
    public or no longer in their selection, its date was changed so that (4) did not hold, they
    have left, the relay refused the issue for good, or the issue was full (``max_items`` stories,
    and "more on the site"). The service stands still for 60 days at most.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stories: dict[str, Story] = {}
        self.binned: dict[str, Story] = {}
        self.readers: dict[int, Subscriber] = {}
        self.issues: list[tuple[Issue, dict[int, frozenset[str]]]] = []
        self.received: dict[int, list[str]] = {}
        self.owed: dict[int, dict[str, datetime]] = {}
        self.refused: set[int] = set()
        self.month = ""
        self.idle = timedelta()

    @initialize(
        schedule=st.sampled_from(SCHEDULES),
        zone=st.sampled_from(ZONES),
        horizon=st.sampled_from((7, 28, 40)),
        most=st.sampled_from((2, 5, 20)),
        empty=st.sampled_from(("skip", "note")),
        month=st.integers(1, 12),
        people=st.lists(st.tuples(languages, topics, st.booleans()), min_size=4, max_size=12),
    )
    def begin(self, schedule, zone, horizon, most, empty, month, people) -> None:
        parsed = slots.parse_schedule(schedule)
        assert parsed is not None
        self.digest = Digest(
            name="d",
            title=LocalisedText("D"),
            schedule=parsed,
            timezone=ZoneInfo(zone),
            audience="a",
            max_items=most,
            when_empty=empty,
            horizon=horizon,
        )
        self.now = datetime(2026, month, 3, 11, tzinfo=UTC)
        for chain, chosen, monthly in people:
            self.join(chain, chosen, monthly)
        # The first start plans the newest slot there was: that one was its month's first.
        self.month = slots.find_last_slot(parsed, self.digest.timezone, self.now).key[:7]
        self._tick(self.now)

    # -- readers -----------------------------------------------------------------------------

    @rule(chain=languages, chosen=topics, monthly=st.booleans())
    def join(self, chain, chosen, monthly) -> None:
        if len(self.readers) < 25:
            number = len(self.readers) + 1
            place = Subscription(digest="d", topics=chosen, frequency="monthly" if monthly else "every")
            self.readers[number] = Subscriber(
                id=number,
                key=f"k{number}",
                address=f"{number}@test.example",
                languages=chain,
                state="active",
                subscriptions={"d": place},
            )
            self.received[number], self.owed[number] = [], {}

    @rule(one=which, chosen=topics)
    def choose_topics(self, one, chosen) -> None:
        self._change(one, topics=chosen)

    @rule(one=which, monthly=st.booleans())
    def choose_rhythm(self, one, monthly) -> None:
        self._change(one, frequency="monthly" if monthly else "every")

    @rule(one=which, chain=languages)
    def choose_languages(self, one, chain) -> None:
        reader = self._reader(one)
        self.readers[reader.id] = replace(reader, languages=chain)

    @rule(one=which)
    def leave_or_return(self, one) -> None:
        reader = self._reader(one)
        state = "left" if reader.state == "active" else "active"
        self.readers[reader.id] = replace(reader, state=state)
        self.owed[reader.id].clear()

    @rule(one=which)
    def refuse_next(self, one) -> None:
        self.refused.add(self._reader(one).id)

    # -- editors -----------------------------------------------------------------------------

    @rule(ages=st.lists(hours, min_size=1, max_size=5), chain=languages, about=topics)
    def write(self, ages, chain, about) -> None:
        """New stories; all but those of age 0 are back-dated or published late."""
        for age in ages:
            key = f"s{len(self.stories) + len(self.binned)}"
            self.stories[key] = Story(
                id=key,
                original=chain[0],
                items={lang: _item(key, lang) for lang in chain},
                date=self.now - timedelta(hours=age),
                updated=self.now,
                topics=about,
            )

    @rule(one=which, shift=st.integers(-40 * 24, 60 * 24))
    def date_anew(self, one, shift) -> None:
        self._edit(one, lambda story: replace(story, date=story.date + timedelta(hours=shift)))

    @rule(one=which)
    def date_today(self, one) -> None:
        self._edit(one, lambda story: replace(story, date=self.now, updated=self.now))

    @rule(one=which)
    def rename(self, one) -> None:
        self._edit(
            one,
            lambda story: replace(
                story,
                items={lang: replace(item, path=f"news/x/{item.path}") for lang, item in story.items.items()},
            ),
        )

    @rule(one=which, about=topics)
    def file_elsewhere(self, one, about) -> None:
        self._edit(one, lambda story: replace(story, topics=about))

    @rule(one=which, lang=st.sampled_from(list(EDITIONS)))
    def translate(self, one, lang) -> None:
        self._edit(one, lambda story: replace(story, items={**story.items, lang: _item(story.id, lang)}))

    @rule(one=which)
    def revert(self, one) -> None:
        if self.stories:
            key = list(self.stories)[one % len(self.stories)]
            self.binned[key] = self.stories.pop(key)

    @rule(one=which)
    def revert_the_revert(self, one) -> None:
        if self.binned:
            key = list(self.binned)[one % len(self.binned)]
            self.stories[key] = self.binned.pop(key)

    # -- machines ----------------------------------------------------------------------------

    @rule(spent=st.integers(1, 14 * 24))
    def work(self, spent) -> None:
        self._pass(timedelta(hours=spent), lambda moment: moment)

    @rule(news=st.lists(st.tuples(hours, languages, topics), min_size=1, max_size=4))
    def a_usual_fortnight(self, news) -> None:
        """Most of a year is like this."""
        for age, chain, about in news:
            self.write([age % 72, 0], chain, about)
            self._pass(timedelta(days=14 / len(news)), lambda moment: moment)

    @rule(spent=st.integers(1, 21 * 24))
    def stand_still(self, spent) -> None:
        """Downtime; at its end the service starts again."""
        if self.idle + timedelta(hours=spent) < timedelta(days=60):
            self._pass(timedelta(hours=spent), lambda moment: None)
            self._tick(self.now)

    @rule(spent=st.integers(1, 10 * 24), back=st.integers(1, 40 * 24))
    def set_clock_back(self, spent, back) -> None:
        """The clock is wrong for a while, then right again."""
        if self.idle + timedelta(hours=spent) < timedelta(days=60):
            self._pass(timedelta(hours=spent), lambda moment: moment - timedelta(hours=back))

    @rule()
    def look_twice(self) -> None:
        before = len(self.issues)
        self._tick(self.now)
        self._tick(self.now)
        assert len(self.issues) <= before + 1

    # -- how time passes ---------------------------------------------------------------------

    def _pass(self, spent: timedelta, clock) -> None:
        end = self.now + spent
        active = sum(reader.state == "active" for reader in self.readers.values())
        counted["reader-weeks"] += active * (spent / timedelta(days=7))
        while self.now < end:
            slot = slots.find_next_slot(self.digest.schedule, self.digest.timezone, self.now)
            step = min(slot.instant, end)
            self.idle += step - self.now
            self.now = step
            if step == slot.instant:
                self._promise(slot)
            seen = clock(step)
            if seen is not None:
                self._tick(seen)

    def _promise(self, slot: slots.Slot) -> None:
        """What everybody is owed from this slot on, by the definition above and nothing else."""
        first, self.month = slot.key[:7] != self.month, slot.key[:7]
        reach = slot.instant - timedelta(days=self.digest.horizon)
        fresh = [story for story in self.stories.values() if reach < story.date <= slot.instant]
        for reader in self.readers.values():
            if reader.state == "active" and (first or self._place(reader).frequency == "every"):
                for story in fresh:
                    if self._selected(reader, story) and story.id not in self.received[reader.id]:
                        self.owed[reader.id].setdefault(story.id, slot.instant)

    def _tick(self, now: datetime) -> None:
        """What `newsfeed.delivery.freeze.freeze_issue` does, with this ledger."""
        since = now - timedelta(days=self.digest.horizon + 100)
        planned = {one.slot for one, _ in self.issues if one.instant >= since}
        slot = planning.find_due_slot(self.digest, planned, now)
        if slot is None:
            return
        ordered = sorted(self.stories.values(), key=lambda story: story.date, reverse=True)
        found = planning.select_candidates(ordered, self.digest, slot, planned)
        memory = planning.find_ledger_start((one for one, _ in self.issues), found, slot)
        had: dict[int, frozenset[str]] = {}
        for issue, got in self.issues:
            if issue.instant >= memory or issue.created >= memory:
                for number, keys in got.items():
                    had[number] = had.get(number, frozenset()) | keys
        made = planning.group_readers(self.readers.values(), found, self.digest, slot, had, EDITIONS, planned)
        shown = {
            number: group.stories[: self.digest.max_items]
            for group in made
            for number, _ in group.subscribers
        }
        assert len(shown) == sum(len(group.subscribers) for group in made), "somebody is in two groups"
        self._receive(slot, shown)
        got = {number: frozenset(keys) for number, keys in shown.items() if number not in self.refused}
        self.refused -= shown.keys()
        revisions = {key: "" for keys in shown.values() for key in keys}
        issue = Issue(digest="d", slot=slot.key, instant=slot.instant, created=now, revisions=revisions)
        assert slot.key not in {one.slot for one, _ in self.issues}, "two issues for one slot"
        self.issues.append((issue, got))
        self.idle = timedelta()
        counted["issues"] += 1

    # -- what must hold ----------------------------------------------------------------------

    def _receive(self, slot: slots.Slot, shown) -> None:
        first = all(issue.slot[:7] != slot.key[:7] for issue, _ in self.issues)
        for reader in self.readers.values():
            keys = shown.get(reader.id, ())
            if reader.id in self.refused and keys:
                self.owed[reader.id].clear()
                continue
            assert not set(keys) & set(self.received[reader.id]), "a repeat"
            self.received[reader.id] += keys
            counted["received"] += len(keys)
            if reader.state == "active" and (first or self._place(reader).frequency == "every"):
                self._settle(reader, slot, keys)
            else:
                assert not keys, "mail to somebody who is to get none"

    def _settle(self, reader: Subscriber, slot: slots.Slot, keys) -> None:
        owed = self.owed[reader.id]
        for key, since in list(owed.items()):
            if since > slot.instant:
                continue
            del owed[key]
            story = self.stories.get(key)
            reach = since - timedelta(days=self.digest.horizon)
            if key in self.received[reader.id] or story is None or not reach < story.date <= slot.instant:
                continue
            if self._selected(reader, story):
                assert len(keys) == self.digest.max_items, f"a miss: {key} owed since {since}"
                counted["cut"] += 1

    def _selected(self, reader: Subscriber, story: Story) -> bool:
        chain = {*reader.languages, *EDITIONS[reader.languages[0]]}
        wanted = self._place(reader).topics
        return bool(chain & set(story.items)) and (not wanted or bool(set(wanted) & set(story.topics)))

    def _place(self, reader: Subscriber) -> Subscription:
        return reader.subscriptions["d"]

    def _reader(self, one: int) -> Subscriber:
        return self.readers[one % len(self.readers) + 1]

    def _change(self, one: int, **fields) -> None:
        reader = self._reader(one)
        place = replace(self._place(reader), **fields)
        self.readers[reader.id] = replace(reader, subscriptions={"d": place})

    def _edit(self, one: int, change) -> None:
        if self.stories:
            key = list(self.stories)[one % len(self.stories)]
            self.stories[key] = change(self.stories[key])


def _simulate(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        ReaderWeeks,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not LONG,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_weeks_of_every_trouble_bring_no_repeat_and_no_miss():
    """See `ReaderWeeks` for what counts as one."""
    _simulate(30, 50)
    while LONG and counted["reader-weeks"] < ENOUGH:
        _simulate(100, 120)
    assert counted["issues"] > 100
    assert counted["received"] > 500
    if LONG:
        told = ", ".join(f"{number:,.0f} {name}" for name, number in counted.items())
        print(f"\n{told}, 0 repeats, 0 misses")  # noqa: T201
