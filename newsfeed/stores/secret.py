"""Read the site's secret: from the environment, or from a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError
from newsfeed.files import make_private_folder, read_file

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
        return _checked(read_file(file).strip(), str(file))
    except FileNotFoundError:
        return _make(file)
    except OSError as error:
        raise OutsideError(f"cannot read the secret in {file}: {error.strerror}") from error


def _make(file: Path) -> bytes:
    secret = secrets.token_urlsafe(32).encode()
    try:
        make_private_folder(file.parent)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(secret + b"\n")
    except FileExistsError:  # another process was first
        return _checked(read_file(file).strip(), str(file))
    except OSError as error:
        raise OutsideError(f"cannot write the secret to {file}: {error.strerror}") from error
    return secret


def _checked(secret: bytes, where: str) -> bytes:
    if len(secret) < _SHORTEST:
        raise OutsideError(f"the secret in {where} is too short", "use at least 16 random characters")
    return secret
