"""``newsfeed new`` and ``newsfeed translate``: files that check clean but for what is still to be written."""

import json
import os
import pty
import select
import signal
import sys
import time

import pytest
import yaml

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


def test_a_title_stands_on_one_line(site):
    """Blanks, ends of lines and signs that nobody sees are no part of it."""
    newsfeed("new", "  Two\n lines\tand a\x07bell ", "--author", "Ada", *NOW, cwd=site)
    assert "title: Two lines and a bell\n" in (site / "news/2026/two-lines-and-a-bell.en.md").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("   ",), "a story needs a title"),
        (("A" * 201,), "the title has 201 characters, and at most 200 are allowed"),
        (("A", "--project", "none"), "the site has no project “none”\n    projects are: well"),
        (("A", "--country", "ZZ"), "“ZZ” is no code of a country"),
    ],
)
def test_what_check_would_refuse_is_not_begun(site, words, said):
    """Before a file is there that somebody would have to mend."""
    (site / "projects").mkdir()
    (site / "projects/village.en.md").write_text("---\nid: well\ntitle: A well\n---\nText.\n")
    before = sorted(site.rglob("*"))
    refused = newsfeed("new", *words, *NOW, cwd=site)
    assert (refused.returncode, said in refused.stderr) == (2, True), refused.stderr
    assert sorted(site.rglob("*")) == before
    assert newsfeed("new", "A", "--project", "well", "--country", "kz", *NOW, cwd=site).returncode == 0
    assert "countries: [KZ]\nprojects: [well]\n" in (site / "news/2026/a.en.md").read_text()


@pytest.mark.parametrize("title", ["No", "2026", "2026 03 02", "Null", "1e3"])
def test_an_id_is_a_text_for_every_program(site, title):
    """Also one that looks like a number, a day or a truth value: editors with a schema read YAML their way."""
    path = site / newsfeed("new", title, *NOW, cwd=site).stdout.split()[0]
    head = yaml.safe_load(path.read_text().split("---")[1])
    assert (head["id"], head["title"]) == (path.name.partition(".")[0], title)
    assert newsfeed("format", "--check", path.relative_to(site), cwd=site).returncode == 0


def test_a_file_is_named_as_the_shell_completes_it(site, tmp_path):
    """From wherever one is."""
    (site / "news/2026/hello.de.md").unlink()
    begun = newsfeed("-C", "../..", "translate", "hello.en.md", "de", cwd=site / "news/2026")
    assert begun.returncode == 0, begun.stderr
    (site / "news/2026/hello.de.md").write_text("---\ntitle: Hallo\nsource: new\n---\nText.\n")
    accepted = newsfeed(
        "-C", site, "translations", "accept", site / "news/2026/hello.en.md", "de", cwd=tmp_path
    )
    assert accepted.returncode == 0, accepted.stderr


def test_only_texts_are_formatted(site):
    """What is none is said, and not passed over."""
    refused = newsfeed("format", "config.toml", cwd=site)
    assert (refused.returncode, "“config.toml” is no text" in refused.stderr) == (2, True)


def talk(site, words, answers, **environment):
    """Run the command in a terminal, type answers, and return what is on the screen and the exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(site)
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "dumb", **environment}
        os.execve(sys.executable, [sys.executable, "-m", "newsfeed", *words], environment)
    screen, answered = "", 0
    with os.fdopen(terminal, "r+b", buffering=0) as typing:
        for waits_for, answer in [*answers, (None, "")]:
            try:
                while waits_for is None or waits_for not in screen[answered:]:
                    if not select.select([typing], [], [], 30)[0]:
                        os.kill(pid, signal.SIGKILL)
                        pytest.fail(f"nothing is asked any more: {screen}")
                    screen += typing.read(1000).decode()
            except OSError:  # the command has ended
                break
            answered = len(screen)
            time.sleep(0.5)  # nobody types before Python has begun to read: a signal would come too early
            typing.write(answer.encode())
    return screen, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_wrong_answer_is_asked_for_again(site):
    """Nothing that was typed before is lost."""
    answers = [("Title: ", "   \n"), ("Title: ", "A well\n"), ("Language", "xx\n"), ("Language", "de\n"),
               ("Authors", "Ada\n"), ("Topics", "watr\n"), ("Topics", "water\n")]  # fmt: skip
    screen, status = talk(site, ["new", *NOW], answers, EDITOR="")
    assert status == 0, screen
    assert "no edition in “xx”" in screen
    assert "no topic “watr”" in screen
    assert "topics: [water]\ntitle: A well\n" in (site / "news/2026/a-well.de.md").read_text()


def test_whoever_goes_away_while_being_asked_leaves_nothing(site):
    """Ctrl-C."""
    before = sorted(site.rglob("*"))
    _, status = talk(site, ["new", *NOW], [("Title: ", "A well\n"), ("Language", "\x03")])
    assert status == 130
    assert sorted(site.rglob("*")) == before


@pytest.mark.parametrize("editor", ["no-such-editor --wait", "false", "'"])
def test_an_editor_that_is_not_there_is_told_and_the_file_is(site, editor):
    """With what comes next, as ever."""
    answers = [("Language", "\n"), ("Authors", "Ada\n"), ("Topics", "\n")]
    screen, status = talk(site, ["new", "A well", *NOW], answers, EDITOR=editor, VISUAL="")
    assert status == 0, screen
    assert f"the editor “{editor}” could not be used: open the file yourself" in screen
    assert "newsfeed check news/2026/a-well.en.md" in screen
    assert (site / "news/2026/a-well.en.md").is_file()
