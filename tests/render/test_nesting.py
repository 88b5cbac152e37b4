"""Old HTML: elements come to stand where they may, and no word is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.render.markdown import cleaned, outline
from newsfeed.render.nesting import mend_nesting
from tests.render.old_html import OLD_HTML
from tests.render.test_markdown import Events, dangers

_BLOCK_TAG = re.compile(
    r"</?(?:p|div|ul|ol|li|dl|table|t[dhr]|d[dt]|h[1-6]|br|hr|blockquote|pre|section|caption|details|summary"
    r"|fig\w+|rt)\b[^<>]*>"
)


def words_of(html: str) -> list[str]:
    """Words as readers see them; blocks part them, other elements do not."""
    return re.sub(r"<[^<>]*>", "", _BLOCK_TAG.sub(" ", html)).split()


@pytest.mark.parametrize("body", OLD_HTML.values(), ids=OLD_HTML.keys())
def test_no_word_of_old_html_is_lost_or_runs_into_the_next(body: str) -> None:
    """Each is there once, by itself, whatever stood around it."""
    last = max(map(int, re.findall(r"\ba(\d)", body)), default=0)
    shown = re.findall(r"\ba\d\b", " ".join(words_of(cleaned(body))))
    assert sorted(shown) == [f"a{number}" for number in range(1, last + 1)]


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<b><p>a</p>b</b>", "<p><b>a</b></p><b>b</b>"),
        ('<a href="x"><h2>a</h2></a>', '<h2><a href="x">a</a></h2>'),
        ('<a name="top"><h2>a</h2><p>b</p></a>', '<h2><a id="top">a</a></h2><p><a>b</a></p>'),
        ("<h2><p>a</p><p>b</p></h2>", "<h2>a<br>b</h2>"),
        ("<h2></h2>a", "a"),
        ("<li>a<li>b", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul><p>a</p><li>b</ul>", "<ul><li><p>a</p></li><li>b</li></ul>"),
        ("<ul><li>a</li><ul><li>b</ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<dl><dd>a</dl>", "<div>a</div>"),
        ("<dl><dt>a</dl>", "<dl><dt>a</dt><dd></dd></dl>"),
        ("<details>a</details>", "<div>a</div>"),
        ("<td>a</td><td>b</td>", "<div>a</div><div>b</div>"),
        ("a<br></br>b", "a<br>b"),
        ('<img src="a.png">', '<img src="a.png" alt="">'),
        ('<img src="a.png" width="50%" height="20px" alt="b">', '<img src="a.png" height="20" alt="b">'),
        ('<div id="a">b</div><div id="a">c</div>', '<div id="a">b</div><div>c</div>'),
        ('<h2 id="content">a</h2>', "<h2>a</h2>"),
        (
            "<table><tr><td rowspan=3>a<td colspan=4>b</table>",
            "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
        ),
        ('<map><area href="a" alt="b"></map>', '<a href="a">b</a>'),
        ("<time datetime=2001-02-30>a</time>", "a"),
        ("<time datetime=2001-02-28>a</time>", '<time datetime="2001-02-28">a</time>'),
    ],
)
def test_elements_stand_where_html_allows_them(body: str, html: str) -> None:
    """A kind of words moves into the block; what lacks its list gets one; what says nothing goes."""
    assert re.sub(r"(?<=>)\s+|\s+(?=<)", "", cleaned(f"<div>{body}</div>")) == f"<div>{html}</div>"


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("<P>One sentence.\n<P>Two.", "One sentence."),
        ("<p>One sentence.\n<p>Two.</p>", "One sentence."),
        ("<CENTER><P>One</CENTER>\n\nTwo", "One"),
    ],
)
def test_a_paragraph_that_is_not_closed_is_a_summary(body: str, summary: str) -> None:
    """It ends where a browser ends it."""
    assert outline(body).first_paragraph == summary


_TAGS = ("p", "b", "a href=x", "a id=y", "h2", "ul", "li", "dl", "dt", "dd", "table", "tr", "td colspan=3", "br",
         "td rowspan=2", "caption", "details", "summary", "figure", "figcaption", "ruby", "rt", "pre", "div", "section")  # fmt: skip


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(_TAGS)), max_size=25))
@settings(max_examples=200, deadline=None)
def test_any_heap_of_tags_is_balanced_and_safe_and_keeps_its_words(tags: list[tuple[bool, str]]) -> None:
    """What was mended once needs no mending, and every word between the tags is there."""
    body = "".join(
        f"<{'/' if closes else ''}{name.split()[0] if closes else name}> w{number} "
        for number, (closes, name) in enumerate(tags)
    )
    html = cleaned(f"<div>{body}</div>")
    events = Events(html)
    assert not events.open
    assert not events.unbalanced
    assert dangers(html) == []
    assert sorted(re.findall(r"w\d+", html)) == sorted(f"w{number}" for number in range(len(tags)))
    assert mend_nesting(html) == html
