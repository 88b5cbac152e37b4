"""``newsfeed status``: what services leave word of."""

import json
import os
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from newsfeed.app.published_state import PublishedState, read_first_problem
from newsfeed.delivery.service import write_health
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.cli.command import newsfeed
from tests.delivery.sites import delivery, site
from tests.publishing.repositories import NOW, Place, git, make_place, story

AT = NOW.isoformat()


def test_a_site_without_services_says_what_comes_next(tmp_path: Path) -> None:
    """Nothing is made by looking."""
    made = site(tmp_path, 1, port=1)
    before = sorted(path.name for path in (made.folder / "var").iterdir())
    shown = newsfeed("-C", made.folder, "status", "--now", AT)
    assert shown.stdout.splitlines() == [
        "last build: none in public yet",
        "next issue of staff: 11 Feb 2030, 08:00; 2 stories by now, 1 reader",
    ]
    assert shown.returncode == 0
    assert sorted(path.name for path in (made.folder / "var").iterdir()) == before


def test_a_slot_that_was_sent_ahead_of_the_clock_is_not_the_next(tmp_path: Path) -> None:
    """Neither for ``status`` nor for a round: its issue is there already, and comes once."""
    made = site(tmp_path, 1, port=1)
    config = made.folder / "config.toml"
    config.write_text(config.read_text().replace('channel = "smtp"', 'channel = "folder"'))
    ahead = (NOW + timedelta(days=7)).isoformat()
    assert "planned staff/2030-02-11T08:00" in newsfeed("-C", made.folder, "send", "--now", ahead).stdout
    shown = newsfeed("-C", made.folder, "status", "--now", AT).stdout
    assert "next issue of staff: 18 Feb 2030, 08:00" in shown
    assert "11 Feb" not in shown
    sent = newsfeed("-C", made.folder, "send", "--now", AT).stdout
    assert "11 Feb" not in sent


def published(tmp_path: Path) -> Place:
    """A site with a story to come, and a newer commit that is refused."""
    place = make_place(tmp_path)
    place.push(story("soon", "Soon", "2030-02-04T10:00Z"))
    place.publish()
    place.push({"news/2030/bad.en.md": "no front matter"})
    place.publish(timedelta(minutes=5))
    return place


def test_what_is_published_and_what_is_refused_is_said(tmp_path: Path) -> None:
    """With the moment of the next story, and the jobs of each service."""
    place = published(tmp_path)
    jobs = {"next story": NOW + timedelta(hours=1), "poll": NOW + timedelta(minutes=6)}
    write_health(place.root / "var/health-publish.json", NOW, "the newest commit has errors", jobs)
    write_tree(place.root, {"var/health-web.json": "half"})
    shown = newsfeed("-C", place.root, "status", "--now", AT)
    assert shown.returncode == 1
    first, *texts = shown.stdout.splitlines()
    lines = texts[2:]
    assert first.startswith("last build in public: ")
    assert texts[0] == "not published: 1 scheduled for 4 Feb 2030"
    state = place.publisher.read_state()
    assert lines[0].startswith(f"published: {state.commit[:10]}, 4 Feb 2030, 09:0")
    assert lines[1].startswith(f"refused: {state.refused[:10]}, 4 Feb 2030, 09:05")
    assert lines[2:] == [
        "  news/2030/bad.en.md:1: there is no front matter",
        "next story that comes due or expires: 4 Feb 2030, 10:00",
        "service (health-publish): 09:00: the newest commit has errors",
        "  poll: 09:06",
        "  next story: 10:00",
    ]
    data = json.loads(newsfeed("-C", place.root, "status", "--now", AT, "--json").stdout)
    assert data["published"]["commit"] == state.commit
    assert data["services"][0]["jobs"]["poll"] == jobs["poll"].isoformat()
    assert data["published"]["first_problem"] == lines[2].strip()
    assert os.fspath(place.root) not in json.dumps(data)


