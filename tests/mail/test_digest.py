"""The mail's bytes: headers that read back as they were, parts that survive, nothing smuggled in."""

import quopri
import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS, join_lines
from newsfeed.core.digests.views import keep_newest
from newsfeed.mail import digest
from newsfeed.mail import message as mime
from newsfeed.views import DigestEntry, DigestGroup, DigestView, Fallback
from tests.examples import examples
from tests.mail.issues import read_message, tools
from tests.mail.wild import BREAKS, SMUGGLED, attacks, titles
from tests.peers.lint import lint_mail, parts_agree

ADDRESS = "somebody@readers.example"
LIST = "staff.news.example"
ENCODED_WORD = re.compile(rb"=\?utf-8\?[bq]\?[!->@-~]*\?=")
HEADERS = ("From", "To", "Subject", "List-Id")
PLACE = "https://news.example/en/news/2026/{n}/"


def headers(text: str, address: str = ADDRESS) -> list[tuple[str, str]]:
    """The four headers that hold words of the site, all with these."""
    return [
        ("From", mime.format_address_header("From", text, address)),
        ("To", mime.format_address_header("To", text, address)),
        ("Subject", mime.format_text_header("Subject", text)),
        ("List-Id", mime.format_address_header("List-Id", text, LIST)),
    ]


def a_view(*texts: str, lang: str = "en", **changed: object) -> DigestView:
    """A digest whose stories have these titles and summaries, the first the newest."""
    entries = tuple(
        DigestEntry(
            id=f"tag:{n}",
            story=f"story-{n}",
            href=PLACE.format(n=n),
            title=text,
            summary=text,
            published=datetime(2026, 1, 11, 12, tzinfo=UTC) - timedelta(hours=n),
            authors=(),
            picture=None,
            fallback=None,
        )
        for n, text in enumerate(texts)
    )
    groups = tuple(
        DigestGroup(heading, "", entries[part::2])
        for part, heading in enumerate(("Even", "Odd"))
        if entries[part::2]
    )
    values: dict[str, object] = {
        "lang": lang,
        "direction": "ltr",
        "digest": "staff",
        "title": "The weekly letter",
        "subject": "The weekly letter, 12 January 2026",
        "preheader": "",
        "day": datetime(2026, 1, 12, tzinfo=UTC).date(),
        "site_title": "News",
        "home": "https://news.example/en/",
        "imprint": "",
        "groups": groups,
        "more": 0,
        "stories": len(entries),
    }
    return DigestView(**{**values, **changed})


def a_mailing(view: DigestView, *reasons: str) -> digest.DigestMail:
    """The parts of a view, by the shipped templates."""
    _, _, templates = tools()
    return digest.render_digest_mail(templates, view, reasons)


MAILING = a_mailing(a_view("A title"))


def a_message(text: str) -> bytes:
    """A whole message with these words in every header that can have words."""
    return digest.encode_digest_message(MAILING, headers(text))


def names_of(data: bytes) -> dict[str, str]:
    """The display names of From, To and List-Id by RFC 2047's own rule: blanks between words go."""
    message = message_from_bytes(data, policy=policy.compat32)
    found = {}
    for name in ("From", "To", "List-Id"):
        ((phrase, address),) = getaddresses([str(message[name]).replace("\r\n", "")])
        assert address in (ADDRESS, LIST)
        found[name] = str(make_header(decode_header(phrase)))
    return found


# -- headers -----------------------------------------------------------------------------------


@given(titles())
@settings(max_examples=examples(100), deadline=None)
@example("=?utf-8?q?x?=")
@example('"')
@example("\\")
@example("Nouvelles\N{NARROW NO-BREAK SPACE}: l’eau")
@example("x" * 200)
@example("ü" * 200)
@example('"' * 60)
def test_every_subject_reads_back_as_it_was(title: str) -> None:
    """What a reader's program shows is the title, letter for letter."""
    assert read_message(a_message(title))["Subject"] == title


