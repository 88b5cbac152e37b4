"""Texts that move: the old address is told, led on, and told no more; in four languages, warm and clean."""

import json
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsfeed.app import site as app
from newsfeed.app.built import Built
from newsfeed.build.output import MANIFEST
from newsfeed.problems import select_errors
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.cli.command import newsfeed, newsfeed_process
from tests.core.told import params, said
from tests.peers.html import html_validate_errors, vnu_errors
from tests.peers.lint.markup import Markup
from tests.site.builds import tree

NOW = datetime(2026, 2, 1, tzinfo=UTC)
BASE = "https://test.example/site/"
LANGUAGES = ("en", "de", "fr", "nl")
TOML = '+++\r\nid = "well"\r\ntitle = "A well" # short\r\ndate = 2026-01-06\r\n[[enclosures]]\r\nfile = "plan.pdf"\r\n+++\r\nDeep.\r\n'


def translation(**fields: str) -> str:
    """A text without facts."""
    return an_item(date=None, **fields)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site that lies in a folder of its domain: a story in all languages, others in one."""
    return write_tree(
        tmp_path / "site",
        {
            "config.toml": CONFIG.replace("https://test.example/", BASE),
            "news/2026/sun.en.md": an_item(id="sun", topics="[water]", slug="sun"),
            **{f"news/2026/sun.{lang}.md": translation(title=f"T {lang}", slug=f"sun-{lang}") for lang in LANGUAGES[1:]},
            "news/2026/well.en.md": TOML,
            "news/2026/plan.pdf": b"%PDF-1.7",
            "projects/pump.en.md": translation(id="pump", title="Pump"),
            "pages/about.en.md": translation(id="about", title="About"),
        },
    )  # fmt: skip


def build(root: Path, now: datetime = NOW) -> Built:
    """Publish a site that has no errors."""
    site = app.read(root, now)
    assert select_errors(site.problems) == []
    return app.build(site, root / "public", now)


def remove(root: Path, *ids: str) -> None:
    """Say that stories are to be gone for good."""
    edit(root / "config.toml", "[site]\n", f"[site]\nremoved = {json.dumps(ids)}\n")


VANISHING = ("url-vanished", "edition-vanished", "text-withdrawn", "translation-lost")


def vanishing(root: Path, now: datetime = NOW) -> list[dict[str, str]]:
    """What would vanish: address, reason, and the line to write, with the file that is named."""
    problems, _ = app.check(root, now, output=root / "public")
    found = [one for one in said(problems) if one.code in VANISHING]
    return [{"at": one.where.path, **params(one)} for one in found]


def addresses(found: list[dict[str, str]]) -> set[str]:
    """The paths of addresses."""
    return {one["value"].removeprefix(BASE) for one in found}


def edit(path: Path, old: str, new: str) -> None:
    """Other words in a file, its line ends as they are."""
    text = path.read_bytes()
    assert old.encode() in text
    path.write_bytes(text.replace(old.encode(), new.encode()))


def run(
    root: Path,
    *command: str,
    status: int = 0,
    call: Callable[..., subprocess.CompletedProcess[str]] = newsfeed,
) -> subprocess.CompletedProcess[str]:
    """The real command, in this process unless ``call`` starts another one."""
    done = call("-C", root, *command, "--now", NOW.isoformat(), XDG_CACHE_HOME=str(root.parent / "cache"))
    assert done.returncode == status, done.stderr
    return done


def move(root: Path) -> None:
    """Another slug in every language, another file name of a text in TOML."""
    for lang in LANGUAGES:
        edit(root / f"news/2026/sun.{lang}.md", "slug: sun", "slug: light")
    (root / "news/2026/well.en.md").rename(root / "news/2026/fountain.en.md")


def test_a_text_that_moves_is_told_led_on_and_told_no_more(root: Path) -> None:
    """The way an editor goes: rename, be warned, add the line, publish; a second run adds nothing."""
    run(root, "build", call=newsfeed_process)
    before = {path: (root / path).read_bytes() for path in ("projects/pump.en.md", "pages/about.en.md")}
    move(root)
    told = run(root, "check").stdout
    assert f"{BASE}de/news/2026/sun-de/ was published and is to vanish" in told
    assert "write this line into news/2026/sun.de.md: aliases: [/de/news/2026/sun-de/]" in told
    dry = run(root, "redirects", "--dry-run").stdout
    assert (root / "news/2026/sun.de.md").read_text().count("aliases") == 0
    done = run(root, "redirects", call=newsfeed_process).stdout
    assert dry == done + "dry run: nothing was written\n"
    well = ", ".join(f'"/{lang}/news/2026/well/"' for lang in sorted(LANGUAGES))
    assert done.splitlines() == [
        f"news/2026/fountain.en.md: aliases = [{well}]",
        *(f"news/2026/sun.{lang}.md: aliases: [/{lang}/news/2026/sun-{lang}/]" for lang in ("de",)),
        "news/2026/sun.en.md: aliases: [/en/news/2026/sun/]",
        *(f"news/2026/sun.{lang}.md: aliases: [/{lang}/news/2026/sun-{lang}/]" for lang in ("fr", "nl")),
    ]
    after = TOML.replace("[[", f"aliases = [{well}]\r\n[[")
    assert (root / "news/2026/fountain.en.md").read_bytes() == after.encode()
    assert {path: (root / path).read_bytes() for path in before} == before
    assert vanishing(root) == []
    assert run(root, "redirects").stdout.startswith("nothing to add")
    assert "vanish" not in run(root, "build", call=newsfeed_process).stderr
    assert run(root, "redirects").stdout.startswith("nothing to add")
    page = (root / "public/de/news/2026/sun-de/index.html").read_text()
    assert '<meta http-equiv="refresh" content="0; url=/site/de/news/2026/light-de/">' in page


def test_a_build_warns_once_and_the_command_still_knows(root: Path) -> None:
    """Who builds first has the page gone, but not the knowledge where it led."""
    run(root, "build")
    move(root)
    warned = run(root, "build").stderr
    assert warned.count("[url-vanished]") == 8
    assert "vanish" not in run(root, "build", "--fresh").stderr
    assert vanishing(root) == []
    assert len(run(root, "redirects").stdout.splitlines()) == 5
    assert "vanish" not in run(root, "build").stderr
    assert (root / "public/en/news/2026/well/index.html").exists()
    assert run(root, "redirects").stdout.startswith("nothing to add")


def test_a_warm_build_has_the_same_bytes(root: Path, tmp_path: Path) -> None:
    """Pages and maps of redirects follow every change of alias, target and title."""
    story, about = root / "news/2026/sun.de.md", root / "pages/about.en.md"
    run(root, "build")
    for change in (
        lambda: edit(story, "slug:", "aliases: [/de/alt/, /nl/oud.html]\nslug:"),
        lambda: edit(story, "title: T de", "title: Sonne & <Licht>"),
        lambda: edit(story, "slug: sun-de", "slug: licht"),
        lambda: edit(about, "title:", "aliases: /fr/a propos/\ntitle:"),
        lambda: edit(story, "aliases: [/de/alt/, /nl/oud.html]\n", ""),
        lambda: edit(about, "aliases: /fr/a propos/\n", ""),
    ):
        change()
        run(root, "build")
        app.build(app.read(root, NOW), tmp_path / "clean", NOW)
        assert tree(root / "public") == tree(tmp_path / "clean")
    assert not list((root / "public").glob("*redirects*"))


def test_the_maps_hold_every_alias_safely(root: Path) -> None:
    """Sorted, below the base path; what could be a command, a variable or a pattern is encoded or quoted."""
    odd = "[/en/o.html, '/en/a b;}\"${x}{$y}*:z/', '/de/ü']"
    edit(root / "pages/about.en.md", "title:", f"aliases: {odd}\ntitle:")
    build(root)
    assert (root / "public/_redirects").read_text() == (
        "/site/de/%C3%BC/ /site/de/about/ 301!\n"
        "/site/en/a%20b%3B%7D%22%24%7Bx%7D%7B%24y%7D%2A%3Az/ /site/en/about/ 301!\n"
        "/site/en/o.html /site/en/about/ 301!\n"
    )
    assert (root / "public/redirects.caddy").read_text() == (
        "redir /site/de/%C3%BC/ /site/de/about/ 301\n"
        "redir /site/en/a%20b%3B%7D%22%24%7Bx%7D%7B%24y%7D%2A%3Az/ /site/en/about/ 301\n"
        "redir /site/en/o.html /site/en/about/ 301\n"
    )
    assert (root / "public/redirects.nginx.conf").read_text() == (
        'location = "/site/de/ü/" { return 301 "/site/de/about/"; }\n'
        'location = "/site/en/a b;}\\"${x}{$y}*:z/" { return 301 "/site/en/about/"; }\n'
        'location = "/site/en/o.html" { return 301 "/site/en/about/"; }\n'
    )


def test_a_page_that_leads_on_speaks_the_language_of_its_edition(root: Path) -> None:
    """A link with the text's title, marked when that is in another language; nothing is indexed or run."""
    for lang in LANGUAGES:
        edit(root / f"news/2026/sun.{lang}.md", "slug:", f"aliases: /{lang}/old/\nslug:")
    edit(root / "news/2026/well.en.md", "date", 'aliases = ["/nl/old-well/"]\r\ndate')
    edit(root / "projects/pump.en.md", "title", "aliases: /fr/pump/\ntitle")
    site = app.read(root, NOW)
    app.build(site, root / "public", NOW)
    old = [f"{lang}/old/index.html" for lang in LANGUAGES] + ["nl/old-well/index.html", "fr/pump/index.html"]
    pages = {path: Markup((root / "public" / path).read_text()) for path in old}
    for path, page in pages.items():
        (html,), (link,), canonical, *_ = page.named("html"), page.named("a"), page.named("link")[0]
        assert html.attributes["lang"] == path[:2]
        assert canonical.attributes["href"] == "https://test.example" + link.attributes["href"]
        assert ("lang" in link.attributes) == ("old/" not in path)
        assert (root / "public" / link.attributes["href"].removeprefix("/site/") / "index.html").is_file()
        assert page.named("script") == []
        assert "noindex" in (root / "public" / path).read_text()
    everything = [
        data for path, data in tree(root / "public").items() if path not in old and "redirects" not in path
    ]
    assert not [data for data in everything if b"/old/" in data or b"old-well" in data]


