"""Read the site's secret: from the environment, or from a file that only its owner can read.

A secret in a file says that the site's store was made, too: a database that is missing or empty then is
lost, and must not be made anew in silence. Whoever makes the secret holds it locked until the store stands.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import make_private_folder, open_descriptor
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SHORTEST, _LONGEST = 16, 4096


@dataclass(frozen=True, slots=True)
class SiteSecret:
    """The site's secret."""

    value: bytes = field(repr=False)
    was_there: bool
    """It stood in its file before this command, and so there was a store."""


def read_secret(given: str, file: Path) -> bytes:
    """Return the secret given by the environment, else the file's; make one when there is none yet.

    All tokens and hashes hang on it: whoever loses it loses every unsubscribe link sent so far, so
    it belongs in the backup, beside the database. Raises `OutsideError` when it is too short or
    cannot be read or written.
    """
    with hold_secret(given, file) as secret:
        return secret.value


@contextmanager
def hold_secret(given: str, file: Path) -> Iterator[SiteSecret]:
    """Read the secret as `read_secret` does, and hold it: who comes second, when it was just made, waits
    until whoever made it has made the store as well.
    """
    if given:
        yield SiteSecret(_checked(given.encode(), "the environment"), was_there=False)
        return
    descriptor, made = _open_or_make(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield SiteSecret(_checked(_read(descriptor, file), str(file)), was_there=not made)
    finally:
        os.close(descriptor)


def _open_or_make(file: Path) -> tuple[int, bool]:
    """Return a descriptor of the secret's file, and whether it was made just now; locked then."""
    try:
        return open_descriptor(file), False
    except FileNotFoundError:
        pass
    except OSError as error:
        raise OutsideError(
            N_("cannot read the secret in {file}: {reason}"), file=file, reason=reason_of(error)
        ) from error
    try:
        return _make(file)
    except OSError as error:
        raise OutsideError(
            N_("cannot write the secret to {file}: {reason}"), file=file, reason=reason_of(error)
        ) from error


def _make(file: Path) -> tuple[int, bool]:
    """Write a new secret beside its place; whole and locked it gets its name, unless another process was
    first.
    """
    make_private_folder(file.parent)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.write(descriptor, secrets.token_urlsafe(32).encode() + b"\n")
        os.link(draft, file)
    except BaseException as error:
        os.close(descriptor)
        if isinstance(error, FileExistsError):
            return open_descriptor(file), False
        raise
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    return descriptor, True


def _read(descriptor: int, file: Path) -> bytes:
    try:
        return os.pread(descriptor, _LONGEST, 0).strip()
    except OSError as error:
        raise OutsideError(
            N_("cannot read the secret in {file}: {reason}"), file=file, reason=reason_of(error)
        ) from error


def _checked(secret: bytes, where: str) -> bytes:
    if len(secret) < _SHORTEST:
        raise OutsideError(
            N_("the secret in {where} is too short"), N_("use at least 16 random characters"), where=where
        )
    return secret
