"""Sites of Hugo, Jekyll, Pelican and Nikola: languages, addresses, ids and files as those programs have them."""

from datetime import date, datetime

import pytest

from newsfeed.errors import NewsfeedError
from newsfeed.sources.archives.hugo import HugoArchive
from newsfeed.sources.archives.jekyll import JekyllArchive
from newsfeed.sources.archives.nikola import NikolaArchive
from newsfeed.sources.archives.pelican import PelicanArchive
from newsfeed.testing import write_tree

HUGO = {
    "hugo.toml": 'baseURL = "https://x.example/"\ndefaultContentLanguage = "en"\n[permalinks]\nposts = "/:year/:month/:slug/"\n'
    "[languages.en]\n[languages.de]\n",
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/about.md": "---\ntitle: About\n---\nWe.\n",
    "content/posts/_index.md": "---\ntitle: Posts\n---\n",
    "content/posts/Wells.md": "---\ntitle: Wells\ndate: 2010-02-04T10:00:00+01:00\nlastmod: 2010-02-05\ntags: [Water, Sun]\n"
    "aliases: [/old.html, ../older/]\nauthor: Ada\ndraft: true\n---\nText.\n",
    "content/posts/wells.de.md": '+++\ntitle = "Brunnen"\nslug = "brunnen"\ndate = 2010-02-04\n+++\nText.\n',
    "content/posts/roof/index.md": '{"title": "Roof", "date": "2011-01-01", "featured_image": "a.png"}\n![A](a.png) ![B](/b.png)\n',
    "content/posts/roof/index.de.md": "---\ntitle: Dach\ndate: 2011-01-02\ntranslationKey: roof\n---\n",
    "content/posts/roof/a.png": "x",
    "content/posts/bomb.md": "---\na: &a [x]\nb: *a\ntitle: B\n---\n",
    "content/posts/broken.md": "---\ntitle: [\n---\n",
    "static/b.png": "x",
    "public/index.html": "---\ntitle: no\n---\n",
    "secret.txt": "x",
}


def by_origin(archive):
    """Its texts, by their files."""
    return {text.origin: text for text in archive.texts()}


def test_hugo(tmp_path):
    """Heads of all kinds, languages by suffix, permalinks, bundles; lists of sections are no texts."""
    archive = HugoArchive(str(write_tree(tmp_path, HUGO)))
    found = by_origin(archive)
    assert sorted(found) == [
        "content/about.md", "content/posts/Wells.md", "content/posts/roof/index.de.md", "content/posts/roof/index.md",
        "content/posts/wells.de.md",
    ]  # fmt: skip
    wells, brunnen = found["content/posts/Wells.md"], found["content/posts/wells.de.md"]
    assert wells.urls == ("/2010/02/wells/", "/old.html", "/2010/older/")
    assert (wells.guid, wells.categories, wells.authors, wells.is_draft) == (
        "https://x.example/2010/02/wells/", ("Water", "Sun"), ("Ada",), True,
    )  # fmt: skip
    assert wells.date == datetime.fromisoformat("2010-02-04T10:00:00+01:00")
    assert (brunnen.lang, brunnen.urls, brunnen.date) == ("de", ("/de/2010/02/brunnen/",), date(2010, 2, 4))
    roof = found["content/posts/roof/index.md"]
    assert (roof.title, roof.image.target, roof.urls) == ("Roof", "a.png", ("/2011/01/roof/",))
    assert archive.find(roof.origin, "a.png") == "content/posts/roof/a.png"
    assert archive.find(roof.origin, "/b.png") == "static/b.png"
    assert archive.find(roof.origin, "../../../../etc/passwd") == ""
    assert archive.find(roof.origin, "../../../secret.txt?x#y") == "secret.txt"
    assert found["content/about.md"].kind == "pages"
    assert [one.origin for one in archive.doubts] == ["content/posts/bomb.md", "content/posts/broken.md"]


def test_hugo_hands_values_down(tmp_path):
    """From the configuration and from sections, to the pages that they mean; what a page says itself stays."""
    tree = {
        "hugo.toml": 'languages = {en = {}, de = {}}\n[[cascade]]\nauthor = "Desk"\n[cascade.target]\nkind = "page"\n',
        "content/posts/_index.md": "---\ncascade:\n- draft: true\n  target: {path: '/posts/20*/**'}\n---\n",
        "content/posts/2010/_index.md": "---\ncascade: {params: {topic: old}, tags: [wells]}\n---\n",
        "content/posts/2010/a.md": "---\ntitle: A\n---\n",
        "content/posts/2010/a.de.md": "---\ntitle: A\n---\n",
        "content/posts/2010/b.md": "---\ntitle: B\ndraft: false\nauthor: Ada\n---\n",
        "content/posts/c.md": "---\ntitle: C\n---\n",
        "content/broken/_index.md": "---\ncascade: [\n---\n",
    }
    archive = HugoArchive(str(write_tree(tmp_path, tree)))
    found = {one.origin.removeprefix("content/posts/"): one for one in archive.texts()}
    assert {name: (one.is_draft, one.authors, one.categories) for name, one in found.items()} == {
        "2010/a.md": (True, ("Desk",), ("wells",)),
        "2010/a.de.md": (False, ("Desk",), ()),
        "2010/b.md": (False, ("Ada",), ("wells",)),
        "c.md": (False, ("Desk",), ()),
    }
    assert [one.origin for one in archive.doubts] == ["content/broken/_index.md"]


