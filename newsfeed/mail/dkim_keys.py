"""Make keys that sign mail, one of each kind: RSA, which every receiver knows, and Ed25519 (RFC 8463)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.mail.dkim import LEAST_BITS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

ALGORITHMS = ("rsa", "ed25519")
_EXPONENT = 65_537


def make_private_key(algorithm: str) -> bytes:
    """Return a new private key in PEM (PKCS #8), without a password."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    made = _make_rsa() if algorithm == "rsa" else _make_ed25519()
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _make_rsa() -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    return generate_private_key(_EXPONENT, LEAST_BITS)


def _make_ed25519() -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate()