@given(titles())
@settings(max_examples=examples(100), deadline=None)
@example("=?utf-8?q?x?=")
@example('"')
@example("\\")
@example('O’Neill, "Jack" (Köln) <x@y.example>')
def test_every_name_reads_back_as_it_was(name: str) -> None:
    """Sender, recipient and list keep their names, letter for letter."""
    assert set(names_of(a_message(name)).values()) == {name}


@given(titles())
@settings(max_examples=examples(100), deadline=None)
def test_the_standard_library_reads_one_address_with_its_name(name: str) -> None:
    """Whatever a name holds, it stays one name of one address.

    Blanks are left out of the comparison: Python's newer parser puts one between two
    encoded-words of a name (python/cpython#128110) and swallows no-break spaces beside another.
    """
    message = read_message(a_message(name))
    for header in ("From", "To"):
        (found,) = message[header].addresses
        assert found.addr_spec == ADDRESS
        assert "".join(found.display_name.split()) == "".join(name.split())


@given(
    st.sampled_from(
        ["Réseau", "Ann O’Neill", "Jörg (Köln)", "Smith, John", "a\N{NO-BREAK SPACE}b: «\N{NO-BREAK SPACE}x»"]
    )
)
def test_a_name_of_one_encoded_word_reads_back_in_every_parser(name: str) -> None:
    """Names of usual length have no seam at which a parser could add a blank."""
    message = read_message(a_message(name))
    assert message["From"].addresses[0].display_name == name
    assert message["To"].addresses[0].display_name == name


@given(titles())
@settings(max_examples=examples(100), deadline=None)
@example("x" * 69)
@example('"' * 40)
@example("drinkwatervoorzieningsmaatschappijen in Nederland en België samen")
def test_no_header_line_is_wider_than_78_and_no_encoded_word_longer_than_75(title: str) -> None:
    """Lines are folded where RFC 5322 recommends, words as RFC 2047 demands, all of it ASCII."""
    head = a_message(title).partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(len(line) for line in head.split(b"\r\n")) <= 78
    for line in head.split(b"\r\n"):
        assert line.strip(), "a folded line is not empty"
        for word in re.findall(rb"=\?.*?\?[bq]\?.*?\?=", line):
            assert len(word) <= 75
            assert ENCODED_WORD.fullmatch(word)


def test_a_long_address_has_a_line_of_its_own() -> None:
    """An address cannot be folded, so at least the name does not make its line longer."""
    address = f"{'a' * 60}@{'b' * 60}.example"
    assert mime.format_address_header("To", "Ann", address) == f'"Ann"\r\n <{address}>'
    assert mime.format_address_header("To", "Ann", "ann@a.example") == '"Ann" <ann@a.example>'


def test_nobody_is_named_when_there_is_no_name() -> None:
    """An address without a name stands alone; a list identifier keeps its brackets (RFC 2919)."""
    assert mime.format_address_header("To", " \u2028\x00 ", ADDRESS) == ADDRESS
    assert mime.format_address_header("List-Id", "", LIST) == f"<{LIST}>"


@given(attacks())
@settings(max_examples=examples(100), deadline=None)
def test_no_name_or_title_creates_a_header(text: str) -> None:
    """Line ends of every kind, real and encoded, leave exactly the headers that were written."""
    data = a_message(text)
    wanted = [*HEADERS, "MIME-Version", "Content-Language", "Content-Type"]
    assert [line.partition(b":")[0].decode() for line in unfolded(data)] == wanted
    message = read_message(data)
    assert message.keys() == wanted
    assert [one.addr_spec for one in message["To"].addresses] == [ADDRESS]
    assert [one.addr_spec for one in message["From"].addresses] == [ADDRESS]
    assert message["Bcc"] is None
    assert message.get_content_type() == "multipart/alternative"
    shown = join_lines(FORBIDDEN_CHARACTERS.sub("", text))
    assert message["Subject"] == shown
    assert set(names_of(data).values()) == {shown}


