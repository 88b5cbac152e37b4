"""Policies of domains: fetched when DNS names a new one, and kept over restarts as long as they say."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsfeed.channels.mx.policies import PolicyBook
from newsfeed.core.delivery.receivers.mta_sts import StsPolicy
from newsfeed.service_ports import DnsStatus, HttpAnswer, MailLookups
from tests.channels.mx.servers import START, lookups_of

RECORD = ("_mta-sts.one.example", "TXT")
URL = "https://mta-sts.one.example/.well-known/mta-sts.txt"
TEXT = b"version: STSv1\nmode: enforce\nmx: mx.one.example\nmax_age: 86400\n"
POLICY = StsPolicy("enforce", ("mx.one.example",), 86_400)
PLAIN = {"content-type": "text/plain; charset=utf-8"}


def lookups(record: str = "v=STSv1; id=1;", answer: HttpAnswer | None = None) -> MailLookups:
    """A domain with a record and a policy behind it."""
    return lookups_of({RECORD: (record,)}, {URL: answer or HttpAnswer(200, PLAIN, TEXT)})


def asked(found: MailLookups) -> list[str]:
    """What the web was asked for."""
    return found.http.asked  # type: ignore[attr-defined,no-any-return]


def open_book(found: MailLookups, folder: Path, hours: float = 0.0) -> PolicyBook:
    """A book some hours after the start."""
    return PolicyBook(found, folder, lambda: START + timedelta(hours=hours))


def test_a_domain_without_a_record_is_not_asked_for_a_policy(tmp_path: Path):
    """Nearly all of them."""
    found = lookups_of({})
    assert open_book(found, tmp_path).find("one.example") is None
    assert asked(found) == []


def test_a_policy_is_fetched_once_and_outlives_a_restart(tmp_path: Path):
    """The next process finds it in its file, which is nobody else's."""
    found = lookups()
    folder = tmp_path / "var" / "mta-sts"
    assert [open_book(found, folder, hours).find("one.example") for hours in (0, 1, 11)] == [POLICY] * 3
    assert asked(found) == [URL]
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o077 == folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("status", [DnsStatus.SILENT, DnsStatus.FAILED, DnsStatus.ABSENT, DnsStatus.EMPTY])
def test_whoever_suppresses_the_record_takes_no_policy_away(status: DnsStatus, tmp_path: Path):
    """Until its own time is over."""
    open_book(lookups(), tmp_path).find("one.example")
    silent = lookups_of({RECORD: status})
    assert open_book(silent, tmp_path, 23).find("one.example") == POLICY
    assert open_book(silent, tmp_path, 24).find("one.example") is None


def test_a_new_id_brings_a_new_policy(tmp_path: Path):
    """Also one that demands nothing any more."""
    open_book(lookups(), tmp_path).find("one.example")
    none = HttpAnswer(200, PLAIN, b"version: STSv1\nmode: none\nmax_age: 86400\n")
    assert open_book(lookups("v=STSv1; id=2;", none), tmp_path).find("one.example") == StsPolicy(
        "none", (), 86_400
    )
    assert open_book(lookups_of({}), tmp_path).find("one.example") == StsPolicy("none", (), 86_400)


def test_a_policy_is_renewed_before_it_runs_out(tmp_path: Path):
    """From half of its time on; so one that is in use never ends by itself."""
    found = lookups()
    for hours in (0, 13, 26, 39):
        assert open_book(found, tmp_path, hours).find("one.example") == POLICY
    assert len(asked(found)) == 4


@pytest.mark.parametrize(
    "answer",
    [
        HttpAnswer(404, PLAIN, TEXT),
        HttpAnswer(301, {**PLAIN, "location": URL}, TEXT),
        HttpAnswer(200, {"content-type": "text/html"}, TEXT),
        HttpAnswer(200, {}, TEXT),
        HttpAnswer(200, PLAIN, b"<html>"),
    ],
    ids=["not there", "elsewhere", "a page", "of no kind", "nonsense"],
)
def test_what_is_no_policy_changes_nothing(answer: HttpAnswer, tmp_path: Path):
    """Without one there is none; one that is kept goes on."""
    bad = lookups("v=STSv1; id=2;", answer)
    assert open_book(bad, tmp_path).find("one.example") is None
    open_book(lookups(), tmp_path).find("one.example")
    assert open_book(bad, tmp_path).find("one.example") == POLICY


def test_a_web_server_that_cannot_be_asked_changes_nothing(tmp_path: Path):
    """Nor does it end the sending."""
    found = replace(lookups(), http=lookups_of({}).http)
    assert open_book(found, tmp_path).find("one.example") is None


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"id": "1", "fetched": 3, "policy": "x"}', b"\xff\xfe"])
def test_a_broken_file_is_no_file(data: bytes, tmp_path: Path):
    """The policy is fetched again, and takes its place."""
    (tmp_path / "one.example.json").write_bytes(data)
    found = lookups()
    assert open_book(found, tmp_path).find("one.example") == POLICY
    assert open_book(found, tmp_path).find("one.example") == POLICY
    assert len(asked(found)) == 1


def test_a_folder_that_cannot_be_written_costs_no_policy(tmp_path: Path):
    """It is only asked for each time."""
    (tmp_path / "file").write_bytes(b"")
    found = lookups()
    for _ in range(2):
        assert open_book(found, tmp_path / "file").find("one.example") == POLICY
    assert len(asked(found)) == 2


def test_files_of_policies_that_have_run_out_are_deleted(tmp_path: Path):
    """A domain may be one reader's own."""
    open_book(lookups(), tmp_path).find("one.example")
    open_book(lookups_of({}), tmp_path, 23)
    assert len(list(tmp_path.iterdir())) == 1
    open_book(lookups_of({}), tmp_path, 25)
    assert list(tmp_path.iterdir()) == []


def test_a_clock_that_was_set_back_ends_no_policy(tmp_path: Path):
    """It is fetched anew."""
    open_book(lookups(), tmp_path, 5).find("one.example")
    assert open_book(lookups_of({}), tmp_path, 0).find("one.example") == POLICY
    found = lookups()
    assert open_book(found, tmp_path, 0).find("one.example") == POLICY
    assert asked(found) == [URL]
