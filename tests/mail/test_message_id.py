"""Message-IDs: the same at every attempt, different for every reader, and all that is needed to tell."""

import re
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.digests.selection import make_message_id
from newsfeed.core.digests.slots import Slot
from tests.mail.issues import NOW, issue, reader, stories

FORM = re.compile(r"<[a-z0-9-]+\.\d{8}\.[a-z-]+\.[0-9a-f]{24}@[a-z0-9.-]+>")
NAMES = st.from_regex(r"\A[a-z0-9]{1,9}(-[a-z0-9]{1,9})?\Z")
LANGUAGES = st.sampled_from(["en", "de", "pt-BR", "zh-Hant"])
DOMAINS = st.sampled_from(["news.example", "xn--mnchen-3ya.example", "a.b.c.example"])
MINUTES = st.integers(0, 60_000_000).map(lambda minute: datetime.fromtimestamp(minute * 60, UTC))
SLOTS = MINUTES.map(lambda moment: Slot(moment, moment.date(), moment.time()))
KEYS = st.text("0123456789abcdef", min_size=24, max_size=24)


@given(NAMES, SLOTS, LANGUAGES, KEYS, DOMAINS)
def test_a_message_id_follows_from_digest_slot_language_and_reader(
    digest: str, slot: Slot, lang: str, key: str, domain: str
) -> None:
    """Asked again it is the same, and it has the form RFC 5322 wants, within one line."""
    first = make_message_id(digest, slot, lang, key, domain)
    assert first == make_message_id(digest, slot, lang, key, domain)
    assert FORM.fullmatch(first)
    assert len(f"Message-ID: {first}") < 998
    assert first.endswith(f"@{domain}>")


@given(st.lists(st.tuples(NAMES, SLOTS, LANGUAGES, KEYS), min_size=2, max_size=2, unique=True))
def test_message_ids_differ_when_anything_differs(pair: list[tuple[str, Slot, str, str]]) -> None:
    """Two issues, two languages or two readers never share one."""
    one, other = (make_message_id(*each, "news.example") for each in pair)
    assert one != other


def test_the_parts_of_a_message_id_do_not_run_into_each_other() -> None:
    """Moving a letter from one part to the next gives another id."""
    slot = Slot(datetime(2026, 1, 12, 7, tzinfo=UTC), date(2026, 1, 12), time(8))
    assert make_message_id("a", slot, "de", "xkey", "d.example") != make_message_id(
        "a", slot, "dex", "key", "d.example"
    )


def test_a_message_id_does_not_depend_on_the_instant_only_on_the_local_slot() -> None:
    """A corrected time zone table moves the instant of a slot, not its name."""
    local = (date(2026, 1, 12), time(8))
    early, late = (Slot(datetime(2026, 1, 12, hour, tzinfo=UTC), *local) for hour in (6, 7))
    assert make_message_id("a", early, "de", "k", "d.example") == make_message_id(
        "a", late, "de", "k", "d.example"
    )


def ids(**how: object) -> list[str]:
    """The Message-IDs of an issue, in order, which are also those in the mails."""
    files = how.pop("files", None) or stories(3)
    made = issue(files, **how)
    for message in made.messages:
        assert message_from_bytes(message.data)["Message-ID"] == message.message_id
    return [message.message_id for message in made.messages]


def test_ids_survive_edits_and_time() -> None:
    """A correction in a story, another story or a later hour of the same week keep every id."""
    first = ids()
    edited = {path: text.replace("Report 1", "Report one") for path, text in stories(3).items()}
    assert ids(files=edited) == first
    assert ids(files=stories(5, picture=True)) == first
    assert ids(now=NOW + timedelta(days=6)) == first
    assert ids(now=NOW + timedelta(days=7)) != first


def test_ids_do_not_depend_on_who_else_reads() -> None:
    """A reader's id is the same alone and among others, in any order."""
    readers = [reader("de", address=f"r{n}@readers.example") for n in range(5)]
    together = dict(zip([one.address for one in readers], ids(readers=readers), strict=True))
    for one in readers:
        assert ids(readers=[one]) == [together[one.address]]
    backwards = ids(readers=readers[::-1])
    assert backwards == [together[one.address] for one in readers[::-1]]


def test_a_hundred_readers_have_a_hundred_ids() -> None:
    """Also when they share a name, a language and all stories."""
    readers = [reader("fr", "Amélie", f"r{n}@readers.example") for n in range(100)]
    assert len(set(ids(readers=readers))) == 100


def test_an_id_says_nothing_of_the_address() -> None:
    """Message-IDs travel into archives and logs; addresses are personal."""
    (found,) = ids(readers=[reader("de", "Jörg", "joerg.weiss@readers.example")])
    assert "joerg" not in found
    assert "readers" not in found


@pytest.mark.parametrize("lang", ["en", "de", "fr", "nl"])
def test_an_id_can_be_read_by_people(lang: str) -> None:
    """Digest, day and language stand in front, for whoever searches an outbox."""
    (found,) = ids(readers=[reader(lang)])
    assert found.startswith(f"<staff.20260112.{lang}.")
