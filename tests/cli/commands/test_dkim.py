"""``newsfeed dkim``: keys, and what belongs into DNS."""

import json
import re
import stat
import tomllib
from pathlib import Path

import dkim
import pytest

from newsfeed.mail.dkim import DkimSigner, load_keys
from newsfeed.service_settings import DkimKeySettings
from newsfeed.testing import write_tree
from tests.cli.command import newsfeed

CONFIG = """\
[site]
title = "Example"
base_url = "https://www.example.org/"
languages = ["en"]
authority = "example.org,2020"
"""
NOW = ("--now", "2026-03-01T00:00Z")
MAIL = b"From: News <news@example.org>\r\nTo: ada@example.org\r\nSubject: Hello\r\n\r\nHello\r\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that says who writes."""
    return write_tree(tmp_path, {"config.toml": f'{CONFIG}\n[mail]\nfrom = "News <news@example.org>"\n'})


def records(lines: list[str]) -> dict[str, str]:
    """Name in DNS → text, as a zone file's reader puts it together."""
    text = "\n".join(lines)
    found = re.findall(r"^(\S+)\. IN TXT (\(.*?^\)|\".*?\"$)", text, re.DOTALL | re.MULTILINE)
    return {name: "".join(re.findall(r'"([^"]*)"', value)) for name, value in found}


def test_keys_are_made_for_nobody_else_to_read(site: Path) -> None:
    """Both kinds, below var/, which nobody else can enter."""
    done = newsfeed("-C", site, "dkim", *NOW)
    assert done.returncode == 0
    for name in ("rsa", "ed25519"):
        path = site / f"var/dkim-news2026-{name}.pem"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((site / "var").stat().st_mode) == 0o700


def test_what_is_printed_is_what_receivers_verify_with(site: Path) -> None:
    """Another program verifies a mail signed by the lines for the configuration with the records for DNS."""
    lines = newsfeed("-C", site, "dkim", *NOW).stdout.splitlines()
    there = records(lines)
    tables = tomllib.loads("\n".join(lines[lines.index("[[mail.dkim]]") :]).rpartition("\n")[0])
    keys = [DkimKeySettings(**table) for table in tables["mail"]["dkim"]]
    signed = DkimSigner(load_keys(keys, site, {})).sign_message(MAIL)

    def ask(name: bytes, timeout: int = 5) -> bytes | None:
        return there.get(name.decode().rstrip("."), "").encode() or None

    assert len(there) == 2
    assert [dkim.DKIM(signed).verify(idx=number, dnsfunc=ask) for number in (0, 1)] == [True, True]


def test_a_key_that_is_there_is_never_written_to(site: Path) -> None:
    """A second run prints the very same."""
    first = newsfeed("-C", site, "dkim", *NOW).stdout
    before = {path: path.read_bytes() for path in (site / "var").iterdir()}
    second = newsfeed("-C", site, "dkim", *NOW).stdout
    assert {path: path.read_bytes() for path in (site / "var").iterdir()} == before
    assert records(second.splitlines()) == records(first.splitlines())
    assert second.startswith("there already, and left as it is: var/dkim-news2026-rsa.pem\n")


def test_keys_of_the_configuration_are_only_shown(site: Path) -> None:
    """Until others are asked for by name."""
    lines = newsfeed("-C", site, "dkim", *NOW).stdout.splitlines()
    tables = "\n".join(lines[lines.index("[[mail.dkim]]") : -1])
    (site / "config.toml").write_text((site / "config.toml").read_text() + tables + "\n")
    shown = json.loads(newsfeed("-C", site, "dkim", "--json").stdout)["keys"]
    assert [(one["new"], one["configured"]) for one in shown] == [(False, True)] * 2
    assert {one["name"]: one["value"] for one in shown} == records(lines)
    newer = json.loads(newsfeed("-C", site, "dkim", "--selector", "next", "--json").stdout)["keys"]
    assert [(one["name"], one["new"]) for one in newer] == [
        ("next-rsa._domainkey.example.org", True),
        ("next-ed25519._domainkey.example.org", True),
    ]


@pytest.mark.parametrize(
    ("options", "name"), [(("--selector", "a.b"), "a.b"), (("--domain", "exa mple"), "exa mple")]
)
def test_a_name_that_dns_cannot_have_is_refused(site: Path, options: tuple[str, str], name: str) -> None:
    """Before anything is made."""
    done = newsfeed("-C", site, "dkim", *options)
    assert done.returncode == 2
    assert f"“{name}” is no name for DNS" in done.stderr
    assert not (site / "var").exists()


def test_without_a_writer_the_line_to_add_is_said(tmp_path: Path) -> None:
    """Keys belong to a domain."""
    done = newsfeed("-C", write_tree(tmp_path, {"config.toml": CONFIG}), "dkim")
    assert done.returncode == 2
    assert '[mail] from = "Newsroom <news@example.org>"' in done.stderr


def test_a_folder_that_cannot_be_written_to_is_said(site: Path) -> None:
    """Whatever is in its place."""
    (site / "var").write_text("")
    done = newsfeed("-C", site, "dkim", *NOW)
    assert done.returncode == 3
    assert "cannot write var/dkim-news2026-rsa.pem" in done.stderr
