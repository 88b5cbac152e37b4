"""Aliases written into heads: the file says the same as before, and nothing else of it changes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.alias_edits import add_aliases, format_alias_line

A, B = "/en/news/2019/a/", "/en/news/2020/b/"


def yaml(*lines: str, eol: str = "\n") -> str:
    """A file with these lines of YAML."""
    return eol.join(["---", "title: T", *lines, "---", "Text.", "", "aliases: none", ""])


def toml(*lines: str, eol: str = "\n") -> str:
    """A file with these lines of TOML."""
    return eol.join(["+++", 'title = "T"', *lines, "+++", "Text.", ""])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (yaml("# end"), yaml("# end", f"aliases: [{A}]")),
        (yaml("summary: |", "  a", "", "  b"), yaml("summary: |", "  a", "", "  b", f"aliases: [{A}]")),
        (yaml("aliases: /x"), yaml(f"aliases: [/x, {A}]")),
        (yaml("aliases: '/x' # old"), yaml(f"aliases: ['/x', {A}] # old")),
        (yaml("aliases: [/x]", "topics: []"), yaml(f"aliases: [/x, {A}]", "topics: []")),
        (yaml('aliases: [ "/x" , ]'), yaml(f'aliases: [ "/x", {A} , ]')),
        (yaml("aliases: []"), yaml(f"aliases: [{A}]")),
        (yaml("aliases: [", "  /x, # one", "  /y # two", "  ]"), yaml("aliases: [", "  /x, # one", f"  /y, {A} # two", "  ]")),
        (yaml("aliases:", "  - /x", "  - /y  # two", "slug: a"), yaml("aliases:", "  - /x", "  - /y  # two", f"  - {A}", "slug: a")),
        (yaml("aliases:", "- /x"), yaml("aliases:", "- /x", f"- {A}")),
        (yaml("summary: Grün 🦀", "aliases: [/ü]"), yaml("summary: Grün 🦀", f"aliases: [/ü, {A}]")),
        (yaml('"aliases": [/x]'), yaml(f'"aliases": [/x, {A}]')),
        (yaml().replace("title", "  title"), yaml(f"  aliases: [{A}]").replace("title", "  title")),
        (toml("# end"), toml("# end", f'aliases = ["{A}"]')),
        (toml("topics = [", '  "a",', "]"), toml("topics = [", '  "a",', "]", f'aliases = ["{A}"]')),
        (toml("", "# the files", "[[enclosures]]", 'file = "a"'), toml(f'aliases = ["{A}"]', "", "# the files", "[[enclosures]]", 'file = "a"')),
        (toml("aliases = '/x'"), toml(f"aliases = ['/x', \"{A}\"]")),
        (toml('aliases = ["/x"] # "]"'), toml(f'aliases = ["/x", "{A}"] # "]"')),
        (toml("aliases=[]"), toml(f'aliases=["{A}"]')),
        (toml('"aliases" = [', '  "/x]", # one', "  '/y', # two", "]"), toml('"aliases" = [', '  "/x]", # one', f"  '/y', \"{A}\", # two", "]")),
        (toml('summary = """', "[not a table]", '"""', "slug = 'a'"), None),
        (toml('summary = """', "aliases = ['/x']", '"""'), None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_a_line_is_added_or_made_longer(before: str, after: str | None, eol: str) -> None:
    """In every form that a head can have, with every line end; ``None``: somewhere in the head."""
    made = add_aliases(before.replace("\n", eol).encode(), [A])
    assert made is not None
    if after is not None:
        assert made.decode() == after.replace("\n", eol)
    rest = re.sub(rf", [\"]?{A}[\"]?|aliases = \[\"{A}\"\]{eol}", "", made.decode())
    assert after is not None or rest == before.replace("\n", eol)


def test_a_mark_at_the_beginning_and_bytes_of_the_body_stay() -> None:
    """A byte order mark is forgiven, and kept; blanks behind the fences, too."""
    before = b"\xef\xbb\xbf---  \r\ntitle: T\r\n--- \t\r\nA\rB\nC"
    assert add_aliases(before, [A, B]) == before.replace(b"T\r\n", f"T\r\naliases: [{A}, {B}]\r\n".encode())


@pytest.mark.parametrize(
    "before",
    [
        "",
        "no head",
        "---\ntitle: T\n",
        "---\n{title: T}\n---\nText.\n",
        "---\n[\n---\n",
        yaml("aliases:", "-", "  /x"),
        yaml("aliases: {a: b}"),
        yaml("aliases:", "  - |-", "    /x"),
        yaml("aliases: a, b"),
        "---\n\xff",
        b"---\ntitle: \xff\n---\nText.\n",
    ],
)
def test_what_cannot_be_done_safely_is_not_done(before: str | bytes) -> None:
    """A head in a form that nobody uses is left to its author."""
    assert add_aliases(before if isinstance(before, bytes) else before.encode(), [A]) is None


@given(st.text(st.sampled_from("[]{},'\"#:-|> \n\ra🦀\\/="), max_size=30), st.booleans(), st.booleans())
def test_any_head_says_the_same_afterwards(noise: str, in_yaml: bool, named: bool) -> None:
    """Whatever stands around it: nothing is lost, or nothing is changed."""
    text = yaml(*(["aliases: [/x]"] if named else []), noise) if in_yaml else toml(*(["aliases = ['/x']"] if named else []), noise)  # fmt: skip
    made = add_aliases(text.encode(), [A])
    if made is not None:
        assert A in made.decode()
        assert add_aliases(made, [B]) is not None


def test_the_line_to_write_has_the_form_of_the_head() -> None:
    """YAML or TOML, and nothing that needs quotes."""
    assert format_alias_line(b"---\n", [A, B]) == f"aliases: [{A}, {B}]"
    assert format_alias_line(b"\xef\xbb\xbf+++\n", [A]) == f'aliases = ["{A}"]'
