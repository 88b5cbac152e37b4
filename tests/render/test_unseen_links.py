"""Links that Markdown does not see."""

import pytest

from newsfeed.render.markdown import outline


@pytest.mark.parametrize(
    ("body", "corrected"),
    [
        ("see [x] (https://example.org/)", "[x](https://example.org/)"),
        ("![x] (a.png)", "![x](a.png)"),
        ("(x y)[https://example.org/]", "[x y](https://example.org/)"),
        ("(x)[plan.pdf]", "[x](plan.pdf)"),
        ("[x](my file.pdf)", "[x](my%20file.pdf)"),
        ("![x](my picture.jpg)", "![x](my%20picture.jpg)"),
        ("[x](https://example.org/a b)", "[x](https://example.org/a%20b)"),
    ],
)
def test_a_link_that_markdown_does_not_see_is_told_with_the_line_that_works(
    body: str, corrected: str
) -> None:
    """At its first sign."""
    (remark,) = [one for one in outline(f"über\n\n{body}").remarks if one.code == "link-unseen"]
    assert (remark.line, remark.column) == (3, 1 + body.index(remark.params[0][1][0]))
    assert dict(remark.params)["example"] == corrected
    assert len(outline(corrected).links) == 1


@pytest.mark.parametrize(
    "body",
    [
        "[x](a.pdf)",
        '[x](a.pdf "a title.pdf")',
        "[x](<my file.pdf>)",
        "as [noted] (see page 3)",
        "f(x)[a.html]",
        "`[x] (https://example.org/)`",
        "    [x](my file.pdf)",
        "(see)[^1]\n\n[^1]: x",
    ],
)
def test_other_brackets_are_left_alone(body: str) -> None:
    """Links, titles, words, code and footnotes."""
    assert [one for one in outline(body).remarks if one.code == "link-unseen"] == []
