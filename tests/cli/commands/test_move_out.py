"""``newsfeed move-out``: everything goes along, and comes back as it was."""

import csv
import io
import json
import re
import shutil
import stat
from xml.etree import ElementTree as ET

import pytest

from tests.cli.command import newsfeed
from tests.cli.commands.test_move_in_people import move as move_people
from tests.site.builds import NETWORK, NETWORK_NOW, REPOSITORY

NOW = "--now", NETWORK_NOW.isoformat()


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """The test network, published, and moved out."""
    folder = tmp_path_factory.mktemp("moved")
    shutil.copytree(NETWORK, folder / "site")
    assert newsfeed("build", *NOW, cwd=folder / "site").returncode == 0
    said = newsfeed("move-out", folder / "out", *NOW, cwd=folder / "site")
    assert said.returncode == 0, said.stderr
    return folder


def published(folder):
    """All that is published but the notes of the build."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".newsfeed")
    }


def test_what_was_moved_out_and_in_again_is_published_byte_for_byte(moved, tmp_path):
    """Feeds, pages and files, in all languages; drafts, facts and pictures are still there."""
    back = tmp_path / "back"
    shutil.copytree(moved / "out/newsfeed-site", back)
    said = newsfeed("move-in", moved / "out", "--from", "hugo", "--into", back, "--write", *NOW)
    assert said.returncode == 0, said.stdout
    assert newsfeed("build", *NOW, cwd=back).returncode == 0
    before, after = published(moved / "site/public"), published(back / "public")
    assert sorted(before) == sorted(after)
    assert [path for path in before if before[path] != after[path]] == []
    assert len([path for path in before if "feed" in path]) > 100
    assert sorted(path.name for path in back.glob("news/**/*.md")) == sorted(
        path.name for path in (moved / "site").glob("news/**/*.md")
    )


def test_addresses_are_written_as_hugo_reads_them(tmp_path):
    """Below the site's own folder, which its configuration names; old ones from beside the page."""
    assert newsfeed("init", tmp_path / "site").returncode == 0
    config = tmp_path / "site/config.toml"
    config.write_text(re.sub(r'base_url = "[^"]+"', 'base_url = "https://x.example/n/"', config.read_text()))
    head = "---\nid: a\ndate: 2026-03-01\ntopics: [water]\ntitle: A\naliases: [/old.html, /en/b/]\n---\nX.\n"
    (tmp_path / "site/news/2026/a.en.md").write_text(head)
    assert newsfeed("move-out", tmp_path / "out", *NOW, cwd=tmp_path / "site").returncode == 0
    written = (tmp_path / "out/content/news/2026/a.en.md").read_text()
    assert 'url: "/en/news/2026/a/"' in written
    assert 'aliases: ["../../../old.html", "../../b/"]' in written


def test_the_export_for_wordpress_comes_back_with_every_id_and_date(moved, tmp_path):
    """Other programs know no facts of ours, but ids, dates, topics and languages."""
    back = tmp_path / "back"
    shutil.copytree(moved / "out/newsfeed-site", back)
    said = newsfeed(
        "move-in", moved / "out/wordpress.xml", "--from", "wordpress", "--into", back, "--write", *NOW
    )
    assert "newsfeed check says: 0 errors" in said.stdout, said.stdout
    assert newsfeed("build", *NOW, cwd=back).returncode == 0

    def entries(folder):
        return {
            one["id"]: (one["title"], one["date_published"], one["url"], one.get("tags"))
            for path in folder.glob("public/*/feed.json")
            for one in json.loads(path.read_text())["items"]
            if one["language"] == path.parent.name
        }

    before, after = entries(moved / "site"), entries(back)
    assert set(before) == set(after)
    assert {key: value[:3] for key, value in before.items()} == {
        key: value[:3] for key, value in after.items()
    }


def test_the_files_are_what_others_read(moved):
    """A configuration and heads for Hugo, well-formed XML, a table without formulas."""
    out = moved / "out"
    assert 'defaultContentLanguage = "en"' in (out / "hugo.toml").read_text()
    assert (out / "content/news/2024/sun-and-water/index.de.md").is_file()
    ET.parse(out / "wordpress.xml")
    rows = list(csv.reader(io.StringIO((out / "texts.csv").read_text())))
    assert rows[0][:4] == ["id", "language", "title", "date"]
    assert len(rows) > 15
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert not list(out.rglob("*people*"))


def test_a_folder_that_is_not_empty_is_left_alone(moved):
    """Nothing is mixed with what is there."""
    said = newsfeed("move-out", moved / "out", *NOW, cwd=moved / "site")
    assert (said.returncode, "is not empty" in said.stderr) == (2, True)


def test_a_site_with_errors_is_not_moved_out(tmp_path):
    """What cannot be read would be lost on the way."""
    newsfeed("init", tmp_path / "site")
    (tmp_path / "site/news/2026/hello.en.md").write_text("---\ntitle: x\n---\nx\n")
    assert newsfeed("move-out", tmp_path / "out", *NOW, cwd=tmp_path / "site").returncode == 1
    assert not (tmp_path / "out").exists()


def test_people_go_to_a_private_file_and_come_back_as_they_were(tmp_path):
    """Who left stays away; consents keep their dates. Nothing is written over."""
    for name in ("old", "new"):
        assert newsfeed("init", tmp_path / name).returncode == 0
    table = tmp_path / "in.csv"
    table.write_text(
        "email,language,confirmed at\nada@example.org,de,2024-05-06 07:08:09\nbob@example.org,en,2024-05-06\n"
    )
    move_people(tmp_path / "old", table, "--write", program="csv")
    newsfeed("subscribers", "leave", "bob@example.org", cwd=tmp_path / "old")
    people = tmp_path / "people.csv"
    said = newsfeed(
        "move-out", tmp_path / "out", "--people", people, "--now", "2026-03-02", cwd=tmp_path / "old"
    )
    assert f"readers in {people}: 2; only you can read it" in said.stdout
    assert stat.S_IMODE(people.stat().st_mode) == 0o600
    moved = move_people(tmp_path / "new", people, "--write", program="csv")
    assert moved.stdout.splitlines() == ["added: 1", "unsubscribed there; never to be written to: 1"]
    shown = newsfeed("subscribers", "show", "ada@example.org", "--json", cwd=tmp_path / "new")
    assert json.loads(shown.stdout)["consents"][0]["at"].startswith("2024-05-06T07:08:09")
    again = newsfeed(
        "move-out", tmp_path / "out2", "--people", people, "--now", "2026-03-02", cwd=tmp_path / "old"
    )
    assert (again.returncode, "exists already" in again.stderr) == (2, True)


def test_the_demo_site_can_be_moved_out(tmp_path):
    """With projects, programmes and pages."""
    said = newsfeed("move-out", tmp_path / "out", "--json", "--now", "2010-02-08T09:00+01:00", cwd=REPOSITORY)
    assert json.loads(said.stdout)["files"] == 21
    assert (tmp_path / "out/newsfeed-site/projects").is_dir()
    assert not (tmp_path / "out/newsfeed-site/.demo").exists()
