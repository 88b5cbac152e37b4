"""`newsfeed.core.http.origins`: what browsers say of the page that sent a form."""

import pytest

from newsfeed.core.http.origins import is_sent_from_elsewhere

OWN = ("https://mail.test.example", "http://mail.test.example")


@pytest.mark.parametrize(
    ("fetch_site", "origin", "elsewhere"),
    [
        ("same-origin", "null", False),
        ("none", "", False),
        ("same-site", "https://www.test.example", True),
        ("cross-site", "null", True),
        ("cross-site", "https://mail.test.example", True),
        ("", "", False),
        ("", "null", False),
        ("", "https://MAIL.test.example", False),
        ("", "https://evil.example", True),
        ("", "https://mail.test.example.evil.example", True),
    ],
)
def test_the_newer_header_counts_and_without_both_nobody_is_suspected(
    fetch_site: str, origin: str, elsewhere: bool
) -> None:
    """Fetch Metadata, and RFC 6454 for browsers before it."""
    assert is_sent_from_elsewhere(fetch_site, origin, OWN) is elsewhere
