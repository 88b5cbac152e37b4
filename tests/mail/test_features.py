"""HTML and CSS that mails use, each looked up in caniemail's data (npm `caniemail` 1.0.5, November 2026).

The clients asked about: Outlook on Windows (Word), Gmail (web, iOS, Android, mobile web), Apple Mail. What one
of them drops may change how a mail looks, never what stands in it or in which order.
"""

import re

import pytest

from newsfeed.mail import digest
from newsfeed.views import DigestGroup, DigestNote, Fallback
from tests.mail.issues import issue, stories, texts_of, tools
from tests.mail.test_digest import a_view, headers

EVERYWHERE = {
    "background-color", "border", "border-color", "color", "font-family", "font-size", "line-height", "margin",
    "text-decoration",
}  # fmt: skip
DROPPED = {
    "border-top": "Word draws it unreliably around a <div> or <p>: stories are parted by <hr>, topics by headings",
    "display": "Gmail's mobile web shows the line for the mailbox at the top, as any other line",
    "float": "Word sets a picture below its title instead of beside it",
    "height": "pictures have their size in attributes",
    "margin-left": "a picture is closer to its text",
    "margin-right": "a picture is closer to its text",
    "max-width": "for Word a table has the width; elsewhere the text is as wide as the window",
    "overflow": "a picture longer than its text stands beside the next story",
    "overflow-wrap": "a word longer than the window is wide is not broken",
    "padding": "Word knows it in tables only: there is less room around the text",
}
"""Property → what a reader sees whose program drops it."""
TAGS = {
    "a", "body", "div", "em", "h1", "h2", "h3", "head", "hr", "html", "img", "li", "meta", "p", "span", "strong",
    "style", "title", "ul",
}  # fmt: skip


def mails() -> list[str]:
    """HTML parts with everything in them: pictures, fallbacks, a note, a lead, rules."""
    rich = issue(stories(4, picture=True)), issue(stories(3, languages=("de",), picture=True))
    found = [texts_of(one.of(lang))[1] for one in rich for lang in ("en", "fr")]
    _, _, templates = tools()
    view = a_view("One", "Two", "Three")
    html = "<p>Dear <strong>all</strong>, <em>hello</em></p>\n<ul>\n<li>a</li>\n</ul>"
    groups = (DigestGroup("", "", view.groups[0].entries[:1]), *view.groups[1:])
    note = DigestNote(html, "de", Fallback("de", "ltr", "German"))
    view = a_view("One", "Two", "Three", groups=groups, note=note, intro="Hello")
    mail = digest.encode_digest_message(digest.render_digest_mail(templates, view, ("Why",)), headers("x"))
    return [*found, texts_of(mail)[1]]


@pytest.fixture(scope="module")
def parts() -> list[str]:
    """The HTML parts, made once."""
    return mails()


def test_each_property_is_known_everywhere_or_can_be_done_without(parts: list[str]) -> None:
    """What comes new is looked up first; what is used no more leaves the list."""
    used = set()
    for html in parts:
        styles = re.findall(r'style="([^"]*)"', html) + re.findall(
            r"[{;]([^{}]*)(?=})", html.split("<body")[0]
        )
        used |= {one.partition(":")[0].strip() for style in styles for one in style.split(";") if ":" in one}
    assert used - {"@media (max-width", "@media (prefers-color-scheme"} <= EVERYWHERE | DROPPED.keys()


def test_only_plain_elements_are_used(parts: list[str]) -> None:
    """No layout by tables but the one for Word, no forms, no scripts."""
    used = {
        tag.lower()
        for html in parts
        for tag in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", re.sub(r"<!--.*?-->", "", html))
    }
    assert used <= TAGS


def test_the_order_is_that_of_the_source(parts: list[str]) -> None:
    """Nothing is positioned, ordered or reversed by style."""
    for html in parts:
        assert not re.search(
            r"\bposition\s*:|\border\s*:|flex|grid|row-reverse|transform", html.partition("<body")[2]
        )


def test_a_rule_stands_between_stories_and_nowhere_else(parts: list[str]) -> None:
    """One less than a topic has stories."""
    for html in parts:
        topics = re.split(r"<h[12]", html)
        for topic in topics[1:]:
            assert topic.count("<hr") == max(topic.count("<h3") - 1, 0)
