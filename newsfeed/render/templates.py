"""Views → text, by Jinja2: one environment per language, a site's own templates first.

A site's ``templates/page/story.html`` replaces the shipped one, and can extend it under the name
``newsfeed/page/story.html``. Templates get complete values; nothing they can call reads a file, a
clock or a store.
"""

from __future__ import annotations

import re
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError, TemplateSyntaxError

from newsfeed.core.content.sniffing import HEAD_BYTES, LFS_POINTER, sniff_media_type
from newsfeed.errors import ProblemsFound, reason_of
from newsfeed.files import read_file
from newsfeed.problems import Location, Problem, problem
from newsfeed.render.bytecode import SharedBytecode
from newsfeed.render.environment import SiteLoader, environment_of
from newsfeed.render.foreign_words import show_languages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jinja2 import Environment

    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.render.bytecode import BytecodeStore

_BLANK_LINE = re.compile(r"\n[ \t]*\n")
"""Is in every text in which `_BLANK_LINES` finds something, and is looked for in less time."""
_BLANK_LINES = re.compile(r"\n[ \t\n]*\n")
_BLANK_LINES_BESIDE_PRE = re.compile(r"(<pre\b.*?</pre>)|\n[ \t\n]*\n", re.DOTALL)
"""Runs of blank lines; what stands in ``<pre>`` is matched first, and kept."""
_STYLES = ".css"
_KINDS = (".html", ".txt", _STYLES)
"""Endings of the files that a site may replace."""
_PAGES = "page/"
"""Folder of the templates of pages; names of those that only define macros begin with ``_``."""


class Templates:
    """The site's templates, ready to render in every language."""

    def __init__(self, site: Path, shipped: Path, texts: Mapping[str, CatalogueTexts]) -> None:
        self._site = site
        self._shipped = shipped
        self._loader = SiteLoader(site, shipped)
        self._bytecode = SharedBytecode()
        self._environments = {
            code: environment_of(words, self._loader, self._bytecode) for code, words in texts.items()
        }

    def keep_compiled(self, store: BytecodeStore) -> None:
        """Take compiled templates from a store, and keep there what is compiled."""
        self._bytecode.store = store

    def load_pages(self) -> None:
        """Load all templates of pages in all languages, for processes that are forked afterwards.

        What is wrong with one is told when it is rendered.
        """
        names = self._any_environment.list_templates(filter_func=lambda name: name.startswith(_PAGES))
        for environment in self._environments.values():
            for name in names:
                with suppress(*_FAILURES, OSError):
                    template = environment.get_template(name)
                    if name.startswith(f"{_PAGES}_"):
                        template.module  # noqa: B018 - its macros are made when they are first asked for

    def render(self, name: str, lang: str, **values: Any) -> str:
        """Fill in a template in a language, and drop the blank lines that its tags leave behind.

        Raises `ProblemsFound` when the template fails.
        """
        return _tidy(self.render_text(name, lang, **values))

    def render_text(self, name: str, lang: str, **values: Any) -> str:
        """Fill in a template of plain text, whose blank lines are its own.

        Raises `ProblemsFound` when the template fails.
        """
        try:
            return show_languages(self._environments[lang].get_template(name).render(**values))
        except _FAILURES as error:
            raise ProblemsFound([_failure(name, error)]) from error

    def text_of(self, name: str) -> str:
        """Return a file beside the templates as it is: the style sheet."""
        return self._loader.get_source(self._any_environment, name)[0]

    def problems(self) -> list[Problem]:
        """Return a problem for every template of the site that does not parse, with its line."""
        problems = []
        for path in sorted(self._site.rglob("*")) if self._site != self._shipped else []:
            if path.suffix not in _KINDS or path.is_dir():
                continue
            name = path.relative_to(self._site).as_posix()
            shown = f"templates/{name}"
            try:
                data = read_file(path)
                if path.suffix == _STYLES:
                    continue
                source = data.decode("utf-8")
                if sniff_media_type(source[:HEAD_BYTES].encode()) == LFS_POINTER:
                    problems.append(problem("git-lfs", Location(shown), name=path.name))
                self._any_environment.compile(source, name)
            except TemplateSyntaxError as error:
                reason = error.message or ""
                problems.append(problem("template-syntax", Location(shown, error.lineno), reason=reason))
            except OSError as error:
                problems.append(problem("unreadable", Location(shown), reason=str(reason_of(error))))
            except UnicodeDecodeError as error:
                problems.append(problem("unreadable", Location(shown), reason=error))
        return problems

    @property
    def _any_environment(self) -> Environment:
        return next(iter(self._environments.values()))


def _tidy(text: str) -> str:
    """Drop the blank lines that tags leave behind; most pages have none."""
    if _BLANK_LINE.search(text):
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
    """Turn what a template raised while it was rendered into a problem of the site."""
    if isinstance(error, TemplateSyntaxError):
        at, line = error.name or name, error.lineno
    else:
        at, line = _innermost(error) or (name, 1)
    reason = (error.message if isinstance(error, TemplateError) else "") or error
    return problem("template-failed", Location(f"templates/{at}", line), reason=reason)


def _innermost(error: Exception) -> tuple[str, int] | None:
    """Return the template and the line that an error comes from, which Jinja2 puts into its traceback."""
    innermost = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        if "__jinja_exception__" in frame.f_globals:
            innermost = (frame.f_code.co_filename.rpartition("/templates/")[2], line)
    return innermost
