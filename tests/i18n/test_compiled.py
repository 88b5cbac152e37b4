"""Catalogues compiled for the standard library's gettext."""

import stat

import pytest

from newsfeed.config import bundled
from newsfeed.i18n import compiled
from newsfeed.i18n.compiled import compiled_locales, read_translations

LOCALES = bundled.locales()


@pytest.fixture(autouse=True)
def _nothing_remembered():
    compiled_locales.cache_clear()
    read_translations.cache_clear()


def compile_german(cache):
    """The compiled file of the German sentences for the terminal."""
    return compiled_locales(LOCALES, "de", "problems", cache) / "de/LC_MESSAGES/problems.mo"


def test_a_catalogue_is_compiled_once(tmp_path, monkeypatch):
    """The next command reads what the first one wrote; only its owner may."""
    file = compile_german(tmp_path)
    assert file.is_relative_to(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    compiled_locales.cache_clear()
    monkeypatch.setattr(compiled, "_compile", None)
    assert compile_german(tmp_path) == file
    assert read_translations(file.parents[2], "de", "problems").gettext("error") == "Fehler"


def test_another_catalogue_is_another_file(tmp_path):
    """A new release never reads the sentences of the one before."""
    old = compile_german(tmp_path / "cache")
    messages = tmp_path / "locales/de/LC_MESSAGES"
    messages.mkdir(parents=True)
    source = (LOCALES / "de/LC_MESSAGES/problems.po").read_bytes()
    (messages / "problems.po").write_bytes(source.replace(b'"Fehler"', b'"Irrtum"'))
    new = compiled_locales(tmp_path / "locales", "de", "problems", tmp_path / "cache")
    assert new != old.parents[2]
    assert read_translations(new, "de", "problems").gettext("error") == "Irrtum"


def test_words_that_others_may_change_are_not_read(tmp_path):
    """They are written anew."""
    file = compile_german(tmp_path)
    file.write_bytes(b"nonsense")
    file.chmod(0o666)
    compiled_locales.cache_clear()
    assert (
        read_translations(compile_german(tmp_path).parents[2], "de", "problems").gettext("error") == "Fehler"
    )


def test_without_a_cache_the_words_are_there_all_the_same(tmp_path):
    """Where nothing can be kept, they last as long as the process."""
    cache = tmp_path / "file"
    cache.write_text("no folder")
    file = compile_german(cache)
    assert not file.is_relative_to(tmp_path)
    assert read_translations(file.parents[2], "de", "problems").gettext("error") == "Fehler"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
