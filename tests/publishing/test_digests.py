"""Digests of a site that is published from a repository: their texts are those of the published commit."""

import threading
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from newsfeed.app.delivery import open_delivery_context, open_round_context
from newsfeed.app.published_state import begin_landing, end_landing, one_at_a_time, wait_for_landing
from newsfeed.delivery.rounds import plan_round
from newsfeed.sources.checkout import Checkouts
from tests.cli.command import newsfeed
from tests.delivery.sites import wait_until
from tests.publishing.repositories import CONFIG, Place, make_place, story
from tests.publishing.test_publish_service import Running

DIGEST = """
[audiences.staff]
file = "staff.csv"
[digests.staff]
schedule = "mon 08:00"
timezone = "UTC"
audience = "staff"
[mail]
from = "Newsroom <news@test.example>"
"""
AT = "2030-02-04T09:00Z"
"""A Monday."""


def site_with_a_reader(tmp_path: Path) -> Place:
    """One digest, one reader."""
    place = make_place(tmp_path, DIGEST)
    place.push({"config.toml": CONFIG + DIGEST, **story("pump", "A pump for the village")})
    added = newsfeed("-C", place.root, "subscribers", "add", "ada@test.example", "--digest", "staff",
                     "--language", "en", "--consent", "on paper", "--now", "2030-01-01T08:00Z")  # fmt: skip
    assert added.returncode == 0, added.stderr
    return place


@pytest.mark.slow
def test_an_issue_after_a_stop_is_made_of_the_pages_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A publishing was killed when its pages were there, but nobody had noted it: the next service ends it
    before it plans.
    """
    place = site_with_a_reader(tmp_path)
    place.publish()
    newest = place.push(story("last", "In place already"))

    def die(checkouts: Checkouts, tree: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Checkouts, "publish", die)
        with pytest.raises(KeyboardInterrupt):
            place.publish()
    assert place.page("last") is not None
    assert place.publisher.read_state().commit != newest
    service = Running(place, tmp_path / "log", "--now", AT)
    try:
        wait_until(lambda: bool(service.events("planned")))
    finally:
        service.end()
    with open_delivery_context(place.root, {}) as delivery:
        issue = delivery.store.issues.find("staff")
    assert issue is not None
    assert issue.commit == newest


def test_an_issue_waits_for_pages_that_are_being_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends is another process, such as cron: what readers see meanwhile is what they are sent."""
    place = site_with_a_reader(tmp_path)
    place.publish()
    newest = place.push(story("last", "Nearly in place"))
    are_there, may_end = threading.Event(), threading.Event()
    publish = Checkouts.publish

    def linger(checkouts: Checkouts, tree: Path) -> None:
        are_there.set()
        assert may_end.wait(60)
        publish(checkouts, tree)

    monkeypatch.setattr(Checkouts, "publish", linger)
    publishing = threading.Thread(target=place.publish)
    publishing.start()
    assert are_there.wait(60)

    def pause(seconds: float) -> None:
        may_end.set()
        publishing.join()

    with open_delivery_context(place.root, {}) as delivery:
        now = datetime.fromisoformat(AT)
        context = open_round_context(delivery, lambda: now, lambda *_: None, {}, pause=pause)
        plan_round(context)
        issue = delivery.store.issues.find("staff")
    assert issue is not None
    assert issue.commit == newest


def test_an_issue_waits_for_nobody_who_was_killed_and_not_for_ever(tmp_path: Path) -> None:
    """It is better made of older texts than not at all."""
    place = site_with_a_reader(tmp_path)
    place.publish()
    begin_landing(place.publisher.folder)
    wait_for_landing(place.root, pytest.fail)
    pauses: list[float] = []
    with one_at_a_time(place.publisher.folder):
        wait_for_landing(place.root, pauses.append, patience=0.2)
        wait_for_landing(place.root, lambda _: True)  # the service ends
    assert pauses
    end_landing(place.publisher.folder)
    with one_at_a_time(place.publisher.folder):
        wait_for_landing(place.root, pytest.fail)


def test_an_issue_is_made_of_the_published_commit_and_gets_a_page(tmp_path: Path) -> None:
    """Not of what lies in the service's folder, nor of a newer commit that is refused."""
    place = site_with_a_reader(tmp_path)
    done = newsfeed("-C", place.root, "send", "--now", AT)
    assert (done.returncode, "nothing has been published" in done.stderr) == (3, True)
    published = place.publish().commit
    place.push({"news/2030/bad.en.md": "no front matter", **story("late", "Too late for this one")})
    place.publish()
    done = newsfeed("-C", place.root, "send", "--now", AT)
    assert done.returncode == 0, done.stderr
    (path,) = (place.root / "var/outbox").glob("*.eml")
    text = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",)).get_content()
    assert "A pump for the village" in text
    assert "Too late" not in text
    with open_delivery_context(place.root, {}) as delivery:
        issue = delivery.store.issues.find("staff")
    assert issue is not None
    assert issue.commit == published
    place.push({}, "news/2030/bad.en.md")
    place.publish(timedelta(hours=1))
    pages = [
        path.read_text("utf-8")
        for path in (place.root / "public/en").rglob("index.html")
        if "staff" in str(path)
    ]
    assert any("A pump for the village" in page for page in pages)
