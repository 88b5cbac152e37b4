"""Facts, which do not depend on language: the keys of each kind of content, and a reader for each."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from newsfeed.core.content.value_guesses import guess_words
from newsfeed.model import Author, Enclosure
from newsfeed.problems import Location, problem, propose

if TYPE_CHECKING:
    from collections.abc import Collection

    from newsfeed.core.content.fields import FieldReader
    from newsfeed.core.content.frontmatter import FieldGroup


class KeyLookup(Protocol):
    """Finds the key that a name in any language stands for."""

    def find(self, kind: str, name: str) -> str:
        """Return the key of a ``topic``, ``donor``, ``partner`` or ``country`` by a name in any language of
        the site; empty when there is none.
        """


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that facts may use, each a set of keys."""

    topics: Collection[str]
    donors: Collection[str]
    partners: Collection[str]
    countries: Collection[str]
    """ISO 3166-1 alpha-2 codes, upper case."""
    key_lookup: KeyLookup | None = None
    """Proposes a key where somebody wrote a name."""

    def key_of(self, kind: str) -> Callable[[str], str]:
        """Return the function that finds the key of a name; see `KeyLookup.find`."""
        key_lookup = self.key_lookup
        return (lambda name: key_lookup.find(kind, name)) if key_lookup is not None else (lambda _: "")


NO_WORDS = Vocabulary((), (), (), ())
"""For whoever looks at facts that need none."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A converted value and where it stands."""

    value: Any
    where: Location
    places: tuple[tuple[str, int, int], ...] = ()
    """(text, line, column) of each entry of a list that has several."""

    def at(self, text: str) -> Location:
        """Return where an entry stands."""
        for entry, line, column in self.places:
            if entry == text:
                return Location(self.where.path, line, column)
        return self.where


PLACED_FACTS = frozenset({"authors", "enclosures", "programmes", "projects"})
"""Lists whose entries are held against other files: each entry's place is kept."""
FactReader = Callable[["FieldReader", Vocabulary], Any]
_ENCLOSURE_KEYS = ("file", "type", "title")


def guess_media_type(path: str) -> str:
    """Return the media type that a file name stands for, whatever is installed on the machine."""
    return _types().guess_type(path, strict=False)[0] or ""


def guess_ending(media_type: str) -> str:
    """Return the usual ending of file names for a media type, with its dot; empty when there is none."""
    return _USUAL_ENDINGS.get(media_type) or _types().guess_extension(media_type, strict=False) or ""


@cache
def _types() -> mimetypes.MimeTypes:
    """Return the standard library's own table of media types.

    The machine's files would make output differ between machines.
    """
    types = mimetypes.MimeTypes()
    for kind, ending in _LATER_TYPES:
        types.add_type(kind, ending)
    return types


_USUAL_ENDINGS = {"image/jpeg": ".jpg", "image/tiff": ".tif", "application/ogg": ".ogg", "video/mp4": ".mp4"}
"""Where the table would give one that is seldom seen."""
_LATER_TYPES = (  # not in the table of every supported Python
    ("image/webp", ".webp"),
    ("image/avif", ".avif"),
    ("audio/ogg", ".opus"),
    ("audio/mp4", ".m4a"),
    ("application/epub+zip", ".epub"),
    ("text/markdown", ".md"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    ("application/vnd.oasis.opendocument.text", ".odt"),
)


def _authors(fields: FieldReader, vocabulary: Vocabulary) -> tuple[Author, ...]:
    found: dict[str, Author] = {}
    fields.suspect_list("authors")
    for group in fields.groups("authors", "authors: [Regina Drexel]", "name"):
        author = _author(fields, group)
        if author.name:
            found.setdefault(author.name, author)
    return tuple(found.values())


def _author(fields: FieldReader, group: FieldGroup) -> Author:
    texts = _group_texts(fields, group, Author._fields)
    if not texts.get("name"):
        fields.problems.append(problem("key-missing", fields.at(group.line, group.column), key="name"))
    return Author(texts.get("name", ""), texts.get("role", ""))


def _group_texts(fields: FieldReader, group: FieldGroup, known: tuple[str, ...]) -> dict[str, str]:
    """Return the texts of a ``key: value`` group; report keys that it cannot have."""
    for key, scalar in group.entries.items():
        if key not in known:
            at = fields.at(scalar.line, scalar.column)
            fields.problems.append(problem("key-unknown", at, known, value=key, known=", ".join(known)))
    return {key: fields.clean(scalar) for key, scalar in group.entries.items()}


def _topics(fields: FieldReader, vocabulary: Vocabulary) -> tuple[str, ...]:
    return fields.words(
        "topics", vocabulary.topics, "topic-unknown", "topics: [energy]", vocabulary.key_of("topic")
    )


def _donors(fields: FieldReader, vocabulary: Vocabulary) -> tuple[str, ...]:
    return fields.words(
        "donors", vocabulary.donors, "donor-unknown", "donors: [ministry]", vocabulary.key_of("donor")
    )


def _partners(fields: FieldReader, vocabulary: Vocabulary) -> tuple[str, ...]:
    return fields.words(
        "partners", vocabulary.partners, "partner-unknown", "partners: [club]", vocabulary.key_of("partner")
    )


def _countries(fields: FieldReader, vocabulary: Vocabulary) -> tuple[str, ...]:
    values = fields.texts("countries", "countries: [KZ]")
    known, key_of = vocabulary.countries, vocabulary.key_of("country")
    for value in values:
        if value.text.upper() not in known:
            found = problem("country-unknown", fields.at(value.line, value.column), value=value.text)
            fields.problems.append(propose(found, guess_words(value.text, known, key_of)))
    codes = (value.text.upper() for value in values)
    return tuple(dict.fromkeys(code for code in codes if code in known))


def _references(key: str) -> FactReader:
    """Make a reader of ids of other content; whether they exist is known only when all files are read."""

    def read(fields: FieldReader, vocabulary: Vocabulary) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reference.text for reference in fields.texts(key, f"{key}: [an-id]")))

    return read


