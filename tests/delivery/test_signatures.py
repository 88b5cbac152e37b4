"""Mails as they leave a site with DKIM keys: every one verifies, whatever the reader's own parts are."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from bench.site import MONDAY, Made
from newsfeed.app.delivery import open_signup_context
from newsfeed.errors import UsageError
from newsfeed.mail.dkim import load_keys
from newsfeed.subscribers import signup
from tests.delivery.sites import delivery, join, round_at, site
from tests.mail import dkim_verifiers as verifiers

_KEYS = {
    "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
}
_TABLE = """
[[mail.dkim]]
domain = "test.example"
selector = "{0}1"
algorithm = "{0}"
key_file = "{0}.pem"
"""


@pytest.fixture
def signing(tmp_path: Path) -> Made:
    """A site that signs with both kinds of keys, and writes its mails into a folder."""
    tables = "".join(_TABLE.format(name) for name in _KEYS)
    mail = f'confirm_url = "https://test.example/confirm/"{tables}'
    made = site(tmp_path, 0, port=1, channel="folder", mail=mail)
    for name, key in _KEYS.items():
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (made.folder / f"{name}.pem").write_bytes(pem)
    return made


def records(made: Made) -> dict[str, str]:
    """What would stand in DNS."""
    with delivery(made) as opened:
        keys = load_keys(opened.settings.mail.dkim, made.folder, os.environ)
    return {f"{key.selector}._domainkey.{key.domain}": key.record for key in keys}


def test_every_mail_of_an_issue_verifies_with_both_keys(signing: Made) -> None:
    """In four languages, each reader with a token and a Message-ID of their own."""
    with delivery(signing) as opened:
        join(opened, range(8))
    round_at(signing, MONDAY)
    known = records(signing)
    mails = [path.read_bytes() for path in (signing.folder / "var" / "outbox").iterdir()]
    assert len(mails) == 8
    for data in mails:
        assert data.count(b"DKIM-Signature:") == 2
        assert [verifiers.dkimpy(data, known, index) for index in range(2)] == [True, True]
        changed = data.replace(b"/u/", b"/x/")
        assert [verifiers.dkimpy(changed, known, index) for index in range(2)] == [False, False]


def test_a_confirmation_is_signed_too(signing: Made) -> None:
    """It is the first mail that somebody gets from us."""
    with delivery(signing) as opened:
        signup_context = open_signup_context(opened, os.environ)
        request = signup.DigestRequest(address="anna@readers.example", languages=("fr",), digest="staff")
        signup.request_digest(signup_context, request, MONDAY)
    round_at(signing, MONDAY)
    (mail,) = (path.read_bytes() for path in (signing.folder / "var" / "outbox").iterdir())
    assert b"confirm/" in mail
    assert [verifiers.dkimpy(mail, records(signing), index) for index in range(2)] == [True, True]


def test_a_key_that_cannot_be_read_stops_the_round_before_anything_is_planned(signing: Made) -> None:
    """Nothing leaves unsigned by mistake."""
    (signing.folder / "rsa.pem").unlink()
    with pytest.raises(UsageError, match=r"rsa\.pem"):
        round_at(signing, MONDAY)
    assert not (signing.folder / "var" / "outbox").exists()