def test_the_html_checkers_find_nothing_in_pages_that_lead_on(root: Path) -> None:
    """Both of them."""
    edit(root / "news/2026/sun.de.md", "slug:", "aliases: [/de/alt/, /nl/oud.html]\nslug:")
    build(root)
    pages = [root / "public/de/alt/index.html", root / "public/nl/oud.html"]
    assert vnu_errors(pages) == []
    assert html_validate_errors(pages) == []


@pytest.mark.parametrize(
    ("change", "gone", "reason"),
    [
        (lambda root: edit(root / "news/2026/sun.en.md", "topics", "draft: yes\ntopics"), "en/news/2026/sun/", "its text is a draft now"),
        (lambda root: edit(root / "news/2026/sun.en.md", "topics", "expires: 2026-01-20\ntopics"), "en/news/2026/sun/", "its text has expired"),
        (lambda root: edit(root / "news/2026/sun.en.md", "2026-01-05", "2026-03-05"), "en/news/2026/sun/", "its text is not due yet"),
        (lambda root: ((root / "news/2026/well.en.md").unlink(), remove(root, "well")), "en/news/2026/well/", "its text is gone"),
        (lambda root: (root / "pages/about.en.md").unlink(), "en/about/", "its text is gone"),
        (lambda root: (root / "projects/pump.en.md").unlink(), "en/projects/pump/", "its text is gone"),
    ],
    ids=["draft", "expired", "later", "deleted", "page", "project"],
)  # fmt: skip
def test_what_is_not_there_any_more_says_why(root: Path, change, gone: str, reason: str) -> None:
    """Only people know where its readers should go: the line is for a text of their choice."""
    build(root)
    change(root)
    (found,) = vanishing(root)  # one line for each text, and none for lists
    assert (found["value"], found["reason"]) == (BASE + gone, reason)
    if "target" in found:
        assert found["target"] == "the text they should find instead"
        assert f"/{gone}" in found["line"]
    assert run(root, "redirects").stdout.startswith("nothing to add")


