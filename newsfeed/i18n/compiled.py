"""PO files → what the standard library's gettext reads, kept in the user's cache.

A catalogue of sentences for the terminal is compiled when it is first used: to parse it every time takes
longer than most commands have to spare.
"""

from __future__ import annotations

import gettext
import hashlib
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

_FORMAT = "1"


@lru_cache(maxsize=8)
def compiled_locales(locales: Path, code: str, domain: str, cache: Path) -> Path:
    """Return a folder of locales with a language's catalogue compiled in it, made now if it is not there.

    ``code``: the language as its folder is called; ``cache``: where it is to be kept. Where nothing can be
    kept it lies in a temporary folder until the process ends.
    """
    source = (locales / code / "LC_MESSAGES" / f"{domain}.po").read_bytes()
    name = hashlib.blake2b(f"{_FORMAT}\0{code}\0{domain}\0".encode() + source, digest_size=12).hexdigest()
    folder = cache / "locales" / name
    path = Path(code, "LC_MESSAGES", f"{domain}.mo")
    if _is_ours(folder / path):
        return folder
    data = _compile(source)
    try:
        _write(folder / path, data)
    except OSError:
        folder = _temporary_folder()
        _write(folder / path, data)
    return folder


@lru_cache(maxsize=8)
def read_translations(folder: Path, code: str, domain: str) -> gettext.NullTranslations:
    """Return the translations of a catalogue that was compiled into a folder of locales."""
    with (folder / code / "LC_MESSAGES" / f"{domain}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def _compile(source: bytes) -> bytes:
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source)))
    return compiled.getvalue()


def _is_ours(path: Path) -> bool:
    """Tell whether there is a file that we wrote: others may not put words into our mouth."""
    try:
        status = path.stat()
    except OSError:
        return False
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _write(path: Path, data: bytes) -> None:
    """Write a file that is there as a whole or not at all: two commands may begin together."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


def _temporary_folder() -> Path:
    import atexit
    import tempfile

    folder = tempfile.TemporaryDirectory(prefix="newsfeed-")
    atexit.register(folder.cleanup)
    return Path(folder.name)