def test_hugo_with_a_folder_for_each_language(tmp_path):
    """In one content folder, or each in its own."""
    tree = {
        "config.yaml": "defaultContentLanguage: en\ndefaultContentLanguageInSubdir: true\nlanguages: {en: {}, de: {contentDir: inhalt}}\n",
        "content/en/news/a.md": "---\ntitle: A\ndate: 2010-01-01\n---\n",
        "inhalt/news/a.md": "---\ntitle: A\ndate: 2010-01-01\n---\n",
    }
    found = by_origin(HugoArchive(str(write_tree(tmp_path, tree))))
    assert {(one.lang, one.group, one.urls[0]) for one in found.values()} == {
        ("en", "news/a", "/en/news/a/"),
        ("de", "news/a", "/de/news/a/"),
    }


def test_feeds_and_lists_that_hugo_had(tmp_path):
    """Of languages, sections and terms; not of a site of ours that was moved out."""
    head = "---\ntitle: A\ndate: 2014-07-05\ntags: [Großes Öl, A & B]\n---\nText.\n"
    tree = {
        "hugo.toml": "[languages.en]\n[languages.de]\n",
        "content/posts/a.de.md": head,
        "content/projects/b.md": "---\ntitle: B\n---\nX\n",
    }
    archive = HugoArchive(str(write_tree(tmp_path, tree)))
    list(archive.texts())
    assert [one.path for one in archive.old_feeds()] == [
        "/index.xml", "/posts/index.xml", "/de/index.xml", "/de/posts/index.xml",
    ]  # fmt: skip
    assert {(one.path, one.category) for one in archive.old_lists()} == {
        ("/de/posts/", ""), ("/projects/", ""), ("/de/tags/", ""), ("/de/tags/großes-öl/", "Großes Öl"), ("/de/tags/a--b/", "A & B"),
    }  # fmt: skip
    own = {"content/news/a.de.md": head.replace("tags", 'newsfeed: {"id": "a"}\ntags')}
    ours = HugoArchive(str(write_tree(tmp_path / "ours", own)))
    list(ours.texts())
    assert (list(ours.old_feeds()), list(ours.old_lists())) == ([], [])


HUGO_ADDRESSES = {
    # As Hugo 0.168 publishes them.
    "posts/a.md": ('title: "C’est fini? No. 6"', "/2014/07/cest-fini-no.-6/"),
    "posts/b.md": (
        'title: "“Nobody told us”: a hearing & 50% less"',
        "/2014/07/nobody-told-us-a-hearing-50-less/",
    ),
    "posts/c.md": ("title: Größere Häuser", "/2014/07/größere-häuser/"),
    "posts/d.md": ("title: X\nslug: The Slug!", "/2014/07/the-slug/"),
    "press/2016-10-06-Größe_33.md": ("title: X", "/press/2016-10-06-größe_33/"),
    "press/e.md": ("title: X\nslug: other", "/press/other/"),
    "posts/deep/f.de.md": ("title: X", "/de/2014/07/x/"),
    "posts/g.de.md": ("title: X\nurl: /special/g.html", "/special/g.html"),
    "posts/h.de.md": ("title: X\nurl: special/h.html", "/de/special/h.html"),
    "plain/News & more.md": ("title: X", "/plain/news--more/"),
    "notes/i.md": ("title: X", "/notes/deeper/2014-july-i/"),
}


@pytest.mark.parametrize("below", ["", "/blog"])
def test_addresses_and_ids_are_those_that_hugo_publishes(tmp_path, below):
    """To the letter: without a slug the title serves; ids are whole addresses, encoded."""
    tree = {
        f"content/{name}": f"---\n{head}\ndate: 2014-07-05\n---\nText.\n" for name, (head, _) in HUGO_ADDRESSES.items()
    }  # fmt: skip
    tree["config/_default/hugo.yaml"] = f"baseURL: https://x.example{below}/\n"
    tree["config/_default/languages.yaml"] = "en: {title: E}\nde: {title: D}\n"
    tree["config/_default/permalinks.toml"] = (
        'posts = "/:year/:month/:slug/"\npress = "/press/:slugorfilename/"\nnotes = "/:section/deeper/:year-:monthname-:filename/"\n'
    )
    found = by_origin(HugoArchive(str(write_tree(tmp_path, tree))))
    assert {name: found[f"content/{name}"].urls[0] for name in HUGO_ADDRESSES} == {
        name: below + url for name, (_, url) in HUGO_ADDRESSES.items()
    }
    assert found["content/posts/c.md"].guid == (
        f"https://x.example{below}/2014/07/gr%C3%B6%C3%9Fere-h%C3%A4user/"
    )
    assert found["content/posts/deep/f.de.md"].lang == "de"


