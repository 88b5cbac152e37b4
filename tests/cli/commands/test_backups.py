"""``newsfeed backup``, ``restore`` and ``activate``: nothing is lost, and no copy mails anybody."""

import json
import re
import shutil
import sqlite3
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bench.sink import Sink
from bench.site import MONDAY, Made
from newsfeed.app.instance import note_sending, require_active
from newsfeed.errors import OutsideError
from newsfeed.instance_records import StoreMark
from newsfeed.testing import write_tree
from tests.cli.command import newsfeed
from tests.delivery.ports import free_port
from tests.delivery.sites import delivery, site

NOW = MONDAY.isoformat()
WEEK_LATER = (MONDAY + timedelta(days=7)).isoformat()
LATER = "---\nid: later\ntitle: Later\ndate: 2030-02-06\ntopics: [water]\n---\nA text.\n"
"""A story for the issue of a week later."""
TWO_WEEKS_LATER = (MONDAY + timedelta(days=14)).isoformat()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A relay that writes down what it takes."""
    found = Sink().start()
    yield found
    found.close()


@pytest.fixture
def made(tmp_path: Path, sink: Sink) -> Made:
    """A site that has sent an issue to three people, and has a story for the next."""
    found = site(tmp_path / "original", 3, port=sink.port)
    run(found.folder, "send", "--now", NOW)
    write_tree(found.folder, {"news/2030/later.en.md": LATER})
    return found


def call(folder: Path, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """A command on the site in a folder."""
    return newsfeed("-C", folder, *words, **changes)


def run(folder: Path, *words: str) -> str:
    """What a command that succeeds prints."""
    done = call(folder, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def copy_of(made: Made, name: str, *, with_var: bool) -> Path:
    """The site in another folder, with its store or without."""
    folder = made.folder.parent / name
    ignored = shutil.ignore_patterns() if with_var else shutil.ignore_patterns("var")
    shutil.copytree(made.folder, folder, ignore=ignored)
    return folder


def saved(made: Made) -> Path:
    """A backup of the site."""
    file = made.folder.parent / "backup.zip"
    run(made.folder, "backup", str(file), "--now", NOW)
    return file


def test_a_backup_is_for_its_owner_only_and_is_never_overwritten(made: Made) -> None:
    """It says what is in it; any program can read it."""
    file = saved(made)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("manifest.json"))["rows"]["subscribers"] == 3
    assert (made.folder / "var" / "last-backup").read_text() == f"{NOW}\n"
    before = file.read_bytes()
    again = call(made.folder, "backup", str(file))
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    assert file.read_bytes() == before
    assert [one.name for one in file.parent.iterdir() if one.name.startswith(".")] == []


def test_a_restored_backup_mails_nobody_until_it_is_activated(made: Made, sink: Sink) -> None:
    """A week old, beside the original that goes on: 0 mails of the copy, whatever its clock says."""
    file = saved(made)
    copy = copy_of(made, "restored", with_var=False)
    run(copy, "restore", str(file))
    sink.taken.clear()
    run(made.folder, "send", "--now", WEEK_LATER)
    assert len(sink.taken) == 3
    for moment in (WEEK_LATER, TWO_WEEKS_LATER):
        refused = call(copy, "send", "--now", moment)
        assert (refused.returncode, "newsfeed activate --yes" in refused.stderr) == (3, True)
    assert len(sink.taken) == 3
    shown = call(copy, "activate", "--now", TWO_WEEKS_LATER)
    assert (shown.returncode, "would go out at once, to 3 people" in shown.stdout) == (1, True)
    assert call(copy, "send", "--now", TWO_WEEKS_LATER).returncode == 3


def test_an_activated_copy_sends_what_nobody_had(made: Made, sink: Sink) -> None:
    """And with --had-until nothing that the original may have sent since."""
    file = saved(made)
    copy = copy_of(made, "restored", with_var=False)
    run(copy, "restore", str(file))
    sink.taken.clear()
    had = ("--had-until", WEEK_LATER[:10])
    data = json.loads(run(copy, "activate", "--yes", *had, "--now", WEEK_LATER, "--json"))
    assert (data["state"], data["had"]["deliveries"]) == ("active", 0)
    run(copy, "send", "--now", WEEK_LATER)
    assert sink.taken == []
    assert "nothing is to be done" in run(copy, "activate", "--now", WEEK_LATER)


def test_waiting_mails_of_a_copy_can_be_left_unsent(made: Made) -> None:
    """An issue was frozen when the backup was made, and the original sent it then."""
    config = made.folder / "config.toml"
    config.write_text(re.sub(r"(?m)^port = \d+", f"port = {free_port()}", config.read_text()))
    assert call(made.folder, "send", "--now", WEEK_LATER).returncode == 3
    file = saved(made)
    copy = copy_of(made, "restored", with_var=False)
    run(copy, "restore", str(file))
    waiting = json.loads(call(copy, "activate", "--now", WEEK_LATER, "--json").stdout)["waiting"]
    assert waiting > 0
    had = ("--had-until", WEEK_LATER[:10])
    data = json.loads(run(copy, "activate", "--yes", *had, "--now", WEEK_LATER, "--json"))
    assert (data["had"]["deliveries"], data["waiting"]) == (waiting, 0)


def test_mails_that_were_going_out_when_the_backup_was_made_can_be_left_unsent(
    made: Made, sink: Sink
) -> None:
    """One was taken up, one on the wire; the relay had both in the end, and nobody gets them of the copy."""
    config = made.folder / "config.toml"
    working = config.read_text()
    config.write_text(re.sub(r"(?m)^port = \d+", f"port = {free_port()}", working))
    assert call(made.folder, "send", "--now", WEEK_LATER).returncode == 3
    config.write_text(working)
    with closing(sqlite3.connect(made.folder / "var" / "newsfeed.db")) as store:
        waiting = "(SELECT max(id) FROM deliveries WHERE state IN ('planned', 'deferred') AND owner IS NULL)"
        for state in ("state", "'intent'"):
            store.execute(f"UPDATE deliveries SET owner = '1-gone', state = {state} WHERE id = {waiting}")
        store.commit()
    file = saved(made)
    copy = copy_of(made, "restored", with_var=False)
    run(copy, "restore", str(file))
    sink.taken.clear()
    run(copy, "activate", "--yes", "--had-until", WEEK_LATER[:10], "--now", WEEK_LATER)
    for moment in (WEEK_LATER, (MONDAY + timedelta(days=8)).isoformat()):
        run(copy, "send", "--now", moment)
    assert sink.taken == []


def test_a_copied_folder_mails_nobody(made: Made, sink: Sink) -> None:
    """A staging system with the store, its secret and its mark."""
    copy = copy_of(made, "staging", with_var=True)
    sink.taken.clear()
    refused = call(copy, "send", "--now", WEEK_LATER)
    assert (refused.returncode, str(made.folder) in refused.stderr, sink.taken) == (3, True, [])


def test_an_older_file_put_back_by_hand_mails_nobody(made: Made, sink: Sink) -> None:
    """Into the very same file, so that only the mark tells."""
    store = made.folder / "var" / "newsfeed.db"
    old = store.read_bytes()
    run(made.folder, "send", "--now", WEEK_LATER)
    store.write_bytes(old)
    for beside in ("-wal", "-shm"):
        Path(f"{store}{beside}").unlink(missing_ok=True)
    sink.taken.clear()
    refused = call(made.folder, "send", "--now", TWO_WEEKS_LATER)
    assert (refused.returncode, "older than what was sent" in refused.stderr, sink.taken) == (3, True, [])


def test_activating_one_copy_puts_the_others_to_sleep_where_they_share_a_store(made: Made) -> None:
    """Unless it is to send beside them."""
    mark = made.folder / "var" / "instance.json"
    other = mark.read_bytes()
    run(made.folder, "activate", "--yes", "--beside")
    assert json.loads(mark.read_bytes())["fence"] == json.loads(other)["fence"]
    run(made.folder, "activate", "--yes")
    mark.write_bytes(other)
    assert call(made.folder, "send", "--now", NOW).returncode == 3


def test_a_place_that_still_runs_does_not_take_over_the_mark_of_the_one_activated_since(made: Made) -> None:
    """Its next look at the store ends its sending, and it stays asleep."""
    with delivery(made) as context:
        require_active(context)
        context.store.instance.write(StoreMark("of another place", 9))
        for _ in range(2):
            with pytest.raises(OutsideError, match="sent from elsewhere"):
                note_sending(context)
    assert call(made.folder, "send", "--now", NOW).returncode == 3


def test_a_key_that_is_missing_is_told_before_anything_is_written(made: Made) -> None:
    """By its name in config.toml."""
    config = made.folder / "config.toml"
    key = '\n[[mail.dkim]]\ndomain = "test.example"\nselector = "s1"\nkey_file = "var/gone.pem"\n'
    config.write_text(config.read_text() + key)
    file = made.folder.parent / "with-keys.zip"
    done = call(made.folder, "backup", str(file), "--with-keys")
    assert (done.returncode, "var/gone.pem cannot be read" in done.stderr, file.exists()) == (3, True, False)


def test_a_backup_is_not_restored_over_a_store_or_another_secret(made: Made) -> None:
    """Both are told, and nothing is changed."""
    file = saved(made)
    there = call(made.folder, "restore", str(file))
    assert (there.returncode, "there is a store already" in there.stderr) == (3, True)
    copy = copy_of(made, "restored", with_var=False)
    other = call(copy, "restore", str(file), NEWSFEED_SECRET="another secret of this length")
    assert (other.returncode, "another secret" in other.stderr) == (3, True)
    assert not (copy / "var" / "newsfeed.db").exists()


@pytest.mark.parametrize("damage", ["cut", "flipped", "text", "empty", "without a table", "gone"])
def test_a_damaged_backup_is_told_and_makes_nothing(made: Made, damage: str) -> None:
    """No traceback, and no half store."""
    file = saved(made)
    data = file.read_bytes()
    if damage == "gone":
        file.unlink()
    elif damage == "without a table":
        with zipfile.ZipFile(file) as archive, zipfile.ZipFile(f"{file}.new", "w") as less:
            for name in archive.namelist():
                if "deliveries" not in name:
                    less.writestr(name, archive.read(name))
        Path(f"{file}.new").replace(file)
    else:
        middle = data.index(b"store/renderings") + 400
        damaged = {
            "cut": data[: len(data) // 2],
            "flipped": data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :],
            "text": b"This is a letter.\n",
            "empty": b"",
        }
        file.write_bytes(damaged[damage])
    copy = copy_of(made, "restored", with_var=False)
    done = call(copy, "restore", str(file))
    assert done.returncode == 3
    assert str(file) in done.stderr
    assert not (copy / "var" / "newsfeed.db").exists()


def test_keys_go_into_a_backup_when_wished_and_come_back_where_they_are_missing(made: Made) -> None:
    """Only to the places that config.toml names."""
    config = made.folder / "config.toml"
    config.write_text(
        config.read_text()
        + '\n[[mail.dkim]]\ndomain = "test.example"\nselector = "s1"\nkey_file = "var/s1.pem"\n'
    )
    key = made.folder / "var" / "s1.pem"
    key.write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    key.chmod(0o600)
    file = made.folder.parent / "with-keys.zip"
    run(made.folder, "backup", str(file), "--with-keys")
    copy = copy_of(made, "restored", with_var=False)
    assert json.loads(run(copy, "restore", str(file), "--json"))["keys"] == ["var/s1.pem"]
    again = copy / "var" / "s1.pem"
    assert (again.read_bytes(), stat.S_IMODE(again.stat().st_mode)) == (key.read_bytes(), 0o600)
