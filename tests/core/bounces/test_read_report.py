"""What mails in the bounce mailbox are, by what machines wrote into them."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsfeed.bounces.flufl_guesses import guess_failures
from newsfeed.core.bounces.dsn import RecipientReport
from newsfeed.core.bounces.mime import SIZE_LIMIT
from newsfeed.core.bounces.read_report import (
    DETAIL,
    KINDS,
    ReturnedMail,
    find_recipient,
    read_returned_mail,
    redact,
)
from newsfeed.core.bounces.reasons import classify_status
from tests.mailboxes.letters import NAMES, ONE_CLICK, READER, TOKEN, letter

KIND_OF = {
    "answer-with-quoted-bounce": "unrelated",
    "away-exchange-en": "auto-reply",
    "away-old-fr": "auto-reply",
    "away-sieve-de": "auto-reply",
    "away-x-autoreply-nl": "auto-reply",
    "complaint-microsoft": "complaint",
    "complaint-redacted": "complaint",
    "complaint-yahoo": "complaint",
    "delivered": "unrelated",
    "exchange-full-fr": "failed",
    "exchange-unknown": "failed",
    "exchange-unknown-nl": "failed",
    "exim-old": "failed",
    "exim-unknown": "failed",
    "forwarded-unknown": "failed",
    "gmail-delayed": "delayed",
    "gmail-unknown": "failed",
    "not-spam": "unrelated",
    "postfix-delayed": "delayed",
    "postfix-expired": "failed",
    "postfix-full": "failed",
    "postfix-policy": "failed",
    "postfix-unknown": "failed",
    "postfix-unknown-de": "failed",
    "qmail-refused": "failed",
    "qmail-unknown": "failed",
    "qmail-unsigned": "failed",
    "receipt": "auto-reply",
    "sendmail-unknown": "failed",
    "smtputf8-unknown": "failed",
}
STATUS_OF = {
    "exchange-full-fr": "5.2.2",
    "exchange-unknown": "5.1.10",
    "exchange-unknown-nl": "5.1.1",
    "exim-old": "5.0.0",
    "exim-unknown": "5.1.1",
    "gmail-delayed": "4.4.1",
    "gmail-unknown": "5.1.1",
    "postfix-delayed": "4.7.1",
    "postfix-expired": "4.7.1",
    "postfix-full": "5.2.2",
    "postfix-policy": "5.7.1",
    "postfix-unknown": "5.1.1",
    "postfix-unknown-de": "5.1.1",
    "qmail-refused": "5.0.0",
    "qmail-unknown": "5.1.1",
    "sendmail-unknown": "5.1.1",
}
REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: bounces+{token}@example.org
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status{more}

{groups}
--b--
"""


def read(data: bytes | str) -> ReturnedMail:
    """As the verb reads."""
    return read_returned_mail(data.encode() if isinstance(data, str) else data, guess_failures)


def report(*groups: str, more: str = "") -> str:
    """A delivery report with these groups of fields below the first."""
    blocks = "\n\n".join(("Reporting-MTA: dns; mx.example.net", *groups))
    return REPORT.format(token=TOKEN, more=more, groups=blocks)


def test_every_letter_has_a_kind_here() -> None:
    """No letter is forgotten in the tables below."""
    assert sorted(KIND_OF) == NAMES


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["maildir", "imap"])
@pytest.mark.parametrize("name", NAMES)
def test_letters_are_told_apart(name: str, line_end: bytes) -> None:
    """Servers, languages and line ends do not matter."""
    assert read(letter(name, line_end=line_end)).kind == KIND_OF[name]


@pytest.mark.parametrize("name", sorted(STATUS_OF))
def test_the_status_for_the_reader_is_found(name: str) -> None:
    """In the report, sharpened by the other server's words; in the text where there is no report."""
    said = find_recipient(read(letter(name)), READER)
    assert (said.status, said.final) == (STATUS_OF[name], READER)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"complaint-redacted", "qmail-unsigned"}))
def test_the_return_path_is_found_wherever_it_stands(name: str) -> None:
    """In the envelope, the report or the original; behind SRS; whatever relays did to its case."""
    assert read(letter(name)).tokens == (TOKEN,)