@pytest.mark.parametrize("smuggled", SMUGGLED)
@pytest.mark.parametrize("broken", BREAKS)
def test_a_line_end_before_a_header_is_no_line_end(broken: str, smuggled: str) -> None:
    """Each kind of line end with each attempt, once."""
    data = a_message(f"Ann{broken}{smuggled}")
    assert [name.lower() for name in read_message(data)].count("bcc") == 0
    assert all(
        line.partition(b":")[0].decode() in {*HEADERS, "MIME-Version", "Content-Language", "Content-Type"}
        for line in unfolded(data)
    )


def unfolded(data: bytes) -> list[bytes]:
    """The raw headers, one a line, by CRLF and blank alone."""
    return re.sub(rb"\r\n[ \t]", b" ", data.partition(b"\r\n\r\n")[0]).split(b"\r\n")


@pytest.mark.parametrize(
    "value",
    ["a\r\nBcc: b@c.example", "a\nb", "a\rb", "a\r\n\r\nb", "a\r\n", "Köln", "a\u2028b", "a\x85b"],
)
def test_a_header_that_is_not_safe_is_refused(value: str) -> None:
    """The last check before the bytes: a header that would break the message stops it."""
    with pytest.raises(ValueError, match="header X-Test is not safe"):
        digest.encode_digest_message(MAILING, [("X-Test", value)])


def test_a_folded_header_is_safe() -> None:
    """A line end followed by a blank only folds."""
    data = digest.encode_digest_message(MAILING, [("X-Test", "a\r\n b\r\n\tc")])
    assert read_message(data)["X-Test"] == "a b\tc"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (ZoneInfo("Europe/Berlin"), "Mon, 12 Jan 2026 08:00:00 +0100"),
        (ZoneInfo("Asia/Almaty"), "Mon, 12 Jan 2026 12:00:00 +0500"),
        (ZoneInfo("America/St_Johns"), "Mon, 12 Jan 2026 03:30:00 -0330"),
        (UTC, "Mon, 12 Jan 2026 07:00:00 +0000"),
        (timezone(timedelta(hours=-12)), "Sun, 11 Jan 2026 19:00:00 -1200"),
    ],
)
def test_dates_are_english_with_a_numeric_zone(zone: timezone | ZoneInfo, shown: str) -> None:
    """RFC 5322 knows one language and needs the offset; ``-0000`` would mean "no zone known"."""
    moment = datetime(2026, 1, 12, 7, tzinfo=UTC).astimezone(zone)
    assert mime.format_date_header(moment) == shown


# -- parts -------------------------------------------------------------------------------------

LINES = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=300)


@given(st.lists(LINES.map(join_lines).filter(bool), min_size=1, max_size=4))
@settings(max_examples=examples(100), deadline=None)
@example(["From Lenger with love", "> quoted", ">", "--", "--=_boundary", ".", "..", "=20 =3D = =\n".strip()])
@example(["Å \x85".replace("\x85", "…"), "à" * 300, "💧" * 100, "x" * 300])
def test_every_text_survives_both_parts(texts: list[str]) -> None:
    """Quoted-printable, space-stuffing and the boundary change nothing that is read."""
    data = digest.encode_digest_message(a_mailing(a_view(*texts)), headers("x"))
    plain, html = read_message(data).iter_parts()
    assert plain.get_content_type() == "text/plain"
    words = " ".join(unstuffed(plain.get_content()).split())
    markup = html.get_content()
    for text in texts:
        assert " ".join(text.split()) in words
        assert escaped(text) in re.sub("&(nbsp|shy);", "", markup).translate(NO_BLANKS)


NO_BLANKS = {ord(blank): None for blank in "\xa0\xad"}


def escaped(text: str) -> str:
    """A text as HTML has it, blanks with names of their own left out."""
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.translate(NO_BLANKS)


