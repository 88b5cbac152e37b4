"""Find an outside tool, or end the test with one sentence on how to install it.

A missing tool skips a test on a developer's machine and fails it where the
environment variable `CI` is set: a bar that is never run there would prove nothing.
"""

import importlib
import os
import shutil
from pathlib import Path
from typing import Any, NoReturn

import pytest

HERE = Path(__file__).parent
NODE_MODULES = HERE / "node_modules"

DEBIAN_PACKAGES = {
    "caddy": "caddy",
    "chromium": "chromium",
    "dovecot": "dovecot-imapd dovecot-lmtpd",
    "java": "default-jre-headless",
    "msgfmt": "gettext",
    "newsboat": "newsboat",
    "nginx": "nginx-light",
    "node": "nodejs",
    "opendkim": "opendkim",
    "postfix": "postfix",
    "rspamd": "rspamd",
    "ruby": "ruby",
    "sfeed": "sfeed",
    "shellcheck": "shellcheck",
    "smtp-sink": "postfix",
    "smtp-source": "postfix",
    "systemd-analyze": "systemd",
    "spamassassin": "spamassassin",
    "xmllint": "libxml2-utils",
}
PYPI_PACKAGES = {"sgmllib": "sgmllib3k"}


def need_command(name: str) -> Path:
    """Path of a command, `apt-get install`-able by the package named here."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin")
    if found is None:
        lacking(name, f"apt-get install {DEBIAN_PACKAGES.get(name, name)}")
    return Path(found)


def need_chromium() -> Path:
    """Path of Debian's Chromium; Playwright's own download is not used."""
    return need_command("chromium")


def need_npm(package: str, inside: str = "") -> Path:
    """Folder of an npm package of `package.json`, or the path of a file inside it."""
    path = NODE_MODULES / package / inside
    if not path.exists():
        lacking(f"npm package {package}", f"npm ci --ignore-scripts --prefix {HERE}")
    return path


def need_module(name: str) -> Any:
    """An imported PyPI module; `Any`, because most of these carry no types."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        package = PYPI_PACKAGES.get(name, name.partition(".")[0])
        lacking(f"Python module {error.name}", f"pip install {package}")


def lacking(what: str, remedy: str) -> NoReturn:
    """End a test that needs what is not there."""
    sentence = f"{what} is missing: install it with `{remedy}`."
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)