def test_a_story_that_nobody_wanted_to_go_is_told_by_its_id(root: Path) -> None:
    """A build warns, and says how to put it back, take it back, or have it gone."""
    build(root)
    (root / "news/2026/well.en.md").unlink()
    edit(root / "news/2026/sun.en.md", "id: sun", "id: moon")
    built = build(root)
    told = {one.code: (one.where.path, params(one)["value"], one.severity.value) for one in built.problems}
    assert told == {
        "id-dropped": ("news/2026/well.en.md", "well", "warning"),
        "id-altered": ("news/2026/sun.en.md", "sun", "warning"),
    }


def test_only_pages_are_told(root: Path) -> None:
    """No lists, no feeds, no pages about feeds; but a page that only led on. Each text is told once."""
    edit(root / "config.toml", "[languages.nl]", "[lists]\nitems = 2\n\n[languages.nl]")
    many = {
        f"news/2026/{n}.en.md": an_item(id=f"n-{n}", topics="[energy]", aliases=f"/en/old-{n}/")
        for n in range(6)
    }
    write_tree(root, many)
    build(root)
    assert (root / "public/en/topics/energy/page/1/index.html").is_file()
    for path in many:
        (root / path).unlink()
    remove(root, *(f"n-{n}" for n in range(6)))
    edit(root / "config.toml", 'energy = "Energy"\n', "")
    stories = {f"{lang}/news/2026/{n}/" for lang in LANGUAGES for n in range(6)}
    found = vanishing(root)
    assert addresses(found) == {f"en/news/2026/{n}/" for n in range(6)}
    aliases = " ".join(one["line"] for one in found)
    assert all(f"/{path}" in aliases for path in stories | {f"en/old-{n}/" for n in range(6)})


