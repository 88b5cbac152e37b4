"""Pages about feeds: which subjects they name, and in which order."""

from datetime import UTC, datetime

from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.pages import ViewContext, make_page_view
from newsfeed.core.site.plan import plan_site
from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.testing import CONFIG, an_item, load_files, settings_from

PROJECTS = {"alpha": "de", "beta": "en", "gamma": "de", "delta": "en"}
"""Project → the only language of its text."""


def test_names_in_the_pages_own_language_come_first() -> None:
    """Then those in others, each part in its order."""
    settings = settings_from(CONFIG)
    files = {
        f"projects/{key}.{lang}.md": an_item(date=None, id=key, title=key) for key, lang in PROJECTS.items()
    }
    index = SiteIndex(load_files(files, settings).library, settings, datetime(2026, 2, 1, tzinfo=UTC))
    context = ViewContext.of(
        index,
        {
            code: CatalogueTexts(settings.languages[code], Catalogue(), Catalogue(), settings)
            for code in settings.languages
        },
    )
    planned = next(one for one in plan_site(index) if one.path == "de/feeds/index.html")
    view = make_page_view(context, planned)
    groups = {group.heading: group.anchors for group in view.groups}  # type: ignore[union-attr]
    assert [anchor.text for anchor in groups["Projects"]] == ["alpha", "gamma", "beta", "delta"]
