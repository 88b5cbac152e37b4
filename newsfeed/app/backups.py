"""Back a service up while it runs, and make one out of a backup."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import newsfeed
from newsfeed.app.delivery import store_url
from newsfeed.app.instance import new_fence
from newsfeed.config import loader
from newsfeed.errors import OutsideError, ProblemsFound, reason_of
from newsfeed.files import make_private_folder, read_file, write_new, write_private
from newsfeed.instance_records import StoreMark
from newsfeed.marking import N_
from newsfeed.stores.backup_file import (
    BackupManifest,
    BackupSecrets,
    new_backup,
    open_backup,
    write_rest,
    write_tables,
)
from newsfeed.stores.secret import read_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.settings import Settings

_write_new_private = partial(write_new, private=True)
BACKUP_RECORD = "var/last-backup"
"""File with the moment of the last backup (ISO 8601); whatever makes backups may write it."""


@dataclass(frozen=True, slots=True)
class BackupResult:
    """The content of a backup that was made."""

    manifest: BackupManifest
    keys: Sequence[str]
    """Selectors of the signing keys in it."""


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """The content of a backup that was restored."""

    manifest: BackupManifest
    keys: Sequence[str]
    """Files of signing keys that were written."""


def back_up(
    context: DeliveryContext, path: Path, now: datetime, observe: Callable[[int], None], *, with_keys: bool
) -> BackupResult:
    """Write all that cannot be made again: the store as it is at one moment, the secret, perhaps the keys.

    Others go on sending meanwhile. Raises `UsageError` when the file is there, `OutsideError` when it cannot
    be written.
    """
    keys = _read_keys(context) if with_keys else {}
    with (
        new_backup(path) as archive,
        context.store.read_tables() as (revision, numbers, tables),
    ):
        rows = write_tables(archive, tables, observe)
        manifest = BackupManifest(now, newsfeed.__version__, revision, rows, numbers)
        write_rest(archive, manifest, BackupSecrets(context.secret, keys))
    _write(context.root / BACKUP_RECORD, f"{now.isoformat()}\n".encode(), write_private)
    return BackupResult(manifest, tuple(keys))


def restore(
    root: Path, path: Path, environment: Mapping[str, str], observe: Callable[[int], None]
) -> RestoreResult:
    """Make the store of a site out of a backup, where there is none; and its secret and keys, where they are
    missing. Mail is sent from it only after `newsfeed.app.instance.activate`.

    Raises `OutsideError` when there is a store already, or another secret, or the backup is none.
    """
    from newsfeed.stores.sql import fill_store

    settings, problems = loader.load_settings(root)
    if settings is None:
        raise ProblemsFound(problems)
    kept = settings.store
    with open_backup(path) as backup:
        manifest, secrets = backup.manifest, backup.secrets()
        _provide_secret(root, settings, secrets.secret, environment)
        fill_store(
            store_url(root, kept),
            revision=manifest.revision,
            numbers=manifest.numbers,
            tables=backup.tables(observe),
            mark=StoreMark(new_fence(), 0),
            durable=kept.durable,
        )
        written = _provide_keys(root, settings, secrets.keys)
    return RestoreResult(manifest, written)


def _read_keys(context: DeliveryContext) -> dict[str, bytes]:
    """Return selector → key of those that are files. Raises `OutsideError` when one cannot be read."""
    found = {}
    for one in context.settings.mail.dkim:
        if not one.key_file:
            continue
        try:
            found[one.selector] = read_file(context.root / one.key_file)
        except OSError as error:
            raise OutsideError(
                N_("{path} cannot be read: {reason}"), path=one.key_file, reason=reason_of(error)
            ) from error
    return found


def _write(file: Path, data: bytes, write: Callable[[Path, bytes], None]) -> None:
    try:
        make_private_folder(file.parent)
        write(file, data)
    except OSError as error:
        raise OutsideError(
            N_("{path} cannot be written: {reason}"), path=file, reason=reason_of(error)
        ) from error


def _provide_secret(root: Path, settings: Settings, secret: bytes, environment: Mapping[str, str]) -> None:
    """Write the secret where there is none. Raises `OutsideError` when there is another one."""
    kept = settings.store
    file = root / kept.secret_file
    given = environment.get(kept.secret_env, "")
    if not given and not file.exists():
        _write(file, secret + b"\n", _write_new_private)
    elif read_secret(given, file) != secret:
        raise OutsideError(
            N_("this site has another secret than the backup: no link sent so far would be known any more"),
            N_("take away {file} or the variable {variable}, and run the command again"),
            file=kept.secret_file,
            variable=kept.secret_env,
        )


def _provide_keys(root: Path, settings: Settings, keys: Mapping[str, bytes]) -> list[str]:
    """Write the keys that config.toml names and that are missing; return their files."""
    written = []
    for one in settings.mail.dkim:
        file = root / one.key_file
        if one.key_file and one.selector in keys and not file.exists():
            _write(file, keys[one.selector], _write_new_private)
            written.append(one.key_file)
    return written
