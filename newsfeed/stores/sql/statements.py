"""The statements of the hot path, written by hand: they run for every message."""

from __future__ import annotations

_WELCOME = """(deliveries.owner = ? OR (deliveries.owner IS NULL AND deliveries.batch_id IS NULL
  AND deliveries.state = 'unknown' AND deliveries.next_try IS NOT NULL))"""
"""Whose outcome is believed: the owner's. Of a batch the owner is a lease with its number
(`BatchLease.owner`), so whoever holds an older one writes nothing. The fence must be in the row itself:
PostgreSQL asks it again when it had to wait for the row, and of other tables it would see what was before.
Outside batches an outcome is welcome too when we were taken for dead and the delivery became unknown: then
it is known after all.
"""
_READY = """deliveries.owner = ? AND deliveries.state IN ('planned', 'deferred')
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

RECORD_GROUP = f"""
WITH ended AS (
  UPDATE deliveries SET
    state = CASE WHEN subscriber_id IS NULL AND step.state = 'deferred' THEN 'left' ELSE step.state END,
    next_try = CASE WHEN subscriber_id IS NULL THEN NULL ELSE step.next_try END,
    reply = CASE WHEN subscriber_id IS NULL THEN '' ELSE step.reply END,
    relay = step.relay,
    settled_at = %(at)s,
    attempts = attempts + CASE WHEN deliveries.state IN ('intent', 'unknown') THEN 0 ELSE 1 END,
    owner = NULL
  FROM unnest(
    %(ids)s::bigint[], %(states)s::text[], %(next_tries)s::bigint[], %(replies)s::text[], %(relays)s::text[]
  ) AS step (id, state, next_try, reply, relay)
  WHERE deliveries.id = step.id AND {_WELCOME.replace("?", "%(owner)s")}
)
UPDATE deliveries SET state = 'intent', intent_at = %(at)s, attempts = attempts + 1
WHERE id = ANY(%(beginning)s::bigint[]) AND {_READY.replace("?", "%(owner)s")}
RETURNING id
"""  # noqa: S608
"""Many results and intents, no delivery in both, as one statement: one transaction, one journey to the
server, and one plan for any number. PostgreSQL's dialect.
"""
