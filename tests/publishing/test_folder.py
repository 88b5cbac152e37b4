"""A site that lies in a folder of its repository: published, checked and given jobs as at the top."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from newsfeed.editorial.ci_files import CI_PATHS
from newsfeed.testing import write_tree
from tests.cli.command import environment, newsfeed
from tests.publishing.repositories import CONFIG, Place, git, make_place, story

AT = "2030-02-04T09:00Z"
BAD = "---\nid: bad\ntitle: Bad\ndate: yesterday\n---\nText.\n"


def in_folder(files: dict[str, str], folder: str = "web/site") -> dict[str, str]:
    """Files of the site, as the repository has them."""
    return {f"{folder}/{path}": text for path, text in files.items()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A repository of programs with a site in it, and beside that what no site may have."""
    found = make_place(tmp_path, 'folder = "web/site/"\n')
    git(found.work, "rm", "-rq", ".")
    (found.work / "outside").symlink_to("/etc")
    write_tree(found.work, {"README.md": "---\nnothing of the site\n", "news/2030/x.en.md": "no story"})
    found.push(in_folder({"config.toml": CONFIG, **story("well", "A well for the school")}))
    return found


def test_the_folder_is_published_and_nothing_beside_it(place: Place) -> None:
    """What it brings is checked, what lies elsewhere is not even written."""
    done = place.publish()
    assert (done.outcome, done.problems) == ("published", ())
    assert place.page("well")
    tree = place.publisher.checkouts.current
    assert tree is not None
    assert {path.name for path in tree.iterdir()} == {"config.toml", "news"}


def test_a_push_brings_what_changed_in_the_folder(place: Place) -> None:
    """Also after one that changed something else; both are the published commit then."""
    place.publish()
    beside = place.push({"README.md": "other words"})
    done = place.publish(timedelta(minutes=1))
    assert (done.outcome, done.commit, done.changed_feeds) == ("published", beside, ())
    page = {"pages/about.en.md": "---\ntitle: About\n---\nWho we are.\n"}
    place.push(in_folder({**story("pump", "A pump for the village"), **page}))
    done = place.publish(timedelta(minutes=2))
    assert (done.outcome, done.relation) == ("published", "forward")
    assert place.page("pump")
    about = place.root / "public/en/about/index.html"
    assert about.exists()
    place.push({}, "web/site/pages/about.en.md")
    place.publish(timedelta(minutes=3))
    assert not about.exists()
    assert place.publish(timedelta(minutes=4)).outcome == "unchanged"


def test_a_mistake_is_named_by_its_place_in_the_site(place: Place) -> None:
    """As the editors see it who check there; the site stays as it was."""
    place.publish()
    place.push(in_folder({"news/2030/bad.en.md": BAD}))
    done = place.publish()
    assert [(one.code, one.where.path, one.where.line) for one in done.problems] == [
        ("date-invalid", "news/2030/bad.en.md", 4)
    ]
    assert place.page("well")


def test_a_link_that_leaves_the_folder_is_refused(place: Place) -> None:
    """Although it stays in the repository: what is beside the site is not published."""
    place.publish()
    (place.work / "web/site/pages").symlink_to("../../modules")
    place.push({})
    assert [(one.code, one.where.path) for one in place.publish().problems] == [("commit-link", "pages")]


@pytest.mark.parametrize("instead", ["nothing", "link"])
def test_a_commit_without_the_folder_is_refused(place: Place, instead: str) -> None:
    """It was renamed, or is something else; the site stays as it was, and its stories come due."""
    place.publish()
    git(place.work, "mv", "web/site", "web/moved")
    if instead == "link":
        (place.work / "web/site").symlink_to("moved")
    place.push({})
    done = place.publish()
    assert [(one.code, one.where.path) for one in done.problems] == [("commit-folder", "web/site")]
    assert (done.outcome, bool(place.page("well"))) == ("refused", True)


def test_another_folder_is_another_site(place: Place) -> None:
    """When the configuration names it, the same commit is published anew; and back again."""
    place.push(in_folder({"config.toml": CONFIG, **story("oven", "An oven for bread")}, "other"))
    place.publish()
    config = place.root / "config.toml"
    text = config.read_text("utf-8")
    for folder, name, gone in (("other", "oven", "well"), ("web/site", "well", "oven")):
        config.write_text(text.replace("web/site/", folder), "utf-8")
        assert place.publish().outcome == "published"
        assert (bool(place.page(name)), place.page(gone)) == (True, None)


def test_digests_know_the_commit_of_the_folder(place: Place) -> None:
    """Not the id of the folder, which nobody could look up."""
    done = place.publish()
    tree = place.publisher.checkouts.current
    assert tree is not None
    assert place.publisher.checkouts.commit_of(tree) == done.commit


# -- in a work tree -----------------------------------------------------------------------------------


def check(place: Place, *words: str) -> subprocess.CompletedProcess[str]:
    """``newsfeed check`` in the folder."""
    return newsfeed("-C", place.work / "web/site", "check", *words, "--now", AT)


