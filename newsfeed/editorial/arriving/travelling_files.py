"""Take along the files that texts name: from the archive's folder, or from the web where that is allowed."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.core.arriving.addresses import join_url, split_url
from newsfeed.core.arriving.shortcodes import put_into_words
from newsfeed.core.arriving.targets import find_targets
from newsfeed.core.content.facts import guess_media_type
from newsfeed.core.content.slugs import make_slug
from newsfeed.errors import NewsfeedError
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    from newsfeed.core.arriving.moved_text import MovedText
    from newsfeed.editorial.arriving.move_in import Archive, MoveContext

    class Fetch(Protocol):
        """Fetches a picture from the web."""

        def __call__(self, address: str) -> tuple[bytes, str]:
            """Return its bytes, and the ending for its name. Raises `OutsideError`."""
            ...


NOT_TAKEN = N_("{file} was not taken along: {reason}")
_TOO_LARGE = N_("it has {size} bytes; the limit is {limit}")
_OTHER_FILE = N_("{path} is another file here")
_REFUSED = (
    "text/html",
    "application/xhtml+xml",
    "text/javascript",
    "application/javascript",
    "text/css",
    "text/markdown",
)
_MOST_NAME = 60
_CONTENT = "content/"
_OWN_FOLDERS = tuple(f"{_CONTENT}{kind}/" for kind in CONTENT_KINDS)
_PLAIN_NAME = re.compile(r"[^\W_][\w ,()-]{0,80}\.[A-Za-z0-9]{1,8}")


class TravellingFiles:
    """The files of an archive that go along: which text brings which, under which name."""

    def __init__(self, archive: Archive, context: MoveContext, fetch: Fetch | None, *, write: bool) -> None:
        """fetch: ``None``: pictures on the web stay there."""
        self._archive = archive
        self._context = context
        self._fetch = fetch
        self._write = write
        self._named: dict[int, dict[str, str]] = defaultdict(dict)
        """Number of a text → target → file of the archive, or web address to fetch."""
        self._names: dict[str, dict[str, str]] = defaultdict(dict)
        """Folder → file → its name there; empty: it could not be taken along."""
        self._own: set[int] = set()
        """Numbers of the texts of a site of ours: their files lie where they lay."""
        self.remote = 0
        """Pictures that stay on the web."""
        self.failures: list[Sentence] = []
        """Files that could not be taken along since somebody asked last."""

    @property
    def owners(self) -> frozenset[int]:
        """Return the numbers of the texts that bring files along."""
        return frozenset(number for number, files in self._named.items() if files)

    def look_at(self, number: int, text: MovedText) -> None:
        """Note the files that a text names."""
        if text.facts.get("file"):
            self._own.add(number)
        for target, is_image in _targets(text):
            if found := self._archive.find(text.origin, target):
                if guess_media_type(found) not in ("", *_REFUSED):
                    self._named[number][target] = found
                continue
            address = absolute(text, target, self._archive.base_url)
            if is_image and address.startswith(("http://", "https://")):
                if self._fetch is None:
                    self.remote += 1
                else:
                    self._named[number][target] = address

    def name_of(self, number: int, target: str, path: str) -> str:
        """Return the name of the file that a target of a text means, beside the text at ``path``; it is
        written there first. Empty when it stays where it is.
        """
        file = self._named.get(number, {}).get(target, "")
        if not file:
            return ""
        folder = path.rpartition("/")[0]
        names = self._names[folder]
        if file not in names:
            try:
                is_own = number in self._own and file.startswith(_OWN_FOLDERS)
                taken = frozenset(names.values())
                names[file] = self._take_home(file, folder) if is_own else self._take(file, folder, taken)
            except NewsfeedError as error:
                names[file] = ""
                self.failures.append(Sentence(NOT_TAKEN, file=file, reason=error.sentence))
        return names[file]

    def _take_home(self, file: str, folder: str) -> str:
        """Write a file to where it was in a site of ours; return its path from a folder."""
        path = file.removeprefix(_CONTENT)
        if self._write:
            self._put(path, file, self._archive.read(file))
        return posixpath.relpath(path, folder)

    def _take(self, file: str, folder: str, taken: frozenset[str]) -> str:
        """Write a file into a folder of the site; return its name there."""
        if file.startswith(("http://", "https://")):
            return self._take_from_web(file, folder, taken)
        name = _free_name(unquote(file).rpartition("/")[2], taken)
        if self._write:
            self._put(f"{folder}/{name}", file, self._archive.read(file))
        return name

    def _take_from_web(self, address: str, folder: str, taken: frozenset[str]) -> str:
        key = f"{folder} {address}"  # no path of a file has a blank
        known = self._context.journal.hash_of(key)
        if known and self._context.folder.has(f"{folder}/{known}"):
            return known
        if not self._write or self._fetch is None:
            return ""
        data, ending = self._fetch(address)
        stem = unquote(split_url(address).path).rpartition("/")[2].rpartition(".")[0]
        name = _free_name((stem or "picture") + ending, taken)
        self._context.journal.note(key, name)
        self._put(f"{folder}/{name}", address, data)
        return name

    def _put(self, path: str, file: str, data: bytes) -> None:
        limit, folder = self._context.settings.limits.attachment_size, self._context.folder
        if len(data) > limit:
            reason = Sentence(_TOO_LARGE, size=len(data), limit=limit)
        elif not folder.has(path):
            folder.create(path, data)
            return
        elif folder.read(path) == data:
            return
        else:
            reason = Sentence(_OTHER_FILE, path=path)
        self.failures.append(Sentence(NOT_TAKEN, file=file, reason=reason))


def absolute(text: MovedText, target: str, base_url: str) -> str:
    """Return a target as a whole address, as far as anybody knows where its text was."""
    base = join_url(base_url, text.urls[0]) if text.urls else base_url
    return join_url(base, target)


def _targets(text: MovedText) -> Iterator[tuple[str, bool]]:
    """Yield what a text names, and whether it is a picture."""
    if text.image is not None:
        yield text.image.target, True
    for enclosure in text.enclosures:
        yield enclosure.target, enclosure.media_type.startswith("image/")
    for found in find_targets(put_into_words(text.body)):
        yield found.target, found.is_image


def _free_name(name: str, taken: frozenset[str]) -> str:
    """Return a name that is easy to type, and that nobody has."""
    stem, dot, ending = name.rpartition(".")
    if _PLAIN_NAME.fullmatch(name) and name not in taken:
        return name
    stem = make_slug(stem if dot else name)[:_MOST_NAME].strip("-") or "file"
    ending = f".{make_slug(ending)}" if dot else ""
    number, chosen = 1, stem + ending
    while chosen in taken:
        number += 1
        chosen = f"{stem}-{number}{ending}"
    return chosen
