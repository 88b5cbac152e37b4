"""The files of the form: pages and scripts of ours, its configuration, and the program that shows it."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from html import escape
from typing import TYPE_CHECKING, Any

from newsfeed.core.editor.packages import PROGRAM_FOLDER
from newsfeed.errors import OutsideError
from newsfeed.marking import N_
from newsfeed.service_settings import DECAP, SVELTIA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsfeed.core.editor.packages import PinnedPackage

_OURS = ("start.js", "format.js", "bodies.js", "words.js", "editor.css", "problems.js")
_PAGES = ("index.html", "problems.html")
_PROGRAMS = {
    SVELTIA: f'export {{ init, registerCustomFormat }} from "./{PROGRAM_FOLDER}/index.js";\n',
    DECAP: (
        "window.CMS_MANUAL_INIT = true;\n"
        f'await import("./{PROGRAM_FOLDER}/decap-cms.js");\n'
        "export const { init, registerCustomFormat } = window.CMS;\n"
    ),
}
"""Program → cms.js, by which start.js reaches it."""
_WELL = b'{"status": {"indicator": "none"}, "result": {"status_overall": {"status_code": 100}}}\n'
"""The answer to how a forge is: nobody else is asked."""


def check_archive(package: PinnedPackage, data: bytes) -> bool:
    """Tell whether some bytes are the archive of exactly this package."""
    return base64.b64encode(hashlib.sha512(data).digest()).decode() == package.digest


def unpack(package: PinnedPackage, data: bytes) -> dict[str, bytes]:
    """Return the files of a package that are served: path in the form's folder → bytes. Raises `OutsideError`
    for an archive that is not the one that was tried.
    """
    if not check_archive(package, data):
        raise OutsideError(
            N_("what came as {package} is not what was tried: its SHA-512 differs"),
            N_("get it again; if it stays so, somebody changed it on the way"),
            package=package.spec,
        )
    files = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            name = member.name.partition("/")[2]
            path = package.choose(name) if member.isfile() else ""
            if path and (file := archive.extractfile(member)) is not None:
                files[f"{PROGRAM_FOLDER}/{path}"] = package.change(name, file.read())
    return files


def make_form_files(
    templates: Path, cms: str, policy: str, configs: Mapping[str, Any], keys: Mapping[str, Any], title: str
) -> dict[str, bytes]:
    """Return the files of ours: path in the form's folder → bytes.

    templates: the folder of those that travel with the program; configs: language → configuration.
    """
    files = {name: (templates / name).read_bytes() for name in _OURS}
    for name in _PAGES:
        page = (templates / name).read_text(encoding="utf-8")
        files[name] = page.replace("{{ policy }}", policy).replace("{{ title }}", escape(title)).encode()
    files["cms.js"] = _PROGRAMS[cms].encode()
    files["keys.json"] = as_json(keys)
    files[f"{PROGRAM_FOLDER}/status.json"] = _WELL
    return files | {f"config.{lang}.json": as_json(config) for lang, config in configs.items()}


def as_json(value: Any) -> bytes:
    """Return a value as the bytes of a file."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
