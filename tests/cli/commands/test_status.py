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
from newsfeed.testing import write_tree
from tests.cli.command import newsfeed
from tests.delivery.sites import delivery, site
from tests.publishing.repositories import NOW, Place, make_place, story

AT = NOW.isoformat()


def test_a_site_without_services_says_what_comes_next(tmp_path: Path) -> None:
    """Nothing is made by looking."""
    made = site(tmp_path, 1, port=1)
    before = sorted(path.name for path in (made.folder / "var").iterdir())
    shown = newsfeed("-C", made.folder, "status", "--now", AT)
    assert shown.stdout.splitlines() == [
        "published: nothing yet by newsfeed publish",
        "next issue of staff: 11 Feb 2030, 08:00",
    ]
    assert shown.returncode == 0
    assert sorted(path.name for path in (made.folder / "var").iterdir()) == before


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
    lines = shown.stdout.splitlines()
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
