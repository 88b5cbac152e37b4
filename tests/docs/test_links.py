"""Links between the pages of the documentation."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.docs.pages import PAGES, REPOSITORY, anchors, links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link leads to a file of the repository, and its anchor to a heading."""
    broken = []
    for link in links(page.read_text(encoding="utf-8")):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (page.parent / parts.path).resolve() if parts.path else page
        inside = target.is_relative_to(REPOSITORY) and target.is_file()
        if not inside or (
            parts.fragment and parts.fragment not in anchors(target.read_text(encoding="utf-8"))
        ):
            broken.append(link)
    assert broken == []


def test_every_page_is_reached_from_the_readme() -> None:
    """A page that nothing leads to is not read."""
    reached: set[Path] = set()
    open_ends = [REPOSITORY / "README.md"]
    while open_ends:
        page = open_ends.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        text = page.read_text(encoding="utf-8")
        targets = [urlsplit(link) for link in links(text)]
        open_ends += [(page.parent / one.path).resolve() for one in targets if one.path and not one.scheme]
    assert set(PAGES) - reached == set()
