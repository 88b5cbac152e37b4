"""The chain of consents: every record hashes the one before it, over all people.

A record is hashed in two steps, so that erasing a person does not break the chain:

* ``content`` = SHA-256 of the record's own words, as canonical JSON, with 16 random bytes of salt;
* ``hash`` = SHA-256 of ``previous`` and ``content``; ``previous`` is the ``hash`` of the record before.

Erasing blanks the words, the salt and the link to the person, and keeps ``content``, ``previous``
and ``hash``. The chain still closes, and without the salt nobody can prove, by trying, whose words
they were. A changed word, a missing, added or exchanged record shows; records cut off the end show
only to somebody who noted the last hash elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from newsfeed.records import Consent
from newsfeed.stores.sql.column_types import AlteredValueError, to_micros
from newsfeed.stores.sql.tables import consents, subscribers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Select

_ALL = (
    select(consents, subscribers.c.key)
    .join_from(consents, subscribers, subscribers.c.id == consents.c.subscriber_id, isouter=True)
    .order_by(consents.c.id)
)
_UNREADABLE = (AlteredValueError, TypeError, ValueError, AttributeError, OverflowError)
"""What comes of values in a file that somebody has written into behind our back."""
_ERASE = (
    update(consents)
    .where(consents.c.subscriber_id == bindparam("person"))
    .values(
        subscriber_id=None,
        digest=None,
        at=None,
        how=None,
        wording=None,
        language=None,
        source=None,
        evidence=None,
        salt=None,
    )
)


def make_chain_rows(
    connection: Connection, added: Sequence[Consent], people: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return rows that put consents at the end of the chain; the caller lets nobody else do so meanwhile.
    ``people``: key → number.
    """
    newest = select(consents.c.hash).order_by(consents.c.id.desc()).limit(1)
    last: bytes = connection.execute(newest).scalar() or b""
    rows = []
    for one in added:
        salt = secrets.token_bytes(16)
        content = _content(one, salt)
        link = _link(last, content)
        rows.append(
            {
                "subscriber_id": people[one.subscriber_key],
                "digest": one.digest,
                "at": one.at,
                "how": one.how,
                "wording": one.wording,
                "language": one.language,
                "source": one.source,
                "evidence": dict(one.evidence) or None,
                "salt": salt,
                "content": content,
                "previous": last,
                "hash": link,
            }
        )
        last = link
    return rows


def read_consents(connection: Connection, subscriber_key: str = "") -> list[Consent]:
    """Return the consents of one person, or of all. Erased ones say nothing and are left out; so are those
    that somebody has changed, which are no proof of anything: `find_broken_record` tells of them.
    """
    query = _ALL.where(consents.c.subscriber_id.is_not(None))
    if subscriber_key:
        query = query.where(subscribers.c.key == subscriber_key)
    return [_consent_of(row) for _, row in _rows(connection, query) if row is not None and _is_own(row)]


def erase_consents(connection: Connection, subscriber_id: int) -> None:
    """Blank what a person's consents say; the chain stays whole."""
    connection.execute(_ERASE, {"person": subscriber_id})


def find_broken_record(connection: Connection) -> int | None:
    """Return the number of the first record that does not fit into the chain; ``None`` when all do."""
    last = b""
    for number, row in _rows(connection, _ALL):
        if row is None or row.previous != last or not _is_own(row) or row.hash != _link(last, row.content):
            return number
        last = row.hash
    return None


def _rows(connection: Connection, query: Select[Any]) -> Iterator[tuple[int, Any]]:
    """Yield records with their numbers; ``None`` in place of one that holds what no record can hold."""
    last = 0
    try:
        with connection.execution_options(yield_per=2000).execute(query) as rows:
            for row in rows:
                yield row.id, row
                last = row.id
    except _UNREADABLE:
        numbers = query.with_only_columns(consents.c.id, maintain_column_froms=True)
        for number in connection.execute(numbers.where(consents.c.id > last)).scalars().all():
            yield number, _row(connection, query, number)


def _row(connection: Connection, query: Select[Any], number: int) -> Any:
    try:
        return connection.execute(query.where(consents.c.id == number)).one()
    except _UNREADABLE:
        return None


def _is_own(row: Any) -> bool:
    """Tell whether the words of a record are those it was made with, or were erased as a whole."""
    if not all(isinstance(one, bytes) for one in (row.content, row.previous, row.hash)):
        return False
    if row.salt is None and row.subscriber_id is None:
        return True
    if not isinstance(row.salt, bytes) or row.key is None or row.at is None:
        return False
    try:
        return bool(row.content == _content(_consent_of(row), row.salt))
    except _UNREADABLE:
        return False


def _consent_of(row: Any) -> Consent:
    return Consent(
        subscriber_key=row.key,
        digest=row.digest,
        at=row.at,
        how=row.how,
        wording=row.wording,
        language=row.language,
        source=row.source,
        evidence=row.evidence or {},
        previous=row.previous.hex(),
        hash=row.hash.hex(),
    )


def _content(one: Consent, salt: bytes) -> bytes:
    words: list[object] = [
        salt.hex(),
        one.subscriber_key,
        one.digest,
        to_micros(one.at),
        one.how,
        one.wording,
        one.language,
        one.source,
    ]
    if one.evidence:  # records of before there was any are hashed as they always were
        words.append(sorted(one.evidence.items()))
    return hashlib.sha256(json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def _link(previous: bytes, content: bytes) -> bytes:
    return hashlib.sha256(previous + content).digest()