@pytest.mark.parametrize(
    ("alias", "lang", "paths"),
    [
        ("/old/", "en", {"/old/"}),
        ("/old/", "de", {"/de/old/", "/old/"}),
        ("old/", "de", {"/de/posts/old/"}),
        ("../../up/", "de", {"/up/"}),
        ("../old.html", "en", {"/old.html"}),
        ("https://y.example/old/", "en", {"https://y.example/old/"}),
    ],
)
def test_aliases_of_hugo(tmp_path, alias, lang, paths):
    """Relative ones begin beside the page; whole paths lie below the language."""
    text = f"---\ntitle: A\ndate: 2014-07-05\naliases: ['{alias}']\n---\nText.\n"
    tree = {"hugo.toml": "[languages.en]\n[languages.de]\n", f"content/posts/a.{lang}.md": text}
    (found,) = HugoArchive(str(write_tree(tmp_path, tree))).texts()
    assert set(found.urls[1:]) == paths


def test_no_words_of_hugo_are_lost_in_silence(tmp_path):
    """Sections with words are pages, so are undated texts outside of dated sections; the rest is told."""
    tree = {
        "hugo.toml": 'baseURL = "https://x.example/"\n[taxonomies]\ntheme = "themes"\nauthor = "authors"\n',
        "content/_index.md": "---\ntitle: Home\n---\nWelcome.\n",
        "content/team/_index.md": "---\ntitle: Team\naliases: [/crew/]\n---\nAda, Bob.\n",
        "content/projects/wells.md": "---\ntitle: Wells\n---\nDeep.\n",
        "content/posts/_index.md": "---\ntitle: Posts\n---\n",
        "content/posts/a.md": "---\nTitle: A\nDate: 2014-07-05\nthemes: [Sun]\nauthors: [Ada]\n---\nText.\n",
        "content/posts/b.md": "---\ntitle: B\nlastmod: 2014-07-05\n---\nText.\n",
        "content/posts/c.md": "Words without a head.\n",
        "content/posts/d.org": "#+TITLE: D\n",
        "content/posts/partial.md": "---\ntitle: P\ndate: 2014-07-05\nbuild: {render: never}\n---\nNot a page.\n",
        "content/posts/headless.md": "---\ntitle: H\ndate: 2014-07-05\nheadless: true\n---\nNot a page.\n",
    }
    archive = HugoArchive(str(write_tree(tmp_path, tree)))
    found = {name.removeprefix("content/"): text for name, text in by_origin(archive).items()}
    assert {name: (one.kind, one.is_draft) for name, one in found.items()} == {
        "team/_index.md": ("pages", False), "projects/wells.md": ("pages", False), "posts/a.md": ("news", False),
        "posts/b.md": ("news", False), "posts/c.md": ("news", False), "posts/partial.md": ("news", True),
        "posts/headless.md": ("news", True),
    }  # fmt: skip
    assert found["team/_index.md"].urls == ("/team/", "/crew/")
    assert (found["posts/a.md"].title, found["posts/a.md"].categories) == ("A", ("Sun",))
    assert found["posts/b.md"].date == date(2014, 7, 5)
    assert [one.origin for one in archive.doubts] == ["content/_index.md", "content/posts/d.org"]


def test_hugo_has_no_enclosures_where_none_are_listed(tmp_path):
    """Anybody can have a table of our name."""
    tree = {"hugo.toml": "", "content/news/a.md": "+++\ntitle = 'A'\n[newsfeed]\nenclosures = 3\n+++\n"}
    (text,) = HugoArchive(str(write_tree(tmp_path, tree))).texts()
    assert text.enclosures == ()


@pytest.mark.parametrize(
    ("archive", "tree"),
    [
        (
            JekyllArchive,
            {"_config.yml": "defaults: [1, x]\n", "_posts/2010-02-04-a.md": "---\ntitle: A\n---\n"},
        ),
        (
            NikolaArchive,
            {"conf.py": "TRANSLATIONS = {'a/b': ''}\n", "posts/a.md": "<!--\n.. title: A\n-->\nWords\n"},
        ),
    ],
)
def test_a_configuration_that_makes_no_sense_stops_nothing(tmp_path, archive, tree):
    """The program itself would have told long ago; texts are read all the same."""
    assert [text.title for text in archive(str(write_tree(tmp_path, tree))).texts()] == ["A"]


