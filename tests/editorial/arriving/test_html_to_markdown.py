"""HTML of other programs as Markdown, judged by what our own renderer makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.editorial.arriving.html_to_markdown import convert_html


def markdown(html: str, base_url: str = "") -> str:
    """Only the text."""
    return convert_html(html, base_url).markdown


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h2>Über &amp; <em>x</em></h2><p>A <b>b</b></p>", "## Über & *x*\n\nA **b**"),
        ("<p>1 &lt; 2 * 3 _x_ [y] # z</p>", "1 \\< 2 \\* 3 \\_x\\_ \\[y\\] \\# z"),
        ('<a href="/x y">l</a>', "[l](https://a.example/x%20y)"),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ('<pre><code class="language-py">a*b\n c</code></pre>', "```py\na*b\n c\n```"),
        ("<ul><li>a<ul><li>b</ul></ul>", "- a\n  - b"),
        ("<p>unclosed <b>bold</p><p>next", "unclosed **bold**\n\nnext"),
        ("<dl><dt>T<dd>D</dl>", "**T**\n\nD"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("one\n\ntwo\nthree", "one\n\ntwo\\\nthree"),
        ("one & two", "one & two"),
        ("<![CDATA[x]]>", ""),
        ("", ""),
        ("\x00\x0b", ""),
    ],
)
def test_html_becomes_markdown_that_means_it(html, text):
    """Also where it is broken, and where blank lines are all there is between paragraphs."""
    assert markdown(html, "https://a.example/b/") == text


def test_what_runs_or_asks_is_taken_out_and_told():
    """Scripts, handlers, forms and unsafe addresses go; what a player plays becomes a link."""
    converted = convert_html(
        "<p onclick='x()'>a <script>alert(1)</script><style>p{}</style>"
        "<a href=' java&#10;script:alert(1)'>b</a> <a href='data:text/html,x'>c</a> <form><input>d</form>"
        "<iframe src='//video.example/1' title='Film'></iframe><svg onload=x><text>e</text></svg></p>"
    )
    assert converted.markdown.replace("\n", "") == "a b cd[Film](https://video.example/1)e"
    assert set(converted.removed) == {
        "onclick", "script", "style", "javascript", "data", "form", "input", "iframe", "svg",
    }  # fmt: skip


def test_links_of_nikola_to_its_own_texts_stay():
    """They are replaced when all texts have their files; a picture has no such address."""
    converted = convert_html('<a href="link://slug/wells">a</a> <img src="link://slug/b" alt="b">')
    assert converted.markdown == "[a](link://slug/wells)"
    assert dict(converted.removed) == {"link": 1}


def test_pictures_get_words_and_pixels_that_count_readers_go():
    """From their title, from below them, else from the file's name, which is told."""
    converted = convert_html(
        '<img src="a-b_c.jpg"><img src="d.png" title="T"><img src="p.gif" width="1" height="1">'
        '<figure><img src="e.png"><figcaption>F</figcaption></figure>'
    )
    assert converted.markdown == '![a b c](a-b_c.jpg)![T](d.png "T")\n\n![F](e.png)\n\nF'
    assert converted.nameless == ("a-b_c.jpg",)


def test_notes_become_notes():
    """With the way there and back, in the order of the text."""
    html = (
        '<p>A<sup><a href="#f2">2</a></sup> b<a href="#f1"><sup>1</sup></a> <a href="#top">up</a></p><hr>'
        '<ol><li id="f1">One <a href="#r1">↩</a></li><li id="f2"><p>Two</p><p>more</p></li></ol>'
    )
    assert markdown(html) == "A[^1] b[^2] up\n\n[^1]: Two\n\n    more\n\n[^2]: One"


def test_too_deep_html_keeps_its_words():
    """Nobody's stack overflows."""
    converted = convert_html("<div>" * 5000 + "words &amp; more")
    assert (converted.markdown, converted.is_flat) == ("words & more", True)


@given(st.text(alphabet=st.sampled_from("<>&\"'/ab pdivscript=!-[]()`*_#\n1.")))
def test_nothing_that_anybody_writes_breaks_it(html):
    """And no script comes through."""
    assert "<script" not in markdown(html).lower().replace("\\<script", "")
