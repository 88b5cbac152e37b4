"""What servers are reached with: passwords from the environment or from files, and certificates."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Protocol

from newsfeed.errors import OutsideError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class ServerLogin(Protocol):
    """What the configuration says of a server."""

    @property
    def ca_file(self) -> str:
        """Certificates to believe instead of the system's; empty for those."""

    @property
    def password_file(self) -> str:
        """A file that holds the password; empty when the environment does."""

    @property
    def password_env(self) -> str:
        """The variable of the environment that does."""


def make_tls_context(login: ServerLogin, root: Path) -> ssl.SSLContext:
    """TLS 1.2 or newer, with certificate and name verified. Raises `OutsideError` when the certificates
    cannot be read.
    """
    if not login.ca_file:
        return ssl.create_default_context()
    path = root / login.ca_file
    try:
        return ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise OutsideError(f"cannot read certificates from {path}: {error.strerror}") from error


def read_password(login: ServerLogin, server: str, root: Path, environment: Mapping[str, str]) -> str:
    """The password for a server, which is named in the `UsageError` when it is not where it should be."""
    if login.password_file:
        path = root / login.password_file
        try:
            return path.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise UsageError(f"cannot read the password of {server} from {path}: {reason}") from error
    password = environment.get(login.password_env, "")
    if not password:
        raise UsageError(
            f"the environment variable {login.password_env} with the password of {server} is not set"
        )
    return password
