"""What `check` and `build` say of a site at their end, and what `check FILE` says of a file."""

import json

import pytest

from newsfeed.testing import an_item, write_tree
from tests.cli.command import newsfeed
from tests.core.site.test_unpublished import CONFIG

NOW = ("--now", "2026-02-01T12:00Z")
FILES = {
    "config.toml": CONFIG,
    "news/2026/a.en.md": an_item("[x](?a)\n", id="a-a", date="2026-01-01"),
    "news/2026/b.en.md": an_item("[x](?b) [y](?c) [z](?d) [z](?e)\n", id="b-b", date="2026-01-02"),
    "news/2026/c.en.md": an_item(id="c-c", date="2026-03-01"),
    "news/2026/d.en.md": an_item(id="d-d", date="2026-01-03", draft="yes"),
}
NOT_PUBLISHED = "not published: 1 draft, 1 scheduled for 1 Mar 2026"


@pytest.fixture
def site(tmp_path):
    """A site with five warnings, a draft and a story of tomorrow."""
    return write_tree(tmp_path / "site", FILES)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A cache of one's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_check_ends_with_what_is_not_published(site):
    """For people; programs get problems alone."""
    assert newsfeed("-C", site, "check", *NOW).stdout.splitlines()[-2:] == ["5 warnings", NOT_PUBLISHED]
    assert len(json.loads(newsfeed("-C", site, "check", *NOW, "--format", "json").stdout)) == 5
    german = newsfeed("-C", site, "check", *NOW, LC_ALL="de_DE.UTF-8").stdout.splitlines()[-1]
    assert german == "Nicht veröffentlicht: 1 Entwurf, 1 geplant für den 01.03.2026"


@pytest.mark.usefixtures("home")
def test_every_build_ends_with_the_first_warnings_and_what_is_not_published(site):
    """A full build, one in which nothing changed, and one of a single story say it alike."""
    said = []
    for change in ("", "", "\nMore words.\n"):
        with (site / "news/2026/a.en.md").open("a") as file:
            file.write(change)
        done = newsfeed("-C", site, "build", *NOW)
        said.append((done.returncode, done.stdout.splitlines()[1:], done.stderr))
    assert said[0] == said[1] == said[2]
    status, sentences, warnings = said[0]
    assert (status, sentences) == (0, [NOT_PUBLISHED])
    assert warnings.count("[link-query]") == 3
    assert warnings.splitlines()[-2:] == ["and 2 more warnings: see newsfeed check", "5 warnings"]
    data = json.loads(newsfeed("-C", site, "build", *NOW, "--json").stdout)
    assert (data["drafts"], data["scheduled"], data["expired"]) == (1, 1, 0)


@pytest.mark.usefixtures("home")
def test_what_is_not_published_is_counted_anew_when_a_story_comes_due(site):
    """And when one is edited."""
    newsfeed("-C", site, "build", *NOW)
    later = ("--now", "2026-03-02T12:00Z")
    assert newsfeed("-C", site, "build", *later).stdout.splitlines()[1:] == ["not published: 1 draft"]
    (site / "news/2026/d.en.md").write_text(an_item(id="d-d", date="2026-01-03"))
    assert newsfeed("-C", site, "build", *later).stdout.splitlines()[1:] == []


def test_a_file_is_asked_for_by_its_name_from_here_or_in_the_site(site):
    """Its problems, and where it is; the exit status is that of its problems."""
    (site / "news/2026/b.en.md").write_text("---\ntitle: [\n---\n")
    expected = "news/2026/c.en.md: not published yet: it is due on 1 Mar 2026, 08:00, see “date” in news/2026/c.en.md"
    for name, folder in (("news/2026/c.en.md", site.parent), ("c.en.md", site / "news/2026")):
        done = newsfeed("-C", site, "check", *NOW, name, cwd=folder)
        assert (done.returncode, done.stdout.splitlines()) == (0, ["no problems", expected])
    done = newsfeed("-C", site, "check", *NOW, "news/2026/b.en.md", "news/2026/a.en.md")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-3:-1] == [
        "news/2026/b.en.md: not published: the file has errors, see above",
        "news/2026/a.en.md: published: https://here.example/en/news/2026/a/",
    ]


