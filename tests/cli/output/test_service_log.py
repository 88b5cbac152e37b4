"""The service's log: one JSON object a line, and a line only when something is new."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsfeed.cli.output.log_lines import TEXT, WARNING, LogLines
from newsfeed.cli.output.service_log import ServiceLog
from newsfeed.cli.output.voice import Voice
from newsfeed.delivery.rounds import SendRound
from newsfeed.delivery.sender import SendCounts
from newsfeed.receiver_ports import ReceiverState
from newsfeed.records import WaitingMails
from newsfeed.testing import CONFIG, settings_from

NOW = datetime(2030, 2, 4, 9, 0, tzinfo=UTC)


def quiet(**facts: object) -> SendRound:
    """A round that planned and sent nothing."""
    return SendRound(recovered=0, frozen=(), counts=SendCounts(), **facts)  # type: ignore[arg-type]


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """The lines since the last look."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_what_waits_is_logged_when_it_changes(capsys: pytest.CaptureFixture[str]) -> None:
    """How many mails, until when, why; and once that nothing waits any more."""
    log = ServiceLog(b"x" * 16, lambda: NOW)
    waits = quiet(waiting=WaitingMails(4, NOW, "451 4.7.1 not now", {"staff/s": 2}))
    for done in (quiet(), quiet()):
        log.round(done)
    assert logged(capsys) == []
    log.round(waits)
    log.round(waits)
    (line,) = logged(capsys)
    assert line == {
        "at": "2030-02-04T09:00:00+00:00",
        "level": "info",
        "event": "waiting",
        "mails": 4,
        "next": "2030-02-04T09:00:00+00:00",
        "because": "451 4.7.1 not now",
        "undecided": {"staff/s": 2},
    }
    log.round(quiet())
    log.round(quiet())
    (line,) = logged(capsys)
    assert (line["event"], line["mails"]) == ("waiting", 0)


def test_a_paused_group_of_receivers_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    """With the end of the pause, and what a person can do where waiting mends nothing."""
    log = ServiceLog(b"x" * 16, lambda: NOW, least=WARNING)
    state = ReceiverState(name="orange", paused_until=NOW, reason="421 4.7.0 later")
    log.paused(state)
    log.paused(replace(state, reason="unknown"))
    first, second = logged(capsys)
    assert first == {
        "at": "2030-02-04T09:00:00+00:00",
        "level": "warning",
        "event": "paused",
        "receivers": "orange",
        "until": "2030-02-04T09:00:00+00:00",
        "reason": "421 4.7.0 later",
        "message": "",
    }
    assert "clean the lists" in str(second["message"])


def test_what_visitors_try_is_no_failure_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """A forged webhook is a warning: nobody is to be woken for it."""
    log = ServiceLog(b"x" * 16, lambda: NOW)
    log.web_failure("RuntimeError")
    log.web_warning("forged webhook of github")
    assert [(line["level"], line["trouble"]) for line in logged(capsys)] == [
        ("error", "RuntimeError"),
        ("warning", "forged webhook of github"),
    ]


def test_a_digest_without_readers_is_logged_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Until it has some; one that is gone is logged at every look at the whole store."""
    log = ServiceLog(b"x" * 16, lambda: NOW)
    for done in (quiet(unread=("staff",)), quiet(unread=("staff",)), quiet(), quiet(unread=("staff",))):
        log.round(done)
    lines = logged(capsys)
    assert [(line["event"], line["level"]) for line in lines] == [("unread", "info")] * 2
    assert lines[0]["message"] == "nobody reads this digest yet: its issue is planned when somebody does"
    log.round(quiet(orphaned={"old": 3}))
    (line,) = logged(capsys)
    assert (line["event"], line["digest"], line["readers"]) == ("orphaned", "old", 3)


def test_lines_for_people_are_pairs_of_names_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    """What could pass for another pair stands in quotes, and a line stays a line."""
    lines = LogLines(lambda: NOW, TEXT)
    lines.write("info", "starting", {"parts": ["web", "send"], "none": "", "number": 0})
    lines.write("error", "trouble", {"message": "disk full\nlevel=info", "left": {"a": 1}})
    assert capsys.readouterr().err.splitlines() == [
        "2030-02-04T09:00:00+00:00 info starting parts=web,send number=0",
        r'2030-02-04T09:00:00+00:00 error trouble message="disk full\nlevel=info" left="{\"a\": 1}"',
    ]


def test_levels_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Where only what needs somebody is of interest."""
    log = ServiceLog(b"x" * 16, lambda: NOW, least=WARNING)
    log.listening("127.0.0.1:8080", "http://localhost:8080/")
    log.round(quiet(orphaned={"old": 3}))
    log.web_failure("disk full")
    assert [line["level"] for line in logged(capsys)] == ["warning", "error"]


def test_who_starts_it_by_hand_is_told_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    """The address to open, and where the mails are."""
    log = ServiceLog(b"x" * 16, lambda: NOW)
    settings = settings_from(CONFIG + '\n[web]\nbase_url = "http://localhost:8080/"\n')
    log.greet(("web", "send"), settings, Voice())
    log.greet(("web",), settings_from(CONFIG), Voice())
    log.greet(("publish",), settings, Voice())
    assert capsys.readouterr().err.splitlines() == [
        "Open http://localhost:8080/; mails go to var/outbox. Ctrl+C ends it.",
        "Open http://127.0.0.1:8080/. Ctrl+C ends it.",
    ]


def publication(**facts: object) -> dict[str, object]:
    """The data of a look at the repository."""
    usual = {"outcome": "unchanged", "commit": "a", "relation": "", "written": 0, "removed": 0}
    return {**usual, "problems": [], "first_problem": "", **facts}


def test_a_refused_commit_is_logged_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Looks for stories that come due beside it say nothing more, but for what they publish."""
    log = ServiceLog(b"secret", lambda: NOW)
    first = "news/a.en.md:3:1 E2001"
    log.published(publication(outcome="published", written=3))
    log.published(
        publication(
            outcome="refused", commit="b", relation="follows", problems=["E2001"], first_problem=first
        )
    )
    log.published(publication(outcome="refused", commit="b", first_problem=first))
    log.published(publication(outcome="refused", commit="b", relation="follows", first_problem=first))
    log.published(publication(outcome="refused", commit="b", written=2, first_problem=first))
    log.published(
        publication(
            outcome="refused", commit="c", relation="follows", problems=["E2001"], first_problem=first
        )
    )
    told = [(line["event"], line["commit"], line["written"]) for line in logged(capsys)]
    assert told == [("published", "a", 3), ("refused", "b", 0), ("refused", "b", 2), ("refused", "c", 0)]


def test_a_commit_that_was_refused_before_the_start_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """Else nobody who reads this log would know."""
    log = ServiceLog(b"secret", lambda: NOW)
    log.published(publication(outcome="refused", commit="b", first_problem="news/a.en.md:3:1 E2001"))
    assert [line["commit"] for line in logged(capsys)] == ["b"]
