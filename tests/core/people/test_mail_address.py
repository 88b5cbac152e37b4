"""`newsfeed.core.people.mail_address`: which addresses can be written to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.people.mail_address import fold_address, mailbox_of, needs_smtputf8, normalise_address


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("anna@test.example", "anna@test.example"),
        ("  anna@test.example\n", "anna@test.example"),
        ("Anna.B+news@TEST.Example", "Anna.B+news@test.example"),
        ("o'hara@test.example", "o'hara@test.example"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("anna@test.example.", "anna@test.example"),
        ("jörg@test.example", "jörg@test.example"),
        ("jo\u0308rg@test.example", "jörg@test.example"),
        ("用户@test.example", "用户@test.example"),
        ("a" * 64 + "@test.example", "a" * 64 + "@test.example"),
    ],
)
def test_addresses_that_can_be_written_to_have_one_form(text, normal):
    """The domain is ASCII and lower case; the local part belongs to its server."""
    assert normalise_address(text) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "anna",
        "anna@",
        "@test.example",
        "anna@test",
        "anna@test..example",
        "anna@-test.example",
        "anna@192.0.2.1",
        "anna@[192.0.2.1]",
        ".anna@test.example",
        "anna.@test.example",
        "an..na@test.example",
        "an na@test.example",
        '"an na"@test.example',
        "an@na@test.example",
        "anna@test.example, bert@test.example",
        "Anna <anna@test.example>",
        "anna@test.example\r\nBcc: bert@test.example",
        "an\r\nna@test.example",
        "an\x00na@test.example",
        "an\u200bna@test.example",
        "an\u202ena@test.example",
        "an\u00a0na@test.example",
        "a" * 65 + "@test.example",
        "ü" * 33 + "@test.example",
        "anna@t" + "\u00ad" * 250 + "est.example",
        "anna@" + "a" * 64 + ".example",
        "anna@" + ".".join(["a" * 60] * 5) + ".example",
        "anna@te_st.example",
    ],
)
def test_others_are_refused(text):
    """Whatever hides what it is, or belongs to no mailbox."""
    assert normalise_address(text) is None


def test_a_local_part_beyond_ascii_is_marked():
    """It needs a relay with SMTPUTF8."""
    assert needs_smtputf8("jörg@test.example")
    assert not needs_smtputf8("anna@xn--bcher-kva.example")


@given(st.one_of(st.text(), st.builds("{}@{}".format, st.text(), st.text()), st.emails()))
def test_a_normal_form_is_safe_and_its_own_normal_form(text):
    """No string raises; what comes out cannot start a header or a second address."""
    normal = normalise_address(text)
    if normal is not None:
        assert normalise_address(normal) == normal
        assert not set(normal) & set('\r\n\0 ,;:<>"()[]\\')
        assert normal.count("@") == 1
        assert len(normal.encode()) <= 254


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anna@b.example", "anna@b.example", True),
        ("JÖRG@b.example", "jo\u0308rg@b.example", True),
        ("straße@b.example", "strasse@b.example", False),
        ("σίσυφος@b.example", "σίσυφοσ@b.example", False),
        ("ﬁona@b.example", "fiona@b.example", False),
        ("ŉ@b.example", "ʼn@b.example", False),
    ],
)
def test_addresses_are_compared_without_capitals_and_letter_by_letter(one, other, same):
    """No letter becomes another one, or two (IDNA 2008)."""
    assert (fold_address(one) == fold_address(other)) is same


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Anna+News@test.example", "anna@test.example"),
        ("anna+a+b@test.example", "anna@test.example"),
        ("anna@test.example", "anna@test.example"),
        ("+a@test.example", "+a@test.example"),
        ("An.Na.B@test.example", "annab@test.example"),
    ],
)
def test_further_names_of_a_mailbox_lead_to_it(address: str, mailbox: str) -> None:
    """What follows a plus is the holder's own choice, and dots are no letters."""
    assert mailbox_of(address) == mailbox