def test_what_changed_is_found_in_the_folder(place: Place) -> None:
    """And nothing beside it is read."""
    built = newsfeed("-C", place.work / "web/site", "build", "--now", AT)
    assert built.returncode == 0, built.stderr
    write_tree(place.work, {"news/2030/y.en.md": "beside", **in_folder({"news/2030/bad.en.md": BAD})})
    done = check(place, "--changed")
    assert (done.returncode, "news/2030/bad.en.md:4:7" in done.stdout) == (1, True)
    assert "y.en.md" not in done.stdout


def test_an_id_that_is_published_is_guarded_in_the_folder(place: Place) -> None:
    """Before it is committed, and when it is pushed."""
    place.publish()
    path = "news/2030/well.en.md"
    changed = in_folder({path: story("well", "A well for the school")[path].replace("id: well", "id: other")})
    write_tree(place.work, changed)
    done = check(place, "--changed")
    assert (done.returncode, f"{path}:2" in done.stdout) == (1, True)
    place.push(changed)
    assert {one.where.path for one in place.publish().problems} == {path}


def test_forges_get_paths_from_the_top_of_the_repository(place: Place) -> None:
    """People and other programs those of the site."""
    write_tree(place.work, in_folder({"news/2030/bad.en.md": BAD}))
    top = "web/site/news/2030/bad.en.md"
    assert f"file={top}" in check(place, "--format", "github").stdout
    assert json.loads(check(place, "--format", "gitlab").stdout)[0]["location"]["path"] == top
    (result,) = json.loads(check(place, "--format", "sarif").stdout)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == top
    assert top not in check(place).stdout
    assert json.loads(check(place, "--format", "json").stdout)[0]["path"] == "news/2030/bad.en.md"


def test_hooks_check_the_folder(place: Place) -> None:
    """A commit with a mistake in the site is held back, one with another file is not."""
    site = place.work / "web/site"
    assert newsfeed("-C", site, "hook", "install").returncode == 0
    variables = environment(XDG_CACHE_HOME=str(place.root.parent / "cache"), GIT_CONFIG_GLOBAL="/dev/null")
    words = [
        "git",
        "-C",
        place.work,
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.org",
        "commit",
        "-qm",
        "x",
    ]
    write_tree(place.work, in_folder({"news/2030/bad.en.md": BAD}))
    git(place.work, "add", "web")
    refused = subprocess.run(words, env=variables, capture_output=True, text=True, check=False)
    assert (refused.returncode, "news/2030/bad.en.md:4:7" in refused.stdout + refused.stderr) == (1, True)
    git(place.work, "rm", "-qf", "web/site/news/2030/bad.en.md")
    write_tree(place.work, {"README.md": "new words"})
    git(place.work, "add", "README.md")
    assert subprocess.run(words, env=variables, capture_output=True, check=False).returncode == 0


def test_the_history_of_texts_is_that_of_the_folder(place: Place) -> None:
    """Also for who asks since when a translation is behind."""
    files = {
        "news/2030/well.de.md": "---\ntitle: Ein Brunnen\n---\nWasser ist in unserem Dorf wieder sauber.\n"
    }
    place.push(in_folder(files))
    changed = story("well", "A well for the school")["news/2030/well.en.md"].replace("clean", "very clean")
    place.push(in_folder({"news/2030/well.en.md": changed}))
    plot = place.root.parent / "plot.html"
    done = newsfeed("-C", place.work / "web/site", "translations", "--html", plot, "--now", AT)
    assert done.returncode == 0, done.stderr
    assert "<svg" in plot.read_text("utf-8")


@pytest.mark.parametrize("forge", CI_PATHS)
def test_the_job_of_a_forge_lies_at_the_top_and_works_in_the_folder(place: Place, forge: str) -> None:
    """Where the forge looks for it; what it builds lies at the top, too."""
    site = place.work / "web/site"
    done = newsfeed("init", "--ci", forge, cwd=site)
    assert (done.returncode, f"../../{CI_PATHS[forge]}" in done.stdout) == (0, True)
    text = (place.work / CI_PATHS[forge]).read_text("utf-8")
    yaml.safe_load(text)
    commands = [line for line in text.splitlines() if "newsfeed check" in line or "newsfeed build" in line]
    assert commands == []
    assert "newsfeed -C web/site check" in text
    assert "newsfeed -C web/site build --drafts --keep-going -o preview" in text
    assert forge == "forgejo" or "newsfeed -C web/site build -o public" in text
    assert not (site / CI_PATHS[forge]).exists()


def test_a_folder_whose_name_yaml_would_misread_gets_no_job(place: Place) -> None:
    """It is said; nothing is written."""
    git(place.work, "mv", "web/site", "web/a: b")
    done = newsfeed("init", "--ci", "github", cwd=place.work / "web/a: b")
    assert (done.returncode, "simpler name" in done.stderr) == (2, True)
    assert not (place.work / ".github").exists()
