"""``newsfeed new`` and ``newsfeed translate``: files that check clean but for what is still to be written."""

import json

import pytest

from tests.cli.command import newsfeed

NOW = "--now", "2026-03-01T23:30Z"


@pytest.fixture
def site(tmp_path):
    """A site as ``newsfeed init`` makes it."""
    assert newsfeed("init", tmp_path / "site").returncode == 0
    return tmp_path / "site"


def test_a_story_is_begun_and_what_comes_next_is_said(site):
    """In the site's zone it is the next day already."""
    said = newsfeed(
        "new", "Für alle", "--lang", "de", "--topic", "water", "--author", "Ada Example", *NOW, cwd=site
    )
    assert said.returncode == 0
    assert said.stdout.splitlines() == [
        "news/2026/fuer-alle.de.md is there; next:",
        "    newsfeed check news/2026/fuer-alle.de.md",
        "    newsfeed translate fuer-alle en",
    ]
    text = (site / "news/2026/fuer-alle.de.md").read_text()
    assert "date: 2026-03-02\nauthors: [Ada Example]\ntopics: [water]\ntitle: Für alle\n" in text
    checked = newsfeed("check", "news/2026/fuer-alle.de.md", *NOW, cwd=site)
    assert checked.returncode == 0
    assert "[text-missing]" in checked.stdout


def test_two_stories_of_one_title_have_two_ids(site):
    """The second one gets a number."""
    for name in ("hello-2", "hello-3"):
        newsfeed("new", "Hello", "--author", "Ada", *NOW, cwd=site)
        assert f"id: {name}\n" in (site / f"news/2026/{name}.en.md").read_text()


@pytest.mark.parametrize("words", [(), ("--example",)])
def test_what_newsfeed_writes_has_the_form_that_it_asks_for(tmp_path, words):
    """A new site, a story that is begun, a translation: nothing is left for ``newsfeed format`` to do."""
    site = tmp_path / "site"
    assert newsfeed("init", *words, site).returncode == 0
    begun = newsfeed("new", "Warm: für #1", "--author", "Ada, B", *NOW, cwd=site)
    assert begun.returncode == 0
    path = begun.stdout.split()[0]
    text = site / path
    text.write_text(text.read_text().replace("# summary:", "summary: Short") + "Text.\n")
    identifier = text.name.partition(".")[0]
    assert newsfeed("translate", identifier, "de", cwd=site).returncode == 0
    asked = newsfeed("format", "--check", cwd=site)
    assert (asked.returncode, asked.stderr) == (0, ""), asked.stdout
    for digest in (site / "digests").rglob("*.md"):
        assert newsfeed("format", "--check", digest.relative_to(site), cwd=site).returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "a story needs a title"),
        (("A", "--lang", "xx"), "no edition in “xx”"),
        (("A", "--topic", "watr"), "no topic “watr”"),
    ],
)
def test_a_wrong_line_is_said_and_writes_nothing(site, words, said):
    """With what there is to choose from."""
    before = sorted(site.rglob("*"))
    refused = newsfeed("new", *words, *NOW, cwd=site)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert sorted(site.rglob("*")) == before


def test_a_translation_is_begun_beside_its_original(site):
    """Until it is written it is reported; what stands beside it is never published."""
    (site / "news/2026/hello.de.md").unlink()
    assert newsfeed("translate", "hello", "de", cwd=site).returncode == 0
    path = site / "news/2026/hello.de.md"
    waiting = newsfeed("check", *NOW, cwd=site)
    assert waiting.returncode == 1
    assert "news/2026/hello.de.md:3:7: error: “title” is empty" in waiting.stdout
    assert "[paragraph-untranslated]" in waiting.stdout
    text = path.read_text().replace("title:\n", "title: Hallo\n").replace("summary:\n", "summary: Da.\n")
    path.write_text(text.rstrip() + "\n\nEin Text.\n")
    assert newsfeed("check", *NOW, cwd=site).stdout.startswith("no problems")
    newsfeed("build", *NOW, cwd=site)
    page = (site / "public/de/news/2026/hello/index.html").read_text()
    assert "Ein Text." in page
    assert "Write your text here" not in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("helo", "de"), "did you mean “hello”?"),
        (("hello", "de"), "news/2026/hello.de.md exists already"),
        (("news/2026/hello.de.md", "en"), "“news/2026/hello.de.md” is written in “en”"),
        (("hello", "fr"), "editions are: en, de"),
    ],
)
def test_a_translation_that_cannot_be_begun_is_refused(site, words, said):
    """No file is written over."""
    refused = newsfeed("translate", *words, cwd=site)
    assert refused.returncode == 2
    assert said in refused.stderr


