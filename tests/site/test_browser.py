"""Every kind of page in every language, as people see it: in Chromium, wide and narrow, light and dark."""

from collections.abc import Iterator, Sequence

import pytest

from tests.peers.browser import JUDGED, Browser, browse
from tests.site import kinds
from tests.site.builds import BuiltSite

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def browser(network: BuiltSite) -> Iterator[Browser]:
    """One tab on the network site, which lies below /news/ as its base_url says."""
    with browse(network.served) as tab:
        yield tab


@pytest.mark.parametrize(("lang", "judged"), JUDGED.items())
def test_everybody_can_use_every_kind_of_page(
    browser: Browser, network: BuiltSite, lang: str, judged: Sequence[int]
) -> None:
    """At 360 and 1280 pixels, light and dark: axe finds nothing (WCAG 2.2 AA), nothing overflows, not
    even the longest German words, and no other host is asked for anything.
    """
    assert set(JUDGED) == set(kinds.LANGUAGES)
    for kind, path in kinds.pages(lang).items():
        for view in browser.views(network.base_path + path, judged=judged):
            seen = f"{kind} ({path}), {view.width} pixels, {view.scheme}"
            assert view.violations == (), seen
            assert view.fits, f"{seen}: wider than the window"
            assert view.foreign + view.broken == (), seen


@pytest.mark.parametrize("path", ["index.html", "404.html"])
def test_everybody_can_use_the_entrance(browser: Browser, network: BuiltSite, path: str) -> None:
    """The pages of no edition pass as well."""
    for view in browser.views(network.base_path + path):
        assert view.violations + view.foreign + view.broken == ()
        assert view.fits
