"""Templates are compiled in a way of their own, and mean what plain Jinja2 makes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup

from newsfeed.errors import ProblemsFound
from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.render import templates
from newsfeed.testing import settings_from

WORDS = CatalogueTexts(settings_from().languages["en"], Catalogue(), Catalogue(), settings_from())
BREAK = Markup("<br>")
LIBRARY = """outside {{ 1 + 1 }}
{% macro plain(a, b="b & b") %}<i>{{ a }}|{{ b }}</i>
{% endmacro %}
{% macro many(a) %}{{ a }}{{ varargs|join("<") }}{{ kwargs|dictsort|join(";") }}{% endmacro %}
{% macro around(a) %}[{{ caller(a) if caller else a }}]{% endmacro %}
{% macro twice(a) %}{{ plain(a) }}{{ once(plain, a) }}{{ plain(a, b=plain(a))|upper }}{% endmacro %}
{% macro needs(a, b) %}{{ b is defined }}{% endmacro %}
"""


class Plain(Environment):
    """Jinja2, with a `once` that keeps nothing."""

    def __init__(self, _speech: object, _sentences: object, **options: Any) -> None:
        super().__init__(**options)
        self.once = lambda macro, *values: macro(*values)


@dataclass(frozen=True)
class Thing:
    """Has attributes; some names are those of methods of dictionaries."""

    text: str = "a < b"
    items: tuple[str, ...] = ("x", "y & z")
    html: Markup = BREAK
    none: None = None
    number: int = 7


VALUES = {
    "thing": Thing(),
    "table": {"text": "<key>", "none": None, "items": "no item, but a method"},
    "things": [Thing("one"), Thing("<two>"), Thing("")],
    "tree": [{"name": "a", "below": [{"name": "b", "below": []}]}, {"name": "c", "below": []}],
    "number": 3,
}


def _rendered(folder: Path, name: str, files: dict[str, str], environment: type[Environment] | None) -> str:
    """What a template gives, or why it fails and where."""
    for path, source in files.items():
        (folder / path).write_text(source, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        if environment is not None:
            patch.setattr(templates, "SiteEnvironment", environment)
        made = templates.Templates(folder, folder / "none", {"en": WORDS})
    try:
        return made.render_text(name, "en", **VALUES)
    except ProblemsFound as found:
        return repr(found.problems)


@pytest.fixture
def both(tmp_path: Path) -> Callable[..., tuple[str, str]]:
    """What we and what Jinja2 make of a template and those beside it."""

    def made(source: str, name: str = "t.html", **others: str) -> tuple[str, str]:
        files = {"lib.html": LIBRARY, name: source, **{f"{one}.html": text for one, text in others.items()}}
        return _rendered(tmp_path, name, files, None), _rendered(tmp_path, name, files, Plain)

    return made


IMPORTS = '{% import "lib.html" as lib %}{% from "lib.html" import plain, many, around %}'
EXPRESSIONS = [
    "thing.text",
    "thing.html",
    "thing.none",
    "thing.number",
    "thing.items|join('<')",
    "thing['text']",
    "table.text",
    "table.none",
    "table.items is callable",
    "thing.nothing is defined",
    "table.nothing|default('<none>')",
    "nothing is defined",
    "nothing|default(thing.text)",
    "number",
    "'<&>'",
    "things[1].text",
    "things|map(attribute='text')|join(', ')",
    "thing.text.upper()",
    "thing.text if number > 5 else thing.html",
    "thing.text ~ thing.html",
    "lib.plain(thing.text)",
    "lib.plain(thing.text)|upper",
    "lib.plain(thing.html, thing.text)",
    "lib.plain(thing.text, b=thing.html)",
    "lib.plain(1, b='<')|length",
    "lib.plain(*['<', '>'])",
    "lib.plain(**{'a': '<'})",
    "lib.needs(1)",
    "lib.many(1, '<', 3, x='&')",
    "lib.twice('&')",
    "plain('<') ~ plain(plain('<'))",
    "many('<')",
    "once(lib.plain, '<')",
    "once(plain, thing.text, once(lib.plain, '&'))",
    "once(lib.many, 1, 2)",
    "once(language_name, 'de')",
    "once(lib.plain, 'a')|replace('i', '<')",
    "[plain('<'), '<']|join('<')",
    "language_name('de')",
    "gettext('Say %(what)s', what=plain('<'))",
    "gettext(thing.text)",
    "lib",
    "loop is defined",
    "range(3)|list",
]
FAILURES = [
    "lib.around('<')",
    "thing.nothing",
    "table.nothing",
    "nothing",
    "nothing()",
    "nothing.at_all",
    "lib.nothing('<')",
    "lib.needs(1, 2, 3)",
    "lib.plain(1, c=2)",
    "plain(1, 2, 3)",
    "once(lib.plain, 1, 2, 3)",
    "once(lib.nothing, 1)",
    "thing.text()",
    "thing.number / 0",
    "lib.plain(thing.nothing)",
    "[].pop()",
]


@pytest.mark.parametrize("source", EXPRESSIONS)
@pytest.mark.parametrize("name", ["t.html", "t.txt"])
def test_an_expression_gives_what_jinja2_gives(
    both: Callable[..., tuple[str, str]], source: str, name: str
) -> None:
    """Put out, kept in a variable, in a loop, in a macro and in a block."""
    ours, theirs = both(
        f"{IMPORTS}<{{{{ {source} }}}}>{{% set x = {source} %}}{{{{ x }}}}"
        f"{{% for one in things %}}{{{{ {source} }}}}{{% endfor %}}"
        f"{{% macro inner(a) %}}{{{{ {source} }}}}{{% endmacro %}}{{{{ inner(1) }}}}"
        f"{{% if ({source}) %}}yes{{% endif %}}"
        f"{{% block b %}}{IMPORTS}{{{{ {source} }}}}{{% endblock %}}",
        name,
    )
    assert ours == theirs
    assert "template-failed" not in ours


@pytest.mark.parametrize("source", FAILURES)
def test_a_failure_is_jinja2_s_and_has_its_place(both: Callable[..., tuple[str, str]], source: str) -> None:
    """In the line where it is."""
    for whole in (
        f"{IMPORTS}\n<b>{{{{ 1 }}}}\n{{{{ {source} }}}}</b>",
        f"{IMPORTS}\n{{{{ plain({source}) }}}}",
    ):
        ours, theirs = both(whole)
        assert ours == theirs
        assert "template-failed" in ours


@pytest.mark.parametrize(
    "source",
    [
        '{% extends "base.html" %}{% block a %}<{{ super() }}>{{ super()|upper }}{% endblock %}',
        '{% extends "base.html" %}{% block b %}{{ self.a() }}{{ self.a()|length }}{% endblock %}lost',
        '{% if number %}{% extends "base.html" %}{% endif %}{% block a %}A{% endblock %}tail',
        'head{% if not number %}{% extends "base.html" %}{% endif %}{% block a %}A{% endblock %}tail',
        '{% extends "middle.html" %}{% block a %}1{{ super() }}{{ super.super() }}{% endblock %}',
        '{% extends "base.html" %}{% set given = "<given>" %}',
        '{% include "piece.html" %}|{% include "piece.html" without context %}|after',
        '{% set given = 1 %}{% filter upper %}{% include "piece.html" %}{% endfilter %}',
        '{% include "gone.html" ignore missing %}{% include ["gone.html", "piece.html"] %}',
        '{% for one in things %}{% include "piece.html" %}{{ loop.index }}{% endfor %}',
        "{% filter replace('a', '<') %}a{{ thing.text }}{% block a %}block a{% endblock %}{% endfilter %}",
        "{% set x %}{{ thing.text }}{% block a %}<a>{% endblock %}{% endset %}{{ x }}{{ x|length }}",
        IMPORTS + "{% call(b) around('<') %}{{ b }} {{ thing.text }}{% endcall %}",
        IMPORTS + "{% call(a) lib.around('<') %}inside {{ a }}{{ plain(a) }}{% endcall %}",
        "{% for n in tree recursive %}{{ n.name }}({{ loop(n.below) }}){% else %}-{% endfor %}",
        "{% for a in things if a.text %}{{ a.text }}{{ loop.last }}{% else %}none{% endfor %}",
        "{% for a in things %}{% block s scoped %}{{ a.text }}{% endblock %}{% endfor %}",
        "{% set ns = namespace(n=0) %}{% for a in things %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
        "{% set l = [] %}{% for a in things %}{% set _ = l.append(a.text) %}{% endfor %}{{ l|join }}",
        "{% with a = thing.text, b = '<' %}{{ a }}{{ b }}{% endwith %}",
        IMPORTS
        + "{% autoescape false %}{{ thing.text }}{{ plain('<') }}{{ plain('<')|upper }}{% endautoescape %}",
        IMPORTS
        + "{% autoescape number > 5 %}{{ thing.text }}{{ plain('<') }}{{ thing.html }}{% endautoescape %}",
        """{% macro a() %}<{{ thing.text }}{% endmacro %}{% macro b() %}{{ a() }}{{ once(a) }}{% endmacro %}{{ b() }}
        {% autoescape false %}{{ b() }}{{ a() }}{% endautoescape %}{{ b() }}""",
        "{% autoescape false %}{% block a %}{{ thing.text }}{% endblock %}{% endautoescape %}",
        "{% macro once(a) %}mine {{ a }}{% endmacro %}{{ once('<') }}{% block a %}{{ once('<') }}{% endblock %}",
        "{% macro language_name(a) %}mine {{ a }}{% endmacro %}{{ language_name('<') }}",
        "{% macro count(n) %}{{ n }}{% if n %}{{ count(n - 1) }}{% endif %}{% endmacro %}{{ count(5) }}",
        "{% macro m(kwargs=1) %}{{ kwargs }}{% endmacro %}{{ m() }}{{ m(2) }}{{ m(kwargs=3) }}",
        "{% macro m(a, caller=none) %}{{ a }}{{ caller is none }}{% endmacro %}{{ m(1) }}{{ m(1, none) }}",
        '{% import "piece.html" as one with context %}{{ one }}{{ one.given }}',
        "{% trans who=thing.text %}Hello {{ who }}{% endtrans %}{% trans n=number %}one{% pluralize %}{{ n }}{% endtrans %}",
    ],
)
def test_a_statement_does_what_jinja2_does(both: Callable[..., tuple[str, str]], source: str) -> None:
    """Whatever templates can do with one another."""
    ours, theirs = both(
        source,
        base="{% block a %}<a>{{ thing.text }}{% endblock %}|{% block b %}<b>{% endblock %}|{{ given|default(0) }}"
        "{% block once %}{% endblock %}",
        middle='{% extends "base.html" %}{% block a %}2{{ super() }}{% endblock %}',
        piece="{% set given = given|default('<not given>') %}<piece>{{ given }}",
    )
    assert ours == theirs
    assert "template-" not in ours


def test_a_template_without_context_is_included_where_it_stands(both: Callable[..., tuple[str, str]]) -> None:
    """Also where what is written is collected first; Jinja2 puts it before everything there."""
    whole = '1{% filter upper %}a{% include "piece.html" without context %}b{% endfilter %}2'
    assert both(whole, piece="<p>")[0] == "1A<P>B2"


_PIECES = st.sampled_from([f"{{{{ {one} }}}}" for one in EXPRESSIONS] + ["text\n", "\n\n", "<b>", " "])
_AROUND = st.sampled_from(
    [
        "{{% if number %}}{}{{% else %}}-{{% endif %}}",
        "{{% for thing in things %}}{}{{% endfor %}}",
        "{{% filter upper %}}{}{{% endfilter %}}",
        "{{% set x %}}{}{{% endset %}}{{{{ x }}}}{{{{ x|length }}}}",
        "{{% call(v) lib.around(1) %}}{}{{% endcall %}}",
        "{{% autoescape false %}}{}{{% endautoescape %}}",
        "{{% autoescape number > 3 %}}{}{{% endautoescape %}}",
        "{{% macro local(x, y=thing.text) %}}{}{{% endmacro %}}{{{{ local(1) }}}}{{{{ once(local, 2, 3) }}}}",
        "{{% with thing = things[1] %}}{}{{% endwith %}}",
    ]
)
_TEMPLATES = st.recursive(
    _PIECES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map("".join)
        | st.tuples(_AROUND, inner).map(lambda both: both[0].format(both[1]))
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(_TEMPLATES, _TEMPLATES, st.booleans())
def test_any_template_gives_what_jinja2_gives(
    both: Callable[..., tuple[str, str]], source: str, block: str, extends: bool
) -> None:
    """Statements in statements, with and without a template underneath."""
    whole = f"{IMPORTS}{source}{{% block b %}}{IMPORTS}{block}{{% endblock %}}"
    base = f"{IMPORTS}{block}{{% block b %}}{{% endblock %}}{source}"
    ours, theirs = both(('{% extends "base.html" %}' if extends else "") + whole, base=base)
    assert ours == theirs
