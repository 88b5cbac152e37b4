"""One small good document of each kind; the planted faults are edits of these."""

from pathlib import Path

RSS = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:fh="http://purl.org/syndication/history/1.0">
<channel>
<title>Nachrichten</title>
<link>https://news.example/de/</link>
<description>Umwelt &amp; Gesundheit</description>
<atom:link rel="self" type="application/rss+xml" href="https://news.example/de/a1.rss"/>
<atom:link rel="hub" href="https://hub.example/"/>
<atom:link rel="current" href="https://news.example/de/feed.rss"/>
<fh:archive/>
<docs>https://www.rssboard.org/rss-specification</docs>
<generator>newsfeed</generator>
<language>de</language>
<lastBuildDate>Thu, 04 Feb 2010 09:00:00 +0100</lastBuildDate>
<image><url>https://news.example/logo.png</url><title>Nachrichten</title>\
<link>https://news.example/de/</link></image>
<item>
<title>Schulung in Lenger: „Sonne“ &amp; Wasser</title>
<link>https://news.example/de/2010/lenger/</link>
<description>&lt;p&gt;Etwa 30 Personen nahmen teil.&lt;/p&gt;</description>
<content:encoded>&lt;p&gt;Theorie und Praxis: &lt;a \
href="https://news.example/de/2010/lenger/#fn1"&gt;Solarwärme&lt;/a&gt;.&lt;/p&gt;\
</content:encoded>
<guid isPermaLink="false">tag:news.example,2010:lenger:de</guid>
<category domain="https://news.example/de/themen/energie/">Energie</category>
<category>Kasachstan</category>
<enclosure url="https://news.example/lenger.jpg" length="48211" type="image/jpeg"/>
<pubDate>Thu, 04 Feb 2010 09:00:00 +0100</pubDate>
<dc:creator>Regina Drexel</dc:creator>
<dc:creator>WECF</dc:creator>
<dc:language>de</dc:language>
</item>
<item>
<title>New videos</title>
<link>https://news.example/de/2010/videos/</link>
<description>&lt;p&gt;Two videos.&lt;/p&gt;</description>
<content:encoded>&lt;p&gt;Two new videos.&lt;br&gt;Ecosan.&lt;/p&gt;</content:encoded>
<guid isPermaLink="false">tag:news.example,2010:videos:en</guid>
<pubDate>Tue, 26 Jan 2010 08:00:00 GMT</pubDate>
<dc:creator>WECF news</dc:creator>
<dc:language>en</dc:language>
</item>
</channel>
</rss>
"""

ATOM = """\
<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" \
xmlns:fh="http://purl.org/syndication/history/1.0" xml:lang="de">
<id>tag:news.example,2010:feed:de</id>
<title>Nachrichten</title>
<updated>2010-02-05T10:00:00+01:00</updated>
<author><name>WECF</name><uri>https://news.example/</uri></author>
<link rel="self" type="application/atom+xml" href="https://news.example/de/a1.atom"/>
<link rel="alternate" type="text/html" href="https://news.example/de/"/>
<link rel="hub" href="https://hub.example/"/>
<link rel="current" href="https://news.example/de/feed.atom"/>
<fh:archive/>
<generator uri="https://newsfeed.example/" version="1.0">newsfeed</generator>
<subtitle>Umwelt &amp; Gesundheit</subtitle>
<icon>https://news.example/icon.png</icon>
<logo>https://news.example/logo.png</logo>
<entry>
<id>tag:news.example,2010:lenger:de</id>
<title>Schulung in Lenger: „Sonne“ &amp; Wasser</title>
<updated>2010-02-05T10:00:00+01:00</updated>
<published>2010-02-04T09:00:00+01:00</published>
<author><name>Regina Drexel</name></author>
<author><name>WECF</name></author>
<link rel="alternate" type="text/html" href="https://news.example/de/2010/lenger/"/>
<link rel="enclosure" type="image/jpeg" length="48211" \
href="https://news.example/lenger.jpg"/>
<link rel="related" hreflang="fr" href="https://news.example/fr/2010/lenger/"/>
<category term="energie" scheme="https://news.example/de/themen/" label="Energie"/>
<category term="KZ" label="Kasachstan"/>
<summary>Etwa 30 Personen nahmen teil.</summary>
<content type="html">&lt;p&gt;Theorie und Praxis: &lt;a \
href="https://news.example/de/2010/lenger/#fn1"&gt;Solarwärme&lt;/a&gt;.&lt;/p&gt;\
</content>
</entry>
<entry xml:lang="en">
<id>tag:news.example,2010:videos:en</id>
<title>New videos</title>
<updated>2010-01-26T08:00:00Z</updated>
<published>2010-01-26T08:00:00Z</published>
<author><name>WECF news</name></author>
<link rel="alternate" type="text/html" href="https://news.example/de/2010/videos/"/>
<summary type="text">Two videos.</summary>
<content type="html">&lt;p&gt;Two new videos.&lt;br&gt;Ecosan.&lt;/p&gt;</content>
</entry>
</feed>
"""

JSON = """\
{"version": "https://jsonfeed.org/version/1.1",
 "title": "Nachrichten",
 "home_page_url": "https://news.example/de/",
 "feed_url": "https://news.example/de/feed.json",
 "next_url": "https://news.example/de/a1.json",
 "description": "Umwelt & Gesundheit",
 "language": "de",
 "authors": [{"name": "WECF", "url": "https://news.example/"}],
 "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
 "_newsfeed": {"archive": false},
 "items": [
  {"id": "tag:news.example,2010:lenger:de",
   "url": "https://news.example/de/2010/lenger/",
   "title": "Schulung in Lenger: „Sonne“ & Wasser",
   "summary": "Etwa 30 Personen nahmen teil.",
   "content_html": "<p>Theorie und Praxis.</p>",
   "content_text": "Theorie und Praxis.",
   "date_published": "2010-02-04T09:00:00+01:00",
   "date_modified": "2010-02-05T10:00:00+01:00",
   "authors": [{"name": "Regina Drexel"}, {"name": "WECF"}],
   "tags": ["Energie", "Kasachstan"],
   "attachments": [{"url": "https://news.example/lenger.jpg",
                    "mime_type": "image/jpeg", "size_in_bytes": 48211}]},
  {"id": "tag:news.example,2010:videos:en",
   "url": "https://news.example/de/2010/videos/",
   "title": "New videos",
   "language": "en",
   "content_html": "<p>Two new videos.<br>Ecosan.</p>",
   "date_published": "2010-01-26T08:00:00Z",
   "authors": [{"name": "WECF news"}]}
 ]}
