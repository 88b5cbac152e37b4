"""The name of all that is no content: it changes when something does that pages are made with."""

import os
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from newsfeed.build.cache import fingerprint as module
from newsfeed.build.cache.fingerprint import environment_fingerprint, is_current
from newsfeed.testing import CONFIG, an_item, write_tree


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small site."""
    return write_tree(tmp_path, {"config.toml": CONFIG, "news/a.en.md": an_item()})


def test_the_same_site_has_the_same_name(root: Path) -> None:
    """Whatever happens to its content, and when its files are touched."""
    name = environment_fingerprint(root)
    write_tree(root, {"news/b.en.md": an_item(), "var/x": "x", "README.md": "x"})
    os.utime(root / "config.toml", (1, 1))
    assert environment_fingerprint(root) == name


@pytest.mark.parametrize(
    "path",
    ["config.toml", "templates/page/story.html", "templates/style.css", "locales/de/LC_MESSAGES/site.po"],
)
def test_everything_else_is_in_the_name(root: Path, path: str) -> None:
    """A new file, other bytes of the same length, and a file that is gone."""
    names = [environment_fingerprint(root)]
    for text in ("one", "two"):
        write_tree(root, {path: text})
        names.append(environment_fingerprint(root))
    (root / path).unlink()
    names.append(environment_fingerprint(root))
    assert len(set(names)) == (4 if path == "config.toml" else 3)


def test_a_site_in_another_folder_is_the_same_site(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As a checkout somewhere else: nothing of where files lie, or when they came there, is in it."""
    other = tmp_path_factory.mktemp("elsewhere") / "checkout"
    write_tree(root, {"templates/style.css": "p {}"})
    shutil.copytree(root, other)
    assert environment_fingerprint(other) == environment_fingerprint(root)


def test_what_cannot_be_read_has_a_name_too(root: Path) -> None:
    """The build says what is wrong with it."""
    name = environment_fingerprint(root)
    (root / "config.toml").unlink()
    (root / "config.toml").mkdir()
    assert environment_fingerprint(root) != name


def test_a_library_s_next_version_is_another_program(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may make other bytes; so may another zlib."""
    name = environment_fingerprint(root)
    assert is_current()
    monkeypatch.setattr(module, "_installed", lambda: ["jinja2-99.dist-info"])
    assert not is_current()
    assert environment_fingerprint(root) == name, "what runs here is still the old one"
    module._loaded.cache_clear()
    assert environment_fingerprint(root) != name
    monkeypatch.undo()
    module._loaded.cache_clear()
    assert environment_fingerprint(root) == name


def test_every_library_that_makes_bytes_is_known() -> None:
    """Those that are installed with the program; a missing one would be an error here."""
    names = [name.partition("-")[0].lower().replace("_", "-") for name in module._installed()]
    assert [name for name in names if name not in module._OPTIONAL] == sorted(module._LIBRARIES)
    assert {"babel", "comrak", "feedgen", "jinja2", "nh3", "python-slugify"} <= set(module._LIBRARIES)


def test_a_library_without_a_description_beside_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when it comes from an archive."""
    monkeypatch.setattr(module.os, "scandir", lambda folder: iter(()))
    assert version("jinja2") in module._installed()
