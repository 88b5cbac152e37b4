"""What templates can say, in which language, and how often it is made."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader

from newsfeed.errors import ProblemsFound
from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.render.bytecode import SharedBytecode
from newsfeed.render.environment import SiteLoader, _iso, environment_of
from newsfeed.render.templates import Templates
from newsfeed.testing import settings_from, write_tree

MESSAGES = {
    "en": {},
    "de": {
        ("", "Topics"): ("Themen & <b>",),
        ("", "Broken"): ("100 %",),
        ("", "All"): ("Alle %(x)s",),
    },
    "fr": {
        ("", "Topics"): ("Thèmes",),
        ("menu", "Topics"): ("Sujets",),
        ("", "All"): ("100 %% de tout",),
        ("", "By %(name)s"): ("Par %(name)s",),
    },
}
Render = Callable[..., str]


def texts() -> dict[str, CatalogueTexts]:
    """Three languages with a few sentences each."""
    settings = settings_from()
    return {
        code: CatalogueTexts(settings.languages[code], Catalogue(messages), Catalogue(), settings)
        for code, messages in MESSAGES.items()
    }


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Render some source in a language; ``others`` are the templates beside it, by the stems of their names."""

    def rendered(
        source: str,
        lang: str = "en",
        name: str = "x.html",
        *,
        others: dict[str, str] | None = None,
        **values: object,
    ) -> str:
        beside = {f"{stem}.html": text for stem, text in (others or {}).items()}
        write_tree(tmp_path, {name: source, **beside})
        return Templates(tmp_path, tmp_path / "shipped", texts()).render_text(name, lang, **values)

    return rendered


# -- languages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('<i>{{ gettext("Topics") }}</i>', ["<i>Topics</i>", "<i>Themen & <b></i>", "<i>Thèmes</i>"]),
        ('{{ _("Topics") }}', ["Topics", "Themen & <b>", "Thèmes"]),
        ("{% trans %}Topics{% endtrans %}", ["Topics", "Themen & <b>", "Thèmes"]),
        ('{{ gettext("Topics")|upper }}', ["TOPICS", "THEMEN & <B>", "THÈMES"]),
        ('{{ gettext("Topics") ~ "&" }}', ["Topics&amp;", "Themen & <b>&amp;", "Thèmes&amp;"]),
        ('{% if gettext("Topics") == "Thèmes" %}x{% else %}y{% endif %}', ["y", "y", "x"]),
        (
            '{% macro m(a=gettext("Topics")) %}{{ a }}{% endmacro %}{{ m() }}',
            ["Topics", "Themen & <b>", "Thèmes"],
        ),
        ('{{ pgettext("menu", "Topics") }}', ["Topics", '<span lang="en">Topics</span>', "Sujets"]),
        ('{% set word = "Topics" %}{{ gettext(word) }}', ["Topics", "Themen & <b>", "Thèmes"]),
        (
            '{{ gettext("By %(name)s", name="A & B") }}',
            ["By A &amp; B", '<span lang="en">By A &amp; B</span>', "Par A &amp; B"],
        ),
        ('{{ gettext("All", x=1) }}', ["All", "Alle 1", "100 % de tout"]),
        ("{{ 1234567|number }}", ["1,234,567", "1.234.567", "1\u202f234\u202f567"]),
        ("{{ ['a', 'b']|together }}", ["a and b", "a und b", "a et b"]),
        ('{{ language_name("de") }}', ["German", "Deutsch", "allemand"]),
    ],
)
def test_every_language_says_its_own(render: Render, source: str, wanted: list[str]) -> None:
    """Templates are compiled a single time, so what depends on the language is left to the page."""
    assert [render(source, lang) for lang in MESSAGES] == wanted


def test_all_languages_share_what_is_compiled(tmp_path: Path) -> None:
    """A filter of a constant is not worked out in the language that happens to be compiled first."""
    write_tree(tmp_path, {"x.html": "{{ 1234567|number }} {{ 1500|file_size }}"})
    templates = Templates(tmp_path, tmp_path / "shipped", texts())
    assert [templates.render_text("x.html", lang) for lang in MESSAGES] == [
        "1,234,567 1.5\N{NO-BREAK SPACE}kB",
        "1.234.567 1,5\N{NO-BREAK SPACE}kB",
        "1\u202f234\u202f567 1,5\u202fko",
    ]


