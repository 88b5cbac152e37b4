"""Read the site's secret: from the environment, or from a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from pathlib import Path

_SHORTEST = 16


def read_secret(given: str, file: Path) -> bytes:
    """Return the secret given by the environment, else the file's; make one when there is none yet.

    All tokens and hashes hang on it: whoever loses it loses every unsubscribe link sent so far, so
    it belongs into the backup, beside the database. Raises `OutsideError` when it is too short or
    cannot be read or written.
    """
    if given:
        return _checked(given.encode(), "the environment")
    try:
        return _checked(file.read_bytes().strip(), str(file))
    except FileNotFoundError:
        return _make(file)
    except OSError as error:
        raise OutsideError(
            N_("cannot read the secret in {file}: {reason}"), file=file, reason=reason_of(error)
        ) from error


def _make(file: Path) -> bytes:
    secret = secrets.token_urlsafe(32).encode()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(secret + b"\n")
    except FileExistsError:  # another process was first
        return _checked(file.read_bytes().strip(), str(file))
    except OSError as error:
        raise OutsideError(
            N_("cannot write the secret to {file}: {reason}"), file=file, reason=reason_of(error)
        ) from error
    return secret


def _checked(secret: bytes, where: str) -> bytes:
    if len(secret) < _SHORTEST:
        raise OutsideError(
            N_("the secret in {where} is too short"), N_("use at least 16 random characters"), where=where
        )
    return secret
