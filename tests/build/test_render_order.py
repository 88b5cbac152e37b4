"""The order of work: neighbours share what they are made of."""

from datetime import UTC, datetime

from newsfeed.build.render_order import order_of_work
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.plan import plan_site
from newsfeed.core.site.sections import Section
from newsfeed.testing import CONFIG, an_item, load_files, settings_from

ALL_FEEDS = 'archives = "all"\nformats = ["rss", "atom", "jsonfeed"]\n'


def test_feeds_of_one_time_are_made_together() -> None:
    """All that is planned is made; of the feeds of an edition, the newest documents first."""
    files = {
        f"news/s-{number}.en.md": an_item(id=f"s-{number}", date=f"2026-01-{number:02}", topics="[water]")
        for number in range(1, 21)
    }
    settings = settings_from(CONFIG + "\n[feeds]\nitems = 5\n" + ALL_FEEDS)
    index = SiteIndex(load_files(files, settings).library, settings, datetime(2027, 1, 1, tzinfo=UTC))
    planned = plan_site(index)
    work = [planned[number] for number in order_of_work(index, planned)]

    def stories_of(one: PlannedArtifact) -> int:
        return len(index.stories(settings.languages["en"], Section(one.section, one.key)))

    assert sorted(work, key=lambda one: one.path) == planned
    feeds = [one.path for one in work if one.kind == "feed" and one.lang == "en" and stories_of(one)]
    numbers = [path.rpartition("feed")[2].partition(".")[0] for path in feeds]
    assert numbers == [number for number in ("", "-3", "-2", "-1") for _ in range(len(feeds) // 4)]
