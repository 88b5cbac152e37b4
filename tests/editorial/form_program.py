"""The program that shows the form, from the packages of the tests' own: nothing is asked of a network."""

import base64
import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from newsfeed.core.editor import packages
from newsfeed.core.editor.packages import PinnedPackage
from newsfeed.service_settings import SVELTIA
from tests.peers.need import need_npm


def pack(files: dict[str, bytes]) -> bytes:
    """An archive as npm makes one: all in a folder ``package``."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", compresslevel=1) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


def pin(package: PinnedPackage, data: bytes) -> PinnedPackage:
    """The same package, if this were its archive."""
    return replace(package, digest=base64.b64encode(hashlib.sha512(data).digest()).decode())


def give_program(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Pack what is installed for the tests, and return the words of the command that name it."""
    given, pinned = [], []
    for package in packages.PACKAGES[SVELTIA]:
        source = need_npm(package.name)
        paths = [path for path in source.rglob("*") if path.is_file()]
        names = {path.relative_to(source).as_posix(): path for path in paths}
        data = pack({name: path.read_bytes() for name, path in names.items() if package.choose(name)})
        archive = folder / package.file
        archive.write_bytes(data)
        given += ["--from", str(archive)]
        pinned.append(pin(package, data))
    monkeypatch.setitem(packages.PACKAGES, SVELTIA, tuple(pinned))  # type: ignore[arg-type]
    return given
