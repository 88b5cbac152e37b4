"""The brand in mails: a logo that mail programs show, and the colour of links, on light and dark grounds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from newsfeed.app import previews
from newsfeed.app import site as app
from newsfeed.core.site.brand import make_mail_brand
from newsfeed.mail.confirmation import ConfirmationRequest, compose_confirmation
from newsfeed.model import BrandColour, BrandPicture, BrandSettings
from newsfeed.testing import settings_from, write_tree
from tests.mail.issues import CONFIG, read_message, stories
from tests.pictures import png

NOW = datetime(2026, 1, 9, 12, tzinfo=UTC)
BRAND = CONFIG + '[brand]\nlogo = "logo.png"\ncolour = "#7a1f5c"\n'


@pytest.fixture(scope="module")
def branded(tmp_path_factory: pytest.TempPathFactory) -> app.Site:
    """A site with a wide logo."""
    root = write_tree(tmp_path_factory.mktemp("site"), {"config.toml": BRAND, **stories(3)})
    (root / "logo.png").write_bytes(png(600, 150))
    return app.read(root, NOW)


def test_the_logo_stands_above_the_title_and_says_the_site_where_it_is_not_loaded(branded: app.Site) -> None:
    """In a size that fits, from the site itself, and it leads there."""
    issue = previews.next_issue(branded, "staff", NOW, None)
    tree = html.document_fromstring(issue.mails[1].html)
    (logo,) = tree.xpath("//img")
    assert (logo.get("width"), logo.get("height")) == ("224", "56")
    assert logo.get("alt") == "Nachrichten des Wassernetzes"
    assert logo.get("src").startswith("https://news.example/files/brand/")
    assert logo.getparent().get("href") == "https://news.example/de/"
    assert logo.xpath("following::h1")


def test_links_have_the_colour_of_the_brand(branded: app.Site) -> None:
    """Also in the dark, where it is a lighter shade."""
    text = previews.next_issue(branded, "staff", NOW, None).mails[0].html
    colour = branded.settings.brand.colour
    assert colour is not None
    assert f"color:{colour.light}" in text.replace(" ", "")
    assert f"a {{ color: {colour.dark} !important; }}" in text
    assert "#0b5d57" not in text
    assert "#83d2c4" not in text


def test_a_mail_that_asks_for_a_confirmation_has_it_too(branded: app.Site) -> None:
    """Who gets it knows from whom."""
    request = ConfirmationRequest(
        address="ann@readers.example", digest="staff", link="https://news.example/c/x", days=3, at=NOW
    )
    context = branded.context
    message = compose_confirmation(context.settings, context.templates, context.texts["fr"], request)
    part = read_message(message.data).get_body(("html",))
    assert part is not None
    (logo,) = html.document_fromstring(part.get_content()).xpath("//img")
    assert logo.get("alt") == "Les nouvelles du réseau de l’eau"


@pytest.mark.parametrize("kind", ["image/svg+xml", "image/webp"])
def test_what_mail_programs_do_not_show_is_not_sent(kind: str) -> None:
    """The digest's title stands there alone."""
    logo = BrandPicture("logo", "files/brand/logo", kind, 60, 20)
    brand = BrandSettings(logo=logo, colour=BrandColour("#123456", "#abcdef"))
    settings = replace(settings_from(), brand=brand)
    made = make_mail_brand(settings, "Title")
    assert made.logo is None
    assert (made.colour, made.dark_colour) == ("#123456", "#abcdef")
