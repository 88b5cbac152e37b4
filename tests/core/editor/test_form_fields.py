"""The form asks for what a head may hold, and offers only what the site has."""

import pytest

from newsfeed.core.content.facts import FACT_READERS
from newsfeed.core.content.parse import keys_of
from newsfeed.core.editor.form_fields import (
    BODY,
    NOT_ASKED,
    OTHER_AUTHORS,
    Choices,
    describe_keys,
    list_fields,
)
from tests.core.editor.forms import CHOICES, words


@pytest.mark.parametrize("kind", FACT_READERS)
def test_each_key_is_asked_for_or_known_to_stay_as_it_is(kind: str) -> None:
    """A new key of the front matter has to be thought of here."""
    asked = {one["name"] for one in list_fields(kind, words())}
    assert asked - {BODY, OTHER_AUTHORS} == set(keys_of(kind)) - set(NOT_ASKED)


@pytest.mark.parametrize("kind", FACT_READERS)
def test_facts_are_asked_for_once_and_texts_in_each_language(kind: str) -> None:
    """As files have them."""
    shared = {one["name"] for one in list_fields(kind, words()) if not one["i18n"]}
    assert shared - {OTHER_AUTHORS} == {*FACT_READERS[kind], "id"}


def test_a_choice_without_words_is_not_offered() -> None:
    """A name can be written all the same."""
    bare = Choices(languages=CHOICES.languages, countries=CHOICES.countries)
    asked = {one["name"] for one in list_fields("news", words(bare))}
    assert asked.isdisjoint({"topics", "projects", "programmes", "authors"})
    assert {"countries", OTHER_AUTHORS} <= asked


def test_title_and_text_are_needed_and_a_story_has_a_date() -> None:
    """So a half-filled translation is refused."""
    needed = {one["name"] for one in list_fields("news", words()) if one.get("required")}
    assert needed == {"title", BODY, "date"}


def test_limits_are_those_of_the_configuration() -> None:
    """And the zone is the site's."""
    fields = {one["name"]: one for one in list_fields("news", words())}
    assert (fields["title"]["maxlength"], fields["summary"]["maxlength"]) == (200, 600)
    assert fields["date"]["input_timezone"] == "Europe/Berlin"


def test_every_key_has_a_place() -> None:
    """By which new keys find theirs among old ones."""
    told = describe_keys(CHOICES, "Europe/Berlin")
    assert {key for kind in FACT_READERS for key in keys_of(kind)} == set(told["order"])
    assert told["known_authors"] == ["Ada Example"]
