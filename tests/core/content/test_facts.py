"""The keys of each kind of content, and how their values are read."""

import pytest

from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.core.content import frontmatter
from newsfeed.core.content.facts import FACT_READERS, Vocabulary, guess_media_type
from newsfeed.core.content.fields import FieldReader
from newsfeed.core.content.source_text import SourceText
from newsfeed.model import Author, Enclosure
from newsfeed.testing import settings_from
from tests.core.told import params, told

WORDS = Vocabulary({"water", "energy"}, {"ministry"}, {"club"}, {"KZ", "KG"})


def read(kind: str, key: str, written: str) -> tuple[object, list[str]]:
    """The value of a fact and the problems of reading it."""
    source = SourceText("a.en.md", f"---\n{key}: {written}\n---\n")
    head, problems = frontmatter.parse_front_matter(source)
    assert head is not None
    assert problems == []
    reader = FieldReader(source, head.fields, settings_from().site.timezone)
    return FACT_READERS[kind][key](reader, WORDS), told(reader.problems)


def test_every_kind_of_content_has_its_keys():
    """As docs/content.md lists them."""
    assert tuple(FACT_READERS) == CONTENT_KINDS
    assert {kind: " ".join(readers) for kind, readers in FACT_READERS.items()} == {
        "news": "date updated expires withdrawn draft order authors topics countries projects programmes image image_credit image_focus enclosures",
        "projects": "programme countries donors partners topics start end city organisation image image_credit image_focus",
        "programmes": "image image_credit image_focus",
        "pages": "",
    }


@pytest.mark.parametrize(
    ("kind", "key", "written", "value"),
    [
        ("news", "image_focus", "left top", "left top"),
        ("news", "image_focus", "Top, Right", "right top"),
        ("projects", "image_focus", "center bottom", "bottom"),
        ("programmes", "image_focus", "center", ""),
        ("news", "authors", "[Ada, Bo, Ada]", (Author("Ada"), Author("Bo"))),
        ("news", "authors", "Ada", (Author("Ada"),)),
        ("news", "authors", "[Ada, {name: Bo, role: photos}]", (Author("Ada"), Author("Bo", "photos"))),
        ("news", "order", "3", 3),
        ("news", "topics", "water", ("water",)),
        ("news", "countries", "[kz, KG, KZ]", ("KZ", "KG")),
        ("news", "projects", "[wells, wells]", ("wells",)),
        ("news", "programmes", "[clean, green]", ("clean", "green")),
        ("news", "draft", "yes", True),
        ("news", "image", "a.jpg", "a.jpg"),
        ("projects", "donors", "[ministry]", ("ministry",)),
        ("projects", "partners", "club", ("club",)),
        ("projects", "programme", "clean", "clean"),
        ("projects", "city", "Taraz", "Taraz"),
        ("projects", "organisation", "Mountain Club", "Mountain Club"),
        ("news", "enclosures", "a.pdf", (Enclosure("a.pdf", "application/pdf", 0),)),
        ("news", "enclosures", "[a.mp3, b.png]", (Enclosure("a.mp3", "audio/mpeg", 0), Enclosure("b.png", "image/png", 0))),
        ("news", "enclosures", "{file: a, type: text/x-a, title: A}", (Enclosure("a", "text/x-a", 0, "A"),)),
        ("news", "enclosures", "{file: a.pdf, type: text/plain}", (Enclosure("a.pdf", "text/plain", 0),)),
        ("news", "enclosures", "[]", ()),
    ],
)  # fmt: skip
def test_a_fact_has_a_value(kind, key, written, value):
    """Lists keep each value once, in the order of the author; codes get their usual case."""
    assert read(kind, key, written) == (value, [])