@pytest.mark.parametrize(
    "place",
    [
        "To: {path}\n\n",
        "Envelope-To: x@example.org, <{path}>\n\n",
        (
            "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
            "X-Postfix-Sender: rfc822; {path}\n--b--\n"
        ),
        (
            "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n"
            "Original-Mail-From: <{path}>\n--b--\n"
        ),
        (
            "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: text/rfc822-headers\n\n"
            "Return-Path: <{path}>\n--b--\n"
        ),
        "Subject: failure notice\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <{path}>\n",
    ],
    ids=["to", "envelope", "report", "feedback", "original", "text"],
)
def test_one_place_is_enough(place: str) -> None:
    """Servers differ in what they leave of the return path."""
    assert read(place.format(path=f"bounces+{TOKEN}@example.org")).tokens == (TOKEN,)


def test_a_notice_in_several_parts_is_understood() -> None:
    """As Postfix wrote it before there were reports: known by the description of a part."""
    text = (
        "From: MAILER-DAEMON@mx.example.net\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\n\nSome server's legal notice.\n--b\nContent-Description: Notification\n\n"
        f"Sorry.\n\n\t\t\tThe Postfix program\n\n<{READER}>: 550 5.1.1 unknown\n--b--\n"
    )
    said = find_recipient(read(text), READER)
    assert (said.final, said.status) == (READER, "5.1.1")


def test_a_redacted_complaint_shows_the_unsubscribe_link() -> None:
    """The provider has blackened everything else."""
    found = read(letter("complaint-redacted"))
    assert (found.tokens, found.one_click) == ((), (ONE_CLICK,))


def test_what_the_original_was_is_kept() -> None:
    """Its Message-ID, and what the complaint calls itself."""
    found = read(letter("complaint-yahoo"))
    assert found.message_id == "<staff.20100208.en.3f2a9c71d0b84e5566aa01ff@example.org>"
    assert found.feedback == "abuse"


def test_one_of_several_addresses_behind_an_alias_is_no_proof() -> None:
    """The other one may still get the mail: soft, although the report says 5.1.1."""
    said = find_recipient(read(letter("forwarded-unknown")), READER)
    assert classify_status(said.status, said.action) == "soft"


def test_an_alias_all_of_whose_addresses_fail_is_gone() -> None:
    """Nothing arrives any more."""
    gone = "Final-Recipient: rfc822; {}@example.test\nAction: failed\nStatus: 5.1.1"
    said = find_recipient(read(report(gone.format("a"), gone.format("b"))), READER)
    assert classify_status(said.status, said.action) == "hard"


def test_the_reader_among_several_recipients_is_the_one_that_counts() -> None:
    """What happened to others in the same report does not matter."""
    other = "Final-Recipient: rfc822; other@example.test\nAction: failed\nStatus: 5.1.1"
    ours = f"Original-Recipient: rfc822; {READER.upper()}\nFinal-Recipient: rfc822; x@example.test\n"
    assert (
        find_recipient(read(report(other, ours + "Action: failed\nStatus: 5.2.2")), READER).status == "5.2.2"
    )
    assert (
        find_recipient(read(report(other, ours + "Action: delayed\nStatus: 4.2.2")), READER).action
        == "delayed"
    )


