"""The head of a file: what is read from it, where it stands, and what is refused."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsfeed.core.content.frontmatter import Field, FieldGroup, FrontMatter, Scalar, parse_front_matter
from newsfeed.core.content.source_text import SourceText, decode_source
from newsfeed.problems import Problem
from tests.core.told import codes, params, told
from tests.examples import examples

SAFE = st.text(alphabet=st.characters(codec="utf-8"))


def read(text: str) -> tuple[FrontMatter | None, list[Problem]]:
    """Parse a file as it comes from disk."""
    source, problems = decode_source("news/a.en.md", text.encode())
    assert source is not None
    assert problems == []
    return parse_front_matter(source)


def head_of(text: str) -> FrontMatter:
    """The front matter of a file that must be right."""
    head, problems = read(text)
    assert problems == []
    assert head is not None
    return head


def problems_of(text: str) -> list[str]:
    """What is wrong with a file's head, and where."""
    return told(read(text)[1])


def test_yaml_keys_and_values_know_their_places():
    """Line and column count from 1 in the file, not in the head."""
    head = head_of("---\ntitle: A\n  \ntopics: [water, energy]\nauthors:\n  - Ada\n---\nText")
    assert head.fields == {
        "title": Field("title", Scalar("A", 2, 8), 2, 1),
        "topics": Field("topics", [Scalar("water", 4, 10), Scalar("energy", 4, 17)], 4, 1),
        "authors": Field("authors", [Scalar("Ada", 6, 5)], 5, 1),
    }


def test_yaml_groups_know_their_places():
    """A list may hold groups of keys, such as enclosures; a group may also stand alone."""
    head = head_of("---\nenclosures:\n  - file: a.pdf\n    title: A\none: {file: b}\n---\n")
    assert head.fields["enclosures"].value == [
        FieldGroup({"file": Scalar("a.pdf", 3, 11), "title": Scalar("A", 4, 12)}, 3, 5)
    ]
    assert head.fields["one"].value == FieldGroup({"file": Scalar("b", 5, 13)}, 5, 6)


@pytest.mark.parametrize(
    "written", ["no", "yes", "2010-02-04", "08", "1_000", "null", "~", "1e3", ".inf", "0x10", "=", "12:30:45"]
)
def test_yaml_values_stay_what_their_author_wrote(written):
    """Nothing is typed: Norway is not false, and a date is not yet a date."""
    value = head_of(f"---\nkey: {written}\n---\n").fields["key"].value
    assert value == Scalar(written, 2, 6)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("'no'", "no"),
        ('"a\\nb"', "a\nb"),
        ("", ""),
        ("a: b", None),
        ('"a: b"', "a: b"),
        ("|\n  one\n  two", "one\ntwo\n"),
        (">\n  one\n  two", "one two\n"),
        ("one\n  two", "one two"),
        ("a # comment", "a"),
        ("a#b", "a#b"),
        ("ключ", "ключ"),
    ],
)
def test_yaml_scalars_come_in_every_style(written, text):
    """Quotes, block scalars and plain words are all texts; a second colon needs quotes."""
    head, problems = read(f"---\nkey: {written}\n---\n")
    if text is None:
        assert codes(problems) == ["yaml-quotes"]
    else:
        assert head is not None
        value = head.fields["key"].value
        assert isinstance(value, Scalar)
        assert value.text == text


