"""IMAP: security, passwords, and servers in trouble."""

import ssl
import time
from pathlib import Path

import pytest

from newsfeed.config import loader
from newsfeed.config.mailboxes import MAILBOX_READERS
from newsfeed.config.mailboxes import read_imap as imap_table
from newsfeed.config.table import Table
from newsfeed.errors import OutsideError, UsageError
from newsfeed.mailboxes import imap
from newsfeed.service_ports import Mailbox
from newsfeed.testing import CONFIG
from tests.channels.smtp import certificates
from tests.mailboxes.imap_server import PASSWORD, USERNAME, Store, serving
from tests.mailboxes.tables import open_from_table

LETTER = b"Subject: one\r\n\r\nfirst\r\n"
FETCHED = "UID FETCH 101 (BODY.PEEK[]<0.1000000>)"
MARKED = r"UID STORE 101 +FLAGS.SILENT (\Seen)"


def mailbox(held: Store, root: Path = Path(), **table: object) -> Mailbox:
    """The mailbox of a running server."""
    keys = {
        "host": "127.0.0.1",
        "port": held.port,
        "security": held.tls,
        "username": USERNAME,
        "timeout": 5,
    }
    return open_from_table("imap", root, {**keys, **table}, {"NEWSFEED_IMAP_PASSWORD": PASSWORD})


def read(held: Store, **table: object) -> list[bytes]:
    """Everything new."""
    return list(mailbox(held, **table).messages(100))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_verified(security: str) -> None:
    """With the certificates to trust it works; without them nothing is sent."""
    context, trusted = certificates.server()
    with serving(Store([LETTER], tls=security), context) as held:
        held.capabilities = "IMAP4rev1 STARTTLS AUTH=PLAIN"
        assert read(held, ca_file=str(trusted)) == [LETTER]
        held.seen.clear()
        held.logins = 0
        with pytest.raises(OutsideError, match="certificate"):
            read(held)
        assert held.logins == 0


def test_starttls_is_required_not_tried() -> None:
    """A server, or somebody on the way, that does not offer it gets no password."""
    with serving(Store([LETTER], tls="starttls")) as held:
        with pytest.raises(OutsideError, match="TLS"):
            read(held)
        assert held.logins == 0


def test_a_message_is_marked_only_after_the_next_is_asked_for() -> None:
    """Fetching does not mark it."""
    with serving(Store([LETTER])) as held:
        messages = mailbox(held).messages(10)
        assert next(messages) == LETTER
        assert held.commands[-1] == FETCHED
        assert held.seen == set()
        assert list(messages) == []
        assert held.commands[-2:] == [MARKED, "LOGOUT"]


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 AUTH=PLAIN", "IMAP4rev1"])
def test_a_wrong_password_is_tried_once_and_told_in_one_line(capabilities: str) -> None:
    """Retries lock accounts. The password is not told."""
    with serving(Store([LETTER], capabilities=capabilities, password="other")) as held:
        with pytest.raises(OutsideError) as caught:
            list(
                open_from_table(
                    "imap",
                    Path(),
                    {"host": "127.0.0.1", "port": held.port, "security": "none", "username": USERNAME},
                    {"NEWSFEED_IMAP_PASSWORD": "hunter2"},
                ).messages(1)
            )
        assert held.logins == 1
    assert "Authentication failed." in caught.value.message
    assert "\n" not in caught.value.message
    assert "hunter2" not in caught.value.message


def test_login_serves_where_there_is_no_plain() -> None:
    """The older command carries ASCII only."""
    with serving(Store([LETTER], capabilities="IMAP4rev1", password="ascii")) as held:
        box = open_from_table(
            "imap",
            Path(),
            {"host": "127.0.0.1", "port": held.port, "security": "none", "username": USERNAME},
            {"NEWSFEED_IMAP_PASSWORD": "ascii"},
        )
        assert list(box.messages(10)) == [LETTER]


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 LOGINDISABLED"])
def test_a_server_without_a_fitting_way_to_log_in_is_told_nothing(capabilities: str) -> None:
    """LOGIN could not carry this password, or the server forbids it."""
    with serving(Store([LETTER], capabilities=capabilities)) as held:
        with pytest.raises(OutsideError, match="log in"):
            read(held)
        assert held.logins == 0


