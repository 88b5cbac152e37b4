"""Links of a text → their targets: an asset of the site, another text, or an address outside."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from newsfeed.core.content.file_names import compose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from newsfeed.model import Library

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
OFFERED_SCHEMES = (
    "ftp", "ftps", "geo", "gemini", "gopher", "ipfs", "irc", "ircs", "magnet", "matrix", "news", "nntp",
    "sftp", "sip", "sips", "sms", "urn", "webcal", "xmpp",
)  # fmt: skip
"""Others that a site may allow: programs open them, and none of them can run anything in a page."""
_FEW = 100
"""Names that are looked for one by one: only for more of them is it worth while to sort all texts."""
_BETWEEN = "\0"
"""Between two paths: in none of them."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST = re.compile(r"//[^/?#\s]")
_PLAIN = re.compile(r"/?[A-Za-z0-9_.-][A-Za-z0-9_./-]*")
"""A path and nothing else: most links need not be taken apart."""
_NOWHERE = frozenset({"", ".", ".."})
"""Ends of paths that are no names."""


class LinkTarget(NamedTuple):
    """The target of a link: exactly one of the fields is set, or none when it leads nowhere."""

    outside: bool = False
    """An absolute address, or an anchor of the same page."""
    asset: str = ""
    """Path of a file in the site."""
    text: str = ""
    """Path of a content file in the site."""
    anchor: str = ""
    bad_scheme: str = ""
    candidates: tuple[str, ...] = ()
    """Several files bear the name."""


class LinkMap:
    """Finds targets by path, or by file name where that is unambiguous."""

    def __init__(self, texts: Collection[str], assets: Collection[str], schemes: Iterable[str] = ()) -> None:
        """Take the paths of all content files and assets, in collections that are quick to look into.

        schemes: those that links may have beside the usual ones.
        """
        self._schemes = SAFE_SCHEMES | frozenset(schemes)
        self._texts = texts
        self._assets = assets
        self._asked = 0

    @classmethod
    def of(cls, library: Library, schemes: Iterable[str] = ()) -> LinkMap:
        """Make the map of a whole library."""
        return cls(library.paths, library.assets, schemes)

    def sort_out(self) -> None:
        """Build the indexes of names now rather than at the first look-up, so that forked processes share
        them.
        """
        self._asked = _FEW
        assert self._by_stem is not None

    def find(self, origin: str, lang: str, target: str) -> LinkTarget:
        """Resolve a link written in the file ``origin``, whose language is ``lang``."""
        if _PLAIN.fullmatch(target):
            return self._at(origin, lang, target, "")
        if scheme := _SCHEME.match(target):
            known = scheme[1].lower() in self._schemes
            if scheme[1].lower() in {"http", "https"} and not _HOST.match(target, scheme.end()):
                return LinkTarget()
            return LinkTarget(outside=True) if known else LinkTarget(bad_scheme=scheme[1])
        try:
            parts = urlsplit(target)
        except ValueError:  # no address at all, such as //[
            return LinkTarget()
        if parts.netloc or target.startswith(("#", "?")) or not target:
            return LinkTarget(outside=bool(target))
        return self._at(origin, lang, unquote(parts.path), parts.fragment)

    def _at(self, origin: str, lang: str, path: str, anchor: str) -> LinkTarget:
        full = _full(origin, path)
        if asset := self._asset(full):
            return LinkTarget(asset=asset, anchor=anchor)
        return self._text(full, lang, anchor)

    def find_asset(self, origin: str, target: str) -> str:
        """Return the path of a file that front matter names relative to its own; empty if there is none."""
        return self._asset(posixpath.normpath(posixpath.join(posixpath.dirname(origin), target)))

    def _asset(self, full: str) -> str:
        """Return the asset of this name, or the only one whose name is the same in composed letters."""
        if full in self._assets or full.isascii():
            return full if full in self._assets else ""
        return self._composed_assets.get(compose(full), "")

    def _text(self, full: str, lang: str, anchor: str) -> LinkTarget:
        for candidate in _candidates(full, lang):
            if candidate in self._texts:
                return LinkTarget(text=candidate, anchor=anchor)
            if not candidate.isascii() and (text := self._composed_texts.get(compose(candidate), "")):
                return LinkTarget(text=text, anchor=anchor)
        named = self._called(posixpath.basename(full))
        same = [path for path in named if path.endswith(f".{lang}.md")] or named
        if len({derive_stem(path) for path in same}) == 1:
            return LinkTarget(text=same[0], anchor=anchor)
        return LinkTarget(candidates=tuple(same))

    def _called(self, name: str) -> list[str]:
        """Return the texts that a file name could mean."""
        self._asked += 1
        name = compose(name)
        bare = name.removesuffix(".md")
        if self._asked > _FEW or not name.isascii():
            texts = {
                path for stem in (name, bare, bare.rpartition(".")[0]) for path in self._by_stem.get(stem, ())
            }
        else:
            texts = set(self._list_containing(bare))
        return sorted(path for path in texts if name in _names(path))

    def _list_containing(self, name: str) -> Iterator[str]:
        """Yield the paths of texts in which a name stands."""
        at = self._all_paths.find(name) if name and _BETWEEN not in name else -1
        while at >= 0:
            start, end = self._all_paths.rindex(_BETWEEN, 0, at) + 1, self._all_paths.index(_BETWEEN, at)
            yield self._all_paths[start:end]
            at = self._all_paths.find(name, end)

    @cached_property
    def _all_paths(self) -> str:
        """Return the paths of all texts in one string, in which a name is found in no time."""
        return "".join([_BETWEEN, *(f"{path}{_BETWEEN}" for path in self._texts)])

    @cached_property
    def _composed_assets(self) -> Mapping[str, str]:
        return _composed(self._assets)

    @cached_property
    def _composed_texts(self) -> Mapping[str, str]:
        return _composed(self._texts)

    @cached_property
    def _by_stem(self) -> Mapping[str, Sequence[str]]:
        """Return the texts by file name without language and ending, which translations share."""
        by_stem: dict[str, tuple[str, ...]] = {}
        for path in self._texts:
            stem = posixpath.basename(derive_stem(path))
            by_stem[stem] = (*by_stem.get(stem, ()), path)
        return by_stem


