"""The two statements of the hot path, written by hand: they run once for every message."""

from __future__ import annotations

SETTLE = """
UPDATE deliveries SET
  state = CASE WHEN subscriber_id IS NULL AND ? = 'deferred' THEN 'left' ELSE ? END,
  next_try = CASE WHEN subscriber_id IS NULL THEN NULL ELSE CAST(? AS BIGINT) END,
  reply = CASE WHEN subscriber_id IS NULL THEN '' ELSE ? END,
  relay = ?,
  settled_at = ?,
  attempts = attempts + CASE WHEN state IN ('intent', 'unknown') THEN 0 ELSE 1 END,
  owner = NULL
WHERE id = ?
  AND (owner = ? OR (owner IS NULL AND state = 'unknown' AND next_try IS NOT NULL))
"""
"""An outcome: (state, state, next try, reply, relay, settled at, delivery, owner).

Of an erased person it keeps no words, and tries nothing again. It is welcome too when we were taken
for dead and the delivery became unknown: then it is known after all.
"""

BEGIN = """
UPDATE deliveries SET state = 'intent', intent_at = ?, attempts = attempts + 1
WHERE id = ? AND owner = ? AND state IN ('planned', 'deferred')
  AND EXISTS (
    SELECT 1 FROM subscribers AS s
    JOIN issues AS i ON i.id = deliveries.issue_id
    JOIN subscriptions AS p ON p.subscriber_id = s.id AND p.digest = i.digest
    WHERE s.id = deliveries.subscriber_id AND s.state = 'active'
      AND NOT EXISTS (SELECT 1 FROM suppressions AS x WHERE x.address_hash = s.address_hash))
"""
"""An intent: (intent at, delivery, owner). It changes nothing when the person left or is suppressed,
or when the delivery is not ours any more.
"""

Settle = tuple[str, str, int | None, str, str, int, int, str]
"""Parameters of `SETTLE`."""
Begin = tuple[int, int, str]
"""Parameters of `BEGIN`."""
