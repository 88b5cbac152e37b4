"""One page of every kind of the network site, in every language: what goldens and browsers look at."""

LANGUAGES = ("en", "de", "fr", "nl")
STORY = {"en": "sun-and-water", "de": "sonne-und-wasser", "fr": "soleil-et-eau", "nl": "zon-en-water"}
"""The story with everything, in its four languages."""
IN_ANOTHER_LANGUAGE = {"en": "grundwasser", "de": "open-data", "fr": "plain", "nl": "fietspad"}
"""A story that an edition shows in another language; in Dutch, one that others show so."""
ABOUT = {"en": "about", "de": "ueber-uns", "fr": "a-propos", "nl": "over-ons"}
IMPRINT = {"en": "imprint", "de": "impressum", "fr": "imprint", "nl": "imprint"}
"""A page that the French and Dutch editions show in English."""


def pages(lang: str) -> dict[str, str]:
    """Kind of page → its path in an edition."""
    folders = {
        "home": "",
        "older items": "page/1/",
        "topics": "topics/",
        "projects": "projects/",
        "topic": "topics/soil/",
        "country": "countries/xk/",
        "author": "authors/lukasz-zoltowski/",
        "project": "projects/clean-wells/",
        "programme": "programmes/healthy-homes/",
        "programme without a text": "programmes/shared-skies/",
        "story": f"news/2024/{STORY[lang]}/",
        "story in another language": f"news/2024/{IN_ANOTHER_LANGUAGE[lang]}/",
        "page": f"{ABOUT[lang]}/",
        "page in another language": f"{IMPRINT[lang]}/",
        "archive": "archive/",
        "year": "archive/2024/",
        "month": "archive/2024/05/",
        "feeds": "feeds/",
        "about a feed": "topics/water/feed/",
    }
    found = {kind: f"{lang}/{folder}index.html" for kind, folder in folders.items()}
    return {**found, "not found": f"{lang}/404.html"}


def feeds(lang: str) -> dict[str, str]:
    """Kind of feed file → its path in an edition."""
    files = {"RSS": "feed.rss", "Atom": "feed.atom", "JSON Feed": "feed.json", "OPML": "feeds.opml"}
    files |= {"RSS archive": "feed-2.rss", "Atom archive": "feed-2.atom", "JSON archive": "feed-2.json"}
    return {kind: f"{lang}/{name}" for kind, name in files.items()}


WHOLE_SITE = {
    "entrance": "index.html",
    "not found": "404.html",
    "sitemap": "sitemap.xml",
    "robots": "robots.txt",
}
"""Files that belong to no edition."""
