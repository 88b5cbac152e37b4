"""``newsfeed locales``: names that wait for a translation, from the command line."""

from tests.cli.command import newsfeed


def test_names_are_written_translated_and_checked(tmp_path):
    """A topic more, and its German name."""
    site = tmp_path / "site"
    newsfeed("init", site)
    config = site / "config.toml"
    config.write_text(config.read_text().replace("[topics]\n", '[topics]\nrights = "Rights"\n'))
    checked = newsfeed("locales", "check", cwd=site)
    assert checked.returncode == 1
    assert "“Rights” has no translation [name-untranslated]" in checked.stdout
    path = "locales/de/LC_MESSAGES/site.po"
    assert newsfeed("locales", "extract", cwd=site).stdout == f"{path}: 1 new, 0 obsolete\n"
    catalogue = site / path
    catalogue.write_text(
        catalogue.read_text().replace('msgid "Rights"\nmsgstr ""', 'msgid "Rights"\nmsgstr "Rechte"')
    )
    assert newsfeed("locales", "check", cwd=site).stdout == "no problems\n"
    config.write_text(config.read_text().replace('rights = "Rights"\n', ""))
    assert newsfeed("locales", "update", cwd=site).stdout == f"{path}: 0 new, 1 obsolete\n"
    assert newsfeed("locales", "update", cwd=site).stdout == "nothing was to be changed\n"