def _text(key: str) -> FactReader:
    def read(fields: FieldReader, vocabulary: Vocabulary) -> str:
        return fields.text(key)

    return read


def _focus(fields: FieldReader, vocabulary: Vocabulary) -> str:
    """Read which side of an image stays where it is cropped: one word across, one down, or both."""
    text = fields.text("image_focus", "image_focus: left top")
    words = text.lower().replace("-", " ").replace(",", " ").split()
    found = [next((word for word in words if word in sides), "") for sides in _SIDES]
    known = [word for word in words if word in (_MIDDLE, *found)]
    if text and (len(known) != len(words) or len(words) > len(_SIDES)):
        fields.report("focus-unknown", "image_focus", value=text)
        return ""
    return " ".join(filter(None, found))


_SIDES = (("left", "right"), ("top", "bottom"))
_MIDDLE = "center"


def _enclosures(fields: FieldReader, vocabulary: Vocabulary) -> tuple[Enclosure, ...]:
    enclosures = []
    for group in fields.groups("enclosures", "enclosures: [report.pdf]", "file"):
        enclosure = _enclosure(fields, group)
        if enclosure:
            enclosures.append(enclosure)
    return tuple(enclosures)


def _enclosure(fields: FieldReader, group: FieldGroup) -> Enclosure | None:
    where = fields.at(group.line, group.column)
    texts = _group_texts(fields, group, _ENCLOSURE_KEYS)
    file = texts.get("file", "")
    if not file:
        fields.problems.append(problem("key-missing", where, key="file"))
        return None
    kind = texts.get("type") or guess_media_type(file)
    if "/" not in kind:
        fields.problems.append(problem("enclosure-type", where, value=file))
        return None
    return Enclosure(path=file, media_type=kind, size=0, title=texts.get("title", ""))


_IMAGE: dict[str, FactReader] = {
    "image": _text("image"),
    "image_credit": _text("image_credit"),
    "image_focus": _focus,
}
FACT_READERS: dict[str, dict[str, FactReader]] = {
    "news": {
        "date": lambda fields, words: fields.moment("date"),
        "updated": lambda fields, words: fields.moment("updated"),
        "expires": lambda fields, words: fields.moment("expires"),
        "withdrawn": lambda fields, words: fields.moment_or_yes("withdrawn"),
        "draft": lambda fields, words: fields.yes("draft"),
        "order": lambda fields, words: fields.number("order", 999),
        "authors": _authors,
        "topics": _topics,
        "countries": _countries,
        "projects": _references("projects"),
        "programmes": _references("programmes"),
        **_IMAGE,
        "enclosures": _enclosures,
    },
    "projects": {
        "programme": _text("programme"),
        "countries": _countries,
        "donors": _donors,
        "partners": _partners,
        "topics": _topics,
        "start": lambda fields, words: fields.period("start"),
        "end": lambda fields, words: fields.period("end"),
        "city": _text("city"),
        "organisation": _text("organisation"),
        **_IMAGE,
    },
    "programmes": {**_IMAGE},
    "pages": {},
}
"""Kind of content → key → how its value is read."""
