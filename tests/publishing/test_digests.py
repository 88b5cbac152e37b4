"""Digests of a site that is published from a repository: their texts are those of the published commit."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from newsfeed.app.delivery import open_delivery_context
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
