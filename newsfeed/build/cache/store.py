"""Values kept between two builds, in the user's own cache folder.

Not in the site: a site comes from strangers, and what is unpickled must not. What is damaged, half
written, somebody else's or another program's counts as missing.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARK = b"newsfeed kept 3\n"
_SUM = 32


def place(root: Path, output: Path, environment: Mapping[str, str]) -> Path:
    """Where builds of this site into this folder are remembered; endings tell what."""
    name = f"{root.resolve()}\0{output.resolve()}".encode("utf-8", "surrogateescape")
    return _cache(environment) / "newsfeed" / hashlib.blake2b(name, digest_size=12).hexdigest()


def _cache(environment: Mapping[str, str]) -> Path:
    """The user's cache folder; one that cannot be, when nobody says where the user is at home."""
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():  # others are to be ignored, says the XDG specification
        return base
    try:
        return Path.home() / ".cache"
    except RuntimeError:
        return Path(os.devnull)


def load(path: Path, made_by: str) -> Any:
    """What was kept by the same program; ``None`` when there is nothing, or nothing to be trusted."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                return None
            mark, data = file.read(len(_MARK) + _SUM), file.read()
        if mark != _MARK + _sum(made_by, data):
            return None
        return pickle.loads(data)  # noqa: S301 - our own file, in our own folder
    except Exception:  # noqa: BLE001 - whatever is wrong with it: a build without it makes the same
        return None


def save(path: Path, made_by: str, value: object) -> None:
    """Keep a value. A disk that cannot take it costs time at the next build, and nothing else."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    temporary = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(temporary, "wb", opener=_private) as file:
            file.write(_MARK + _sum(made_by, data))
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        return


@dataclass(frozen=True, slots=True)
class Shelf:
    """Values kept in a folder of their own, each by its name: a `newsfeed.render.shelf.Shelf`."""

    folder: Path
    made_by: str

    def get(self, name: object) -> Any:
        """The value that bears a name, if it is to be trusted."""
        found = load(self._path(name), self.made_by)
        return found[1] if isinstance(found, tuple) and found[0] == name else None

    def put(self, name: object, value: object) -> None:
        """Keep a value; of the same name there is one."""
        save(self._path(name), self.made_by, (name, value))

    def clear(self) -> None:
        """Forget all of them."""
        for path in self.folder.glob("*"):
            path.unlink(missing_ok=True)

    def _path(self, name: object) -> Path:
        return self.folder / hashlib.blake2b(repr(name).encode(), digest_size=12).hexdigest()


def _private(path: str, flags: int) -> int:
    """Drafts are in it, too."""
    return os.open(path, flags, 0o600)


def _sum(made_by: str, data: bytes) -> bytes:
    found = hashlib.sha256(made_by.encode())  # processors compute it themselves
    found.update(data)
    return found.digest()
