"""A site's own catalogues: what is missing is written, what is gone put away, what is wrong told."""

import pytest

from newsfeed.config.loader import parse_settings
from newsfeed.errors import OutsideError
from newsfeed.i18n.site_catalogues import check_catalogues, extract_names, update_names
from newsfeed.testing import write_tree

CONFIG = """
[site]
title = "T"
base_url = "https://a.example/"
languages = ["en", "de"]
authority = "a.example,2020"
imprint = "x"
[topics]
water = "Water"
energy = "Energy"
[donors]
moe = "Ministry"
"""
SETTINGS, _ = parse_settings(CONFIG)
PATH = "locales/de/LC_MESSAGES/site.po"
HEAD = """\
# Of our own.
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"""


def entry(context: str, name: str, translated: str) -> str:
    """An entry of a catalogue."""
    return f'\nmsgctxt "{context}"\nmsgid "{name}"\nmsgstr "{translated}"\n'


WATER, ENERGY, MINISTRY = (
    entry("topic", "Water", "Wasser"),
    entry("topic", "Energy", ""),
    entry("donor", "Ministry", ""),
)


def told(root):
    """(line, code, value) of what is wrong."""
    return [
        (one.where.line, one.code, dict(one.params).get("value")) for one in check_catalogues(root, SETTINGS)
    ]


def test_missing_names_are_written_as_empty_entries(tmp_path):
    """Below what is there, which stays; a second time nothing is to be done."""
    write_tree(tmp_path, {PATH: HEAD + WATER})
    assert extract_names(tmp_path, SETTINGS) == [(PATH, 2, 0)]
    assert (tmp_path / PATH).read_text() == HEAD + WATER + ENERGY + MINISTRY
    assert extract_names(tmp_path, SETTINGS) == []
    assert told(tmp_path) == [(12, "name-untranslated", "Energy"), (16, "name-untranslated", "Ministry")]


def test_a_catalogue_that_is_not_there_is_begun(tmp_path):
    """Of every language but that of the configuration."""
    assert told(tmp_path) == [(1, "name-untranslated", name) for name in ("Water", "Energy", "Ministry")]
    assert extract_names(tmp_path, SETTINGS) == [(PATH, 3, 0)]
    assert '"Language: de' in (tmp_path / PATH).read_text()
    assert not (tmp_path / "locales/en").exists()


def test_names_that_are_gone_become_obsolete(tmp_path):
    """And none of the new ones gets the translation of an old one that looks alike."""
    write_tree(tmp_path, {PATH: HEAD + WATER + entry("donor", "Ministries", "Ministerien")})
    assert update_names(tmp_path, SETTINGS) == [(PATH, 2, 1)]
    text = (tmp_path / PATH).read_text()
    assert "# Of our own." in text
    assert '#~ msgstr "Ministerien"' in text
    assert 'msgid "Ministry"\nmsgstr ""' in text
    assert "fuzzy" not in text
    assert update_names(tmp_path, SETTINGS) == []


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('\nmsgid "a\n', (7, "catalogue-syntax", None)),
        ("\n#, fuzzy" + ENERGY, (9, "catalogue-fuzzy", "Energy")),
        (WATER, (12, "catalogue-duplicate", "Water")),
        (entry("topic", "{a} of", "von"), (8, "catalogue-placeholder", "{a} of")),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, more, problem):
    """As the programs of gettext tell it."""
    body = WATER if problem[1] == "catalogue-duplicate" else ""
    write_tree(tmp_path, {PATH: HEAD + body + more})
    assert problem in told(tmp_path)


def test_a_catalogue_that_cannot_be_read_is_not_written(tmp_path):
    """With what to do."""
    write_tree(tmp_path, {PATH: HEAD + '\nmsgid "a\n'})
    with pytest.raises(OutsideError, match=PATH):
        update_names(tmp_path, SETTINGS)


def test_a_catalogue_outside_of_the_site_is_not_written(tmp_path):
    """Whatever a link says."""
    write_tree(tmp_path / "site", {"a": "x"})
    (tmp_path / "site/locales").symlink_to(tmp_path)
    with pytest.raises(OutsideError, match="would not lie in the site"):
        extract_names(tmp_path / "site", SETTINGS)
