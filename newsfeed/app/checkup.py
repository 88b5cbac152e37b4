"""Wire ``newsfeed doctor``: look at the machine, then ask others, and return all that was found."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.app.backups import BACKUP_RECORD
from newsfeed.app.permissions import find_readable
from newsfeed.app.status import read_health
from newsfeed.app.store_problems import has_store
from newsfeed.checkup import side_by_side
from newsfeed.checkup.context import CheckupContext, direct_of, reaches_readers, relays_of
from newsfeed.checkup.dated_sender import DatedSender
from newsfeed.config import loader
from newsfeed.config.credentials import read_password
from newsfeed.core.checkup import machine_findings
from newsfeed.core.checkup.dkim_record import PublicKey
from newsfeed.core.checkup.finding import Finding, Health, not_known, sort_findings
from newsfeed.core.checkup.store_findings import judge_store
from newsfeed.core.people.tokens import make_probe_token
from newsfeed.errors import NewsfeedError
from newsfeed.files import read_file
from newsfeed.marking import N_, Sentence
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsfeed.problems import Problem
    from newsfeed.service_ports import RelayProbe
    from newsfeed.settings import RelaySettings, Settings


@dataclass(frozen=True, slots=True)
class CheckupOptions:
    """The options of ``newsfeed doctor``."""

    server: str = ""
    """Address of the name server to ask; empty: the system's."""
    is_offline: bool = False
    """Nobody is asked."""


def examine_site(
    root: Path, now: datetime, environment: Mapping[str, str], options: CheckupOptions
) -> list[Finding]:
    """Run all checks; return what they find, in their order. Raises `UsageError` for a wrong option."""
    settings, problems = loader.load_settings(root)
    found = [judge_problems(problems)]
    if settings is None:
        return found
    keys, faults = _load_keys(settings, root, environment)
    found += [*faults, *_check_passwords(settings, root, environment)]
    found += _examine_machine(root, settings, now, environment)
    context, http = _open_context(root, settings, now, environment, keys, options)
    found += side_by_side.judge_channel(context)
    checks = side_by_side.choose_checks(context)
    if options.is_offline or side_by_side.is_offline(context):
        found.append(machine_findings.judge_network(list(checks), is_wished=options.is_offline))
    else:
        found += side_by_side.run_checks(context, checks)
    found.append(_judge_clock(root, http))
    return sort_findings(found)


def judge_problems(problems: Sequence[Problem]) -> Finding:
    """Judge what was found while the configuration was read."""
    errors = select_errors(problems)
    first = Sentence(errors[0].kind.message, **dict(errors[0].params)) if errors else None
    return machine_findings.judge_configuration(len(errors), len(problems) - len(errors), first)


def _load_keys(
    settings: Settings, root: Path, environment: Mapping[str, str]
) -> tuple[tuple[PublicKey, ...], list[Finding]]:
    from newsfeed.mail.dkim import load_keys

    keys, faults = [], []
    for one in settings.mail.dkim:
        try:
            (key,) = load_keys((one,), root, environment)
            keys.append(PublicKey(key.domain, key.selector, key.record))
        except NewsfeedError as error:
            faults.append(machine_findings.judge_secret(error.sentence, error.advice))
    return tuple(keys), faults


def _check_passwords(settings: Settings, root: Path, environment: Mapping[str, str]) -> list[Finding]:
    """Return what is wrong with the passwords of relays: without them nothing is sent."""
    found = []
    for relay in relays_of(settings):
        try:
            _password(relay, root, environment)
        except NewsfeedError as error:
            found.append(machine_findings.judge_secret(error.sentence, error.advice))
    return found


def _password(relay: RelaySettings, root: Path, environment: Mapping[str, str]) -> str:
    from newsfeed.channels.smtp.access import relay_name

    return read_password(relay, relay_name(relay), root, environment) if relay.username else ""


