"""What a link leads to, as its author wrote it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.content.links import (
    OFFERED_SCHEMES,
    SAFE_SCHEMES,
    LinkMap,
    LinkTarget,
    find_link_name,
    list_link_names,
)
from newsfeed.testing import an_item, load_files
from tests.examples import examples

TEXTS = [
    "news/2008/wells.en.md",
    "news/2008/wells.de.md",
    "news/2010/solar/index.en.md",
    "news/2010/solar/index.de.md",
    "news/2010/meeting.de.md",
    "news/2010/report.en.md",
    "news/2011/report.en.md",
    "news/2011/report.de.md",
    "pages/about.en.md",
    "pages/a b.en.md",
    "projects/wells-kz.en.md",
]
ASSETS = ["news/2010/plan.pdf", "news/2010/solar/pump.jpg", "pages/ü.png", "news/2010/wells.en.md.pdf"]
MAP = LinkMap(TEXTS, ASSETS)


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/",
        "http://example.org",
        "HTTPS://EXAMPLE.ORG",
        "mailto:a@example.org",
        "tel:+491234",
        "//example.org/x",
        "#note",
        "?page=2",
        "https://[",
    ],
)
def test_addresses_and_anchors_lead_outside(target):
    """Four schemes, addresses without one, and places in the same text."""
    assert MAP.find("news/2010/a.en.md", "en", target) == LinkTarget(outside=True)


@pytest.mark.parametrize(
    ("target", "scheme"),
    [
        ("javascript:alert(1)", "javascript"),
        ("JaVaScRiPt:alert(1)", "JaVaScRiPt"),
        ("data:text/html,x", "data"),
        ("ftp://example.org", "ftp"),
        ("file:///etc/passwd", "file"),
        ("vbscript:x", "vbscript"),
        ("c:\\docs", "c"),
        ("https+x:y", "https+x"),
    ],
)
def test_other_schemes_are_named(target, scheme):
    """They can run programs in the reader's browser."""
    assert MAP.find("news/2010/a.en.md", "en", target) == LinkTarget(bad_scheme=scheme)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("../2008/wells.en.md", LinkTarget(text="news/2008/wells.en.md")),
        ("../2008/wells.de.md", LinkTarget(text="news/2008/wells.de.md")),
        ("../2008/wells", LinkTarget(text="news/2008/wells.en.md")),
        ("../2008/wells.md", LinkTarget(text="news/2008/wells.en.md")),
        ("./../2008/./wells#how", LinkTarget(text="news/2008/wells.en.md", anchor="how")),
        ("solar", LinkTarget(text="news/2010/solar/index.en.md")),
        ("solar/", LinkTarget(text="news/2010/solar/index.en.md")),
        ("solar/index.de.md", LinkTarget(text="news/2010/solar/index.de.md")),
        ("solar/index.md", LinkTarget(text="news/2010/solar/index.en.md")),
        ("meeting", LinkTarget(text="news/2010/meeting.de.md")),
        ("/pages/about.en.md", LinkTarget(text="pages/about.en.md")),
        ("/pages/about", LinkTarget(text="pages/about.en.md")),
        ("//pages/about", LinkTarget(outside=True)),
        ("about", LinkTarget(text="pages/about.en.md")),
        ("about.md", LinkTarget(text="pages/about.en.md")),
        ("nowhere/about.md", LinkTarget(text="pages/about.en.md")),
        ("wells.md", LinkTarget(text="news/2008/wells.en.md")),
        ("a%20b.md", LinkTarget(text="pages/a b.en.md")),
        ("plan.pdf", LinkTarget(asset="news/2010/plan.pdf")),
        ("plan.pdf#page=2", LinkTarget(asset="news/2010/plan.pdf", anchor="page=2")),
        ("plan.pdf?x=1", LinkTarget(asset="news/2010/plan.pdf")),
        ("solar/pump.jpg", LinkTarget(asset="news/2010/solar/pump.jpg")),
        ("/news/2010/plan.pdf", LinkTarget(asset="news/2010/plan.pdf")),
        ("../../pages/%C3%BC.png", LinkTarget(asset="pages/ü.png")),
        ("../../pages/ü.png", LinkTarget(asset="pages/ü.png")),
        ("report", LinkTarget(text="news/2010/report.en.md")),
        ("../2011/report", LinkTarget(text="news/2011/report.en.md")),
    ],
)  # fmt: skip
def test_relative_links_lead_to_files_of_the_site(target, found):
    """By path, with or without language and ending; or by a name that only one text has."""
    assert MAP.find("news/2010/a.en.md", "en", target) == found


@pytest.mark.parametrize(
    "target",
    ["", "gone.md", "gone.pdf", "pump.jpg", "..", "../..", "../../../etc/passwd", "/", "%00", "index.en.md", "//[", "//x℀y", "wells.fr.md"],
)  # fmt: skip
def test_a_link_may_lead_nowhere(target):
    """Files have no names for links from afar, only texts; the site has an edge."""
    assert MAP.find("news/2010/a.en.md", "en", target) == LinkTarget()


@pytest.mark.parametrize(
    ("lang", "candidates"),
    [
        ("en", ("news/2010/report.en.md", "news/2011/report.en.md")),
        ("fr", ("news/2010/report.en.md", "news/2011/report.de.md", "news/2011/report.en.md")),
    ],
)
def test_a_name_that_two_texts_have_is_ambiguous(lang, candidates):
    """All of them are named: those in the language of the link, if there are any."""
    assert MAP.find(f"pages/a.{lang}.md", lang, "report") == LinkTarget(candidates=candidates)


