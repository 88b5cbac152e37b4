"""Notes to issues: files in git, checked at the line, in the mails of those who read their language."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from newsfeed.app import site as app
from newsfeed.app.previews import send_digest
from newsfeed.testing import an_item, write_tree
from tests.core.told import told
from tests.mail.issues import CONFIG, LANGUAGES, NOW, stories
from tests.peers.lint import lint_mail, parts_agree

CHECKED = datetime(2026, 1, 10, tzinfo=UTC)
"""Saturday; the next issue is that of Monday, the 12th."""
NOTE = """\
---
subject: "{lang}: water at last – “{{top}}”"
lead: report-3
order: [report-2]
---
The wells are **open** ({lang}).

- [How it began](../../news/2025/first.{lang}.md)
- [Elsewhere](https://elsewhere.example/?a=1&b=2)

<script>alert(1)</script>
"""
CSV = "".join(
    f"reader-{lang}@readers.example,{lang},R\n" if lang else "email,language,name\n"
    for lang in ("", "en", "de", "fr", "nl")
)


OLD = {
    f"news/2025/first.{lang}.md": an_item(
        "Text.\n",
        title=f"First {lang}",
        date="2025-06-01" if lang == "en" else None,
        slug=f"first-{lang}",
        **({"id": "first"} if lang == "en" else {}),
    )
    for lang in LANGUAGES
}


def make_site(tmp_path: Path, **notes: str) -> Path:
    """A site of four stories with these notes, by name of file."""
    files = {f"digests/staff/{name}": text for name, text in notes.items()}
    return write_tree(tmp_path, {"config.toml": CONFIG, "staff.csv": CSV, **stories(4), **OLD, **files})


def problems(tmp_path: Path, files: dict[str, str]) -> list[str]:
    """What is said of some files in ``digests/``, as ``code line:column``."""
    tree = {f"digests/{name}": text for name, text in files.items()}
    write_tree(tmp_path, {"config.toml": CONFIG, "staff.csv": CSV, **stories(4), **OLD, **tree})
    found, _ = app.check(tmp_path, CHECKED)
    assert all(one.where.path.startswith(("digests/", "locales/")) for one in found), found
    return told([one for one in found if one.where.path.startswith("digests/")])


def mails(tmp_path: Path) -> dict[str, tuple[str, str, str]]:
    """Language → subject, text and HTML of the mail."""
    site = app.read(tmp_path, NOW)
    sent = send_digest(site, "staff", NOW, tmp_path / "out", {}, dry_run=False)
    assert sent.problems == ()
    found = {}
    for file in (tmp_path / "out").iterdir():
        data = file.read_bytes()
        assert lint_mail(data) == []
        assert parts_agree(data) == []
        message = message_from_bytes(data, policy=policy.default)
        text, html = (part.get_content() for part in message.iter_parts())  # type: ignore[union-attr]
        found[str(message["Content-Language"])] = (str(message["Subject"]), text, html)
    return found


def test_a_note_stands_in_the_mails_and_orders_the_stories(tmp_path: Path) -> None:
    """Its text through the same allow-list as stories, its links into the reader's edition."""
    make_site(
        tmp_path, **{"2026-01-12.en.md": NOTE.format(lang="en"), "2026-01-12.de.md": NOTE.format(lang="de")}
    )
    found = mails(tmp_path)
    subject, text, html = found["de"]
    assert subject == "de: water at last – “{top}”"
    assert "<strong>open</strong> (de)" in html
    assert "<script" not in html
    assert 'href="https://news.example/de/news/2025/first-de/"' in html
    assert "- How it began (https://news.example/de/news/2025/first-de/)" in text
    assert "- Elsewhere (https://elsewhere.example/?a=1&b=2)" in text
    order = [text.rindex(f"Bericht {n}:") for n in (3, 2, 4, 1)]
    assert order == sorted(order)


def test_who_has_no_note_of_their_language_gets_another_that_says_so(tmp_path: Path) -> None:
    """The text is marked; the subject is their own language's, and names the lead."""
    make_site(tmp_path, **{"2026-01-12.en.md": NOTE.format(lang="en")})
    subject, text, html = mails(tmp_path)["fr"]
    assert subject.startswith("Rapport 3")
    assert "Texte en anglais" in text
    assert '<div class="note" lang="en"' in html or 'lang="en"' in html
    assert 'href="https://news.example/fr/news/2025/first-fr/"' in html


def test_a_note_may_be_text_alone(tmp_path: Path) -> None:
    """Without a head; the rest is as usual."""
    make_site(tmp_path, **{"2026-01-12.nl.md": "Dag allemaal!\n"})
    found = mails(tmp_path)
    assert "Dag allemaal!" in found["nl"][1]
    assert "Text in Dutch\nDag allemaal!" in found["en"][1].replace("\r", "")


GOOD = "---\nlead: report-1\n---\nText.\n"
WRONG = {
    "staff/2026-01-12.md": (GOOD, "note-name 1:1"),
    "staff/2026-01-12.xx.md": (GOOD, "note-name 1:1"),
    "staff/2026-13-12.en.md": (GOOD, "note-name 1:1"),
    "staff/more/2026-01-12.en.md": (GOOD, "note-name 1:1"),
    "2026-01-12.en.md": (GOOD, "note-name 1:1"),
    "stuff/2026-01-12.en.md": (GOOD, "note-digest 1:1"),
    "staff/2026-01-13.en.md": (GOOD, "note-date 1:1"),
    "staff/2026-01-12.en.md": ("---\nlead: report-9\n---\nText.\n", "note-story 2:7"),
    "staff/2026-01-19.en.md": ("---\norder: [report-1, report-9]\n---\n", "note-story 2:19"),
    "staff/2026-01-26.en.md": ("---\ntitle: x\n---\n", "key-unknown 2:1"),
    "staff/2026-02-02.en.md": (
        "---\nsubject: x\n---\n\n![A well](../../news/2026/a.png)\n",
        "note-image 5:1",
    ),
    "staff/2026-02-09.en.md": ("A [link](nowhere.md).\n", "link-broken 1:3"),
    "staff/2026-02-16.en.md": ("A [link](javascript:x).\n", "link-scheme 1:3"),
    "staff/2026-02-23.en.md": ("---\nsubject: [a, b]\n---\n", "value-type 2:11"),
    "staff/2026-03-02.en.md": ("---\nsubject: x\n", "front-matter-open 1:1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_mistake_is_told_at_its_place(tmp_path: Path, name: str) -> None:
    """And nothing else is."""
    text, expected = WRONG[name]
    assert problems(tmp_path, {name: text}) == [expected]


def test_a_date_that_is_over_is_no_mistake(tmp_path: Path) -> None:
    """The schedule may have been another one then."""
    assert problems(tmp_path, {"staff/2026-01-07.en.md": GOOD, "staff/2026-01-12.en.md": GOOD}) == []


def test_a_wrong_note_keeps_the_issue_back(tmp_path: Path) -> None:
    """Nothing half is shown, as nothing half is sent."""
    from newsfeed.errors import ProblemsFound

    make_site(tmp_path, **{"2026-01-12.en.md": "---\nlead: nobody\n---\n"})
    with pytest.raises(ProblemsFound):
        mails(tmp_path)
