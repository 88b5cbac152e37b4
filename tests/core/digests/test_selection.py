"""What an issue holds, and for whom: a table of single stories, then whole audiences at random."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.digests.selection import group_preview_readers, select_due
from newsfeed.core.digests.slots import find_last_slot, parse_schedule, resolve_slot
from newsfeed.model import Item, Reader, Story
from newsfeed.settings import Digest
from newsfeed.testing import an_item
from tests.examples import examples
from tests.mail.issues import LANGUAGES, NOW, digest, issue, reader, slot, stories, texts_of

SLOT = slot()
NOBODY: frozenset[str] = frozenset()


def a_story(key: str, before: timedelta, *topics: str, languages: tuple[str, ...] = LANGUAGES) -> Story:
    """A story that many hours before the slot, in these languages."""
    items = {lang: Item(f"news/{key}.{lang}.md", lang, key, "", key, "", "") for lang in languages}
    moment = SLOT.instant - before
    return Story(id=key, original=languages[0], items=items, date=moment, updated=moment, topics=topics)


def a_reader(key: str, *chain: str) -> Reader:
    """A reader with this key and these languages."""
    return Reader(f"{key}@readers.example", key, chain or ("en",), key)


def ids(found: list[Story]) -> list[str]:
    """Ids in order."""
    return [story.id for story in found]


SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("story", "changed", "had", "owed"),
    [
        (a_story("a", DAY), {}, NOBODY, True),
        (a_story("at-the-slot", timedelta()), {}, NOBODY, True),
        (a_story("after-the-slot", -SECOND), {}, NOBODY, False),
        (a_story("of-next-year", -365 * DAY), {}, NOBODY, False),
        (a_story("inside-the-horizon", 28 * DAY - SECOND), {}, NOBODY, True),
        (a_story("at-the-horizon", 28 * DAY), {}, NOBODY, False),
        (a_story("old", 29 * DAY), {}, NOBODY, False),
        (a_story("old", 29 * DAY), {"horizon": 30}, NOBODY, True),
        (a_story("had", DAY), {}, frozenset({"had"}), False),
        (a_story("not-had", DAY), {}, frozenset({"another"}), True),
        (a_story("water", DAY, "water"), {"topics": ("water",)}, NOBODY, True),
        (a_story("both", DAY, "energy", "water"), {"topics": ("water",)}, NOBODY, True),
        (a_story("energy", DAY, "energy"), {"topics": ("water",)}, NOBODY, False),
        (a_story("none", DAY), {"topics": ("water",)}, NOBODY, False),
        (a_story("none", DAY), {"topics": ()}, NOBODY, True),
        (a_story("late-and-had-by-nobody", 8 * DAY), {}, NOBODY, True),
    ],
    ids=lambda value: value.id if isinstance(value, Story) else None,
)
def test_a_story_is_owed(story: Story, changed: dict[str, object], had: frozenset[str], owed: bool) -> None:
    """Published by the slot, within the horizon, among the topics, and not had before."""
    assert ids(select_due([story], digest(**changed), SLOT, had)) == ([story.id] if owed else [])


def test_a_draft_an_expired_and_a_coming_story_are_in_no_issue() -> None:
    """What the site does not show at the slot is not mailed either; what it shows is."""
    texts = {
        "shown": {},
        "draft": {"draft": "yes"},
        "expired": {"expires": "2026-01-11"},
        "not-yet-expired": {"expires": "2026-01-13"},
        "coming": {"date": "2026-01-12 08:01+01:00"},
        "just-in-time": {"date": "2026-01-12 08:00+01:00"},
    }
    files = {f"news/{key}.en.md": an_item(title=key, **{"id": key, **facts}) for key, facts in texts.items()}
    made = issue(files, [reader("en")])
    text = texts_of(made.of("en"))[0]
    assert {key for key in texts if f"\n{key}\r" in text} == {"shown", "not-yet-expired", "just-in-time"}
    assert made.outcome.stories == 3


def test_an_issue_is_of_its_slot_however_late_it_is_composed() -> None:
    """What came or expired between the slot and the command changes nothing."""
    files = {
        "news/coming.en.md": an_item(title="Coming", date="2026-01-13"),
        "news/going.en.md": an_item(title="Going", expires="2026-01-13"),
    }
    first = issue(files, [reader("en")])
    late = issue(files, [reader("en")], now=NOW + timedelta(days=5))
    assert first.of("en") == late.of("en")
    assert b"Going" in late.of("en")
    assert b"Coming" not in late.of("en")


# -- who gets what -----------------------------------------------------------------------------


def test_readers_of_the_same_languages_and_stories_share_a_batch() -> None:
    """One composition serves them all; another chain or another past makes another batch."""
    known = [a_story("new", DAY), a_story("old", 2 * DAY)]
    readers = [
        a_reader("a", "de", "en"),
        a_reader("b", "de", "en"),
        a_reader("c", "de"),
        a_reader("d", "de", "en"),
        a_reader("e", "en", "de"),
    ]
    made = group_preview_readers(readers, known, digest(), SLOT, {"d": frozenset({"new"})})
    assert [(batch.chain, batch.stories, [one.key for one in batch.readers]) for batch in made] == [
        (("de", "en"), ("new", "old"), ["a", "b"]),
        (("de",), ("new", "old"), ["c"]),
        (("de", "en"), ("old",), ["d"]),
        (("en", "de"), ("new", "old"), ["e"]),
    ]


def test_nobody_gets_a_story_in_no_language_of_theirs() -> None:
    """A chain is a promise: what is in none of its languages is left out."""
    known = [a_story("dutch", DAY, languages=("nl",)), a_story("german", 2 * DAY, languages=("de",))]
    readers = [a_reader("n", "nl"), a_reader("f", "fr"), a_reader("g", "fr", "de", "nl")]
    found = {
        batch.readers[0].key: batch.stories
        for batch in group_preview_readers(readers, known, digest(), SLOT, {})
    }
    assert found == {"n": ("dutch",), "f": (), "g": ("dutch", "german")}


TOPICS = st.lists(st.sampled_from(["water", "energy"]), unique=True).map(tuple)
CHAINS = st.permutations(LANGUAGES).flatmap(lambda order: st.integers(1, 4).map(lambda n: tuple(order[:n])))


@st.composite
def libraries(draw: st.DrawFn) -> list[Story]:
    """Up to eight stories, newest first, around the slot and the horizon."""
    hours = draw(st.lists(st.integers(-48, 40 * 24), max_size=8, unique=True).map(sorted))
    return [
        a_story(f"s{n}", timedelta(hours=hour), *draw(TOPICS), languages=draw(CHAINS))
        for n, hour in enumerate(hours)
    ]


@st.composite
def pasts(draw: st.DrawFn) -> Mapping[str, frozenset[str]]:
    """What some readers have had."""
    had = st.frozensets(st.sampled_from([f"s{n}" for n in range(8)]))
    return draw(st.dictionaries(st.sampled_from([f"r{n}" for n in range(6)]), had))


AUDIENCES = st.lists(CHAINS, max_size=6).map(
    lambda chains: [a_reader(f"r{n}", *chain) for n, chain in enumerate(chains)]
)


@given(libraries(), AUDIENCES, pasts(), TOPICS, st.integers(1, 60))
@settings(max_examples=examples(150), deadline=None)
def test_everybody_gets_what_they_are_owed_once_newest_first(
    known: list[Story],
    readers: list[Reader],
    had: Mapping[str, frozenset[str]],
    topics: tuple[str, ...],
    horizon: int,
) -> None:
    """Each reader stands in one batch, with exactly the stories the rule gives them, in order."""
    plan = digest(topics=topics, horizon=horizon)
    made = group_preview_readers(readers, known, plan, SLOT, had)
    assert sorted(one.key for batch in made for one in batch.readers) == [one.key for one in readers]
    order = [story.id for story in known]
    for batch in made:
        assert list(batch.stories) == sorted(batch.stories, key=order.index)
        for one in batch.readers:
            assert one.chain == batch.chain
            assert set(batch.stories) == {story.id for story in known if expected(story, one, had, plan)}
    assert len({(batch.chain, batch.stories) for batch in made}) == len(made)


def expected(story: Story, one: Reader, had: Mapping[str, frozenset[str]], plan: Digest) -> bool:
    """The rule in words of its own, one condition a line."""
    if story.date > SLOT.instant:
        return False
    if SLOT.instant - story.date >= timedelta(days=plan.horizon):
        return False
    if story.id in had.get(one.key, ()):
        return False
    if plan.topics and not any(topic in plan.topics for topic in story.topics):
        return False
    return any(lang in story.items for lang in one.chain)


@given(libraries(), st.integers(1, 28))
@settings(deadline=None)
def test_with_a_ledger_every_story_comes_once(known: list[Story], days: int) -> None:
    """Issue after issue, remembering what was had: nothing twice, nothing of the horizon missed."""
    had: set[str] = set()
    came: list[str] = []
    for step in range(4):
        moment = SLOT.instant + timedelta(days=step * days)
        now = replace(SLOT, instant=moment)
        found = ids(select_due(known, digest(), now, had))
        came += found
        had.update(found)
    assert len(came) == len(set(came))
    assert {story.id for story in known if timedelta() <= SLOT.instant - story.date < 28 * DAY} <= set(came)


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_max_items_keeps_the_newest_and_counts_the_rest(limit: int) -> None:
    """The mail has as many stories as it may; how many are missing is said."""
    made = issue(stories(7), [reader("en")], max_items=limit)
    text = texts_of(made.of("en"))[0]
    shown = [n for n in range(1, 8) if f"Report {n}:" in text]
    assert shown == list(range(1, min(limit, 7) + 1))
    assert made.outcome.left_out == 7 - len(shown)
    assert made.outcome.stories == 7


# -- slots ---------------------------------------------------------------------------------------

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("schedule", "now", "key", "instant"),
    [
        ("sun 02:30", "2026-03-29T12:00+02:00", "2026-03-29T02:30", "2026-03-29T03:00+02:00"),
        ("sun 02:30", "2026-03-29T00:59Z", "2026-03-22T02:30", "2026-03-22T02:30+01:00"),
        ("sun 02:30", "2026-10-25T12:00+01:00", "2026-10-25T02:30", "2026-10-25T02:30+02:00"),
        ("sun 02:30", "2026-10-25T00:29:59Z", "2026-10-18T02:30", "2026-10-18T02:30+02:00"),
        ("daily 08:00", "2026-03-29T07:59+02:00", "2026-03-28T08:00", "2026-03-28T08:00+01:00"),
        ("mon 08:00", "2026-01-12T08:00+01:00", "2026-01-12T08:00", "2026-01-12T08:00+01:00"),
    ],
)
def test_a_slot_in_a_night_of_clock_change_happens_once(
    schedule: str, now: str, key: str, instant: str
) -> None:
    """A time that does not exist is the end of the gap; one that exists twice is the first."""
    plan = parse_schedule(schedule)
    assert plan is not None
    found = find_last_slot(plan, BERLIN, datetime.fromisoformat(now))
    assert found.key == key
    assert found.instant == datetime.fromisoformat(instant)


def test_a_digest_of_a_night_of_clock_change_says_its_own_day() -> None:
    """Subject, heading and id have the local day; the Date header the offset after the gap."""
    plan = parse_schedule("sun 02:30")
    made = issue(
        stories(1), [reader("de")], now=datetime(2026, 3, 29, 10, tzinfo=UTC), schedule=plan, horizon=90
    )
    data = made.of("de")
    assert b"\r\nDate: Sun, 29 Mar 2026 03:00:00 +0200\r\n" in data
    assert made.messages[0].message_id.startswith("<staff.20260329.de.")
    assert "Sonntag, 29. März 2026" in texts_of(data)[0]


def test_a_digest_in_another_zone_than_the_site_has_one_date() -> None:
    """Where it is already Tuesday the mail says Tuesday, in the subject and below it."""
    zone = ZoneInfo("Pacific/Auckland")
    plan = parse_schedule("tue 02:00")
    assert plan is not None
    assert resolve_slot(datetime(2026, 1, 13, tzinfo=UTC).date(), plan.at, zone).instant == datetime(
        2026, 1, 12, 13, tzinfo=UTC
    )
    made = issue(stories(1), [reader("en")], now=NOW + DAY, schedule=plan, timezone=zone)
    text, html = texts_of(made.of("en"))
    for part in (text, html):
        assert "Tuesday 13 January 2026" in part.replace("Tuesday,", "Tuesday")
        assert "12 January 2026" not in part
    assert made.outcome.slot.day.isoformat() == "2026-01-13"
