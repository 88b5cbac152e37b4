"""What operators are told of groups of receivers: by ``receivers``, ``status`` and the metrics."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bench.site import MONDAY, Made
from newsfeed.receiver_ports import KnownHosts, MailHosts, ReceiverState
from tests.delivery.sites import delivery, site

AT = MONDAY.isoformat()
HOUR = timedelta(hours=1)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A site with readers in seven domains, two of them at Google, that has been sent from straight."""
    made = site(tmp_path, 14, port=25, channel="mx", smtp='\n[channels.mx]\nhello = "news.example"\n')
    known = KnownHosts(MailHosts(("aspmx.l.google.com",)), MONDAY)
    with delivery(made) as opened:
        opened.store.mail_domains.keep({"readers0.example": known, "readers1.example": known})
    return made


def _is(made: Made, name: str, **facts: object) -> None:
    """Let the store know something of a group."""
    with delivery(made) as opened:
        opened.store.receiver_book.change({name: lambda state: replace(state, **facts)})  # type: ignore[arg-type]


def _state(made: Made, name: str) -> ReceiverState:
    with delivery(made) as opened:
        return opened.store.receiver_book.read()[name]


def _shown(made: Made, command: str) -> Mapping[str, Mapping[str, object]]:
    """Name → facts of the groups that a command shows."""
    told = json.loads(made.run(command, "--now", AT, "--json").stdout)
    return {one["name"]: one for one in told["receivers"]}


def made_lines(made: Made) -> list[str]:
    """What ``receivers`` prints."""
    return made.run("receivers", "--now", AT).stdout.splitlines()


def test_groups_of_readers_are_listed_with_their_limits(made: Made) -> None:
    """Whose servers are known by these, the others by their domains."""
    lines = made_lines(made)
    assert lines[0] == "gmail: 5 connections, 50 messages on each, 2 domains of readers"
    assert lines[1] == "readers2.example: 10 connections, 100 messages on each, 1 domain of readers"
    assert len(lines) == 6
    assert _shown(made, "status") == {}


def test_a_relay_keeps_to_limits_itself(tmp_path: Path) -> None:
    """That is said first, lest somebody believes the numbers; unless the relay is said not to."""
    relayed = site(tmp_path / "relayed", 14, port=25)
    shown = made_lines(relayed)
    assert shown[0].startswith("limits are left to the relay;")
    assert len(shown) == 8
    ours = site(tmp_path / "ours", 14, port=25, smtp="receiver_limits = true\n")
    assert len(made_lines(ours)) == 7


def test_a_pause_that_waiting_mends_is_told(made: Made) -> None:
    """Until when, and in the words of the servers; nobody has to do anything."""
    _is(made, "gmail", paused_until=MONDAY + HOUR, reason="421 4.7.0 slow down", allowed=1)
    for command in ("receivers", "status"):
        shown = made.run(command, "--now", AT)
        assert shown.returncode in (0, 3)
        assert "receivers gmail: paused until 11:00: 421 4.7.0 slow down" in shown.stdout
        facts = _shown(made, command)["gmail"]
        assert facts["paused_until"] == (MONDAY + HOUR).isoformat()
        assert (facts["connections"], facts["wants_a_person"]) == (0, False)


def test_a_pause_that_wants_a_person_says_what_to_do(made: Made) -> None:
    """It is an exit status, too; once it is mended the group begins slowly."""
    _is(made, "gmail", paused_until=MONDAY + HOUR, reason="unknown", allowed=1, latest=900, unknown=61)
    shown = made.run("receivers", "--now", AT)
    assert shown.returncode == 1
    assert "unknown: 61 of 900; complaints: 0 of 0" in shown.stdout
    assert "too many of its addresses do not exist" in shown.stdout
    assert "newsfeed receivers --resume gmail" in shown.stdout
    assert made.run("status", "--now", AT).returncode == 1
    assert made.run("receivers", "--resume", "gmail").stdout == "gmail is sent to again\n"
    assert _state(made, "gmail").paused_until is None
    facts = _shown(made, "status")["gmail"]
    assert (facts["connections"], facts["most_connections"]) == (1, 5)
    assert made.run("receivers", "--now", AT).returncode == 0


def test_only_a_group_that_was_sent_to_can_be_resumed(made: Made) -> None:
    """A name that is misspelt ends nobody's pause."""
    shown = made.run("receivers", "--resume", "gmial")
    assert shown.returncode == 2
    assert "no group of receivers that was sent to is called “gmial”" in shown.stderr
