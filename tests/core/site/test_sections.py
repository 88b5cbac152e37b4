"""Sections: where their pages lie."""

import pytest

from newsfeed.core.site import urls
from newsfeed.core.site.sections import SITE, Section


@pytest.mark.parametrize(
    ("section", "lang", "path"),
    [
        (Section(SITE), "de", "de/index.html"),
        (Section("countries", "KZ"), "en", "en/countries/kz/index.html"),
        (Section("topics", "energy"), "en", "en/topics/energy/index.html"),
        (Section("topics", "water"), "de", "de/topics/water/index.html"),
    ],
)
def test_a_section_has_a_first_page_in_its_folder(section: Section, lang: str, path: str) -> None:
    """Keys stand in addresses in lower case."""
    assert section.live_path(lang) == path == f"{section.folder(lang)}/{urls.INDEX}"


def test_the_first_page_of_the_whole_site_is_the_front_page() -> None:
    """An edition's list of everything is its front page."""
    assert Section(SITE).live_path("fr") == urls.home_path("fr")
