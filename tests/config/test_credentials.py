"""Passwords and certificates: from where they should be, or a sentence that says where that is."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsfeed.config.credentials import (
    describe_certificate_error,
    list_secret_variables,
    make_tls_context,
    read_password,
    read_secret,
)
from newsfeed.config.loader import parse_settings
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


def test_a_file_has_the_secret_before_the_environment(tmp_path: Path) -> None:
    """Without the line break at its end; where neither has one, it may be wanting."""
    (tmp_path / "secret").write_text("from a file\n", encoding="utf-8")
    environment = {"SECRET": " from outside "}
    assert read_secret("SECRET", "secret", tmp_path, environment) == "from a file"
    assert read_secret("SECRET", "", tmp_path, environment) == "from outside"
    assert read_secret("SECRET", "", tmp_path, {}, required=False) == ""


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("gone", "cannot read the secret in {path}: {reason}"),
        ("latin", "cannot read the secret in {path}: {reason}"),
        ("", "the environment variable {variable} is not set"),
    ],
)
def test_a_secret_that_is_wanting_is_told(file: str, said: str, tmp_path: Path) -> None:
    """With the file, or the variable."""
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    with pytest.raises(UsageError) as caught:
        read_secret("SECRET", file, tmp_path, {})
    assert caught.value.sentence.message == said


def test_a_certificate_that_does_not_hold_is_told_with_the_reason() -> None:
    """What has run out in words, the rest as the library says it."""
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code, error.verify_message = 10, "certificate has expired"
    assert describe_certificate_error(error).message == "its certificate has expired"
    error.verify_code = 1
    assert describe_certificate_error(error).message == "its certificate does not hold: {reason}"


def test_every_variable_that_holds_a_secret_is_known():
    """Wherever in the configuration its name stands."""
    text = """
[site]
title = "T"
base_url = "https://t.example/"
languages = ["en"]
authority = "t.example,2020"
[store]
secret_env = "A"
[publish]
token_env = "B"
[channels.smtp]
host = "m.example"
username = "x"
password_env = "C"
[[channels.smtp.relays]]
host = "n.example"
username = "x"
password_env = "D"
"""
    settings, problems = parse_settings(text)
    assert problems == []
    assert list_secret_variables(settings) >= {"A", "B", "C", "D", "NEWSFEED_HOOK_SECRET"}
