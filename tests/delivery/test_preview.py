"""The deliver verb: what leaves, what does not, what the report says, and the headers of every mail."""

import re
from collections.abc import Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from newsfeed.app import site as app
from newsfeed.app.previews import send_digest
from newsfeed.config import loader
from newsfeed.delivery.preview import EmptyLedger
from newsfeed.errors import OutsideError, UsageError
from newsfeed.model import Message
from newsfeed.problems import PROBLEM_KINDS, Location, Severity, problem
from newsfeed.settings import LocalisedText
from newsfeed.testing import MemoryChannel, write_tree
from tests.examples import examples
from tests.mail.issues import (
    CONFIG,
    LANGUAGES,
    NOW,
    TITLES,
    issue,
    read_message,
    reader,
    slot,
    stories,
    texts_of,
)
from tests.mail.wild import attacks
from tests.peers.lint import lint_mail, parts_agree

ERRORS = sorted(code for code, kind in PROBLEM_KINDS.items() if kind.severity is Severity.ERROR)
OTHERS = sorted(code for code, kind in PROBLEM_KINDS.items() if kind.severity is not Severity.ERROR)


# -- what leaves -----------------------------------------------------------------------------------


def test_every_reader_gets_one_mail_in_their_language() -> None:
    """Four readers, four languages, four mails; the report counts them by language."""
    made = issue(stories(2))
    assert [message.recipient for message in made.messages] == [
        f"reader-{lang}@readers.example" for lang in LANGUAGES
    ]
    assert {message.sender for message in made.messages} == {"news@news.example"}
    for lang, message in zip(LANGUAGES, made.messages, strict=True):
        assert read_message(message.data)["Content-Language"] == lang
    outcome = made.outcome
    assert outcome.digest == "staff"
    assert outcome.slot == slot()
    assert outcome.stories == 2
    assert outcome.messages == dict.fromkeys(LANGUAGES, 1)
    assert (outcome.skipped, outcome.left_out, outcome.dry_run, outcome.problems) == (0, 0, False, ())
    assert outcome.places == tuple(message.message_id for message in made.messages)


def test_a_dry_run_composes_everything_and_hands_over_nothing() -> None:
    """The same report but for the places, and an empty channel."""
    real, dry = issue(stories(3)), issue(stories(3), dry_run=True)
    assert dry.messages == []
    assert dry.outcome == replace(real.outcome, places=(), dry_run=True)


@pytest.mark.parametrize("code", ["audience-address", "audience-missing", "language-unknown", "not-utf8"])
def test_with_an_error_in_the_audience_nothing_leaves(code: str) -> None:
    """A half-sent issue is harder to mend than a late one; the report says what is wrong."""
    wrong = problem(code, Location("staff.csv", 3))
    fine = problem("audience-duplicate", Location("staff.csv", 4), other=2)
    made = issue(stories(2), problems=[fine, wrong])
    assert made.messages == []
    assert made.outcome.problems == (fine, wrong)
    assert (made.outcome.messages, made.outcome.stories, made.outcome.places) == ({}, 0, ())


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_stops_an_issue(code: str) -> None:
    """Whatever the code: an error is an error."""
    assert issue(stories(1), problems=[problem(code, Location("staff.csv"))]).messages == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_warning_stops_an_issue(code: str) -> None:
    """Warnings and advice travel with the report."""
    warned = problem(code, Location("staff.csv"))
    made = issue(stories(1), problems=[warned])
    assert len(made.messages) == 4
    assert made.outcome.problems == (warned,)


def test_nothing_is_sent_when_there_is_nothing_to_say() -> None:
    """``when_empty = "skip"``: readers without news are counted, not written to."""
    made = issue({}, when_empty="skip")
    assert made.messages == []
    assert made.outcome.skipped == 4
    assert made.outcome.messages == {}


def test_a_quiet_week_is_said_when_the_digest_wants_it() -> None:
    """``when_empty = "note"``: a short mail in each language, clean like any other."""
    made = issue({}, when_empty="note")
    assert made.outcome.skipped == 0
    for lang in LANGUAGES:
        assert lint_mail(made.of(lang)) == []
        assert parts_agree(made.of(lang)) == []
    assert all("All is quiet" in text for text in texts_of(made.of("en")))


def test_only_those_without_news_are_skipped() -> None:
    """One reader has had the story, the other not."""
    had = {reader("en").key: frozenset({"report-1"})}
    made = issue(stories(1), [reader("en"), reader("de")], had=had)
    assert [message.recipient for message in made.messages] == ["reader-de@readers.example"]
    assert made.outcome.skipped == 1
    noted = issue(stories(1), [reader("en"), reader("de")], had=had, when_empty="note")
    assert len(noted.messages) == 2
    assert "All is quiet" in texts_of(noted.of("en"))[0]


