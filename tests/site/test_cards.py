"""Social cards: a picture with the title for each story that has none, in each of its languages."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from newsfeed.app import site as app
from newsfeed.config import brand_files
from newsfeed.core.site.cards import SocialCard
from newsfeed.errors import UsageError
from newsfeed.problems import select_errors
from newsfeed.render.cards import draw_card
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.core.told import params
from tests.pictures import png
from tests.site.test_identity import page, said

NOW = datetime.fromisoformat("2026-06-01T12:00+00:00")
BRAND = '\n[brand]\ncolour = "#7a1f5c"\ncards = true\n'
FILES = {
    "config.toml": CONFIG + BRAND,
    "news/plain.en.md": an_item(id="plain", title="A title\N{NARROW NO-BREAK SPACE}!", date="2026-01-05"),
    "news/plain.de.md": an_item(date=None, title="Донаудампфschiff"),
    "news/seen.en.md": an_item(id="seen", image="p.png", image_alt="x", date="2026-01-06"),
    "news/p.png": png(700, 400),
    "news/arabic.en.md": an_item(id="arabic", title="سلام", date="2026-01-07"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> app.Site:
    """A site with cards."""
    return app.read(write_tree(tmp_path_factory.mktemp("cards"), FILES), NOW)


@pytest.fixture(scope="module")
def made(site: app.Site) -> Path:
    """The site, built."""
    app.build(site, site.root / "public", NOW)
    return site.root / "public"


def opened(path: Path) -> Image.Image:
    """A picture in full colours."""
    return Image.open(io.BytesIO(path.read_bytes())).convert("RGB")


def test_a_story_without_a_picture_has_a_card_in_each_of_its_languages(made: Path) -> None:
    """None where another language is shown, and none of a story with a picture."""
    cards = sorted(path.relative_to(made).as_posix() for path in made.rglob("card.png"))
    assert cards == ["de/news/2026/plain/card.png", "en/news/2026/plain/card.png"]
    card = opened(made / cards[1])
    assert card.size == (1200, 630)
    assert card.getpixel((600, 3)) == (0x7A, 0x1F, 0x5C)
    assert len(card.getcolors(10_000)) > 8


def test_networks_are_shown_the_card_of_the_text(made: Path) -> None:
    """Also from an edition that shows it in another language."""
    for lang, shown in {"en": "en", "de": "de", "fr": "en"}.items():
        told = said(page(made, f"{lang}/news/2026/plain"))
        assert told["og:image"] == f"https://test.example/{shown}/news/2026/plain/card.png"
    told = said(page(made, "en/news/2026/plain"))
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert said(page(made, "en/news/2026/seen"))["og:image"].endswith("/p.png")
    assert "og:image" not in said(page(made, "en/news/2026/arabic"))


def test_letters_that_the_font_lacks_are_told_once(site: app.Site) -> None:
    """At the line that asks for cards."""
    (one,) = [one for one in site.problems if one.code == "card-letters"]
    assert (one.where.path, one.where.text.strip()) == ("config.toml", "cards = true")
    assert params(one) == {"value": "ا س ل م", "count": "1"}
    assert not select_errors(site.problems)


def test_without_the_extra_a_build_says_what_to_install(
    site: app.Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And a check goes on."""
    monkeypatch.setattr(brand_files, "read_usual_font", lambda: b"")
    bare = app.read(site.root, NOW)
    assert not [one for one in bare.problems if one.code == "card-letters"]
    with pytest.raises(UsageError) as found:
        app.build(bare, tmp_path / "public", NOW)
    assert "newsfeed[cards]" in str(found.value.hint)


def test_a_site_may_bring_a_font(tmp_path: Path) -> None:
    """One that is none is told at its name."""
    config = CONFIG + BRAND + 'card_font = "brand/own.ttf"\n'
    root = write_tree(
        tmp_path, {**FILES, "config.toml": config, "brand/own.ttf": brand_files.read_usual_font()}
    )
    assert not select_errors(app.read(root, NOW).problems)
    (root / "brand/own.ttf").write_bytes(b"no font")
    with pytest.raises(app.ProblemsFound) as found:
        app.read(root, NOW)
    (one,) = select_errors(found.value.problems)
    assert (one.code, one.where.text.strip()) == ("font-unreadable", 'card_font = "brand/own.ttf"')


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "A",
        "word " * 80,
        "x" * 300,
        "Donaudampfschifffahrtsgesellschaftskapitänsmütze hat ein Ende",
        "\u202b\u05e9\u05dc\u05d5\u05dd\u202c a",
    ],
)
def test_any_title_fits_on_a_card(title: str, direction: str) -> None:
    """And leaves its margins free."""
    card = SocialCard(title, "A site", "a.example", "en", direction, "#0b5d57")
    image = Image.open(io.BytesIO(draw_card(card, brand_files.read_usual_font()))).convert("RGB")
    paper = image.getpixel((1, 300))
    for box in ((0, 20, 70, 630), (1130, 20, 1200, 630)):
        assert image.crop(box).getcolors() == [((box[2] - box[0]) * 610, paper)]


def test_no_word_is_broken_that_fits_in_a_line() -> None:
    """Short lines are made even by whole words."""
    from PIL import ImageDraw

    written: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ImageDraw.ImageDraw, "text", lambda self, at, text, *_, **__: written.append(text))
        card = SocialCard("Pijpenkoppen in de oever", "S", "h", "nl", "ltr", "#0b5d57")
        draw_card(card, brand_files.read_usual_font())
    assert written[1:-1] == ["Pijpenkoppen", "in de oever"]
