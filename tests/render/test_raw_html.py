"""HTML that editors write: what passes, what is understood, and what turns out to be no HTML."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.render.markdown import cleaned, outline
from newsfeed.render.summary import plain
from tests.render.test_markdown import Events, told


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Unpack with tar xf <archive> in <dir>.", "Unpack with tar xf <archive> in <dir>."),
        ("A List<String> of names", "A List<String> of names"),
        ("Press <Enter>, then <Strg+C>", "Press <Enter>, then <Strg+C>"),
        ("<newsurl http://news.example/x>", "<newsurl http://news.example/x>"),
        ("<Map<K,V>>", "<Map<K,V>>"),
        ("Template <T extends Base>", "Template <T extends Base>"),
        ("<name/> and <Name />", "<name/> and <Name />"),
        ("<my-card>Five</my-card>", "<my-card>Five</my-card>"),
        ("<archive>\nA block\n</archive>", "<archive> A block </archive>"),
        ("*<Name>*", "<Name>"),
        ("a[^1]\n\n[^1]: in <dir>", "a1 in <dir> ↩"),
    ],
)
def test_what_html_does_not_know_stays_visible(body: str, words: str) -> None:
    """Browsers would drop it, and with it words that somebody wrote."""
    assert " ".join(plain(cleaned(body)).split()) == words


@pytest.mark.parametrize(
    ("body", "unknown"),
    [
        ("tar xf <archive> in <dir>", [("<archive>", 1, 8), ("<dir>", 1, 21)]),
        ("über List<String>", [("<String>", 1, 10)]),
        ("one\n\n<archive>\ntwo\n</archive>", [("<archive>", 3, 1)]),
        ("`<archive>`\n\n    <archive>\n", []),
        ("<b>bold</b> <tt>old</tt> <DIV>x</DIV>", []),
        ("<svg><path d='M0'/><myshape/></svg>", []),
        ("<svg/> <myshape>", [("<myshape>", 1, 8)]),
    ],
)
def test_what_html_does_not_know_is_told(body: str, unknown: list[tuple[str, int, int]]) -> None:
    """At its line and column; in code it is a text like others, in drawings the names are not HTML's."""
    assert told(body, "html-unknown") == unknown


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<tt>a</tt>", "<p><code>a</code></p>"),
        ("<acronym title='World'>W</acronym>", '<p><abbr title="World">W</abbr></p>'),
        ("<strike>a</strike> <u>b</u>", "<p><s>a</s> <u>b</u></p>"),
        ("<CENTER>a</CENTER>", "<div>a</div>"),
        ("<div>a</div><div>b</div>", "<div>a</div><div>b</div>"),
        ("<article><header>a</header><p>b</p></article>", "<div><div>a</div><p>b</p></div>"),
        ("<details open><summary>a</summary>b</details>", '<details open=""><summary>a</summary>b</details>'),
        ('<span lang="fr">bon</span> <bdi>x</bdi>', '<p><span lang="fr">bon</span> <bdi>x</bdi></p>'),
        (
            "<kbd>Enter</kbd> <var>x</var> <samp>y</samp>",
            "<p><kbd>Enter</kbd> <var>x</var> <samp>y</samp></p>",
        ),
        ("<ruby>a<rt>b</rt></ruby>", "<p><ruby>a<rt>b</rt></ruby></p>"),
        ('<a name="top"></a>', '<p><a id="top"></a></p>'),
        ("<A NAME=top>x</A>", '<p><a id="top">x</a></p>'),
        ('<a name="old" id="new">x</a>', '<p><a id="new">x</a></p>'),
        ('<span onclick="x" style="y" class="z">a</span>', "<p><span>a</span></p>"),
    ],
)
def test_old_and_whole_page_elements_keep_what_they_mean(body: str, html: str) -> None:
    """Blocks never run together; the words' language and direction stay (WCAG 2.2, 3.1.2)."""
    assert cleaned(body).removesuffix("\n") == html


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("<p class=MsoNormal>Hi<o:p></o:p></p>", (None, 1, 4)),
        ("one\n\n<p style='mso-margin-top-alt:auto'>Hi</p>", (None, 3, 4)),
        ("<div>\n<o:p>&nbsp;</o:p>\n</div>", (None, 2, 1)),
        ("Hi\nyou<o:p></o:p>\n\n<p class=MsoNormal>Hi</p>", (None, 2, 4)),
    ],
)
def test_what_was_pasted_from_word_is_told_once(body: str, place: tuple[None, int, int]) -> None:
    """At its first trace."""
    assert told(body * 2, "pasted-from-word") == [place]


@pytest.mark.parametrize(
    ("body", "shortcodes"),
    [
        ('{{< figure src="a.png" >}}', [('{{< figure src="a.png" >}}', 1, 1)]),
        ("a {{% note %}} b", [("{{% note %}}", 1, 3)]),
        ("{% include video.html %}\n{% raw %}", [("{% include video.html %}", 1, 1), ("{% raw %}", 2, 1)]),
        ("`{{< figure >}}`\n\n    {% include x %}", []),
        ("{{ name }} and {% 5 and }", []),
    ],
)
def test_shortcodes_of_other_programs_are_told(body: str, shortcodes: list[tuple[str, int, int]]) -> None:
    """They are shown as text: nothing that stands in a text is ever run."""
    assert told(body, "shortcode") == shortcodes


