"""Topics added to a configuration: one more, and every other byte as it was."""

import pytest

from newsfeed.config.topic_edits import add_topic


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '[topics]\na = "A"  # one\n\n[feeds]\nx = 2\n',
            '[topics]\na = "A"  # one\nb = "B"\n\n[feeds]\nx = 2\n',
        ),
        ('topics = {a="A"}\n', 'topics = {a="A",b = "B"}\n'),
        ('topics.a = "A"\n', 'topics.a = "A"\ntopics.b = "B"\n'),
        ("[topics]\n[x]\ny=1\n", '[topics]\nb = "B"\n[x]\ny=1\n'),
        (
            '[topics]\na = "A"\n\n# About feeds.\n[feeds]\n',
            '[topics]\na = "A"\nb = "B"\n\n# About feeds.\n[feeds]\n',
        ),
        (
            '[topics]\na = "A"\n# c = "C"\n\n# About feeds.\n[feeds]\n',
            '[topics]\na = "A"\n# c = "C"\nb = "B"\n\n# About feeds.\n[feeds]\n',
        ),
        ('[topics]\na = "A"\n\n# The end.\n', '[topics]\na = "A"\nb = "B"\n\n# The end.\n'),
        ("[site]\nx = 1\n", '[site]\nx = 1\n\n[topics]\nb = "B"\n'),
    ],
)
def test_a_topic_is_written_below_the_others(before, after):
    """In whatever form the table is."""
    assert add_topic(before, "b", "B") == after


@pytest.mark.parametrize("text", ['topics = "none"\n', "topics = [1]\n", "[topics\n"])
def test_what_has_no_place_for_it_stays(text):
    """It is added by hand."""
    assert add_topic(text, "b", "B") is None


def test_any_name_is_read_as_it_was_meant():
    """With the signs that TOML escapes."""
    assert add_topic("", "b", 'A "\\" B') == '[topics]\nb = "A \\"\\\\\\" B"\n'
