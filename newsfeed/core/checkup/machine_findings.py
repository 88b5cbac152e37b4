"""Judge the machine that a site runs on: configuration, rights, disk, clock, and the last backup."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.checkup.finding import Finding, Health, advice_found, good, not_known, problem_found
from newsfeed.marking import N_, FileSize, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_FULL, _NEARLY_FULL = 200_000_000, 1_000_000_000
"""Bytes that are left."""
_FEW_FILES = 10_000
_EXACT, _WRONG = timedelta(seconds=5), timedelta(seconds=60)
"""A ``Date`` has whole seconds, and an answer takes its time."""
_DAILY = N_("make one every day with newsfeed backup, and keep it on another machine")
_OLD_BACKUP, _LOST_BACKUP = timedelta(days=2), timedelta(days=8)


def judge_configuration(errors: int, warnings: int, first: Sentence | None) -> Finding:
    """Judge what reading config.toml found. ``first``: the first error."""
    if errors:
        return problem_found(
            "configuration",
            N_("config.toml has errors ({number}), the first of them: {first}"),
            N_("see all of them with newsfeed check"),
            number=errors,
            first=first,
        )
    if warnings:
        return advice_found(
            "configuration",
            N_("config.toml can be used, with warnings ({number})"),
            N_("see them with newsfeed check"),
            number=warnings,
        )
    return good("configuration", N_("config.toml can be used"))


def judge_secret(reason: Sentence, advice: Sentence) -> Finding:
    """Judge a password or key that cannot be read."""
    elsewhere = Sentence(N_("put it where config.toml says, or name another place there"))
    return Finding("configuration", Health.PROBLEM, reason, advice or elsewhere)


def judge_rights(readable: Mapping[str, str]) -> list[Finding]:
    """Judge private files that others can read: path → the command that mends it."""
    if not readable:
        return [good("rights", N_("nobody else can read secrets and addresses"))]
    return [
        problem_found(
            "rights",
            N_("{path} can be read or written by others on this machine"),
            N_("run this:"),
            (command,),
            path=path,
        )
        for path, command in readable.items()
    ]


def judge_closed_folder(path: str) -> Finding:
    """Judge a folder of the site that whoever looks cannot write into."""
    return problem_found(
        "rights",
        N_("{path} cannot be written to by the user who runs this"),
        N_("run it as the user that sends, or let that be the owner of {path}"),
        path=path,
    )


def judge_disk(path: str, free: int, files: int) -> Finding:
    """Judge the room of a folder's disk: bytes and files that are left (-1: as many as one likes)."""
    params = {"path": path, "size": FileSize(free), "number": files}
    if free < _FULL:
        return problem_found(
            "disk",
            N_("the disk of {path} is full but for {size}"),
            N_("make room, before a mail is sent"),
            **params,
        )
    if 0 <= files < _FEW_FILES:
        return problem_found(
            "disk",
            N_("the disk of {path} has room for {number} more files only"),
            N_("remove small files, such as those of old caches, or take another file system"),
            **params,
        )
    if free < _NEARLY_FULL:
        return advice_found("disk", N_("the disk of {path} has {size} left"), N_("make room"), **params)
    return good("disk", N_("the disk of {path} has {size} left"), **params)


def judge_clock(now: datetime, others: Mapping[str, datetime], latest: datetime | None) -> Finding:
    """Judge the clock. ``others``: host → the moment it has; ``latest``: the newest moment that a service of
    this site has left word of.
    """
    if latest is not None and latest - now > _WRONG:
        return problem_found(
            "clock",
            N_("it is {now} here, but something was written down at {latest} already"),
            N_("set the clock, and let it be kept right: timedatectl set-ntp true"),
            now=now,
            latest=latest,
        )
    if not others:
        return not_known("clock", N_("nobody was there to compare the clock with"))
    differences = {host: abs(moment - now) for host, moment in others.items()}
    nearest = min(differences, key=lambda host: differences[host])
    params = {"host": nearest, "number": round(differences[nearest].total_seconds())}
    if differences[nearest] > _WRONG:
        return problem_found(
            "clock",
            N_("the clock differs from that of {host} by {number} seconds"),
            N_("let it be kept right: timedatectl set-ntp true"),
            **params,
        )
    if differences[nearest] > _EXACT:
        return advice_found(
            "clock",
            N_("the clock differs from that of {host} by {number} seconds"),
            N_("let it be kept right: timedatectl set-ntp true"),
            **params,
        )
    return good("clock", N_("the clock agrees with that of {host}"), **params)


def judge_backup(now: datetime, last: datetime | None) -> Finding:
    """Judge the age of the last backup."""
    if last is None:
        return advice_found(
            "backup",
            N_("there is no word of a backup"),
            _DAILY,
        )
    age = now - last
    params = {"moment": last, "number": age.days}
    if age > _LOST_BACKUP:
        return problem_found(
            "backup",
            N_("the last backup is {number} days old"),
            N_("look why none was made since {moment}"),
            **params,
        )
    if age > _OLD_BACKUP:
        return advice_found("backup", N_("the last backup is {number} days old"), _DAILY, **params)
    return good("backup", N_("the last backup was made at {moment}"), **params)


def judge_network(skipped: Sequence[str], *, is_wished: bool) -> Finding:
    """Judge a machine without a network: what was left out."""
    return not_known(
        "network",
        N_("left out, as wished: {checks}")
        if is_wished
        else N_("no name server answers, so this machine is offline; left out: {checks}"),
        N_("run newsfeed doctor again where there is a network"),
        checks=", ".join(skipped),
    )
