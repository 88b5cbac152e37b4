"""What mail programs read: mailparser and postal-mime over a few hundred mails."""

from email.header import decode_header, make_header
from pathlib import Path

from newsfeed.mail import message as mime
from newsfeed.settings import LocalisedText
from tests.mail.issues import LANGUAGES, issue, reader, stories
from tests.mail.wild import BREAKS, SMUGGLED, some_titles
from tests.peers.mail import CLIENTS, read_mails

SENDER = "news@news.example"
READER = "reader@readers.example"
LIST = "staff.news.example"
MAILS = 300


def list_id(value: str) -> tuple[str, str]:
    """Name and identifier of a raw List-Id header."""
    phrase, _, identifier = value.rpartition("<")
    return str(make_header(decode_header(phrase.strip()))), identifier.rstrip(">")


def wild_mails(folder: Path) -> dict[Path, str]:
    """Files of mails that have a wild title in four headers, and the title."""
    parts = issue(stories(1)).of("de").partition(b"\r\nMIME-Version: ")[2]
    files = {}
    for number, title in enumerate(some_titles(MAILS)):
        headers = {
            "From": mime.format_address_header("From", title, SENDER),
            "To": mime.format_address_header("To", title, READER),
            "Subject": mime.format_text_header("Subject", title),
            "List-Id": mime.format_address_header("List-Id", title, LIST),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        path = folder / f"{number}.eml"
        path.write_bytes(lines.encode("ascii") + b"MIME-Version: " + parts)
        files[path] = title
    return files


def test_clients_read_hundreds_of_titles_and_names_as_they_were(tmp_path: Path) -> None:
    """Letter for letter, blanks included: subject, sender, recipient and list; and the same parts."""
    files = wild_mails(tmp_path)
    found = read_mails(list(files))
    assert len(set(files.values())) > MAILS * 0.95, "nearly all titles differ"
    for path, title in files.items():
        for read in found[path].values():
            assert read.subject == title
            assert read.sender == (title, SENDER)
            assert read.recipients == ((title, READER),)
            name, identifier = list_id(read.lists["list-id"])
            if not name.startswith('"'):  # a quoted phrase is ASCII and was compared above
                assert (name, identifier) == (title, LIST)
    for part in ("text", "html"):
        for client in CLIENTS:
            (words,) = {getattr(mails[client], part) for mails in found.values()}
            assert "Bericht 1: was die Brunnen des Tals erzählen – „warum“" in words


def test_clients_read_whole_issues_alike(tmp_path: Path) -> None:
    """One mail per language, both clients: the same subject, names, lists and words."""
    names = {"en": "Ann O’Neill", "de": "Jörg „Wasser“ Weiß", "fr": "Amélie", "nl": 'De "put", B.V.'}
    made = issue(stories(3, picture=True), [reader(lang, name) for lang, name in names.items()])
    files = {}
    for lang in LANGUAGES:
        files[lang] = tmp_path / f"{lang}.eml"
        files[lang].write_bytes(made.of(lang))
    found = read_mails(list(files.values()))
    subjects = {
        "en": "Report 2: what the wells of the valley told us & why – The weekly letter",
        "de": "Bericht 2: was die Brunnen des Tals erzählen – „warum“ – Der Wochenbrief für alle",
        "fr": "Rapport 2\N{NO-BREAK SPACE}: ce que disent les puits de la vallée – La lettre de la semaine à tous",
        "nl": "Verslag 2: wat de putten van het dal ons vertellen – De weekbrief voor iedereen",
    }
    for lang, path in files.items():
        first, second = (found[path][client] for client in CLIENTS)
        assert first == second
        assert first.subject == subjects[lang]
        assert first.sender == ("Réseau de l’eau", SENDER)
        assert first.recipients == ((names[lang], f"reader-{lang}@readers.example"),)
        assert first.lists["list-unsubscribe"] == "<mailto:answers@news.example?subject=unsubscribe%20staff>"
        assert first.lists["list-archive"] == f"<https://news.example/{lang}/>"
        assert first.lists["list-post"] == "NO"
        title = subjects[lang].rpartition(" – ")[2]
        assert title in first.text
        assert title in first.html


def test_clients_see_no_smuggled_header(tmp_path: Path) -> None:
    """Line ends in names, titles and the digest's title change no recipient and add no header."""
    files = []
    for number, broken in enumerate(BREAKS):
        evil = f"Ann{broken}" + broken.join(SMUGGLED)
        made = issue(stories(1), [reader("de", evil)], title=LocalisedText(evil))
        files.append(tmp_path / f"{number}.eml")
        files[-1].write_bytes(made.of("de"))
    for mails in read_mails(files).values():
        for read in mails.values():
            assert [address for _, address in read.recipients] == ["reader-de@readers.example"]
            assert read.sender == ("Réseau de l’eau", SENDER)
            assert sorted(read.lists) == [
                "list-archive",
                "list-help",
                "list-id",
                "list-owner",
                "list-post",
                "list-unsubscribe",
            ]
            assert read.html
            assert "thief@evil.example" in read.subject
