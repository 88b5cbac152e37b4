"""docs/deploy.md against what is published, and .ci/run against what the tests call."""

import os
import re
import subprocess

import pytest
import yaml

from newsfeed.build.cache.store import FOLDER_VARIABLE
from newsfeed.cli.context import DEFAULT_OUTPUT
from newsfeed.core.http.media_types import media_type_of
from newsfeed.core.site.frames import FEED_TYPES
from newsfeed.core.site.urls import FEED_ENDINGS
from tests.docs.pages import REPOSITORY, code_of, fences, read, rows, sections
from tests.peers.need import DEBIAN_PACKAGES


def test_the_types_of_all_feeds_are_documented() -> None:
    """By the ending of the file, as our own server sends them too."""
    listed = {
        "." + code_of(row[0])[0].rpartition(".")[2]: code_of(row[1])[0]
        for row in rows(sections(read("docs/deploy.md"))["Media types"])
    }
    for form, ending in FEED_ENDINGS.items():
        assert listed[f".{ending}"] == FEED_TYPES[form][1]
    for ending, kind in listed.items():
        assert media_type_of(f"en/feed{ending}") == kind


def test_both_servers_know_every_type() -> None:
    """Only RSS and Atom go unsaid in nginx, which has them in its own table."""
    blocks = {one.info: one.code for one in fences(read("docs/deploy.md"))}
    kinds = {code_of(row[1])[0] for row in rows(sections(read("docs/deploy.md"))["Media types"])}
    assert {kind for kind in kinds if kind not in blocks["caddy"]} == set()
    missing = {kind for kind in kinds if kind not in blocks["nginx"]}
    assert missing == {"application/rss+xml", "application/atom+xml"}


@pytest.mark.parametrize(("above", "runner"), [("GitHub Actions:", "github"), ("GitLab CI:", "gitlab")])
def test_ci_keeps_output_and_cache_together(above: str, runner: str) -> None:
    """In one cache, and the cache folder is the one that builds are told of."""
    (block,) = [one for one in fences(read("docs/deploy.md")) if one.above == above]
    assert block.info == "yaml"
    job = yaml.safe_load(block.code)
    if runner == "github":
        build = job["jobs"]["publish"]
        named = build["env"][FOLDER_VARIABLE].removeprefix("${{ github.workspace }}/")
        (cache,) = [
            step["with"] for step in build["steps"] if step.get("uses", "").startswith("actions/cache@")
        ]
        kept, commands = cache["path"].split(), [step.get("run", "") for step in build["steps"]]
        assert cache["key"].startswith(cache["restore-keys"])
    else:
        named = job["pages"]["variables"][FOLDER_VARIABLE].removeprefix("$CI_PROJECT_DIR/")
        kept, commands = job["pages"]["cache"]["paths"], job["pages"]["script"]
    assert kept == [DEFAULT_OUTPUT, named]
    assert "newsfeed build" in commands


def test_what_ci_runs_is_a_script_that_bash_can_read() -> None:
    """Executable, and without a mistake in its form."""
    script = REPOSITORY / ".ci/run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_ci_installs_every_tool_the_tests_ask_for() -> None:
    """The packages that a skipped test names are those that CI installs."""
    listed = dict(re.findall(r'^  "?([\w.-]+):([\w. -]+)"?$', read(".ci/run"), re.MULTILINE))
    assert {command: listed.get(command) for command in DEBIAN_PACKAGES} == DEBIAN_PACKAGES