def unstuffed(text: str) -> str:
    """Format=flowed read by RFC 3676 4.4: one blank at the start of a line goes."""
    return "\n".join(line.removeprefix(" ") for line in text.split("\n"))


@pytest.mark.parametrize("text", ["From Lenger with love", "> not a quotation", " a blank before"])
def test_a_line_that_programs_would_change_is_stuffed(text: str) -> None:
    """Relays put ``>`` before ``From``, readers take ``>`` for a quotation (RFC 3676 4.4)."""
    view = a_view("A title", imprint=text)
    (part, _) = read_message(digest.encode_digest_message(a_mailing(view, text), headers("x"))).iter_parts()
    stuffed = [line for line in part.get_content().splitlines() if text.strip() in line]
    assert stuffed == [f" {text}", f" {text}"]


def test_no_line_of_the_text_part_flows_into_the_next() -> None:
    """A blank at the end of a line would join it with the next; only the signature mark has one."""
    text = read_message(
        digest.encode_digest_message(a_mailing(a_view("word " * 60), "why " * 40), headers("x"))
    ).get_body(("plain",))
    assert text is not None
    flowing = [line for line in text.get_content().splitlines() if line.endswith(" ")]
    assert flowing == ["-- "]


def test_a_boundary_follows_from_the_text_and_stands_in_no_part() -> None:
    """Equal parts give equal bytes; another text gets another boundary."""
    view = a_view("A title")
    first, again, other = (a_mailing(one).parts for one in (view, view, a_view("Another")))
    assert first == again
    assert first.content_type != other.content_type
    boundary = re.findall(r'boundary="([^"]+)"', first.content_type)[0]
    assert first.body.count(f"--{boundary}\r\n".encode()) == 2
    assert first.body.endswith(f"--{boundary}--\r\n".encode())


def test_every_line_ends_with_crlf_and_is_short() -> None:
    """No relay has a reason to touch a byte (RFC 5321 4.5.3.1.6, RFC 2045 6.7)."""
    data = digest.encode_digest_message(a_mailing(a_view("ü" * 500, "x" * 2000)), headers("ü" * 200))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    assert max(len(line) for line in data.split(b"\r\n")) <= 78


def test_the_language_stands_on_the_mail_and_on_both_parts() -> None:
    """Screen readers and filters look at one of the three, none at all of them."""
    message = read_message(
        digest.encode_digest_message(a_mailing(a_view("Ein Titel", lang="de")), headers("x"))
    )
    assert message["Content-Language"] == "de"
    assert [part["Content-Language"] for part in message.iter_parts()] == ["de", "de"]


def test_the_text_part_comes_first_and_both_are_quoted_printable() -> None:
    """Programs show the last part they understand (RFC 2046 5.1.4)."""
    parts = list(read_message(digest.encode_digest_message(MAILING, headers("x"))).iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}
    assert {part.get_content_charset() for part in parts} == {"utf-8"}


def test_an_address_to_unsubscribe_stands_in_both_parts() -> None:
    """A channel that knows such an address gets it shown twice in the HTML and once in the text."""
    _, _, templates = tools()
    leave = "https://news.example/leave/4f2a"
    made = digest.render_digest_mail(templates, a_view("A title"), (), leave)
    data = digest.encode_digest_message(made, headers("x"))
    assert parts_agree(data) == []
    text, html = (part.get_content() for part in read_message(data).iter_parts())
    assert leave in text.split()
    assert html.count(f'href="{leave}"') >= 1


# -- the cut -----------------------------------------------------------------------------------

LONG_TEXT = "Die Brunnen des Tals wurden wieder gemessen, und das Wasser war sauber genug. " * 6


def newest(view: DigestView) -> list[str]:
    """The ids of a view's stories, newest first."""
    entries = [entry for group in view.groups for entry in group.entries]
    return [entry.id for entry in sorted(entries, key=lambda entry: entry.published, reverse=True)]