def test_an_original_that_cannot_be_read_is_reported_first(site):
    """At its own line."""
    (site / "news/2026/hello.de.md").unlink()
    (site / "news/2026/hello.en.md").write_text("---\ntitle: [\n---\n")
    refused = newsfeed("translate", "news/2026/hello.en.md", "de", cwd=site)
    assert refused.returncode == 1
    assert "news/2026/hello.en.md:2" in refused.stderr


def test_a_topic_is_added_with_its_names(site):
    """The site checks clean afterwards; what has no name yet is said."""
    assert newsfeed("topics", "add", "clean-air", "--in", "de=Saubere Luft", cwd=site).returncode == 0
    assert 'water = "Water"\nclean-air = "Clean air"\n' in (site / "config.toml").read_text()
    assert (
        'msgid "Clean air"\nmsgstr "Saubere Luft"\n' in (site / "locales/de/LC_MESSAGES/site.po").read_text()
    )
    assert newsfeed("check", *NOW, cwd=site).stdout.startswith("no problems")
    said = newsfeed("topics", "add", "energy", "--name", "Power", cwd=site)
    assert "still missing in: de" in said.stdout
    assert 'msgid "Power"\nmsgstr ""\n' in (site / "locales/de/LC_MESSAGES/site.po").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("water",), "has a topic “water” already"),
        (("Clean Air",), "“Clean Air” cannot be the key of a topic"),
        (("air", "--in", "Luft"), "write it like de=Wasser"),
        (("air", "--in", "xx=Luft"), "editions are: en, de"),
    ],
)
def test_what_cannot_be_a_topic_is_refused(site, words, said):
    """And nothing is written."""
    before = (site / "config.toml").read_bytes()
    refused = newsfeed("topics", "add", *words, cwd=site)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert (site / "config.toml").read_bytes() == before


def test_a_catalogue_elsewhere_is_not_written(site, tmp_path):
    """A link that a stranger's branch brings leads nowhere."""
    outside = tmp_path / "outside.po"
    outside.write_bytes((site / "locales/de/LC_MESSAGES/site.po").read_bytes())
    before = outside.read_bytes()
    (site / "locales/de/LC_MESSAGES/site.po").unlink()
    (site / "locales/de/LC_MESSAGES/site.po").symlink_to(outside)
    assert newsfeed("topics", "add", "air", cwd=site).returncode == 3
    assert outside.read_bytes() == before


def test_texts_are_brought_into_one_form_once(site):
    """First it is asked, then done; the text itself stays."""
    assert newsfeed("format", cwd=site).returncode == 0
    story = site / "news/2026/hello.en.md"
    tidy = story.read_text()
    story.write_text(tidy.replace("id: hello\n", "").replace("title:", "id:   hello\ntitle:"))
    asked = newsfeed("format", "--check", cwd=site)
    assert (asked.returncode, asked.stdout) == (1, "news/2026/hello.en.md\n1 file would change\n")
    assert newsfeed("format", story, cwd=site).stdout == "news/2026/hello.en.md\n1 file changed\n"
    assert story.read_text() == tidy
    assert newsfeed("format", "--check", cwd=site).returncode == 0


def test_a_schema_has_the_topics_of_the_site(site):
    """For each kind of content."""
    schema = json.loads(newsfeed("schema", cwd=site).stdout)
    assert schema["properties"]["topics"]["anyOf"][0] == {"enum": ["water"]}
    assert json.loads(newsfeed("schema", "pages", cwd=site).stdout)["title"] == "pages"
