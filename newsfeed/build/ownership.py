"""Prove that an output folder is ours: a build deletes what it no longer makes.

A manifest proves nothing, for it may come with a repository. The lock file holds a name of the folder, signed
with a key that only this user has.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.build.cache.store import FOLDER_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEY_BYTES = 32


def key_path(environment: Mapping[str, str]) -> Path:
    """Return the file with the user's key: beside the named build cache, else in the user's state folder."""
    named = environment.get(FOLDER_VARIABLE, "")
    if named:
        return Path(named).absolute() / "output.key"
    state = Path(environment.get("XDG_STATE_HOME", ""))
    try:
        base = state if state.is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:  # nobody says where the user is at home
        base = Path(os.devnull)
    return base / "newsfeed" / "output.key"


def read_key(path: Path) -> bytes:
    """Return the user's key; make one when there is none yet. Empty, where none can be kept."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return _read(path)
    except OSError:
        return b""
    key = secrets.token_bytes(_KEY_BYTES)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    return key


def _read(path: Path) -> bytes:
    """Return the key in a file that is this user's, and that nobody else may write."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        theirs = status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        key = b"" if theirs or not stat.S_ISREG(status.st_mode) else file.read(_KEY_BYTES + 1)
    return key if len(key) == _KEY_BYTES else b""


def make_proof(key: bytes) -> bytes:
    """Return a new proof for a folder; empty without a key."""
    if not key:
        return b""
    name = secrets.token_hex(16)
    return f"{name} {_signature(key, name)}\n".encode()


def is_proof(proof: bytes, key: bytes) -> bool:
    """Tell whether a proof was made with this key."""
    name, _, signature = proof.decode("ascii", "replace").strip().partition(" ")
    return bool(key) and hmac.compare_digest(_signature(key, name).encode(), signature.encode())


def _signature(key: bytes, name: str) -> str:
    return hmac.new(key, f"newsfeed output folder {name}".encode(), sha256).hexdigest()
