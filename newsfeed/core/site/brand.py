"""The brand of a publication as pages show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.views import Brand, MailBrand, Picture, Sharing

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.core.site.web_addresses import WebAddresses
    from newsfeed.model import BrandPicture, BrandSettings
    from newsfeed.settings import Language, Settings

_IN_MAILS = ("image/png", "image/jpeg", "image/gif")
"""Kinds of pictures that all mail programs show."""
_WIDEST, _HIGHEST = 240, 56
"""Pixels of a logo in a mail."""


def make_brand(brand: BrandSettings, address: Callable[[str], str], title: str) -> Brand:
    """Return the brand as every page of an edition shows it; the logo says the site's title. ``address``: of
    an output path.
    """
    return Brand(
        logo=_picture(brand.logo, title, address),
        dark_logo=_picture(brand.dark_logo, title, address),
        needs_plate=brand.dark_logo is None and brand.logo is not None and not brand.logo.suits_dark,
        icon=address(brand.favicon.output) if brand.favicon else "",
        icon_type=brand.favicon.media_type if brand.favicon else "",
    )


def make_sharing(brand: BrandSettings, addresses: WebAddresses, language: Language, kind: str) -> Sharing:
    """Return what others show of a page that has no picture of its own."""
    locale = language.locale if language.locale.count("_") == 1 else ""
    return Sharing(kind, _picture(brand.social_image, "", addresses.absolute), locale)


def make_mail_brand(settings: Settings, title: str) -> MailBrand:
    """Return the brand as mails show it. ``title``: of the site, which the logo says where none is seen."""
    brand, plain = settings.brand, MailBrand()
    logo = brand.logo
    if logo is not None and (logo.media_type not in _IN_MAILS or not logo.height):
        logo = None
    return MailBrand(
        logo=_scaled(logo, title, settings.site.base_url) if logo else None,
        needs_plate=logo is None or not logo.suits_dark,
        colour=brand.colour.light if brand.colour else plain.colour,
        dark_colour=brand.colour.dark if brand.colour else plain.dark_colour,
    )


def _scaled(logo: BrandPicture, title: str, base_url: str) -> Picture:
    scale = min(1, _WIDEST / logo.width, _HIGHEST / logo.height)
    width, height = round(logo.width * scale), round(logo.height * scale)
    return Picture(base_url + urls.encode_path(logo.output), title, width, height)


def _picture(picture: BrandPicture | None, alt: str, address: Callable[[str], str]) -> Picture | None:
    if picture is None:
        return None
    return Picture(address(picture.output), alt, picture.width, picture.height)