def _examine_machine(
    root: Path, settings: Settings, now: datetime, environment: Mapping[str, str]
) -> list[Finding]:
    readable = {
        params["value"]: params["command"]
        for one in find_readable(root, settings)
        for params in [dict(one.params)]
    }
    private = root / "var"
    closed = private.is_dir() and not os.access(private, os.W_OK | os.X_OK)
    found = [machine_findings.judge_closed_folder("var")] if closed else []
    found += [*machine_findings.judge_rights(readable), *_judge_disks(root)]
    if not has_store(root, settings, environment):
        return [*found, not_known("store", N_("there is no store yet: nobody has subscribed"))]
    found += _judge_store(root, settings, environment)
    if reaches_readers(settings):
        found.append(machine_findings.judge_backup(now, _last_backup(root, settings)))
    return found


def _judge_disks(root: Path) -> list[Finding]:
    """Judge the disks of what is written to; each of them once."""
    found: dict[int, Finding] = {}
    for name in ("var", "public", "."):
        path = root / name
        try:
            device, room, free = path.stat().st_dev, os.statvfs(path), shutil.disk_usage(path).free
        except OSError:  # it is not there yet, or closed to us, which the rights tell
            continue
        files = room.f_favail if room.f_files else -1
        found.setdefault(device, machine_findings.judge_disk(str(path.resolve()), free, files))
    return list(found.values())


def _judge_store(root: Path, settings: Settings, environment: Mapping[str, str]) -> list[Finding]:
    """Judge the database as it is. Where opening it changes nothing, see whether mail is sent from it."""
    from newsfeed.app.delivery import store_url
    from newsfeed.stores.sql.examine import examine_store

    try:
        state = examine_store(store_url(root, settings.store))
        asleep = None if state.damage or state.is_behind else _find_sleep(root, environment)
    except NewsfeedError as error:
        return [Finding("store", Health.PROBLEM, error.sentence, error.advice)]
    return judge_store(state) if asleep is None else [*judge_store(state), asleep]


def _find_sleep(root: Path, environment: Mapping[str, str]) -> Finding | None:
    """Return why no mail is sent from this store, as from one that was restored; ``None`` when it is."""
    from newsfeed.app.delivery import open_delivery_context
    from newsfeed.app.instance import explain_sleep, find_standing
    from newsfeed.core.delivery.instance import InstanceState

    with open_delivery_context(root, environment) as delivery:
        standing = find_standing(delivery)
    if standing.state in (InstanceState.NEW, InstanceState.ACTIVE):
        return None
    reason = explain_sleep(standing)
    return Finding("store", Health.PROBLEM, reason.sentence, reason.advice)


def _last_backup(root: Path, settings: Settings) -> datetime | None:
    """Return the moment that the record of the last backup names; ``None`` without one that can be read."""
    try:
        moment = datetime.fromisoformat(read_file(root / BACKUP_RECORD).decode("ascii").strip())
    except (OSError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(settings.site.timezone)


def _open_context(
    root: Path,
    settings: Settings,
    now: datetime,
    environment: Mapping[str, str],
    keys: tuple[PublicKey, ...],
    options: CheckupOptions,
) -> tuple[CheckupContext, DatedSender]:
    from newsfeed.channels.smtp.probe import probe_relay
    from newsfeed.dns_client.resolver import SystemResolver
    from newsfeed.http_client.certificates import read_certificate
    from newsfeed.http_client.client import HttpClient
    from newsfeed.stores.secret import read_secret

    direct = direct_of(settings)

    def probe(relay: RelaySettings) -> RelayProbe:
        password = _password(relay, root, environment)
        return probe_relay(relay, root, password, direct.hello if direct else "")

    http = DatedSender(HttpClient(allow_private=True, most=5_000_000), lambda: datetime.now(UTC))
    kept, token = settings.store, ""
    if has_store(root, settings, environment):
        with suppress(NewsfeedError):  # the store's check tells why
            secret = read_secret(environment.get(kept.secret_env, ""), root / kept.secret_file)
            token = make_probe_token(secret, now)
    context = CheckupContext(
        settings=settings,
        now=now,
        resolver=SystemResolver(options.server),
        http=http,
        probe_relay=probe,
        read_certificate=read_certificate,
        keys=keys,
        probe_token=token,
    )
    return context, http


def _judge_clock(root: Path, http: DatedSender) -> Finding:
    now = datetime.now(UTC)
    latest = max((one.at for one in read_health(root)), default=None)
    return machine_findings.judge_clock(now, http.clocks(now), latest)