def test_toml_values_are_read_as_their_author_wrote_them():
    """TOML between +++ lines gives the same fields; each value knows its place."""
    head = head_of(
        '+++\ntitle = "A"\ndate = 2010-02-04\ndraft = true\nn = 08.5e0\n'.replace("08", "8")
        + 'topics = ["water"]\n[[enclosures]]\nfile = "a.pdf"\n+++\nText'
    )
    assert head.fields == {
        "title": Field("title", Scalar("A", 2, 9), 2, 1),
        "date": Field("date", Scalar("2010-02-04", 3, 8), 3, 1),
        "draft": Field("draft", Scalar("true", 4, 9), 4, 1),
        "n": Field("n", Scalar("8.5", 5, 5), 5, 1),
        "topics": Field("topics", [Scalar("water", 6, 12)], 6, 1),
        "enclosures": Field("enclosures", [FieldGroup({"file": Scalar("a.pdf", 7, 1)}, 7, 1)], 7, 1),
    }


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("---\na: 1\n---\nText\n", "Text\n", 4),
        ("---\n---\nText", "Text", 3),
        ("---\n---", "", 3),
        ("---\na: 1\n---", "", 4),
        ("--- \na: 1\n---\t \n\n\nText", "\n\nText", 4),
        ("+++\na = 1\n+++\n---\nText", "---\nText", 4),
        ("---\r\na: 1\r\n---\r\nText\r\n", "Text\n", 4),
        ("---\ra: 1\r---\rText\r", "Text\n", 4),
        ("---\na: |\n  ---x\n  +++\n---\nText\n---\nmore", "Text\n---\nmore", 6),
        ("---\n# only a comment\n---\nText", "Text", 4),
    ],
)
def test_the_body_starts_after_the_second_fence(text, body, line):
    """Whatever the line ends, the body is the rest and knows its first line."""
    head = head_of(text)
    assert (head.body, head.body_line) == (body, line)


@pytest.mark.parametrize(
    "text",
    ["", "Text", "----\na: 1\n---\n", " ---\n---\n", "--- a\n---\n", "+++a\n+++\n"],
)
def test_a_file_must_start_with_a_fence(text):
    """Anything before or on the line of the fence makes it a text without front matter."""
    assert problems_of(text) == ["front-matter-missing 1:1"]


@pytest.mark.parametrize(
    ("text", "place", "suggestion"),
    [
        ("\n---\na: 1\n---\n", "front-matter-missing 2:1", ""),
        ("–––\na: 1\n–––\n", "front-matter-missing 1:1", "---"),
        ("---\na: 1\n–––\nText", "front-matter-open 3:1", "---"),
        ("---\na: 1\n----\nText", "front-matter-open 3:1", "---"),
        ("---\na: 1\n+++\nText", "front-matter-open 3:1", "---"),
        ("+++\na = 1\n---\nText", "front-matter-open 3:1", "+++"),
        ("---\na: 1\n...\nText", "front-matter-open 3:1", "---"),
    ],
)
def test_a_line_that_was_meant_as_a_fence_is_told(text, place, suggestion):
    """Word processors turn hyphens into dashes, and some people type four."""
    (one,) = read(text)[1]
    assert told([one]) == [place]
    assert one.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "fence"),
    [
        ("---", "---"),
        ("---\n", "---"),
        ("---\na: 1\n", "---"),
        ("---\na: 1\n ---\n", "---"),
        ("+++", "+++"),
    ],
)
def test_an_open_head_names_the_fence_that_is_missing(text, fence):
    """The fence that closes is the one that opened, at the start of a line."""
    _, problems = read(text)
    assert told(problems) == ["front-matter-open 1:1"]
    assert params(problems[0]) == {"fence": fence}


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("a: b: c", "yaml-quotes 2:4"),
        ("title: A\nb: [1, 2", "yaml-bracket-open 3:4"),
        ("a: 'it", "yaml-quote-open 2:4"),
        ('title: A\nb: "open\nc: 1', "yaml-quote-open 3:4"),
        ("\ta: 1", "yaml-tab 2:1"),
        ("a:\n\t- b", "yaml-tab 3:1"),
        ("just words", "yaml-no-colon 2:1"),
        ("- a\n- b", "yaml-no-colon 2:1"),
        ("[a]", "yaml-no-colon 2:1"),
        ("'a'", "yaml-no-colon 2:1"),
        ("a: @b", "yaml-quotes 2:4"),
        ("a: `b", "yaml-quotes 2:4"),
        ("a: %b", "yaml-quotes 2:4"),
        ("a: 1\n b: 2", "yaml-indent 3:2"),
        ("a: 1\nb", "yaml-no-colon 3:1"),
        ("%YAML 1.1\na: 1", "yaml-syntax 3:1"),
        ('a: "\\q"', "yaml-quotes 2:4"),
        ('a: "\\ud800"', "yaml-quotes 2:4"),
        ("a: {b: 1", "yaml-bracket-open 2:4"),
    ],
)
def test_broken_yaml_is_told_at_its_place(head, found):
    """By its kind, and at the value; a value that never ends is told where it begins."""
    _, problems = read(f"---\n{head}\n---\nText")
    assert told(problems) == [found]


