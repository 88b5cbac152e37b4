"""The statements of the hot path, written by hand: one runs for every message."""

from __future__ import annotations

_WELCOME = (
    "(owner = ? OR (owner IS NULL AND batch_id IS NULL AND state = 'unknown' AND next_try IS NOT NULL))"
)
"""Whose outcome is believed: the owner's. Of a batch the owner is a lease with its number
(`BatchLease.owner`), so whoever holds an older one writes nothing. The fence must be in the row itself:
PostgreSQL asks it again when it had to wait for the row, and of other tables it would see what was before.
Outside batches an outcome is welcome too when we were taken for dead and the delivery became unknown: then
it is known after all.
"""
_READY = """owner = ? AND state IN ('planned', 'deferred')
  AND EXISTS (
    SELECT 1 FROM subscribers AS s
    JOIN issues AS i ON i.id = deliveries.issue_id
    LEFT JOIN meta AS m ON m.name = 'moved:' || i.digest
    JOIN subscriptions AS p ON p.subscriber_id = s.id AND p.digest = COALESCE(m.value, i.digest)
    WHERE s.id = deliveries.subscriber_id AND s.state = 'active'
      AND NOT EXISTS (SELECT 1 FROM suppressions AS x WHERE x.address_hash = s.address_hash))"""
"""Who may be written to: not when they left or are suppressed, or when it is not ours any more. A digest
that was moved is read under its new name."""

RECORD_RESULT = f"""
UPDATE deliveries SET
  state = CASE WHEN subscriber_id IS NULL AND ? = 'deferred' THEN 'left' ELSE ? END,
  next_try = CASE WHEN subscriber_id IS NULL THEN NULL ELSE CAST(? AS BIGINT) END,
  reply = CASE WHEN subscriber_id IS NULL THEN '' ELSE ? END,
  relay = ?,
  settled_at = ?,
  attempts = attempts + CASE WHEN state IN ('intent', 'unknown') THEN 0 ELSE 1 END,
  owner = NULL
WHERE id = ? AND {_WELCOME}
"""  # noqa: S608 - of nothing but words above
"""A result: (state, state, next try, reply, relay, settled at, delivery, owner).

Of an erased person it keeps no words, and tries nothing again.
"""

RECORD_INTENT = f"""
UPDATE deliveries SET state = 'intent', intent_at = ?, attempts = attempts + 1
WHERE id = ? AND {_READY}
"""  # noqa: S608
"""An intent: (intent at, delivery, owner)."""

RECORD_BOTH = f"""
UPDATE deliveries SET
  state = CASE WHEN id = ?8 THEN 'intent'
               WHEN subscriber_id IS NULL AND ?1 = 'deferred' THEN 'left' ELSE ?1 END,
  next_try = CASE WHEN id = ?8 THEN next_try WHEN subscriber_id IS NULL THEN NULL ELSE ?2 END,
  reply = CASE WHEN id = ?8 THEN reply WHEN subscriber_id IS NULL THEN '' ELSE ?3 END,
  relay = CASE WHEN id = ?8 THEN relay ELSE ?4 END,
  settled_at = CASE WHEN id = ?8 THEN settled_at ELSE ?5 END,
  attempts = attempts + CASE WHEN id <> ?8 AND state IN ('intent', 'unknown') THEN 0 ELSE 1 END,
  intent_at = CASE WHEN id = ?8 THEN ?7 ELSE intent_at END,
  owner = CASE WHEN id = ?8 THEN owner END
WHERE (id = ?6 AND {_WELCOME.replace("?", "?9")}) OR (id = ?8 AND {_READY.replace("?", "?9")})
"""  # noqa: S608
"""Both in one statement, and so in one transaction without a word about transactions: (state, next
try, reply, relay, settled at, delivery with a result, intent at, next delivery, owner). SQLite's dialect.
"""

ResultParameters = tuple[str, str, int | None, str, str, int, int, str]
"""Parameters of `RECORD_RESULT`."""
IntentParameters = tuple[int, int, str]
"""Parameters of `RECORD_INTENT`."""
