"""Sign messages with DKIM (RFC 6376, 8301, 8463): relaxed/relaxed, the whole body, our own list of headers.

Ready-made lists leave out the two headers of one-click unsubscribing, which must be signed (RFC 8058
section 4). A signature says nothing about when it was made, so that a message sent again is the
same message. The body's hash is nearly all known once per rendering: see `BodyHash`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from newsfeed.errors import UsageError, reason_of
from newsfeed.files import read_file
from newsfeed.mail.personalise import split_at_markers
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from newsfeed.service_settings import DkimKeySettings

SIGNED = (
    "from",
    "sender",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-language",
    "list-id",
    "list-help",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-archive",
    "list-owner",
    "list-post",
    "feedback-id",
    "auto-submitted",
    "precedence",
)
"""The headers that are signed where they occur."""
OVERSIGNED = ("from",)
"""Signed once more than they occur: nobody can add another one (RFC 6376 8.15)."""
LEAST_BITS = 2_048
"""RFC 8301 3.2."""
_SIGNED = tuple(name.encode() for name in SIGNED)
_OVERSIGNED = tuple(name.encode() for name in OVERSIGNED)
_BLANK = (b" ", b"\t")
_BLANKS = re.compile(rb"[ \t]+")
_WIDTH = 70


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, ready to sign, and where its public half stands in DNS."""

    domain: str
    selector: str
    algorithm: str
    """As in the ``a`` tag: ``rsa-sha256`` or ``ed25519-sha256``."""
    record: str
    """The text for DNS at ``<selector>._domainkey.<domain>``."""
    sign: Callable[[bytes], bytes] = field(repr=False)
    """Headers in canonical form → signature."""


class BodyHash:
    """Hashes a frozen body whose markers are replaced by a token for every reader.

    Canonical form and the hash up to the first marker are computed once. What fills a place must
    hold no blanks and no line ends; tokens do not.
    """

    def __init__(self, body: bytes) -> None:
        """``body``: everything below the headers, with its markers."""
        cut = split_at_markers(relaxed_body(body))
        self._start = hashlib.sha256(cut.pieces[0])
        self._rest = replace(cut, pieces=(b"", *cut.pieces[1:])) if cut.breaks else None

    def digest(self, token: str, choices: str = "") -> bytes:
        """Return the hash of the body with tokens in place of its markers."""
        if self._rest is None:
            return self._start.digest()
        made = self._start.copy()
        made.update(self._rest.fill(token, choices))
        return made.digest()


class DkimSigner:
    """Signs messages with one key or several. One object serves all threads."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self._keys = tuple(keys)

    def sign_message(self, data: bytes) -> bytes:
        """Return a whole message with its signatures in front."""
        cut = data.index(b"\r\n\r\n") + 2
        return self.make_signatures(data[:cut], data[cut + 2 :]) + data

    def make_signatures(self, head: bytes, body: bytes) -> bytes:
        """Return the signature headers to put before ``head``, CRLF included. ``head``: all headers."""
        return self.make_signatures_for_hash(head, hashlib.sha256(relaxed_body(body)).digest())

    def make_signatures_for_hash(self, head: bytes, body_digest: bytes) -> bytes:
        """Return the signature headers for a body of which only the hash is given (`BodyHash.digest`)."""
        names, text = _covered(head)
        body_hash = base64.b64encode(body_digest)
        return b"".join(_signature(key, names, text, body_hash) for key in self._keys)


def relaxed_body(body: bytes) -> bytes:
    """Return a body in relaxed canonical form (RFC 6376 3.4.4)."""
    body = _BLANKS.sub(b" ", body + b"\r\n").replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return body + b"\r\n" if body else b""


def load_keys(
    found: Sequence[DkimKeySettings], root: Path, environment: Mapping[str, str]
) -> tuple[SigningKey, ...]:
    """Read the configured keys; files are relative to the site's folder. Raises `UsageError`."""
    return tuple(read_key(one, _pem(one, root, environment)) for one in found)


