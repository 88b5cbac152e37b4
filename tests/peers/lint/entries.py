"""Rules that RSS, Atom and JSON feeds share: dates, repetition, links, archives."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")

_MAIL_DATE = re.compile(
    rf"({'|'.join(WEEKDAYS)}), \d\d? "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d:\d\d ([+-]\d{4}|GMT)"
)
_WEB_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def mail_date(text: str) -> datetime:
    """An RFC 5322 date in UTC; `ValueError` says what is wrong with it."""
    if not _MAIL_DATE.fullmatch(text):
        raise ValueError(f"{text!r} is no English date with a zone")
    moment = parsedate_to_datetime(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no known zone")
    if WEEKDAYS[moment.weekday()] != text[:3]:
        raise ValueError(f"{text!r} was a {WEEKDAYS[moment.weekday()]}")
    return moment.astimezone(UTC)


def web_date(text: str) -> datetime:
    """An RFC 3339 date in UTC; `ValueError` says what is wrong with it."""
    if not _WEB_DATE.fullmatch(text):
        raise ValueError(f"{text!r} is no date, time and zone of RFC 3339")
    return datetime.fromisoformat(text).astimezone(UTC)


def wrong_dates(read: Callable[[str], datetime], texts: Iterable[str]) -> Iterator[str]:
    """One sentence for each text that is no date."""
    for text in texts:
        try:
            read(text)
        except ValueError as fault:
            yield f"a date is wrong: {fault}"


def repeated(values: Iterable[str], what: str) -> Iterator[str]:
    """One sentence for each value that occurs again."""
    for value, count in Counter(values).items():
        if count > 1 and value:
            yield f"the {what} {value!r} occurs {count} times"


def name_faults(names: list[str]) -> Iterator[str]:
    """What is wrong with the authors of one entry."""
    if not any(name.strip() for name in names):
        yield "it names no author"
    for name in names:
        if "@" in name:
            yield f"the author {name!r} is a mail address"


def link_faults(links: list[tuple[str, str]]) -> Iterator[str]:
    """What is wrong with a feed's own links, given as (relation, address)."""
    relations = Counter(relation for relation, _ in links)
    if relations["self"] != 1:
        yield f"it has {relations['self']} self links instead of one"
    once = [relation for relation, _ in links if relation not in {"hub", "related"}]
    yield from repeated((each for each in once if each != "self"), "link relation")
    yield from repeated((f"{rel} {address}" for rel, address in links), "link")


def history_faults(links: list[tuple[str, str]], *, archive: bool, complete: bool) -> Iterator[str]:
    """What contradicts RFC 5005 in the neighbours of a feed document."""
    target = dict(links)
    own = target.get("self")
    if complete and (archive or {"prev-archive", "next-archive"} & target.keys()):
        yield "a complete feed has archives"
    if archive and "current" not in target:
        yield "an archive does not name the current feed"
    if archive and target.get("current") == own:
        yield "an archive calls itself the current feed"
    if not archive and "next-archive" in target:
        yield "a feed that is no archive has a next archive"
    for neighbour in ("prev-archive", "next-archive"):
        if own is not None and target.get(neighbour) == own:
            yield f"its {neighbour} is the feed itself"
