"""docs/adding.md: its recipes lead where they say."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from newsfeed.channels import CHANNELS
from newsfeed.config.loader import CHANNEL_NAMES, FORMAT_NAMES
from newsfeed.core.site.frames import FEED_TYPES
from newsfeed.core.site.urls import FEED_ENDINGS
from newsfeed.render.feeds import FORMATS
from tests.docs.pages import fences, read, sections
from tests.docs.test_readme import run

LANGUAGE = sections(read("docs/adding.md"))["A language"]


@pytest.mark.slow
def test_a_language_takes_a_catalogue_and_a_line(tmp_path: Path) -> None:
    """The commands of the recipe, a filled catalogue and the line make a site that checks without errors."""
    run("newsfeed init site", tmp_path)
    site = tmp_path / "site"
    (make,) = [one.code for one in fences(LANGUAGE) if one.info == "sh"]
    (line,) = [one.code for one in fences(LANGUAGE) if one.info == "toml"]
    run(make, site)
    fill(site / "locales/es/LC_MESSAGES/newsfeed.po")
    config = site / "config.toml"
    config.write_text(re.sub(r"languages = .*\n", line, config.read_text()), encoding="utf-8")
    (site / "news/2026/hello.de.md").unlink()
    (site / "pages/about.de.md").unlink()
    config.write_text(re.sub(r", de = \"[^\"]*\"", "", config.read_text()), encoding="utf-8")
    assert "[catalogue-" not in run("newsfeed check; newsfeed build", site)
    assert 'lang="es"' in (site / "public/es/index.html").read_text(encoding="utf-8")


def fill(path: Path) -> None:
    """Translate every sentence into itself, as a stand-in for a translator."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale="es")
    for message in catalogue:
        if isinstance(message.id, str):
            message.string = message.string if not message.id else message.id
        else:
            message.string = tuple(message.id[min(form, 1)] for form in range(catalogue.num_plurals))
    with path.open("wb") as file:
        write_po(file, catalogue)


def test_names_in_the_recipes_stand_in_the_files_they_are_said_to_stand_in() -> None:
    """`NAME` in `file`, or `NAME` (`file`)."""
    found = re.findall(r"`(\w+)`\s+(?:in\s+|\()`((?:newsfeed|tests)/[\w/]+\.py)`", read("docs/adding.md"))
    assert len(found) >= 8
    assert [(name, path) for name, path in found if not re.search(rf"\b{name}\b", read(path))] == []


def test_the_files_to_copy_exist() -> None:
    """Each recipe names a folder and a file in it."""
    for heading, text in sections(read("docs/adding.md")).items():
        folder = re.search(r"Folder: `([\w/]+)`\. Copy `(\w+\.py)`", text)
        assert heading == "A language" or (folder and (Path(folder[1]) / folder[2]).is_file())


def test_the_registries_agree() -> None:
    """A format or channel that is listed in one place is listed in all that the recipe names."""
    assert {name for name, _ in FORMATS} == set(FORMAT_NAMES) == set(FEED_ENDINGS) == set(FEED_TYPES)
    assert {name for name, _ in CHANNELS} == set(CHANNEL_NAMES)
