"""What is said of a new site."""

from newsfeed.cli.output import site
from newsfeed.cli.output.voice import Voice

ENGLISH = Voice()


def test_a_new_site_says_what_to_type_next():
    """Ready to be copied."""
    assert site.init_summary("here", ["a", "b"], ENGLISH) == [
        "2 files made in here; next:",
        "    newsfeed -C here check",
        "    newsfeed -C here build",
        "    newsfeed -C here serve",
    ]


def test_one_file_is_one_file():
    """And not one files."""
    assert site.init_summary("here", ["a"], ENGLISH)[0] == "1 file made in here; next:"
