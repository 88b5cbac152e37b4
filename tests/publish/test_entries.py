"""The memory of entries: what was used last is kept, and never more than the limit."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.index import Index, Section
from newsfeed.core.planned import Planned
from newsfeed.core.site import plan
from newsfeed.publish.entries import Recent, in_order_of_work
from newsfeed.testing import CONFIG, an_item, load_files, settings_from


def test_what_was_used_last_stays() -> None:
    """The value that nobody asked for goes first."""
    kept: Recent[str, str] = Recent(2)
    for key in ("a", "b", "a", "c"):
        kept.of(key, key.upper)
    assert [kept.get(key) for key in ("a", "b", "c")] == ["A", None, "C"]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30))))
def test_no_more_is_kept_than_the_limit(asked: list[tuple[int, int]]) -> None:
    """In bytes; what is larger than all the room is handed out, and not kept."""
    kept: Recent[int, bytes] = Recent(40, len)
    values: dict[int, bytes] = {}
    for key, size in asked:
        found = kept.of(key, lambda size=size: bytes(size))  # type: ignore[misc]
        values[key] = found
        assert sum(len(one) for number in range(6) if (one := kept.get(number))) <= 40
    assert all(kept.get(key) in (None, value) for key, value in values.items())


def test_feeds_of_one_time_are_made_together() -> None:
    """All that is planned is made; of the feeds of an edition, the oldest documents first."""
    files = {
        f"news/s-{number}.en.md": an_item(id=f"s-{number}", date=f"2026-01-{number:02}", topics="[water]")
        for number in range(1, 21)
    }
    settings = settings_from(CONFIG + "\n[feeds]\nitems = 5\n")
    index = Index(load_files(files, settings).library, settings, datetime(2027, 1, 1, tzinfo=UTC))
    planned = plan(index)
    work = in_order_of_work(index, planned)

    def stories_of(one: Planned) -> int:
        return len(index.stories(settings.languages["en"], Section(one.section, one.key)))

    assert sorted(work, key=lambda one: one.path) == planned
    feeds = [one.path for one in work if one.kind == "feed" and one.lang == "en" and stories_of(one)]
    numbers = [path.rpartition("feed")[2].partition(".")[0] for path in feeds]
    assert numbers == [number for number in ("-1", "-2", "-3", "") for _ in range(len(feeds) // 4)]