"""

MAIL = """\
From: =?utf-8?q?Netzwerk_f=C3=BCr_Umwelt?= <news@news.example>
To: reader@reader.example
Subject: =?utf-8?q?Nachrichten_f=C3=BCr_Februar?=
Date: Fri, 05 Feb 2010 08:00:00 +0100
Message-ID: <2010-02-05.de.4f2a@news.example>
List-Id: =?utf-8?q?Nachrichten_f=C3=BCr_alle?= <news-de.news.example>
List-Unsubscribe: <https://news.example/u/4f2a>,
 <mailto:leave@news.example>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Auto-Submitted: auto-generated
Content-Language: de
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_b"

--=_b
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable
Content-Language: de

Schulung in Lenger: =E2=80=9ESonne=E2=80=9C & Wasser
Etwa 30 Personen nahmen teil.
https://news.example/de/2010/lenger/

Neue Videos
https://news.example/de/2010/videos/

--=20
Abmelden: <https://news.example/u/4f2a>
--=_b
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable
Content-Language: de

<!DOCTYPE html>
<html lang=3D"de"><head><meta charset=3D"utf-8"><title>Februar</title></head>
<body>
<h2><a href=3D"https://news.example/de/2010/lenger/">Schulung in Lenger: =E2=
=80=9ESonne=E2=80=9C &amp; Wasser</a></h2>
<p><img src=3D"https://news.example/lenger.jpg" alt=3D"" width=3D"300">
Etwa 30 Personen nahmen teil.</p>
<h2><a href=3D"https://news.example/de/2010/videos/">Neue Videos</a></h2>
<p><a href=3D"https://news.example/u/4f2a">Abmelden</a></p>
</body></html>
--=_b--
""".replace("\n", "\r\n")
MAIL_IMAGES = ("https://news.example/lenger.jpg",)

PAGE_URL = "https://news.example/de/2010/lenger/"
PAGE = """\
<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Schulung in Lenger</title>
<link rel="stylesheet" href="/style.css">
<link rel="canonical" href="https://news.example/de/2010/lenger/">
<link rel="alternate" hreflang="de" href="https://news.example/de/2010/lenger/">
<link rel="alternate" hreflang="en" href="https://news.example/en/2010/lenger/">
<link rel="alternate" hreflang="x-default" href="https://news.example/en/2010/lenger/">
<link rel="alternate" type="application/rss+xml" title="Nachrichten"
 href="https://news.example/de/feed.rss">
</head>
<body>
<main>
<h1>Schulung in Lenger</h1>
<p>Theorie und Praxis: <a href="https://other.example/">Solarwärme</a>.</p>
<p><img src="/lenger.png" alt="Ein Kollektor auf einem Dach" width="40" height="30"></p>
</main>
</body>
</html>
"""
TRANSLATION_URL = PAGE_URL.replace("/de/", "/en/")
TRANSLATION = PAGE.replace('lang="de">\n<head>', 'lang="en">\n<head>').replace(
    'canonical" href="https://news.example/de/',
    'canonical" href="https://news.example/en/',
)
SITE = {PAGE_URL: PAGE.encode(), TRANSLATION_URL: TRANSLATION.encode()}

SITEMAP = """\
<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc>https://news.example/de/</loc><lastmod>2010-02-04T09:00:00+01:00</lastmod>
<xhtml:link rel="alternate" hreflang="fr-FR" href="https://news.example/fr/"/></url>
<url><loc>https://news.example/fr/</loc><lastmod>2010-02-04</lastmod></url>
</urlset>
"""

OPML = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Feeds</title></head><body>
<outline text="Deutsch">
<outline text="Nachrichten" type="rss" language="de"
 xmlUrl="https://news.example/de/feed.rss" htmlUrl="https://news.example/de/"/>
</outline>
</body></opml>
"""


def save(path: Path, document: str | bytes) -> Path:
    """Write a document as UTF-8 and give its path back."""
    path.write_bytes(document.encode("utf-8") if isinstance(document, str) else document)
    return path
