"""One file: its place, its item, its facts and everything that is wrong with it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.content.facts import Vocabulary
from newsfeed.core.content.links import derive_stem
from newsfeed.core.content.parse import (
    ContentPath,
    ParsedFile,
    compute_fingerprint,
    parse_content_path,
    parse_file,
)
from newsfeed.core.content.slugs import derive_id
from newsfeed.model import RawFile
from newsfeed.problems import Problem
from newsfeed.testing import an_item, settings_from
from tests.core.told import codes, params, told
from tests.examples import examples

SETTINGS = settings_from()
WORDS = Vocabulary(SETTINGS.topics, SETTINGS.donors, SETTINGS.partners, {"KZ", "DE"})
LANGUAGES = ("en", "de", "fr", "pt-BR")


def read(text: str | bytes, path: str = "news/2026/a.en.md") -> tuple[ParsedFile | None, list[Problem]]:
    """Parse one file of the test site."""
    data = text.encode() if isinstance(text, str) else text
    return parse_file(RawFile(path, data, size=len(data)), SETTINGS, WORDS)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("news/2010/a.en.md", ContentPath("news", "news/2010/a", "en")),
        ("news/a.de.md", ContentPath("news", "news/a", "de")),
        ("news/2010/a/index.en.md", ContentPath("news", "news/2010/a", "en")),
        ("news/2010/a/other.en.md", ContentPath("news", "news/2010/a/other", "en")),
        ("pages/about.FR.md", ContentPath("pages", "pages/about", "fr")),
        ("pages/about.pt_br.md", ContentPath("pages", "pages/about", "pt-BR")),
        ("pages/about.PT-br.md", ContentPath("pages", "pages/about", "pt-BR")),
        ("projects/v1.2.en.md", ContentPath("projects", "projects/v1.2", "en")),
        ("programmes/Ö Ä.en.md", ContentPath("programmes", "programmes/Ö Ä", "en")),
        ("news/index.en.md", ContentPath("news", "news", "en")),
    ],
)
def test_a_path_says_kind_stem_and_language(path, place):
    """Flat or in a folder of its own; the language in any case."""
    assert parse_content_path(path, LANGUAGES, "en") == (place, [])


def test_both_forms_of_a_path_are_one_stem():
    """So a translation may have files of its own while the original has none."""
    flat, _ = parse_content_path("news/2010/a.en.md", LANGUAGES, "en")
    bundled, _ = parse_content_path("news/2010/a/index.de.md", LANGUAGES, "en")
    assert flat is not None
    assert bundled is not None
    assert flat.stem == bundled.stem


@pytest.mark.parametrize(
    ("path", "example"),
    [
        ("news/README.md", "README.en.md"),
        ("news/2010/a.md", "a.en.md"),
        ("news/2010/a/index.md", "index.en.md"),
        ("news/.md", ".en.md"),
        ("news/.en.md", ".en.en.md"),
    ],
)
def test_a_name_without_a_language_gets_an_example(path, example):
    """With the site's default language."""
    place, problems = parse_content_path(path, LANGUAGES, "en")
    assert place is None
    assert told(problems) == ["file-name 1:1"]
    assert params(problems[0]) == {"name": path.rpartition("/")[2], "example": example}


@pytest.mark.parametrize(
    ("path", "code", "suggestion"),
    [
        ("news/a.ru.md", "ru", ""),
        ("news/a.dee.md", "dee", "de"),
        ("news/a.pt.md", "pt", ""),
        ("news/a.pt-PT.md", "pt-PT", "pt-BR"),
        ("news/2010.02.md", "02", ""),
        ("news/a..md", "", ""),
    ],
)
def test_an_unknown_language_gets_a_suggestion(path, code, suggestion):
    """Only the languages of the configuration have an edition."""
    place, problems = parse_content_path(path, LANGUAGES, "en")
    assert place is None
    assert told(problems) == ["language-unknown 1:1"]
    assert params(problems[0]) == {"value": code, "known": "en, de, fr, pt-BR"}
    assert problems[0].suggestion == suggestion