@given(
    st.lists(
        st.sampled_from(["<", ">", "</", "svg", "math", "b", "x-y", " ", "p", '"', "=", "/", "\n"]),
        max_size=40,
    )
)
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_comes_out_closed_and_allowed(pieces: list[str]) -> None:
    """No mixture of half tags passes the allow-list."""
    html = cleaned("".join(pieces))
    events = Events(html)
    assert not events.unbalanced
    assert {tag for tag, _ in events.tags} <= {
        "p",
        "b",
        "a",
        "br",
        "code",
        "pre",
        "blockquote",
        "h1",
        "h2",
        "hr",
    }


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("|a" * 3000 + "|\n" + "|-" * 3000 + "|\n" + "|1|\n" * 3000, "table-too-large", 2),
        ("x\n\n> " + "|a" * 3000 + "|\n> " + "|-" * 3000 + "|\n" + "> |1|\n" * 30, "table-too-large", 4),
        ("x\n\n" + "<div>" * 20_000, "nested-too-deep", 3),
        ("<b>" * 300 + "</b>" * 300, "nested-too-deep", 1),
    ],
)
def test_what_would_keep_a_build_busy_for_minutes_is_refused(body: str, code: str, line: int) -> None:
    """With its place, how much it is, and how much is possible."""
    began = time.process_time()
    (remark,) = outline(body).remarks
    assert time.process_time() - began < 2
    params = dict(remark.params)
    assert (remark.code, remark.line) == (code, line)
    assert int(str(params["count"])) > int(str(params["limit"]))


@pytest.mark.parametrize(
    "body",
    [
        "|a|b|\n|-|-|\n" + "|1|2|\n" * 3000,
        "<div>" * 50 + "x" + "</div>" * 50,
        "<p>one</p>\n" * 3000,
        "a|b\n\n---\n\nc|d\n" * 500,
    ],
)
def test_long_tables_and_many_elements_are_possible(body: str) -> None:
    """The limits are far above what anybody writes."""
    assert outline(body).remarks == ()


@pytest.mark.parametrize(
    "name",
    [
        "iframe",
        "listing",
        "noembed",
        "noframes",
        "noscript",
        "plaintext",
        "template",
        "textarea",
        "title",
        "xmp",
    ],
)
@pytest.mark.parametrize("before", ["", "Words "])
def test_an_old_element_that_is_never_closed_swallows_nothing_and_shows_no_tags(
    name: str, before: str
) -> None:
    """What a parser of HTML reads as text to its end are words like all others here."""
    html = cleaned(f"{before}<{name}>one\n\nTwo *three*.\n")
    assert "&lt;" not in html
    assert re.sub(r"<[^>]*>|\*", "", html).split() == [*before.split(), "one", "Two", "three."]


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("a\n\n<!-- b\n\nc", "<!--"),
        ("<!-- a -->\n\n<!-- b\n", "<!--"),
        ("<![CDATA[ a", "<![CDATA["),
        ("<?php a", "<?"),
        ("<!DOCTYPE html\n\nb", "<!"),
        ("a\n\n<SCRIPT>\n\nb", "<SCRIPT"),
        ("<style>a</style>b\n\n<style>c", "<style"),
        ("<!DOCTYPE html>\n\nb <script>c</SCRIPT>", ""),
        ("<!-- a\n\nb -->\n", ""),
        ("a <!-- b\n", ""),  # shown as it is written
        ("`<!--` and\n\n    <!-- code\n", ""),
    ],
)
def test_a_remark_that_is_never_closed_is_told(body: str, value: str) -> None:
    """All below it would vanish without a word."""
    found = [dict(one.params)["value"] for one in outline(body).remarks if one.code == "remark-open"]
    assert found == [value] * bool(value)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<div title="one>two</div>\n\nThree "four" five.', '<div title="one>two Three "four" five.'),
        ("<h2 id='one>two</h2>\n\nIt's three.", "<h2 id='one>two It's three."),
        ("<table\n\nOne | two", "<table One | two"),
        ("<p align=center\n\nOne.", "<p align=center One."),
        ('<div title="a\nb">one</div>\n', "one"),
        ('<div title="a > b">one</div>\n', "one"),
        ('<!-- <div title=" -->\n\nOne.', "One."),
        ('<img alt="a" src="data:image/png;base64,' + "A" * 100_000 + '">\n\nOne.', "One."),
    ],
)
def test_a_tag_without_an_end_hides_no_words(body: str, words: str) -> None:
    """It is shown as it was written; what is in quotes is no end."""
    assert " ".join(plain(cleaned(body)).split()) == words
    found = [one.code for one in outline(body).remarks if one.code == "tag-open"]
    assert found == ["tag-open"] * words.startswith("<")


def test_many_tags_without_an_end_take_no_longer_than_others() -> None:
    """Each looks for its quotation mark to the end."""
    began = time.process_time()
    outline("<div '\n\n" * 20_000)
    assert time.process_time() - began < 5
