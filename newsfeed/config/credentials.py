"""Read what servers are reached with: passwords from the environment or from files, and certificates."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Protocol

from newsfeed.errors import OutsideError, UsageError
from newsfeed.files import check_file, read_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class ServerLogin(Protocol):
    """The part of a server's settings that says how to log in."""

    @property
    def ca_file(self) -> str:
        """Return the file of certificates to trust instead of the system's; empty for those."""

    @property
    def password_file(self) -> str:
        """Return the file that holds the password; empty when the environment does."""

    @property
    def password_env(self) -> str:
        """Return the environment variable that holds the password."""


def make_tls_context(login: ServerLogin, root: Path) -> ssl.SSLContext:
    """Return a context for TLS 1.2 or newer that verifies certificate and name. Raises `OutsideError` when
    the certificates cannot be read.
    """
    if not login.ca_file:
        return ssl.create_default_context()
    path = root / login.ca_file
    try:
        check_file(path)
        return ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise OutsideError(f"cannot read certificates from {path}: {error.strerror}") from error


def read_password(login: ServerLogin, server: str, root: Path, environment: Mapping[str, str]) -> str:
    """Return a server's password; the `UsageError` names the server when there is none."""
    if login.password_file:
        path = root / login.password_file
        try:
            return read_file(path).decode("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise UsageError(f"cannot read the password of {server} from {path}: {reason}") from error
    password = environment.get(login.password_env, "")
    if not password:
        raise UsageError(
            f"the environment variable {login.password_env} with the password of {server} is not set"
        )
    return password
