"""docs/deliverability.md against the checks there are."""

from newsfeed.core.checkup.finding import CHECKS
from tests.docs.pages import code_of, read, rows, sections


def test_every_check_is_explained_and_no_other() -> None:
    """In the order in which they are shown."""
    table = rows(sections(read("docs/deliverability.md"))["What each check means"])
    assert [code_of(row[0])[0] for row in table] == list(CHECKS)
    assert all(all(row) for row in table)
