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
    (link,) = outline(f"über\n\n{body}").unseen_links
    assert (link.line, link.column) == (3, 1 + body.index(link.written[0]))
    assert (link.corrected, link.is_sure) == (corrected, True)
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
    assert not any(link.is_sure for link in outline(body).unseen_links)


@pytest.mark.parametrize(
    ("body", "target", "corrected"),
    [
        ("[x](my file (1).pdf)", "my file (1).pdf", "[x](<my file (1).pdf>)"),
        ("[x](minutes of May)", "minutes of May", "[x](minutes%20of%20May)"),
        ("[x](the minister's plan.pdf)", "the minister's plan.pdf", "[x](the%20minister's%20plan.pdf)"),
    ],
)
def test_what_may_be_a_link_to_a_file_is_noted(body: str, target: str, corrected: str) -> None:
    """Whoever knows the files says whether it is one."""
    (link,) = outline(body).unseen_links
    assert (link.target, link.corrected, link.is_sure) == (target, corrected, False)
    (found,) = outline(corrected).links
    assert found.target.replace("%20", " ") == target
