"""``newsfeed doctor`` as an operator meets it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsfeed.core.checkup.finding import CHECKS
from newsfeed.delivery.service import write_health
from newsfeed.testing import write_tree
from tests.channels.smtp.certificates import server
from tests.channels.smtp.peer import Peer
from tests.cli.command import newsfeed
from tests.core.checkup.names import Zone
from tests.dns_client.name_server import serving
from tests.site.builds import REPOSITORY

CONFIG = """\
[site]
title = "News"
base_url = "https://www.example.org/"
languages = ["en"]
authority = "example.org,2020"

[mail]
from = "News <news@news.test>"
"""
SMTP = """
channel = "smtp"

[channels.smtp]
host = "127.0.0.1"
port = {port}
username = "news"
ca_file = "{chain}"
"""
ZONE: Zone = {
    ("news.test", "MX"): ("mx.news.test",),
    ("news.test", "TXT"): ("v=spf1 ip4:9.9.9.9 -all",),
    ("_dmarc.news.test", "TXT"): ("v=DMARC1; p=none; rua=mailto:a@news.test",),
}


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A relay that encrypts, and knows a password."""
    tls, _ = server()
    with Peer(tls=tls, passwords={"news": "secret"}) as found:
        yield found


def sending_site(folder: Path, peer: Peer, more: str = "") -> Path:
    """A site that sends over the relay."""
    _, chain = server()
    text = CONFIG.rstrip("\n") + SMTP.format(port=peer.port, chain=chain) + more
    made = write_tree(folder, {"config.toml": text})
    (made / "var").mkdir(mode=0o700)
    return made


def marks(output: str) -> list[str]:
    """Mark and check of each finding."""
    return re.findall(r"^([✓!✗–] [a-z-]+)", output, re.MULTILINE)


def test_the_demo_site_has_nothing_to_mend() -> None:
    """Short, without false alarms, and with a word about what comes next."""
    with serving({}) as names:
        shown = newsfeed("doctor", "--dns", names, COLUMNS="80")
    assert shown.returncode == 0
    assert {"✓ configuration", "– site", "– relay"} <= set(marks(shown.stdout))
    assert "✗" not in shown.stdout
    assert len(shown.stdout.splitlines()) < 20
    assert max(map(len, shown.stdout.splitlines())) <= 80


def test_offline_it_says_so_and_does_not_fail(tmp_path: Path) -> None:
    """By itself, and when it is asked to be."""
    site = write_tree(tmp_path, {"config.toml": CONFIG})
    closed = newsfeed("-C", site, "doctor", "--dns", "127.0.0.1:1")
    wished = newsfeed("-C", site, "doctor", "--offline")
    assert (closed.returncode, wished.returncode) == (0, 0)
    assert "no name server answers, so this machine is offline; left out: site, feeds" in " ".join(
        closed.stdout.split()
    )
    assert "left out, as wished: site, feeds" in wished.stdout


def test_a_site_that_sends_is_looked_at_from_all_sides(tmp_path: Path, peer: Peer) -> None:
    """What is well is one line; what is not says why, and what to do."""
    site = sending_site(tmp_path, peer)
    with serving(ZONE) as names:
        shown = newsfeed("-C", site, "doctor", "--dns", names, NEWSFEED_SMTP_PASSWORD="secret", COLUMNS="80")
    assert shown.returncode == 0
    assert marks(shown.stdout) == [
        "✓ configuration",
        "✓ rights",
        "✓ disk",
        "– clock",
        "– store",
        "✓ relay",
        "✓ sender",
        "✓ spf",
        "! dkim",
        "✓ dmarc",
        "✓ alignment",
        "– reverse-dns",
        "! one-click",
        "– site",
    ]
    assert "→ make keys with newsfeed dkim" in shown.stdout
    assert peer.mails == []
    assert list((site / "var").iterdir()) == []


def test_a_key_is_compared_and_printed_to_be_copied(tmp_path: Path, peer: Peer) -> None:
    """Until DNS has it."""
    made = json.loads(
        newsfeed("-C", write_tree(tmp_path / "k", {"config.toml": CONFIG}), "dkim", "--json").stdout
    )["keys"][1]
    pem = tmp_path / "k" / made["file"]
    table = f'\n[[mail.dkim]]\ndomain = "news.test"\nselector = "{made["selector"]}"\nalgorithm = "ed25519"\nkey_file = "{pem}"\n'
    site = sending_site(tmp_path / "s", peer, table)
    key = {(made["name"], "TXT"): (made["value"],)}
    for zone, health in ((ZONE, "problem"), ({**ZONE, **key}, "good")):
        with serving(zone) as names:
            shown = newsfeed("-C", site, "doctor", "--json", "--dns", names, NEWSFEED_SMTP_PASSWORD="secret")
        (found,) = [one for one in json.loads(shown.stdout)["findings"] if one["check"] == "dkim"]
        assert found["health"] == health
        assert (made["value"] in " ".join(found["lines"])) == (health == "problem")


def test_programs_get_everything_in_english(tmp_path: Path) -> None:
    """Each finding with its reason."""
    site = write_tree(tmp_path, {"config.toml": CONFIG})
    shown = newsfeed("-C", site, "doctor", "--offline", "--json", LC_ALL="de_DE.UTF-8")
    data = json.loads(shown.stdout)
    assert data["ok"]
    assert sum(data["counts"].values()) == len(data["findings"])
    assert all(one["check"] in CHECKS and one["why"] and one["seen"] for one in data["findings"])
    assert data["findings"][0]["seen"] == "config.toml can be used"


