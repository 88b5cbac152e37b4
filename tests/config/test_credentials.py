"""Passwords and certificates: from where they should be, or a sentence that says where that is."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsfeed.config.credentials import make_tls_context, read_password
from newsfeed.errors import OutsideError, UsageError


@dataclass(frozen=True)
class Server:
    """What a configuration says."""

    ca_file: str = ""
    password_file: str = ""
    password_env: str = "THE_PASSWORD"


def test_the_environment_has_the_password(tmp_path: Path) -> None:
    """An empty one is none."""
    assert read_password(Server(), "it", tmp_path, {"THE_PASSWORD": "s3cret"}) == "s3cret"
    for environment in ({}, {"THE_PASSWORD": ""}):
        with pytest.raises(UsageError, match="THE_PASSWORD with the password of it is not set"):
            read_password(Server(), "it", tmp_path, environment)


def test_a_file_has_the_password(tmp_path: Path) -> None:
    """All of its line, also spaces; the environment is not asked."""
    (tmp_path / "password").write_text(" ümlaut \r\n", "utf-8")
    found = read_password(Server(password_file="password"), "it", tmp_path, {"THE_PASSWORD": "other"})
    assert found == " ümlaut "


@pytest.mark.parametrize(("data", "reason"), [(None, "there is no such file"), (b"\xff", "it is not UTF-8")])
def test_a_file_that_cannot_be_read_is_named(data: bytes | None, reason: str, tmp_path: Path) -> None:
    """What it holds is not."""
    if data is not None:
        (tmp_path / "password").write_bytes(data)
    with pytest.raises(UsageError, match=f"cannot read the password of it from .*password: {reason}"):
        read_password(Server(password_file="password"), "it", tmp_path, {})


def test_certificates_are_always_verified(tmp_path: Path) -> None:
    """Those of the system, or one's own; a file that holds none is told."""
    assert make_tls_context(Server(), tmp_path).verify_mode is ssl.CERT_REQUIRED
    assert make_tls_context(Server(), tmp_path).check_hostname
    for data in (None, b"no certificate"):
        if data is not None:
            (tmp_path / "ca.pem").write_bytes(data)
        with pytest.raises(OutsideError, match=r"cannot read certificates from .*ca\.pem"):
            make_tls_context(Server(ca_file="ca.pem"), tmp_path)
