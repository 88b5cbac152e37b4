"""Views as keys of what is made once."""

import importlib
import pkgutil
from datetime import UTC, datetime

import pytest

from newsfeed import views
from newsfeed.views import Anchor, Fallback, Picture, SharedTuple, StoryCard

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
ADA = Anchor("/en/authors/ada/", "Ada")
CARD = StoryCard(
    "wells", "/en/wells/", "Wells", "Deep.", MOMENT, None, SharedTuple((ADA,)), SharedTuple(), None, None
)
OTHER = {
    "id": "x",
    "href": "x",
    "title": "x",
    "summary": "x",
    "published": MOMENT.replace(year=2025),
    "updated": MOMENT,
    "authors": SharedTuple((ADA._replace(lang="de"),)),
    "topics": SharedTuple((ADA,)),
    "picture": Picture("x", ""),
    "fallback": Fallback("de", "ltr", "German"),
}


@pytest.mark.parametrize("name", StoryCard._fields)
def test_cards_are_equal_when_they_show_the_same(name: str) -> None:
    """Any other value makes another card; both are found by their address."""
    changed, same = CARD._replace(**{name: OTHER[name]}), CARD._replace()
    assert changed != CARD == same
    assert hash(CARD) == hash(same)
    assert (hash(changed) == hash(CARD)) == (name != "href")


def test_a_shared_tuple_is_a_tuple() -> None:
    """Equal to one, and found as one, the first time and later."""
    shared, plain = SharedTuple((ADA, "x")), (ADA, "x")
    for _ in range(2):
        assert shared == plain
        assert hash(shared) == hash(plain)
    assert {shared: 1}[plain] == 1


def test_every_view_is_imported_from_one_place() -> None:
    """Whoever adds a view to one of the room's modules names it in the room's list."""
    defined = {
        name
        for module in pkgutil.iter_modules(views.__path__, f"{views.__name__}.")
        for name, value in vars(importlib.import_module(module.name)).items()
        if isinstance(value, type) and value.__module__ == module.name
    }
    assert set(views.__all__) == defined | {"PageView", "ServiceView"}