@pytest.mark.parametrize("archive", [HugoArchive, JekyllArchive, PelicanArchive, NikolaArchive])
def test_a_file_of_a_size_that_no_text_has_is_told_and_not_cut(tmp_path, archive):
    """A part of its words would be worse than none."""
    folder = {
        HugoArchive: "content/posts",
        JekyllArchive: "_posts",
        PelicanArchive: "content",
        NikolaArchive: "posts",
    }
    name = f"{folder[archive]}/2019-02-03-a.md"
    write_tree(tmp_path, {name: "---\ntitle: A\ndate: 2019-02-03\n---\n" + "Words. " * 3_000_000})
    found = archive(str(tmp_path))
    assert list(found.texts()) == []
    assert [one.origin for one in found.doubts] == [name]


def test_jekyll(tmp_path):
    """Posts by file name, drafts, pages, redirects; ids as jekyll-feed writes them."""
    tree = {
        "_config.yml": "url: https://x.example\nbaseurl: /blog\nlang: en\n",
        "_posts/2010-02-04-wells.md": "---\ntitle: Wells\ncategories: Water Sun\nredirect_from: [/w]\nlang: en\nref: w\n---\n",
        "_posts/2010-02-04-brunnen.md": "---\nlang: de\nref: w\npermalink: /brunnen/\n---\n",
        "news/_posts/2010-2-31-never.md": "---\ntitle: N\n---\n",
        "_drafts/soon.md": "---\ntitle: Soon\n---\n",
        "about.md": "---\ntitle: About\n---\n",
        "README.md": "---\ntitle: no\n---\n",
        "_posts/none.md": "x",
    }
    archive = JekyllArchive(str(write_tree(tmp_path, tree)))
    found = by_origin(archive)
    wells = found["_posts/2010-02-04-wells.md"]
    assert wells.urls == ("/blog/water/sun/2010/02/04/wells.html", "/blog/w")
    assert wells.guid == "https://x.example/blog/water/sun/2010/02/04/wells"
    assert (wells.date, wells.group, wells.categories) == (date(2010, 2, 4), "w", ("Water", "Sun"))
    assert found["_posts/2010-02-04-brunnen.md"].urls == ("/blog/brunnen/",)
    assert found["_posts/2010-02-04-brunnen.md"].title == "Brunnen"
    assert found["news/_posts/2010-2-31-never.md"].date is None
    assert found["_drafts/soon.md"].is_draft
    assert found["about.md"].urls == ("/blog/about.html",)
    assert "README.md" not in found
    assert archive.find("x", "2010-02-04-wells") == "_posts/2010-02-04-wells.md"


def test_ids_are_left_to_us_where_nobody_knows_the_address_of_the_site(tmp_path):
    """A path alone is no id."""
    tree = {"_config.yml": "title: T\n", "_posts/2010-02-04-wells.md": "---\ntitle: Wells\n---\n"}
    archive = JekyllArchive(str(write_tree(tmp_path, tree)))
    assert archive.base_url == ""
    assert [text.guid for text in archive.texts()] == [""]


JEKYLL_ADDRESSES = {
    # As Jekyll 4.3 publishes them, below /b; the ids are those of jekyll-feed.
    "_posts/2019-01-10-Größe-und-mehr.md": (
        "categories: [Wasser & Hygiene, Öl]\ndate: 2019-01-10 00:30:00 +0200",
        "/wasser & hygiene/öl/2019/01/09/Größe-und-mehr.html",
        "/wasser%20&%20hygiene/%C3%B6l/2019/01/09/Gr%C3%B6%C3%9Fe-und-mehr",
    ),
    "water/_posts/2019-04-13-in-folder.md": (
        "category: Sun", "/water/sun/2019/04/13/in-folder.html", "/water/sun/2019/04/13/in-folder",
    ),
    "_posts/de/2019-03-12-deutsch.md": ("title: D", "/de/2019/deutsch/", "/de/2019/deutsch"),
    "_posts/2019-01-19-x.md": ("slug: My Slug 9", "/2019/01/19/My-Slug-9.html", "/2019/01/19/My%20Slug%209"),
    "_posts/2019-09-18-Caps_and.dots.md": (
        "layout: post", "/2019/09/18/Caps_and.dots.html", "/2019/09/18/Caps_and.dots",
    ),
    "about/index.md": ("title: About", "/about/", ""),
    "_projects/wells.md": ("title: Wells", "/p/wells/", ""),
}  # fmt: skip


