"""Keep the MTA-STS policies of domains (RFC 8461), as long as each of them says.

They lie in files of this machine, one for each domain, and not in the store: each machine can learn them
anew, and no backup needs them. A policy must outlive a restart, or whoever suppresses one answer of DNS could
take it away.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.core.delivery.receivers.mta_sts import StsPolicy, find_policy_id, parse_policy
from newsfeed.errors import OutsideError
from newsfeed.files import make_private_folder, read_file, replace_file, write_new
from newsfeed.service_ports import DnsQuestion, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newsfeed.service_ports import MailLookups

_OK = 200


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """A policy as it was fetched."""

    id: str
    fetched: datetime
    text: bytes
    policy: StsPolicy

    @property
    def ends(self) -> datetime:
        """Return the moment from which it holds no longer."""
        return self.fetched + timedelta(seconds=self.policy.max_age)

    def is_old(self, now: datetime) -> bool:
        """Tell whether it should be fetched anew, so that it does not run out (RFC 8461 3.3)."""
        return not self.fetched <= now <= self.fetched + (self.ends - self.fetched) / 2


class PolicyBook:
    """Finds the policy of a domain. Threads may share it: whoever writes last has the newest."""

    def __init__(self, lookups: MailLookups, folder: Path, now: Callable[[], datetime]) -> None:
        """``folder``: made when there is a policy to keep; those that have run out are deleted."""
        self._lookups = lookups
        self._folder = folder
        self._now = now
        with suppress(OSError):
            _delete_old(folder, now())

    def find(self, domain: str) -> StsPolicy | None:
        """Return the policy of a domain; ``None`` without one. May take some seconds. A kept one holds when
        DNS or the web server say nothing, or nothing of use.
        """
        now = self._now()
        kept = self._read(domain)
        if kept is not None and now >= kept.ends:
            kept = None
        answer = self._lookups.resolver.resolve(DnsQuestion(f"_mta-sts.{domain}", "TXT"))
        current = find_policy_id(answer.values)
        if current and (kept is None or kept.id != current or kept.is_old(now)):
            kept = self._fetch(domain, current, now) or kept
        return kept.policy if kept is not None else None

    def _fetch(self, domain: str, current: str, now: datetime) -> KeptPolicy | None:
        url = f"https://mta-sts.{domain}/.well-known/mta-sts.txt"
        try:
            answer = self._lookups.http.send(HttpRequest("GET", url))
        except OutsideError:
            return None
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        policy = parse_policy(answer.body) if answer.status == _OK and kind == "text/plain" else None
        if policy is None:
            return None
        kept = KeptPolicy(current, now, answer.body, policy)
        self._write(domain, kept)
        return kept

    def _read(self, domain: str) -> KeptPolicy | None:
        try:
            found = json.loads(read_file(self._path(domain)))
            current, text = str(found["id"]), found["policy"].encode()
            fetched = datetime.fromisoformat(found["fetched"]).astimezone(UTC)
            policy = parse_policy(text)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return KeptPolicy(current, fetched, text, policy) if policy is not None else None

    def _write(self, domain: str, kept: KeptPolicy) -> None:
        """Keep a policy; where that cannot be, it holds until it is asked for again."""
        text = kept.text.decode("utf-8", "replace")
        data = json.dumps({"id": kept.id, "fetched": kept.fetched.isoformat(), "policy": text}).encode()
        path, ends = self._path(domain), kept.ends.timestamp()
        with suppress(OSError):
            make_private_folder(self._folder)
            try:
                write_new(path, data, private=True)
            except FileExistsError:
                replace_file(path, data)
            os.utime(path, (ends, ends))

    def _path(self, domain: str) -> Path:
        return self._folder / f"{domain}.json"


def _delete_old(folder: Path, now: datetime) -> None:
    """Delete the policies that have run out: a domain may be one reader's own, and is not kept for ever. The
    time of a file is that of its policy's end.
    """
    for path in folder.glob("*.json"):
        if path.stat(follow_symlinks=False).st_mtime < now.timestamp():
            path.unlink()
