"""Directives and roles of Pelican and Nikola, in plain words: of those that nobody knows the words stay."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from docutils import frontend, nodes, utils
from docutils.parsers.rst import Directive, Parser, directives, roles
from docutils.parsers.rst.directives.images import Figure, Image
from docutils.parsers.rst.languages import get_language
from docutils.utils import unescape

from newsfeed.sources.archives.rst_guard import TooMuchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_DIRECTIVE = re.compile(
    r"^[ \t]*\.\.[ \t]+(?:\|[^|\n]{1,200}\|[ \t]+)?([\w.:+-]{1,60}?)[ \t]?::(?:[ \t]|$)", re.MULTILINE
)
_ROLE = re.compile(r":([A-Za-z][\w.:+-]{0,60}):`|`:([A-Za-z][\w.:+-]{0,60}):")
_TITLED = re.compile(r"(.+?)\s*<([^<>]+)>\s*", re.DOTALL)
_ABBREVIATION = re.compile(r"(.+?)\s*\(([^()]+)\)\s*", re.DOTALL)
_MOST_NAMES = 1_000
_OPTIONS_WITH_WORDS = ("title", "caption", "alt")
_OPTIONS_OF_PICTURES = ("alt", "target", "name")
_ADDRESSES = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
    "soundcloud": "https://w.soundcloud.com/player/?url=https://api.soundcloud.com/tracks/{}",
    "soundcloud_playlist": "https://w.soundcloud.com/player/?url=https://api.soundcloud.com/playlists/{}",
}


class _AnyOption(dict[str, "Callable[[str], Any]"]):
    """Every option, as it is written."""

    def __missing__(self, key: str) -> Callable[[str], Any]:
        return directives.unchanged


class _Tolerant(Directive):
    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = _AnyOption({"class": directives.unchanged})

    def argument(self) -> str:
        """Return what stands behind the name; else nothing."""
        return self.arguments[0] if self.arguments else ""

    def tell(self, kind: str, name: str = "") -> None:
        """Remark that something of it is lost."""
        self.state.document.reporter.info(name, line=self.lineno, lost=kind, name=name)

    def parsed(self) -> list[nodes.Node]:
        """Return what stands within it, as part of the text."""
        holder = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, holder)
        return list(holder.children)


class _WordsDirective(_Tolerant):
    """One that nobody knows: its words stay, and it is told."""

    def run(self) -> Sequence[nodes.Node]:
        self.tell("unknown", self.name)
        words = [self.argument(), *(self.options.get(key) or "" for key in _OPTIONS_WITH_WORDS)]
        found: list[nodes.Node] = []
        for text in words:
            if text.strip():
                inline, _ = self.state.inline_text(text, self.lineno)
                found.append(nodes.paragraph(text, "", *inline))
        return [*found, *self.parsed()]


class _CodeDirective(_Tolerant):
    """A block of code in a language."""

    def run(self) -> Sequence[nodes.Node]:
        text = "\n".join(self.content)
        language = self.argument().split()[:1]
        return [nodes.literal_block(text, text, classes=["code", *language])] if text.strip() else []


class _PlayerDirective(_Tolerant):
    """Something that is played, or shown, by another site: a link to it."""

    def run(self) -> Sequence[nodes.Node]:
        target = "".join(self.argument().split()[:1])
        if self.name.lower() in _ADDRESSES:
            target = _ADDRESSES[self.name.lower()].format(quote(target, safe="/"))
        link = nodes.reference(target, target, refuri=target)
        return [nodes.paragraph("", "", link), *self.parsed()] if target else self.parsed()


class _RawDirective(_Tolerant):
    """HTML within a text, which is cleaned with all the rest; other formats, and other files, are told."""

    def run(self) -> Sequence[nodes.Node]:
        if "file" in self.options or "url" in self.options:
            self.tell("file", f"raw:: {self.options.get('file') or self.options.get('url')}")
            return []
        if "html" not in self.argument().lower().split():
            self.tell("format", self.argument())
            return []
        return [nodes.raw("", "\n".join(self.content), format="html")]


class _ImageDirective(Image):
    option_spec: ClassVar[Any] = _Tolerant.option_spec

    def run(self) -> list[nodes.Node]:
        self.options = {key: one for key in _OPTIONS_OF_PICTURES if (one := self.options.get(key))}
        return list(super().run())


class _FigureDirective(Figure):
    option_spec: ClassVar[Any] = _Tolerant.option_spec

    def run(self) -> list[nodes.Node]:
        self.options = {key: one for key in _OPTIONS_OF_PICTURES if (one := self.options.get(key))}
        return list(super().run())


def _words_role(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = None
) -> tuple[list[Any], list[Any]]:
    inliner.reporter.info(name, line=lineno, lost="unknown", name=name)
    return [nodes.Text(unescape(text))], []


def _abbreviation_role(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = None
) -> tuple[list[Any], list[Any]]:
    plain = unescape(text)
    found = _ABBREVIATION.fullmatch(plain)
    return [nodes.Text(f"{found[1]} ({found[2]})" if found else plain)], []


def _raw_role(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = None
) -> tuple[list[Any], list[Any]]:
    if "html" in str((options or {}).get("format", "html")).lower().split():
        return [nodes.raw("", unescape(text, restore_backslashes=True), format="html")], []
    return _words_role(name, rawtext, text, lineno, inliner)


_raw_role.options = {"format": directives.unchanged}  # type: ignore[attr-defined]


def _document_role(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = None
) -> tuple[list[Any], list[Any]]:
    plain = unescape(text)
    found = _TITLED.fullmatch(plain)
    words, slug = (found[1], found[2]) if found else ("", plain)
    words = words or inliner.document.settings.title_of(slug.strip()) or slug
    return [nodes.reference(rawtext, words, refuri=f"link://slug/{slug.strip()}")], []


def register_words(text: str, language: str) -> None:
    """Make known what the two programs know beyond docutils, and what a text names and nobody knows."""
    for name in ("code", "code-block", "sourcecode"):
        directives.register_directive(name, _CodeDirective)
    for name in (*_ADDRESSES, "media"):
        directives.register_directive(name, _PlayerDirective)
    directives.register_directive("raw", _RawDirective)
    directives.register_directive("image", _ImageDirective)
    for name in ("figure", "thumbnail"):
        directives.register_directive(name, _FigureDirective)
    for name in ("raw", "raw-html", "html", "sc"):
        roles.register_local_role(name, _raw_role)
    roles.register_local_role("abbr", _abbreviation_role)
    roles.register_local_role("doc", _document_role)
    for name in _unknown(text, language):
        directives.register_directive(name, _WordsDirective)
    for name in _unknown_roles(text, language):
        roles.register_canonical_role(name, _words_role)


def _unknown(text: str, language: str) -> Iterator[str]:
    """Yield the directives in a text that nobody knows."""
    for name in _few({found[1].lower() for found in _DIRECTIVE.finditer(text)}):
        if directives.directive(name, _words_of(language), _nobody())[0] is None:
            yield name


def _unknown_roles(text: str, language: str) -> Iterator[str]:
    for name in _few({(found[1] or found[2]).lower() for found in _ROLE.finditer(text)}):
        if roles.role(name, _words_of(language), 0, _nobody().reporter)[0] is None:
            yield name


def _few(names: set[str]) -> list[str]:
    if len(names) > _MOST_NAMES:
        raise TooMuchError
    return sorted(names)


def _words_of(language: str) -> Any:
    """Return the names that directives and roles have in a language."""
    return get_language(language)


@cache
def _nobody() -> nodes.document:
    """Return a document of which nobody hears."""
    settings = frontend.get_default_settings(Parser)
    settings.report_level = 5
    return utils.new_document("", settings)