@pytest.mark.parametrize("fence", ["---", "+++"])
def test_a_character_that_was_told_already_is_not_told_again(fence):
    """Neither YAML nor TOML would read it; here it is a space."""
    written = '"a\x01b"'
    sign = ":" if fence == "---" else " ="
    head, problems = parse_front_matter(SourceText("a.en.md", f"{fence}\nkey{sign} {written}\n{fence}\n"))
    assert problems == []
    assert head is not None
    value = head.fields["key"].value
    assert isinstance(value, Scalar)
    assert value.text == "a b"


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85"])
def test_line_breaks_that_no_editor_shows_move_no_place(character):
    """YAML would end a line at U+2028; for an editor, and so for us, it is a space."""
    head = head_of(f"---\ntitle: a{character}b\nkey: c\n---\n")
    assert head.fields["title"].value == Scalar("a b", 2, 8)
    assert head.fields["key"].value == Scalar("c", 3, 6)


@pytest.mark.parametrize(
    ("head", "place", "feature"),
    [
        ("a: &x b", "2:4", "anchors and aliases"),
        ("a: &x b\nc: *x", "2:4", "anchors and aliases"),
        ("a: *x", "2:4", "anchors and aliases"),
        ("a: [1, *x]", "2:8", "anchors and aliases"),
        ("&x a: b", "2:1", "anchors and aliases"),
        ("*x : b", "2:1", "anchors and aliases"),
        ("<<: *x", "2:5", "anchors and aliases"),
        ("&x {a: b}", "2:1", "anchors and aliases"),
        ("a: &x [b]", "2:4", "anchors and aliases"),
        ("a: &x {b: c}", "2:4", "anchors and aliases"),
        ("a:\n  - b: *x", "3:8", "anchors and aliases"),
        ("a: !!str b", "2:4", "tags"),
        ("a: !!python/object/apply:os.system [ls]", "2:4", "tags"),
        ("a: ! b", "2:4", "tags"),
        ("!!map {a: b}", "2:1", "tags"),
        ("!x a: b", "2:1", "tags"),
    ],
)
def test_yaml_features_that_hide_values_are_refused(head, place, feature):
    """Anchors, aliases, merge keys and tags are refused wherever they stand."""
    found, problems = read(f"---\n{head}\n---\nText")
    assert found is None
    assert told(problems) == [f"yaml-feature {place}"]
    assert params(problems[0]) == {"feature": feature}


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("a: [[b]]", "2:5"),
        ("a: [[]]", "2:5"),
        ("a: {b: {c: d}}", "2:8"),
        ("a: {b: [c]}", "2:8"),
        ("a: {[b]: c}", "2:5"),
        ("a:\n  - b:\n    - c", "4:5"),
        ("a:\n  - b:\n      c: d", "4:7"),
        ("a:\n  - - b", "3:5"),
        ("? [a]\n: b", "2:3"),
        ("? {a: b}\n: c", "2:3"),
    ],
)
def test_deeper_values_than_any_key_needs_are_refused(head, place):
    """A list of groups is as deep as it gets; keys are texts."""
    found, problems = read(f"---\n{head}\n---\nText")
    assert found is None
    assert told(problems) == [f"yaml-depth {place}"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("---\na: " + "[" * 50_000 + "\n---\n", "yaml-depth", id="yaml lists"),
        pytest.param("---\na: " + "{a: " * 50_000 + "\n---\n", "yaml-depth", id="yaml groups"),
        pytest.param("---\na:\n " + "- " * 50_000 + "\n---\n", "yaml-depth", id="yaml blocks"),
        pytest.param("---\n" + "? " * 50_000 + "\n---\n", "yaml-depth", id="yaml keys"),
        pytest.param("---\na: " + "!" * 50_000 + "\n---\n", "yaml-feature", id="yaml tag"),
        pytest.param("---\na: &" + "a" * 50_000 + " b\n---\n", "yaml-feature", id="yaml anchor"),
        pytest.param(
            "---\na: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9)) + "---\n",
            "yaml-feature",
            id="a billion laughs",
        ),
        pytest.param("---\n" + "'" * 500_001 + "\n---\n", "yaml-syntax", id="yaml quotes"),
        pytest.param("+++\na = " + "[" * 50_000 + "\n+++\n", "toml-syntax", id="toml lists"),
        pytest.param("+++\na = " + "{a=" * 50_000 + "\n+++\n", "toml-syntax", id="toml tables"),
        pytest.param("+++\na = " + "1" * 5_000 + "\n+++\n", "toml-syntax", id="toml decimal"),
        pytest.param("+++\na = 0x" + "f" * 50_000 + "\n+++\n", "toml-syntax", id="toml hexadecimal"),
        pytest.param("+++\na = [1, [2, 0x" + "f" * 50 + "]]\n+++\n", "toml-syntax", id="toml nested number"),
    ],
)
def test_heads_made_to_explode_are_refused_at_once(text, code):
    """Depth, aliases and numbers without end cost neither time nor memory."""
    started = time.process_time()
    head, problems = read(text)
    assert time.process_time() - started < 1
    assert head is None
    assert codes(problems) == [code]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("a: 1\nb: 2\na: 3", ["key-duplicate 4:1"]),
        ("a: 1\na: 2\na: 3", ["key-duplicate 3:1", "key-duplicate 4:1"]),
        ("a: 1\n'a': 2", ["key-duplicate 3:1"]),
        ("a: 1\nA: 2", []),
        ("a: {b: 1, b: 2}", ["key-duplicate 2:11"]),
        ("a:\n  - file: x\n    file: y", ["key-duplicate 4:5"]),
    ],
)
def test_a_key_that_stands_twice_is_told_and_the_first_counts(head, found):
    """Whether among the keys of the file or in a group."""
    matter, problems = read(f"---\n{head}\n---\n")
    assert told(problems) == found
    assert matter is not None


