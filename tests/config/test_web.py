"""``[web]``: what it may say, and the addresses that follow from it."""

import pytest

from newsfeed.config.loader import parse_settings
from newsfeed.testing import CONFIG, settings_from

BASE = '\n[web]\nbase_url = "https://mail.test.example/readers"\n'


def test_the_addresses_in_mails_follow() -> None:
    """All of them, and the form that the site's pages lead to."""
    mail = settings_from(CONFIG + BASE).mail
    assert mail.confirm_url == "https://mail.test.example/readers/confirm/"
    assert mail.unsubscribe_url == "https://mail.test.example/readers/one-click/"
    assert mail.preferences_url == "https://mail.test.example/readers/preferences/"
    assert mail.subscribe_url == "https://mail.test.example/readers/{lang}/subscribe"


def test_an_address_that_is_given_counts_more() -> None:
    """Somebody has pages of their own."""
    mail = settings_from(CONFIG + 'confirm_url = "https://www.test.example/yes/"\n' + BASE).mail
    assert mail.confirm_url == "https://www.test.example/yes/"
    assert mail.unsubscribe_url == "https://mail.test.example/readers/one-click/"


def test_without_it_there_are_none() -> None:
    """As before."""
    mail = settings_from(CONFIG).mail
    assert (mail.confirm_url, mail.unsubscribe_url, mail.preferences_url) == ("", "", "")


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("base_url = 'http://localhost:8080/'", []),
        ("base_url = 'http://127.0.0.1:8080'", []),
        ("base_url = 'https://mail.test.example:8443/a/b/'", []),
        ("base_url = 'http://mail.test.example/'", ["config-value"]),
        ("base_url = 'https://mail.test.example/?a=b'", ["config-value"]),
        ("base_url = 'https://user@mail.test.example/'", ["config-value"]),
        ("base_url = 'mail.test.example'", ["config-value"]),
        ("port = 0", ["config-range"]),
        ("port = '80'", ["config-type"]),
        ("metrics_port = 9464", []),
        ("metrics_port = 70000", ["config-range"]),
        ("host = '::1'", []),
        ("host = 'a b'", ["config-value"]),
        ("trusted_proxies = ['127.0.0.1', '10.0.0.0/8', '::1']", []),
        ("trusted_proxies = ['10.0.0.1/8', 'proxy']", ["config-value", "config-value"]),
        ("frame_ancestors = ['https://www.test.example', 'https://*.test.example:8443']", []),
        ("frame_ancestors = ['https://www.test.example/page', '*']", ["config-value", "config-value"]),
        ("prot = 80", ["config-key-unknown"]),
    ],
)
def test_mistakes_are_told_at_their_line(line: str, codes: list[str]) -> None:
    """With the code of the mistake."""
    text = f"{CONFIG}\n[web]\n{line}\n"
    _, problems = parse_settings(text)
    assert [(one.code, one.where.line) for one in problems] == [(code, text.count("\n")) for code in codes]
