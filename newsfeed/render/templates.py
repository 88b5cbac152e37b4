"""Jinja2 → text: one environment per language, a site's own templates first.

A site's ``templates/page/story.html`` replaces the shipped one, and can extend it under the name
``newsfeed/page/story.html``. Templates get complete values; nothing they can call reads a file, a
clock or a store.
"""

from __future__ import annotations

import re
import textwrap
import traceback
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from markupsafe import Markup

from newsfeed.errors import ProblemsFound
from newsfeed.problems import Location, Problem, problem
from newsfeed.render.compiling import SiteEnvironment
from newsfeed.render.sentences import Sentences
from newsfeed.render.shelf import Compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from jinja2 import BaseLoader, Environment

    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.render.sentences import Speech
    from newsfeed.render.shelf import Shelf

SHIPPED = "newsfeed"
"""Prefix under which the shipped templates stay reachable."""
_UNITS = ("B", "kB", "MB", "GB")
_BLANK_LINES = re.compile(r"\n[ \t\n]*\n")
_BLANK_LINES_BESIDE_PRE = re.compile(r"(<pre\b.*?</pre>)|\n[ \t\n]*\n", re.DOTALL)
"""Runs of blank lines; what stands in ``<pre>`` is matched first, and kept."""


class Templates:
    """The site's templates, ready to render in every language."""

    def __init__(self, site: Path, shipped: Path, texts: Mapping[str, CatalogueTexts]) -> None:
        self._site = site
        self._shipped = shipped
        loader = _loader(site, shipped)
        self._texts = texts
        speeches = {code: _speech(words) for code, words in texts.items()}
        sentences = Sentences([*speeches.values()])
        self._environments = {
            code: _environment(loader, words, speeches[code], sentences) for code, words in texts.items()
        }

    def keep_compiled(self, shelf: Shelf) -> None:
        """Where they are kept for other processes as Python, which takes a tenth of the time."""
        for code, environment in self._environments.items():
            environment.bytecode_cache = Compiled(shelf, self._texts[code].fingerprint)

    def compile(self, names: Iterable[str]) -> None:
        """Compile templates now, in all languages; what is wrong with them is told when they are rendered."""
        for name in names:
            for environment in self._environments.values():
                with suppress(*_FAILURES, OSError):
                    environment.get_template(name)

    def render(self, name: str, lang: str, **values: Any) -> str:
        """A template filled in, in a language; blank lines that tags leave behind are dropped.

        Raises `ProblemsFound` when the template fails.
        """
        return _tidy(self.render_text(name, lang, **values))

    def render_text(self, name: str, lang: str, **values: Any) -> str:
        """A plain-text template filled in; its blank lines are its own."""
        try:
            return self._environments[lang].get_template(name).render(**values)
        except _FAILURES as error:
            raise ProblemsFound([_failure(name, error)]) from error

    def text_of(self, name: str) -> str:
        """A file beside the templates, as it is: the style sheet."""
        environment = next(iter(self._environments.values()))
        assert environment.loader is not None
        return environment.loader.get_source(environment, name)[0]

    def problems(self) -> list[Problem]:
        """Every template of the site that does not parse, with its line."""
        environment = next(iter(self._environments.values()))
        found = []
        for path in sorted(self._site.rglob("*")) if self._site != self._shipped else []:
            if path.suffix not in (".html", ".txt"):
                continue
            name = path.relative_to(self._site).as_posix()
            shown = f"templates/{name}"
            try:
                environment.compile(path.read_text(encoding="utf-8"), name)
            except TemplateSyntaxError as error:
                reason = error.message or ""
                found.append(problem("template-syntax", Location(shown, error.lineno), reason=reason))
            except (OSError, UnicodeDecodeError) as error:
                found.append(problem("unreadable", Location(shown), reason=error))
        return found


def _tidy(text: str) -> str:
    """A text without the blank lines that tags leave behind; most pages have none."""
    if _BLANK_LINES.search(text):
        if "</pre>" in text:
            text = _BLANK_LINES_BESIDE_PRE.sub(lambda found: found[1] or "\n", text)
        else:
            text = _BLANK_LINES.sub("\n", text)
    return text if text[:1] == "<" and text[-2:] == ">\n" else text.strip() + "\n"


_FAILURES = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What an expression in a template can raise."""


def _failure(name: str, error: Exception) -> Problem:
    """A template's failure while rendering, as a problem of the site."""
    if isinstance(error, TemplateSyntaxError):
        at, line = error.name or name, error.lineno
    else:
        at, line = _innermost(error) or (name, 1)
    reason = (error.message if isinstance(error, TemplateError) else "") or error
    return problem("template-failed", Location(f"templates/{at}", line), reason=reason)


def _innermost(error: Exception) -> tuple[str, int] | None:
    """The template and line that an error comes from; Jinja2 puts them into the traceback."""
    place = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        if "__jinja_exception__" in frame.f_globals:
            place = (frame.f_code.co_filename.rpartition("/templates/")[2], line)
    return place


def _loader(site: Path, shipped: Path) -> BaseLoader:
    own = FileSystemLoader(shipped, encoding="utf-8")
    loaders: Sequence[BaseLoader] = [
        FileSystemLoader(site, encoding="utf-8"),
        own,
        PrefixLoader({SHIPPED: own}),
    ]
    return ChoiceLoader(loaders)


def _speech(words: CatalogueTexts) -> Speech:
    """What says sentences without values."""
    return {"gettext": words.gettext, "_": words.gettext, "pgettext": words.pgettext}


def _environment(
    loader: BaseLoader, words: CatalogueTexts, speech: Speech, sentences: Sentences
) -> Environment:
    environment = SiteEnvironment(
        speech,
        sentences,
        loader=loader,
        autoescape=_is_markup,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext,
        words.ngettext,
        newstyle=True,
        pgettext=words.pgettext,
        npgettext=words.npgettext,
    )
    environment.filters.update(
        long_date=words.long_date,
        weekday_date=words.weekday_date,
        month=words.month,
        number=words.number,
        together=words.together,
        iso=_iso,
        file_size=lambda size: _file_size(words, size),
        safe_html=Markup,
        wrap=_wrap,
    )
    environment.globals.update(language_name=words.language, autonym=words.autonym, once=environment.once)
    return environment


def _is_markup(name: str | None) -> bool:
    """Everything but plain text is escaped."""
    return name is None or not name.endswith(".txt")


def _wrap(text: str, width: int = 76, indent: str = "") -> str:
    """Words wrapped for plain text; addresses and hyphenated words stay whole."""
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def _iso(moment: datetime | date) -> str:
    """A date or moment for machines (``<time datetime>``): moments in UTC."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return moment.isoformat()


def _file_size(words: CatalogueTexts, size: int) -> str:
    """``1.2 MB``, the reader's way."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    shown = words.number(round(value)) if unit == 0 or value >= 10 else words.decimal(value)
    return f"{shown}\N{NO-BREAK SPACE}{_UNITS[unit]}"