def test_addresses_and_ids_are_those_that_jekyll_publishes(tmp_path):
    """With what the configuration hands down, in the site's time zone; what nobody publishes stays away."""
    tree = {name: f"---\n{head}\n---\nText.\n" for name, (head, _, _) in JEKYLL_ADDRESSES.items()}
    tree["_config.yml"] = (
        "url: https://x.example\nbaseurl: /b\ntimezone: Europe/Berlin\n"
        "collections:\n  projects: {output: true, permalink: '/p/:name/'}\n  notes: {output: false}\n"
        "defaults:\n- scope: {path: _posts/de}\n  values: {lang: de, permalink: '/de/:year/:title/'}\n"
        "- scope: {path: '', type: posts}\n  values: {author: Desk}\n"
    )
    tree["_notes/n.md"] = tree["index.md"] = "---\ntitle: N\n---\nText.\n"
    tree["_posts/2019-08-17-text.textile"] = "---\ntitle: N\n---\nText.\n"
    archive = JekyllArchive(str(write_tree(tmp_path, tree)))
    found = by_origin(archive)
    assert sorted(found) == sorted(JEKYLL_ADDRESSES)
    for name, (_, path, guid) in JEKYLL_ADDRESSES.items():
        assert found[name].urls == (f"/b{path}",)
        assert not guid or found[name].guid == f"https://x.example/b{guid}"
        assert found[name].kind == ("news" if guid else "pages")
    german = found["_posts/de/2019-03-12-deutsch.md"]
    assert (german.lang, german.authors) == ("de", ("Desk",))
    assert [one.origin for one in archive.doubts] == ["_posts/2019-08-17-text.textile", "index.md"]


PELICAN_ADDRESSES = {
    # As Pelican 4.12 publishes them.
    "Größe & “Wasser” 0": "grosse-wasser-0",
    "It's C++ -- 50%, done.": "its-c-50-done",
    "Named_by 2": "named_by-2",
}


def test_addresses_are_those_that_pelican_publishes(tmp_path):
    """Made from titles; a day may stand in the name of the file."""
    tree = {
        f"content/2019-02-0{at}-x.md": f"Title: {title}\n\nText\n"
        for at, title in enumerate(PELICAN_ADDRESSES, 1)
    }
    tree["pelicanconf.py"] = "SITEURL = 'https://x.example'\n"
    found = list(PelicanArchive(str(write_tree(tmp_path, tree))).texts())
    assert [one.urls for one in found] == [(f"/{slug}.html",) for slug in PELICAN_ADDRESSES.values()]
    assert [one.date for one in found] == [date(2019, 2, 1), date(2019, 2, 2), date(2019, 2, 3)]
    assert found[1].guid == "tag:x.example,2019-02-02:/its-c-50-done.html"


def test_pelican(tmp_path):
    """Heads of lines, categories by folder, translations by slug, ids as its feeds have them; settings are not run."""
    tree = {
        "pelicanconf.py": "import os\nSITEURL = 'https://x.example'\nDEFAULT_LANG = 'en'\nAUTHOR = 'Desk'\n"
        "ARTICLE_URL = '{date:%Y}/{slug}.html'\nARTICLE_LANG_URL = '{lang}/{slug}.html'\nos.remove('pelicanconf.py')\n",
        "content/Water/wells.md": "Title: Wells\nDate: 2010-02-04 10:00\nModified: 2010-02-05\nTags: a, b\nSlug: wells\n\n"
        "See [x]({filename}../Sun/sun.md) ![y]({static}/images/y.png) [z](|filename|/Sun/sun.md)\n",
        "content/Water/wells-de.md": "Title: Brunnen\nDate: 2010-02-04\nLang: de\nSlug: wells\n\nText\n",
        "content/Sun/sun.md": "---\ntitle: Sun\ndate: 2011-01-01\n---\n",
        "content/pages/about.html": "<html><head><title>About</title><meta name='lang' content='en'></head><body><p>We</p></body></html>",
        "content/Sun/old.adoc": "= Old\n",
        "content/images/y.png": "x",
    }
    archive = PelicanArchive(str(write_tree(tmp_path, tree)))
    found = by_origin(archive)
    wells, other = found["content/Water/wells.md"], found["content/Water/wells-de.md"]
    assert (wells.urls, wells.guid) == (("/2010/wells.html",), "tag:x.example,2010-02-04:/2010/wells.html")
    assert (wells.categories, wells.authors) == (("Water", "a", "b"), ("Desk",))
    assert (other.lang, other.group, other.urls) == ("de", wells.group, ("/de/wells.html",))
    assert archive.find(wells.origin, "{filename}../Sun/sun.md") == "content/Sun/sun.md"
    assert archive.find(wells.origin, "{static}/images/y.png") == "content/images/y.png"
    assert "({filename}/Sun/sun.md)" in wells.body
    assert (found["content/pages/about.html"].kind, found["content/pages/about.html"].body) == (
        "pages",
        "<p>We</p>",
    )
    assert [one.origin for one in archive.doubts] == ["content/Sun/old.adoc"]
    assert (tmp_path / "pelicanconf.py").exists()


