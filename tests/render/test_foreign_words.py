"""Sentences that nobody has translated: marked with their language where that can be, and nowhere else."""

from pathlib import Path

import pytest

from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.render.foreign_words import mark_language, show_languages
from newsfeed.render.templates import Templates
from newsfeed.testing import settings_from, write_tree

WORDS = mark_language("Hello", "en")


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (f"<p>{WORDS}</p>", '<p><span lang="en">Hello</span></p>'),
        (f'<nav aria-label="{WORDS}">', '<nav aria-label="Hello">'),
        (f"<a title='x > {WORDS}'>{WORDS}</a>", "<a title='x > Hello'><span lang=\"en\">Hello</span></a>"),
        (f"<title>{WORDS} – News</title>", "<title>Hello – News</title>"),
        (f"<option>{WORDS}</option>", "<option>Hello</option>"),
        (
            f"<p>{mark_language(f'One <b>{WORDS}</b>', 'de', 'ltr')}</p>",
            '<p><span lang="de" dir="ltr">One <b><span lang="en">Hello</span></b></span></p>',
        ),
        ("<p>1 < 2</p>", "<p>1 < 2</p>"),
    ],
)
def test_a_mark_becomes_an_element_only_where_there_can_be_one(page: str, shown: str) -> None:
    """Attributes and titles hold text only."""
    assert show_languages(page) == shown


def test_templates_mark_what_they_say_in_another_language(tmp_path: Path) -> None:
    """In pages, with its direction when that differs; in plain text never; in one's own language never."""
    page = '<p title="{{ gettext("Archive") }}">{{ gettext("Archive") }}: {{ gettext("By %(who)s", who="<b>") }}</p>'
    write_tree(tmp_path, {"x.html": page, "x.txt": '{{ gettext("Archive") }}'})
    settings = settings_from()
    known = Catalogue({("", "Archive"): ("Archiv",)})
    texts = {
        "de": CatalogueTexts(settings.languages["de"], known, Catalogue(), settings),
        "fr": CatalogueTexts(settings.languages["fr"], Catalogue(), Catalogue(), settings, [("de", known)]),
    }
    templates = Templates(tmp_path, tmp_path / "shipped", texts)
    assert templates.render("x.html", "de") == (
        '<p title="Archiv">Archiv: <span lang="en">By &lt;b&gt;</span></p>\n'
    )
    assert templates.render("x.html", "fr") == (
        '<p title="Archiv"><span lang="de">Archiv</span>: <span lang="en">By &lt;b&gt;</span></p>\n'
    )
    assert templates.render_text("x.txt", "fr") == "Archiv"