def _composed(paths: Iterable[str]) -> dict[str, str]:
    """Return path in composed letters → path, of those that have letters to compose and are not alike."""
    found: dict[str, str] = {}
    for path in paths:
        if not path.isascii():
            name = compose(path)
            found[name] = "" if name in found else path
    return found


def find_link_only_scheme(target: str) -> str:
    """Return the scheme of an address that a site may allow for links, but that shows no picture."""
    scheme = _SCHEME.match(target)
    return scheme[1] if scheme and scheme[1].lower() in OFFERED_SCHEMES else ""


def find_link_name(origin: str, target: str) -> str:
    """Return the file name of a link's target as the link writes it; empty when it leads outside.

    ``origin`` is the path of the file that the link stands in.
    """
    if _PLAIN.fullmatch(target) and (name := target.rpartition("/")[2]) not in _NOWHERE:
        return name
    if not target or target.startswith(("#", "?")) or _SCHEME.match(target):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    if parts.netloc:
        return ""
    return compose(posixpath.basename(_full(origin, unquote(parts.path))))


def list_link_names(path: str) -> set[str]:
    """Return all names by which a link could call a file, wherever the link stands."""
    own = compose(posixpath.basename(path))
    index = {"index", "index.md"} if own.startswith("index.") else set()
    return {own} | index | (_names(path) if path.endswith(".md") else set())


def _full(origin: str, path: str) -> str:
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(origin), path)
    return posixpath.normpath(joined)


def derive_stem(path: str) -> str:
    """Return a content path without language and ending.

    ``news/2010/a/index.de.md`` and ``news/2010/a.de.md`` → ``news/2010/a``.
    """
    stem = path.removesuffix(".md").rpartition(".")[0]
    return compose(stem.removesuffix("/index"))


def _names(path: str) -> set[str]:
    """Return the file names by which a text may be called from anywhere."""
    folder, _, own = compose(path).rpartition("/")
    stem = own.removesuffix(".md").rpartition(".")[0]
    if stem == "index":
        stem = folder.rpartition("/")[2]
    return {stem, f"{stem}.md"} if own.startswith("index.") else {stem, f"{stem}.md", own}


def _candidates(full: str, lang: str) -> Iterator[str]:
    """Yield the files that a path may stand for, the best first."""
    yield full
    yield f"{full}.{lang}.md"
    yield f"{full}/index.{lang}.md"
    if full.endswith(".md"):  # written without a language it means the text in the linking text's language
        yield full.removesuffix(".md") + f".{lang}.md"
