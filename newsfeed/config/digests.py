"""Read ``[digests.<name>]``: when a digest is due, what it holds, and how its mails are worded."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsfeed.config.mail import read_address, read_bounce_address
from newsfeed.core.digests.slots import parse_schedule
from newsfeed.core.digests.subjects import PLACEHOLDERS, find_unknown_placeholder
from newsfeed.marking import N_
from newsfeed.settings import Digest, DigestSchedule

if TYPE_CHECKING:
    from newsfeed.config.table import Table
    from newsfeed.settings import LocalisedText, SiteSettings

_NEVER_USED = DigestSchedule(time())  # stands in where a problem already stops everything


def read_digest(
    name: str, table: Table, site: SiteSettings, topics: tuple[str, ...], audiences: tuple[str, ...]
) -> Digest:
    """Read one digest's table. ``topics``, ``audiences``: those that the site has."""
    text = table.text("schedule", required=True, example='"mon 08:00"')
    schedule = parse_schedule(text)
    if schedule is None and text:
        expected = N_("days and a time, such as “mon 08:00”, “daily 07:30” or “monthly 1 08:00”")
        table.report("config-value", "schedule", value=text, expected=expected)
    audience = table.text("audience", required=True, example='"staff"')
    if audience and audience not in audiences:
        table.report("config-reference", "audience", value=audience, known=", ".join(audiences))
    chosen = table.list_of_texts("topics")
    for topic in chosen:
        if topic not in topics:
            table.report("config-reference", "topics", value=topic, known=", ".join(topics))
    sender_name, sender = read_address(table, "from")
    digest = Digest(
        name=name,
        title=table.localised("title", site.languages),
        schedule=schedule or _NEVER_USED,
        timezone=read_zone(table, site.timezone),
        audience=audience,
        topics=chosen,
        max_items=table.number("max_items", 20, 1, 200),
        when_empty=table.choice("when_empty", ("skip", "note"), "skip"),
        missed=table.choice("missed", ("fold", "each"), "fold"),
        unknown=table.choice("unknown", ("resend", "skip", "ask"), "resend"),
        horizon=table.number("horizon", 28, 1, 3660),
        public=table.flag("public", default=True),
        subject=_pattern(table, "subject", site.languages),
        intro=_pattern(table, "intro", site.languages),
        sender_name=sender_name,
        sender=sender,
        reply_to=read_address(table, "reply_to")[1],
        bounce_address=read_bounce_address(table),
    )
    table.close()
    return digest


def _pattern(table: Table, key: str, languages: tuple[str, ...]) -> LocalisedText:
    """Read a text, or one for each language, in which names in braces stand for what an issue has."""
    pattern = table.localised(key, languages)
    texts = pattern.by_language or {key: pattern.default}
    place = table.table(key) if pattern.by_language else table
    for name, text in texts.items():
        if find_unknown_placeholder(text):
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            place.report("config-placeholder", name, value=find_unknown_placeholder(text), known=known)
    return pattern


def read_zone(table: Table, default: ZoneInfo) -> ZoneInfo:
    """Read an IANA time zone."""
    name = table.text("timezone")
    if not name:
        return default
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        expected = N_("an IANA time zone such as Europe/Berlin")
        table.report("config-value", "timezone", value=name, expected=expected)
        return default
