"""Faults for the JSON Feed sample."""

from .fault import Fault

_NEXT = "https://news.example/de/a1.json"
_DATE = '"date_published": "2010-01-26T08:00:00Z"'
_VIDEOS = '"url": "https://news.example/de/2010/videos/"'
_HTML = "<p>Theorie"

JSON_FAULTS = (
    Fault("not JSON", "]}", "}", "not JSON"),
    Fault("no version", '"version": "https://jsonfeed.org/version/1.1",', ""),
    Fault("version 1", "version/1.1", "version/1", "its version is not 1.1"),
    Fault("no title", '"title": "Nachrichten",', ""),
    Fault("no feed address", '"feed_url"', '"_feed_url"', "it has no feed_url"),
    Fault("no home page", '"home_page_url"', '"_home"', "it has no home_page_url"),
    Fault("no language", '"language": "de",', "", "it has no language"),
    Fault("underscore in the language", '"en"', '"en_GB"', "no canonical language tag"),
    Fault("next is itself", _NEXT, "https://news.example/de/feed.json", "feed itself"),
    Fault("relative next", _NEXT, "/de/a1.json", "relative address"),
    Fault("address with a blank", _NEXT, "https://news.example/de/a 1.json"),
    Fault("hub without type", '"type": "WebSub", ', ""),
    Fault("unknown key", '"_newsfeed"', '"newsfeed"'),
    Fault("dotted extension", '"_newsfeed"', '"_news.feed"', "has a dot in its name"),
    Fault("number as id", '"id": "tag:news.example,2010:videos:en"', '"id": 7'),
    Fault("id twice", "2010:videos:en", "2010:lenger:de", "the id .* 2 times"),
    Fault("page twice", "2010/videos/", "2010/lenger/", "the url .* 2 times"),
    Fault("item without page", f"{_VIDEOS},", "", "it has no url"),
    Fault("item without text", '"content_html": "<p>Two', '"summary": "<p>Two'),
    Fault("no author", '"authors": [{"name": "WECF news"}]', '"tags": []', "no author"),
    Fault("author of version 1", _DATE, f'{_DATE}, "author": {{"name": "A"}}', "outdated"),
    Fault("day without time", _DATE, '"date_published": "2010-01-26"'),
    Fault("time without zone", _DATE, _DATE.replace("Z", ""), "a date is wrong"),
    Fault("modified too early", "2010-02-05T", "2010-02-03T", "before it was published"),
    Fault("tag twice", '"Energie", ', '"Kasachstan", ', "the tag"),
    Fault("markup in a title", "New videos", "New<br>videos", "its title has markup"),
    Fault("attachment without type", '"mime_type": "image/jpeg", ', ""),
    Fault(
        "relative attachment",
        '"https://news.example/lenger.jpg"',
        '"lenger.jpg"',
        "address is relative",
    ),
    Fault("empty attachment", "48211", "0", "no size"),
    Fault("relative link", _HTML, "<p><a href='/de/'>x</a>", "relative address '/de/'"),
    Fault("script", _HTML, "<script>1</script><p>Theorie", "has a script"),
)
