"""Look for files of a site with secrets or people's addresses that other users of the machine can read."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from newsfeed.config.site_layout import CONFIG
from newsfeed.files import PRIVATE_FILE, PRIVATE_FOLDER
from newsfeed.problems import Location, Problem, problem
from newsfeed.service_settings import ImapSettings
from newsfeed.settings import SmtpSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsfeed.settings import Settings

_PRIVATE = "var"
"""Folder of a site whose files are nobody else's."""


def find_readable(root: Path, settings: Settings, *, secrets_only: bool = False) -> list[Problem]:
    """Return a problem, with the command to run, for each private file or folder of a site that others can
    read or write.

    ``secrets_only``: only of the files that sending needs.
    """
    found = []
    paths = _secret_paths(settings) if secrets_only else _private_paths(settings)
    for path in dict.fromkeys(paths):
        try:
            status = os.stat(root / path)
        except OSError:  # it is not there yet, or whoever needs it says more
            continue
        if status.st_mode & 0o077 and _is_within(root, path):
            mode = PRIVATE_FOLDER if stat.S_ISDIR(status.st_mode) else PRIVATE_FILE
            command = f"chmod {mode:o} {path}"
            # Of a key elsewhere no line may be quoted in a report.
            where = Location(path if path.partition("/")[0] == _PRIVATE else CONFIG)
            found.append(problem("readable-by-others", where, value=path, command=command))
    return found


def _private_paths(settings: Settings) -> Iterator[str]:
    """Yield the files that hold secrets and addresses, relative to the site's folder."""
    yield _PRIVATE
    yield from (file for file in settings.audiences.values() if file.startswith(f"{_PRIVATE}/"))
    yield from _secret_paths(settings)


def _secret_paths(settings: Settings) -> Iterator[str]:
    """Yield the files that sending needs, and nobody else may read."""
    yield settings.store.secret_file
    if database := settings.store.sqlite_file:
        yield database
    for channel in settings.channels.values():
        if isinstance(channel, SmtpSettings):
            yield from (relay.password_file for relay in channel.relays if relay.password_file)
    for mailbox in settings.mailboxes.values():
        if isinstance(mailbox, ImapSettings) and mailbox.password_file:
            yield mailbox.password_file
    if settings.doctor is not None and settings.doctor.mailbox.password_file:
        yield settings.doctor.mailbox.password_file
    yield from (key.key_file for key in settings.mail.dkim if key.key_file)


def _is_within(root: Path, path: str) -> bool:
    """Tell whether a file is the site's own: what the system hands out elsewhere has a mode of its own."""
    return (root / path).resolve().is_relative_to(root.resolve())