def read_key(settings: DkimKeySettings, pem: bytes) -> SigningKey:
    """Read a key from PEM (PKCS #8 or #1). Raises `UsageError` when it cannot be used."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unusable(settings, Sentence(N_("it is no private key in PEM without a password"))) from error
    if isinstance(private, RSAPrivateKey) and settings.algorithm == "rsa":
        if private.key_size < LEAST_BITS:
            raise _unusable(
                settings,
                Sentence(
                    N_("it has {bits} bits; receivers want {least}"),
                    bits=str(private.key_size),
                    least=str(LEAST_BITS),
                ),
            )
        return _rsa(settings, private)
    if isinstance(private, Ed25519PrivateKey) and settings.algorithm == "ed25519":
        return _ed25519(settings, private)
    raise _unusable(settings, Sentence(N_("it is no {algorithm} key"), algorithm=settings.algorithm))


def _rsa(settings: DkimKeySettings, private: RSAPrivateKey) -> SigningKey:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    padding, digest = PKCS1v15(), hashes.SHA256()
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(
        domain=settings.domain,
        selector=settings.selector,
        algorithm="rsa-sha256",
        record=f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}",
        sign=lambda text: private.sign(text, padding, digest),
    )


def _ed25519(settings: DkimKeySettings, private: Ed25519PrivateKey) -> SigningKey:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return SigningKey(
        domain=settings.domain,
        selector=settings.selector,
        algorithm="ed25519-sha256",
        record=f"v=DKIM1; k=ed25519; p={base64.b64encode(public).decode()}",
        # What Ed25519 signs is the hash of the text (RFC 8463 section 3).
        sign=lambda text: private.sign(hashlib.sha256(text).digest()),
    )


def _covered(head: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """Return the names for the ``h`` tag, and the headers it covers in canonical form."""
    present: dict[bytes, list[bytes]] = {}
    for one in _fields(head):
        name, text = _relaxed_field(one)
        if name in present:
            present[name].append(text)
        else:
            present[name] = [text]
    names: list[bytes] = []
    lines: list[bytes] = []
    for name in _SIGNED:
        found = present.get(name, ())
        lines += reversed(found)  # verifiers count from the bottom
        names += [name] * (len(found) + (name in _OVERSIGNED))
    return tuple(names), b"".join(lines)


def _fields(head: bytes) -> list[bytes]:
    """Split the headers, each with its continuation lines."""
    found: list[bytes] = []
    for line in head.split(b"\r\n"):
        if line[:1] in _BLANK and found:
            found[-1] += line
        elif line:
            found.append(line)
    return found


@lru_cache(maxsize=256)  # most headers are the same in all messages of a rendering
def _relaxed_field(text: bytes) -> tuple[bytes, bytes]:
    """Return name and canonical form of an unfolded header (RFC 6376 3.4.2)."""
    name, _, value = text.partition(b":")
    name = name.rstrip(b" \t").lower()
    return name, name + b":" + _BLANKS.sub(b" ", value).strip(b" ") + b"\r\n"


def _signature(key: SigningKey, names: tuple[bytes, ...], text: bytes, body_hash: bytes) -> bytes:
    fields = [*_tags(key.algorithm, key.domain, key.selector, names), b"bh=" + body_hash + b";", b"b="]
    # The header signs itself in canonical form, without its signature and its line end (3.7).
    made = base64.b64encode(key.sign(text + b"dkim-signature:" + b" ".join(fields)))
    fields[-1] += b"\r\n\t ".join(made[at : at + _WIDTH] for at in range(0, len(made), _WIDTH))
    return b"DKIM-Signature: " + b"\r\n\t".join(fields) + b"\r\n"


@lru_cache(maxsize=64)
def _tags(algorithm: str, domain: str, selector: str, names: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the tags that all signatures share, on lines of a good length; blanks around the colons of the
    ``h`` tag are allowed (3.5).
    """
    lines = [f"v=1; a={algorithm}; c=relaxed/relaxed;".encode(), f"d={domain}; s={selector};".encode(), b"h="]
    for number, name in enumerate(names, 1):
        part = name + (b":" if number < len(names) else b";")
        if len(lines[-1]) + len(part) > _WIDTH:
            lines.append(b"")
        lines[-1] += part
    return tuple(lines)


def _pem(settings: DkimKeySettings, root: Path, environment: Mapping[str, str]) -> bytes:
    if settings.key_file:
        try:
            return read_file(root / settings.key_file)
        except OSError as error:
            raise _unusable(
                settings,
                Sentence(N_("cannot read {path}: {reason}"), path=settings.key_file, reason=reason_of(error)),
            ) from error
    text = environment.get(settings.key_env, "")
    if not text:
        raise _unusable(
            settings,
            Sentence(N_("the environment variable {variable} is not set"), variable=settings.key_env),
        )
    return text.replace("\\n", "\n").encode()


def _unusable(settings: DkimKeySettings, why: Sentence) -> UsageError:
    return UsageError(
        N_("the DKIM key {selector} of {domain} cannot be used: {why}"),
        selector=settings.selector,
        domain=settings.domain,
        why=why,
    )
