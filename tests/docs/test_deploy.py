"""docs/deploy.md against what is published, and .ci/run against what the tests call."""

import os
import re
import subprocess

from newsfeed.cli.static_server import _Handler
from newsfeed.core.site.frames import FEED_TYPES
from newsfeed.core.site.urls import FEED_ENDINGS
from tests.docs.pages import REPOSITORY, code_of, fences, read, rows, sections
from tests.peers.need import DEBIAN_PACKAGES


def test_the_types_of_all_feeds_are_documented() -> None:
    """By the ending of the file, as the preview sends them too."""
    listed = {
        "." + code_of(row[0])[0].rpartition(".")[2]: code_of(row[1])[0]
        for row in rows(sections(read("docs/deploy.md"))["Media types"])
    }
    for form, ending in FEED_ENDINGS.items():
        assert listed[f".{ending}"] == FEED_TYPES[form][1]
    for ending, kind in listed.items():
        assert _Handler.extensions_map[ending].partition(";")[0] == kind


def test_both_servers_know_every_type() -> None:
    """Only RSS and Atom go unsaid in nginx, which has them in its own table."""
    blocks = {one.info: one.code for one in fences(read("docs/deploy.md"))}
    kinds = {code_of(row[1])[0] for row in rows(sections(read("docs/deploy.md"))["Media types"])}
    assert {kind for kind in kinds if kind not in blocks["caddy"]} == set()
    missing = {kind for kind in kinds if kind not in blocks["nginx"]}
    assert missing == {"application/rss+xml", "application/atom+xml"}


def test_what_ci_runs_is_a_script_that_bash_can_read() -> None:
    """Executable, and without a mistake in its form."""
    script = REPOSITORY / ".ci/run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_ci_installs_every_tool_the_tests_ask_for() -> None:
    """The packages that a skipped test names are those that CI installs."""
    listed = dict(re.findall(r'^  "?([\w.-]+):([\w. -]+)"?$', read(".ci/run"), re.MULTILINE))
    assert {command: listed.get(command) for command in DEBIAN_PACKAGES} == DEBIAN_PACKAGES
