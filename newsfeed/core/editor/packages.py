"""The programs that show the form: which packages of npm they are, and which of their files a site serves.

Each is pinned by version and hash. Of Sveltia CMS it is the build for bundlers, which names its fonts and
words beside itself; what it would still ask of others is led to the site's own files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.service_settings import DECAP, SVELTIA

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROGRAM_FOLDER = "cms"
"""Of the program's files, in the form's folder."""


@dataclass(frozen=True, slots=True)
class PinnedPackage:
    """One version of a package of npm."""

    name: str
    version: str
    digest: str
    """SHA-512 of its archive, in Base64, as npm's lock files write it behind ``sha512-``."""
    choose: Callable[[str], str]
    """Path in the archive → path in `PROGRAM_FOLDER`; empty for what is not served."""
    change: Callable[[str, bytes], bytes] = lambda _, data: data
    """(path in the archive, its bytes) → the bytes that are served."""

    @property
    def spec(self) -> str:
        """Return what npm is asked for."""
        return f"{self.name}@{self.version}"

    @property
    def file(self) -> str:
        """Return the name that npm gives to the archive."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


_HERE = f"./{PROGRAM_FOLDER}"
_LOCALE = re.compile(rb"import\(`\.\./locales/([A-Za-z-]+)\.json`\)")
_CDN = "https://cdn.jsdelivr.net/fontsource/fonts"
_ASSETS = f"{_HERE}/assets"
_LED_HOME: Mapping[str, str] = {
    f"{_CDN}/source-sans-3:vf@5.3.0/latin-wght-normal.woff2": (
        f"{_ASSETS}/source-sans-3-latin-wght-normal-BqRLTx4X.woff2"
    ),
    f"{_CDN}/noto-mono@5.3.0/latin-400-normal.woff2": f"{_ASSETS}/noto-mono-latin-400-normal-DiC8lJru.woff2",
    f"{_CDN}/material-symbols-outlined:vf@5.3.7/latin-wght-normal.woff2": (
        f"{_ASSETS}/material-symbols-outlined-latin-wght-normal-_Z1IJPLg.woff2"
    ),
    "`https://unpkg.com/@sveltia/cms`": f"`{_HERE}`",  # which looks into package.json for newer versions
    "https://www.githubstatus.com/api/v2/status.json": f"{_HERE}/status.json",
    "https://status-api.hostedstatus.com/1.0/status/5b36dc6502d06804c08349f7": f"{_HERE}/status.json",
    "//# sourceMappingURL=index.js.map": "",
}
"""Addresses of others in Sveltia CMS → the site's own files."""
_ALL_BELOW = (b"return i?a?t===2:t<=2:t===1})}", b"return i?a?t===2:t<=2:!0})}")
"""The list of a folder shows the stories in folders below it, too: at the top all of them, and not none."""
_SVELTIA_FOLDERS = ("npm/chunks/", "npm/assets/")


def _choose_sveltia(path: str) -> str:
    if path in ("npm/index.js", "LICENSE.txt", "package.json"):
        return path.removeprefix("npm/")
    if path.startswith("locales/"):
        return path.removesuffix(".json") + ".js"
    if path.startswith(_SVELTIA_FOLDERS) and not path.endswith(".map"):
        return path.removeprefix("npm/")
    return ""


def _change_sveltia(path: str, data: bytes) -> bytes:
    """Return a file as it is served. Words in other languages become modules: browsers import no JSON."""
    if path.startswith("locales/"):
        return b"export default " + data.strip() + b";\n"
    if path != "npm/index.js":
        return data
    data = _LOCALE.sub(rb"import(`./locales/\1.js`)", data)
    for address, ours in _LED_HOME.items():
        data = data.replace(address.encode(), ours.encode())
    return data.replace(*_ALL_BELOW)


def _choose_yaml(path: str) -> str:
    return {"dist/browser/js-yaml.esm.min.mjs": "js-yaml.js", "LICENSE": "js-yaml-LICENSE.txt"}.get(path, "")


def _choose_decap(path: str) -> str:
    return path.removeprefix("dist/") if re.fullmatch(r"dist/(?:\d+\.)?decap-cms\.js", path) else ""


_YAML = PinnedPackage(
    "js-yaml",
    "5.5.0",
    "paNr4LFIFPjeeSmwNYdrb8FafLLG/Cr2Af3GjbsHJ5CxIjH4r0c2emlmRdAtpPAieP1gRVzk6buBbVP5gBMGAg==",
    _choose_yaml,
)
PACKAGES: Mapping[str, tuple[PinnedPackage, ...]] = {
    SVELTIA: (
        PinnedPackage(
            "@sveltia/cms",
            "0.221.1",
            "J+Qoik9kGMk2L7vNpOQrnDmFRi+NB6vwJ0f657YtsxWH0P8WYSYRRSRC2pQ/jGGbVlM//Pg/WIgmkpswqoo3gQ==",
            _choose_sveltia,
            _change_sveltia,
        ),
        _YAML,
    ),
    DECAP: (
        PinnedPackage(
            "decap-cms",
            "3.16.3",
            "hf+dPlCh7TJmWl8+6VRzHYOWhri5xgUknrZbDewaWe4s9B7xJ8PQugp2QHeSldMUKzav6+z0oIpwUYhUJDYtYw==",
            _choose_decap,
        ),
        _YAML,
    ),
}
"""Program → the packages that its form is made of; all under the MIT licence."""
