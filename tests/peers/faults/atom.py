"""Faults for the Atom sample."""

from .fault import Fault

_SELF = '<link rel="self" type="application/atom+xml"'
_HOME = '<link rel="alternate" type="text/html" href="https://news.example/de/"/>'
_PAGE = '<link rel="alternate" type="text/html" href="https://news.example/de/2010/lenger/"/>'
_CURRENT = '<link rel="current" href="https://news.example/de/feed.atom"/>'
_ID = "<id>tag:news.example,2010:lenger:de</id>"
_UPDATED = "<updated>2010-01-26T08:00:00Z</updated>"
_PUBLISHED = "<published>2010-01-26T08:00:00Z</published>"
_CATEGORY = '<category term="KZ" label="Kasachstan"/>'
_SUMMARY = "<summary>Etwa 30 Personen nahmen teil.</summary>"
_HREF = 'href="https://news.example/de/2010/lenger/#fn1"'
_P = "&lt;p&gt;Theorie"

ATOM_FAULTS = (
    Fault("not well-formed", "</feed>", "</fed>", "not well-formed"),
    Fault("no language", ' xml:lang="de"', ""),
    Fault("underscore in the language", 'xml:lang="en"', 'xml:lang="en_GB"'),
    Fault("no feed id", "<id>tag:news.example,2010:feed:de</id>", ""),
    Fault("feed id is an address", "<id>tag:news.example,2010:feed:", "<id>http://a/"),
    Fault("two ids", _ID, f"{_ID}{_ID}"),
    Fault("blank title", "<title>New videos<", "<title> <"),
    Fault("no updated", _UPDATED, ""),
    Fault("no published", _PUBLISHED, ""),
    Fault("day without time", _PUBLISHED, "<published>2010-01-26</published>"),
    Fault("time without zone", _UPDATED, _UPDATED.replace("Z", "")),
    Fault("blank for T", _UPDATED, _UPDATED.replace("T", " ")),
    Fault("small z", _UPDATED, _UPDATED.replace("Z", "z"), "a date is wrong"),
    Fault("no such day", "2010-02-04T", "2010-02-30T", "a date is wrong"),
    Fault("updated too early", _UPDATED, _UPDATED.replace("26", "25"), "before it was"),
    Fault("feed older than news", "<updated>2010-02-05", "<updated>2010-02-04", "older"),
    Fault(
        "no feed author",
        "<author><name>WECF</name><uri>https://news.example/</uri></author>",
        "",
    ),
    Fault("no entry author", "<author><name>WECF news</name></author>", ""),
    Fault("author with mail", "</name></author>", "</name><email>a@b.c</email></author>"),
    Fault("author is an address", ">WECF news<", ">a@news.example<", "a mail address"),
    Fault("bare author", "<author><name>WECF news</name>", "<author>WECF news"),
    Fault("no self link", _SELF, '<link rel="first"', "0 self links"),
    Fault("two self links", '<link rel="hub"', _SELF, "2 self links"),
    Fault("self link without type", _SELF, '<link rel="self"'),
    Fault("no home page", _HOME, "", "0 alternate links"),
    Fault("two home pages", _HOME, f"{_HOME}{_PAGE}", "2 alternate links"),
    Fault(
        "translation as alternate",
        'rel="related"',
        'rel="alternate" type="text/html"',
        "2 alternate",
    ),
    Fault("no page", _PAGE, "", "0 alternate links"),
    Fault("relative page", _PAGE, _PAGE.replace("https://news.example", "")),
    Fault("page twice", "2010/videos/", "2010/lenger/", "the alternate link"),
    Fault("unknown relation", 'rel="related"', 'rel="via"'),
    Fault("underscore in hreflang", 'hreflang="fr"', 'hreflang="fr_FR"'),
    Fault("enclosure without length", ' length="48211"', ""),
    Fault("enclosure without type", ' type="image/jpeg"', ""),
    Fault("archive without current", _CURRENT, "", "does not name the current feed"),
    Fault("archive is current", "a1.atom", "feed.atom", "calls itself the current"),
    Fault("two markers", "<fh:archive/>", "<fh:archive/><fh:complete/>"),
    Fault(
        "complete, yet with archives",
        "<fh:archive/>",
        '<fh:complete/><link rel="prev-archive" href="https://news.example/de/a0.atom"/>',
        "a complete feed has archives",
    ),
    Fault(
        "no generator",
        '<generator uri="https://newsfeed.example/" version="1.0">newsfeed</generator>',
        "",
    ),
    Fault("relative icon", "<icon>https://news.example", "<icon>"),
    Fault("id twice", "2010:videos:en", "2010:lenger:de", "the id .* 2 times"),
    Fault("entry id is the feed's", "2010:videos:en", "2010:feed:de", "the id .* 2 times"),
    Fault("category without term", 'term="KZ"', ""),
    Fault("category twice", _CATEGORY, f"{_CATEGORY}{_CATEGORY}", "the category"),
    Fault("no summary", _SUMMARY, ""),
    Fault("HTML summary", "<summary>", '<summary type="html">'),
    Fault("markup in a summary", "Etwa 30", "&lt;b&gt;30&lt;/b&gt;", "summary has markup"),
    Fault("markup in a title", "New videos", "New &amp;nbsp; videos", "title has markup"),
    Fault("XHTML content", '<content type="html">', '<content type="xhtml">'),
    Fault("unknown element", _ID, f"{_ID}<rating>5</rating>"),
    Fault("relative link", _HREF, 'href="../2010/"', "relative address '../2010/'"),
    Fault("footnote anchor", _HREF, 'href="#fn1"', "relative address '#fn1'"),
    Fault("link without host", _HREF, 'href="https:/de/"', "relative address 'https:/de/'"),
    Fault("script", _P, f"&lt;script&gt;1&lt;/script&gt;{_P}", "has a script"),
    Fault("event attribute", _P, '&lt;p onload="go()"&gt;Theorie', "attribute onload"),
    Fault("tags crossed", _P, "&lt;b&gt;&lt;p&gt;&lt;/b&gt;Theorie", "not balanced"),
    Fault(
        "relative image in a set",
        _P,
        f'&lt;img alt="" srcset="https://news.example/a.png 1x, b.png 2x"&gt;{_P}',
        "relative address 'b.png'",
    ),
)