def test_restructured_text_of_pelican(tmp_path):
    """Fields, addresses and ids as Pelican 4.12 has them; what is below a heading that it loses stays."""
    tree = {
        "pelicanconf.py": "SITEURL = 'https://x.example'\nAUTHOR = 'Desk'\nDEFAULT_LANG = 'en'\n",
        "content/Water/first.rst": "Größe & “Wasser” 0\n##################\n\n:date: 2010-10-03 10:20\n:modified: 2010-10-04 18:40\n"
        ":tags: thats, awesome\n:category: Yeah\n:slug: my-post\n:authors: Alexis Metaireau; Conan Doyle\n:summary: Short *version*\n\n"
        "See `other <{filename}second.rst>`_ and `one <|filename|/Water/second.rst>`_.\n\n.. image:: {static}/a.png\n\n.. wells:: Deep\n",
        "content/Water/first-de.rst": "Brunnen\n#######\n\n:date: 2010-10-03\n:lang: de\n:slug: my-post\n:translation: true\n\nText\n",
        "content/Water/second.rst": "It's C++ -- 50%, done.\n======================\n\n:date: 2011-01-01\n\nOnly\n----\n\nwords\n",
        "content/Water/2012-02-03-third.rst": ":title: From a field\n:status: draft\n\nText\n",
        "content/pages/about.rst": "About us\n========\n\nWe.\n",
        "content/none.rst": "One\n===\n\nx\n\nTwo\n===\n\ny\n",
        "content/a.png": "x",
    }
    archive = PelicanArchive(str(write_tree(tmp_path, tree)))
    found = {name.rpartition("/")[2]: text for name, text in by_origin(archive).items()}
    first, german = found["first.rst"], found["first-de.rst"]
    assert (first.title, first.urls, first.guid) == (
        "Größe & “Wasser” 0", ("/my-post.html",), "tag:x.example,2010-10-03:/my-post.html",
    )  # fmt: skip
    assert (first.date, first.updated) == (
        datetime.fromisoformat("2010-10-03T10:20"),
        datetime.fromisoformat("2010-10-04T18:40"),
    )
    assert (first.authors, first.categories) == (
        ("Alexis Metaireau", "Conan Doyle"),
        ("Yeah", "thats", "awesome"),
    )
    assert (first.summary, first.is_html) == ("Short version", True)
    assert first.body.count('href="{filename}') == 2
    assert archive.find(first.origin, "{filename}/Water/second.rst") == "content/Water/second.rst"
    assert archive.find(first.origin, "{static}/a.png") == "content/a.png"
    assert (german.lang, german.group, german.urls) == ("de", first.group, ("/my-post-de.html",))
    assert found["second.rst"].urls == ("/its-c-50-done.html",)
    assert "<h2>Only</h2>" in found["second.rst"].body
    third = found["2012-02-03-third.rst"]
    assert (third.title, third.date, third.is_draft) == ("From a field", date(2012, 2, 3), True)
    assert (found["about.rst"].kind, found["about.rst"].urls) == ("pages", ("/pages/about-us.html",))
    assert [(one.origin, dict(one.sentence.params)) for one in archive.doubts] == [
        ("content/Water/first.rst", {"names": "wells (16)"}),
        ("content/none.rst", {}),
    ]


def test_nikola(tmp_path):
    """Heads in remarks or beside the text, translations by suffix, folders of the configuration."""
    tree = {
        "conf.py": "DEFAULT_LANG = 'en'\nSITE_URL = 'https://x.example/'\nTRANSLATIONS = {DEFAULT_LANG: '', 'de': './de'}\n"
        "POSTS = (('blog/*.md', 'blog', 'post.tmpl'),)\n",
        "blog/wells.md": "<!--\n.. title: Wells\n.. slug: wells\n.. date: 2010-02-04 10:00:00 UTC+01:00\n.. tags: water, draft\n-->\nText\n",
        "blog/wells.de.md": "<!--\n.. title: Brunnen\n.. slug: brunnen\n.. date: 2010-02-04\n-->\nText\n",
        "blog/roof.html": "<p>Roof</p>",
        "blog/roof.meta": ".. title: Roof\n.. slug: roof\n.. date: 2011-01-01 10:00:00\n",
        "blog/old.ipynb": "{}",
        "pages/about.md": "---\ntitle: About\n---\n",
    }
    archive = NikolaArchive(str(write_tree(tmp_path, tree)))
    found = by_origin(archive)
    wells = found["blog/wells.md"]
    assert (wells.urls, wells.guid) == (("/blog/wells/",), "https://x.example/blog/wells/")
    assert (wells.is_draft, wells.categories) == (True, ("water",))
    assert (found["blog/wells.de.md"].lang, found["blog/wells.de.md"].urls) == ("de", ("/de/blog/brunnen/",))
    assert (found["blog/roof.html"].title, found["blog/roof.html"].is_html) == ("Roof", True)
    assert found["pages/about.md"].kind == "pages"
    assert [one.origin for one in archive.doubts] == ["blog/old.ipynb"]
    assert archive.find("blog/wells.md", "link://slug/brunnen") == "blog/wells.de.md"
    assert archive.find("blog/wells.md", "link://slug/none") == ""