@pytest.mark.parametrize(
    ("group", "status", "action"),
    [
        ("Action: failed (5 attempts)\nStatus: 5.1.1 (bad mailbox)", "5.1.1", "failed"),
        ("Action: Error\nStatus: 5.1.1", "5.1.1", "failed"),
        ("Status: 5.1.1", "5.1.1", "failed"),
        ("Status: 4.4.7", "4.4.7", "delayed"),
        ("Action: failed", "5.0.0", "failed"),
        ("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 gone", "5.1.1", "failed"),
        ("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 452 4.2.2 full", "5.0.0", "failed"),
        ("Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 550 5.1.1 gone", "5.2.2", "failed"),
        ("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 host 5.1.1.7 said no", "5.0.0", "failed"),
        ("Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.7.1 no", "5.7.1", "failed"),
        ("Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 552 5.2.2 full", "5.2.2", "failed"),
        ("Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 451 4.3.0 later", "4.3.0", "failed"),
        ("Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 550 5.7.1 no", "5.7.1", "failed"),
        ("Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 550 5.1.1 gone", "5.7.1", "failed"),
        ("Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.0.0 no", "5.1.1", "failed"),
        ("Action: failed\nStatus: 5.1.0\nDiagnostic-Code: smtp; 550-'5.1.1 gone'", "5.1.1", "failed"),
        ("Action: failed\nDiagnostic-Code: smtp; 550 gone", "5.0.0", "failed"),
        ("Action: failed\nStatus: 2.0.0\nDiagnostic-Code: smtp; 450 later", "4.0.0", "failed"),
        ("Action: failure\nStatus: 5.1.1", "5.1.1", "failed"),
        ("Action: Undeliverable (really)\nStatus: 5.1.1", "5.1.1", "failed"),
        ("Action: retrying\nStatus: 4.4.1", "4.4.1", "delayed"),
        ("Action: bounced\nDiagnostic-Code: smtp; 550 gone", "5.0.0", "failed"),
    ],
)
def test_reports_are_read_as_servers_write_them(group: str, status: str, action: str) -> None:
    """Comments, missing fields, a status that says nothing beside a diagnosis that does."""
    said = find_recipient(read(report(f"Final-Recipient: rfc822; {READER}\n{group}")), READER)
    assert (said.status, said.action) == (status, action)


@pytest.mark.parametrize("said", ["smtp; 550 5.1.1 gone", "550 5.1.1 gone"])
def test_a_diagnosis_is_kept_without_its_type(said: str) -> None:
    """Some servers leave it out."""
    (recipient,) = read(report(f"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: {said}")).recipients
    assert (recipient.status, recipient.diagnostic) == ("5.1.1", "550 5.1.1 gone")


@pytest.mark.parametrize("more", ["\nContent-Transfer-Encoding: base64", "; charset=x"])
def test_an_encoded_report_is_read_too(more: str) -> None:
    """Although RFC 3464 forbids it."""
    text = f"Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; {READER}\nAction: failed\nStatus: 5.1.1\n"
    if "base64" in more:
        import base64

        encoded = base64.encodebytes(text.encode()).decode()
        data = REPORT.format(token=TOKEN, more=more, groups=encoded)
    else:
        data = REPORT.format(token=TOKEN, more=more, groups=text)
    assert find_recipient(read(data), READER).status == "5.1.1"


def test_a_report_inside_an_attached_mail_is_somebody_elses() -> None:
    """Who forwards a bounce as an attachment has not bounced."""
    inner = report(f"Final-Recipient: rfc822; {READER}\nAction: failed\nStatus: 5.1.1")
    data = f"From: a@example.net\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n{inner}\n--o--\n"
    assert read(data).kind == "unrelated"


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus", "Not-Spam"])
def test_feedback_that_is_no_wish_to_stop_is_no_complaint(kind: str) -> None:
    """RFC 5965 has a type for mails taken out of the spam folder."""
    data = letter("complaint-yahoo").replace(b"Feedback-Type: abuse", f"Feedback-Type: {kind}".encode())
    assert read(data).kind == "unrelated"


@pytest.mark.parametrize("kind", ["fraud", "opt-out", "other", "", "something-new"])
def test_any_other_feedback_stops(kind: str) -> None:
    """Somebody pressed a button about our mail: to stop is the smaller mistake."""
    data = letter("complaint-yahoo").replace(b"Feedback-Type: abuse", f"Feedback-Type: {kind}".encode())
    assert read(data).kind == "complaint"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Auto-Submitted: auto-replied", "auto-reply"),
        ("Auto-Submitted: AUTO-GENERATED; owner-email=x", "auto-reply"),
        ("Auto-Submitted: no", "unrelated"),
        ("X-Autoreply: yes", "auto-reply"),
        ("X-Autorespond: my holiday", "auto-reply"),
        ("X-Autoreply: no", "unrelated"),
        ("Precedence: auto_reply", "auto-reply"),
        ("X-Auto-Response-Suppress: All", "auto-reply"),
        ("Subject: Out of office", "unrelated"),
        ("Return-Path: <>\nSubject: Out of office", "auto-reply"),
        ("Return-Path: <MAILER-DAEMON>\nSubject: Abwesend bis Montag", "auto-reply"),
        ("Return-Path: <>\nSubject: =?utf-8?q?R=C3=A9ponse_automatique?=", "auto-reply"),
        ("Return-Path: <>\nSubject: =?no-such-charset?q?Afwezig?=", "auto-reply"),
        ("Return-Path: <>\nSubject: =?utf-8?b?broken", "unrelated"),
        ("Subject: Hello", "unrelated"),
    ],
)
def test_automatic_answers_are_known_by_their_marks(header: str, kind: str) -> None:
    """RFC 3834; subjects count only where no person can be answered."""
    assert read(f"From: {READER}\n{header}\n\nI am away (550 5.1.1).\n").kind == kind