def test_plain_text_is_not_escaped(render: Render) -> None:
    """There a sentence is a text as any other, and so are values."""
    assert render('{{ gettext("Topics") ~ "&" }}{{ "<" }}', "de", "x.txt") == "Themen & <b>&<"


def test_a_broken_sentence_is_a_failure_of_the_page_in_that_language(render: Render) -> None:
    """It has the line where it is said; other languages say it."""
    source = '\n{{ gettext("Broken") }}'
    assert render(source, "en") == "\nBroken"
    with pytest.raises(ProblemsFound) as found:
        render(source, "de")
    assert found.value.problems[0].where.line == 2


# -- once --------------------------------------------------------------------------------------

NOTED = "{% macro m(x, y=1) %}{{ note(x) }}<{{ x }}>{% endmacro %}"


def note(calls: list[str]) -> Callable[[str], str]:
    """Return a function that says nothing and keeps what it is given."""
    return lambda value: calls.append(value) or ""


@pytest.mark.parametrize(
    ("source", "wanted", "times"),
    [
        ("{{ once(m, 'a') }}{{ once(m, 'a') }}", "<a><a>", 1),
        ("{{ m|once('a') }}{{ m|once('a') }}", "<a><a>", 1),
        ("{{ m|once('a') }}{{ once(m, 'a') }}", "<a><a>", 1),
        ("{{ once(m, 'a') }}{{ once(m, '&') }}", "<a><&amp;>", 2),
        ("{% set n = m %}{{ once(m, 'a') }}{{ once(n, 'a')|upper }}{{ once(*[m, 'a']) }}", "<a><A><a>", 1),
        ("{{ once(m, 'a') }}{{ once(m, 'a', 2) }}", "<a><a>", 2),
    ],
)
def test_once_makes_the_result_for_equal_values_a_single_time(
    render: Render, source: str, wanted: str, times: int
) -> None:
    """As a function and as a filter, which share what they made."""
    calls: list[str] = []
    assert render(NOTED + source, note=note(calls)) == wanted
    assert len(calls) == times


def test_once_remembers_over_pages_what_imported_macros_made(tmp_path: Path) -> None:
    """A piece that stands on many pages of an edition is rendered for the first of them."""
    write_tree(tmp_path, {"lib.html": "{% macro m(x) %}{{ x.shown() }}{% endmacro %}"})
    write_tree(tmp_path, {"page.html": '{% import "lib.html" as lib %}{{ page }}{{ lib.m|once(x) }}'})
    templates = Templates(tmp_path, tmp_path / "shipped", texts())

    class Value:
        times = 0

        def shown(self) -> str:
            self.times += 1
            return "<x>"

    value = Value()
    for page in (1, 2, 3):
        assert templates.render_text("page.html", "en", page=page, x=value) == f"{page}&lt;x&gt;"
    assert value.times == 1
    templates.render_text("page.html", "de", page=1, x=value)
    assert value.times == 2


@pytest.mark.parametrize(
    "source", ["{{ once(m, []) }}", "{{ m|once([]) }}", "{{ once(m, x='a') }}", "{{ m|once(x='a') }}"]
)
def test_once_refuses_what_it_cannot_remember(render: Render, source: str) -> None:
    """Lists can change, and names would be a second way to say the same."""
    with pytest.raises(ProblemsFound):
        render(NOTED + source, note=str)


def test_what_fails_within_once_has_its_place(render: Render) -> None:
    """In the macro, not where it is called."""
    with pytest.raises(ProblemsFound) as found:
        render(
            '{% import "lib.html" as lib %}{{ lib.m|once(1) }}',
            others={"lib": "{% macro m(x) %}\n{{ x.no }}{% endmacro %}"},
        )
    where = found.value.problems[0].where
    assert (where.path.rpartition("/")[2], where.line) == ("lib.html", 2)