def test_an_audience_of_nobody_is_an_issue_for_nobody() -> None:
    """An empty audience file is not an error."""
    made = issue(stories(1), [])
    assert (made.messages, made.outcome.skipped, made.outcome.largest_html) == ([], 0, 0)


def test_the_report_counts_different_stories_over_all_readers() -> None:
    """Two readers with different pasts make one issue of three stories."""
    readers = [reader("en"), reader("de"), reader("fr")]
    had = {readers[0].key: frozenset({"report-1"}), readers[1].key: frozenset({"report-2", "report-3"})}
    made = issue(stories(3), readers, had=had)
    assert made.outcome.stories == 3
    assert made.outcome.messages == {"en": 1, "de": 1, "fr": 1}


def test_the_report_has_the_most_that_was_left_out_and_the_largest_mail() -> None:
    """Numbers of the worst mail, since that one has to be looked at."""
    readers = [reader("en"), reader("de")]
    had = {readers[0].key: frozenset({"report-1", "report-2"})}
    made = issue(stories(6), readers, had=had, max_items=3)
    assert made.outcome.left_out == 3
    sizes = [len(one.data.partition(b"text/html")[2]) for one in made.messages]
    assert 0 < max(sizes) - made.outcome.largest_html < 300


def test_readers_of_a_batch_share_everything_below_the_headers() -> None:
    """Only the envelope differs: composing once serves all."""
    made = issue(stories(2), [reader("de", f"Nr {n}", f"r{n}@readers.example") for n in range(4)])
    bodies = {message.data.partition(b"\r\n\r\n")[2] for message in made.messages}
    assert len(bodies) == 1
    (first, *_), *_ = [read_message(message.data)["To"].addresses for message in made.messages]
    assert (first.display_name, first.addr_spec) == ("Nr 0", "r0@readers.example")


def test_a_channel_that_fails_stops_the_issue() -> None:
    """The error of the outside world is not swallowed, and nothing is handed over after it."""

    class Full(MemoryChannel):
        """A channel whose disk is full after two messages."""

        def send(self, message: Message) -> str:
            """Keep two."""
            if len(self.sent) == 2:
                raise OutsideError("no space left on device")
            return super().send(message)

    channel = Full()
    with pytest.raises(OutsideError, match="no space left"):
        issue(stories(1), channel=channel)
    assert len(channel.sent) == 2


def test_the_first_ledger_remembers_nothing() -> None:
    """Until there is a database nobody has had anything."""
    assert EmptyLedger().stories_received("staff") == {}


# -- headers ---------------------------------------------------------------------------------------


def headers(lang: str = "de", **changed: object) -> Mapping[str, str]:
    """The headers of a mail, in order."""
    message = read_message(issue(stories(1), [reader(lang, "Jörg")], **changed).of(lang))
    return {name: str(value) for name, value in message.items()}


def test_a_mail_has_the_headers_of_bulk_mail_once_each() -> None:
    """RFC 5322, 2369, 2919 and 3834, and what large mailboxes ask for."""
    found = headers()
    assert list(found) == [
        "To",
        "Message-ID",
        "List-Unsubscribe",
        "From",
        "Reply-To",
        "Subject",
        "Date",
        "List-Id",
        "List-Help",
        "List-Archive",
        "List-Owner",
        "List-Post",
        "Auto-Submitted",
        "Precedence",
        "X-Auto-Response-Suppress",
        "Feedback-ID",
        "MIME-Version",
        "Content-Language",
        "Content-Type",
    ]
    assert found["Reply-To"] == "answers@news.example"
    assert found["Subject"] == f"{TITLES['de'].format(n=1)} – Der Wochenbrief für alle"
    assert found["List-Id"] == "Der Wochenbrief für alle <staff.news.example>"
    assert found["List-Unsubscribe"] == "<mailto:answers@news.example?subject=unsubscribe%20staff>"
    assert found["List-Archive"] == "<https://news.example/de/>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(found["Date"]) == slot().instant


def test_answers_go_to_the_sender_when_nobody_else_is_named() -> None:
    """Without ``reply_to`` every address of the mail is the sender's; without a name the site's."""
    bare = CONFIG.replace('reply_to = "answers@news.example"\n', "").replace(
        "Réseau de l’eau <news@news.example>", "news@news.example"
    )
    found = headers("fr", config=bare)
    assert found["Reply-To"] == "news@news.example"
    assert "mailto:news@news.example>" in found["List-Help"]
    assert found["From"] == "Les nouvelles du réseau de l’eau <news@news.example>"


def test_a_digest_without_a_title_is_called_like_the_site() -> None:
    """The edition's own title, so still in the reader's language."""
    found = headers("nl", title=LocalisedText())
    assert found["Subject"] == f"{TITLES['nl'].format(n=1)} – Nieuws van het waternetwerk"


