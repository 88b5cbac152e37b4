"""The site that ``newsfeed init --example`` makes: invented stories, in which there is one of everything."""

from __future__ import annotations

from pathlib import Path

from newsfeed.config.site_layout import CONFIG
from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import make_private_folder, write_private
from newsfeed.marking import N_

SITE = Path(__file__).with_name("example_site")
"""The files of the example as they are shipped."""
READERS = """\
email,name,language
ada@example.org,Ada Invented,en
bruno@example.org,Bruno Erfunden,de
claire@example.org,Claire Inventée,fr
dirk@example.org,Dirk Verzonnen,nl
"""
READERS_FILE = "var/readers.csv"
_NOT_OURS = frozenset({"public", "var", "__pycache__"})
"""Folders that commands make in a site: in a checkout, somebody may have built the example where it lies."""
_SEARCH_ON, _SEARCH_OFF = b"enabled = true ", b"enabled = false"


def write_example_site(folder: Path, *, can_search: bool) -> list[str]:
    """Write the example site into an empty or new folder; returns the files made.

    can_search: what the search needs is installed. Raises `UsageError` when something is in the folder.
    """
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise UsageError(
                N_("{folder} is not empty"), N_("name a new folder for the example"), folder=folder
            )
        names = list_example_files()
        for name in names:
            data = (SITE / name).read_bytes()
            if name == CONFIG and not can_search:
                data = data.replace(_SEARCH_ON, _SEARCH_OFF)
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        make_private_folder((folder / READERS_FILE).parent)
        write_private(folder / READERS_FILE, READERS.encode())
    except OSError as error:
        raise OutsideError(
            N_("cannot write {path}: {reason}"), path=error.filename, reason=reason_of(error)
        ) from error
    return [*names, READERS_FILE]


def list_example_files() -> list[str]:
    """Return the paths of all files of the example, sorted."""
    source = SITE
    paths = (path.relative_to(source) for path in source.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in paths if _NOT_OURS.isdisjoint(path.parts))
