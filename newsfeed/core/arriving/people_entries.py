"""People as programs export them that make no table: in JSON, in lines of addresses, in blocks of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.core.arriving.people import MovedPerson, language_among, tidy_name
from newsfeed.core.arriving.people_states import (
    ACTIVE,
    BOUNCED,
    LEFT,
    UNCLEAR,
    UNCONFIRMED,
    first_moment,
    state_of,
    worst_of,
)
from newsfeed.core.people.import_columns import read_address
from newsfeed.core.people.leaving_columns import is_no

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_ENTRIES = ("results", "entries", "data", "subscribers", "members", "contacts")
_SYMPA_KEYS = (
    "email gecos date update_date subscribed included reception visibility bounce lang id source"
    " custom_attribute suspend startdate enddate bounce_address number_messages"
)


def people_in_json(data: object, only_list: str) -> Iterator[MovedPerson]:
    """Yield the people in an answer of an interface. ``only_list``: of listmonk's lists that which counts."""
    for number, entry in enumerate(_entries(data), 1):
        yield _person_of_entry(number, entry, only_list)


def _entries(data: object) -> list[dict[str, Any]]:
    while isinstance(data, dict):
        data = next((data[key] for key in _ENTRIES if isinstance(data.get(key), (list, dict))), [])
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _person_of_entry(number: int, entry: Mapping[str, Any], only_list: str) -> MovedPerson:
    attributes = entry.get("attribs") or entry.get("attributes") or {}
    attributes = attributes if isinstance(attributes, dict) else {}
    given = entry.get("preferred_language") or entry.get("language")
    lists = [one for one in _list(entry, "lists") if isinstance(one, dict)]
    states = [
        state_of(str(entry[key])) for key in ("status", "delivery_status") if isinstance(entry.get(key), str)
    ]
    states.append(_state_in_lists(lists, only_list))
    states += _signs(entry)
    dates = ("subscription_created_at", "subscribed_at", "confirmed_at", "created_at", "createdAt")
    of_lists = [
        str(one.get("subscription_created_at") or "") for one in lists if only_list in ("", one.get("name"))
    ]
    return MovedPerson(
        number=number,
        address=str(entry.get("email") or entry.get("address") or ""),
        name=tidy_name(str(entry.get("name") or entry.get("display_name") or "")),
        language=given if isinstance(given, str) else language_among(attributes),
        tags=tuple(str(one) for one in _list(entry, "tags") if isinstance(one, str)),
        state=worst_of(states),
        since=first_moment([*of_lists, *(str(entry.get(key) or "") for key in dates)]),
        gone_at=first_moment([str(entry.get("updated_at") or entry.get("modifiedAt") or "")]),
    )


def _signs(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield what else in an entry speaks against mails to somebody."""
    if entry.get("emailBlacklisted") is True:
        yield LEFT
    if _list(entry, "listUnsubscribed"):
        # Brevo: the numbers of the lists that somebody left, beside those that they are still on.
        yield UNCLEAR if _list(entry, "listIds") else LEFT
    if str(entry.get("role") or "member") != "member":
        # Mailman: who writes to a list, or looks after it, need not want its mails.
        yield UNCONFIRMED
    preferences = entry.get("preferences")
    if isinstance(preferences, dict) and isinstance(preferences.get("delivery_status"), str):
        yield state_of(preferences["delivery_status"])


def _list(entry: Mapping[str, Any], key: str) -> list[Any]:
    value = entry.get(key)
    return value if isinstance(value, list) else []


def _state_in_lists(lists: list[dict[str, Any]], only_list: str) -> str:
    """Return somebody's state in a list; in several lists that say different things it is unclear."""
    known = [one for one in lists if isinstance(one.get("subscription_status"), str)]
    if only_list:
        known = [one for one in known if only_list == one.get("name")]
        if not known:
            return UNCONFIRMED if lists else ACTIVE
    states = {_state_in_list(one) for one in known}
    return UNCLEAR if len(states) > 1 and LEFT in states else worst_of(states)


def _state_in_list(one: Mapping[str, Any]) -> str:
    """Return somebody's state in one list; where one opt-in is enough nobody is confirmed."""
    status: str = one["subscription_status"]
    return ACTIVE if status == "unconfirmed" and one.get("optin") == "single" else state_of(status)


def people_in_lines(lines: Iterable[str]) -> Iterator[MovedPerson]:
    """Yield the people in lines: an address alone, ``Ada <ada@example.org>``, or with a name behind a tab."""
    for number, line in enumerate(lines, 1):
        address, _, name = line.strip().partition("\t")
        if address and not address.startswith("#"):
            written = read_address(address)
            yield MovedPerson(number=number, address=written.address, name=tidy_name(name or written.name))


def is_sympa_dump(head: str) -> bool:
    """Tell whether a text begins like a dump of Sympa's: a word of its own and a value on each line."""
    keys = [line.split(" ")[0] for line in head.splitlines()[:10] if line.strip()]
    return "email" in keys and set(_SYMPA_KEYS.split()).issuperset(keys[:3])


def people_in_sympa_dump(lines: Iterable[str]) -> Iterator[MovedPerson]:
    """Yield the people in a dump of Sympa's: blocks of lines, a blank line between them."""
    block: dict[str, str] = {}
    start = 1
    for number, line in enumerate((*lines, ""), 1):
        key, _, value = line.strip().partition(" ")
        if key and not block:
            start = number
        if key:
            block.setdefault(key, value.strip())
        elif block:
            yield _person_of_block(start, block)
            block = {}


def _person_of_block(number: int, block: Mapping[str, str]) -> MovedPerson:
    # "bounce": first, last, how many, and the status (RFC 3463) of the last one.
    bounce = block.get("bounce", "").split()
    states = [BOUNCED if any(word.startswith("5.") for word in bounce[3:]) else ACTIVE]
    if block.get("reception", "") in ("nomail", "suspend") or not is_no(block.get("suspend", "")):
        states.append(LEFT)
    return MovedPerson(
        number=number,
        address=block.get("email", ""),
        name=tidy_name(block.get("gecos", "")),
        language=block.get("lang", ""),
        state=worst_of(states),
        since=first_moment([block.get("date", "")]),
        gone_at=first_moment([block.get("update_date", "")]),
    )
