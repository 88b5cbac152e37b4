"""Which group of receivers an address belongs to."""

import pytest

from newsfeed.core.delivery.receivers.groups import domain_of


@pytest.mark.parametrize("address", ["ann@example.org", '"a@b"@example.org'])
def test_a_domain_is_what_stands_after_the_last_at_sign(address: str) -> None:
    """However its local part looks."""
    assert domain_of(address) == "example.org"
