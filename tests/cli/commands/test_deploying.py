"""``newsfeed deploy``: a release beside the others, put into use when it stays up, and the one before it back."""

import subprocess
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.command import newsfeed

PROGRAMS = {
    # What a host is asked is done here, in a home of its own.
    "ssh": 'shift; shift; cd "$HOST_HOME" && exec sh -c "$*"',
    "rsync": 'for last; do :; done; to="$HOST_HOME/${last#*:}"; rm -rf "$to"; shift 3; cp -r "${1%/}" "$to"',
    "systemctl": 'printf "%s\\n" "$*" >> "$HOST_LOG"; case "$*" in "is-active"*) [ ! -e "$HOST_HOME/broken" ];; esac',
    # An environment whose pip notes what it was to install, and whose program can save a store.
    "python3": """
        mkdir -p "$3/bin"
        printf '#!/bin/sh\\necho "$@" >> "%s/pip"\\n' "$3" > "$3/bin/python"
        printf '#!/bin/sh\\ncase $3 in backup) echo saved > "$4";; esac\\n' > "$3/bin/newsfeed"
        chmod +x "$3/bin/python" "$3/bin/newsfeed"
    """,
    "id": "echo 0",
}


@dataclass
class Host:
    """A host to deploy to, in a folder."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def deploy(self, *options: str | Path) -> subprocess.CompletedProcess[str]:
        """Run the command in another process, so that the script talks to its output."""
        return newsfeed("deploy", "root@www.example.org", *options, **self.environment)

    @property
    def home(self) -> Path:
        """Where releases are."""
        return self.folder / "root" / "opt" / "newsfeed"

    def in_use(self) -> str:
        """Name of the release that is in use."""
        return (self.home / "current").readlink().name

    def releases(self) -> set[str]:
        """Names of all."""
        return {one.name for one in (self.home / "releases").iterdir()}

    def asked(self) -> list[str]:
        """What systemd was asked since the last time."""
        log = self.folder / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.write_text("")
        return lines


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """With a site that is configured, and no release yet."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, script in PROGRAMS.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    (tmp_path / "home").mkdir()
    site = tmp_path / "root" / "srv" / "newsfeed"
    (site / "var").mkdir(parents=True)
    (site / "config.toml").write_text("")
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return Host(
        tmp_path,
        {
            "HOST_HOME": str(tmp_path / "home"),
            "HOST_LOG": str(tmp_path / "log"),
            "NEWSFEED_ROOT": str(tmp_path / "root"),
            "NEWSFEED_PATIENCE": "0",
        },
    )


def wheel(folder: Path, name: str) -> Path:
    """A wheel that says what is in it."""
    path = folder / f"newsfeed-{name}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("name", name)
    return path


def test_a_release_is_installed_with_its_units_and_started(host: Host, tmp_path: Path) -> None:
    """From the wheel that was brought."""
    done = host.deploy("--wheel", wheel(tmp_path, "1.0"))
    assert done.returncode == 0, done.stderr
    assert host.releases() == {host.in_use()}
    assert (tmp_path / "home/.newsfeed-deploy/requirements.txt").read_text() == (
        "./newsfeed-1.0-py3-none-any.whl[cards,postgresql,search,web]\n"
    )
    units = tmp_path / "root/etc/systemd/system"
    assert (units / "newsfeed-.service.d/hardening.conf").is_file()
    assert "restart newsfeed-run.service" in host.asked()


def test_the_same_once_more_changes_nothing(host: Host, tmp_path: Path) -> None:
    """Nothing is installed, saved or started again."""
    one = wheel(tmp_path, "1.0")
    host.deploy("--wheel", one)
    before, _ = host.in_use(), host.asked()
    host.deploy("--wheel", one)
    assert (host.in_use(), host.releases()) == (before, {before})
    assert not any("restart" in line for line in host.asked())


def test_the_store_is_saved_before_a_newer_release(host: Host, tmp_path: Path) -> None:
    """By the program that is in use until then."""
    host.deploy("--wheel", wheel(tmp_path, "1.0"))
    assert list((tmp_path / "root/srv/newsfeed/var").iterdir()) == []
    host.deploy("--wheel", wheel(tmp_path, "2.0"))
    (saved,) = (tmp_path / "root/srv/newsfeed/var").iterdir()
    assert saved.name == f"before-{host.in_use()}.zip"


def test_a_release_that_does_not_stay_up_is_put_back(host: Host, tmp_path: Path) -> None:
    """And the command fails, with where to look; the next one that works is used."""
    host.deploy("--wheel", wheel(tmp_path, "1.0"))
    good = host.in_use()
    (tmp_path / "home" / "broken").touch()
    failed = host.deploy("--wheel", wheel(tmp_path, "2.0"))
    assert (failed.returncode, host.in_use()) == (3, good)
    (tmp_path / "home" / "broken").unlink()
    assert host.deploy("--wheel", wheel(tmp_path, "2.0")).returncode == 0
    assert host.in_use() != good


def test_the_release_before_can_be_put_back(host: Host, tmp_path: Path) -> None:
    """And once more is forward again; at first there is none."""
    host.deploy("--wheel", wheel(tmp_path, "1.0"))
    assert host.deploy("--rollback").returncode == 3
    first = host.in_use()
    host.deploy("--wheel", wheel(tmp_path, "2.0"))
    second = host.in_use()
    for expected in (first, second):
        assert host.deploy("--rollback").returncode == 0
        assert host.in_use() == expected


def test_old_releases_are_removed(host: Host, tmp_path: Path) -> None:
    """The one in use and the one before stay."""
    for number in range(6):
        host.deploy("--wheel", wheel(tmp_path, f"{number}.0"))
    assert len(host.releases()) == 3
    assert host.deploy("--rollback").returncode == 0


def test_half_a_release_is_begun_anew(host: Host, tmp_path: Path) -> None:
    """When the connection broke in the middle."""
    one = wheel(tmp_path, "1.0")
    host.deploy("--wheel", one)
    release = host.home / "releases" / host.in_use()
    (release / "whole").unlink()
    (release / "half").touch()
    host.deploy("--wheel", one)
    assert not (release / "half").exists()
    assert (release / "whole").exists()


def test_a_dry_run_says_all_and_does_nothing(host: Host, tmp_path: Path) -> None:
    """Without a wheel the host fetches the program."""
    done = host.deploy("--dry-run")
    assert done.returncode == 0
    assert "systemd/newsfeed-run.service" in done.stdout
    assert "install.sh install" in done.stdout
    assert not host.home.exists()


@pytest.mark.parametrize(
    "target", ["-oProxyCommand=touch", "a b", "root@", "host;reboot", "host:folder", "", "häuser.example"]
)
def test_what_is_no_host_is_never_given_to_ssh(tmp_path: Path, target: str) -> None:
    """Neither as an option nor as a command."""
    done = newsfeed("deploy", "--", target)
    assert (done.returncode, "names no host" in done.stderr) == (2, True)


def test_a_file_that_is_no_wheel_is_told(host: Host, tmp_path: Path) -> None:
    """With how to make one."""
    names = ["newsfeed-$(id)-py3-none-any.whl", "other-1.0-py3-none-any.whl", "newsfeed-1.0.zip"]
    for name in names:
        (tmp_path / name).write_bytes(b"")
    for path in (tmp_path / "newsfeed-1.0-py3-none-any.whl", *(tmp_path / name for name in names)):
        done = host.deploy("--wheel", path)
        assert (done.returncode, "pip wheel" in done.stderr) == (2, True)
    assert host.deploy("--rollback", "--wheel", "x.whl").returncode == 2
