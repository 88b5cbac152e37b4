"""The fields of the form: what a person is asked for each key of the front matter, in their own language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from newsfeed.core.content.facts import FACT_READERS
from newsfeed.core.content.head_format import place_of_key
from newsfeed.core.content.parse import NEWS_TEXT_KEYS, TEXT_KEYS, keys_of
from newsfeed.core.content.slugs import SLUG
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FormField = dict[str, Any]
BODY, OTHER_AUTHORS = "body", "other_authors"
"""Fields that are no key: the text below the head, and authors whom the form has no choice for."""
NOT_ASKED = ("guid", "source")
"""Keys that stay as they are: other programs write them."""
NEW_ID = "{{uuid}}"
"""The id of a text that is new; format.js makes one of its title."""
_MOST_BOXES = 6
"""Choices that are shown as boxes to tick; more are searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The words that a form offers: key → name in the language of the form."""

    languages: Mapping[str, str]
    topics: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    donors: Mapping[str, str] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, str] = field(default_factory=dict)
    programmes: Mapping[str, str] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    """Names of people and desks that the site has texts of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWords:
    """The words of a form in one language, and what else its fields depend on."""

    say: Callable[[str], str]
    """Returns a marked sentence in the language of the form."""
    choices: Choices
    zone: str
    """IANA name of the site's zone."""
    title_length: int
    summary_length: int


class _Question(NamedTuple):
    """A key as a person is asked for it."""

    label: str
    make: Callable[[FormWords], FormField]
    hint: str = ""


def _line(words: FormWords) -> FormField:
    return {"widget": "string"}


def _moment(words: FormWords) -> FormField:
    return {"widget": "datetime", "format": "YYYY-MM-DD HH:mm", "input_timezone": words.zone}


def _pick(name: str, *, several: bool = True) -> Callable[[FormWords], FormField]:
    """Make a field with the choices of this name."""

    def make(words: FormWords) -> FormField:
        known: Mapping[str, str] = getattr(words.choices, name)
        options = [{"label": label, "value": key} for key, label in known.items()]
        return {
            "widget": "select",
            "multiple": several,
            "options": options,
            "dropdown_threshold": _MOST_BOXES,
        }

    return make


def _pick_authors(words: FormWords) -> FormField:
    options = [{"label": name, "value": name} for name in words.choices.authors]
    return {"widget": "select", "multiple": True, "options": options, "dropdown_threshold": _MOST_BOXES}


def _picture(words: FormWords) -> FormField:
    return {"widget": "image", "choose_url": False}


def _title(words: FormWords) -> FormField:
    return {"widget": "string", "required": True, "maxlength": words.title_length}


def _summary(words: FormWords) -> FormField:
    return {"widget": "text", "maxlength": words.summary_length}


def _slug(words: FormWords) -> FormField:
    wrong = words.say(N_("Only small letters, digits and hyphens."))
    return {"widget": "string", "pattern": [f"^(?:{SLUG.pattern})?$", wrong]}


def _period(words: FormWords) -> FormField:
    wrong = words.say(N_("Write a month or a day: 2010-02 or 2010-02-04."))
    return {"widget": "string", "pattern": [r"^(?:\d{4}-\d\d(?:-\d\d)?)?$", wrong]}


def _focus(words: FormWords) -> FormField:
    names = {
        "left": N_("the left"),
        "right": N_("the right"),
        "top": N_("the top"),
        "bottom": N_("the bottom"),
        "left top": N_("the left at the top"),
        "left bottom": N_("the left at the bottom"),
        "right top": N_("the right at the top"),
        "right bottom": N_("the right at the bottom"),
    }
    options = [{"label": words.say(label), "value": value} for value, label in names.items()]
    return {"widget": "select", "options": options}


def _list(words: FormWords) -> FormField:
    return {"widget": "list"}


def _files(words: FormWords) -> FormField:
    file = {"name": "file", "label": words.say(N_("File")), "widget": "file", "choose_url": False}
    title = {"name": "title", "label": words.say(N_("Title")), "widget": "string", "required": False}
    return {"widget": "list", "fields": [file, title]}


def _other_authors(words: FormWords) -> FormField:
    name = {"name": "name", "label": words.say(N_("Name")), "widget": "string"}
    role = {"name": "role", "label": words.say(N_("Role")), "widget": "string", "required": False}
    return {"widget": "list", "fields": [name, role]}


def _order(words: FormWords) -> FormField:
    return {"widget": "number", "value_type": "int", "min": 1, "max": 999}


