"""The brand of a publication as pages show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.views import Brand, Picture, Sharing

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.core.site.web_addresses import WebAddresses
    from newsfeed.model import BrandPicture, BrandSettings
    from newsfeed.settings import Language


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


def _picture(picture: BrandPicture | None, alt: str, address: Callable[[str], str]) -> Picture | None:
    if picture is None:
        return None
    return Picture(address(picture.output), alt, picture.width, picture.height)
