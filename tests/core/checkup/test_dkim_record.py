"""Public keys in DNS against those that sign (RFC 6376, 8463)."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.checkup.asking import run_asking
from newsfeed.core.checkup.dkim_record import (
    KeyState,
    PublicKey,
    compare_key,
    find_published_key,
    split_strings,
    write_zone_lines,
)
from newsfeed.service_ports import DnsStatus
from tests.core.checkup.names import answering

RSA = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqbWvHwSChBi7Y9vrb3XedUulQ/DkgRBMB10GVAHlady94AeW66u6xAb6M/G3"
    "7nXkb1nC8kXvHqynLMbI7ZuDTsqlTWX/vuJte+U23tPvvNy+l4lrPC4dB30CaYoi6f+2SNFh3+UheQex9K8iK3AfvAH/yigSZVDthLaJ"
    "HiuczssYgwtV79sPWzh+J2QHVuVQ3LYv6eHWt+YQuZaUrBEeVwxgi9tc392ROFIDLFQ1amhMUaSzNtGoDkM8gLZRuhOdbzTKm+bJfrPa"
    "yQzy28e6TrPb9I53C3yGijNyNUe02CpCrxZnCqXFoflncfEF0MF6kcNE0bMYDM0Z/MwEgYt2VQIDAQAB"
)
KEY = PublicKey("example.org", "news", f"v=DKIM1; k=rsa; p={RSA}")
SMALL = PublicKey(
    "example.org", "news-ed", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (f"v=DKIM1; k=rsa; p={RSA}", KeyState.SAME),
        (f"p={RSA}", KeyState.SAME),
        (f"v=DKIM1;p={RSA[:100]} {RSA[100:]};", KeyState.SAME),
        (f"v=DKIM1; k=rsa; p={RSA[:100]}{RSA[104:]}", KeyState.OTHER),
        (f"v=DKIM1; k=ed25519; p={RSA}", KeyState.OTHER),
        ("v=DKIM1; k=rsa; p=", KeyState.REVOKED),
        ("v=DKIM1; k=rsa", KeyState.MALFORMED),
        (f"v=DKIM2; p={RSA}", KeyState.MALFORMED),
        (f"k=rsa; v=DKIM1; p={RSA}", KeyState.MALFORMED),
        (f"v=DKIM1; p={RSA}; p={RSA}", KeyState.MALFORMED),
        ("v=DKIM1; p=…", KeyState.MALFORMED),
        ("google-site-verification=x", KeyState.MALFORMED),
        ("", KeyState.MALFORMED),
    ],
)
def test_a_record_is_compared_with_the_key_that_signs(text: str, state: KeyState) -> None:
    """Byte by byte, whatever blanks stand in it."""
    assert compare_key(text, KEY).state is state


def test_a_bare_rsa_key_is_the_key_as_well() -> None:
    """RFC 6376 3.6.1 lets it stand without the words around it."""
    loaded = load_der_public_key(base64.b64decode(RSA))
    assert isinstance(loaded, RSAPublicKey)
    bare = base64.b64encode(loaded.public_bytes(Encoding.DER, PublicFormat.PKCS1)).decode()
    assert compare_key(f"v=DKIM1; p={bare}", KEY).state is KeyState.SAME


def test_a_record_can_forbid_what_it_is_for() -> None:
    """By a hash that we do not make, by a service that is not mail; `t=y` makes it a mere trial."""
    texts = [
        f"{KEY.record}; h=sha1",
        f"{KEY.record}; s=tlsrpt",
        f"{KEY.record}; s=email; h=sha1:sha256; t=y:s",
    ]
    found = [compare_key(text, KEY) for text in texts]
    assert [one.forbids for one in found] == ["h", "s", ""]
    assert [one.is_testing for one in found] == [False, False, True]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        (DnsStatus.FAILED, KeyState.UNKNOWN),
        (DnsStatus.SILENT, KeyState.UNKNOWN),
        (DnsStatus.ABSENT, KeyState.MISSING),
        (DnsStatus.EMPTY, KeyState.MISSING),
        ((SMALL.record,), KeyState.SAME),
        ((SMALL.record, KEY.record), KeyState.SEVERAL),
        ((SMALL.record, "hello"), KeyState.MALFORMED),
    ],
)
def test_a_key_is_asked_for_where_receivers_do(values: tuple[str, ...] | DnsStatus, state: KeyState) -> None:
    """Several texts at one name leave it to chance which one is taken."""
    zone = {("news-ed._domainkey.example.org", "TXT"): values}
    assert run_asking(find_published_key(SMALL), answering(zone)).state is state


def test_a_long_record_is_written_in_pieces() -> None:
    """A string of DNS holds 255 octets (RFC 1035 3.3.14); the pieces make up the text."""
    lines = write_zone_lines(KEY)
    assert lines[0] == "news._domainkey.example.org. IN TXT ("
    assert "".join(line.strip().strip('"') for line in lines[1:-1]) == KEY.record
    assert write_zone_lines(SMALL) == (f'news-ed._domainkey.example.org. IN TXT "{SMALL.record}"',)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=2_000))
def test_pieces_are_short_and_nothing_is_lost(text: str) -> None:
    """Whatever the text is."""
    assert "".join(split_strings(text)) == text
    assert all(0 < len(piece) <= 255 for piece in split_strings(text))


@given(st.text(max_size=300))
def test_no_record_of_a_stranger_is_taken_for_the_key(text: str) -> None:
    """Nor does any break the reader."""
    assert compare_key(text, SMALL).state in (KeyState.MALFORMED, KeyState.OTHER, KeyState.REVOKED)
