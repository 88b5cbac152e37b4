"""Texts with gaps: all of a text but where its links lead."""

import pytest

from newsfeed.render.link_slots import cut_at_links, fill_links
from newsfeed.views import Picture

BACK = "Back, {number}"
SIZES = 'srcset="/s 320w" sizes="(min-width: 40rem) 35rem, 100vw"'


@pytest.mark.parametrize(
    ("html", "with_link_slots"),
    [
        ("<p>a</p>", ["<p>a</p>"]),
        ('<a href="x">a</a>', ["<a", "ax", ">a</a>"]),
        ('<a id="i" href="x" title="t">', ['<a id="i"', "ax", ' title="t">']),
        ('<img src="p.png" alt="">', ["<img", "ip.png", ' alt="">']),
        ('<a href="a&amp;b&quot;">', ["<a", 'aa&b"', ">"]),
        ('<a href="x"><img src="y"></a>', ["<a", "ax", "><img", "iy", "></a>"]),
        ('<abbr title=" href=">', ['<abbr title=" href=">']),
        ('<a id="x">a</a> href="y"', ['<a id="x">a</a> href="y"']),
    ],
)
def test_a_text_is_cut_where_its_links_lead(html, with_link_slots):
    """Targets are what their author meant, without entities."""
    assert cut_at_links(html, BACK) == with_link_slots
    assert fill_links(with_link_slots, lambda target, is_image: (target, "")) == html


def test_gaps_are_filled_with_what_links_mean_on_a_page():
    """The words of a link that leads nowhere stay; so does an image, for its alternative text."""
    with_link_slots = cut_at_links('<a id="i" href="x">a</a><img src="p" alt="b"><a href="y">c</a>', BACK)
    address = {("x", False): "", ("p", True): "", ("y", False): '/y?<"&'}
    html = fill_links(with_link_slots, lambda target, is_image: (address[target, is_image], ""))
    assert html == '<a id="i">a</a><img src="" alt="b"><a href="/y?&lt;&quot;&amp;">c</a>'


def test_a_text_can_be_filled_again_and_again():
    """It stays as it is."""
    with_link_slots = cut_at_links('<a href="x">a</a>', BACK)
    assert fill_links(with_link_slots, lambda target, is_image: ("1", "")) == '<a href="1">a</a>'
    assert fill_links(with_link_slots, lambda target, is_image: ("2", "")) == '<a href="2">a</a>'


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<a href="x">a</a>, b', '<a href="x">a</a> (in German), b'),
        ('<a href="x"><img src="y"></a>.', '<a href="x"><img src="y"></a> (in German).'),
        ('<a href="x">a</a> <a href="z">c</a>', '<a href="x">a</a> (in German) <a href="z">c</a>'),
        ('<a href="x">a</a> (in German) b', '<a href="x">a</a> (in German) b'),
    ],
)
def test_what_is_said_of_a_link_stands_behind_it(html, shown):
    """Unless its author has said so."""
    notes = {"x": "(in German)"}
    assert fill_links(cut_at_links(html, BACK), lambda target, _: (target, notes.get(target, ""))) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<p><img src="p.jpg" alt="a" title="x &amp; y"></p>',
            f'<figure><img src="/p.jpg" {SIZES} width="9" height="6" loading="lazy" alt="a"><figcaption>x &amp; y</figcaption></figure>',
        ),
        (
            '<p><a href="p.jpg"><img src="q.jpg" alt="a" title="x"></a></p>',
            '<figure><a href="to"><img src="to" alt="a"></a><figcaption>x</figcaption></figure>',
        ),
        (
            '<p>b <img src="q.jpg" alt="a" title="x"></p>',
            '<p>b <img src="to" alt="a" title="x"></p>',
        ),
        (
            '<p><img width="3" src="p.jpg" alt="a"></p>',
            f'<p><img width="3" src="/p.jpg" {SIZES} loading="lazy" alt="a"></p>',
        ),
        ('<p><img src="q.jpg" alt="a" title=""></p>', '<p><img src="to" alt="a" title=""></p>'),
    ],
)
def test_a_picture_comes_in_its_sizes_and_alone_with_its_title_as_caption(html, shown):
    """Where its author gave a size, that stays."""
    picture = Picture("/p.jpg", "", 9, 6, "/s 320w")
    text = cut_at_links(html, BACK)
    assert fill_links(text, lambda *_: ("to", ""), {"p.jpg": picture}.get) == shown
