"""Get a pinned package of npm: out of the user's cache, from a file, or with the user's own npm.

npm asks the registry that the user has set, through the proxy that the user has set. It runs no script of the
package, and is started in an empty folder: a `.npmrc` in somebody's site says nothing to it.
"""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.editorial.form_files import check_archive
from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import make_private_folder, read_file, replace_file, write_new
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.editor.packages import PinnedPackage

_SECONDS = 300
_LAST_WORDS = 300
"""Characters of what npm says when it fails."""


def get_package(package: PinnedPackage, cache: Path, given: Sequence[Path]) -> bytes:
    """Return the archive of a package, and keep it in the cache. Raises `UsageError` where there is no npm,
    `OutsideError` when it fails.

    given: files that may be the archive, for a machine without a network; without any, npm is asked.
    """
    kept = cache / package.file
    with suppress(OSError):
        data = read_file(kept)
        if check_archive(package, data):
            return data
    data = _find(package, given) if given else _ask_npm(package)
    if check_archive(package, data):  # a cache that cannot be written costs another download
        with suppress(OSError):
            make_private_folder(cache)
            (replace_file if kept.exists() else write_new)(kept, data)
    return data


def _find(package: PinnedPackage, given: Sequence[Path]) -> bytes:
    """Return the one of some files that is the archive, whatever it is called."""
    for path in given:
        try:
            data = read_file(path)
        except OSError as error:
            raise OutsideError(
                N_("{path} cannot be read: {reason}"), path=str(path), reason=reason_of(error)
            ) from error
        if check_archive(package, data):
            return data
    raise UsageError(
        N_("none of these files is {package}, by its SHA-512"),
        N_("where there is a network: {command}"),
        package=package.spec,
        command=f"npm pack {package.spec}",
    )


def _ask_npm(package: PinnedPackage) -> bytes:
    command = ["npm", "pack", "--ignore-scripts", "--silent", package.spec]
    with tempfile.TemporaryDirectory(prefix="newsfeed-npm-") as folder:
        try:
            done = subprocess.run(  # noqa: S603 - fixed words, and no shell
                command, cwd=folder, capture_output=True, check=False, timeout=_SECONDS
            )
        except FileNotFoundError as error:
            raise UsageError(
                N_("npm is needed to get {package}, and is not installed"),
                N_("install it, or run “{command}” elsewhere and name the file with --from"),
                package=package.spec,
                command=f"npm pack {package.spec}",
            ) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OutsideError(
                N_("npm cannot get {package}: {reason}"), package=package.spec, reason=_last_words(str(error))
            ) from error
        files = sorted(Path(folder).glob("*.tgz"))
        if done.returncode or not files:
            words = (done.stderr or done.stdout).decode(errors="replace")
            raise OutsideError(
                N_("npm cannot get {package}: {reason}"),
                N_("without a network, name the file with --from"),
                package=package.spec,
                reason=_last_words(words) or str(done.returncode),
            )
        return read_file(files[0])


def _last_words(text: str) -> str:
    return " ".join(text.split())[-_LAST_WORDS:]
