"""Who writes a digest, and where its mails come back to."""

import pytest

from newsfeed.core.delivery.senders import find_mail_settings
from newsfeed.settings import MailSettings
from newsfeed.testing import CONFIG, settings_from

_MAIL = """reply_to = "answers@test.example"
bounce_address = "bounces@test.example"
"""
_FIELDS = ("sender_name", "sender", "reply_to", "bounce_address")


def mail_for(digest: str) -> MailSettings:
    """The settings of the digest's mails, when its table says this."""
    text = CONFIG.replace('audience = "staff"\n', f'audience = "staff"\n{digest}\n') + _MAIL
    settings = settings_from(text)
    return find_mail_settings(settings.mail, settings.digests["staff"])


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        ("", ("Newsroom", "news@test.example", "answers@test.example", "bounces@test.example")),
        (
            'from = "Water <water@water.example>"',
            ("Water", "water@water.example", "", "bounces@test.example"),
        ),
        ('from = "water@water.example"', ("", "water@water.example", "", "bounces@test.example")),
        (
            'reply_to = "w@water.example"',
            ("Newsroom", "news@test.example", "w@water.example", "bounces@test.example"),
        ),
        (
            'bounce_address = "b@water.example"',
            ("Newsroom", "news@test.example", "answers@test.example", "b@water.example"),
        ),
    ],
)
def test_what_a_digest_says_itself_counts_more(digest: str, expected: tuple[str, ...]) -> None:
    """An answer to a sender of its own goes there, and not to the site's."""
    found = mail_for(digest)
    assert tuple(getattr(found, name) for name in _FIELDS) == expected


def test_a_digest_that_says_nothing_has_the_settings_of_the_site() -> None:
    """The same ones, for every message asks."""
    settings = settings_from()
    assert find_mail_settings(settings.mail, settings.digests["staff"]) is settings.mail
