"""A few changed stories: only they are read, only what shows them is written, and the bytes are those of
a clean build; whatever is more than that is left to a build of the whole site.
"""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsfeed.app import builds as cached
from newsfeed.app import site
from newsfeed.app.cached_context import cached_context
from newsfeed.app.context import context_of, report_of
from newsfeed.build import incremental
from newsfeed.build.cache.file_stats import FileStats
from newsfeed.build.folder_handle import FolderHandle
from newsfeed.testing import an_item, write_tree
from tests.build.builds import build, build_all, copy_of_build, open_in
from tests.build.test_killed import dangling
from tests.build.test_warm_machine import SITE, tree
from tests.pictures import png

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
FACTS = {"authors": "[Ann, Bo]", "topics": "[water]", "countries": "[KZ]"}
Edit = Callable[[Path], object]


def story(key: str, body: str = "Text.\n", **fields: str) -> str:
    """A story like all others."""
    return an_item(body, **{"id": key, "title": key.upper(), **FACTS, **fields})


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a site of some stories, its output and its cache, to be copied."""
    folder = tmp_path_factory.mktemp("incremental")
    files = {f"news/s-{day}.en.md": story(f"s-{day}", date=f"2026-01-{day:02}") for day in range(1, 8)}
    write_tree(
        folder / "site",
        {
            **files,
            "config.toml": SITE
            + '\n[lists]\nitems = 3\n[feeds]\nitems = 4\nformats = ["atom", "jsonfeed"]\n',
            "projects/wells.en.md": "---\nid: wells\ntitle: Wells\n---\nOf [five](../news/s-5.en.md).\n",
            "news/s-3.de.md": "---\ntitle: Drei\n---\nText.\n",
            "news/bundle/index.en.md": story("bundle", "![x](p.png)\n", date="2026-02-01"),
            "news/bundle/p.png": png(),
            "news/draft.en.md": story("draft", draft="yes", slug="taken", date="2026-01-20"),
            "news/old.en.md": story(
                "old", aliases="[/en/was/old, /en/authors/dee, /en/authors/eve/was/]", date="2026-01-02"
            ),
            "news/rare.en.md": story("rare", countries="[KG]", date="2026-01-03"),
        },
    )
    assert made(folder / "site") == "full"
    return folder


@pytest.fixture
def root(built_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of some stories, whose files have settled, as after its first build."""
    monkeypatch.setattr("newsfeed.build.cache.file_stats.SETTLED", -(10**12))  # all moments are long ago
    copy_of_build(built_once, tmp_path, NOW)
    return tmp_path / "site"


def opened(root: Path) -> cached.CachedBuild:
    """The build of the next process."""
    return open_in(root.parent)


def made(root: Path, now: datetime = NOW) -> str:
    """Which kind of build was enough."""
    return build(opened(root), now)[1]


def is_clean(root: Path, now: datetime = NOW) -> bool:
    """Whether the output holds the bytes of a clean build."""
    clean = root.parent / "clean"
    site.build(site.read(root, now), clean, now)
    return tree(root.parent / "out") == tree(clean)


def edit(path: str, old: str, new: str) -> Edit:
    """Other words in one file."""

    def change(root: Path) -> None:
        file = root / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    return change


def write(path: str, text: str | bytes) -> Edit:
    """A new file."""
    return lambda root: write_tree(root, {path: text})


def remove(path: str) -> Edit:
    """One file less."""
    return lambda root: (root / path).unlink()


