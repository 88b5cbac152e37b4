"""Links to places of their own page."""

import pytest

from newsfeed.render.markdown import Remark, outline, read


def dead(body: str) -> list[Remark]:
    """The dead ones, which are the same whether or not the text is rendered, too."""
    found = [one for one in outline(body).remarks if one.code == "anchor-dead"]
    assert [one for one in read(body)[0].remarks if one.code == "anchor-dead"] == found
    return found


@pytest.mark.parametrize(
    "body",
    [
        '<a name="x">a</a> [b](#x)',
        "<h2 id=x>a</h2>\n\n[b](#x)",
        '<A HREF="#x">b</A> <A NAME=x></A>',
        "[a](#größe) <b id=größe>b</b>",
        "[a](#gr%C3%B6%C3%9Fe) <b id=größe>b</b>",
        "a[^1] [b](#fn-1)\n\n[^1]: c",
        "[a](#content) [b](#top) [c](#) [d](#:~:text=x)",
        "[a](other.md#x)",
    ],
)
def test_a_place_that_is_there_is_found(body: str) -> None:
    """Of the text, its footnotes, the page around it, and what browsers know themselves."""
    assert dead(body) == []


def test_a_place_that_is_not_there_is_told_with_those_that_are_alike() -> None:
    """At the link."""
    (one,) = dead("<b id=there>a</b>\n\nä [b](#ther)")
    assert one == Remark("anchor-dead", 3, 3, (("value", "#ther"), ("known", "#there")))
    (none,) = dead("[b](#ther)")
    assert dict(none.params)["known"] == "–"