def test_a_warning_without_a_report_is_a_delay() -> None:
    """The second opinion knows those too."""
    text = (
        "From: MAILER-DAEMON@mx.example.net\n\nA message that you sent has not yet been delivered to\n\n"
        f"  {READER}\n\nNo action is required on your part.\n"
    )
    assert read(text).kind == "delayed"


def test_without_a_second_opinion_old_servers_are_not_understood() -> None:
    """Where the envelope does not say whom they are about. It is an argument: the decisions themselves need no
    library.
    """
    assert read_returned_mail(letter("qmail-unsigned")).kind == "unrelated"
    assert read(letter("qmail-unsigned")).kind == "failed"


def test_what_is_said_below_the_copy_of_our_mail_is_not_the_servers() -> None:
    """A story about the number 550 5.1.1 removes nobody."""
    data = letter("qmail-refused").replace(b"Two wells", b"550 5.1.1 wells")
    assert find_recipient(read(data), READER).status == "5.0.0"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("550 5.1.1 <jane.doe@example.net>: unknown", "550 5.1.1 <…>: unknown"),
        ("no mailbox Jane.Doe here\r\nX-Injected: yes", "no mailbox … here X-Injected: yes"),
        ("550 amy@example.net and Jane: unknown", "550 … and Jane: unknown"),
        ("\x1b[2Jgone\u202e", "[2Jgone"),
        ("x" * 5_000, "x" * DETAIL),
    ],
)
def test_what_is_kept_names_nobody(text: str, shown: str) -> None:
    """One line, no address, nothing that moves a cursor."""
    assert redact(text, READER) == shown


def test_a_name_of_two_letters_is_no_name() -> None:
    """Else every second word would be gone."""
    assert redact("no such user: amy", "amy@example.net") == "no such user: …"
    assert redact("no such user: no", "no@example.net") == "no such user: no"


def test_nothing_said_is_nothing_known() -> None:
    """A report without recipients has no status for anybody."""
    assert find_recipient(ReturnedMail(kind="failed"), READER) == RecipientReport()


# -- bad input -----------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        b"\n",
        b"\n\n",
        b"--b\n",
        b"--b--\n",
        b"Content-Type: multipart/report; boundary=b\n",
        b'Content-Type: multipart/mixed; boundary="b"\n',
        b"Content-Type: message/rfc822\n",
        b"Content-Type: message/delivery-status\n",
        b"Content-Type: message/feedback-report\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: quoted-printable\n",
        b"Final-Recipient: rfc822; a@b\n",
        b"Action: failed\n",
        b"Status: 5.1.1\n",
        b"Date: Mon, 1 Jan 0000 99:99:99 +9999\n",
        b"Return-Path: <>\n",
        b"From: MAILER-DAEMON@sina.com\n",
        b"X-Mailer: <SMTP32 v1>\n",
        b"Hi. This is the qmail-send program\n",
        b"Subject: =?utf-8?b?/w==?= =?x?q?=ff?=\n",
        b"List-Unsubscribe: <https://a/",
        b"\xff\xfe\x00",
        b"=?", b"\r", b",,,,,@", b"<<<<",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(data=st.one_of(st.binary(max_size=3_000), st.lists(PIECES, max_size=60).map(b"".join)))
@example(data=b"")
@example(data=b"\n")
@example(data=b"From \n\n")
def test_any_bytes_are_something(data: bytes) -> None:
    """Whatever comes in, it has a kind, and nothing is raised."""
    assert read(data).kind in KINDS


