"""Templates are compiled once for all languages, and each of them reads its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment

from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.render.templates import Templates
from newsfeed.testing import settings_from

SPOKEN = {
    "en": {},
    "de": {
        ("", "Topics"): ("Themen & <b>",),
        ("", "Broken"): ("100 %",),
        ("", "All"): ("Alle %(x)s",),
        ("", "One"): ("\ue0000\ue001",),
    },
    "fr": {("", "Topics"): ("Thèmes",), ("menu", "Topics"): ("Sujets",), ("", "All"): ("Tout %%",)},
}


@pytest.fixture
def render(tmp_path: Path) -> Callable[..., list[str]]:
    """What some source gives in each language, English first."""
    settings = settings_from()
    texts = {
        code: CatalogueTexts(settings.languages[code], Catalogue(spoken), Catalogue(), settings)
        for code, spoken in SPOKEN.items()
    }

    def made(source: str, name: str = "x.html", **values: object) -> list[str]:
        (tmp_path / name).write_text(source, encoding="utf-8")
        templates = Templates(tmp_path, tmp_path / "shipped", texts)
        return [templates.render_text(name, code, **values) for code in texts]

    return made


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('<i>{{ gettext("Topics") }}</i>', ["<i>Topics</i>", "<i>Themen & <b></i>", "<i>Thèmes</i>"]),
        ('{{ gettext("Topics")|upper }}', ["TOPICS", "THEMEN & <B>", "THÈMES"]),
        ('{{ gettext("Topics")|length }}', ["6", "12", "6"]),
        ('{{ gettext("Topics") ~ "&" }}', ["Topics&amp;", "Themen & <b>&amp;", "Thèmes&amp;"]),
        ('{{ [gettext("Topics"), 1][0] }}', ["Topics", "Themen & <b>", "Thèmes"]),
        ('{{ {gettext("Topics"): 1}|list|first }}', ["Topics", "Themen & <b>", "Thèmes"]),
        ('{% if gettext("Topics") == "Thèmes" %}x{% else %}y{% endif %}', ["y", "y", "x"]),
        (
            '{% macro m(a=gettext("Topics")) %}{{ a }}{% endmacro %}{{ m() }}',
            ["Topics", "Themen & <b>", "Thèmes"],
        ),
        (
            '{% for n in [1, 2] %}{{ pgettext("menu", "Topics") }}{% endfor %}',
            ["TopicsTopics"] * 2 + ["SujetsSujets"],
        ),
        ("{{ 1234567|number }}", ["1,234,567", "1.234.567", "1\u202f234\u202f567"]),
        ('{{ gettext("One") }}', ["One", "\ue0000\ue001", "One"]),
    ],
)
def test_every_language_says_its_own(
    render: Callable[..., list[str]], source: str, wanted: list[str]
) -> None:
    """Also where a sentence is no output, and where a filter's result differs with the language."""
    assert render(source) == wanted


def test_plain_text_is_not_html(render: Callable[..., list[str]]) -> None:
    """There a sentence is a text as any other."""
    assert render('{{ gettext("Topics") ~ "&" }}', "x.txt") == ["Topics&", "Themen & <b>&", "Thèmes&"]


def test_a_sentence_that_one_language_breaks_is_left_to_all(render: Callable[..., list[str]]) -> None:
    """It fails when its page is rendered in that language; the others say it."""
    source = '{% if say %}{{ gettext("All") }}{% endif %}'
    assert render(source, say=False) == ["", "", ""]
    assert render('{{ gettext("All", x=1) }}') == ["All", "Alle 1", "Tout %"]


def test_marks_of_an_author_are_characters(render: Callable[..., list[str]]) -> None:
    """A template that has such characters gets no marks of ours."""
    assert render('\ue0000\ue001{{ gettext("Topics") }}')[2] == "\ue0000\ue001Thèmes"


def test_a_template_is_compiled_once(
    render: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Languages after the first only put their sentences in."""
    asked: list[str] = []
    real = Environment._generate
    monkeypatch.setattr(Environment, "_generate", lambda *given: asked.append(given[2]) or real(*given))
    render('{{ gettext("Topics") }}')
    assert asked == ["x.html"]
