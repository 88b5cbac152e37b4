"""Looking at the next issue: what will be sent, in all languages; a test mail says so, and leaves no trace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.site import MONDAY, Made
from newsfeed.app import previews
from newsfeed.app import site as app
from newsfeed.app.drafts import with_drafts
from newsfeed.errors import OutsideError, UsageError
from newsfeed.testing import write_tree
from tests.delivery.sites import delivery, round_at, rows, site
from tests.mail.issues import CONFIG, LANGUAGES, read_message, stories

FRIDAY = datetime(2026, 1, 9, 12, tzinfo=UTC)
SUNDAY = MONDAY + timedelta(days=6)


def test_the_page_shows_all_languages_with_both_parts(tmp_path: Path) -> None:
    """As the first slot to come will have them, though they are not public yet; without any store."""
    write_tree(tmp_path, {"config.toml": CONFIG, **stories(3)})
    read = app.read(tmp_path, FRIDAY)
    with previews.open_memory(read, {}) as memory:
        assert memory is None
        issue = previews.next_issue(read, "staff", FRIDAY, memory)
    assert issue.slot.key == "2026-01-12T08:00"
    assert [mail.lang for mail in issue.mails] == list(LANGUAGES)
    page = previews.write_preview(
        tmp_path / "out", issue, "staff", previews.PreviewWords("nl", "text", ["facts"] * 4)
    )
    shown = page.read_text()
    for mail in issue.mails:
        assert len(mail.titles) == 3
        assert f'src="{mail.lang}.html"' in shown
        assert (tmp_path / "out" / f"{mail.lang}.html").read_text() == mail.html
        assert (tmp_path / "out" / f"{mail.lang}.txt").read_text() == mail.text
    assert "<script" not in shown
    assert '<html lang="nl">' in shown


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """In a sentence, before anything is shown."""
    write_tree(tmp_path, {"config.toml": CONFIG, **stories(3), "file": "not a folder"})
    issue = previews.next_issue(app.read(tmp_path, FRIDAY), "staff", FRIDAY, None)
    with pytest.raises(OutsideError, match="cannot write"):
        previews.write_preview(
            tmp_path / "file/out", issue, "staff", previews.PreviewWords("en", "text", ["facts"] * 4)
        )


def test_what_was_sent_is_not_next(tmp_path: Path) -> None:
    """The store is asked: of the issues, and of the people by language."""
    made = site(tmp_path, people=8, channel="folder", port=25)
    round_at(made, MONDAY)
    late = "---\nid: late\ntitle: Late news\ndate: 2030-02-09\ntopics: [water]\n---\nText.\n"
    write_tree(made.folder, {"news/2030/late.en.md": late})
    read = app.read(made.folder, SUNDAY)
    with previews.open_memory(read, {}) as memory:
        issue = previews.next_issue(read, "staff", SUNDAY, memory)
    assert {mail.titles for mail in issue.mails} == {("Late news",)}
    assert [mail.readers for mail in issue.mails] == [2, 2, 2, 2]


def counts(made: Made) -> list[tuple[object, ...]]:
    """How much the ledger holds."""
    return [*rows(made, "select count(*) from deliveries"), *rows(made, "select count(*) from issues")]


def test_a_test_mail_says_so_and_leaves_no_trace(tmp_path: Path) -> None:
    """In the language of the reader with that address; its links to leave are nobody's."""
    made = site(tmp_path, people=8, channel="folder", port=25)
    with delivery(made) as opened:
        person = next(one for one in opened.store.people.all("staff") if one.languages[0] == "fr")
    before = counts(made)
    now = MONDAY - timedelta(days=1)
    read = app.read(made.folder, now)
    with previews.open_memory(read, {}) as memory:
        issue = previews.next_issue(read, "staff", now, memory)
        assert previews.send_test(read, issue, person.address, memory, {})
    assert counts(made) == before
    [file] = (made.folder / "var").rglob("*.eml")
    message = read_message(file.read_bytes())
    assert str(message["Subject"]).startswith("[Test] ")
    assert message["Content-Language"] == "fr"
    assert person.address in str(message["To"])


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a@example.org\nBcc: b@example.org"])
def test_only_addresses_get_a_test(tmp_path: Path, address: str) -> None:
    """Whatever else is typed is refused, and nothing is sent."""
    write_tree(tmp_path, {"config.toml": CONFIG, **stories(1)})
    read = app.read(tmp_path, FRIDAY)
    issue = previews.next_issue(read, "staff", FRIDAY, None)
    with pytest.raises(UsageError):
        previews.send_test(read, issue, address, None, {})


def test_mails_of_the_newest_issue_are_for_the_people_of_the_store(tmp_path: Path) -> None:
    """The file of addresses is no second list: it is read on a machine without a store only."""
    made = site(tmp_path, people=8, channel="folder", port=25)
    read = app.read(made.folder, MONDAY)
    outcome = previews.send_digest(read, "staff", MONDAY, tmp_path / "out", {}, dry_run=True)
    assert outcome.audience_file == ""
    assert dict(outcome.messages) == dict.fromkeys(LANGUAGES, 2)
    with delivery(made) as opened:
        for person in opened.store.people.all("staff"):
            opened.store.people.save([replace(person, state="left")])
    gone = previews.send_digest(read, "staff", MONDAY, tmp_path / "out", {}, dry_run=True)
    assert dict(gone.messages) == {}


def test_drafts_can_be_seen_before_they_are_published(tmp_path: Path) -> None:
    """Each says that it is one; without being asked for, none is there."""
    draft = "---\nid: soon\ntitle: Soon\ndate: 2026-01-07\ntopics: [water]\ndraft: true\n---\nText.\n"
    write_tree(tmp_path, {"config.toml": CONFIG, **stories(1), "news/2026/soon.en.md": draft})
    read = app.read(tmp_path, FRIDAY)
    shown = previews.next_issue(with_drafts(read, FRIDAY), "staff", FRIDAY, None)
    usual = previews.next_issue(read, "staff", FRIDAY, None)
    assert {mail.titles[0] for mail in shown.mails} == {"[Draft] Soon"}
    assert not any("Soon" in mail.html for mail in usual.mails)