def test_the_folder_may_have_any_name_of_ascii() -> None:
    """Spaces, quotes and backslashes are quoted."""
    with serving(Store([LETTER], folder=r"News \"x\" \\ y")) as held:
        assert read(held, folder='News "x" \\ y') == [LETTER]


def test_a_folder_that_is_not_there_is_told() -> None:
    """Not an empty mailbox."""
    with (
        serving(Store([LETTER], folder="Other")) as held,
        pytest.raises(OutsideError, match="no such folder"),
    ):
        read(held)


def test_a_large_mailbox_is_searched_in_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """One answer that names a million messages would be refused for its length."""
    monkeypatch.setattr(imap, "_WINDOW", 4)
    with serving(Store([b"%d" % number for number in range(10)], seen={101, 106})) as held:
        assert read(held) == [b"%d" % number for number in range(10) if number not in (0, 5)]
        searches = [one for one in held.commands if one.startswith("UID SEARCH")]
        assert searches == [f"UID SEARCH {one} UNSEEN" for one in ("1:4", "5:8", "9:10")]


def test_a_message_that_somebody_deletes_meanwhile_is_passed_over() -> None:
    """Found, but gone when it is fetched."""
    with serving(Store([LETTER, b"second"], expunged={101})) as held:
        assert read(held) == [b"second"]


@pytest.mark.parametrize("command", ["AUTHENTICATE", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE"])
@pytest.mark.parametrize("fault", ["drops_at", "refuses"])
def test_a_server_in_trouble_is_trouble_outside(fault: str, command: str) -> None:
    """One line with the server's name; the message stays new."""
    with serving(Store([LETTER])) as held:
        setattr(held, fault, command)
        with pytest.raises(OutsideError, match=rf"^IMAP server 127\.0\.0\.1:{held.port}: \S"):
            read(held)
        assert held.seen == set()


def test_a_server_that_hangs_is_given_up() -> None:
    """After the time set."""
    with serving(Store([LETTER], hangs_at="UID FETCH")) as held:
        started = time.monotonic()
        with pytest.raises(OutsideError, match="timed out"):
            read(held, timeout=1)
        assert time.monotonic() - started < 60


@pytest.mark.parametrize("command", ["AUTHENTICATE", "UID SEARCH", "UID FETCH", "LOGOUT"])
def test_a_server_that_drips_gets_no_more_time_than_another(command: str) -> None:
    """The limit is for the whole answer: a byte now and then does not begin it anew. A goodbye is not waited
    for.
    """
    with serving(Store([LETTER], drips_at=command)) as held:
        if command == "LOGOUT":
            assert read(held, timeout=1) == [LETTER]
            return
        with pytest.raises(OutsideError, match="timed out"):
            read(held, timeout=1)
        assert held.seen == set()


def test_an_answer_without_end_is_cut_short() -> None:
    """Before it fills the memory."""
    with (
        serving(Store([LETTER], floods_at="UID SEARCH")) as held,
        pytest.raises(OutsideError, match="its answer is too long"),
    ):
        read(held, timeout=600)


def test_a_message_of_a_size_that_nobody_asked_for_is_refused() -> None:
    """Only the first bytes of a message are asked for."""
    with serving(Store([LETTER])) as held:
        held.literal = 10**12
        with pytest.raises(OutsideError, match="its answer is too long"):
            read(held, timeout=600)


def test_what_was_said_in_the_clear_is_not_believed() -> None:
    """Words that somebody on the way adds to the go-ahead of STARTTLS."""
    context, trusted = certificates.server()
    with serving(Store([LETTER], tls="starttls"), context) as held:
        held.capabilities = "IMAP4rev1 STARTTLS AUTH=PLAIN"
        held.clear_text = b"* CAPABILITY IMAP4rev1\r\n"
        with pytest.raises(OutsideError, match="it spoke out of turn"):
            read(held, ca_file=str(trusted))
        assert held.logins == 0


def test_something_else_behind_the_port_is_told() -> None:
    """Here an SMTP server's greeting."""
    with serving(Store(greeting=b"220 mail.example.org ESMTP\r\n")) as held, pytest.raises(OutsideError):
        read(held)


def test_nobody_behind_the_port_is_told() -> None:
    """The server is down."""
    with serving(Store()) as held:
        pass
    with pytest.raises(OutsideError, match="refused"):
        read(held)


def test_the_password_comes_from_a_file_before_the_variable(tmp_path: Path) -> None:
    """Relative to the site's folder; its last line end is none of it."""
    (tmp_path / "secret").write_text("from-file\n")
    with serving(Store([LETTER], password="from-file")) as held:
        assert list(mailbox(held, tmp_path, password_file="secret").messages(1)) == [LETTER]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"password_env": "NOT_SET"}, "NOT_SET"),
        ({"password_file": "not-there"}, "there is no such file"),
    ],
)
def test_without_a_password_nothing_is_tried(table: dict[str, object], message: str) -> None:
    """Neither in the environment nor in the file that is named."""
    with pytest.raises(UsageError) as caught:
        mailbox(Store(port=1), **table)
    assert message in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize("host", ["", "mail.example.org"])
