"""Names added to a catalogue: what stands there stays."""

from newsfeed.i18n.name_edits import add_names

DE = b'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n# old\nmsgctxt "topic"\nmsgid "Water"\nmsgstr "Wasser"\n'


def test_a_name_is_written_below_the_others():
    """Those that are there already are left out; a line of any length stays one line."""
    long = "Energy, climate and " * 8
    added = add_names(
        DE, "de", [("topic", "Water", "H2O"), ("topic", long, ""), ("donor", "Water", "Wasser")]
    )
    assert (
        added
        == DE
        + (
            f'\nmsgctxt "topic"\nmsgid "{long}"\nmsgstr ""\n\nmsgctxt "donor"\nmsgid "Water"\nmsgstr "Wasser"\n'
        ).encode()
    )


def test_a_catalogue_without_new_names_stays():
    """Byte for byte."""
    assert add_names(DE, "de", [("topic", "Water", "")]) == DE


def test_a_catalogue_is_begun():
    """With a head that says its language."""
    assert add_names(None, "nl", [("topic", "Water", "Water")]).startswith(
        b'msgid ""\nmsgstr ""\n"Language: nl\\n"'
    )
