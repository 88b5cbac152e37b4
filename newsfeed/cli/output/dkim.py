"""Output about DKIM keys: the records for DNS, and the lines for the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.core.checkup.dkim_record import write_zone_lines
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsfeed.app.dkim_keys import SiteKey
    from newsfeed.cli.output.voice import Voice

_MADE = N_("made: {path}, which nobody else may read")
_THERE = N_("there already, and left as it is: {path}")
_RECORDS = N_("Publish in DNS, as one text each:")
_CONFIGURE = N_("When DNS has them, add to config.toml:")
_THEN = N_("Then look at everything with newsfeed doctor.")


def dkim_summary(keys: Sequence[SiteKey], voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """Return the keys of a site: the data, and the lines for people."""
    return {"keys": [_as_data(one) for one in keys]}, list(_lines(keys, voice))


def _as_data(one: SiteKey) -> dict[str, Any]:
    return {
        "name": one.public.name,
        "type": "TXT",
        "value": one.public.record,
        "domain": one.settings.domain,
        "selector": one.settings.selector,
        "algorithm": one.settings.algorithm,
        "file": one.settings.key_file,
        "new": one.is_new,
        "configured": one.is_configured,
    }


def _lines(keys: Sequence[SiteKey], voice: Voice) -> Iterator[str]:
    missing = [one for one in keys if not one.is_configured]
    for one in missing:
        yield voice.say(_MADE if one.is_new else _THERE, path=one.settings.key_file)
    yield from ["", voice.say(_RECORDS), ""] if missing else [voice.say(_RECORDS), ""]
    for one in keys:
        yield from write_zone_lines(one.public)
    if missing:
        yield from ["", voice.say(_CONFIGURE), ""]
        for one in missing:
            yield from _table(one)
        yield voice.say(_THEN)


def _table(one: SiteKey) -> Iterator[str]:
    yield "[[mail.dkim]]"
    yield f'domain = "{one.settings.domain}"'
    yield f'selector = "{one.settings.selector}"'
    if one.settings.algorithm != "rsa":
        yield f'algorithm = "{one.settings.algorithm}"'
    yield f'key_file = "{one.settings.key_file}"'
    yield ""
