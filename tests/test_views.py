"""Views as keys: what a view says of itself tells every change."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from newsfeed.views import Anchor, Card, Fallback, Picture, Shared

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
ADA = Anchor("/en/authors/ada/", "Ada")
CARD = Card("wells", "/en/wells/", "Wells", "Deep.", MOMENT, None, Shared((ADA,)), Shared(), None, None)
OTHER = {
    "id": "x",
    "href": "x",
    "title": "x",
    "summary": "x",
    "published": MOMENT.replace(year=2025),
    "updated": MOMENT,
    "authors": Shared((replace(ADA, lang="de"),)),
    "topics": Shared((ADA,)),
    "picture": Picture("x", ""),
    "fallback": Fallback("de", "ltr", "German"),
}


def test_a_view_says_all_of_itself() -> None:
    """With what is inside it."""
    assert repr(ADA) == "Anchor('/en/authors/ada/', 'Ada', '')"


@pytest.mark.parametrize("name", [one.name for one in fields(Card)])
def test_a_card_is_named_by_all_it_shows(name: str) -> None:
    """No value of it may change without changing the keys of the lists it stands in."""
    changed = replace(CARD, **{name: OTHER[name]})
    assert repr(changed) != repr(CARD) == repr(replace(CARD))
    assert changed != CARD == replace(CARD)
    assert hash(CARD) == hash(replace(CARD))


def test_a_shared_tuple_is_a_tuple() -> None:
    """Equal to one, said and found as one, the first time and later."""
    shared, plain = Shared((ADA, "x")), (ADA, "x")
    for _ in range(2):
        assert shared == plain
        assert repr(shared) == repr(plain)
        assert hash(shared) == hash(plain)
    assert {shared: 1}[plain] == 1