def test_an_address_with_signs_of_its_own_stays_one_address() -> None:
    """What means something in a mailto: address is encoded (RFC 6068)."""
    odd = CONFIG.replace("answers@news.example", "a+b%c?d&e@news.example")
    assert headers(config=odd)["List-Help"] == "<mailto:a+b%25c%3Fd%26e@news.example>"


@given(attacks())
@settings(max_examples=examples(60), deadline=None)
def test_no_text_of_a_site_reaches_the_headers_as_a_header(text: str) -> None:
    """A reader's name and a digest's title: whatever they hold, the headers stay as they are."""
    usual = list(headers())
    made = issue(stories(1), [reader("de", text)], title=LocalisedText(text))
    message = read_message(made.of("de"))
    assert message.keys() == usual
    assert [one.addr_spec for one in message["To"].addresses] == ["reader-de@readers.example"]
    assert made.messages[0].recipient == "reader-de@readers.example"


ODD_ADDRESSES = [
    "news@exämple.de",
    "nèws@news.example",
    "news@news",
    "a b@news.example",
    "a@b@news.example",
    "news@.example",
    "x(y)@news.example",
    "news@news.example\\r\\nBcc: a@b.example",
    "\\u0001@news.example",
    "<a>b@c.example",
]
ODD_NAMES = [
    "Staff",
    "wöchentlich",
    "a b",
    "a\\r\\nBcc: x@y.example",
    "",
    "a.b",
    "a_b",
    "x@y",
    "<a>",
    "ä",
    "--",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_digest_whose_name_no_header_can_say_is_refused(name: str) -> None:
    """The name stands in Message-ID and List-Id: the configuration is told, not the mail."""
    text = CONFIG.replace("[digests.staff", f'[digests."{name}"')
    found, problems = loader.parse_settings(text)
    assert found is None
    assert {one.code for one in problems} == {"config-value"}


@pytest.mark.parametrize("address", ODD_ADDRESSES)
@pytest.mark.parametrize("key", ["from", "reply_to"])
def test_an_address_no_header_can_say_is_refused(key: str, address: str) -> None:
    """ASCII only, one address, nothing quoted; domains in their ``xn--`` form."""
    text = CONFIG.replace('reply_to = "answers@news.example"', f'{key} = "{address}"')
    if key == "from":
        text = text.replace('from = "Réseau de l’eau <news@news.example>"\n', "")
    found, problems = loader.parse_settings(text)
    assert found is None
    assert "config-value" in {one.code for one in problems}


@pytest.mark.parametrize("url", ["https://exämple.de/", "https://news.example/nouvelles-été/"])
def test_a_web_address_no_header_can_say_is_refused(url: str) -> None:
    """Web addresses are ASCII (RFC 3986); List-Archive has the site's."""
    found, problems = loader.parse_settings(CONFIG.replace("https://news.example/", url))
    assert found is None
    assert [one.code for one in problems] == ["config-value"]


# -- from the files of a site ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> app.Site:
    """A small site on disk with two readers, one of them twice."""
    rows = (
        "email,name,language\nann@readers.example,Ann,en\njan@readers.example,,nl\nANN@readers.example,A,en\n"
    )
    files = {"config.toml": CONFIG, "staff.csv": rows, **stories(2)}
    return app.read(write_tree(tmp_path_factory.mktemp("site"), files), NOW)


def test_the_newest_issue_lands_in_the_outbox(site: app.Site, tmp_path: Path) -> None:
    """The configured channel writes one file per reader; a warning about the audience is passed on."""
    outcome = send_digest(site, "staff", NOW, tmp_path, {}, dry_run=False)
    assert [one.code for one in outcome.problems] == ["audience-duplicate"]
    assert outcome.problems[0].where.text == "ANN@readers.example,A,en"
    assert sorted(outcome.places) == sorted(str(path) for path in tmp_path.iterdir())
    assert len(outcome.places) == 2
    for path in tmp_path.iterdir():
        assert lint_mail(path.read_bytes()) == []


def test_a_dry_run_makes_no_folder(site: app.Site, tmp_path: Path) -> None:
    """Not even the outbox."""
    send_digest(site, "staff", NOW, tmp_path / "outbox", {}, dry_run=True)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_digest_is_a_mistake_of_the_command(site: app.Site) -> None:
    """The message lists those that there are."""
    with pytest.raises(UsageError, match="no digest “stuff”") as caught:
        send_digest(site, "stuff", NOW, None, {}, dry_run=True)
    assert caught.value.hint == "digests are: staff"


def test_without_a_sender_nothing_can_be_sent(site: app.Site) -> None:
    """The message says what to add."""
    nobody = replace(site.settings, mail=replace(site.settings.mail, sender=""))
    with pytest.raises(UsageError, match="who writes") as caught:
        send_digest(
            replace(site, context=replace(site.context, settings=nobody)),
            "staff",
            NOW,
            None,
            {},
            dry_run=True,
        )
    assert re.search(r"\[mail\] from =", caught.value.hint)
