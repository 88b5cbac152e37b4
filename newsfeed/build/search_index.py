"""Pagefind: the pages of one part of a search index → the files of that part.

It is a program of its own, which reads a folder and writes another one. The same pages make the same files,
whatever order they come in; so a part that is made alone is the one that a build of the whole site makes.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from newsfeed.core.site.urls import INDEX, SEARCH_ENTRY
from newsfeed.errors import OutsideError, UsageError
from newsfeed.marking import N_
from newsfeed.render.search import NOT_SEARCHED

if TYPE_CHECKING:
    from collections.abc import Iterable

PROGRAM = ("pagefind.js", "pagefind-worker.js")
"""The files with which browsers search; the first part has them."""
_PAGE = f"/{INDEX}"
_FOLDERS = ("fragment", "index", "filter")
_LAST_WORDS = 300
"""Characters of what Pagefind says when it fails."""


def find_pagefind() -> str:
    """Return the path of Pagefind's program. Raises `UsageError` when it is not installed."""
    try:
        from pagefind.service import get_executable
    except ModuleNotFoundError:
        found = None
    else:
        found = get_executable()
    if found is None:
        raise UsageError(
            N_("the search of this site needs Pagefind"), N_("install it: pip install newsfeed[search]")
        )
    return str(found)


def make_index_files(
    pages: Iterable[tuple[str, bytes]], lang: str, *, with_program: bool
) -> dict[str, bytes]:
    """Return the files of a part of an index: path in its folder → bytes, sorted.

    pages: (output path, HTML) of stories, which the index knows by the address of their folder and ``.html``,
    as `search.js` expects; ``lang``: of their edition, whose rules find a word in its other
    forms; ``with_program``: also return what browsers search with.
    """
    with TemporaryDirectory(prefix="newsfeed-search-") as folder:
        site, made = Path(folder, "site"), Path(folder, "made")
        site.mkdir()
        for path, html in pages:
            # No folder for each story: to make and remove them takes as long as Pagefind does.
            place = site / f"{path.removesuffix(_PAGE)}.html"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(html)
        _run(site, made, lang)
        names = [SEARCH_ENTRY, *(path.name for path in made.glob("*.pf_meta"))]
        for kind in _FOLDERS:
            names += [f"{kind}/{path.name}" for path in (made / kind).glob("*")]
        if with_program:
            names += [*PROGRAM, *_grammars(made)]
        return {name: (made / name).read_bytes() for name in sorted(names)}


def _grammars(made: Path) -> set[str]:
    """Return the files of the languages that an index uses."""
    languages = json.loads((made / SEARCH_ENTRY).read_bytes())["languages"].values()
    return {f"wasm.{language.get('wasm') or 'unknown'}.pagefind" for language in languages}


def _run(site: Path, made: Path, lang: str) -> None:
    """Index a folder. Neither the environment nor a file of the site configures Pagefind here."""
    command = [find_pagefind(), "--site", site.name, "--output-path", made.name, "--force-language", lang]
    for selector in NOT_SEARCHED:
        command += ["--exclude-selectors", selector]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    try:
        done = subprocess.run(  # noqa: S603 - paths of our own, and a language of the configuration
            [*command, "--quiet"], cwd=site.parent, env=environment, capture_output=True, check=False
        )
    except OSError as error:
        raise OutsideError(
            N_("Pagefind does not start: {reason}"), reason=error.strerror or str(error)
        ) from error
    if done.returncode or not (made / SEARCH_ENTRY).is_file():
        words = " ".join((done.stderr or done.stdout).decode(errors="replace").split())[-_LAST_WORDS:]
        raise OutsideError(N_("Pagefind failed: {reason}"), reason=words or str(done.returncode))
