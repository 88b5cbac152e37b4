"""`newsfeed.core.people.tokens`: who may do what, for what, until when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.people import tokens

SECRET = b"0123456789abcdef"
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
GIVEN = {"purpose": "leave", "digest": "staff", "id": 7, "holder": "key"}


def _good(token, secret=SECRET, now=NOW, **other):
    claims = tokens.read_token(token)
    wanted = {"purpose": "leave", "digest": "staff", "holder": "key", **other}
    return claims is not None and tokens.check_token(secret, claims, **wanted, now=now)


def test_a_token_is_good_for_what_it_was_made_for():
    """And short enough for a header that must not be folded."""
    token = tokens.make_token(SECRET, **GIVEN)
    assert len(token) == 22
    assert tokens.read_token(token).id == 7
    assert _good(token)
    assert _good(token, now=NOW + timedelta(days=36500))


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": "confirm"},
        {"purpose": "one-click"},
        {"digest": "other"},
        {"digest": ""},
        {"holder": "kex"},
        {"secret": b"another secret!!"},
    ],
)
def test_it_is_good_for_nothing_else(other):
    """Not for another purpose, list, person or site."""
    assert not _good(tokens.make_token(SECRET, **GIVEN), **other)
    assert not _good(tokens.make_mail_token(SECRET, **GIVEN), **other)


def test_the_parts_of_the_mac_cannot_be_moved_into_each_other():
    """``staff`` + ``1`` is not ``staff1`` + nothing."""
    token = tokens.make_token(SECRET, purpose="leave", digest="staff1", id=7, holder="key")
    assert not _good(token, digest="staff", holder="1key")


@pytest.mark.parametrize("form", [tokens.make_token, tokens.make_mail_token])
def test_no_altered_or_truncated_token_is_good(form):
    """Any one character, anywhere; any length."""
    token = form(SECRET, **GIVEN)
    for place, char in enumerate(token):
        for other in set("abcdefghijklmnopqrstuvwxyz234567ABQgw-_=") - {char, char.upper(), char.lower()}:
            assert not _good(token[:place] + other + token[place + 1 :])
        assert not _good(token[:place])
    assert not _good(token + "A")
    assert not _good(token + "=")


def test_it_is_good_until_its_day_ends():
    """UTC days: never shorter than promised."""
    token = tokens.make_token(SECRET, **GIVEN, expires=tokens.compute_expiry(NOW, 7))
    assert _good(token, now=datetime(2026, 1, 12, 23, 59, 59, tzinfo=UTC))
    assert not _good(token, now=datetime(2026, 1, 13, tzinfo=UTC))


def test_an_expiry_before_the_first_day_is_not_for_ever():
    """Day 0 means for ever and must not come about by accident."""
    token = tokens.make_token(SECRET, **GIVEN, expires=datetime(1999, 1, 1, tzinfo=UTC))
    assert tokens.read_token(token).day == 1
    assert not _good(token)


def test_the_form_for_mail_survives_a_relay_that_changes_the_case():
    """Local parts lose their case on the way."""
    token = tokens.make_mail_token(SECRET, **GIVEN)
    assert len(token) == 26
    assert token == token.lower()
    for changed in (token, token.upper(), token.title()):
        assert _good(changed)


def test_a_purpose_must_be_known():
    """A typing error in the program must not make tokens good for nothing."""
    with pytest.raises(ValueError, match="purpose"):
        tokens.make_token(SECRET, purpose="stop", digest="d", id=1, holder="k")


@given(st.integers(0, 2**40 - 1), st.text(), st.text(), st.sampled_from(tokens.PURPOSES))
def test_every_number_and_name_comes_back(number, digest, holder, purpose):
    """Both forms."""
    for form in (tokens.make_token, tokens.make_mail_token):
        token = form(SECRET, purpose=purpose, digest=digest, id=number, holder=holder)
        assert tokens.read_token(token).id == number
        assert _good(token, purpose=purpose, digest=digest, holder=holder)


@given(st.one_of(st.text(), st.text(st.characters(max_codepoint=127), min_size=22, max_size=26)))
def test_no_string_breaks_the_reader(text):
    """Tokens come from strangers."""
    assert not _good(text)


def test_hashes_of_addresses_know_no_case_and_no_other_site():
    """Suppression must hold however the address is written, and must mean nothing elsewhere."""
    assert tokens.hash_address(SECRET, "A@b.example") == tokens.hash_address(SECRET, "a@B.example")
    assert tokens.hash_address(SECRET, "a@b.example") != tokens.hash_address(b"x" * 16, "a@b.example")
    assert "key" not in tokens.make_log_id(SECRET, "key")


def test_a_probe_belongs_to_nobody_and_ends_tomorrow():
    """No token of a reader is one, nor one that is for ever."""
    probe = tokens.make_probe_token(SECRET, NOW)
    assert tokens.is_probe_token(SECRET, probe, NOW)
    assert tokens.is_probe_token(SECRET, probe, NOW + timedelta(days=1))
    assert not tokens.is_probe_token(SECRET, probe, NOW + timedelta(days=2))
    assert not tokens.is_probe_token(b"another secret!!", probe, NOW)
    for ever in (tokens.make_token(SECRET, **GIVEN), "x", "", probe[:-1]):
        assert not tokens.is_probe_token(SECRET, ever, NOW)
    eternal = tokens.make_token(SECRET, purpose="doctor", digest="", id=0, holder="doctor")
    assert not tokens.is_probe_token(SECRET, eternal, NOW)
    assert all(not _good(probe, purpose=purpose) for purpose in tokens.PURPOSES)
