"""The bars themselves: good samples pass them, every planted fault is caught."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from . import samples
from .faults import (
    ATOM_FAULTS,
    JSON_FAULTS,
    MAIL_FAULTS,
    OPML_FAULTS,
    PAGE_FAULTS,
    PARTS_FAULTS,
    RSS_FAULTS,
    SITE_FAULTS,
    Fault,
    assert_says,
)
from .grammar import (
    atom_grammar_errors,
    jsonfeed_errors,
    rss_grammar_errors,
    sitemap_errors,
)
from .lint import (
    item_titles,
    lint_atom,
    lint_hreflang,
    lint_json,
    lint_mail,
    lint_opml,
    lint_page,
    lint_rss,
    parts_agree,
)
from .need import need_command, need_module, need_npm
from .samples import save


def rss_complaints(data: bytes) -> list[str]:
    """Grammar and lint of RSS together."""
    return [*_grammar(rss_grammar_errors(data)), *lint_rss(data)]


def atom_complaints(data: bytes) -> list[str]:
    """Grammar and lint of Atom together."""
    return [*_grammar(atom_grammar_errors(data)), *lint_atom(data)]


def mail_complaints(data: bytes) -> list[str]:
    """Lint of a mail whose one picture may be loaded."""
    return lint_mail(data, samples.MAIL_IMAGES)


def page_complaints(data: bytes) -> list[str]:
    """Lint of the page at its address."""
    return lint_page(data, samples.PAGE_URL)


def site_complaints(data: bytes) -> list[str]:
    """Lint of the page beside its translation."""
    return lint_hreflang({**samples.SITE, samples.PAGE_URL: data})


BARS: tuple[tuple[Callable[[bytes], list[str]], str, tuple[Fault, ...]], ...] = (
    (rss_complaints, samples.RSS, RSS_FAULTS),
    (atom_complaints, samples.ATOM, ATOM_FAULTS),
    (mail_complaints, samples.MAIL, MAIL_FAULTS),
    (parts_agree, samples.MAIL, PARTS_FAULTS),
    (page_complaints, samples.PAGE, PAGE_FAULTS),
    (site_complaints, samples.PAGE, SITE_FAULTS),
    (lint_opml, samples.OPML, OPML_FAULTS),
)


PLANTED = [
    pytest.param(bar, text, fault, id=f"{bar.__name__.partition('_')[0]}: {fault.what}")
    for bar, text, faults in BARS
    for fault in faults
]


@pytest.mark.parametrize(
    ("bar", "document"),
    [pytest.param(bar, text, id=bar.__name__) for bar, text, _ in BARS],
)
def test_good_document_passes(bar: Callable[[bytes], list[str]], document: str) -> None:
    """A sample without a fault causes no complaint: no false alarms."""
    assert bar(document.encode("utf-8")) == []


@pytest.mark.parametrize(("bar", "document", "fault"), PLANTED)
def test_planted_fault_is_caught(bar: Callable[[bytes], list[str]], document: str, fault: Fault) -> None:
    """Each planted fault causes the complaint that names it, not just any."""
    assert_says(bar(fault.planted_in(document)), fault.says)


def test_good_json_feed_passes(tmp_path: Path) -> None:
    """Schema and lint have nothing against the sample JSON feed."""
    assert jsonfeed_errors(save(tmp_path / "feed.json", samples.JSON)) == []
    assert lint_json(samples.JSON.encode()) == []


@pytest.mark.parametrize("fault", JSON_FAULTS, ids=lambda fault: fault.what)
def test_planted_json_fault_is_caught(fault: Fault, tmp_path: Path) -> None:
    """Each fault planted in the JSON feed is seen by the schema or by lint."""
    data = fault.planted_in(samples.JSON)
    complaints = _grammar(jsonfeed_errors(save(tmp_path / "feed.json", data)))
    assert_says([*complaints, *lint_json(data)], fault.says)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("fr-FR", "fr_FR", "hreflang"),
        ("<loc>https://news.example/de/</loc>", "", "Expected is .*loc"),
        ("/fr/</loc>", "/de/</loc>", "Duplicate"),
        ("02-04T09:00:00+01:00", "02-04T09:00:00", "not a valid value"),
    ],
)
def test_sitemap_fault_is_caught(old: str, new: str, says: str, tmp_path: Path) -> None:
    """The good sitemap validates; one with a planted fault does not."""
    spoilt = Fault("", old, new).planted_in(samples.SITEMAP)
    assert sitemap_errors(save(tmp_path / "good.xml", samples.SITEMAP.encode())) == []
    assert_says(sitemap_errors(save(tmp_path / "bad.xml", spoilt)), says)


def test_lint_names_a_file_of_another_format() -> None:
    """A feed under the wrong name is no feed of that format."""
    assert lint_rss(samples.ATOM.encode()) == ["the feed has no channel"]
    assert_says(lint_atom(samples.RSS.encode()), "0 self links")
    assert_says(lint_json(samples.RSS.encode()), "not JSON")


def test_page_hidden_from_search_needs_no_canonical_address() -> None:
    """A page that is not to be indexed, such as the 404 page, may have none."""
    noindex = '<meta name="robots" content="noindex">'
    fault = Fault("", '<link rel="canonical" href="', f'{noindex}<link rel="x" href="')
    assert lint_page(fault.planted_in(samples.PAGE), samples.PAGE_URL) == []


def test_item_titles_are_the_linked_headings() -> None:
    """Titles and links of a digest come in the order of its HTML part."""
    assert item_titles(samples.MAIL.encode("utf-8")) == [
        (
            "Schulung in Lenger: „Sonne“ & Wasser",
            "https://news.example/de/2010/lenger/",
        ),
        ("Neue Videos", "https://news.example/de/2010/videos/"),
    ]


@pytest.mark.parametrize(
    ("need", "name", "remedy"),
    [
        (need_command, "no-such-command", "apt-get install no-such-command"),
        (need_npm, "no-such-package", "npm ci --ignore-scripts"),
        (need_module, "no_such_module.part", "pip install no_such_module"),
    ],
)
def test_missing_peer_skips_here_and_fails_in_ci(
    need: Callable[[str], object],
    name: str,
    remedy: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One sentence says what is missing and how to get it; CI never skips."""
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"missing: .*{remedy}"):
        need(name)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=f"missing: .*{remedy}"):
        need(name)


def _grammar(errors: Iterable[str]) -> list[str]:
    return [f"grammar: {error}" for error in errors]