def test_restructured_text_of_nikola(tmp_path):
    """Heads in remarks, in YAML, beside the text; a text without a title, or a name, has that of its file."""
    tree = {
        "conf.py": "DEFAULT_LANG = 'en'\nSITE_URL = 'https://x.example/'\nTRANSLATIONS = {DEFAULT_LANG: '', 'de': './de'}\n"
        "BLOG_AUTHOR = 'Desk'\n",
        "posts/a.rst": ".. title: Größe & “Wasser”\n.. slug: groesse\n.. date: 2012-03-30 23:00:00 UTC-03:00\n.. tags: nikola, wells\n"
        ".. category: Water\n.. description: Short\n.. author: Ada\n\nSee `b <link://slug/second>`_.\n\n.. wells:: Deep\n\n"
        "Section\n=======\n\n:depth: 7 m\n",
        "posts/a.de.rst": ".. title: Größe\n.. slug: groesse-de\n.. date: 2012-03-30\n\n.. bild:: a.png\n",
        "posts/b.rst": "Of two files.\n\n.. wells:: Deep\n",
        "posts/b.meta": ".. title: Second\n.. slug: second\n.. date: 2012-04-30 23:00:00\n",
        "posts/c.txt": "---\ntitle: Yaml\nslug: yaml\ndate: 2012-06-30\n---\n\nText *em*.\n",
        "posts/My File.rst": ".. date: 2012-05-30\n\nText\n",
        "posts/d.html": "<html><head><title>From tags</title><meta name='date' content='2013-01-01'><meta name='keywords' content='k, l'>"
        "</head><body><p>Hi</p></body></html>",
        "posts/list.txt": "a\nb\n",
        "pages/about.rst": ".. title: About\n.. slug: about-us\n\nWe.\n",
    }
    archive = NikolaArchive(str(write_tree(tmp_path, tree)))
    found = by_origin(archive)
    first = found["posts/a.rst"]
    assert (first.title, first.urls, first.guid, first.authors) == (
        "Größe & “Wasser”", ("/posts/groesse/",), "https://x.example/posts/groesse/", ("Ada",),
    )  # fmt: skip
    assert (first.summary, first.categories) == ("Short", ("Water", "nikola", "wells"))
    assert "<h2>Section</h2>" in first.body
    assert "<p>7 m</p>" in first.body
    german = found["posts/a.de.rst"]
    assert (german.lang, german.urls, german.body) == (
        "de",
        ("/de/posts/groesse-de/",),
        '<img alt="" src="a.png" />\n',
    )
    assert (found["posts/b.rst"].title, found["posts/b.rst"].guid) == (
        "Second",
        "https://x.example/posts/second/",
    )
    assert (found["posts/c.txt"].title, found["posts/c.txt"].body) == ("Yaml", "<p>Text <em>em</em>.</p>\n")
    named = found["posts/My File.rst"]
    assert (named.title, named.urls[0]) == ("My File", "/posts/my-file/")
    tagged = found["posts/d.html"]
    assert (tagged.title, tagged.categories, tagged.body) == ("From tags", ("k", "l"), "<p>Hi</p>")
    assert found["pages/about.rst"].kind == "pages"
    assert archive.find("posts/a.rst", "link://slug/second") == "posts/b.rst"
    assert [(one.origin, dict(one.sentence.params)) for one in archive.doubts] == [
        ("posts/a.rst", {"names": "wells (11)"}),
        ("posts/b.rst", {"names": "wells (3)"}),
        ("posts/list.txt", {}),
    ]


