"""``newsfeed subscribers certificate``: proof per person, and what it says when something was changed."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bench.site import MONDAY, Made, make_site
from newsfeed.app.delivery import open_signup_context
from newsfeed.core.people import tokens
from newsfeed.subscribers.proofs import ShownPage
from newsfeed.subscribers.signup import DigestRequest, confirm_digest, request_digest
from tests.cli.command import newsfeed
from tests.contracts.stores import new_database
from tests.delivery.sites import delivery

ANNA = "anna@readers.example"
FORM = '<!DOCTYPE html><html lang="fr"><body>Menu<main><h1>S’abonner</h1></main></body></html>'
QUESTION = "<html><main><p>Voulez-vous le recevoir ?</p></main></html>"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A site where Anna has asked in French, and confirmed an hour later."""
    found = make_site(tmp_path / "site", port=1, channel="folder")
    new_database(found.folder / "var" / "newsfeed.db")
    config = found.folder / "config.toml"
    config.write_text(
        config.read_text("utf-8") + '\n[web]\nbase_url = "https://mail.example.org/"\n', "utf-8"
    )
    with delivery(found) as opened:
        context = open_signup_context(opened, {})
        form = ShownPage(address="/fr/subscribe", text=FORM, seconds=12)
        request = DigestRequest(address=ANNA, digest="staff", languages=("fr", "en"), shown=form)
        request_digest(context, request, MONDAY)
        person = context.people.find(ANNA)
        assert person is not None
        link = tokens.make_token(
            context.secret, purpose="confirm", digest="staff", id=person.id, holder=person.key
        )
        question = ShownPage(address="/confirm", text=QUESTION)
        assert confirm_digest(context, link, MONDAY + timedelta(hours=1), question).done
    return found


def change(made: Made, statement: str) -> None:
    """Change something behind the program's back."""
    with sqlite3.connect(made.folder / "var" / "newsfeed.db") as database:
        database.execute(statement)


def test_the_certificate_tells_what_was_agreed_to(made: Made) -> None:
    """For people at a terminal: both steps, with their proofs, and that the chain is whole."""
    done = newsfeed("-C", made.folder, "subscribers", "certificate", ANNA)
    assert (done.returncode, done.stderr) == (0, "")
    assert "asked for it" in done.stdout
    assert "on the page /fr/subscribe" in done.stdout
    assert "12 s after it was shown" in done.stdout
    assert done.stdout.rstrip().endswith("the chain of consents is whole")


def test_programs_get_the_pages_as_they_were_shown(made: Made) -> None:
    """By their checksums."""
    done = newsfeed("-C", made.folder, "subscribers", "certificate", ANNA, "--json")
    told = json.loads(done.stdout)
    assert told["whole"]
    asked, confirmed = told["consents"]
    assert told["shown"][asked["evidence"]["form"]] == FORM
    assert told["shown"][confirmed["evidence"]["form"]] == QUESTION
    assert "readers.example" not in told["shown"][asked["evidence"]["mail"]]
    assert confirmed["previous"] == asked["hash"]


def test_a_page_can_be_printed(made: Made) -> None:
    """In the language of an edition; it stands alone."""
    words = ("-C", made.folder, "subscribers", "certificate", ANNA, "--html")
    page = newsfeed(*words, "--lang", "de", "--now", MONDAY.isoformat()).stdout
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="de"' in page
    assert "Nachweis der Einwilligung" in page
    assert "S’abonner" in page
    assert "Menu" not in page
    assert "<link" not in page
    assert newsfeed(*words, "--now", MONDAY.isoformat()).stdout != page


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE consents SET wording = 'other' WHERE id = 2", "is broken at record 2"),
        ("UPDATE shown_pages SET text = 'other' WHERE text LIKE '%Menu%'", "was changed: sha256"),
        ("DELETE FROM shown_pages", "was changed: sha256"),
        ("UPDATE consents SET at = 'x' WHERE id = 2", "is broken at record 2"),
        ("UPDATE consents SET at = NULL WHERE id = 1", "is broken at record 1"),
        ("UPDATE consents SET evidence = '[1' WHERE id = 2", "is broken at record 2"),
        ("UPDATE consents SET evidence = '[1]' WHERE id = 2", "is broken at record 2"),
        ("UPDATE consents SET salt = 'x', hash = 7 WHERE id = 2", "is broken at record 2"),
        ("UPDATE consents SET language = '<script>' WHERE id = 1", "is broken at record 1"),
        ("UPDATE consents SET how = x'ff00' WHERE id = 2", "is broken at record 2"),
        ('UPDATE consents SET evidence = \'{"filled": "x"}\' WHERE id = 1', "is broken at record 1"),
        ("DELETE FROM consents WHERE id = 1", "is broken at record 2"),
        ("UPDATE consents SET previous = hash, hash = previous WHERE id = 2", "is broken at record 2"),
    ],
)
def test_what_was_changed_is_told(made: Made, statement: str, reason: str) -> None:
    """In every form, with status 1."""
    change(made, statement)
    words = ("-C", made.folder, "subscribers", "certificate", ANNA)
    done = newsfeed(*words)
    assert done.returncode == 1
    assert reason in done.stdout
    assert "is whole" not in done.stdout
    assert json.loads(newsfeed(*words, "--json").stdout)["whole"] is False
    page = newsfeed(*words, "--html")
    assert page.returncode == 1
    assert "this certificate proves nothing" in page.stdout


def test_what_people_call_themselves_is_text(made: Made) -> None:
    """In the page, and in a terminal, whatever it holds."""
    name = "</dd><script>alert(1)</script>\x1b[31m\u202e"
    with sqlite3.connect(made.folder / "var" / "newsfeed.db") as database:
        database.execute("UPDATE subscribers SET name = ?", (name,))
    words = ("-C", made.folder, "subscribers", "certificate", ANNA)
    page = newsfeed(*words, "--html").stdout
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in newsfeed(*words).stdout
    assert json.loads(newsfeed(*words, "--json").stdout)["name"] == name
