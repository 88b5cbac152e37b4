"""What is said of a story's image: its caption, who made it, and which side of it stays when it is cropped."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from newsfeed.app import site as app
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.pictures import png
from tests.site.test_identity import page, said

NOW = datetime.fromisoformat("2026-06-01T12:00+00:00")
ORIGINAL = an_item(
    id="well", title="A well", image="well.png", image_alt="A pump", image_caption="The *first* <day>",
    image_credit="Ada & Bo, CC BY 4.0", image_focus="top right", date="2026-01-05",
)  # fmt: skip
PROJECT = an_item(
    id="wells", date=None, title="Wells", image="../news/well.png", image_alt="A pump", image_caption="A pump of ours",
    image_credit="Ada",
)  # fmt: skip
TRANSLATION = an_item(
    id=None, date=None, title="Ein Brunnen", image_alt="Eine Pumpe", image_caption="Der erste Tag"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with one story in two of its languages."""
    root = write_tree(
        tmp_path_factory.mktemp("captions"),
        {
            "config.toml": CONFIG,
            "news/well.png": png(700, 400),
            "news/well.en.md": ORIGINAL,
            "news/well.de.md": TRANSLATION,
            "projects/wells.en.md": PROJECT,
        },
    )
    app.build(app.read(root, NOW), root / "public", NOW)
    return root / "public"


def test_a_caption_is_of_its_language_and_the_credit_in_the_words_of_the_edition(made: Path) -> None:
    """Neither is Markdown."""
    for path, spoken in {
        "en/news/2026/well": ["The *first* <day>", "Picture: Ada & Bo, CC BY 4.0"],
        "de/news/2026/well": ["Der erste Tag", "Bild: Ada & Bo, CC BY 4.0"],
    }.items():
        (caption,) = page(made, path).xpath("//figure[img]/figcaption")
        assert [one.text_content() for one in caption] == spoken
        assert not caption.xpath(".//@lang")


def test_an_edition_without_the_text_marks_the_language_of_the_caption(made: Path) -> None:
    """The credit is in its own words."""
    (caption,) = page(made, "fr/news/2026/well").xpath("//figure/figcaption")
    assert [(one.get("lang"), one.text_content()) for one in caption] == [
        ("en", "The *first* <day>"),
        (None, "Image\N{NO-BREAK SPACE}: Ada & Bo, CC BY 4.0"),
    ]


def test_a_card_crops_an_image_where_its_editor_says(made: Path) -> None:
    """Without a style in the page, which a content security policy would forbid."""
    (image,) = page(made, "en").xpath("//article//img")
    assert image.get("class") == "focus right top"
    css = (made / "style.css").read_text()
    assert ".focus.right { --across: 100%; }" in css
    assert not page(made, "en").xpath("//@style")


def test_feeds_bring_caption_and_credit(made: Path) -> None:
    """Also those of other editions."""
    (entry,) = json.loads((made / "en/feed.json").read_text())["items"]
    assert (
        "<figcaption>The *first* &lt;day&gt; <small>Picture: Ada &amp; Bo, CC BY 4.0</small></figcaption>"
        in (entry["content_html"])
    )
    (entry,) = json.loads((made / "fr/feed.json").read_text())["items"]
    assert '<figcaption><span lang="en" dir="ltr">The *first*' in entry["content_html"]


def test_search_engines_are_told_both(made: Path) -> None:
    """As schema.org calls them."""
    (script,) = page(made, "en/news/2026/well").xpath("//script[@type='application/ld+json']")
    image = json.loads(script.text)["@graph"][0]["image"]
    assert (image["@type"], image["caption"], image["creditText"]) == (
        "ImageObject",
        "The *first* <day>",
        "Ada & Bo, CC BY 4.0",
    )
    assert image["url"].startswith("https://")
    assert image["width"] == 700


def test_a_project_has_them_too(made: Path) -> None:
    """And social networks are shown its picture."""
    (caption,) = page(made, "de/projects/wells").xpath("//figure/figcaption")
    assert [(one.get("lang"), one.text_content()) for one in caption] == [
        ("en", "A pump of ours"),
        (None, "Bild: Ada"),
    ]
    assert said(page(made, "en/projects/wells"))["og:image"].endswith("/well.png")