def test_what_a_translation_of_nikola_does_not_say_its_original_says(tmp_path):
    """As Nikola 8.3 publishes them, from heads and from files beside the texts; links stay in their language."""
    tree = {
        "conf.py": "DEFAULT_LANG = 'en'\nSITE_URL = 'https://x.example/'\nTRANSLATIONS = {DEFAULT_LANG: '', 'de': './de'}\n",
        "posts/a.rst": ".. title: Wells\n.. slug: wells\n.. date: 2012-03-30\n.. tags: water\n.. guid: urn:1\n.. author: Ada\n\nx\n",
        "posts/a.de.rst": ".. title: Brunnen\n\nText\n",
        "posts/b.rst": "Two. :doc:`wells`",
        "posts/b.meta": ".. title: Second\n.. slug: second\n.. date: 2012-04-30\n",
        "posts/b.de.rst": "Zwei. :doc:`wells` :doc:`nobody`",
        "posts/b.de.meta": ".. title: Zweiter\n",
        "posts/c.md": "<!--\n.. title: Sun\n.. slug: sun\n.. date: 2012-05-30\n-->\nText\n",
        "posts/c.de.md": "<!--\n.. title: Sonne\n-->\nText\n",
    }
    archive = NikolaArchive(str(write_tree(tmp_path, tree)))
    found = {name.removeprefix("posts/"): text for name, text in by_origin(archive).items()}
    german = found["a.de.rst"]
    assert (german.title, german.urls, german.guid) == (
        "Brunnen", ("/de/posts/wells/",), "https://x.example/de/posts/wells/",
    )  # fmt: skip
    assert (german.date, german.categories, german.authors) == (date(2012, 3, 30), ("water",), ("Ada",))
    assert (found["b.de.rst"].title, found["b.de.rst"].urls) == ("Zweiter", ("/de/posts/second/",))
    assert (found["c.de.md"].title, found["c.de.md"].urls) == ("Sonne", ("/de/posts/sun/",))
    assert 'href="link://slug/wells">Wells</a>' in found["b.rst"].body
    assert 'href="link://slug/wells">Brunnen</a>' in found["b.de.rst"].body
    assert 'href="link://slug/nobody">nobody</a>' in found["b.de.rst"].body
    assert archive.find("posts/b.rst", "link://slug/wells") == "posts/a.rst"
    assert archive.find("posts/b.de.rst", "link://slug/wells") == "posts/a.de.rst"


def test_fields_are_facts_where_nikola_is_told_so(tmp_path):
    """With USE_REST_DOCINFO_METADATA, and the title, too; what stands in a remark is stronger."""
    tree = {
        "conf.py": "USE_REST_DOCINFO_METADATA = True\n",
        "posts/a.rst": ".. slug: wells\n\nWells\n=====\n\n:date: 2012-03-30\n:slug: other\n:authors: Ada\n\nText\n",
    }
    (found,) = NikolaArchive(str(write_tree(tmp_path, tree))).texts()
    assert (found.title, found.date, found.slug, found.authors) == (
        "Wells",
        date(2012, 3, 30),
        "wells",
        ("Ada",),
    )
    assert found.body == "<p>Text</p>\n"


def test_addresses_are_those_that_nikola_publishes(tmp_path):
    """Below the site's folder and that of the configuration; a text stands in for translations that are missing."""
    head = "<!--\n.. title: {0}\n.. slug: {1}\n.. date: 2010-02-04 10:00:00\n-->\nText\n"
    tree = {
        "conf.py": "DEFAULT_LANG = 'en'\nSITE_URL = 'https://x.example/blog/'\n"
        "TRANSLATIONS = {DEFAULT_LANG: '', 'de': './de', 'nl': './dutch'}\n"
        "POSTS = (('news/*.md', {'en': 'news', 'de': 'nachrichten'}, 'post.tmpl'),)\nPAGES = (('pages/*.md', '', 'page.tmpl'),)\n",
        "news/2019/a.md": head.format("A", "a-en"),
        "news/2019/a.de.md": head.format("A", "a-de"),
        "pages/about.md": head.format("About", "about-us"),
    }
    found = by_origin(NikolaArchive(str(write_tree(tmp_path, tree))))
    assert {name: one.urls for name, one in found.items()} == {
        "news/2019/a.md": ("/blog/news/2019/a-en/", "/blog/dutch/news/2019/a-en/"),
        "news/2019/a.de.md": ("/blog/de/nachrichten/2019/a-de/",),
        "pages/about.md": ("/blog/about-us/", "/blog/de/about-us/", "/blog/dutch/about-us/"),
    }
    assert found["news/2019/a.md"].guid == "https://x.example/blog/news/2019/a-en/"


@pytest.mark.parametrize("archive", [HugoArchive, JekyllArchive, PelicanArchive, NikolaArchive])
def test_links_out_of_the_folder_are_not_followed_and_a_file_is_no_folder(tmp_path, archive):
    """What lies outside is not the archive's."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.png").write_text("x")
    site = write_tree(tmp_path / "site", {"a.md": "---\ntitle: A\n---\n"})
    (site / "secret.png").symlink_to(tmp_path / "outside/secret.png")
    (site / "folder").symlink_to(tmp_path / "outside")
    opened = archive(str(site))
    assert opened.find("a.md", "secret.png") == ""
    assert opened.find("a.md", "folder/secret.png") == ""
    with pytest.raises(NewsfeedError):
        opened.read("../outside/secret.png")
    with pytest.raises(NewsfeedError):
        archive(str(site / "a.md"))
