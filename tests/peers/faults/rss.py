"""Faults for the RSS sample."""

from .fault import Fault

_LENGER = "<link>https://news.example/de/2010/lenger/</link>"
_BUILT = "<lastBuildDate>Thu, 04 Feb 2010 09:00:00 +0100</lastBuildDate>"
_GUID = '<guid isPermaLink="false">tag:news.example,2010:lenger:de</guid>'
_DATE = "<pubDate>Thu, 04 Feb 2010 09:00:00 +0100</pubDate>"
_HREF = 'href="https://news.example/de/2010/lenger/#fn1"'
_SELF = '<atom:link rel="self" type="application/rss+xml"'
_CURRENT = '<atom:link rel="current" href="https://news.example/de/feed.rss"/>'
_ENCLOSURE = '<enclosure url="https://a.example/b" length="1" type="a/b"/>'
_CATEGORY = "<category>Kasachstan</category>"
_SUMMARY = "<description>&lt;p&gt;Two videos.&lt;/p&gt;</description>\n"
_TEXT = "<content:encoded>&lt;p&gt;Two new videos.&lt;br&gt;Ecosan.&lt;/p&gt;</content:encoded>\n"
_IMG = '&lt;img src="https://news.example/a.png"&gt;'
_P = "&lt;p&gt;Etwa"

RSS_FAULTS = (
    Fault("not well-formed", "</channel>", "</chanel>", "not well-formed"),
    Fault("another version", 'version="2.0"', 'version="0.92"'),
    Fault("no channel title", "<title>Nachrichten</title>", ""),
    Fault("blank channel title", "<title>Nachrichten<", "<title> <"),
    Fault("markup in channel title", "<title>N", "<title>&lt;b&gt;N", "title has markup"),
    Fault("two channel links", "<docs>", "<link>https://a.example/</link><docs>"),
    Fault("relative channel link", "<link>https://news.example/de/<", "<link>/de/<"),
    Fault("no lastBuildDate", _BUILT, ""),
    Fault("underscore in the language", "<language>de<", "<language>de_DE<"),
    Fault("unknown element in an item", _GUID, f"{_GUID}<rating>5</rating>"),
    Fault("bare name in author", _GUID, f"{_GUID}<author>Regina Drexel</author>"),
    Fault("no guid", _GUID, ""),
    Fault("guid claims to be a link", 'isPermaLink="false"', 'isPermaLink="true"'),
    Fault("guid is no tag", ">tag:news.example,2010:lenger:de<", ">lenger<"),
    Fault("guid twice", "2010:videos:en", "2010:lenger:de", "the guid .* 2 times"),
    Fault("no item link", _LENGER, ""),
    Fault("umlaut in a link", "2010/lenger/</link>", "2010/länger/</link>"),
    Fault("link twice", "2010/videos/", "2010/lenger/", "the link .* 2 times"),
    Fault("no pubDate", _DATE, ""),
    Fault("German weekday", _DATE, _DATE.replace("Thu", "Do")),
    Fault("two-digit year", _DATE, _DATE.replace("2010", "10")),
    Fault("zone by name", _DATE, _DATE.replace("+0100", "CET")),
    Fault("wrong weekday", _DATE, _DATE.replace("Thu", "Wed"), "was a Thu"),
    Fault("no such day", _DATE, _DATE.replace("04", "31"), "a date is wrong"),
    Fault("build before news", "Date>Thu, 04", "Date>Wed, 03", "lastBuildDate is older"),
    Fault("no self link", _SELF, '<atom:link rel="first"', "0 self links"),
    Fault("two self links", '<atom:link rel="hub"', f"{_SELF}", "2 self links"),
    Fault("self link without type", _SELF, '<atom:link rel="self"'),
    Fault("unknown link relation", 'rel="hub"', 'rel="via"'),
    Fault("relation twice", 'rel="hub"', 'rel="current"', "link relation 'current'"),
    Fault("archive without current", _CURRENT, "", "does not name the current feed"),
    Fault("archive is current", "a1.rss", "feed.rss", "calls itself the current"),
    Fault("archive and complete", "<fh:archive/>", "<fh:archive/><fh:complete/>"),
    Fault(
        "successor of the live feed",
        "<fh:archive/>",
        '<atom:link rel="next-archive" href="https://news.example/de/a2.rss"/>',
        "no archive has a next archive",
    ),
    Fault(
        "archive before itself",
        '<atom:link rel="hub" href="https://hub.example/"/>',
        '<atom:link rel="prev-archive" href="https://news.example/de/a1.rss"/>',
        "prev-archive is the feed itself",
    ),
    Fault("image without address", "<url>https://news.example/logo.png</url>", ""),
    Fault("image link elsewhere", "/de/</link></image>", "/</link></image>", "image's"),
    Fault("two enclosures", "<enclosure", f"{_ENCLOSURE}<enclosure"),
    Fault("enclosure without length", ' length="48211"', ""),
    Fault("empty enclosure", 'length="48211"', 'length="0"'),
    Fault("enclosure type is a suffix", 'type="image/jpeg"', 'type="jpg"'),
    Fault("no author", "<dc:creator>WECF news</dc:creator>", ""),
    Fault("author is an address", "r>WECF<", "r>a@news.example<", "a mail address"),
    Fault("two languages", "<dc:language>", "<dc:language>fr</dc:language><dc:language>"),
    Fault("empty category", ">Kasachstan<", "><"),
    Fault("category twice", _CATEGORY, f"{_CATEGORY}{_CATEGORY}", "the category"),
    Fault("markup in a title", "New videos", "&lt;b&gt;New&lt;/b&gt;", "has markup"),
    Fault("entity in a title", "New videos", "New &amp;amp; old", "has markup"),
    Fault("text before summary", _SUMMARY + _TEXT, _TEXT + _SUMMARY, "stands before"),
    Fault("relative link", _HREF, 'href="/de/2010/"', "relative address '/de/2010/'"),
    Fault("broken link", _HREF, 'href="https://[de/"', "relative address"),
    Fault("footnote anchor", _HREF, 'href="#fn1"', "relative address '#fn1'"),
    Fault("script", _P, f"&lt;script&gt;1&lt;/script&gt;{_P}", "has a script"),
    Fault("script address", _HREF, 'href="javascript:go()"', "javascript:"),
    Fault("event attribute", _P, '&lt;p onclick="go()"&gt;Etwa', "attribute onclick"),
    Fault("style attribute", _P, '&lt;p style="color:red"&gt;Etwa', "style attribute"),
    Fault("style sheet", _P, f"&lt;style&gt;p{{}}&lt;/style&gt;{_P}", "<style> has no"),
    Fault("frame", _P, f"&lt;iframe&gt;&lt;/iframe&gt;{_P}", "<iframe> has no"),
    Fault("tag left open", _P, "&lt;p&gt;&lt;em&gt;Etwa", "not balanced"),
    Fault("image without alt", _P, f"{_IMG}{_P}", "no alt text"),
)
