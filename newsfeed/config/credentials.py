"""Read what servers are reached with: passwords from the environment or from files, and certificates."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import check_file, read_file
from newsfeed.marking import N_, Sentence
from newsfeed.service_ports import CertificateDates

if TYPE_CHECKING:
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


def make_opportunistic_context() -> ssl.SSLContext:
    """Return a context for a server that is spoken to in the clear where it does not encrypt: whoever could
    show a false certificate could as well keep it from being asked for one (RFC 7435).
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


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
        raise OutsideError(
            N_("cannot read certificates from {path}: {reason}"), path=path, reason=reason_of(error)
        ) from error


def read_password(login: ServerLogin, server: str, root: Path, environment: Mapping[str, str]) -> str:
    """Return a server's password; the `UsageError` names the server when there is none."""
    if login.password_file:
        path = root / login.password_file
        try:
            return read_file(path).decode("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else Sentence(N_("it is not UTF-8"))
            raise UsageError(
                N_("cannot read the password of {server} from {path}: {reason}"),
                server=server,
                path=path,
                reason=reason,
            ) from error
    password = environment.get(login.password_env, "")
    if not password:
        raise UsageError(
            N_("the environment variable {variable} with the password of {server} is not set"),
            variable=login.password_env,
            server=server,
        )
    return password


def read_secret(
    variable: str, file: str, root: Path, environment: Mapping[str, str], *, required: bool = True
) -> str:
    """Return a secret from a file, else from an environment variable. Raises `UsageError` when a named file
    cannot be read, or there is none and one is ``required``.
    """
    if file:
        try:
            return read_file(root / file).decode("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else Sentence(N_("it is not UTF-8"))
            raise UsageError(
                N_("cannot read the secret in {path}: {reason}"), path=root / file, reason=reason
            ) from error
    secret = environment.get(variable, "").strip()
    if not secret and required:
        raise UsageError(N_("the environment variable {variable} is not set"), variable=variable)
    return secret


def list_secret_variables(settings: object) -> frozenset[str]:
    """Return the environment variables that hold secrets: all that a key ending in ``_env`` names."""
    if isinstance(settings, Mapping):
        below = [*settings.values()]
    elif isinstance(settings, tuple):
        below = [*settings]
    elif is_dataclass(settings):
        below = [getattr(settings, field.name) for field in fields(settings)]
    else:
        return frozenset()
    names = {
        str(getattr(settings, field.name))
        for field in (fields(settings) if is_dataclass(settings) else ())
        if field.name.endswith("_env")
    }
    return frozenset(names - {""}).union(*map(list_secret_variables, below))


def read_certificate_dates(sock: ssl.SSLSocket) -> CertificateDates | None:
    """Return the time for which the certificate at the other end is good, where it was verified."""
    found = sock.getpeercert() or {}
    if "notBefore" not in found or "notAfter" not in found:
        return None
    begins, ends = (ssl.cert_time_to_seconds(str(found[name])) for name in ("notBefore", "notAfter"))
    return CertificateDates(datetime.fromtimestamp(begins, UTC), datetime.fromtimestamp(ends, UTC))


def describe_certificate_error(error: ssl.SSLCertVerificationError) -> Sentence:
    """Return why a server's certificate was not accepted."""
    known = _CERTIFICATES.get(error.verify_code, N_("its certificate does not hold: {reason}"))
    return Sentence(known, reason=error.verify_message)


_CERTIFICATES = {
    10: N_("its certificate has expired"),
    18: N_("its certificate is signed by nobody but itself"),
    19: N_("its certificate is signed by nobody but itself"),
    20: N_("its certificate is signed by somebody who is not known here"),
    21: N_("its certificate is signed by somebody who is not known here"),
    62: N_("its certificate is for another name"),
    64: N_("its certificate is for another address"),
}
"""By OpenSSL's X509_V_ERR codes."""