def test_people_get_it_in_their_language(tmp_path: Path) -> None:
    """German, here."""
    site = write_tree(tmp_path, {"config.toml": CONFIG})
    shown = newsfeed("-C", site, "doctor", "--offline", LC_ALL="de_DE.UTF-8")
    assert "config.toml ist brauchbar" in shown.stdout
    assert "zu beheben" in shown.stdout.splitlines()[-1]


def test_a_broken_configuration_ends_it_with_one_finding(tmp_path: Path) -> None:
    """Nothing else can be judged."""
    site = write_tree(tmp_path, {"config.toml": "[site]\nlanguages = 3\n"})
    shown = newsfeed("-C", site, "doctor", "--json")
    assert shown.returncode == 1
    (found,) = json.loads(shown.stdout)["findings"]
    assert found["seen"].startswith("config.toml has errors (")
    assert found["advice"] == "see all of them with newsfeed check"


def test_secrets_that_are_missing_or_open_to_others_are_told(tmp_path: Path, peer: Peer) -> None:
    """With the command to run."""
    table = '\n[mail.dkim]\ndomain = "news.test"\nselector = "s"\nkey_file = "var/missing.pem"\n'
    site = sending_site(tmp_path, peer, table)
    (site / "var").chmod(0o755)
    shown = newsfeed("-C", site, "doctor", "--offline", "--json")
    told = {one["check"]: one for one in json.loads(shown.stdout)["findings"]}
    assert shown.returncode == 1
    assert told["rights"]["lines"] == ["chmod 700 var"]
    assert "NEWSFEED_SMTP_PASSWORD" in told["configuration"]["seen"]
    seen = [one["seen"] for one in json.loads(shown.stdout)["findings"] if one["check"] == "configuration"]
    assert any("var/missing.pem" in one for one in seen)


def test_the_store_and_its_backup_are_looked_at(tmp_path: Path, peer: Peer) -> None:
    """Where there is a store, and mails leave."""
    site = sending_site(tmp_path, peer)
    newsfeed("-C", site, "subscribers", "list", NEWSFEED_SMTP_PASSWORD="secret")
    (site / "var/last-backup").write_text("2026-03-01T00:00:00Z\n")

    def findings(now: str) -> dict[str, str]:
        shown = newsfeed(
            "-C", site, "doctor", "--offline", "--json", "--now", now, NEWSFEED_SMTP_PASSWORD="secret"
        )
        return {one["check"]: one["health"] for one in json.loads(shown.stdout)["findings"]}

    assert findings("2026-03-01T12:00Z")["store"] == "good"
    assert [findings(f"2026-03-{day}T12:00Z")["backup"] for day in ("01", "04", "20")] == [
        "good",
        "advice",
        "problem",
    ]
    (site / "var/last-backup").write_text("yesterday")
    assert findings("2026-03-01T12:00Z")["backup"] == "advice"
    (site / "var/newsfeed.db").write_bytes(b"x" * 5000)
    assert findings("2026-03-01T12:00Z")["store"] == "problem"


def test_a_copy_that_mails_nobody_is_told(tmp_path: Path, peer: Peer) -> None:
    """Everything else may be well: nothing is sent until it is activated."""
    site = sending_site(tmp_path / "site", peer)
    newsfeed("-C", site, "subscribers", "list")
    assert newsfeed("-C", site, "backup", tmp_path / "b.zip").returncode == 0
    copy = sending_site(tmp_path / "copy", peer)
    assert newsfeed("-C", copy, "restore", tmp_path / "b.zip").returncode == 0

    def seen(folder: Path) -> list[str]:
        shown = newsfeed("-C", folder, "doctor", "--offline", "--json", NEWSFEED_SMTP_PASSWORD="secret")
        return [
            one["seen"]
            for one in json.loads(shown.stdout)["findings"]
            if one["check"] == "store" and one["health"] == "problem"
        ]

    assert seen(site) == []
    assert seen(copy) == ["this store comes out of a backup, or was sent from elsewhere; nobody got mail"]
    newsfeed("-C", copy, "activate", "--yes")
    assert seen(copy) == []


def test_a_moment_to_come_that_was_written_down_says_that_the_clock_is_wrong(tmp_path: Path) -> None:
    """Somebody set it back."""
    site = write_tree(tmp_path, {"config.toml": CONFIG, "var/x": ""})
    write_health(site / "var/health.json", datetime.now(UTC) + timedelta(hours=3), "", {})
    shown = newsfeed("-C", site, "doctor", "--offline", "--json")
    told = {one["check"]: one["health"] for one in json.loads(shown.stdout)["findings"]}
    assert told["clock"] == "problem"


def test_a_name_server_that_is_no_address_is_refused(tmp_path: Path) -> None:
    """Before anybody is asked."""
    shown = newsfeed(
        "-C", write_tree(tmp_path, {"config.toml": CONFIG}), "doctor", "--dns", "dns.example.org"
    )
    assert shown.returncode == 2
    assert "is no address of a name server" in shown.stderr


def test_nothing_is_made_by_looking() -> None:
    """The demo site stays as it is: no folder, no store."""
    before = sorted(path.name for path in REPOSITORY.iterdir())
    newsfeed("doctor", "--offline")
    assert sorted(path.name for path in REPOSITORY.iterdir()) == before