# -- what templates are given --------------------------------------------------------------------

STATEMENTS = {
    "imports": '{% import "lib.html" as lib %}{{ lib.m("<") }}{{ lib.g("de") }}',
    "imports with context": '{% set a = "<" %}{% import "lib.html" as lib with context %}{{ lib.c() }}{{ lib.g("de") }}',
    "includes": '{% set a = "<" %}{% include "piece.html" %}{% include "piece.html" without context %}',
    "inherits": '{% extends "base.html" %}{% import "lib.html" as lib %}{% block b %}{{ lib.m(value) }}{{ super() }}{% endblock %}',
    "shadows": '{% set once = 1 %}{{ once }}{% import "lib.html" as lib %}{{ lib.g("fr") }}',
}
BESIDE = {
    "lib.html": '{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{% macro c() %}{{ a|default("none") }}{% endmacro %}'
    "{% macro g(x) %}{{ language_name(x) }}{{ value is defined }}{% endmacro %}",
    "piece.html": '{{ a|default("none") }}{{ language_name("de") }}',
    "base.html": '{% import "lib.html" as lib %}[{{ lib.g("de") }}{% block b %}{{ value }}{% endblock %}]',
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_global_names_mean_what_they_mean_to_jinja2(tmp_path: Path, name: str) -> None:
    """Templates get them in one dictionary from our loader, in a chain of two from Jinja2's own."""
    sources = {**BESIDE, "x.html": STATEMENTS[name]}
    write_tree(tmp_path, sources)
    words = texts()["en"]
    ours = environment_of(words, SiteLoader(tmp_path, tmp_path / "shipped"), SharedBytecode())
    theirs = environment_of(words, DictLoader(sources), SharedBytecode())
    shown = [made.get_template("x.html").render(value="<v>") for made in (ours, theirs)]
    assert shown[0] == shown[1]
    assert "German" in shown[0] or "French" in shown[0]


@pytest.mark.parametrize(
    "source", ["{{ nothing }}", "{{ thing.nothing }}", "{{ nothing.at_all }}", "{{ nothing() }}"]
)
def test_a_name_that_does_not_exist_is_an_error(render: Render, source: str) -> None:
    """Not an empty text, which nobody would notice."""
    with pytest.raises(ProblemsFound) as found:
        render(f"<b>\n{source}", thing=object())
    assert found.value.problems[0].code == "template-failed"
    assert found.value.problems[0].where.line == 2


def test_news_are_no_templates(render: Render) -> None:
    """Whatever an editor writes is shown as it is."""
    assert (
        render("{{ title }}", title="{{ 7 * 7 }}{% include 'x' %}") == "{{ 7 * 7 }}{% include &#39;x&#39; %}"
    )


def test_a_site_s_own_template_comes_first_and_the_shipped_one_stays_reachable(tmp_path: Path) -> None:
    """Under its prefix, also for those that replace it."""
    write_tree(
        tmp_path / "shipped",
        {"a.html": "shipped {% block b %}1{% endblock %}", "b.html": '{% include "a.html" %}'},
    )
    write_tree(
        tmp_path / "own",
        {"a.html": '{% extends "newsfeed/a.html" %}{% block b %}{{ super() }}2{% endblock %}'},
    )
    templates = Templates(tmp_path / "own", tmp_path / "shipped", texts())
    assert templates.render_text("b.html", "en") == "shipped 12"
    assert templates.render_text("newsfeed/b.html", "en") == "shipped 12"
    assert templates.render_text("newsfeed/a.html", "en") == "shipped 1"


# -- filters -------------------------------------------------------------------------------------


@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30)), st.integers(-14, 14))  # noqa: DTZ001
def test_a_moment_is_written_in_utc_to_the_second(moment: datetime, hours: int) -> None:
    """As in RFC 3339."""
    there = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert _iso(there) == there.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_early_year_has_four_digits() -> None:
    """Other clocks would not read it."""
    assert _iso(datetime(987, 6, 5, tzinfo=UTC)) == "0987-06-05T00:00:00Z"