LITTLE: dict[str, Edit] = {
    "a word": edit("news/s-4.en.md", "Text.", "Other text."),
    "a title": edit("news/s-4.en.md", "title: S-4", "title: Four"),
    "a topic": edit("news/s-4.en.md", "topics: [water]", "topics: [energy]"),
    "a new author": edit("news/s-4.en.md", "[Ann, Bo]", "[Ann, Bo, Cy]"),
    "a new country": edit("news/s-4.en.md", "[KZ]", "[KZ, UZ]"),
    "the last of a country": edit("news/rare.en.md", "[KG]", "[KZ]"),
    "a first story of an author from a new country": write(
        "news/new.en.md", story("new", authors="[Élise]", countries="[AM]", date="2026-02-20")
    ),
    "another author of ours": edit("news/s-4.en.md", "[Ann, Bo]", "[Bo]"),
    "a moment of the same day": edit("news/s-4.en.md", "date: 2026-01-04", "date: 2026-01-04 11:00"),
    "another month": edit("news/s-4.en.md", "date: 2026-01-04", "date: 2026-02-04"),
    "a story of the same moment above it": write("news/s-4a.en.md", story("a", date="2026-01-04")),
    "a story of the same moment below it": write("news/s-4z.en.md", story("z", date="2026-01-04")),
    "a place in the day": edit("news/s-4.en.md", "date: 2026-01-04", "order: 2\ndate: 2026-01-04"),
    "a role": edit("news/s-4.en.md", "[Ann, Bo]", "[Ann, {name: Bo, role: photos}]"),
    "a film and a translator": edit(
        "news/s-3.en.md", "title: S-3", "title: S-3\nvideo: https://v.example/1\ntranslators: [Cy]"
    ),
    "a translation": write("news/s-4.de.md", "---\ntitle: Vier\n---\nText.\n"),
    "a word of a translation": edit("news/s-3.de.md", "Text.", "Mehr."),
    "the newest story": write("news/new.en.md", story("new", date="2026-02-20")),
    "an older story": write("news/older.en.md", story("older", date="2026-01-05")),
    "a story to come": write("news/later.en.md", story("later", date="2026-04-01")),
    "a story with a link": write("news/new.en.md", story("new", "See [six](s-6.en.md).\n", date="2026-02-20")),
    "a story with a picture": lambda root: write_tree(
        root, {"news/pic/index.en.md": story("pic", "![x](y.png)\n", date="2026-02-20"), "news/pic/y.png": png()}
    ),
    "a draft that is one no more": edit("news/draft.en.md", "draft: yes", "draft: no"),
    "a draft that stays one": edit("news/draft.en.md", "Text.", "More."),
    "two stories": lambda root: [
        edit("news/s-4.en.md", "Text.", "A.")(root), edit("news/s-7.en.md", "Text.", "B.")(root)
    ],
}  # fmt: skip
MUCH: dict[str, Edit] = {
    "an alias": edit("news/s-4.en.md", "title:", "aliases: /en/was/four\ntitle:"),
    "a word where an alias leads": edit("news/old.en.md", "Text.", "More."),
    "a slug": edit("news/s-4.en.md", "title:", "slug: four\ntitle:"),
    "a story less": remove("news/s-4.en.md"),
    "an author spelt otherwise": edit("news/s-4.en.md", "[Ann, Bo]", "[ann, Bo]"),
    "an author where an alias leads": edit("news/s-4.en.md", "[Ann, Bo]", "[Ann, Dee]"),
    "an author below whom an alias lies": edit("news/s-4.en.md", "[Ann, Bo]", "[Ann, Eve]"),
    "an author whom a text calls otherwise": write("news/new.en.md", story("new", authors="[Cy, cy]")),
    "another original": lambda root: [
        edit("news/s-3.en.md", "date: 2026-01-03\n", "")(root),
        edit("news/s-3.de.md", "title:", "id: s-3\ndate: 2026-01-03\ntitle:")(root),
    ],
    "a picture": write("news/bundle/p.png", b"other"),
    "a picture less": edit("news/bundle/index.en.md", "![x](p.png)", "Nothing."),
    "a project": edit("projects/wells.en.md", "Of", "About"),
    "a page": write("pages/about.en.md", "---\ntitle: About\n---\nUs.\n"),
    "the configuration": edit("config.toml", "items = 3", "items = 2"),
    "a template": write("templates/style.css", "p {}"),
    "the address of a draft": write("news/taken.en.md", story("taken", date="2026-01-21")),
    "a mistake": edit("news/s-4.en.md", "Text.", "[x](gone.md)"),
    "many files": lambda root: [edit(f"news/s-{day}.en.md", "Text.", "More.")(root) for day in range(1, 8)],
}  # fmt: skip


