"""Who hears of a commit: the editors by mail, the forge by its status, the pusher by the hook."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from newsfeed.app import commit_status
from newsfeed.app.publish_service import is_running, running
from newsfeed.app.waiting_statuses import read_waiting_statuses
from newsfeed.core.publishing.repository_address import RepositoryAddress
from tests.cli.command import environment, newsfeed
from tests.delivery.sites import wait_until
from tests.http_client.test_client import Server, say
from tests.publishing.repositories import Place, git, make_place, story
from tests.publishing.test_publish_service import Running

AT = "2030-02-04T09:00Z"
BAD = {"news/2030/bad.en.md": "---\nid: bad\ntitle: Bad\ndate: yesterday\n---\nText.\n"}
EDITORS = """
[editors.addresses]
en = ["desk@test.example"]
de = ["redaktion@test.example", "chef@test.example"]
[mail]
from = "Newsroom <news@test.example>"
"""


@pytest.fixture
def forge() -> Iterator[Server]:
    """A forge that takes what it is told."""
    found = Server()
    found.answer = lambda handler: say(handler, 201, b"{}")
    threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


def mails(place: Place) -> dict[str, tuple[str, str]]:
    """Recipient → subject and text of the mails in the outbox."""
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (place.root / "var/outbox").glob("*.eml")
    ]
    return {str(one["To"]): (str(one["Subject"]), one.get_content()) for one in found}


def publish(place: Place, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """``newsfeed publish`` at the moment of the tests."""
    return newsfeed("-C", place.root, "publish", "--now", AT, *words, **variables)


def test_editors_are_written_to_once_in_their_languages(tmp_path: Path) -> None:
    """With each problem, its place, and what to do; about the next commit again."""
    place = make_place(tmp_path, EDITORS)
    publish(place)
    broken = place.push(BAD)
    publish(place)
    found = mails(place)
    assert set(found) == {"desk@test.example", "redaktion@test.example", "chef@test.example"}
    subject, text = found["desk@test.example"]
    assert subject == f"Test site: commit {broken[:10]} was refused"
    assert "news/2030/bad.en.md:4:7: error" in text
    assert "\x1b" not in text
    subject, text = found["redaktion@test.example"]
    assert "wurde abgelehnt" in subject
    assert "Fehler: " in text
    for path in (place.root / "var/outbox").glob("*.eml"):
        path.unlink()
    publish(place)
    publish(place, "--again")
    assert mails(place) == {}
    place.push({"news/2030/worse.en.md": "no front matter"})
    publish(place)
    assert len(mails(place)) == 3


def test_a_mail_that_cannot_leave_is_said_and_tried_again(tmp_path: Path) -> None:
    """The outbox is no folder; then it is."""
    place = make_place(tmp_path, EDITORS)
    publish(place)
    place.push(BAD)
    (place.root / "var/outbox").write_text("in the way")
    done = publish(place)
    assert done.returncode == 1
    assert "var/outbox" in done.stderr
    (place.root / "var/outbox").unlink()
    publish(place)
    assert len(mails(place)) == 3


def test_the_forge_shows_what_became_of_each_commit(
    tmp_path: Path, forge: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A good one and a bad one; looks that find nothing new tell it nothing."""
    address = RepositoryAddress(forge.url, "net/site")
    monkeypatch.setattr(commit_status, "find_repository", lambda _: address)
    place = make_place(tmp_path, 'status = "forgejo"\n')
    token = {"NEWSFEED_FORGE_TOKEN": "token-1"}
    publish(place, **token)
    broken = place.push(BAD)
    publish(place, **token)
    publish(place, **token)
    (_, _, _, first), (method, path, headers, second) = forge.asked
    assert json.loads(first)["state"] == "success"
    assert (method, path) == ("POST", f"/api/v1/repos/net/site/statuses/{broken}")
    assert headers["authorization"] == "token token-1"
    told = json.loads(second)
    assert told["state"] == "failure"
    assert "news/2030/bad.en.md:4" in told["description"]


