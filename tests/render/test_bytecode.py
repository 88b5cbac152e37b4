"""Templates are compiled a single time: for all languages, and for other processes where they can be kept."""

from pathlib import Path

import pytest
from jinja2 import Environment

from newsfeed.config import bundled
from newsfeed.i18n.catalogues import load_texts
from newsfeed.i18n.texts import CatalogueTexts
from newsfeed.render.templates import Templates
from newsfeed.testing import CONFIG, settings_from, write_tree

PAGE = "{% trans %}Topics{% endtrans %}: {{ _('Topics') }} <{{ x }}> {{ 12345|number }}"


class Store:
    """Keeps compiled templates in memory."""

    def __init__(self) -> None:
        self.written: dict[str, bytes] = {}

    def read(self, key: str) -> bytes | None:
        return self.written.get(key)

    def write(self, key: str, data: bytes) -> None:
        self.written[key] = data


@pytest.fixture
def texts(tmp_path: Path) -> dict[str, CatalogueTexts]:
    """The languages of a site that has a template."""
    write_tree(tmp_path / "templates", {"page/x.html": PAGE})
    return dict(load_texts(settings_from(CONFIG), tmp_path / "locales", bundled.locales())[0])


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of templates, each time one is compiled."""
    names: list[str] = []
    real = Environment.compile

    def compile_it(self: Environment, source: str, name: str, filename: str) -> object:
        names.append(name)
        return real(self, source, name, filename)

    monkeypatch.setattr(Environment, "compile", compile_it)
    return names


def rendered(folder: Path, texts: dict[str, CatalogueTexts], store: Store | None) -> list[str]:
    """The page in every language, as a process of its own makes it."""
    templates = Templates(folder / "templates", bundled.templates(), texts)
    if store is not None:
        templates.keep_compiled(store)
    return [templates.render("page/x.html", code, x="<b>") for code in texts]


def test_a_template_is_compiled_once_for_all_languages(
    tmp_path: Path, texts: dict[str, CatalogueTexts], compiled: list[str]
) -> None:
    """And each of them says its own."""
    assert len(set(rendered(tmp_path, texts, None))) == len(texts)
    assert compiled == ["page/x.html"]


def test_what_was_compiled_is_not_compiled_again(
    tmp_path: Path, texts: dict[str, CatalogueTexts], compiled: list[str]
) -> None:
    """And renders the same."""
    store = Store()
    before = rendered(tmp_path, texts, store)
    assert len(store.written) == 1
    assert rendered(tmp_path, texts, store) == before
    assert compiled == ["page/x.html"]


def test_another_source_is_compiled_anew(tmp_path: Path, texts: dict[str, CatalogueTexts]) -> None:
    """And takes the place of the one before."""
    store = Store()
    rendered(tmp_path, texts, store)
    (tmp_path / "templates/page/x.html").write_text("another {{ x }}")
    assert set(rendered(tmp_path, texts, store)) == {"another &lt;b&gt;\n"}
    assert len(store.written) == 1


@pytest.mark.parametrize("data", [b"", b"damaged"])
def test_what_is_no_code_is_compiled_anew(
    data: bytes, tmp_path: Path, texts: dict[str, CatalogueTexts]
) -> None:
    """Such as that of another Jinja2."""
    store = Store()
    before = rendered(tmp_path, texts, store)
    store.written = dict.fromkeys(store.written, data)
    assert rendered(tmp_path, texts, store) == before


def test_the_shipped_pages_are_loaded_in_all_languages_before_processes_are_forked(
    texts: dict[str, CatalogueTexts], compiled: list[str]
) -> None:
    """With the pieces that they import: rendering compiles nothing more."""
    templates = Templates(bundled.templates(), bundled.templates(), texts)
    templates.load_pages()
    loaded = set(compiled)
    shipped = bundled.templates()
    assert loaded == {path.relative_to(shipped).as_posix() for path in (shipped / "page").glob("*.html")}


def test_a_template_that_cannot_be_loaded_is_left_for_the_page_that_needs_it(
    tmp_path: Path, texts: dict[str, CatalogueTexts]
) -> None:
    """Which tells what is wrong, and where."""
    write_tree(tmp_path / "templates", {"page/_broken.html": "{% if %}", "page/_fails.html": "{{ nothing }}"})
    Templates(tmp_path / "templates", bundled.templates(), texts).load_pages()