def test_the_first_of_two_equal_keys_counts():
    """The value that is kept is the one that was written first."""
    head, _ = read("---\na: {b: 1, b: 2}\na: 3\n---\n")
    assert head is not None
    assert head.fields["a"].value == FieldGroup({"b": Scalar("1", 2, 8)}, 2, 4)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("a = no", "toml-syntax 2:5"),
        ('title = "A"\na = ', "toml-syntax 3:5"),
        ("a = 1\na = 2", "toml-syntax 3:1"),
        ("title: A", "toml-syntax 2:6"),
        ("a = 2010-02-30", "toml-syntax 2:5"),
        ('a = "\\ud800"', "toml-syntax 2:12"),
        ("a = [[1]]", "yaml-depth 2:1"),
        ("[a]\nb = [1]", "yaml-depth 2:1"),
        ("[a]\nb = {c = 1}", "yaml-depth 2:1"),
        ("[[a]]\nb = [1]", "yaml-depth 2:1"),
    ],
)
def test_broken_toml_is_told_at_its_place(head, found):
    """Syntax errors at the parser's place, depth at the key."""
    matter, problems = read(f"+++\n{head}\n+++\nText")
    assert matter is None
    assert told(problems) == [found]


@given(SAFE)
@settings(max_examples=examples(100), deadline=None)
def test_any_text_parses_or_has_problems(text):
    """Nothing an editor can save makes the reader of heads raise."""
    for whole in (text, f"---\n{text}\n---\n", f"+++\n{text}\n+++\n", f"---\nkey: {text}\n---\nText"):
        source, _ = decode_source("a.en.md", whole.encode())
        assert source is not None
        head, problems = parse_front_matter(source)
        assert head is not None or problems
        codes(problems)


YAML_SOUP = st.lists(
    st.sampled_from(
        [
            *"abc:-?[]{}&*!|>'\"%@`#,\n \t~",
            "---",
            "...",
            "key: ",
            "\n  - ",
            "<<",
            "!!",
            "\\x07",
            "\u2028",
            "é",
        ]
    ),
    max_size=40,
).map("".join)


