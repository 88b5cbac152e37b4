"""A library packed story by story."""

from datetime import UTC, datetime

from newsfeed.build.cache.snapshot import Held
from newsfeed.core.content.packing import changed_stories, pack, unpack
from newsfeed.core.site.index import SiteIndex, StoryLists, select_public
from newsfeed.core.site.index import make_rows as rows
from newsfeed.core.site.sections import Section
from newsfeed.model import Library
from newsfeed.testing import CONFIG, an_item, load_files, settings_from

FILES: dict[str, str | bytes] = {
    "news/a/index.en.md": an_item(
        "![x](p.png), [b](../b.en.md), [out](https://example.org/).\n",
        id="a-a", date="2026-01-05 10:30", updated="2026-01-06", expires="2027-01-01", authors="[Ann, Bo]",
        topics="[water]", countries="[KZ]", projects="[pumps]", image="p.png", image_alt="A pump",
        enclosures="[{file: doc.pdf, title: Report}]", aliases="[/en/was/a]", summary="Short.",
    ),
    "news/a/index.de.md": "---\ntitle: Ä\nimage_alt: Pumpe\nsource: 0\n---\nText.\n",
    "news/a/p.png": b"png",
    "news/a/doc.pdf": b"pdf",
    "news/b.en.md": an_item("See [a](a).\n", id="b-b", draft="yes"),
    "projects/pumps.en.md": "---\nid: pumps\ntitle: Pumps\n---\nOf [a](../news/a).\n",
}  # fmt: skip


def library() -> Library:
    """Of stories with every fact there is."""
    return load_files(FILES, settings_from(CONFIG)).library


def held_of(library: Library) -> Held:
    """What is held of it."""
    return Held.of(library, tuple(rows(library)))


def test_a_story_is_unpacked_as_it_was() -> None:
    """With every field, in zones of its own."""
    stories = library().stories
    assert {key: unpack(pack(story)) for key, story in stories.items()} == dict(stories)
    assert all(unpack(pack(story)).date.tzinfo == story.date.tzinfo for story in stories.values())


def test_a_library_is_found_again() -> None:
    """Also after it was packed as plain values, as files keep it."""
    before = library()
    held = held_of(before)
    assert Held.unpacked(held.packed()) == held
    after = held.library()
    assert dict(after.stories) == dict(before.stories)
    assert (after.projects, after.pages, after.assets, after.paths) == (
        before.projects, before.pages, before.assets, before.paths
    )  # fmt: skip
    assert held.rows == tuple(rows(before))
    assert held.aliases == {"en/was/a/index.html"}


def test_it_is_known_who_may_link_to_a_file() -> None:
    """By whatever name: path, file name, folder."""
    held = held_of(library())
    assert set(held.linking("news/a/index.en.md")) == {"news/b.en.md", "projects/pumps.en.md"}
    assert set(held.linking("news/a/index.de.md")) == {"news/b.en.md", "projects/pumps.en.md"}
    assert set(held.linking("news/b.en.md")) == {"news/a/index.en.md"}
    assert set(held.linking("news/a/p.png")) == {"news/a/index.en.md"}
    assert set(held.linking("news/c.en.md")) == set()


def test_changes_do_not_pile_up() -> None:
    """Of a story that changes again and again, only what it is now is looked through."""
    stories = library().stories
    one = changed_stories(stories, {"a-a": stories["b-b"]}, {"a-a"})
    two = changed_stories(one, {"c-c": stories["a-a"]}, {"a-a"})
    assert dict(two) == {"b-b": stories["b-b"], "c-c": stories["a-a"]}
    assert len(two) == 2
    assert "a-a" not in two


def test_an_index_with_lists_is_one_without() -> None:
    """Lists are made from rows alone."""
    settings, now = settings_from(CONFIG), datetime(2026, 2, 1, tzinfo=UTC)
    held = held_of(library())
    whole = SiteIndex(library(), settings, now)
    known = SiteIndex(
        held.library(), settings, now, StoryLists(select_public(held.rows, now), held.others, settings)
    )
    assert whole.by_section == known.by_section
    for language in settings.editions:
        for section in whole.by_section:
            assert [*whole.stories(language, section)] == [*known.stories(language, section)]
    assert whole.rows.keys() == {"a-a"}
    assert Section("countries", "KZ") in whole.by_section
