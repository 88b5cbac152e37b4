"""Mails taken apart: as servers write them, and as nobody should."""

import base64
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.bounces.mime import (
    DEPTH,
    PARTS,
    SIZE_LIMIT,
    decode_header_value,
    parse_mail,
    read_field_groups,
    read_header_fields,
)
from newsfeed.core.delivery.verp import find_tokens, is_bounce_address, make_return_path
from newsfeed.core.people.hosts import is_domain, is_host, is_this_machine

TOKEN = "abcdefghijklmnopqrstuvwxyz"


def multipart(*parts: str, boundary: str = "b", kind: str = "mixed") -> str:
    """A multipart with its header."""
    inside = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return (
        f"Content-Type: multipart/{kind}; boundary={boundary}\n\npreamble\n{inside}--{boundary}--\nepilogue\n"
    )


def texts(data: str | bytes) -> list[str]:
    """The parts' characters."""
    return [part.text for part in parse_mail(data.encode() if isinstance(data, str) else data).parts]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(line_end: str) -> None:
    """Of files, of the wire, of nobody."""
    data = multipart("Subject: x\n\none", "\ntwo").replace("\n", line_end)
    assert texts(data) == ["one", "two"]


def test_fields_are_unfolded_and_keep_their_order() -> None:
    """Names without case; lines that are no field are passed over, also a fold at the start."""
    found = read_header_fields(b" fold of nothing\nTo: a,\n\t b\nno field\nTO : c\nx-empty:\n\nbody: no\n")
    assert found.pairs == (("to", "a, b"), ("to", "c"), ("x-empty", ""))
    assert found.all("to") == ["a, b", "c"]
    assert "x-empty" in found
    assert found.get("body") == ""


def test_the_separator_of_mbox_files_is_no_header() -> None:
    """Some mail systems hand it to programs."""
    assert parse_mail(b"From bounces Mon Feb  8 2010\nSubject: x\n\nbody").fields.get("subject") == "x"


def test_multiparts_in_multiparts_become_their_leaves() -> None:
    """In order; a boundary that begins like another one is another one."""
    inner = multipart("\ntwo", "\nthree", boundary="bb")
    assert texts(multipart("\none", inner, "\nfour")) == ["one", "two", "three", "four"]


def test_a_quoted_boundary_may_hold_anything() -> None:
    """Postfix uses slashes, others blanks and colons."""
    data = 'Content-Type: multipart/report;\n\tboundary="a b/c:\\"=?"\n\n--a b/c:"=?\n\none\n--a b/c:"=?--\n'
    assert texts(data) == ["one"]


def test_a_multipart_cut_off_keeps_what_arrived() -> None:
    """The last part ends where the bytes do."""
    assert texts("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntw") == ["one", "tw"]


@pytest.mark.parametrize(
    "head", ["multipart/mixed", "multipart/mixed; boundary=x", 'multipart/mixed; boundary=""']
)
def test_a_multipart_that_cannot_be_taken_apart_is_one_text(head: str) -> None:
    """So that a token in it is still found in the headers."""
    (part,) = parse_mail(f"Content-Type: {head}\n\n--b\n\none\n--b--\n".encode()).parts
    assert "one" in part.text


def test_attached_mails_are_not_opened() -> None:
    """What they say, they say about themselves."""
    data = multipart("Content-Type: message/rfc822\n\n" + multipart("\ninside", boundary="i"))
    (part,) = parse_mail(data.encode()).parts
    assert part.type == "message/rfc822"


@pytest.mark.parametrize("kind", ["", "text", "text/", "/plain", "a b/c", "ü/ü", ";", "text/plain\x00"])
def test_a_type_of_no_sense_is_plain_text(kind: str) -> None:
    """RFC 2045 5.2."""
    assert parse_mail(f"Content-Type: {kind}\n\nx".encode()).type == "text/plain"


@pytest.mark.parametrize("length", range(8))
def test_base64_cut_off_anywhere_gives_what_can_be_told(length: int) -> None:
    """Without an error; letters that are none are passed over."""
    data = base64.b64encode(b"some bytes")[:length] + b"*\n"
    (part,) = parse_mail(b"Content-Transfer-Encoding: BASE64\n\n" + data).parts
    assert b"some bytes".startswith(part.data)
    assert len(part.data) == length * 6 // 8


