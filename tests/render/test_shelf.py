"""Compiled templates that another process left: they render the same, and only for the same sentences."""

from dataclasses import replace
from pathlib import Path

import pytest

from newsfeed.config import bundled
from newsfeed.i18n.catalogues import load_texts
from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.render.templates import Templates
from newsfeed.testing import CONFIG, settings_from, write_tree

PAGE = "{% trans %}Topics{% endtrans %}: {{ _('Topics') }} <{{ x }}>"


class Shelf:
    """Keeps values in memory."""

    def __init__(self) -> None:
        self.kept: dict[object, object] = {}

    def get(self, name: object) -> object:
        return self.kept.get(name)

    def put(self, name: object, value: object) -> None:
        self.kept[name] = value


@pytest.fixture
def texts(tmp_path: Path) -> dict[str, CatalogueTexts]:
    """The languages of a site."""
    write_tree(tmp_path / "templates", {"page/x.html": PAGE})
    return dict(load_texts(settings_from(CONFIG), tmp_path / "locales", bundled.locales())[0])


def rendered(folder: Path, texts: dict[str, CatalogueTexts], shelf: Shelf) -> list[str]:
    """The page in every language."""
    templates = Templates(folder / "templates", bundled.templates(), texts)
    templates.keep_compiled(shelf)
    return [templates.render("page/x.html", code, x="<b>") for code in texts]


def test_what_was_compiled_is_not_compiled_again(
    tmp_path: Path, texts: dict[str, CatalogueTexts], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And renders the same."""
    shelf = Shelf()
    before = rendered(tmp_path, texts, shelf)
    assert len(set(before)) > 1
    assert len(shelf.kept) == len(texts)
    monkeypatch.setattr("newsfeed.render.compiling.SiteEnvironment.compile", None)
    assert rendered(tmp_path, texts, shelf) == before


def test_other_sentences_or_another_text_are_compiled_anew(
    tmp_path: Path, texts: dict[str, CatalogueTexts]
) -> None:
    """Sentences are compiled with a template."""
    shelf = Shelf()
    rendered(tmp_path, texts, shelf)
    settings = settings_from(CONFIG)
    words = Catalogue({("", "Topics"): ("Sujets",)})
    other = {code: CatalogueTexts(settings.languages[code], words, Catalogue(), settings) for code in texts}
    assert {one.split(" ")[0] for one in rendered(tmp_path, other, shelf)} == {"Sujets:"}
    (tmp_path / "templates/page/x.html").write_text("another {{ x }}")
    assert set(rendered(tmp_path, texts, shelf)) == {"another &lt;b&gt;\n"}


@pytest.mark.parametrize("found", [b"", b"damaged", "text", 1])
def test_what_is_damaged_is_compiled_anew(
    found: object, tmp_path: Path, texts: dict[str, CatalogueTexts]
) -> None:
    """Or is nothing that was compiled."""
    shelf = Shelf()
    before = rendered(tmp_path, texts, shelf)
    shelf.kept = dict.fromkeys(shelf.kept, found)
    assert rendered(tmp_path, texts, shelf) == before


def test_a_language_is_named_by_all_that_is_said_in_it(texts: dict[str, CatalogueTexts]) -> None:
    """Not by the object, and not only by its code."""
    one = texts["de"]
    assert len({each.fingerprint for each in texts.values()}) == len(texts)
    again = CatalogueTexts(*one.__reduce__()[1])  # type: ignore[arg-type]
    assert again.fingerprint == one.fingerprint
    language, catalogue, *rest = one.__reduce__()[1]
    assert isinstance(catalogue, Catalogue)
    other = replace(catalogue, messages={**catalogue.messages, ("", "new"): ("neu",)})
    assert CatalogueTexts(language, other, *rest).fingerprint != one.fingerprint  # type: ignore[arg-type]