@pytest.mark.parametrize("how", LITTLE)
def test_a_small_change_is_made_without_the_rest(root: Path, how: str) -> None:
    """And once more after it: what was remembered of the first one holds."""
    LITTLE[how](root)
    assert made(root) == "incremental"
    edit("news/s-1.en.md", "Text.", "Last.")(root)
    assert made(root) == "incremental"
    assert is_clean(root)
    assert made(root) == "noop"


@pytest.mark.parametrize("how", MUCH)
def test_what_is_more_is_left_to_a_whole_build(root: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written before that is known."""
    monkeypatch.setattr(incremental, "MOST", 6)
    before = tree(root.parent / "out")
    MUCH[how](root)
    assert cached.quick_build(opened(root), NOW) is None
    assert tree(root.parent / "out") == before


@pytest.fixture
def turning(root: Path) -> Path:
    """With a story that comes due in an hour and expires in two, and others that link to it."""
    hour = (NOW + timedelta(hours=1)).strftime("%Y-%m-%d %H:%MZ")
    later = (NOW + timedelta(hours=2)).strftime("%Y-%m-%d %H:%MZ")
    write_tree(
        root,
        {
            "news/soon.en.md": story("soon", "See [four](s-4.en.md).\n", date=hour, expires=later),
            "news/s-2.en.md": story("s-2", "See [soon](soon.en.md).\n", date="2026-01-02"),
            "projects/wells.en.md": "---\nid: wells\ntitle: Wells\n---\nOf [soon](../news/soon.en.md).\n",
        },
    )
    assert made(root) == "full"
    return root


def test_a_story_that_comes_due_or_expires_is_a_small_change(turning: Path) -> None:
    """Without any file that changed; also when the clock is set back. Texts that link to it change with it."""
    page = turning.parent / "out/en/news/2026/soon/index.html"
    for minutes, there in ((70, True), (130, False), (90, True), (0, False)):
        now = NOW + timedelta(minutes=minutes)
        assert made(turning, now) == "incremental"
        assert page.exists() == there
        assert is_clean(turning, now)
        assert made(turning, now) == "noop"
        for linking in ("en/news/2026/s-2", "en/projects/wells", "de/news/2026/s-2"):
            html = (turning.parent / "out" / linking / "index.html").read_text("utf-8")
            assert ("news/2026/soon" in html) == there


def test_a_feed_without_archives_may_become_complete(root: Path) -> None:
    """Its newest stories are the same as before when an older one expires, but now they are all there are."""
    soon = (NOW + timedelta(hours=1)).strftime("%Y-%m-%d %H:%MZ")
    for day in range(1, 6):
        write(
            f"news/e-{day}.en.md",
            story(
                f"e-{day}",
                topics="[energy]",
                date=f"2026-01-{day:02}",
                **({"expires": soon} if day == 1 else {}),
            ),
        )(root)
    made(root)
    feed, mark = root.parent / "out/en/topics/energy/feed.atom", b"<fh:complete/>"
    assert mark not in feed.read_bytes()
    now = NOW + timedelta(hours=2)
    assert made(root, now) == "incremental"
    assert mark in feed.read_bytes()
    assert is_clean(root, now)


def test_time_and_editors_may_change_things_together(turning: Path) -> None:
    """Of another story, and of the one that comes due."""
    edit("news/s-4.en.md", "Text.", "More.")(turning)
    now = NOW + timedelta(minutes=70)
    assert made(turning, now) == "incremental"
    assert is_clean(turning, now)
    edit("news/soon.en.md", "See", "Look at")(turning)
    now = NOW + timedelta(minutes=130)
    made(turning, now)
    assert is_clean(turning, now)


def test_an_address_that_expires_is_told_as_a_whole_build_tells_it(turning: Path) -> None:
    """With its reason; and what the folder remembers of it is that of a whole build."""
    build(opened(turning), NOW + timedelta(minutes=70))
    now = NOW + timedelta(minutes=130)
    expected = site.compare_with_published(
        whole := site.read(turning, now), turning.parent / "out", whole.plan
    ).problems()
    built, how = build(opened(turning), now)
    assert how == "incremental"
    assert built.problems == tuple(report_of(turning, expected))
    assert "its text has expired" in {dict(one.params)["reason"] for one in built.problems}
    manifest = turning.parent / "out/.newsfeed-manifest.json"
    before = manifest.read_bytes()
    build_all(opened(turning), now)
    assert manifest.read_bytes() == before


def test_only_what_shows_a_text_is_written(root: Path) -> None:
    """A German word: German pages, lists, feeds and a month; other editions show another text."""
    edit("news/s-3.de.md", "Text.", "Mehr.")(root)
    before = {path: (root.parent / "out" / path).stat().st_mtime_ns for path in tree(root.parent / "out")}
    built, how = build(opened(root), NOW)
    changed = {
        path for path, moment in before.items() if (root.parent / "out" / path).stat().st_mtime_ns != moment
    }
    assert how == "incremental"
    assert built.published.written == len(changed)
    assert {path.partition("/")[0] for path in changed} == {"de"}


def test_a_mistake_is_told_and_its_mending_published(root: Path) -> None:
    """Between the two the published site stays."""
    before = tree(root.parent / "out")
    edit("news/s-4.en.md", "Text.", "[x](gone.md)")(root)
    assert cached.quick_build(opened(root), NOW) is None
    assert tree(root.parent / "out") == before
    edit("news/s-4.en.md", "[x](gone.md)", "Mended.")(root)
    assert made(root) == "incremental"
    assert is_clean(root)


def test_advice_about_a_changed_text_is_that_of_today(root: Path) -> None:
    """What was remembered of other texts stays."""
    before = opened(root).last
    assert before is not None
    edit("news/s-4.en.md", "id: s-4\n", "")(root)
    edit("news/s-4.en.md", "title: S-4", "title: S-4\nsummary: " + "long " * 200)(root)
    assert made(root) == "incremental"
    after = opened(root).last
    assert after is not None
    assert after.problems == site.read(root, NOW).problems
    assert set(before.problems) < set(after.problems)


def test_links_to_a_place_that_is_no_more_are_told_though_nobody_touched_them(root: Path) -> None:
    """By the same rules as a whole build has."""
    edit("news/s-4.en.md", "Text.", "[x](s-5.en.md#end) [y](my%20plan.en.md)")(root)
    edit("news/s-5.en.md", "Text.", 'The <b id="end">end</b>.')(root)
    write("news/my plan.en.md", story("plan", "Of [z](s-5#end), [z](my plan)", date="2026-01-06"))(root)
    made(root)
    for old, new in (('id="end"', 'id="finis"'), ('id="finis"', 'id="end"')):
        edit("news/s-5.en.md", old, new)(root)
        assert made(root) == "incremental"
        last = opened(root).last
        assert last is not None
        assert sorted(last.problems, key=repr) == sorted(site.read(root, NOW).problems, key=repr)
        assert [one.code for one in last.problems].count("place-dead") == (2 if "finis" in new else 0)


@pytest.mark.parametrize("how", ["gone", "damaged", "another"])
def test_without_its_cache_all_is_read(root: Path, how: str) -> None:
    """It is gone, damaged, or that of another build."""
    path = opened(root).cache.path
    old = path.read_bytes()
    edit("news/s-4.en.md", "Text.", "More.")(root)
    if how == "gone":
        path.unlink()
    elif how == "damaged":
        path.write_bytes(bytes(byte ^ 1 for byte in old))
    else:
        build_all(opened(root), NOW)
        path.write_bytes(old)
        edit("news/s-5.en.md", "Text.", "More.")(root)
    assert made(root) == "full"
    assert is_clean(root)


def test_a_published_file_that_somebody_changed_is_mended(root: Path) -> None:
    """Also one that the story has nothing to do with."""
    (root.parent / "out/index.html").write_text("mine")
    edit("news/s-4.en.md", "Text.", "More.")(root)
    assert made(root) == "full"
    assert is_clean(root)


def test_two_edits_in_one_moment_are_both_published(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second leaves size and times as they were, as far as a coarse clock tells."""
    file = root / "news/s-4.en.md"

    def without_recent(self: FileStats, moment: int) -> FileStats:
        """All files have, but for the one that was just edited."""
        return self.without(["news/s-4.en.md"], lambda _: True)

    monkeypatch.setattr(FileStats, "without_recent", without_recent)
    edit("news/s-4.en.md", "Text.", "One..")(root)
    looks = file.stat()
    assert made(root) == "incremental"
    edit("news/s-4.en.md", "One..", "Two..")(root)
    os.utime(file, ns=(looks.st_atime_ns, looks.st_mtime_ns))
    assert made(root) == "incremental"
    assert is_clean(root)


def test_files_too_young_to_be_trusted_are_read_and_not_built_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after the first build of a checkout that was just made: what is in them decides."""
    monkeypatch.setattr("newsfeed.build.cache.file_stats.SETTLED", 10**18)
    build_all(opened(root), NOW)
    assert made(root) == "noop"
    edit("news/s-4.en.md", "Text.", "More.")(root)
    assert made(root) == "incremental"
    assert is_clean(root)
    assert made(root) == "noop"


def fresh_checkout(root: Path, folder: Path) -> cached.CachedBuild:
    """The site somewhere else, its files all new; output and cache were restored, as in CI."""
    for name in ("site", "out"):
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(root.parent / name, folder / name, copy_function=shutil.copyfile)
    (folder / "cache").mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(opened(root).cache.path, folder / "cache/build.sqlite")
    (folder / "cache/build.sqlite").chmod(0o600)
    return cached.open_build(folder / "site", folder / "out", {"NEWSFEED_CACHE": str(folder / "cache")}, 1)


def test_a_fresh_checkout_is_not_a_new_site(root: Path, tmp_path: Path) -> None:
    """Nothing is done when nothing changed; then stats are known again, and files need not be read."""
    here = tmp_path / "elsewhere"
    assert build(fresh_checkout(root, here), NOW)[1] == "noop"
    again = cached.open_build(here / "site", here / "out", {"NEWSFEED_CACHE": str(here / "cache")}, 1)
    assert again.last is not None
    assert again.last.inputs is not None
    assert again.stats is not None
    assert again.last.inputs.to_be_hashed(again.stats) == []
    assert build(again, NOW)[1] == "noop"


def test_one_changed_file_of_a_fresh_checkout_is_a_small_change(root: Path, tmp_path: Path) -> None:
    """Also with a story that came due meanwhile; not when a published file was changed."""
    here = tmp_path / "elsewhere"
    opened_here = fresh_checkout(root, here)
    edit("news/s-4.en.md", "Text.", "More.")(here / "site")
    opened_here = cached.prepare_rebuild(opened_here, opened_here.last)
    assert build(opened_here, NOW)[1] == "incremental"
    assert is_clean(here / "site")
    opened_here = fresh_checkout(root, here)
    page = here / "out/en/index.html"
    page.write_bytes(page.read_bytes()[::-1])
    opened_here = cached.open_build(here / "site", here / "out", {"NEWSFEED_CACHE": str(here / "cache")}, 1)
    assert build(opened_here, NOW)[1] == "full"
    assert is_clean(here / "site")


def test_a_fresh_checkout_of_many_files_is_looked_at_whole(root: Path, tmp_path: Path) -> None:
    """Some hundred files are checked at a time, and none is left out."""
    write_tree(root, {f"news/m-{number}.en.md": story(f"m-{number}") for number in range(90)})
    build_all(opened(root), NOW)
    here = tmp_path / "elsewhere"
    fresh = fresh_checkout(root, here)
    assert fresh.last is not None
    paths = fresh.last.outputs.paths()
    assert len(paths) > 500
    for place in (0, 499, 500, -1):
        page = fresh.output / paths[place]
        data = page.read_bytes()
        page.write_bytes(data[::-1])
        assert not fresh.last.check_outputs(fresh.output).passes()
        page.write_bytes(data)
    again = cached.open_build(fresh.root, fresh.output, {"NEWSFEED_CACHE": str(here / "cache")}, 1)
    assert build(again, NOW)[1] == "noop"


def test_another_build_in_between_is_noticed(root: Path) -> None:
    """Whoever comes second reads everything."""
    edit("news/s-4.en.md", "Text.", "More.")(root)
    slow = opened(root)
    assert slow.outputs.passes()
    edit("news/s-5.en.md", "Text.", "More.")(root)
    assert made(root) == "incremental"
    edit("news/s-4.en.md", "More.", "Most.")(root)
    assert cached.quick_build(slow, NOW) is None
    assert made(root) == "incremental"
    assert is_clean(root)


@pytest.mark.parametrize("step", [1, 3, 20])
def test_death_at_any_step_leads_nobody_astray(
    root: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new story and a changed one; the next build heals what the dead one left."""
    write("news/new.en.md", story("new", "See [six](s-6.en.md).\n", date="2026-02-20"))(root)
    edit("news/s-6.en.md", "Text.", "More.")(root)
    left, real = [step], FolderHandle.move

    def dying(handle: FolderHandle, source: str, target: str) -> None:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        real(handle, source, target)

    with monkeypatch.context() as patched:
        patched.setattr(FolderHandle, "move", dying)
        with pytest.raises(KeyboardInterrupt):
            cached.quick_build(opened(root), NOW)
    assert dangling(root.parent / "out", ("en", "de")) == set()
    assert made(root) == ("full" if step > 1 else "incremental")
    assert is_clean(root)


def test_what_comes_and_goes_while_somebody_saves_is_nothing(root: Path) -> None:
    """Somebody who watches is told of it."""
    edit("news/s-4.en.md", "Text.", "More.")(root)
    build = opened(root)
    changed = {"news/s-4.en.md", "news/sedX4yZ", "news/.s-4.en.md.swp", "news/no name.md"}
    memory = cached.read_memory(build)
    assert memory is not None
    assert cached.incremental_build(build, NOW, memory, changed) is not None
    assert is_clean(root)


def test_the_next_process_need_not_read_the_configuration(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same environment it says the same."""
    edit("news/s-4.en.md", "Text.", "More.")(root)
    assert made(root) == "incremental"
    with monkeypatch.context() as patched:
        patched.setattr("newsfeed.config.loader.load_settings", None)
        edit("news/s-5.en.md", "Text.", "More.")(root)
        assert made(root) == "incremental"
    assert is_clean(root)
    edit("config.toml", "items = 3", "items = 2")(root)
    edit("news/s-6.en.md", "Text.", "More.")(root)
    assert made(root) == "full"
    edit("news/s-4.en.md", "More.", "Less.")(root)
    assert made(root) == "incremental"
    assert is_clean(root)


def test_what_changes_while_it_is_read_is_not_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows of which environment it is."""
    build = cached.open_build(
        root, root.parent / "new", {"NEWSFEED_CACHE": str(root.parent / "new-cache")}, 1
    )
    monkeypatch.setattr("newsfeed.build.cache.fingerprint.environment_fingerprint", lambda _: "others")
    assert cached_context(build).settings == context_of(root)[0].settings
    assert build.environment.get("context") is None
