"""``newsfeed worker``: over SQLite it runs all tasks within itself."""

import signal
from datetime import timedelta
from pathlib import Path

import pytest

from bench.sink import HANG, Sink
from bench.site import MONDAY
from newsfeed.model import Message
from newsfeed.records import ServiceMail
from tests.cli.command import newsfeed
from tests.delivery.sites import delivery, site, states, wait_until


def test_a_queue_that_is_none_is_refused(tmp_path: Path) -> None:
    """With those there are."""
    made = site(tmp_path, 1, port=1)
    done = newsfeed("-C", made.folder, "worker", "--queues", "plan,post")
    assert done.returncode == 2
    assert "“post” is no queue; there are: plan, send, mail, tidy, publish" in done.stderr
    assert newsfeed("-C", made.folder, "worker", "--concurrency", "0").returncode == 2


@pytest.mark.slow
def test_a_worker_plans_and_sends_by_itself(tmp_path: Path) -> None:
    """`status` shows it, and SIGTERM ends it at once when nothing is on the wire."""
    sink = Sink().start()
    made = site(tmp_path, 12, port=sink.port)
    worker = made.start("worker", "--now", MONDAY.isoformat(), "--log", "text", log=tmp_path / "log")
    try:
        wait_until(lambda: len(sink.taken) == 12)
        wait_until(lambda: states(made) == {"accepted": 12})
        shown = newsfeed("-C", made.folder, "status", "--now", MONDAY.isoformat())
        assert "well; queues plan, send, mail, tidy, 2 at a time" in shown.stdout
    finally:
        worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    said = (tmp_path / "log").read_text(encoding="utf-8")
    assert "planned issue=1 name=staff/2030-02-04T08:00 audience=12" in said
    assert "error" not in said
    shown = newsfeed("-C", made.folder, "status", "--now", MONDAY.isoformat())
    assert "worker" not in shown.stdout
    sink.close()


@pytest.mark.slow
def test_a_worker_that_was_taken_for_dead_is_known_again(tmp_path: Path) -> None:
    """Whoever came while its connection to the database was cut has forgotten it."""
    made = site(tmp_path, 1, port=1)
    worker = made.start("worker", "--now", MONDAY.isoformat(), "--queues", "tidy")
    try:
        with delivery(made) as opened:
            workers = opened.store.workers
            wait_until(lambda: len(workers.all()[0]) == 1)
            name = workers.all()[0][0].name
            workers.leave(name)
            wait_until(lambda: [one.name for one in workers.all()[0]] == [name])
    finally:
        worker.kill()
        worker.wait()


@pytest.mark.slow
def test_a_relay_that_hangs_does_not_keep_a_worker(tmp_path: Path) -> None:
    """It ends within ten seconds; what was on the wire is in doubt until its lease runs out."""
    sink = Sink(reply=lambda stage, _: HANG if stage == "dot" else b"250 2.0.0 fine\r\n").start()
    made = site(tmp_path, 12, port=sink.port)
    worker = made.start("worker", "--now", MONDAY.isoformat())
    try:
        wait_until(lambda: "intent" in states_or_none(made))
    finally:
        worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    sink.close()


@pytest.mark.slow
def test_a_mail_that_somebody_asked_for_waits_for_no_batch(tmp_path: Path) -> None:
    """All batches hang; the confirmation leaves over a connection that is kept for such mails."""
    asked = Message(
        "news@test.example", "ada@people.example", "<asked@test.example>", b"Subject: Yes?\r\n\r\n"
    )

    def reply(stage: str, recipient: str) -> bytes:
        return HANG if stage == "dot" and recipient != asked.recipient else b"250 2.0.0 fine\r\n"

    sink = Sink(reply=reply).start()
    made = site(tmp_path, 12, port=sink.port)
    worker = made.start("worker", "--now", MONDAY.isoformat(), "--concurrency", "1")
    try:
        wait_until(lambda: "intent" in states_or_none(made))
        with delivery(made) as opened:
            expires = MONDAY + timedelta(days=7)
            facts = {"kind": "confirmation", "subscriber_id": 1, "created": MONDAY, "expires": expires}
            opened.store.outbox.add(ServiceMail(message=asked, next_try=MONDAY, **facts))
        wait_until(lambda: [one.recipient for one in sink.taken] == [asked.recipient])
        assert set(states(made)) <= {"intent", "planned"}
    finally:
        worker.kill()
        worker.wait()
        sink.close()


def states_or_none(made) -> dict[str, int]:
    """Nothing before there is an issue."""
    try:
        return states(made)
    except AssertionError:
        return {}