@pytest.mark.parametrize("lang", ["en", "de", "fr", "nl"])
def test_a_mail_that_would_be_clipped_has_fewer_stories(lang: str) -> None:
    """Three hundred long stories stay below the limit: the newest are kept, the rest is counted."""
    view = a_view(*[f"{n}: {LONG_TEXT[:150]}" for n in range(300)], lang=lang, more=7)
    made = a_mailing(view)
    assert made.parts.html_size <= digest.HTML_LIMIT
    assert made.parts.html_size > digest.HTML_LIMIT * 0.95, "more would have fitted"
    kept = made.view.stories
    assert 20 < kept < 300
    assert made.view.more == 7 + 300 - kept
    assert newest(made.view) == [f"tag:{n}" for n in range(kept)]
    _, _, templates = tools()
    links = {"unsubscribe": "", "preferences": ""}
    one_more = digest._render(templates, keep_newest(view, kept + 1), (), links)
    assert one_more.parts.html_size > digest.HTML_LIMIT
    data = digest.encode_digest_message(made, headers("x"))
    assert parts_agree(data) == []
    html = read_message(data).get_body(("html",))
    assert html is not None
    assert html.get_content().count("<h3") == kept
    for part in read_message(data).iter_parts():
        assert str(made.view.more) in part.get_content()


def test_one_story_is_kept_whatever_its_size() -> None:
    """A mail without any story would say less than a clipped one."""
    made = a_mailing(a_view("x" * 90_000, "y" * 90_000))
    assert made.parts.html_size > digest.HTML_LIMIT
    assert newest(made.view) == ["tag:0"]
    assert made.view.more == 1


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 9))
def test_fewer_keeps_the_newest_over_all_topics(stories: int, keep: int, more: int) -> None:
    """What is left out is counted, and nothing is counted twice; a topic without stories goes."""
    view = a_view(*[str(n) for n in range(stories)], more=more)
    left = keep_newest(view, keep)
    assert newest(left) == newest(view)[:keep]
    assert left.stories == len(newest(left))
    assert left.stories + left.more == stories + more
    assert all(group.entries for group in left.groups)


def test_a_mail_of_the_right_size_is_left_as_it_is() -> None:
    """Below the limit nothing is cut."""
    view = a_view("One", "Two", "Three")
    assert a_mailing(view).view == view


def test_markup_in_titles_is_shown_and_not_obeyed() -> None:
    """A title is words; what looks like HTML in it is escaped in one part and plain in the other."""
    fallback = Fallback("nl", "ltr", "Dutch")
    view = a_view("<script>alert(1)</script> & <img src=x onerror=y>")
    group = view.groups[0]
    entry = DigestEntry(
        group.entries[0].id,
        group.entries[0].story,
        group.entries[0].href,
        group.entries[0].title,
        "<b>bold</b>",
        group.entries[0].published,
        ("<i>Ann</i>",),
        None,
        fallback,
    )
    made = a_mailing(a_view(groups=(DigestGroup("<u>", "", (entry,)),), stories=1, title="<h9>"), "<em>")
    data = digest.encode_digest_message(made, headers("<x>"))
    faults = [
        fault for fault in lint_mail(data) if not re.search("text/plain: it has markup|it has no", fault)
    ]
    assert faults == []
    html = read_message(data).get_body(("html",))
    assert html is not None
    assert not re.search("<(script|img|b|i|u|em|h9)[> ]", html.get_content())


@given(st.text(alphabet=st.sampled_from(".aé\n =")))
def test_no_line_of_a_mail_begins_with_a_full_stop(text: str) -> None:
    """Nothing is left to stuff, lines stay short, and the text comes back as it was (RFC 2045 6.7)."""
    encoded = mime._encoded(text)
    assert all(not line.startswith(".") and len(line) <= 76 for line in encoded.split("\r\n"))
    decoded = quopri.decodestring(encoded.encode()).decode()
    assert decoded.replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
