"""``newsfeed locales``: names that wait for a translation, from the command line."""

import pytest

from tests.cli.command import newsfeed


def test_sentences_of_own_templates_are_written_to_be_translated(tmp_path):
    """Not those that the program translates; plurals and contexts too, and nothing twice."""
    site = tmp_path / "site"
    newsfeed("init", site)
    (site / "templates").mkdir()
    (site / "templates/own.html").write_text(
        '{{ _("Our own words") }} {{ ngettext("%(num)s apple", "%(num)s apples", 3) }} {{ pgettext("month", "May") }} {{ _("A new address") }}'
        "{% trans %}Two\n  lines{% endtrans %}"
    )
    path = "locales/de/LC_MESSAGES/newsfeed.po"
    assert f"{path}: 4 new, 0 obsolete" in newsfeed("locales", "extract", cwd=site).stdout
    written = (site / path).read_text()
    assert 'msgid "Our own words"\nmsgstr ""' in written
    assert 'msgid_plural "%(num)s apples"' in written
    assert 'msgctxt "month"' in written
    assert 'msgid "Two lines"' in written
    assert "Plural-Forms: nplurals=2" in written
    assert newsfeed("locales", "extract", cwd=site).stdout == "nothing was to be changed\n"
    (site / path).write_text(
        written.replace('msgid "Our own words"\nmsgstr ""', 'msgid "Our own words"\nmsgstr "Eigen"')
    )
    assert newsfeed("build", cwd=site).returncode == 0


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("templates/page/broken.html", b"{# #}\n{% trans %}", "templates/page/broken.html:2: "),
        ("templates/latin.txt", b"{{ _('caf\xe9') }}", "templates/latin.txt: 'utf-8'"),
        ("locales/de/LC_MESSAGES/newsfeed.po", b'msgid "x\xff"\nmsgstr ""\n', "newsfeed.po: 'utf-8'"),
        ("locales/de/LC_MESSAGES/site.po", b'msgid "x\xff"\nmsgstr ""\n', "site.po: 'utf-8'"),
    ],
)
def test_a_damaged_file_is_named_and_stays_as_it_is(tmp_path, file, content, said):
    """A template as much as a catalogue."""
    site = tmp_path / "site"
    newsfeed("init", site)
    for path, data in {"templates/own.html": b"{{ _('Our own words') }}", file: content}.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(data)
    done = newsfeed("locales", "extract", cwd=site)
    assert done.returncode == 3
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (site / file).read_bytes() == content


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
