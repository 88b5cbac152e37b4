"""Texts for people: what of a mail its writer says, and who writes like a server."""

import pytest

from newsfeed.core.bounces.mime import parse_mail
from newsfeed.core.bounces.notices import html_to_text, is_from_daemon, read_notice, read_own_texts


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>550 5.1.1 no<br>such&nbsp;user</p>", "550 5.1.1 no\nsuch user"),
        ("<style>a { 550 }</style>x<script>551</script>y", "xy"),
        ("<STYLE>a</STYLE>x<!-- 550 -->y", "xy"),
        ("x<style>never closed 550", "x"),
        ("x<!-- never closed", "x"),
        ("&lt;jane@example.net&gt;: 550", "<jane@example.net>: 550"),
        ("a < b", "a < b"),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a\n\nb"),
        ("", ""),
    ],
)
def test_words_of_html_are_found(html: str, text: str) -> None:
    """Blocks become lines; style sheets, programs and comments are no words."""
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "line",
    [
        "--- Below this line is a copy of the message.",
        "------ This is a copy of your message, including all the headers. ------",
        "   ----- Original message follows -----",
        "   ----- Unsent message follows -----",
        "Original message headers:",
        "Below is a copy of the original message:",
        "--- Es folgen die Kopfzeilen der Nachricht ---",
        "En-têtes du message d'origine :",
        "Return-Path: <bounces@example.org>",
        "> Received: from a by b",
        "List-Id: News <news.example.org>",
    ],
)
def test_the_copy_of_our_mail_is_cut_off(line: str) -> None:
    """However it is announced; or not at all, by its own header."""
    (text,) = read_own_texts(parse_mail(f"\nThe reason is ours.\n\n{line}\n\n550 5.1.1\n".encode()))
    assert text == "The reason is ours.\n\n"


@pytest.mark.parametrize(
    "line",
    [
        "----- The following addresses had permanent fatal errors -----",
        "   ----- Transcript of session follows -----",
        "--- Session Transcript ---",
        "The original message was received at Mon, 8 Feb 2010",
        "Your message:",
        "---------------------",
        "** Address not found **",
    ],
)
def test_what_stands_above_the_reason_cuts_nothing_off(line: str) -> None:
    """Servers draw lines there, too."""
    assert "550 5.1.1" in next(read_own_texts(parse_mail(f"\n{line}\n\n550 5.1.1\n".encode())))


@pytest.mark.parametrize(
    ("header", "server"),
    [
        ("Return-Path: <>", True),
        ("Return-Path: MAILER-DAEMON", True),
        ("Return-Path: <MAILER-DAEMON@mx.example.net>", True),
        ("From: MAILER-DAEMON <>", True),
        ("From: Mail Delivery Subsystem <x@example.net>", True),
        ("From: =?utf-8?q?Administrateur_syst=C3=A8me?= <x@example.net>", True),
        ("X-Failed-Recipients: jane@example.net", True),
        ("Return-Path: <jane@example.net>", False),
        ("From: Jane <jane@mailer-daemon.example>", False),
        ("From: Jane <jane@example.net>", False),
        ("Subject: none of these", False),
    ],
)
def test_servers_are_known_by_their_names(header: str, server: bool) -> None:
    """Or by the path that nobody answers to."""
    assert is_from_daemon(parse_mail(f"{header}\n\n550".encode()).fields) is server


@pytest.mark.parametrize(
    ("subject", "text", "action", "status"),
    [
        ("failure notice", "550 5.1.1 no", "failed", "5.1.1"),
        ("failure notice", "(#5.2.2)", "failed", "5.2.2"),
        ("failure notice", "554: 5.7.9 no", "failed", "5.7.9"),
        ("failure notice", "550 no (#5.1.1)", "failed", "5.1.1"),
        ("failure notice", "550 no\n\n551 5.1.1 later", "failed", "5.0.0"),
        ("failure notice", "could not be delivered", "failed", "5.0.0"),
        ("Undeliverable: Delayed trains", "550 5.1.1 no", "failed", "5.1.1"),
        ("Delivery delayed", "550 5.1.1 no", "delayed", "5.1.1"),
        ("Mail", "450 4.2.0 not now; we will keep trying", "delayed", "4.2.0"),
        ("Mail", "450 4.2.0 not now; we have given up", "failed", "4.2.0"),
        ("Mail", "450 4.2.0", "delayed", "4.2.0"),
    ],
)
def test_the_first_status_counts(subject: str, text: str, action: str, status: str) -> None:
    """Or the first reply code; news of a delay are no failure."""
    mail = parse_mail(f"From: MAILER-DAEMON@example.net\nSubject: {subject}\n\n{text}\n".encode())
    (report,) = read_notice(mail)
    assert (report.action, report.status) == (action, status)