def test_a_file_that_is_not_there_is_a_mistake_of_the_command_line(site):
    """So is one of another place."""
    assert newsfeed("-C", site, "check", "gone.en.md").returncode == 2
    done = newsfeed("-C", site, "check", __file__)
    assert (done.returncode, "does not lie in the site" in done.stderr) == (2, True)


@pytest.mark.usefixtures("home")
def test_a_misnamed_text_is_told_as_long_as_nobody_links_to_it(site):
    """Whether little changed since the last build or all is read anew."""
    write_tree(site, {"news/2026/notes.txt": "Notes.\n", "news/2026/words.docx": "PK\3\4"})
    linked = "[x](notes.txt) [y](words.docx)\n"
    for body, told in (("Text.\n", True), (linked, False), ("Text again.\n", True)):
        (site / "news/2026/c.en.md").write_text(an_item(body, id="c-c", date="2026-01-01"))
        (site / "news/2026/b.en.md").write_text(an_item(id="b-b", date="2026-01-02"))
        for more in ((), ("--fresh",)):
            said = newsfeed("-C", site, "build", *NOW, *more).stderr
            assert ("[text-misnamed]" in said, "[document-unread]" in said) == (told, told)


def test_a_document_that_a_story_offers_for_download_is_seen(site):
    """Named in its front matter."""
    write_tree(
        site,
        {
            "news/2026/c.en.md": an_item(id="c-c", date="2026-01-01", enclosures="[words.docx]"),
            "news/2026/words.docx": "PK\3\4",
        },
    )
    assert "words.docx" not in newsfeed("-C", site, "check", *NOW).stdout


@pytest.mark.usefixtures("home")
def test_a_dead_link_to_the_site_is_told_as_long_as_it_is_dead(site):
    """Also when another text than the one with the link came or went."""
    link = "[x](https://here.example/en/news/2026/a/) [x](https://here.example/en/news/2026/n/)\n"
    write_tree(site, {"news/2026/b.en.md": an_item(link, id="b-b", date="2026-01-02")})
    new = site / "news/2026/n.en.md"
    for change, count in (
        (lambda: None, 1),
        (lambda: new.write_text(an_item(id="n-n", date="2026-01-01")), 0),
        (new.unlink, 1),
    ):
        change()
        assert newsfeed("-C", site, "build", *NOW).stderr.count("[own-link-dead]") == count
        assert newsfeed("-C", site, "build", *NOW, "--fresh").stderr.count("[own-link-dead]") == count


@pytest.mark.usefixtures("home")
def test_a_link_to_a_place_elsewhere_is_told_as_long_as_the_place_is_not_there(site):
    """Also when only the text with the place changes, and by file as by address."""
    by_address = "https://here.example/en/news/2026/a/#end"
    write_tree(
        site,
        {"news/2026/b.en.md": an_item(f"[x](a.en.md#end) [x]({by_address})\n", id="b-b", date="2026-01-02")},
    )
    for body, count in (("Text.\n", 2), ('The <b id="end">end</b>.\n', 0), ("The end.\n", 2)):
        (site / "news/2026/a.en.md").write_text(an_item(body, id="a-a", date="2026-01-01"))
        assert newsfeed("-C", site, "build", *NOW).stderr.count("[place-dead]") == count
        assert newsfeed("-C", site, "build", *NOW, "--fresh").stderr.count("[place-dead]") == count


def test_a_desk_that_nobody_is_is_told_with_its_place_and_the_one_that_is_meant(tmp_path):
    """A key in the configuration that no author's address has; before there are stories nothing is told."""
    config = CONFIG.replace("[site]\n", '[site]\ndesks = ["newsrom"]\n', 1)
    site = write_tree(tmp_path / "site", {"config.toml": config})
    assert "desk-unknown" not in newsfeed("-C", site, "check", *NOW).stdout
    write_tree(site, {"news/a.en.md": an_item(id="a-a", date="2026-01-01", authors="[Newsroom]")})
    said = newsfeed("-C", site, "check", *NOW).stdout
    line = config.split("\n").index('desks = ["newsrom"]') + 1
    assert (
        f"config.toml:{line}:1: warning: no story has an author with the key “newsrom” [desk-unknown]" in said
    )
    assert "did you mean “newsroom”?" in said
    write_tree(site, {"config.toml": config.replace("newsrom", "newsroom")})
    assert "desk-unknown" not in newsfeed("-C", site, "check", *NOW).stdout