def test_a_text_is_found_again_by_its_id_or_its_file(root: Path) -> None:
    """A project with another id, a story of another year, a translation that comes with a slug of its own."""
    build(root)
    edit(root / "projects/pump.en.md", "id: pump", "id: big-pump")
    edit(root / "news/2026/well.en.md", "2026-01-06", "2025-12-31")
    write_tree(root, {"pages/about.nl.md": translation(title="Over", slug="over-ons")})
    found = {
        one["value"].removeprefix(BASE): one["target"]
        for one in vanishing(root)
        if "archive" not in one["value"]
    }
    assert found == {
        **{f"{lang}/projects/pump/": "projects/pump.en.md" for lang in LANGUAGES},
        **{f"{lang}/news/2026/well/": "news/2026/well.en.md" for lang in LANGUAGES},
        "nl/about/": "pages/about.nl.md",
    }


def test_the_line_for_a_file_names_all_its_aliases(root: Path) -> None:
    """Those it has, too: a second line with the same key would be an error."""
    edit(root / "news/2026/sun.en.md", "slug: sun", "aliases: /en/older/\nslug: sun")
    build(root)
    edit(root / "news/2026/sun.en.md", "slug: sun", "slug: light")
    (told,) = vanishing(root)
    assert told["line"] == "aliases: [/en/older/, /en/news/2026/sun/]"
    run(root, "redirects")
    assert "aliases: [/en/older/, /en/news/2026/sun/]\n" in (root / "news/2026/sun.en.md").read_text()


def test_an_address_that_is_promised_to_another_text_is_left_to_it(root: Path) -> None:
    """A draft has the old slug: an alias there would be an error as soon as it is public."""
    build(root)
    edit(root / "news/2026/sun.en.md", "slug: sun", "slug: light")
    write_tree(root, {"news/2026/new.en.md": an_item(id="new", slug="sun", draft="yes")})
    (told,) = vanishing(root)
    assert told["reason"] == "another text is to have its address"
    assert run(root, "redirects").stdout.startswith("nothing to add")


def test_an_edition_that_goes_is_told_once(root: Path) -> None:
    """No alias can lead on from there."""
    build(root)
    edit(root / "config.toml", ', "nl"]', "]")
    edit(root / "config.toml", '[languages.nl]\nfallback = ["en", "de"]\n', "")
    (root / "news/2026/sun.nl.md").unlink()
    assert [one["value"] for one in vanishing(root)] == [f"{BASE}nl/"]


