"""docs/templates.md against the environment and the views of templates."""

import dataclasses
import re
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from newsfeed import views
from newsfeed.cli.root import newsfeed
from newsfeed.config import bundled
from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.render.pages import SERVICE_TEMPLATES, TEMPLATES
from newsfeed.render.templates import Templates
from newsfeed.testing import settings_from
from tests.docs.pages import code_of, fences, read, rows, sections

FOR_FEEDS = {
    "SearchRecord",
    "FeedCategory",
    "FeedEntry",
    "FeedView",
    "OpmlView",
    "OutlineFeed",
    "OutlineGroup",
    "SitemapEntry",
    "TextFileView",
    "SitemapIndexEntry",
    "SitemapIndexView",
    "SitemapView",
}
"""Views that formats are given, and templates are not."""


def environment() -> Environment:
    """The environment in which an English template runs."""
    settings = settings_from()
    words = CatalogueTexts(settings.languages["en"], Catalogue(), Catalogue(), settings)
    templates = Templates(Path("nowhere"), bundled.templates(), {"en": words})
    found: Environment = templates._environments["en"]
    return found


def first_column(heading: str) -> set[str]:
    """What the rows of a section are about; of a call only the name."""
    cells = [code for row in rows(sections(read("docs/templates.md"))[heading]) for code in code_of(row[0])]
    return {cell.partition("(")[0] for cell in cells}


def test_the_filters_are_documented_and_no_other() -> None:
    """Beside those of Jinja itself."""
    assert first_column("Filters") == set(environment().filters) - set(Environment().filters)


def test_the_functions_are_documented_and_no_other() -> None:
    """Beside those of Jinja itself."""
    assert first_column("Functions") == set(environment().globals) - set(Environment().globals)


def test_the_views_are_documented_with_all_attributes() -> None:
    """Every value that a template can meet, in both directions."""
    listed = {
        code_of(row[0])[0]: code_of(row[1]) for row in rows(sections(read("docs/templates.md"))["Views"])
    }
    there = {
        name: list(getattr(one, "_fields", None) or [field.name for field in dataclasses.fields(one)])
        for name, one in vars(views).items()
        if isinstance(one, type)
        and one.__module__.startswith(f"{views.__name__}.")
        and name not in {*FOR_FEEDS, "SharedTuple"}
    }
    assert listed == there


def test_every_template_is_documented_with_its_view() -> None:
    """The table of templates names each file that shows a view."""
    table = rows(sections(read("docs/templates.md"))["Replacing a template"])
    listed = {name: code_of(row[1]) for row in table for name in code_of(row[0])}
    for view, name in {**TEMPLATES, **SERVICE_TEMPLATES}.items():
        assert listed.pop(name) == [view.__name__]
    mails = {f"mail/{name}.{form}" for name in ("digest", "confirm", "notice") for form in ("html", "txt")}
    assert set(listed) == {"page/base.html"} | mails


def names_used_by(template: str) -> set[str]:
    """Find the names that a template and the frame it fills are given."""
    parsed = environment().parse((bundled.templates() / template).read_text(encoding="utf-8"))
    frames = [name for name in meta.find_referenced_templates(parsed) if name is not None]
    return meta.find_undeclared_variables(parsed).union(*map(names_used_by, frames))


@pytest.mark.parametrize("mail", ["confirm", "notice"])
def test_every_name_of_a_service_mail_is_documented(mail: str) -> None:
    """What its templates use and do not make themselves, and no other name."""
    names = rows(sections(read("docs/templates.md"))["What a template is given"])
    listed = {name for row in names if f"mail/{mail}.*" in code_of(row[1]) for name in code_of(row[0])}
    used = names_used_by(f"mail/{mail}.html") | names_used_by(f"mail/{mail}.txt")
    assert listed == used - set(environment().globals)


def test_the_blocks_of_the_base_template_are_documented() -> None:
    """What a site's template can change without replacing the rest."""
    base = (bundled.templates() / "page/base.html").read_text(encoding="utf-8")
    (row,) = [row for row in rows(read("docs/templates.md")) if row[0] == "`page/base.html`"]
    assert code_of(row[2]) == re.findall(r"{% block (\w+) %}", base)


def test_the_example_changes_a_shipped_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site with the template of the page has its line on the page of a story, and the rest too."""
    (example,) = [one.code for one in fences(read("docs/templates.md")) if one.info == "jinja"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    assert newsfeed.main(["init", "site"], standalone_mode=False) == 0
    (tmp_path / "site/templates/page").mkdir(parents=True)
    (tmp_path / "site/templates/page/story.html").write_text(example, encoding="utf-8")
    assert newsfeed.main(["-C", "site", "build", "--now", "2026-01-12"], standalone_mode=False) == 0
    page = (tmp_path / "site/public/en/news/2026/hello/index.html").read_text(encoding="utf-8")
    assert "<p>Write to us about this story: newsroom@example.org</p>" in page
    assert "<h1>Hello</h1>" in page
