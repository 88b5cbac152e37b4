"""Values kept between two builds, in the user's own cache folder.

Not in the site: a site comes from strangers, and what is unpickled must not. What is damaged, half
written, somebody else's or another program's counts as missing.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARK = b"newsfeed kept 1\n"
_SUM = 32
_BROKEN = (
    OSError,
    pickle.UnpicklingError,
    AttributeError,
    ImportError,
    EOFError,
    IndexError,
    TypeError,
    ValueError,
)


def place(root: Path, output: Path, environment: Mapping[str, str]) -> Path:
    """Where builds of this site into this folder are remembered; endings tell what."""
    base = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    name = f"{root.resolve()}\0{output.resolve()}".encode("utf-8", "surrogateescape")
    return Path(base) / "newsfeed" / hashlib.blake2b(name, digest_size=12).hexdigest()


def load(path: Path) -> Any:
    """What was kept; ``None`` when there is nothing, or nothing to be trusted."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                return None
            data = file.read()
        head = len(_MARK) + _SUM
        if data[: len(_MARK)] != _MARK or _sum(data[head:]) != data[len(_MARK) : head]:
            return None
        return pickle.loads(data[head:])  # noqa: S301 - our own file, in our own folder
    except _BROKEN:
        return None


def save(path: Path, value: object) -> None:
    """Keep a value. A disk that cannot take it costs time at the next build, and nothing else."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.write_bytes(_MARK + _sum(data) + data)
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)


def _sum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SUM).digest()
