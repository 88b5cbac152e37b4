"""Keep what forges have not heard of commits yet: in a file beside what was published, for the next try."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsfeed.app.published_state import one_at_a_time
from newsfeed.config.site_layout import PUBLISH_FOLDER
from newsfeed.core.publishing.waiting_status import WaitingStatus
from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import read_file, write_private
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_FILE = "statuses.json"


def read_waiting_statuses(root: Path) -> tuple[WaitingStatus, ...]:
    """Return what waits, the oldest first; nothing when no such file can be read."""
    try:
        return tuple(_read(one) for one in json.loads(read_file(root / PUBLISH_FOLDER / _FILE)))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


def change_waiting_statuses(
    root: Path, change: Callable[[Sequence[WaitingStatus]], Sequence[WaitingStatus]]
) -> None:
    """Change what waits, whole or not at all, while nobody else does."""
    folder = root / PUBLISH_FOLDER
    with one_at_a_time(folder, "statuses.lock"):
        before = read_waiting_statuses(root)
        after = tuple(change(before))
        if after == before:
            return
        path, new = folder / _FILE, folder / f"{_FILE}.new"
        try:
            write_private(new, json.dumps([_write(one) for one in after], indent=1).encode() + b"\n")
            os.replace(new, path)
        except OSError as error:
            raise OutsideError(
                N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)
            ) from error


def _write(one: WaitingStatus) -> dict[str, Any]:
    reason = one.reason
    kept = {} if reason is None else {"message": reason.message, "params": _words(reason)}
    moments = {"since": one.since.isoformat(), "next_try": one.next_try.isoformat()}
    return {**asdict(one), **moments, "reason": kept}


def _words(reason: Sentence) -> dict[str, str]:
    return {name: str(value) for name, value in dict(reason.params).items()}


def _read(kept: dict[str, Any]) -> WaitingStatus:
    reason = kept["reason"]
    moments = {name: datetime.fromisoformat(kept[name]) for name in ("since", "next_try")}
    sentence = Sentence(reason["message"], **reason["params"]) if reason else None
    return WaitingStatus(**{**kept, **moments, "reason": sentence})