@pytest.mark.parametrize(
    ("stem", "identifier"),
    [
        ("news/2010/solar-training", "2010-solar-training"),
        ("news/a", "a"),
        ("news/2010/Ein Brunnen für Ünï", "2010-ein-brunnen-fur-uni"),
        ("projects/village.wells", "village-wells"),
        ("news", ""),
        ("news/🦀", ""),
    ],
)
def test_an_id_is_derived_from_the_path(stem, identifier):
    """Below the content folder, and nothing else; it may be that nothing is left."""
    assert derive_id(stem) == identifier


def test_a_file_becomes_an_item_and_facts():
    """Texts on one side, facts with their places on the other."""
    text = an_item("Text.\n", id="a-story", summary="In short", topics="[water]", draft="yes", slug="here")
    parsed, problems = read(text)
    assert problems == []
    assert parsed is not None
    assert (parsed.kind, parsed.stem, parsed.lang) == ("news", "news/2026/a", "en")
    assert (parsed.body, parsed.body_line) == ("Text.\n", 10)
    assert parsed.item is not None
    assert (parsed.item.title, parsed.item.summary, parsed.item.slug) == ("A title", "In short", "here")
    facts = {key: (str(fact.value), fact.where.line, fact.where.column) for key, fact in parsed.facts.items()}
    assert facts == {
        "date": ("2026-01-05 08:00:00+01:00", 3, 7),
        "topics": ("('water',)", 6, 10),
        "draft": ("True", 7, 8),
        "id": ("a-story", 4, 5),
    }
    assert parsed.unread_facts == {}


def test_a_fingerprint_changes_with_title_summary_or_text_only():
    """A translation need not be looked at again because a date was corrected."""

    def prints(text: str) -> tuple[str, str]:
        parsed, _ = read(text)
        assert parsed is not None
        assert parsed.item is not None
        return parsed.item.fingerprint, parsed.item.text_fingerprint

    whole, text = prints(an_item(summary="s"))
    assert len(text) == 24
    assert prints(an_item(summary="s", date="2026-01-06")) != (whole, text)
    assert prints(an_item(summary="s", date="2026-01-06"))[1] == text
    assert prints(an_item(summary="other"))[1] != text
    assert prints(an_item(summary="s", title="B"))[1] != text
    assert prints(an_item("Other.\n", summary="s"))[1] != text
    assert compute_fingerprint(b"") == "b8e1dda3ac0aa3820ad2990b"


@pytest.mark.parametrize(
    ("path", "fields", "slug"),
    [
        ("news/2010/solar.en.md", {}, "solar"),
        ("news/2010/solar/index.en.md", {}, "solar"),
        ("news/2010/Ein Brunnen.en.md", {}, "ein-brunnen"),
        ("news/2010/solar.en.md", {"slug": "sun"}, "sun"),
        ("news/2010/v1.2.en.md", {}, "v1-2"),
    ],
)
def test_a_slug_is_given_or_made_from_the_name(path, fields, slug):
    """So every text has an address."""
    parsed, _ = read(an_item(**fields), path)
    assert parsed is not None
    assert parsed.item is not None
    assert parsed.item.slug == slug


@pytest.mark.parametrize(
    ("fields", "found", "suggestion"),
    [
        ({"slug": "A Slug"}, "slug-invalid 4:7", "a-slug"),
        ({"slug": "solar_training"}, "slug-invalid 4:7", "solar-training"),
        ({"slug": "a" * 101}, "slug-invalid 4:7", "a" * 100),
        ({"slug": "../x"}, "slug-invalid 4:7", "x"),
        ({"slug": ""}, "value-empty 4:6", ""),
        ({"id": "Solar"}, "id-invalid 4:5", "solar"),
        ({"id": "a--b"}, "id-invalid 4:5", "a-b"),
        ({"id": "a" * 101}, "id-invalid 4:5", "a" * 100),
        ({"id": "a/b"}, "id-invalid 4:5", "a-b"),
        ({"id": ""}, "value-empty 4:4", ""),
        ({"id": "[a]"}, "value-type 4:6", ""),
    ],
)
def test_ids_and_slugs_have_a_small_alphabet(fields, found, suggestion):
    """The nearest possible one is suggested."""
    _, problems = read(an_item(**fields))
    assert told(problems) == [found]
    assert problems[0].suggestion == suggestion