@pytest.mark.parametrize(
    ("kind", "key", "written", "found"),
    [
        ("news", "topics", "[water, wine]", ["topic-unknown 2:17"]),
        ("projects", "topics", "Water", ["topic-unknown 2:9"]),
        ("projects", "donors", "ministery", ["donor-unknown 2:9"]),
        ("projects", "partners", "[clup, x]", ["partner-unknown 2:12", "partner-unknown 2:18"]),
        ("news", "countries", "[KZ, XX, Kasachstan]", ["country-unknown 2:17", "country-unknown 2:21"]),
        ("news", "countries", "EU", ["country-unknown 2:12"]),
        ("news", "draft", "perhaps", ["value-type 2:8"]),
        ("news", "date", "soon", ["date-invalid 2:7"]),
        ("news", "updated", "soon", ["date-invalid 2:10"]),
        ("news", "expires", "never", ["date-invalid 2:10"]),
        ("projects", "start", "2008-13", ["period-invalid 2:8"]),
        ("projects", "end", "soon", ["period-invalid 2:6"]),
        ("news", "authors", "[{role: photos}]", ["key-missing 2:11"]),
        ("news", "authors", "[{name: Ada, rolle: photos}]", ["key-unknown 2:30"]),
        ("news", "order", "first", ["value-type 2:8"]),
        ("news", "order", "0", ["value-type 2:8"]),
        ("news", "order", "-1", ["value-type 2:8"]),
        ("news", "projects", "[[a]]".replace("[[a]]", "{a: b}"), ["value-type 2:11"]),
        ("news", "image", "[a.jpg]", ["value-type 2:9"]),
        ("news", "enclosures", "{title: A}", ["key-missing 2:13"]),
        ("news", "enclosures", "{file: '', title: A}", ["key-missing 2:13"]),
        ("news", "enclosures", "{file: a.pdf, titel: A}", ["key-unknown 2:34"]),
        ("news", "enclosures", "a", ["enclosure-type 2:13"]),
        ("news", "enclosures", "[a.pdf, a.xyzzy]", ["enclosure-type 2:21"]),
        ("news", "enclosures", "{file: a.pdf, type: pdf}", ["enclosure-type 2:13"]),
        ("news", "enclosures", '{file: a.pdf, title: "a\\ab"}', ["control-character 2:34"]),
    ],
)  # fmt: skip
def test_a_fact_that_cannot_be_read_is_told_at_its_place(kind, key, written, found):
    """The place is the value's, or the key's when the whole value has the wrong shape."""
    assert read(kind, key, written)[1] == found


def test_a_misspelt_key_of_an_enclosure_gets_a_suggestion():
    """Like every other key."""
    source = SourceText("a.en.md", "---\nenclosures:\n  - file: a.pdf\n    titel: A\n---\n")
    head, _ = frontmatter.parse_front_matter(source)
    assert head is not None
    reader = FieldReader(source, head.fields, settings_from().site.timezone)
    FACT_READERS["news"]["enclosures"](reader, WORDS)
    assert reader.problems[0].suggestion == "title"
    assert params(reader.problems[0]) == {"value": "titel", "known": "file, type, title"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.pdf", "application/pdf"),
        ("a.PDF", "application/pdf"),
        ("a.jpg", "image/jpeg"),
        ("a.jpeg", "image/jpeg"),
        ("a.webp", "image/webp"),
        ("a.avif", "image/avif"),
        ("a.svg", "image/svg+xml"),
        ("a.mp3", "audio/mpeg"),
        ("a.m4a", "audio/mp4"),
        ("a.opus", "audio/ogg"),
        ("a.mp4", "video/mp4"),
        ("a.zip", "application/zip"),
        ("a.epub", "application/epub+zip"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.odt", "application/vnd.oasis.opendocument.text"),
        ("a.csv", "text/csv"),
        ("a.tar.gz", "application/x-tar"),
        ("a", ""),
        ("a.xyzzy", ""),
        (".pdf", ""),
        ("", ""),
    ],
)
def test_a_media_type_comes_from_the_name_alone(name, kind):
    """The same on every machine, whatever is installed there."""
    assert guess_media_type(name) == kind