def test_a_forge_that_refuses_keeps_nothing_back(
    tmp_path: Path, forge: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said; the token is not."""
    forge.answer = lambda handler: say(handler, 401, b"token-1 is wrong")
    address = RepositoryAddress(forge.url, "net/site")
    monkeypatch.setattr(commit_status, "find_repository", lambda _: address)
    place = make_place(tmp_path, 'status = "forgejo"\n')
    done = publish(place, NEWSFEED_FORGE_TOKEN="token-1")
    assert (done.returncode, bool(place.page("well"))) == (0, True)
    assert "401" in done.stderr
    assert "token-1" not in done.stderr + done.stdout


@pytest.fixture
def at_forge(tmp_path: Path, forge: Server, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A site whose commits a forge shows."""
    monkeypatch.setattr(commit_status, "find_repository", lambda _: RepositoryAddress(forge.url, "net/site"))
    monkeypatch.setenv("NEWSFEED_FORGE_TOKEN", "token-1")
    return make_place(tmp_path, 'status = "forgejo"\n')


def test_a_forge_that_is_down_is_told_later(at_forge: Place, forge: Server) -> None:
    """By the next look, in another process; the newest commit first, and each once."""
    forge.answer = lambda handler: say(handler, 503, b"")
    first = at_forge.push({})
    done = publish(at_forge)
    assert (done.returncode, "has not been told about commit" in done.stderr) == (0, True)
    second = at_forge.push(BAD)
    for _ in range(2):
        publish(at_forge)
    assert len(forge.asked) == 2  # each once: not a minute has passed
    shown = newsfeed("-C", at_forge.root, "status", "--now", AT).stdout
    assert f"the forge is told about commit {first[:10]} at 09:01: 127.0.0.1 does not take" in shown
    forge.answer, forge.asked[:] = lambda handler: say(handler, 201, b"{}"), []
    for _ in range(2):
        done = newsfeed("-C", at_forge.root, "publish", "--now", "2030-02-04T09:02Z")
        assert "forge" not in done.stderr
    states = {path.rpartition("/")[2]: json.loads(body)["state"] for _, path, _, body in forge.asked}
    assert (states, len(forge.asked)) == ({first: "success", second: "failure"}, 2)
    told = json.loads(newsfeed("-C", at_forge.root, "status", "--now", AT, "--json").stdout)
    assert told["commit_statuses"] == []


def test_a_forge_that_limits_is_left_alone_until_then(at_forge: Place, forge: Server) -> None:
    """As it wants it."""
    forge.answer = lambda handler: say(handler, 429, b"", Retry_After="600")
    publish(at_forge)
    for minute in (2, 9):
        newsfeed("-C", at_forge.root, "publish", "--now", f"2030-02-04T09:0{minute}Z")
    assert len(forge.asked) == 1
    newsfeed("-C", at_forge.root, "publish", "--now", "2030-02-04T09:11Z")
    assert len(forge.asked) == 2


def test_after_a_day_a_status_is_given_up_and_that_is_said(at_forge: Place, forge: Server) -> None:
    """By the command and by ``newsfeed status``, which exits with 3."""
    forge.answer = lambda handler: say(handler, 500, b"")
    publish(at_forge)
    done = newsfeed("-C", at_forge.root, "publish", "--now", "2030-02-05T09:00Z")
    assert "is not told any more about commit" in done.stderr
    shown = newsfeed("-C", at_forge.root, "status", "--now", AT)
    assert (shown.returncode, "is not told any more about commit" in shown.stdout) == (3, True)
    asked = len(forge.asked)
    newsfeed("-C", at_forge.root, "publish", "--now", "2030-02-06T09:00Z")
    assert len(forge.asked) == asked


def test_a_running_service_tells_the_forge_again_after_a_restart(
    at_forge: Place, forge: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is kept; the service itself tells it."""
    forge.answer = lambda handler: say(handler, 503, b"")
    publish(at_forge)
    forge.answer, forge.asked[:] = lambda handler: say(handler, 201, b"{}"), []
    config = at_forge.root / "config.toml"
    url = f"{forge.url}/net/site.git"
    config.write_text(config.read_text("utf-8").replace(str(at_forge.bare), url), "utf-8")
    service = Running(at_forge, tmp_path / "log", "--only", "publish", "--now", "2030-02-04T09:05Z")
    try:
        wait_until(lambda: bool([path for _, path, *_ in forge.asked if "/statuses/" in path]))
    finally:
        service.end()
    assert read_waiting_statuses(at_forge.root) == ()


def test_a_path_has_no_forge(tmp_path: Path) -> None:
    """Whoever asks for a status there is told."""
    place = make_place(tmp_path, 'status = "github"\n')
    assert "names no repository on a forge" in publish(place).stderr


# -- the hook ------------------------------------------------------------------------------------


def test_the_hook_publishes_and_tells_who_pushes(tmp_path: Path) -> None:
    """Without a service it does the work itself; errors stand in the pusher's terminal."""
    place = make_place(tmp_path)
    done = newsfeed("-C", place.root, "hook", "install", "--post-receive")
    assert "hooks/post-receive" in done.stdout
    assert newsfeed("-C", place.root, "hook", "install", "--post-receive", place.bare).returncode == 0
    assert "is published" in pushed(place, story("pump", "A pump", "2026-01-02T08:00Z"))
    assert place.page("pump")
    told = pushed(place, BAD)
    assert "news/2030/bad.en.md:4:7" in told
    assert "was refused" in told
    git(place.work, "push", "-q", str(place.bare), "HEAD:refs/heads/draft")


def pushed(place: Place, files: dict[str, str]) -> str:
    """Push as an editor; what git shows them."""
    for path, text in files.items():
        (place.work / path).write_text(text, "utf-8")
    git(place.work, "add", "-A")
    git(place.work, "commit", "-qm", "change")
    done = subprocess.run(
        ["git", "-C", place.work, "push", str(place.bare), "HEAD:refs/heads/main"],
        env=environment(XDG_CACHE_HOME=str(place.root.parent / "cache")), check=True, capture_output=True,
    )  # fmt: skip
    return done.stderr.decode()


def test_the_hook_tells_a_running_service(tmp_path: Path) -> None:
    """It leaves a sign, and git goes on."""
    place = make_place(tmp_path)
    line = f"{'0' * 40} {'1' * 40} refs/heads/main\n".encode()
    other = f"{'0' * 40} {'1' * 40} refs/heads/other\n".encode()
    sign = place.root / "var/publish/pushed"
    assert not is_running(place.root)
    with running(place.root):
        assert is_running(place.root)
        assert newsfeed("-C", place.root, "hook", "received", stdin=other).stdout == ""
        assert not sign.exists()
        told = newsfeed("-C", place.root, "hook", "received", stdin=line)
        assert (told.returncode, "main is looked at; newsfeed status says" in told.stdout) == (0, True)
        assert sign.exists()
    assert not is_running(place.root)


def test_another_hook_is_left_alone(tmp_path: Path) -> None:
    """The line to add is said."""
    place = make_place(tmp_path)
    hook = place.bare / "hooks/post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho mine\n")
    done = newsfeed("-C", place.root, "hook", "install", "--post-receive")
    assert (done.returncode, "hook received" in done.stderr) == (2, True)
    assert sys.executable in done.stderr
    assert "mine" in hook.read_text()


def test_what_is_no_repository_gets_no_hook(tmp_path: Path) -> None:
    """Nor does anything without saying which hook."""
    place = make_place(tmp_path)
    assert newsfeed("-C", place.root, "hook", "install", "--post-receive", tmp_path).returncode == 2
    assert newsfeed("-C", place.root, "hook", "install").returncode == 2
    assert not (place.bare / "hooks/post-receive").exists()