_QUESTIONS: Mapping[str, _Question] = {
    "title": _Question(N_("Title"), _title),
    "summary": _Question(
        N_("Summary"),
        _summary,
        N_("One or two sentences for lists, feeds and mails; else the first words serve."),
    ),
    BODY: _Question(N_("Text"), lambda words: {"widget": "markdown", "required": True}),
    "image": _Question(N_("Picture"), _picture),
    "image_alt": _Question(
        N_("What the picture shows"), _line, N_("For those who cannot see it; needed in every language.")
    ),
    "image_caption": _Question(N_("Words below the picture"), _line),
    "image_credit": _Question(N_("Who made the picture, and its licence"), _line),
    "image_focus": _Question(N_("What stays where lists crop the picture"), _focus),
    "date": _Question(
        N_("Date"),
        lambda words: {**_moment(words), "required": True, "default": "{{now}}"},
        N_("When it appears. What is still to come waits; 08:00 stands for the day."),
    ),
    "draft": _Question(
        N_("Draft"), lambda words: {"widget": "boolean", "default": False}, N_("A draft is not published.")
    ),
    "authors": _Question(N_("Authors"), _pick_authors),
    OTHER_AUTHORS: _Question(
        N_("Other authors"), _other_authors, N_("Write a name the same way everywhere: each has a page.")
    ),
    "topics": _Question(N_("Topics"), _pick("topics")),
    "countries": _Question(N_("Countries"), _pick("countries")),
    "projects": _Question(N_("Projects"), _pick("projects")),
    "programmes": _Question(N_("Programmes"), _pick("programmes")),
    "programme": _Question(N_("Programme"), _pick("programmes", several=False)),
    "donors": _Question(N_("Donors"), _pick("donors")),
    "partners": _Question(N_("Partners"), _pick("partners")),
    "start": _Question(N_("Start"), _period),
    "end": _Question(N_("End"), _period),
    "city": _Question(N_("City"), _line),
    "organisation": _Question(N_("Organisation"), _line),
    "enclosures": _Question(N_("Files to download"), _files),
    "video": _Question(N_("Web address of a film"), lambda words: {"widget": "string", "type": "url"}),
    "updated": _Question(N_("Last significant change"), _moment, N_("Not for typing errors.")),
    "expires": _Question(N_("Left out from"), _moment),
    "withdrawn": _Question(
        N_("Withdrawn on"), _moment, N_("Its page says so and nothing else; it is in no list and no mail.")
    ),
    "order": _Question(N_("Place among the stories of the same moment"), _order),
    "translators": _Question(N_("Translators"), _list, N_("Only in a translation.")),
    "slug": _Question(
        N_("Its part of the web address"), _slug, N_("Where the page was before then needs an old address.")
    ),
    "aliases": _Question(N_("Old addresses"), _list, N_("Paths of this site, such as /en/news/2009/sun/")),
}
"""Key → what is asked, in the order of the form."""


def list_fields(kind: str, words: FormWords) -> list[FormField]:
    """Return the fields of a kind of content. Those of facts are filled in in the original's language only,
    and a choice that the site has no words for is not offered.
    """
    known = keys_of(kind)
    asked = [
        key for key in _QUESTIONS if key in (*known, BODY) or (key == OTHER_AUTHORS and "authors" in known)
    ]
    fields = [_field(key, words) for key in asked]
    hidden = {"name": "id", "label": "id", "widget": "hidden", "default": NEW_ID, "i18n": False}
    return [hidden, *(one for one in fields if one.get("options", True))]


def _field(key: str, words: FormWords) -> FormField:
    question = _QUESTIONS[key]
    made: FormField = {
        "name": key,
        "label": words.say(question.label),
        "required": False,
        **question.make(words),
    }
    made["i18n"] = key in (*TEXT_KEYS, *NEWS_TEXT_KEYS, BODY)
    if question.hint:
        made["hint"] = words.say(question.hint)
    return made


def describe_keys(choices: Choices, zone: str) -> dict[str, Any]:
    """Return what format.js has to know of keys: their order, and what is a list, a moment, a group.

    zone: IANA name of the site's.
    """
    keys = {*TEXT_KEYS, *NEWS_TEXT_KEYS, "id", *(key for keys in FACT_READERS.values() for key in keys)}
    return {
        "order": sorted(keys, key=lambda key: (place_of_key(key), key)),
        "lists": [
            "aliases",
            "countries",
            "donors",
            "partners",
            "programmes",
            "projects",
            "topics",
            "translators",
        ],
        "groups": {"authors": "name", "enclosures": "file"},
        "moments": ["date", "expires", "updated", "withdrawn"],
        "zone": zone,
        "flags": ["draft"],
        "known_authors": list(choices.authors),
    }
