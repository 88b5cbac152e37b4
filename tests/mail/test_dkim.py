"""`newsfeed.mail.dkim`: what is signed, and that three verifiers agree."""

import re
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.errors import UsageError
from newsfeed.mail import dkim
from newsfeed.mail.personalise import MARKER, split_at_markers
from newsfeed.service_settings import DkimKeySettings
from tests.mail import dkim_verifiers as verifiers
from tests.peers.need import need_module

DOMAIN = "test.example"
TOKEN = "AbCdEfGhIjKlMnOpQrStUv"
HEAD = (
    b"To: =?utf-8?q?J=C3=BCrgen?=\r\n <j@reader.example>\r\n"
    b"Message-ID: <1.abc@test.example>\r\n"
    b"List-Unsubscribe: <https://test.example/u/AbCdEfGhIjKlMnOpQrStUv>,\r\n <mailto:news@test.example>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"From: News \t room <news@test.example>\r\n"
    b"Subject:  Neues\t vom  Wasser \r\n"
    b"Date: Mon, 05 Jan 2026 08:00:00 +0100\r\n"
    b"Feedback-ID: 20260105:staff:digest:test.example\r\n"
    b"List-Id: Staff <staff.test.example>\r\n"
    b"X-Something: else\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
)
FROZEN = (
    b"Hello  there \t\r\n\r\n.a line with a full stop\r\n"
    b"stop: https://test.example/u/" + MARKER.encode() + b"\r\n"
    b"again: =\r\nhttps://test.example/u/" + MARKER[:5].encode() + b"=\r\n" + MARKER[5:].encode() + b"\r\n"
    b"bye\t\r\n\r\n\r\n"
)
BODY = split_at_markers(FROZEN).fill(TOKEN)


@cache
def _private(algorithm):
    if algorithm == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ed25519.Ed25519PrivateKey.generate()


def _pem(private) -> bytes:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _key(algorithm: str) -> dkim.SigningKey:
    settings = DkimKeySettings(domain=DOMAIN, selector=f"{algorithm}1", algorithm=algorithm, key_file="k.pem")
    return dkim.read_key(settings, _pem(_private(algorithm)))


def _records(*keys: dkim.SigningKey) -> dict[str, str]:
    return {f"{key.selector}._domainkey.{key.domain}": key.record for key in keys}


def _signed(*keys: dkim.SigningKey, head: bytes = HEAD, body: bytes = BODY) -> bytes:
    return dkim.DkimSigner(keys).make_signatures(head, body) + head + b"\r\n" + body