def test_a_mailbox_without_tls_is_on_this_machine(host: str) -> None:
    """Else the password would travel in the clear; the configuration says so, before anything is opened."""
    table = Table.of({"host": host, "security": "none", "username": USERNAME})
    dict(MAILBOX_READERS)["imap"](table)
    assert [problem.code for problem in table.problems] != []


def test_certificates_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """With their path."""
    (tmp_path / "ca.pem").write_text("none")
    with pytest.raises(OutsideError, match=r"ca\.pem"):
        mailbox(Store(port=1, tls="tls"), tmp_path, ca_file="ca.pem")


def test_the_usual_context_verifies() -> None:
    """Without a file the system's certificates are trusted."""
    box = mailbox(Store(port=1, tls="tls"))
    assert box._context is not None
    assert (box._context.verify_mode, box._context.check_hostname) == (ssl.CERT_REQUIRED, True)


# -- configuration -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    [
        '[mailboxes.imap]\nhost = "mail.example.org"\nusername = "b"',
        '[mailboxes.imap]\nhost = "127.0.0.1"\nusername = "b"\nsecurity = "none"\nfolder = "Bounce box"',
        '[mailboxes.maildir]\npath = "var/bounces"',
    ],
)
def test_a_good_table_is_kept(table: str) -> None:
    """Typed, for the mailbox."""
    settings, problems = loader.parse_settings(f"{CONFIG}\n{table}\n")
    assert problems == []
    assert settings is not None
    assert len(settings.mailboxes) == 1


@pytest.mark.parametrize(("security", "port"), [("tls", 993), ("starttls", 143), ("none", 143)])
def test_the_usual_port_follows_the_security(security: str, port: int) -> None:
    """RFC 8314 and RFC 3501."""
    login = imap_table(Table.of({"host": "localhost", "username": "b", "security": security}))
    assert (login.port, login.folder) == (port, "INBOX")


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ('[mailboxes.imap]\nusername = "b"', "config-key-missing"),
        ('[mailboxes.imap]\nhost = "mail.example.org"', "config-key-missing"),
        ('[mailboxes.imap]\nhost = "no host"\nusername = "b"', "config-value"),
        ('[mailboxes.imap]\nhost = "a.example"\nusername = "b"\nsecurity = "none"', "config-value"),
        ('[mailboxes.imap]\nhost = "a.example"\nusername = "b"\nfolder = "Rückläufer"', "config-value"),
        ('[mailboxes.imap]\nhost = "a.example"\nusername = "b"\npassword = "x"', "config-key-unknown"),
        ('[mailboxes.imap]\nhost = "a.example"\nusername = "b"\nsecurity = "ssl"', "config-choice"),
        ("[mailboxes.maildir]", "config-key-missing"),
        ('[mailboxes.pop3]\nhost = "a.example"', "config-key-unknown"),
    ],
)
def test_a_mistake_in_a_table_is_a_problem_with_its_line(table: str, code: str) -> None:
    """``newsfeed check`` tells it."""
    settings, problems = loader.parse_settings(f"{CONFIG}\n{table}\n")
    assert settings is None
    assert [one.code for one in problems] == [code]


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("bounces@example.org", True),
        ("a.b+c_d-e@example.org", True),
        ("b" * 37 + "@example.org", True),
        ("b" * 38 + "@example.org", False),
        ("bounces", False),
        ("rückläufer@example.org", False),
        ("bounces@exämple.org", False),
    ],
)
def test_a_bounce_address_must_take_a_token(address: str, good: bool) -> None:
    """64 octets before the @, of which the token needs 27; ASCII."""
    settings, problems = loader.parse_settings(f'{CONFIG}bounce_address = "{address}"\n')
    assert (problems == []) is good
    if good:
        assert settings is not None
        assert settings.mail.bounce_address == address
