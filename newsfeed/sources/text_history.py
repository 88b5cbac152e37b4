"""Ask git what content files said before, and when they came and went."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.core.content.coverage import FileEvent
from newsfeed.editorial.translation_gaps import TextVersion
from newsfeed.sources.git_blobs import run_git

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

_LOG = (
    "-c", "log.showSignature=false", "log", "--no-show-signature", "--no-ext-diff", "--no-textconv",
    "--no-renames", "--relative", "--format=%x01%H %ct",
)  # fmt: skip
_MOST_FILES = 400
"""Files whose history is read: the arguments of a process are limited."""
_MOST_VERSIONS = 2_000
_MARK = "\x01"


class GitHistory:
    """The history of a site's texts; empty where there is no repository, or no git.

    In a shallow clone it begins with the oldest commit that is there.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def is_shallow(self) -> bool:
        """Tell whether older commits were left out when the repository was cloned."""
        return self._run("rev-parse", "--is-shallow-repository").strip() == b"true"

    def events(self) -> list[FileEvent]:
        """Return when texts came and went, the oldest first."""
        events = []
        options = ("--reverse", "--diff-filter=AD", "--name-status", "--topo-order")
        for _, moment, line in self._log(*options, "--", *sorted(CONTENT_KINDS)):
            status, _, path = line.partition("\t")
            if path.endswith(".md"):
                events.append(FileEvent(moment, path, status == "A"))
        return events

    def versions(self, paths: Collection[str]) -> Mapping[str, Sequence[TextVersion]]:
        """Return path → what was committed there, the newest first."""
        found = []
        for commit, moment, line in self._log("--raw", "--no-abbrev", "--", *sorted(paths)[:_MOST_FILES]):
            head, _, path = line.partition("\t")
            blob = head.split(" ")[3]
            if blob.strip("0"):
                found.append((path, commit, moment, blob))
        found = found[:_MOST_VERSIONS]
        texts = self._blobs({blob for *_, blob in found})
        versions: dict[str, list[TextVersion]] = {}
        for path, commit, moment, blob in found:
            if blob in texts:
                versions.setdefault(path, []).append(TextVersion(commit, moment, texts[blob]))
        return versions

    def _log(self, *words: str) -> Iterator[tuple[str, datetime, str]]:
        """Yield (commit, its moment, line) of what git says about files below each commit."""
        commit, moment = "", datetime.min.replace(tzinfo=UTC)
        for line in os.fsdecode(self._run(*_LOG, *words)).splitlines():
            if line.startswith(_MARK):
                commit, _, seconds = line[1:].partition(" ")
                moment = datetime.fromtimestamp(int(seconds), UTC)
            elif line:
                yield commit, moment, line

    def _blobs(self, names: Collection[str]) -> dict[str, bytes]:
        """Return blob → its bytes."""
        if not names:
            return {}
        out = self._run("cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
        texts, at = {}, 0
        while at < len(out):
            end = out.index(b"\n", at)
            head = out[at:end].split(b" ")
            at = end + 1
            if len(head) == 3 and head[1] == b"blob":  # else it is missing: a partial clone fetches nothing
                size = int(head[2])
                texts[head[0].decode()] = out[at : at + size]
                at += size + 1
        return texts

    def _run(self, *words: str, given: bytes = b"") -> bytes:
        try:
            found = run_git(self._root, *words, given=given)
        except (OSError, subprocess.SubprocessError, ValueError):
            return b""
        return found.stdout if found.returncode == 0 else b""