@pytest.mark.parametrize("identifier", ["solar", "2010", "2010-02-04", "a" * 100])
def test_an_id_is_kept_as_it_is(identifier):
    """Digits alone will do."""
    parsed, problems = read(an_item(id=identifier))
    assert problems == []
    assert parsed is not None
    assert parsed.facts["id"].value == identifier


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(b"\xff", ["not-utf8 1:1"], id="not UTF-8"),
        pytest.param("", ["file-empty 1:1"], id="empty"),
        pytest.param(" \n\t\n", ["file-empty 1:1"], id="white"),
        pytest.param(b"\xef\xbb\xbf", ["bom 1:1", "file-empty 1:1"], id="only a mark"),
        pytest.param("Text", ["front-matter-missing 1:1"], id="no head"),
        pytest.param("---\ntitle: A\n", ["front-matter-open 1:1"], id="open head"),
        pytest.param("---\n%a: b\n---\n", ["yaml-syntax 2:3"], id="YAML"),
        pytest.param("+++\na: b\n+++\n", ["toml-syntax 2:2"], id="TOML"),
    ],
)
def test_a_file_may_be_no_item_at_all(text, found):
    """Then nothing of it is known but what is wrong."""
    parsed, problems = read(text)
    assert parsed is None
    assert told(problems) == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (RawFile("news/a.en.md", None, "unreadable", "Permission denied"), {"reason": "Permission denied"}),
        (RawFile("news/a.en.md", None), {"reason": ""}),
        (RawFile("news/a.en.md", None, "symlink-outside"), {"reason": ""}),
        (RawFile("news/a.en.md", None, size=1_000_001), {"size": "1.1 MB", "limit": "1 MB"}),
    ],
)
def test_a_file_that_was_not_read_is_told(raw, found):
    """With what the operating system said, or with its size."""
    parsed, problems = parse_file(raw, SETTINGS, WORDS)
    assert parsed is None
    code = "file-too-large" if raw.size else raw.trouble or "unreadable"
    assert told(problems) == [f"{code} 1:1"]
    assert params(problems[0]) == found


def test_a_file_of_the_largest_size_is_read():
    """The limit itself is allowed."""
    head = an_item("")
    parsed, problems = read(head + "x" * (SETTINGS.limits.file_size - len(head)))
    assert parsed is not None
    assert problems == []
    assert told(read(head + "x" * (SETTINGS.limits.file_size - len(head) + 1))[1]) == ["file-too-large 1:1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (an_item(title=""), ["value-empty 2:7"]),
        (an_item(title='"\\a"'), ["control-character 2:8"]),
        (an_item(title="[A]"), ["value-type 2:9"]),
        ("---\ndate: 2026-01-05\n---\nText", ["key-missing 1:1"]),
        ("---\n---\n", ["key-missing 1:1", "text-missing 1:1"]),
    ],
)
def test_a_file_without_a_title_has_no_item_but_facts(text, found):
    """So that the other files of its story are still understood."""
    parsed, problems = read(text)
    assert told(problems) == found
    assert parsed is not None
    assert parsed.item is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (an_item(title="x" * 200), []),
        (an_item(title="x" * 201), ["title-too-long 2:8"]),
        (an_item(summary="x" * 600), []),
        (an_item(summary="x" * 601), ["summary-too-long 4:10"]),
        (an_item(""), ["text-missing 1:1"]),
        (an_item("\n \n"), ["text-missing 1:1"]),
        (an_item(author="Ada"), ["key-unknown 4:1"]),
        (an_item(image_alt=""), ["value-empty 4:11"]),
        (an_item(source="[a]"), ["value-type 4:10"]),
        (an_item(topics="[fire]"), ["topic-unknown 4:10"]),
        (an_item(date="soon"), ["date-invalid 3:7"]),
        ("---\ntitle: A\ntitle: B\n---\nText", ["key-duplicate 3:1"]),
        (an_item("a\x07"), ["control-character 5:2"]),
        (b"\xef\xbb\xbf" + an_item().encode(), ["bom 1:1"]),
        (an_item().replace("\n", "\r\n"), []),
    ],
)
def test_an_item_with_a_fault_is_still_an_item(text, found):
    """One fault hides none of the others in the same file."""
    parsed, problems = read(text)
    assert told(problems) == found
    assert parsed is not None
    assert parsed.item is not None


