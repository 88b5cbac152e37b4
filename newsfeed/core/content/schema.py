"""The front matter as JSON Schema (draft 2020-12), for editors that propose keys and values while one types.

Such editors read YAML as YAML does, where ``2010`` is a number and ``true`` no word; so texts may be these.
What depends on other files, such as the ids of projects, is left to ``newsfeed check``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.core.content.facts import FACT_READERS
from newsfeed.core.content.parse import keys_of
from newsfeed.core.content.slugs import MAX_LENGTH, SLUG

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from newsfeed.core.content.facts import Vocabulary

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_SLUG: Schema = {"type": "string", "pattern": f"^{SLUG.pattern}$", "maxLength": MAX_LENGTH}
_DATE: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)? ?(Z|[+-]\d\d:?\d\d)?)?$",
}
_YES_OR_NO: Schema = {"enum": [True, False, "yes", "no", "on", "off"]}
_PERIOD: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d(-\d\d)?$"}
_WEB_ADDRESS: Schema = {"type": "string", "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://\S+$"}


def _list_of(entry: Schema) -> Schema:
    """Return the schema of a list; one entry alone needs no brackets."""
    return {"anyOf": [entry, {"type": "array", "items": entry, "minItems": 1}]}


def _group(*keys: str) -> Schema:
    """Return the schema of an entry with keys of its own, the first of them needed; or of a text alone."""
    properties = dict.fromkeys(keys, _TEXT)
    group = {"type": "object", "properties": properties, "required": [keys[0]], "additionalProperties": False}
    return {"anyOf": [_TEXT, group]}


_VALUES: Mapping[str, tuple[str, Schema]] = {
    "aliases": ("Where this text was before, as paths of the site.", _list_of({"type": "string"})),
    "authors": ("People or desks, by name.", _list_of(_group("name", "role"))),
    "city": ("Where it works.", _TEXT),
    "date": ("When the story appears. Without a time: in the morning, in the site's zone.", _DATE),
    "draft": ("A draft is checked, but not published.", _YES_OR_NO),
    "enclosures": ("Files to download.", _list_of(_group("file", "type", "title"))),
    "end": ("When it ends.", _PERIOD),
    "expires": ("From then on the story is left out.", _DATE),
    "guid": ("The id that this text had in the feeds of another program.", {"type": "string"}),
    "id": ("What feeds and mails know the content by, for ever.", _SLUG),
    "image": ("A picture in the folder of the text.", {"type": "string"}),
    "image_alt": ("What the image shows, for those who cannot see it.", _TEXT),
    "image_caption": ("What stands below the image.", _TEXT),
    "image_credit": ("Who made the image, and its licence.", _TEXT),
    "image_focus": ("What stays where lists crop the image: left or right, top or bottom, or both.", _TEXT),
    "order": (
        "Place among the stories of the same moment.",
        {"type": "integer", "minimum": 1, "maximum": 999},
    ),
    "organisation": ("Who carries it out.", _TEXT),
    "programme": ("The id of the programme it belongs to.", _SLUG),
    "programmes": ("Ids of programmes that the story is news of.", _list_of(_SLUG)),
    "projects": ("Ids of projects that the story is news of.", _list_of(_SLUG)),
    "slug": ("The text's part of the web address.", _SLUG),
    "source": ("Of which state of the original this is the translation.", _list_of(_TEXT)),
    "start": ("When it began.", _PERIOD),
    "translators": ("Who translated this text.", _list_of(_TEXT)),
    "updated": ("The last significant change.", _DATE),
    "video": ("The web address of a film.", _WEB_ADDRESS),
    "withdrawn": (
        "When the story was withdrawn: from then on only that is said of it.",
        {"anyOf": [_DATE, _YES_OR_NO]},
    ),
}


def make_schema(kind: str, vocabulary: Vocabulary, limits: Mapping[str, int]) -> Schema:
    """Return the schema of a kind of content's front matter.

    limits: most characters of ``title`` and ``summary``.
    """
    values = {**_VALUES, **_own_values(vocabulary, limits)}
    properties = {
        key: {"description": description, **schema}
        for key in keys_of(kind)
        for description, schema in (values[key],)
    }
    return {
        "$schema": _DRAFT,
        "title": kind,
        "type": "object",
        "properties": properties,
        "required": ["title"],
        "additionalProperties": False,
    }


def make_schemas(vocabulary: Vocabulary, limits: Mapping[str, int]) -> dict[str, Schema]:
    """Return the schema of every kind of content."""
    return {kind: make_schema(kind, vocabulary, limits) for kind in FACT_READERS}


def _own_values(vocabulary: Vocabulary, limits: Mapping[str, int]) -> dict[str, tuple[str, Schema]]:
    """Return the keys whose values depend on the configuration."""
    countries = [*vocabulary.countries, *(code.lower() for code in vocabulary.countries)]
    return {
        "title": ("The title.", {**_TEXT, "minLength": 1, "maxLength": limits["title"]}),
        "summary": (
            "One or two sentences for lists, feeds and mails.",
            {**_TEXT, "maxLength": limits["summary"]},
        ),
        "topics": ("Keys of [topics] in config.toml.", _words(vocabulary.topics)),
        "donors": ("Keys of [donors] in config.toml.", _words(vocabulary.donors)),
        "partners": ("Keys of [partners] in config.toml.", _words(vocabulary.partners)),
        "countries": ("Two letters of ISO 3166-1.", _words(countries)),
    }


def _words(known: Collection[str]) -> Schema:
    return _list_of({"enum": sorted(known)})
