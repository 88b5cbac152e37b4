"""Look at the files that ``[brand]`` names: there, inside the site, and pictures, or a font."""

from __future__ import annotations

import hashlib
import io
import tomllib
from typing import TYPE_CHECKING

from newsfeed.config.brand import read_brand
from newsfeed.config.site_layout import CONFIG
from newsfeed.config.table import Table
from newsfeed.core.content.drawings import find_drawing_fault, suits_dark_pages
from newsfeed.core.content.sniffing import HEAD_BYTES, sniff_media_type
from newsfeed.errors import reason_of
from newsfeed.files import open_file, read_file
from newsfeed.marking import FileSize
from newsfeed.model import BrandPicture, CardFont
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from pathlib import Path

_ENDINGS = {
    "image/svg+xml": ".svg",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/x-icon": ".ico",
}
"""What a picture of the brand may be → how its file is called."""
_DRAWING = "image/svg+xml"
_ICON = (b"\0\0\1\0", "image/x-icon")
_MOST_BYTES = 2_000_000
"""Every page shows it."""
_MOST_FONT_BYTES = 30_000_000
"""Fonts of Chinese have 20 MB."""
_NEVER = ("var", "public")
"""Folders that hold secrets, and what is published."""
_DIGITS = 16


def find_picture(folder: Path, path: str, where: Location, may_be_drawing: bool) -> BrandPicture | Problem:
    """Return a picture of the brand, or what is wrong with it: at ``where``, which names it."""
    data = _read(folder, path, where, _MOST_BYTES)
    return data if isinstance(data, Problem) else _measured(path, data, where, may_be_drawing)


def find_font(folder: Path, path: str, where: Location) -> CardFont | Problem:
    """Return the font of social cards, or what is wrong with it; the usual one without a ``path``. Where the
    extra is not installed it has no letters, which a build refuses.
    """
    data = _read(folder, path, where, _MOST_FONT_BYTES) if path else read_usual_font()
    if isinstance(data, Problem):
        return data
    try:
        from fontTools.ttLib import TTFont
    except ModuleNotFoundError:
        return CardFont(path)
    if not data:
        return CardFont(path)
    try:
        letters = frozenset(TTFont(io.BytesIO(data), lazy=True, fontNumber=0).getBestCmap())
    except Exception:  # noqa: BLE001 - on bytes that are no font, it fails in many ways
        return problem("font-unreadable", where, name=path)
    return CardFont(path, hashlib.sha256(data).hexdigest()[:_DIGITS], letters)


def read_usual_font() -> bytes:
    """Return the font that ``newsfeed[cards]`` brings; nothing where it is not installed."""
    try:
        from font_source_serif_pro import font_files_ttf
    except ModuleNotFoundError:
        return b""
    return read_file(font_files_ttf["SourceSerifProSemibold"])


def _read(folder: Path, path: str, where: Location, limit: int) -> bytes | Problem:
    """Return a file of the brand, or what is wrong with it. ``limit``: bytes."""
    real, root = (folder / path).resolve(), folder.resolve()
    inside = real.is_relative_to(root) and real.relative_to(root).parts
    if not inside or inside[0] in _NEVER or any(part.startswith(".") for part in inside):
        return problem("brand-outside", where, value=path)
    try:
        with open_file(real) as file:
            data = file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError):
        return problem("brand-missing", where, _pictures_in(folder), value=path)
    except OSError as error:
        return problem("unreadable", where, reason=str(reason_of(error)))
    if len(data) > limit:
        size = FileSize(real.stat().st_size)
        return problem("brand-large", where, name=path, size=size, limit=FileSize(limit))
    return data


def list_brand_files(folder: Path) -> list[str]:
    """Return the files that a configuration names in ``[brand]``: a build depends on them, too."""
    try:
        data = read_file(folder / CONFIG)
        brand = tomllib.loads(data.decode()).get("brand", {}) if b"brand" in data else {}
    except (OSError, ValueError):
        return []
    found: list[str] = []

    def find(path: str, where: Location, may_be_drawing: bool) -> BrandPicture:
        found.append(path)
        return BrandPicture(path)

    def find_font_file(path: str, where: Location) -> CardFont:
        found.extend([path] if path else [])
        return CardFont(path)

    if isinstance(brand, dict) and brand:
        read_brand(Table.of(brand), find, find_font_file)
    return found


def _measured(path: str, data: bytes, where: Location, may_be_drawing: bool) -> BrandPicture | Problem:
    kind = _ICON[1] if data.startswith(_ICON[0]) else sniff_media_type(data[:HEAD_BYTES])
    if kind not in _ENDINGS or (kind in (_DRAWING, _ICON[1]) and not may_be_drawing):
        known = [name for name in _ENDINGS.values() if may_be_drawing or name not in (".svg", ".ico")]
        return problem("brand-no-picture", where, name=path, known=", ".join(known))
    if kind == _DRAWING and (fault := find_drawing_fault(data)):
        code = "picture-unreadable" if fault.is_broken else "drawing-active"
        return problem(code, where, name=path, value=fault.what, line=fault.line)
    width, height = _size(data)
    if kind != _DRAWING and kind != _ICON[1] and not width:
        return problem("picture-unreadable", where, name=path)
    name = hashlib.sha256(data).hexdigest()[:_DIGITS] + _ENDINGS[kind]
    dark = kind == _DRAWING and suits_dark_pages(data)
    return BrandPicture(path, f"files/brand/{name}", kind, width, height, dark)


def _size(data: bytes) -> tuple[int, int]:
    import imagesize

    try:
        width, height = imagesize.get(io.BytesIO(data))
    except (OSError, ValueError):
        return 0, 0
    return max(round(width), 0), max(round(height), 0)


def _pictures_in(folder: Path) -> list[str]:
    """Return the names of pictures near the configuration, of which one may be meant."""
    found = (path for pattern in ("*", "*/*") for path in folder.glob(pattern))
    return [
        path.relative_to(folder).as_posix() for path in found if path.suffix.lower() in {*_ENDINGS.values()}
    ]