@given(YAML_SOUP)
@settings(max_examples=examples(200), deadline=None)
def test_any_soup_of_yaml_signs_parses_or_has_problems(soup):
    """The signs of YAML in any order: places stay inside the file."""
    source, _ = decode_source("a.en.md", f"---\n{soup}\n---\nText".encode())
    assert source is not None
    head, problems = parse_front_matter(source)
    assert head is not None or problems
    last = source.text.count("\n") + 1
    assert all(1 <= one.where.line <= last and one.where.column >= 1 for one in problems)


LINE_VALUES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *"aZ09é-:?[]{}&*!|>'\"%@`#,\\ \t~<=.\u00a0\ufeff\u3000\ufdd0🦀",
                *(
                    ": ",
                    " #",
                    "# ",
                    ", ",
                    "['",
                    '["',
                    "']",
                    '"]',
                    "- ",
                    "''",
                    "---",
                    "...",
                    "word",
                    "a b",
                    "2010-02-04",
                ),
            ]
        ),
        st.text(alphabet=st.characters(codec="utf-8"), max_size=5),
    ),
    max_size=6,
).map("".join)
AROUND = st.sampled_from(
    [("", ""), ('"', '"'), ("'", "'"), ("[", "]"), ("[a, ", " , b]"), ("a", "z"), (" ", "  ")]
)
PLAIN_LINES = st.builds(
    lambda key, colon, around, value: f"{key}{colon}{around[0]}{value}{around[1]}",
    st.sampled_from(["key", "a", "b-c", "_", "Z9", "é", "<<"]),
    st.sampled_from([": ", ": ", ": ", ":  ", ":", " : ", ":\t"]),
    AROUND,
    LINE_VALUES,
)


@given(st.lists(PLAIN_LINES, min_size=1, max_size=4).map("\n".join))
@example("a: b: c")
@example("a: b:c #d")
@example("a: b#c : d")
@example("a: x:\u00a0y")
@example("a: 'it''s'\nb: \"\\x41\"")
@example('a: "b" c')
@example("a: [b,, c]")
@example("a: [b, ]\nc: [ ]")
@example("a: [b c , d-e,f ]  ")
@example("a: [b: c, 'd']")
@example("a: [-b]\nc: -d")
@example("a: \ufeff\nb: [c\ufeff]")
@example("a: b\n c\nd: e")
@example("a: b\na: c")
@example("a:\nb: ''")
@example(f"{'a' * 1100}: b")
@example(f"a: {'b' * 1100}\nc: [{'d' * 1100}, e]")
@settings(max_examples=examples(500), deadline=None)
def test_heads_of_plain_lines_say_what_yaml_says(head):
    """Most heads are read without the YAML parser; a comment brings it in, and nothing else changes."""
    by_lines, problems = parse_front_matter(SourceText("a.en.md", f"---\n{head}\n---\n"))
    by_parser, others = parse_front_matter(SourceText("a.en.md", f"---\n{head}\n# comment\n---\n"))
    assert bool(problems) == bool(others)
    if by_parser is not None and not others:
        assert by_lines is not None
        assert by_lines.fields == by_parser.fields
        assert problems == others


LETTERS = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"
)
WORDS = st.text(alphabet=LETTERS, max_size=30)
KEYS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12)


@example({"key": "\ufeff", "other": ["a: b", "#", '"', "\\", "\U0001f980"]})
@given(st.dictionaries(KEYS, st.one_of(WORDS, st.lists(WORDS, max_size=3)), max_size=6))
@settings(max_examples=examples(60), deadline=None)
def test_what_is_written_with_quotes_is_read_back(mapping):
    """Texts and lists of texts survive the way through YAML and TOML."""

    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def written(value: str | list[str]) -> str:
        return quoted(value) if isinstance(value, str) else f"[{', '.join(map(quoted, value))}]"

    def back(head: FrontMatter) -> dict[str, str | list[str]]:
        return {
            key: [one.text for one in field.value] if isinstance(field.value, list) else field.value.text
            for key, field in head.fields.items()
        }

    yaml = "".join(f"{key}: {written(value)}\n" for key, value in mapping.items())
    toml = "".join(f"{key} = {written(value)}\n" for key, value in mapping.items())
    assert back(head_of(f"---\n{yaml}---\n")) == mapping
    assert back(head_of(f"+++\n{toml}+++\n")) == mapping
