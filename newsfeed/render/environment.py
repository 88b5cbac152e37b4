"""One Jinja2 environment for each language: its templates, filters and functions.

Pages are rendered by the ten thousand. What stands on many of them is made a single time by `once`; how
Jinja2 compiles and calls templates is left to Jinja2.
"""

from __future__ import annotations

import textwrap
from datetime import UTC, date, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    pass_context,
    select_autoescape,
)
from markupsafe import Markup

from newsfeed.files import LARGEST
from newsfeed.render.foreign_words import mark_language
from newsfeed.render.plain_text import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from jinja2 import BaseLoader, BytecodeCache, Template
    from jinja2.runtime import Context

    from newsfeed.i18n.texts import CatalogueTexts

T = TypeVar("T")

SHIPPED = "newsfeed"
"""Prefix under which the shipped templates stay reachable."""
_REMEMBERED = 20_000
"""Results of macros that an environment keeps: a story's card takes four of them, and is to stay until the
last list that shows it is rendered.
"""


class SiteFileLoader(FileSystemLoader):
    """Loads templates from a folder, but for files that are too large to be read: a check tells those."""

    def get_source(self, environment: Environment, template: str) -> Any:
        """Return the source of a template. Raises `TemplateNotFound` where none can be read."""
        for folder in self.searchpath:
            path = Path(folder, template)
            if path.is_file() and path.stat().st_size > LARGEST:
                raise TemplateNotFound(template)
        return super().get_source(environment, template)


class SiteLoader(ChoiceLoader):
    """Loads a site's own templates, else the shipped ones; these also by their prefix."""

    def __init__(self, site: Path, shipped: Path) -> None:
        own = FileSystemLoader(shipped, encoding="utf-8")
        super().__init__([SiteFileLoader(site, encoding="utf-8"), own, PrefixLoader({SHIPPED: own})])

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja2's name for it
    ) -> Template:
        """Load a template, and give it its global names as one dictionary.

        The environment hands over a `ChainMap`, which every page and every import goes through key by key in
        Python: that took a fifth of a page's time.
        """
        return super().load(environment, name, dict(globals or {}))


class QuickEnvironment(Environment):
    """Remembers templates by their names: each page asks for eight, and Jinja2 would compare loaders and
    dictionaries of global names each time.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._by_name: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja2's name for it
    ) -> Template:
        """Return a template, loaded when it is first asked for."""
        if globals is not None or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        if name not in self._by_name:
            self._by_name[name] = super().get_template(name, parent)
        return self._by_name[name]


def environment_of(words: CatalogueTexts, loader: BaseLoader, bytecode: BytecodeCache) -> Environment:
    """Return the environment in which templates speak one language."""
    environment = QuickEnvironment(
        loader=loader,
        bytecode_cache=bytecode,
        autoescape=select_autoescape(disabled_extensions=["txt"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    _install_sentences(environment, words)
    once = lru_cache(_REMEMBERED)(_called)
    environment.filters.update(
        long_date=_spoken(words.long_date),
        weekday_date=_spoken(words.weekday_date),
        month=_spoken(words.month),
        number=_spoken(words.number),
        together=_spoken(words.together),
        file_size=_spoken(words.file_size),
        iso=_iso,
        day=_spoken(words.day),
        safe_html=Markup,
        tied=_tied,
        in_script=_in_script,
        as_text=as_text,
        wrap=_wrap,
        once=once,
    )
    environment.globals.update(
        language_name=words.language, autonym=words.autonym, own_direction=words.direction, once=once
    )
    return environment


def _install_sentences(environment: Environment, words: CatalogueTexts) -> None:
    """Let templates say sentences; in HTML, one that is in another language says so."""

    def say(context: Context, message: str, plural: str = "", number: int = 1, about: str = "") -> str:
        text, lang = words.sentence(message, plural, number, about)
        if lang == words.code or not context.eval_ctx.autoescape:
            return text
        direction = words.direction_of(lang)
        return mark_language(text, lang, direction if direction != words.direction else "")

    @pass_context
    def gettext(context: Context, message: str) -> str:
        return say(context, message)

    @pass_context
    def ngettext(context: Context, singular: str, plural: str, number: int) -> str:
        return say(context, singular, plural, number)

    @pass_context
    def pgettext(context: Context, about: str, message: str) -> str:
        return say(context, message, about=about)

    @pass_context
    def npgettext(context: Context, about: str, singular: str, plural: str, number: int) -> str:
        return say(context, singular, plural, number, about)

    environment.install_gettext_callables(  # type: ignore[attr-defined] # the extension adds it
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )


_IN_SCRIPT = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"))
"""Signs by which what stands in a script could end it."""


def _in_script(json: str) -> Markup:
    """Write JSON so that it can stand between the tags of a script: no text in it can end that."""
    for sign, written in _IN_SCRIPT:
        json = json.replace(sign, written)
    return Markup(json)  # noqa: S704 - no sign of HTML is left in it


def _called(macro: Callable[..., str], *values: object) -> str:
    """Return the output of a macro called with some values."""
    return macro(*values)


def _spoken(say: Callable[[Any], T]) -> Callable[[Context, Any], T]:
    """Return a filter whose result depends on the language.

    With a context it is no filter that Jinja2 applies to constants while it compiles: what is compiled serves
    all languages.
    """

    @pass_context
    @wraps(say)
    def filtered(_context: Context, value: Any) -> T:
        return say(value)

    return filtered


def _wrap(text: str, width: int = 76, indent: str = "") -> str:
    """Wrap words for plain text; addresses and hyphenated words stay whole."""
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def _tied(text: str) -> str:
    """Bind ``&`` to the word behind it: no line of a title ends with it."""
    return text.replace(" & ", " &\N{NO-BREAK SPACE}")


def _iso(moment: datetime | date) -> str:
    """Write a date or moment for machines (``<time datetime>``): moments in UTC."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return moment.isoformat()