def test_a_site_with_errors_speaks_only_of_texts_that_are_there(root: Path) -> None:
    """A text that cannot be read is not gone."""
    build(root)
    edit(root / "news/2026/well.en.md", 'title = "A well"', "title = A well")
    edit(root / "news/2026/sun.en.md", "slug: sun", "slug: light")
    assert addresses(vanishing(root)) == {"en/news/2026/sun/"}
    assert "nothing was added" in run(root, "redirects", status=1).stderr
    run(root, "build", "--keep-going", status=1)
    edit(root / "news/2026/well.en.md", "title = A well", 'title = "A well"')
    (root / "news/2026/well.en.md").rename(root / "news/2026/fountain.en.md")
    assert "fountain" in run(root, "redirects").stdout


def test_a_head_that_nobody_can_extend_is_left_to_its_author(root: Path) -> None:
    """The line is told, the file stays, and the status says that something is left to do."""
    write_tree(root, {"pages/odd.en.md": "---\n{id: odd, title: Odd}\n---\nText.\n"})
    build(root)
    edit(root / "pages/odd.en.md", "id: odd", "slug: even, id: odd")
    before = (root / "pages/odd.en.md").read_bytes()
    done = run(root, "redirects", status=1)
    assert (
        "write this line into pages/odd.en.md: aliases: [/de/odd/, /en/odd/, /fr/odd/, /nl/odd/]"
        in done.stderr
    )
    assert (root / "pages/odd.en.md").read_bytes() == before


def test_a_list_that_vanishes_is_not_told(root: Path) -> None:
    """It was none of the texts that people remember."""
    build(root)
    edit(root / "config.toml", 'energy = "Energy"\n', "")
    assert vanishing(root) == []


def test_a_translation_that_is_gone_is_told_once(root: Path) -> None:
    """Where its page shows another language now, nothing vanishes, and nobody would know."""
    write_tree(root, {"news/2026/well.de.md": "---\ntitle: Brunnen\n---\nText.\n"})
    run(root, "build")
    (root / "news/2026/well.de.md").unlink()
    (found,) = vanishing(root)
    assert found == {"at": "news/2026/well.en.md", "language": "de", "value": BASE + "de/news/2026/well/"}
    assert run(root, "build").stderr.count("[translation-lost]") == 1
    assert "[translation-lost]" not in run(root, "build", "--fresh").stderr


def test_a_manifest_of_an_older_version_is_enough(root: Path) -> None:
    """Without the map of pages, addresses are told, but not whose they were."""
    build(root)
    manifest = root / "public" / MANIFEST
    known = json.loads(manifest.read_text())
    assert known["pages"]["nl/news/2026/well/index.html"] == "well en news/2026/well.en.md"
    manifest.write_text(json.dumps({"version": 1, "files": known["files"]}))
    move(root)
    found = vanishing(root)
    assert {one["reason"] for one in found} == {"there is no such page any more"}
    assert len(found) == 8


@pytest.mark.parametrize(
    "manifest",
    [
        "", "[]", '{"files": []}', '{"files": {}, "pages": []}',
        '{"files": {"../../etc/passwd.html": "", "en/\\u0000.html": "", "en/a\\\\b.html": "", "a\\u001b[31m.html": "", "en/.x/index.html": ""}}',
        '{"files": {"en/x.pdf": ""}, "pages": {"en/../x.html": "a en news/a.en.md", "en/y.html": 7, "en/z.html": "a", "//evil.example/index.html": "sun en news/2026/sun.en.md"}}',
    ],
)  # fmt: skip
def test_a_manifest_from_a_stranger_leads_nowhere(root: Path, manifest: str) -> None:
    """Nothing of it is written, and nothing breaks."""
    write_tree(root, {f"public/{MANIFEST}": manifest})
    assert vanishing(root) == []
    done = newsfeed("-C", root, "redirects", "--now", NOW.isoformat())
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr
    assert not [path for path in root.rglob("*.md") if re.search("^aliases", path.read_text(), re.MULTILINE)]


def test_without_a_published_site_there_is_nothing_to_compare(root: Path) -> None:
    """`check` says nothing; the command for redirects says what is missing."""
    assert vanishing(root) == []
    done = run(root, "redirects", status=2)
    assert "there is no published site in" in done.stderr