def test_a_folder_with_errors_is_refused_by_its_first_problem(tmp_path: Path) -> None:
    """Until it has none; then all is well."""
    made = site(tmp_path, 1, port=1)
    with (made.folder / "config.toml").open("a") as config:
        config.write("\n[publish]\n")
    write_tree(made.folder, {"news/2030/bad.en.md": "no front matter"})
    assert newsfeed("-C", made.folder, "publish", "--now", AT).returncode == 1
    shown = newsfeed("-C", made.folder, "status", "--now", AT)
    assert shown.returncode == 1
    assert "refused: 4 Feb 2030, 10:00; newsfeed check shows why\n  news/2030/bad.en.md:1: " in shown.stdout
    (made.folder / "news/2030/bad.en.md").unlink()
    assert newsfeed("-C", made.folder, "publish", "--now", AT).returncode == 0
    assert newsfeed("-C", made.folder, "status", "--now", AT).returncode == 0


DESK = """\
[site]
title = "Test site"
base_url = "https://test.example/"
languages = ["en", "de"]
timezone = "Europe/Berlin"
authority = "test.example,2020"

[audiences.staff]
file = "staff.csv"

[digests.staff]
schedule = "mon 08:00"
audience = "staff"

[mail]
from = "Newsroom <news@test.example>"
"""
HEAD = "---\nid: {id}\ndate: {date}\ntitle: {title}\n{more}---\nText.\n"


def desk(tmp_path: Path) -> Path:
    """A committed site of two editions, with one story of each kind."""
    folder = tmp_path / "site"
    stories = {
        "old": ("2030-02-01", "expires: 2030-02-02\n"),
        "going": ("2030-02-01", "expires: 2030-02-20\n"),
        "coming": ("2030-02-10", ""),
        "far": ("2030-03-01", ""),
        "draft": ("2030-02-01", "draft: yes\n"),
        "plain": ("2030-02-03", ""),
    }
    for key, (date, more) in stories.items():
        text = HEAD.format(id=key, date=date, title=key.capitalize(), more=more)
        write_tree(folder, {f"news/2030/{key}.en.md": text})
    stale = "---\ntitle: Alt\nsource: title=123456 abcdef\n---\nText.\n"
    write_tree(folder, {"news/2030/plain.de.md": stale, "config.toml": DESK})
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "All the news")
    return folder


def test_languages_stand_in_the_order_of_the_site(tmp_path: Path) -> None:
    """Not in that of the gaps of the newest story, which is another one every day."""
    texts = {"newest.fr": "2030-01-03", "older.en": "2030-01-02"}
    news = {f"news/2030/{name}.md": an_item(date=day) for name, day in texts.items()}
    write_tree(tmp_path, {"config.toml": CONFIG, "staff.csv": "", **news})
    shown = newsfeed("-C", tmp_path, "status", "--now", AT).stdout
    found = [
        line.split()[2].strip(":") for line in shown.splitlines() if line.startswith("translations into")
    ]
    assert found == ["English", "German", "French", "Dutch"]


@pytest.mark.parametrize("is_built", [True, False])
def test_whoever_writes_sees_drafts_what_is_due_what_expires_and_what_waits(
    tmp_path: Path, is_built: bool
) -> None:
    """Whether or not there is a build to ask; and the last commit, and what differs from it."""
    folder = desk(tmp_path)
    if is_built:
        assert newsfeed("-C", folder, "build", "--now", AT).returncode == 0
    story = folder / "news/2030/plain.en.md"
    story.write_text(story.read_text() + "\nMore.\n")
    shown = newsfeed("-C", folder, "status", "--now", AT)
    lines = shown.stdout.splitlines()
    assert shown.returncode == 0
    assert lines[0].startswith("last commit: ")
    assert lines[0].endswith(": All the news")
    assert lines[1] == "1 file is not committed"
    assert lines[2].startswith("last build in public: " if is_built else "last build: none in public yet")
    assert lines[3:] == [
        "not published: 1 draft, 2 scheduled, the first for 10 Feb 2030, 1 expired",
        "1 story expires, on 20 Feb 2030",
        "translations into German: 1 is behind its original, 5 are missing",
        "next issue of staff: 11 Feb 2030, 08:00; 3 stories by now",
    ]
    data = json.loads(newsfeed("-C", folder, "status", "--now", AT, "--json").stdout)
    assert data["uncommitted"] == 1
    assert data["texts"] == {
        "errors": 0, "drafts": 1, "scheduled": 2, "next_due": "2030-02-10", "expiring": 1,
        "next_expiry": "2030-02-20", "expired": 1, "withdrawn": 0,
        "translations": {"de": {"complete": 0, "outdated": 1, "missing": 5}},
    }  # fmt: skip
    assert data["upcoming"] == {"staff": {"stories": 3, "readers": None}}