@settings(deadline=None)
@given(
    name=st.sampled_from(NAMES),
    cut=st.integers(0, 6_000),
    noise=st.lists(st.tuples(st.integers(0, 6_000), st.integers(0, 255)), max_size=20),
)
def test_damaged_letters_are_something(name: str, cut: int, noise: list[tuple[int, int]]) -> None:
    """Cut off or with bytes changed: no different."""
    data = bytearray(letter(name)[: cut or None])
    for place, value in noise:
        if data:
            data[place % len(data)] = value
    assert read(bytes(data)).kind in KINDS


def _bomb(kind: str) -> bytes:
    head = b"From: MAILER-DAEMON@a\nContent-Type: multipart/mixed; boundary=b\n\n"
    nested = b"".join(
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(20_000)
    )
    return {
        "nested multiparts": b"Content-Type: multipart/mixed; boundary=b0\n\n" + nested,
        "nested mails": b"Content-Type: message/rfc822\n\n" * 40_000,
        "many parts": head + b"--b\n\nx\n" * 150_000,
        "false boundaries": head + b"--bb\n" * 200_000,
        "many headers": b"a: b\n" * 200_000,
        "one long header": b"Subject: " + b"x" * 2_000_000,
        "many folds": b"To: a\n" + b" +aaaaaaaaaaaaaaaaaaaaaaaaaa@\n" * 60_000,
        "one long line": b"From: MAILER-DAEMON@a\n\n" + b"a" * 2_000_000,
        "commas": b"From: MAILER-DAEMON@a\n\n" + b"," * 2_000_000,
        "openings": head
        + b"--b\n\nThis Message was undeliverable due to the following reason:\n"
        + b"<" * 2_000_000,
        "short lines": b"From: MAILER-DAEMON@a\n\n" + b"a\n" * 500_000,
        "recipients": report(*["Final-Recipient: rfc822; a@b\nAction: failed"] * 20_000).encode(),
        "huge": letter("postfix-unknown") + b"x" * 20_000_000,
        **_notice_bombs(),
    }[kind]


def _notice_bombs() -> dict[str, bytes]:
    """Mails that look like notices to the holder of a token, and are hard to read."""
    text = f"Return-Path: <>\nTo: bounces+{TOKEN}@example.org\nSubject: failure notice\n\n".encode()
    html = text.replace(b"\n\n", b"\nContent-Type: text/html\n\n")
    wrapped = text.replace(b"\n\n", b"\nContent-Type: message/rfc822\n\n")
    long = "Final-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; "
    words = (
        b"550 ",
        b"sender ",
        b"over ",
        b"a@",
        b"https://",
        b"user ",
        b"box ",
        b"too many a ",
        b"(",
        b"-- ",
    )
    return {
        "dashes": text + b"-" * 1_000_000,
        "many dashes": text + b"-- " * 400_000,
        "blank lines": text + b"\n" * 1_000_000,
        "blanks": text + b" " * 1_000_000,
        "quoted": text + b"> " * 500_000,
        "codes": text + b"550 " * 300_000,
        "codes and colons": text + b"550" + b": " * 600_000,
        "statuses": text + b"5.1." * 300_000,
        "groups": text + b"Final-Recipient: a\n\n" * 60_000,
        "comments": html + b"<!--" * 300_000,
        "styles": html + b"<style " * 200_000,
        "scripts": html + b"<script></script>" * 60_000,
        "tags": html + b"<p " * 400_000,
        "open tags": html + b"<" * 1_000_000,
        "entities": html + b"&lt;" * 300_000,
        "growing letters": html + "İ".encode() * 300_000 + b"<style>",
        "wrapped bombs": wrapped + wrapped * 10_000,
        "wrapped headers": wrapped + b"To: a@b\n" * 120_000,
        "many words": text + b"\n".join(word * 100_000 for word in words),
        "long diagnosis": report(long + "sender " * 100_000).encode(),
    }


BOMBS = ["nested multiparts", "nested mails", "many parts", "false boundaries", "many headers", "one long header",
         "many folds", "one long line", "commas", "openings", "short lines", "recipients", "huge",
         *_notice_bombs()]  # fmt: skip


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_costs_little(kind: str) -> None:
    """Size, parts, depth and lines are bounded: a second is far more than any needs."""
    data = _bomb(kind)
    assert len(data) > SIZE_LIMIT / 2
    started = time.process_time()
    read(data)
    assert time.process_time() - started < 1