def test_a_name_leads_to_the_language_of_the_link_first():
    """German texts that only one story has are found from a German text."""
    assert MAP.find("pages/a.de.md", "de", "report") == LinkTarget(text="news/2011/report.de.md")
    assert MAP.find("pages/a.de.md", "de", "about") == LinkTarget(text="pages/about.en.md")


def test_the_map_of_a_library_knows_its_texts_and_files():
    """The same answers, whether from parsed files or from a library."""
    files = {"news/a.en.md": an_item(), "news/b.jpg": b"x"}
    links = LinkMap.of(load_files(files).library)
    assert links.find("news/c.en.md", "en", "a") == LinkTarget(text="news/a.en.md")
    assert links.find("news/c.en.md", "en", "b.jpg") == LinkTarget(asset="news/b.jpg")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("pump.jpg", "news/2010/solar/pump.jpg"),
        ("./pump.jpg", "news/2010/solar/pump.jpg"),
        ("../plan.pdf", "news/2010/plan.pdf"),
        ("gone.jpg", ""),
        ("/news/2010/plan.pdf", ""),
        ("../../../etc/passwd", ""),
        ("", ""),
        (".", ""),
    ],
)
def test_files_of_front_matter_are_relative_to_their_text(name, path):
    """And nothing else: no roots, no names from afar."""
    assert LinkMap([], ASSETS).find_asset("news/2010/solar/index.en.md", name) == path


@given(
    st.lists(
        st.sampled_from(["/", ".", "..", "news", "2008", "wells", ".md", ".de", "plan.pdf", "-"]), max_size=6
    ),
    st.sampled_from(["en", "de", "fr"]),
)
@settings(max_examples=examples(300), deadline=None)
def test_a_plain_path_leads_where_its_encoded_form_does(parts, lang):
    """Paths without signs are not taken apart as addresses are."""
    target = "".join(parts)
    if target and not target.startswith("//"):
        encoded = target.replace("w", "%77").replace(".", "%2E") if "w" in target else f"{target}?"
        origin = "news/2010/a.en.md"
        assert MAP.find(origin, lang, target) == MAP.find(origin, lang, encoded)


@given(st.text(max_size=40), st.sampled_from(["en", "de", "fr"]))
@settings(max_examples=examples(300), deadline=None)
def test_any_target_has_an_answer(target, lang):
    """At most one kind of answer, and never an error."""
    found = MAP.find("news/2010/a.en.md", lang, target)
    kinds = [found.outside, found.asset, found.text, found.bad_scheme, found.candidates]
    assert sum(map(bool, kinds)) <= 1


@given(
    st.lists(
        st.sampled_from(
            [
                "..",
                ".",
                "/",
                "//",
                "[",
                "]",
                ":",
                "#",
                "?",
                "%",
                "%2e",
                "wells",
                ".md",
                ".en",
                "@",
                "℀",
                "\\",
                " ",
            ]
        ),
        max_size=10,
    ).map("".join)
)
@settings(max_examples=examples(300), deadline=None)
def test_any_soup_of_address_signs_has_an_answer(target):
    """Brackets, percent signs and dots in any order."""
    MAP.find("news/2010/a.en.md", "en", target)


_PARTS = st.lists(
    st.sampled_from(
        ("..", ".", "", "news", "2010", "2008", "2011", "solar", "index", "index.de.md", "wells", "wells.md",
         "wells.en.md", "report", "a%20b", "about.md", "pages", "plan.pdf", "pump.jpg", "%C3%BC.png", "meeting")
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@given(
    st.sampled_from(TEXTS), st.sampled_from(("en", "de")), _PARTS, st.sampled_from(("", "/")), st.booleans()
)
@settings(max_examples=examples(400))
def test_whatever_is_found_was_called_by_one_of_its_names(
    origin: str, lang: str, parts: list[str], start: str, anchor: bool
) -> None:
    """So whoever may link to a file is found by names alone."""
    target = start + "/".join(parts) + ("#there" if anchor else "")
    found = LinkMap(TEXTS, ASSETS).find(origin, lang, target)
    for path in (found.text, found.asset, *found.candidates):
        assert not path or find_link_name(origin, target) in list_link_names(path)


@pytest.mark.parametrize("target", ["https://example.org/wells", "//example.org", "#wells", "?x", "", "//["])
def test_what_leads_outside_calls_nobody(target: str) -> None:
    """Nor does what is no address at all."""
    assert find_link_name("news/2008/wells.en.md", target) == ""


def test_a_site_may_allow_other_schemes() -> None:
    """Those it names, in any case; without a word none."""
    links = LinkMap(TEXTS, ASSETS, ["ftp", "magnet"])
    assert links.find("news/a.en.md", "en", "FTP://example.org/a").outside
    assert links.find("news/a.en.md", "en", "magnet:?xt=urn:btih:1").outside
    assert links.find("news/a.en.md", "en", "irc://example.org").bad_scheme == "irc"
    assert MAP.find("news/a.en.md", "en", "ftp://example.org/a").bad_scheme == "ftp"


def test_no_scheme_that_runs_or_reads_something_is_offered() -> None:
    """Whatever the configuration says."""
    assert not {"javascript", "data", "vbscript", "file", "blob", "about"} & {*OFFERED_SCHEMES, *SAFE_SCHEMES}
