"""The files in deploy/, by the programs that read them: systemd, Docker, Compose, GitHub, a shell."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.cli.command import newsfeed
from tests.docs.pages import fences, read
from tests.peers.need import need_command
from tests.site.builds import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
UNITS = [one.name for one in sorted((DEPLOY / "systemd").glob("*.service"))]
MOST_EXPOSED = 2.0


def tool(name: str) -> Path:
    """A program that pip has installed with the tests."""
    return Path(sys.executable).with_name(name)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The root of a machine with our units and those of systemd that they name."""
    ours = tmp_path / "etc" / "systemd" / "system"
    shutil.copytree(DEPLOY / "systemd", ours)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_little_that_a_unit_could_do_without(machine: Path, unit: str) -> None:
    """Also of units that begin with the same words, by their common settings."""
    analyse = need_command("systemd-analyze")
    name = unit.replace("@.", "@1.")
    done = run(analyse, "security", "--offline=true", f"--root={machine}", name)
    found = re.search(rf"exposure level for {re.escape(name)}: ([0-9.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) <= MOST_EXPOSED, done.stdout


def test_units_call_commands_that_there_are() -> None:
    """With options that they have."""
    for unit in UNITS:
        text = (DEPLOY / "systemd" / unit).read_text()
        (command,) = re.findall(r"/opt/newsfeed/current/bin/newsfeed (\w+)", text)
        assert newsfeed(command, "--help").returncode == 0


@pytest.mark.slow
def test_docker_would_find_nothing_to_mend() -> None:
    """By hadolint, which knows its best practices."""
    done = run(tool("hadolint"), DEPLOY / "Containerfile")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_copies_what_there_is() -> None:
    """And what is copied is let through, and nothing else."""
    text = (DEPLOY / "Containerfile").read_text()
    copied = {
        word
        for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
        for word in line.split()[:-1]
    }
    assert all((REPOSITORY / name).exists() for name in copied)
    let_through = re.findall(r"^!(.+)$", (DEPLOY / "Containerfile.dockerignore").read_text(), re.MULTILINE)
    assert set(let_through) == copied
    wheel = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert {name.split("/")[0] for name in wheel["force-include"]} <= copied


@pytest.mark.slow
def test_the_container_s_wheel_is_made_of_what_is_copied(tmp_path: Path) -> None:
    """By the step that the container file has for it, in a folder that has nothing else."""
    copied = re.findall(r"^COPY (?!--from)(.+)$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    for name in (word for line in copied for word in line.split()[:-1]):
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, tmp_path / name)
        else:
            shutil.copy(REPOSITORY / name, tmp_path / name)
    step = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        "made",
        ".",
    ]
    done = subprocess.run(step, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, len(list((tmp_path / "made").glob("newsfeed-*.whl")))) == (0, 1), done.stderr


def test_the_container_runs_as_nobody_in_particular_and_ends_on_a_signal() -> None:
    """The last user counts."""
    text = (DEPLOY / "Containerfile").read_text()
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE)[-1] == "10001"
    assert "STOPSIGNAL SIGTERM" in text
    assert "/healthz" in text


SCHEMAS = {"deploy/compose.yaml": "compose-spec", "action.yml": "github-actions"}


@pytest.mark.slow
@pytest.mark.parametrize("path", SCHEMAS)
def test_a_file_has_the_form_that_its_reader_wants(path: str) -> None:
    """By the schemas of Compose and of GitHub."""
    done = run(tool("check-jsonschema"), "--builtin-schema", f"vendor.{SCHEMAS[path]}", REPOSITORY / path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_compose_gives_no_right_that_is_not_needed() -> None:
    """A root that is read only, no capabilities, ten seconds to end; the database talks to nobody outside."""
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    ours = services["newsfeed"]
    assert (ours["read_only"], ours["cap_drop"], ours["stop_grace_period"]) == (True, ["ALL"], "10s")
    assert services["database"]["networks"] == ["inside"]
    assert services["database"]["profiles"] == ["postgresql"]


@pytest.mark.slow
def test_the_script_is_one_that_every_shell_reads() -> None:
    """By shellcheck."""
    done = run(need_command("shellcheck"), DEPLOY / "install.sh")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(("kind", "name"), [("nginx", "nginx.conf"), ("caddy", "Caddyfile")])
def test_the_servers_in_front_are_those_of_the_guide(kind: str, name: str) -> None:
    """Which are run by the tests of the guide."""
    examples = [one.code.strip() for one in fences(read("docs/web.md")) if one.info == kind]
    assert (DEPLOY / name).read_text().partition("\n")[2].strip() in examples


def test_the_container_s_server_differs_by_names_only() -> None:
    """Of the site and of the service."""
    guide = (DEPLOY / "Caddyfile").read_text().partition("\n")[2]
    changed = guide.replace("www.example.org, mail.example.org", "{$SITE:localhost}")
    changed = changed.replace("127.0.0.1:8080", "newsfeed:8080")
    assert (DEPLOY / "compose.Caddyfile").read_text().partition("\n")[2] == changed


def test_the_action_calls_commands_that_there_are() -> None:
    """And gives what a caller writes to no shell as text."""
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text())
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert not any("${{" in script for script in scripts)
    called = set(re.findall(r"^newsfeed (\w+)", "\n".join(scripts), re.MULTILINE))
    assert called == {"check", "build"}
    for command in called:
        assert newsfeed(command, "--help").returncode == 0