def test_all_faults_of_a_file_are_found_at_once():
    """An editor gets one list, not one message after the other."""
    _, problems = read(
        an_item("", date="soon", topics="[fire]", titel="B", id="X", slug="Y", draft="perhaps")
    )
    assert sorted(codes(problems)) == [
        "date-invalid",
        "id-invalid",
        "key-unknown",
        "slug-invalid",
        "text-missing",
        "topic-unknown",
        "value-type",
    ]


@pytest.mark.parametrize(
    ("path", "fields", "unread"),
    [
        ("news/a.en.md", {"date": "soon"}, {"date": (3, 7)}),
        ("news/a.en.md", {"updated": "soon", "id": "X"}, {"updated": (4, 10), "id": (5, 5)}),
        ("projects/a.en.md", {"date": None, "start": "soon"}, {"start": (3, 8)}),
        ("news/a.en.md", {"date": None, "Date": "2026-01-05"}, {"date": (3, 1)}),
    ],
)
def test_facts_that_cannot_be_read_are_remembered(path, fields, unread):
    """So that nobody calls them missing."""
    parsed, _ = read(an_item(**fields), path)
    assert parsed is not None
    assert parsed.unread_facts == unread


@pytest.mark.parametrize(
    ("path", "key", "known"),
    [
        ("pages/a.en.md", "date", "aliases, id, image_alt, image_caption, slug, source, summary, title"),
        (
            "programmes/a.en.md",
            "date",
            "aliases, id, image, image_alt, image_caption, image_credit, image_focus, slug, source, summary, title",
        ),
        ("pages/a.en.md", "image", "aliases, id, image_alt, image_caption, slug, source, summary, title"),
    ],
)
def test_each_kind_of_content_has_its_own_keys(path, key, known):
    """A page has no date, and no image of its own."""
    _, problems = read(an_item(**{"date": None, key: "2026-01-05"}), path)
    assert told(problems) == ["key-unknown 3:1"]
    assert params(problems[0]) == {"value": key, "known": known}


@given(st.binary(max_size=300))
@settings(max_examples=examples(150), deadline=None)
def test_any_bytes_are_a_file_or_a_problem(data):
    """Nothing on a disk makes the reader of files raise."""
    parsed, problems = read(data)
    assert parsed is not None or problems
    codes(problems)


VALUES = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n"), max_size=30),
    st.sampled_from(
        [
            "",
            "[]",
            "{}",
            "[a, b]",
            "{file: a.pdf}",
            "[{file: a}]",
            "2026-01-05",
            "2008-01",
            "yes",
            '"\\a"',
            "&a b",
        ]
    ),
)
KEYS = st.sampled_from(
    [
        "id",
        "title",
        "summary",
        "slug",
        "image_alt",
        "image_caption",
        "image_credit",
        "image_focus",
        "source",
        "date",
        "updated",
        "expires",
        "draft",
        "authors",
        "topics",
        "countries",
        "projects",
        "programmes",
        "image",
        "enclosures",
        "start",
        "end",
        "city",
        "donors",
        "partners",
        "programme",
        "organisation",
        "nonsense",
    ]
)


@given(
    st.sampled_from(["news", "projects", "programmes", "pages"]),
    st.lists(st.tuples(KEYS, VALUES), max_size=8),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=40),
)
@settings(max_examples=examples(150), deadline=None)
def test_any_front_matter_is_a_file_or_a_problem(kind, fields, body):
    """Any value under any key of any kind: an item, or a reason why there is none."""
    head = "".join(f"{key}: {value}\n" for key, value in fields)
    parsed, problems = read(f"---\n{head}---\n{body}", f"{kind}/a.en.md")
    assert parsed is not None or problems
    assert parsed is None or parsed.item is not None or problems
    codes(problems)


@given(st.from_regex(r"news/([a-z.-]{1,4}/)?(index|[a-z.-]{1,4})\.(de|en)\.md", fullmatch=True))
def test_a_path_alone_tells_the_stem(path):
    """The one by which translations find each other."""
    place, problems = parse_content_path(path, ("de", "en"), "en")
    assert place is not None, problems
    assert derive_stem(path) == place.stem
