"""Templates compiled for speed mean what they mean to Jinja2."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from newsfeed.errors import ProblemsFound
from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.render.compiling import SiteEnvironment
from newsfeed.render.templates import Templates
from newsfeed.testing import settings_from

MESSAGES = {
    ("", "Topics"): ("Thèmes & <b>",),
    ("menu", "Topics"): ("Sujets",),
    ("", "All"): ("100 %% de tout",),
    ("", "Broken"): ("100 %",),
    ("", "By %(name)s"): ("Par %(name)s",),
}


@pytest.fixture
def render(tmp_path: Path) -> Callable[..., str]:
    """Renders some source with a catalogue in place; names that end in ``.txt`` are not escaped."""

    def made(source: str, name: str = "page/x.html", **values: object) -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
        settings = settings_from()
        words = CatalogueTexts(settings.languages["en"], Catalogue(MESSAGES), Catalogue(), settings)
        return Templates(tmp_path, tmp_path / "shipped", {"en": words}).render_text(name, "en", **values)

    return made


@given(st.one_of(st.text(), st.text().map(Markup), st.integers(), st.none()))
def test_a_value_is_shown_as_markupsafe_escapes_it(value: object) -> None:
    """Twice: the second time from memory."""
    shown = SiteEnvironment.shown
    assert shown(value) == shown(value) == escape(value)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('{{ gettext("Topics") }}', "Thèmes & <b>"),
        ('{{ _("Topics") }}', "Thèmes & <b>"),
        ('{{ pgettext("menu", "Topics") }}', "Sujets"),
        ("{% trans %}Topics{% endtrans %}", "Thèmes & <b>"),
        ('{{ gettext("All") }}', "100 % de tout"),
        ('{{ gettext("Unknown") }}', "Unknown"),
        ('{{ gettext("By %(name)s", name="A & B") }}', "Par A &amp; B"),
        ('{% set word = "Topics" %}{{ gettext(word) }}', "Thèmes & <b>"),
        ('{{ gettext("Topics")|upper }}', "THÈMES & <B>"),
    ],
)
def test_sentences_are_the_catalogue_s(render: Callable[..., str], source: str, wanted: str) -> None:
    """In HTML a sentence is HTML, and what is put into it is escaped."""
    assert render(source) == wanted
    assert render(source, "mail/x.txt") == wanted.replace("&amp;", "&")


def test_a_broken_sentence_is_a_failure_of_the_page(render: Callable[..., str]) -> None:
    """As when it is asked for by a variable: not one of compiling, which would have no line."""
    with pytest.raises(ProblemsFound) as found:
        render('\n{{ gettext("Broken") }}')
    assert found.value.problems[0].where.line == 2


def test_once_calls_a_macro_a_single_time_for_equal_values(render: Callable[..., str]) -> None:
    """For others again."""
    calls: list[str] = []
    source = "{% macro m(x) %}{{ note(x) }}<{{ x }}>{% endmacro %}{{ once(m, 'a') }}{{ once(m, 'a') }}{{ once(m, '&') }}"
    assert render(source, note=lambda x: calls.append(x) or "") == "<a><a><&amp;>"
    assert calls == ["a", "&"]


def test_once_remembers_one_result_however_it_is_called(render: Callable[..., str]) -> None:
    """Put out, as a value, for a macro of another name, and with values of other types."""
    calls: list[str] = []
    source = (
        "{% macro m(x, y=1) %}{{ note(x) }}<{{ x }}>{% endmacro %}{% set n = m %}"
        "{{ once(m, 'a') }}{{ once(n, 'a')|upper }}{{ once(*[m, 'a']) }}{% set o = once %}{{ o(m, 'a') }}{{ once(m, 'a', 1) }}"
    )
    assert render(source, note=lambda x: calls.append(x) or "") == "<a><A><a><a><a>"
    assert calls == ["a", "a"]


def test_once_refuses_values_that_can_change(render: Callable[..., str]) -> None:
    """A list has no lasting name."""
    with pytest.raises(ProblemsFound):
        render("{% macro m(x) %}{{ x }}{% endmacro %}{{ once(m, []) }}")


def test_once_takes_no_names(render: Callable[..., str]) -> None:
    """They would be ignored silently."""
    with pytest.raises(ProblemsFound):
        render("{% macro m(x) %}{{ x }}{% endmacro %}{{ once(m, x='a') }}")
