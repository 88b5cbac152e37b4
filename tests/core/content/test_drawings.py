"""Drawings that do more than show something."""

import pytest

from newsfeed.core.content.drawings import find_drawing_fault, suits_dark_pages

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawing(inside, attributes=""):
    """An SVG around something, which stands in its second line."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>\n{inside}\n</svg>'.encode()


@pytest.mark.parametrize(
    "inside",
    [
        "<path d='M0 0h9'/>",
        "<style>path { fill: url(#shade) } @media (prefers-color-scheme: dark) { path { fill: #fff } }</style>",
        "<use href='#part'/>",
        "<a href='https://there.example/'><text>words about a script: javascript:</text></a>",
        "<image href='data:image/png;base64,iVBORw0KGgo='/>",
        "<metadata><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata>",
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>",
        "<g style='fill: url(#shade)'/>",
    ],
)
def test_what_only_shows_something_passes(inside):
    """With styles, links, pictures inside, and what drawing programs note."""
    assert find_drawing_fault(drawing(inside, XLINK)) is None


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<svg:script xmlns:svg='http://www.w3.org/2000/svg'>1</svg:script>", "<svg:script>"),
        ("<SCRIPT>1</SCRIPT>", "<SCRIPT>"),
        ("<path onload='alert(1)'/>", "<path onload>"),
        ("<a href=' java&#x73;cript:alert(1)'/>", "<a href>"),
        ("<a xlink:href='javascript:alert(1)'/>", "<a xlink:href>"),
        ("<animate attributeName='href' to='javascript:alert(1)'/>", "<animate to>"),
        ("<foreignObject><p/></foreignObject>", "<foreignObject>"),
        ("<image href='https://there.example/pixel.png'/>", "<image href>"),
        ("<image href='data:image/svg+xml;base64,PHN2Zy8+'/>", "<image href>"),
        ("<use xlink:href='other.svg#part'/>", "<use xlink:href>"),
        ("<style>@import 'https://there.example/x.css';</style>", "<style>"),
        ("<g style='fill: url(https://there.example/x.svg#a)'/>", "<g style>"),
        ("<?xml-stylesheet href='x.css'?>", "<?xml-stylesheet?>"),
    ],
)
def test_what_does_more_is_named_with_its_line(inside, what):
    """Whatever disguise it wears."""
    fault = find_drawing_fault(drawing(inside, XLINK))
    assert fault is not None
    assert (fault.what, fault.line, fault.is_broken) == (what, 2, False)


def test_entities_are_refused_before_they_grow():
    """A few lines could become gigabytes."""
    head = b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">\n<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
    fault = find_drawing_fault(head + drawing("<text>&b;</text>"))
    assert fault is not None
    assert fault.what == "<!ENTITY a>"


@pytest.mark.parametrize(
    "data", [b"", b"<svg", b"\x89PNG", b"<svg>&nbsp;</svg>", "<svg>ä</svg>".encode("latin-1")]
)
def test_what_is_no_xml_is_broken(data):
    """Browsers would show nothing."""
    fault = find_drawing_fault(data)
    assert fault is not None
    assert fault.is_broken


def test_a_drawing_may_look_after_dark_pages_itself():
    """By a media query."""
    assert suits_dark_pages(drawing("<style>@media (prefers-color-scheme: dark) { }</style>"))
    assert not suits_dark_pages(drawing(""))