DAMAGES = {
    "the one-click header": (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=One-Clicc"),
    "the subject": (b"vom  Wasser", b"vom  Wassar"),
    "the body": (b"Hello", b"Hallo"),
    "the unsubscribe address in the body": (
        b"/u/" + TOKEN.encode() + b"\r\n",
        b"/u/" + TOKEN[:-1].encode() + b"w\r\n",
    ),
    "a second sender": (b"X-Something: else", b"From: somebody@else.example"),
}


def _verify(verifier: str, mail: bytes, key: dkim.SigningKey, folder: Path) -> bool:
    if verifier == "dkimpy":
        return verifiers.dkimpy(mail, _records(key))
    check = verifiers.opendkim if verifier == "opendkim" else verifiers.mail_dkim
    return check(mail, _records(key), folder)


PAIRS = [
    ("dkimpy", "rsa"),
    ("dkimpy", "ed25519"),
    ("opendkim", "rsa"),
    ("opendkim", "ed25519"),
    ("mail_dkim", "rsa"),  # Debian's Mail::DKIM does not know Ed25519
]


@pytest.mark.parametrize(("verifier", "algorithm"), PAIRS)
def test_verifiers_accept_the_signature(verifier, algorithm, tmp_path):
    """A signed message verifies."""
    key = _key(algorithm)
    assert _verify(verifier, _signed(key), key, tmp_path)


@pytest.mark.parametrize(("verifier", "algorithm"), PAIRS)
@pytest.mark.parametrize("what", DAMAGES)
def test_verifiers_refuse_a_message_in_which_something_was_changed(verifier, algorithm, what, tmp_path):
    """One letter in a header, the body or an address is enough; so is a second From."""
    key = _key(algorithm)
    mail = _signed(key).replace(*DAMAGES[what])
    assert mail != _signed(key)
    assert not _verify(verifier, mail, key, tmp_path)


def test_both_kinds_of_signatures_stand_side_by_side(tmp_path):
    """Receivers that do not know Ed25519 find RSA."""
    keys = _key("rsa"), _key("ed25519")
    mail, records = _signed(*keys), _records(*keys)
    assert mail.count(b"DKIM-Signature:") == 2
    assert verifiers.dkimpy(mail, records, 0)
    assert verifiers.dkimpy(mail, records, 1)
    assert verifiers.opendkim(mail, records, tmp_path)


def test_relays_may_fold_and_space_anew(tmp_path):
    """Relaxed means: other white space in headers and at line ends does not matter."""
    key = _key("rsa")
    changed = _signed(key).replace(b"Subject:  Neues\t vom  Wasser ", b"SUBJECT:Neues\r\n  vom Wasser")
    changed = changed.replace(b"Hello  there \t\r\n", b"Hello there\r\n") + b"\r\n"
    assert _verify("dkimpy", changed, key, tmp_path)
    assert _verify("opendkim", changed, key, tmp_path)


def test_the_signature_names_what_it_covers():
    """The list has both unsubscribe headers and Feedback-ID, only what is there, and From twice."""
    header = re.sub(rb"\r\n\s+", b" ", _signed(_key("rsa"))).split(b"\r\n")[0].decode()
    tags = dict(part.strip().split("=", 1) for part in header.partition(":")[2].split(";"))
    names = [name.strip() for name in tags["h"].split(":")]
    assert names.count("from") == 2
    assert {"list-unsubscribe", "list-unsubscribe-post", "feedback-id", "subject", "to"} <= set(names)
    assert "reply-to" not in names
    assert "x-something" not in names
    assert tags["c"] == "relaxed/relaxed"
    assert not tags.keys() & {"l", "t", "x"}


def test_signature_lines_are_short():
    """No line is longer than 78 octets, whatever is signed."""
    head = b"".join(f"{name}: x\r\n".encode() for name in dkim.SIGNED)
    made = dkim.DkimSigner([_key("rsa"), _key("ed25519")]).make_signatures(head, b"x\r\n")
    assert max(len(line) for line in made.split(b"\r\n")) <= 78


def test_the_same_message_gets_the_same_signature():
    """A message sent again is the same bytes."""
    assert _signed(_key("rsa"), _key("ed25519")) == _signed(_key("rsa"), _key("ed25519"))


def test_the_hash_of_a_frozen_body_is_that_of_the_filled_one():
    """What is computed once per rendering agrees with what a verifier computes."""
    signer, frozen = dkim.DkimSigner([_key("rsa")]), dkim.BodyHash(FROZEN)
    for token in (TOKEN, TOKEN[::-1]):
        assert signer.make_signatures_for_hash(HEAD, frozen.digest(token)) == signer.make_signatures(
            HEAD, split_at_markers(FROZEN).fill(token)
        )


def test_a_body_without_marks_has_one_hash():
    """Nothing personal in it: the token does not matter."""
    frozen = dkim.BodyHash(b"Hello\r\n")
    assert frozen.digest(TOKEN) == frozen.digest(TOKEN[::-1])


_texts = st.lists(
    st.sampled_from([b" ", b"\t", b"\r\n", b"a", b".", b"=\r\n", MARKER.encode(), b"\xc3"])
).map(b"".join)


@given(_texts)
@settings(deadline=None)
def test_any_body_hashes_as_dkimpy_does(body):
    """The canonical form is RFC 6376's, as the reference implementation reads it."""
    canonicalization = need_module("dkim.canonicalization")
    # dkimpy's strip of a lone CRLF body is the RFC's: an empty body stays empty.
    assert dkim.relaxed_body(body) == canonicalization.Relaxed.canonicalize_body(
        body if body.endswith(b"\r\n") or not body else body + b"\r\n"
    )


@given(_texts)
@settings(deadline=None)
def test_any_frozen_body_hashes_as_the_filled_one(frozen):
    """Wherever the marks stand, split over lines or not."""
    whole = split_at_markers(frozen).fill(TOKEN)
    expected = dkim.hashlib.sha256(dkim.relaxed_body(whole)).digest()
    assert dkim.BodyHash(frozen).digest(TOKEN) == expected


def test_keys_are_read_from_file_and_environment(tmp_path):
    """The file counts more; an environment variable may be one line, with its line ends spelt out."""
    pem = _pem(_private("ed25519"))
    (tmp_path / "k.pem").write_bytes(pem)
    from_file = DkimKeySettings(
        domain=DOMAIN, selector="a", algorithm="ed25519", key_file="k.pem", key_env="KEY"
    )
    from_env = DkimKeySettings(domain=DOMAIN, selector="b", algorithm="ed25519", key_env="KEY")
    one_line = pem.decode().replace("\n", "\\n")
    keys = dkim.load_keys([from_file, from_env], tmp_path, {"KEY": one_line})
    assert keys[0].record == keys[1].record


@pytest.mark.parametrize(
    ("settings", "pem", "why"),
    [
        ({"key_file": "none.pem"}, None, "there is no such file"),
        ({"key_env": "NOTHING"}, None, "not set"),
        ({"key_file": "k.pem"}, b"garbage", "no private key"),
        ({"key_file": "k.pem", "algorithm": "ed25519"}, "rsa", "no ed25519 key"),
        ({"key_file": "k.pem"}, "short", "1024 bits"),
    ],
)
def test_keys_that_cannot_be_used_are_named_with_the_reason(settings, pem, why, tmp_path):
    """One sentence with selector and domain, no traceback and nothing of the key."""
    if pem == "rsa":
        pem = _pem(_private("rsa"))
    elif pem == "short":
        pem = _pem(rsa.generate_private_key(public_exponent=65537, key_size=1024))
    if pem is not None:
        (tmp_path / "k.pem").write_bytes(pem)
    with pytest.raises(UsageError, match=f"news2026 of {DOMAIN}.*{why}") as found:
        dkim.load_keys([DkimKeySettings(domain=DOMAIN, selector="news2026", **settings)], tmp_path, {})
    assert "PRIVATE" not in str(found.value)


def test_a_key_does_not_show_itself():
    """What is printed of a key in a traceback holds nothing secret."""
    assert "sign=" not in repr(_key("rsa"))