def test_an_error_in_a_text_needs_a_person(tmp_path: Path) -> None:
    """It would stop the next build."""
    folder = desk(tmp_path)
    write_tree(folder, {"news/2030/bad.en.md": "no front matter"})
    shown = newsfeed("-C", folder, "status", "--now", AT)
    assert shown.returncode == 1
    assert "1 error keeps texts out of the next build; newsfeed check shows it\n" in shown.stdout


def test_what_an_issue_brought_is_not_counted_for_the_next_one(tmp_path: Path) -> None:
    """The store knows what was sent, and who reads."""
    made = site(tmp_path, 3, port=1)
    write_tree(
        made.folder,
        {"news/2030/a.en.md": HEAD.format(id="a", date="2030-02-03", title="A", more="")},
    )
    before = json.loads(newsfeed("-C", made.folder, "status", "--now", AT, "--json").stdout)
    assert before["upcoming"] == {"staff": {"stories": 3, "readers": 3}}
    assert newsfeed("-C", made.folder, "send", "--now", AT).returncode in {0, 3}
    after = json.loads(newsfeed("-C", made.folder, "status", "--now", AT, "--json").stdout)
    assert after["upcoming"] == {"staff": {"stories": 0, "readers": 3}}


def test_a_service_that_gives_no_sign_of_life_is_trouble(tmp_path: Path) -> None:
    """One that was killed leaves word that it is well; one that was told to end says so, and is no trouble."""
    made = site(tmp_path, 1, port=1)
    path = made.folder / "var/health-web.json"
    write_health(path, NOW, "", {"tidying": NOW + timedelta(hours=1)})
    well = newsfeed("-C", made.folder, "status", "--now", AT)
    assert well.stdout.splitlines()[-2:] == ["service (health-web): well at 10:00", "  tidying: 11:00"]
    assert well.returncode == 0
    an_hour_ago = time.time() - 3_600
    os.utime(path, (an_hour_ago, an_hour_ago))
    silent = newsfeed("-C", made.folder, "status", "--now", AT)
    assert silent.stdout.splitlines()[-1] == "service (health-web): no sign of life since 10:00"
    assert silent.returncode == 3
    data = json.loads(newsfeed("-C", made.folder, "status", "--now", AT, "--json").stdout)
    assert data["services"][0]["ok"] is False
    write_health(path, NOW, "", ended=True)
    os.utime(path, (an_hour_ago, an_hour_ago))
    ended = newsfeed("-C", made.folder, "status", "--now", AT)
    assert ended.stdout.splitlines()[-1] == "service (health-web): ended at 10:00"
    assert ended.returncode == 0


def test_a_worker_that_gives_no_sign_of_life_is_trouble(tmp_path: Path) -> None:
    """As it is to whoever asks for figures."""
    made = site(tmp_path, 1, port=1)
    with delivery(made) as opened:
        opened.store.workers.register("one", "a.example.org", ("send",), 2)
    assert newsfeed("-C", made.folder, "status", "--now", AT).returncode == 0
    with closing(sqlite3.connect(made.folder / "var/newsfeed.db")) as database, database:
        assert database.execute("UPDATE workers SET seen = seen - 60000000").rowcount == 1
    shown = newsfeed("-C", made.folder, "status", "--now", AT)
    assert "worker one on a.example.org: no sign of life since " in shown.stdout
    assert shown.returncode == 3


@pytest.mark.parametrize(
    "kept",
    [{}, {"code": "new-kind", "path": "a", "line": 1, "params": {}},
     {"code": "key-unknown", "path": "a", "line": 1, "params": {}}, {"code": 1, "params": []}],
)  # fmt: skip
def test_what_another_version_noted_of_a_refusal_is_left_out(kept: dict[str, object]) -> None:
    """Unknown kinds and parameters are no reason to fail."""
    assert read_first_problem(PublishedState(refused="1f", refused_at=AT, first_problem=kept)) is None
