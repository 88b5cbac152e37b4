"""The output folder: written all or nothing, only where bytes differ, never over foreign files."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from newsfeed.build.cache.known import MANIFEST, Stamp, stamp_of
from newsfeed.build.manifest import amend_manifest, read_manifest, write_manifest
from newsfeed.build.staging import COMPRESSED, Stage
from newsfeed.build.taken import take
from newsfeed.build.written import Written
from newsfeed.errors import ForeignOutputError, OutsideError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from newsfeed.build.cache.file_stamps import Stamps
    from newsfeed.build.manifest import Entry
    from newsfeed.build.staging import Made
    from newsfeed.model import Artifact

_STAGING = ".newsfeed-staging"
_LOCK = ".newsfeed-lock"
_OURS = frozenset({MANIFEST, _STAGING, _LOCK})


Make = Callable[[Stage], "Iterable[Made]"]
"""Makes every artifact of a site, handing the bytes of each to the stage."""


def publish(folder: Path, artifacts: Iterable[Artifact]) -> Written:
    """Bring the folder to hold exactly these artifacts, besides files that others put there."""
    return publish_made(folder, lambda stage: (stage.put(one.path, (one.data,)) for one in artifacts))[0]


def publish_made(
    folder: Path,
    make: Make,
    pages: Mapping[str, str] | None = None,
    stamps: Mapping[str, Stamp] | None = None,
) -> tuple[Written, Stamps]:
    """The same for artifacts that are made where the stage is; ``pages``: what to note about others;
    ``stamps``: what the published files looked like when their digests were those of the manifest. Also
    returned is what all of them look like now.

    Everything is rendered into a staging folder before the first published file changes, so an
    error while rendering publishes nothing. Raises `ForeignOutputError` when the folder is in use
    for something else, `OutsideError` when the disk lets us down.
    """
    with _writing(folder) as staging:
        return _update(folder, staging, make, pages or {}, stamps or {})


@dataclass(frozen=True, slots=True)
class Standing:
    """A published site of which only some artifacts are to change."""

    manifest: Stamp | None
    """What its manifest looked like."""
    count: int
    """Of its artifacts."""


def publish_some(folder: Path, make: Make, gone: Collection[str], standing: Standing) -> Written | None:
    """Bring some artifacts of a published site up to date, and remove those that are gone; the others
    stay. ``None``, and nothing is done, when the site is not the one that was standing there. Promises
    and errors are those of `publish_made`.
    """
    with _writing(folder) as staging:
        if stamp_of(folder / MANIFEST) != standing.manifest:
            return None
        made = list(make(Stage(folder, staging, {}, {})))
        changed = [one.path for one in made if one.staged]
        new = {one.path for one in made if not (folder / one.path).exists()}
        pages = {one.path: one.note for one in made if one.note}
        digests: dict[str, str | None] = {one.path: one.digest for one in made if one.staged}
        if new:  # a crash before the end must not lose track of them
            amend_manifest(folder, {path: digests[path] for path in new}, pages)
        _put_in_place(folder, staging, changed, [path for path in gone if _is_ours(folder, path)])
        amend_manifest(folder, {**digests, **dict.fromkeys(gone)}, pages)
        total = standing.count + len(new) - len(gone)
        return Written(len(changed), total - len(changed), len(gone))


@contextmanager
def _writing(folder: Path) -> Iterator[Path]:
    """The folder is ours alone; new files wait in the one that is handed out."""
    staging = folder / _STAGING
    try:
        _claim(folder)
        with _locked(folder):
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
            try:
                yield staging
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise OutsideError(f"cannot write the site: {error.strerror}{where}") from error


def _update(
    folder: Path, staging: Path, make: Make, pages: Mapping[str, str], stamps: Mapping[str, Stamp]
) -> tuple[Written, Stamps]:
    is_new = not (folder / MANIFEST).exists()
    before, noted = read_manifest(folder)
    taken = take(make(Stage(folder, staging, before, stamps, is_new=is_new)))
    changed, total = taken.staged(), len(taken.paths)
    same = not changed and dict(taken.digests()) == before
    if same and dict(_joined(pages, taken.notes())) == noted:
        return Written(0, total, 0), taken.stamps()
    old = before.keys() - frozenset(taken.paths) if before else frozenset()
    gone = sorted(path for path in old if _is_ours(folder, path))
    # Until all is in place both old and new files are ours: a crash in between loses track of none.
    write_manifest(folder, _joined(before, taken.digests()), _joined({**noted, **pages}, taken.notes()))
    for path in _put_in_place(folder, staging, changed, gone):
        taken.look_again(path, stamp_of(f"{folder}/{path}"))
    if old or noted.keys() - pages.keys() - dict(taken.notes()).keys():
        write_manifest(folder, taken.digests(), _joined(pages, taken.notes()))
    return Written(len(changed), total - len(changed), len(gone)), taken.stamps()


def _joined(old: Mapping[str, str], new: Iterable[Entry]) -> Iterable[Entry]:
    """In the order of their paths; of a path that both have, the new one."""
    return sorted({**old, **dict(new)}.items()) if old else new


def _put_in_place(folder: Path, staging: Path, changed: Sequence[str], gone: Sequence[str]) -> list[str]:
    """Nothing dangles at any moment: see `_steps`. Returns the files that were moved one by one."""
    obstacles = _in_the_way(gone, changed)
    for path in obstacles:
        _remove(folder, path)
    folders, files = _steps(folder, changed)
    for path in (*folders, *files):
        os.replace(f"{staging}/{path}", f"{folder}/{path}")
    for path in sorted(gone, key=_rank, reverse=True):
        if path not in obstacles:
            _remove(folder, path)
    return files


def _steps(folder: Path, paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """What is moved, in this order: folders that are not there yet, as a whole; then files. What is new
    comes first: nobody is led there before the last of it is in place. Then what changes, which names
    new and old. A compressed copy follows its original at once.
    """
    there = {"": True}
    folders: dict[str, None] = {}
    files = []

    def is_there(path: str) -> bool:
        if path not in there:
            above = path.rpartition("/")[0]
            there[path] = is_there(above) and os.path.isdir(f"{folder}/{path}")
            if there[above] and not there[path]:
                folders[path] = None
        return there[path]

    for path in paths:
        if is_there(path.rpartition("/")[0]):
            files.append(path)

    def place(path: str) -> tuple[bool, int, str, str]:
        return os.path.exists(f"{folder}/{path.removesuffix(COMPRESSED)}"), *_rank(path)

    return sorted(folders), sorted(files, key=place)


def _rank(path: str) -> tuple[int, str, str]:
    """Files before the texts that show them, pages before the lists and feeds that name them. What
    goes, goes the other way round.
    """
    original = path.removesuffix(COMPRESSED)
    if not original.endswith((".html", ".xml", ".rss", ".atom", ".json", ".opml")):
        rank = 0
    elif "/news/" in original:
        rank = 1
    else:
        rank = 2 if original.endswith(".html") else 3
    return rank, original, path


def _claim(folder: Path) -> None:
    """Make sure the folder is ours: new, empty, or marked by our manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / MANIFEST).exists() or (folder / _LOCK).exists():
        return
    found = sorted(entry.name for entry in folder.iterdir() if entry.name not in _OURS)
    if found:
        raise ForeignOutputError(
            f"{folder} is not empty and was not made by newsfeed (it has {found[0]})",
            "name another folder with --output, or empty this one",
        )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutsideError(
                "another build is writing this folder", "run it again when that is done"
            ) from error
        yield


def _in_the_way(gone: Sequence[str], changed: Sequence[str]) -> set[str]:
    """Old files that stand where a new folder must be, or in a folder that becomes a file."""
    if not gone:
        return set()
    files, folders = set(changed), {above for path in changed for above in _folders_of(path)}
    return {path for path in gone if path in folders or not files.isdisjoint(_folders_of(path))}


def _folders_of(path: str) -> list[str]:
    return [above.as_posix() for above in PurePosixPath(path).parents]


def _remove(folder: Path, path: str) -> None:
    """Delete one of our files, and the folders it leaves empty."""
    (folder / path).unlink(missing_ok=True)
    parent = (folder / path).parent
    while parent != folder:
        try:
            parent.rmdir()
        except OSError:  # not empty: something else lives there
            return
        parent = parent.parent


def _is_ours(folder: Path, path: str) -> bool:
    """A manifest that somebody edited, or a link, must not make us delete anything elsewhere."""
    target = folder / path
    try:
        return (
            path not in _OURS
            and target.is_file()
            and target.parent.resolve().is_relative_to(folder.resolve())
        )
    except (OSError, ValueError):  # no file can have such a name
        return False