def test_quoted_printable_is_decoded() -> None:
    """Soft line breaks may stand in the middle of a token."""
    (part,) = parse_mail(b"Content-Transfer-Encoding: quoted-printable\n\nabc=\ndef=3D=C3=A9=\xff").parts
    assert part.text.startswith("abcdef=é")


def test_the_bounds_hold() -> None:
    """Size, parts, depth."""
    assert sum(len(part.data) for part in parse_mail(b"\n" + b"x" * 3 * SIZE_LIMIT).parts) < SIZE_LIMIT
    assert len(texts(multipart(*["\nx"] * 3 * PARTS))) == PARTS
    nested = "\nheart"
    for depth in range(2 * DEPTH):
        nested = multipart(nested, boundary=f"n{depth}")
    (part,) = parse_mail(nested.encode()).parts
    assert part.type == "multipart/mixed"
    assert len(read_field_groups(b"a: b\n\n" * 1_000, most=7)) == 7


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?R=C3=A9ponse?= x", "Réponse x"),
        ("=?ISO-8859-1?Q?R=E9ponse?=", "Réponse"),
        ("=?punycode?q?abc?=", "abc"),
        ("=?zip?q?abc?=", "abc"),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
        ("=?utf-8?b?/w==?=", "�"),
    ],
)
def test_encoded_words_are_decoded_or_left(value: str, shown: str) -> None:
    """A stranger chooses none of Python's stranger codecs."""
    assert decode_header_value(value) == shown


@settings(deadline=None)
@given(bodies=st.lists(st.text(min_size=1, max_size=200).filter(str.strip), min_size=1, max_size=5))
def test_what_the_standard_library_writes_reads_back(bodies: list[str]) -> None:
    """Any text, in whatever encoding the library chooses for it."""
    message = EmailMessage()
    message["Subject"] = "x"
    for number, body in enumerate(bodies):
        clean = "".join(char for char in body if char.isprintable()) or "x"
        bodies[number] = clean
        message.add_attachment(clean)
    assert [text.removesuffix("\n") for text in texts(message.as_bytes())] == bodies


# -- return paths and hosts ----------------------------------------------------------------------


def test_tokens_are_found_in_the_company_of_relays() -> None:
    """Behind BATV and SRS, in any case, each once, and not without end."""
    assert find_tokens([TOKEN, f"b+{TOKEN[1:]}@x", f"b+1{TOKEN[1:]}@x"]) == ()  # bare, short, no base32
    token = "abcdefghijklmnopqrstuvwx23"
    written = [
        f"<prvs=0123456789=bounces+{token}@example.org>",
        f"SRS0=Hx7k=QY=example.org=bounces+{token.upper()}@forward.example.test",
    ]
    assert find_tokens(written) == (token,)
    many = " ".join(f"b+{'a' * 25}{letter}@x" for letter in "abcdefgh")
    assert len(find_tokens([many], most=3)) == 3


@given(local=st.from_regex(r"[a-z][a-z0-9.]{0,36}", fullmatch=True))
def test_every_bounce_address_gives_its_token_back(local: str) -> None:
    """And stays within 64 octets before the @."""
    address = f"{local}@example.org"
    assert is_bounce_address(address)
    path = make_return_path(address, "abcdefghijklmnopqrstuvwx23")
    assert find_tokens([path]) == ("abcdefghijklmnopqrstuvwx23",)
    assert len(path.partition("@")[0]) <= 64


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("mail.example.org", (True, True, False)),
        ("localhost", (True, True, True)),
        ("127.0.0.1", (True, True, True)),
        ("::1", (False, True, True)),
        ("192.0.2.1", (True, True, False)),
        ("no host", (False, False, False)),
        ("-a.example", (False, False, False)),
        ("a" * 64 + ".example", (False, False, False)),
        ("", (False, False, False)),
    ],
)
def test_hosts_are_names_or_addresses(host: str, found: tuple[bool, bool, bool]) -> None:
    """A domain, a host, this machine."""
    assert (is_domain(host), is_host(host), is_this_machine(host)) == found
