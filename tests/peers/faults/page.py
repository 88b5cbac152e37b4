"""Faults for the page sample and for the pair of translations."""

from .fault import Fault

_CANONICAL = '<link rel="canonical" href="https://news.example/de/2010/lenger/">'
_SELF = '<link rel="alternate" hreflang="de" href="https://news.example/de/2010/lenger/">'
_OTHER = '<link rel="alternate" hreflang="en" href="https://news.example/en/2010/lenger/">'
_DEFAULT = _OTHER.replace('"en"', '"x-default"')
_FEED = 'type="application/rss+xml" title="Nachrichten"'
_H1 = "<h1>Schulung in Lenger</h1>"
_STYLE = '<link rel="stylesheet" href="/style.css">'
_IMG = '<img src="/lenger.png"'

PAGE_FAULTS = (
    Fault("no language", '<html lang="de">', "<html>", "html has the lang ''"),
    Fault("underscore in the language", 'lang="de"', 'lang="de_DE"', "lang 'de_DE'"),
    Fault("no charset", '<meta charset="utf-8">', "", "UTF-8"),
    Fault("no viewport", 'name="viewport"', 'name="view"', "no viewport"),
    Fault("no title", "<title>Schulung in Lenger</title>", "", "one <title>"),
    Fault("empty title", "<title>Schulung in Lenger<", "<title> <", "one <title>"),
    Fault("no main heading", _H1, "", "one <h1>"),
    Fault("two main headings", _H1, f"{_H1}{_H1}", "one <h1>"),
    Fault("no canonical", _CANONICAL, "", "0 canonical"),
    Fault("two canonicals", _CANONICAL, f"{_CANONICAL}{_CANONICAL}", "2 canonical"),
    Fault("relative canonical", _CANONICAL, '<link rel="canonical" href="/">', "relative"),
    Fault("no feed", "rss+xml", "xml", "leads to no feed"),
    Fault("feed without type", 'type="application/rss+xml"', "", "no feed type"),
    Fault("feed without title", ' title="Nachrichten"', "", "no title"),
    Fault(
        "feed without address",
        f"{_FEED}\n href=",
        f"{_FEED}\n data-href=",
        "no address",
    ),
    Fault("script", _H1, f"<script>1</script>{_H1}", "has a script"),
    Fault("own script file", _H1, f'<script src="/a.js"></script>{_H1}', "has a script"),
    Fault("event attribute", "<h1>", '<h1 onclick="go()">', "attribute onclick"),
    Fault(
        "script address",
        'href="https://other.example/"',
        'href="JavaScript:go()"',
        "javascript:",
    ),
    Fault(
        "foreign style sheet",
        'href="/style.css"',
        'href="https://a.example/s.css"',
        "fetches",
    ),
    Fault(
        "foreign preconnect",
        _STYLE,
        '<link rel="preconnect" href="//a.example">',
        "fetches",
    ),
    Fault("foreign font", _STYLE, "<style>@import url(//a.example/f)</style>", "fetches"),
    Fault("foreign image", _IMG, '<img src="//a.example/l.png"', "fetches"),
    Fault(
        "foreign image in a set",
        _IMG,
        f'{_IMG} srcset="//a.example/l.png 2x"',
        "fetches",
    ),
    Fault(
        "foreign frame",
        _H1,
        f'{_H1}<iframe src="https://a.example/"></iframe>',
        "fetches",
    ),
    Fault(
        "foreign film poster",
        _H1,
        f'{_H1}<video poster="//a.example/p"></video>',
        "fetches",
    ),
)

SITE_FAULTS = (
    Fault("does not name itself", f"{_SELF}\n", "", "does not name itself as de"),
    Fault("does not name the other", f"{_OTHER}\n", "", "names other translations"),
    Fault("no translations at all", f"{_SELF}\n{_OTHER}\n{_DEFAULT}\n", "", "other trans"),
    Fault("no default", f"{_DEFAULT}\n", "", "no x-default"),
    Fault("language twice", _OTHER, f"{_OTHER}{_OTHER}", "hreflang 'en' occurs 2"),
    Fault("dead translation", _OTHER, _OTHER.replace("/en/", "/fr/"), "is not there"),
    Fault("relative address", _OTHER, _OTHER.replace("https:", ""), "relative address"),
    Fault("underscore in hreflang", 'g="en"', 'g="en_GB"', "no canonical language tag"),
    Fault(
        "other language than it says",
        '<html lang="de">',
        '<html lang="nl">',
        "is in nl",
    ),
)
