"""SpamAssassin and rspamd have nothing to say against a digest, in any language."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import rsa

from bench.site import Made
from newsfeed.testing import write_tree
from tests.contracts.stores import new_database
from tests.delivery.sites import delivery, join, round_at
from tests.dns_client.name_server import serving
from tests.mail.issues import CONFIG, LANGUAGES, NOW, stories
from tests.mail.spam_filters import RELAY, Verdict, ask_rspamd, ask_spamassassin, received, rspamd
from tests.pictures import png


def _record(key: rsa.RSAPrivateKey) -> str:
    """The public half, as it stands in DNS."""
    public = key.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


SENDER = "bounces+abcdefghijklmnopqrstuvwxyz@news.example"
READER = "reader0@readers0.example"
SPAM = (
    b"From: news@news.example\r\nTo: reader0@readers0.example\r\nSubject: Hello\r\n\r\n"
    b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"
)
"""What every filter must take for spam: so it is known that they are at work."""
STORE = '\n[store]\nurl = "sqlite:///var/newsfeed.db"\n'
PAGES = """unsubscribe_url = "https://news.example/leave/"
preferences_url = "https://news.example/choices/"
bounce_address = "bounces@news.example"
"""
KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
DKIM = """
[mail.dkim]
domain = "news.example"
selector = "test"
key_file = "dkim.pem"
"""
ZONE = {
    ("news.example", "TXT"): (f"v=spf1 ip4:{RELAY} -all",),
    ("news.example", "A"): (RELAY,),
    ("_dmarc.news.example", "TXT"): ("v=DMARC1; p=reject",),
    ("test._domainkey.news.example", "TXT"): (_record(KEY),),
}
BRAND = '\n[brand]\nlogo = "brand/logo.png"\n'
LOGO = {"brand/logo.png": png(200, 40)}
Files = Mapping[str, str | bytes]


def digests(folder: Path, config: str, files: Files) -> list[bytes]:
    """The issue that a site sends, once in each language."""
    text = CONFIG.replace('audience = "staff"\n', 'audience = "staff"\nwhen_empty = "note"\n')
    pem = KEY.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    write_tree(folder, {"config.toml": text + config + DKIM + STORE, "dkim.pem": pem, **files})
    made = Made(folder)
    new_database(folder / "var" / "newsfeed.db")
    with delivery(made) as opened:
        join(opened, range(len(LANGUAGES)), NOW.replace(year=2025))
    round_at(made, NOW)
    return [path.read_bytes() for path in sorted((folder / "var" / "outbox").glob("*.eml"))]


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Sequence[bytes]:
    """With pages to leave, pictures and a logo; with none of them; and a quiet week."""
    variants: list[tuple[str, Files]] = [
        (PAGES + BRAND, {**stories(6, picture=True), **LOGO}),
        ("", stories(3)),
        (PAGES, {}),
    ]
    folder = tmp_path_factory.mktemp("sites")
    found = [
        received(mail, SENDER)
        for number, (config, files) in enumerate(variants)
        for mail in digests(folder / str(number), config, files)
    ]
    assert len(found) == len(variants) * len(LANGUAGES)
    return found


def complaints(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts that are not in favour of a mail."""
    return [verdict for verdict in verdicts if verdict[0] >= 0]


@pytest.mark.slow
def test_spamassassin_speaks_for_every_digest(mails: Sequence[bytes]) -> None:
    """Below nought: it takes them for what a list manager sends, and spam for spam."""
    *verdicts, spam = sorted(ask_spamassassin([*mails, SPAM]), key=lambda verdict: verdict[0])
    assert len(verdicts) == len(mails)
    assert complaints(verdicts) == []
    assert all("MAILING_LIST_MULTI" in rules for _, rules in verdicts)
    assert spam[0] > 5


@pytest.mark.slow
def test_rspamd_speaks_for_every_digest(mails: Sequence[bytes]) -> None:
    """Below nought; a name server knows the sender as every sender should be known."""
    with serving(ZONE) as names, rspamd(names) as address:
        *verdicts, spam = (ask_rspamd(address, mail, SENDER, READER) for mail in (*mails, SPAM))
    assert complaints(verdicts) == []
    expected = {"MAILLIST", "R_DKIM_ALLOW", "R_SPF_ALLOW", "DMARC_POLICY_ALLOW"}
    assert all(expected <= rules.keys() for _, rules in verdicts)
    assert not any("URI_COUNT_ODD" in rules for _, rules in verdicts)
    assert spam[0] > 5
