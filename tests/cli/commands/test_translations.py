"""``newsfeed translations``: what waits, and translations that are accepted."""

import email
import email.policy
import json

import feedparser
import pytest

from tests.cli.command import newsfeed

NOW = "--now", "2026-03-01T23:30Z"


@pytest.fixture
def site(tmp_path):
    """A site as ``newsfeed init`` makes it, whose German text notes the English one."""
    assert newsfeed("init", tmp_path / "site").returncode == 0
    assert newsfeed("translations", "accept", "hello", "de", cwd=tmp_path / "site").returncode == 0
    return tmp_path / "site"


def edit(path, old, new):
    """Write something else into a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_translation_is_behind_until_somebody_accepts_it(site):
    """The check tells which paragraphs are others, and what to type."""
    edit(site / "news/2026/hello.en.md", "Write your text here", "Write another text here")
    said = newsfeed("check", *NOW, cwd=site).stdout
    assert "the original has changed since this translation was made; edited: ¶\u00a01 [" in said
    assert "newsfeed translations accept news/2026/hello.de.md de" in said
    before = (site / "news/2026/hello.de.md").read_text()
    accepted = newsfeed("translations", "accept", "news/2026/hello.de.md", "de", cwd=site)
    assert accepted.stdout == "news/2026/hello.de.md now says that it translates the original as it is\n"
    after = (site / "news/2026/hello.de.md").read_text()
    changed = [pair for pair in zip(before.split("\n"), after.split("\n"), strict=True) if len({*pair}) == 2]
    assert [line.partition("=")[0] for pair in changed for line in pair] == ["source: title"] * 2
    assert newsfeed("check", *NOW, cwd=site).stdout.startswith("no problems")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hello", "en"), "“hello” is written in “en”"),
        (("helo", "de"), "did you mean “hello”?"),
        (("hello", "xx"), "no edition in “xx”"),
    ],
)
def test_what_cannot_be_accepted_is_refused(site, words, said):
    """And nothing is written."""
    refused = newsfeed("translations", "accept", *words, cwd=site)
    assert refused.returncode == 2
    assert said in refused.stderr


def test_a_translation_without_a_title_cannot_be_accepted(site):
    """The check's problem is told, and nothing is written."""
    edit(site / "news/2026/hello.de.md", "title: ", "titel: ")
    before = (site / "news/2026/hello.de.md").read_text()
    refused = newsfeed("translations", "accept", "hello", "de", cwd=site)
    assert (refused.returncode, "news/2026/hello.de.md:" in refused.stderr + refused.stdout) == (1, True)
    assert (site / "news/2026/hello.de.md").read_text() == before


def test_a_translation_that_is_not_there_cannot_be_accepted(site):
    """The answer says how it is begun."""
    (site / "news/2026/hello.de.md").unlink()
    refused = newsfeed("translations", "accept", "hello", "de", cwd=site)
    assert "“hello” has no translation into “de”" in refused.stderr
    assert "newsfeed translate hello de" in refused.stderr


def test_a_head_that_nothing_can_be_written_into_is_left_to_the_editor(site):
    """They are told the line to write."""
    (site / "news/2026/hello.de.md").write_text("---\n{title: Hallo, source: new}\n---\nText.\n")
    refused = newsfeed("translations", "accept", "hello", "de", cwd=site)
    assert "write this line into it: source: title=" in refused.stderr


def test_what_waits_is_shown_by_language(site):
    """Counts, what has changed, and what is missing."""
    edit(site / "news/2026/hello.en.md", "Write your text here", "Write another text here")
    (site / "pages/about.de.md").unlink()
    for built in (False, True):
        if built:
            newsfeed("build", *NOW, cwd=site)
        said = newsfeed("translations", *NOW, cwd=site)
        assert (said.returncode, said.stderr) == (0, "")
        lines = said.stdout.splitlines()
        assert [line.split() for line in lines[:2]] == [
            ["complete", "outdated", "missing"],
            ["de", "0", "1", "1"],
        ]
        assert "    newsfeed translations accept hello de" in lines
        assert lines[-2:] == ["missing, the newest first:", "    newsfeed translate pages/about.en.md de"]


def test_what_changed_since_the_last_build_is_known(site):
    """A translation that was begun, and one that was accepted."""
    newsfeed("build", *NOW, cwd=site)
    edit(site / "news/2026/hello.en.md", "Write your text here", "Write another text here")
    found = json.loads(newsfeed("translations", "--json", *NOW, cwd=site).stdout)
    assert found["languages"] == {"de": {"complete": 1, "outdated": 1, "missing": 0}}
    text = found["texts"][0]
    assert (text["id"], text["language"], text["date"]) == ("hello", "en", "2026-01-05")
    german = text["translations"]["de"]
    assert (german["status"], german["path"]) == ("outdated", "news/2026/hello.de.md")
    assert [change["paragraph"] for change in german["changes"]] == [1]
    (site / "news/2026/hello.en.md").write_text("---\ntitle: [\n---\n")  # what cannot be read is left out
    assert [
        one["id"] for one in json.loads(newsfeed("translations", "--json", cwd=site).stdout)["texts"]
    ] == ["about"]


def test_the_page_shows_it_all(site, tmp_path):
    """It needs no other file, and is written again in place."""
    edit(site / "news/2026/hello.en.md", "Write your text here", "Write <b>another</b> text here")
    page = tmp_path / "page.html"
    for _ in range(2):
        assert newsfeed("translations", "--html", page, *NOW, cwd=site).returncode == 0
    html = page.read_text()
    assert "&lt;b&gt;another&lt;/b&gt;" in html
    assert "There is no history" in html
    assert "<script" not in html
    refused = newsfeed("translations", "--html", tmp_path / "none/page.html", cwd=site)
    assert refused.returncode == 3
    assert "page.html" in refused.stderr


def test_feeds_tell_translators_what_waits(site, tmp_path):
    """One for each language, beside the page; a text that has fallen behind once more is a new entry."""
    edit(site / "news/2026/hello.en.md", "Write your text here", "Write another text here")
    (site / "pages/about.de.md").unlink()
    words = ("--html", tmp_path / "page.html", "--url", "https://a.example/t/page.html", *NOW)
    ids = set()
    for text in ("another text", "a third text"):
        edit(site / "news/2026/hello.en.md", "another text", text)
        assert newsfeed("translations", *words, cwd=site).returncode == 0
        feed = feedparser.parse(tmp_path / "page.de.atom")
        assert not feed.bozo
        assert [entry.title for entry in feed.entries] == ["Hello", "About this site"]
        assert "newsfeed translations accept hello de" in feed.entries[0].summary
        assert [link.href for link in feed.feed.links if link.rel == "self"] == [
            "https://a.example/t/page.de.atom"
        ]
        ids.update(entry.id for entry in feed.entries)
    assert len(ids) == 3
    assert 'href="page.de.atom"' in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--lang", "xx"), "no edition in “xx”"),
        (("--topic", "xx"), "no topic “xx”"),
        (("--since", "yesterday"), "“yesterday” is no day"),
    ],
)
def test_what_there_is_not_cannot_be_asked_for(site, words, said):
    """With what there is to choose from."""
    refused = newsfeed("translations", *words, cwd=site)
    assert refused.returncode == 2
    assert said in refused.stderr


def test_mails_mark_what_is_behind_its_original(site, tmp_path):
    """In both parts, with the date of the original."""
    edit(site / "news/2026/hello.en.md", "Write your text here", "Write another text here")
    with (site / "config.toml").open("a") as config:
        config.write('\n[translations]\noutdated = "mark"\n')
    (site / "var").mkdir(exist_ok=True)
    (site / "var/team.csv").write_text("email,name,language\na@example.org,A,de\n")
    newsfeed("digest", "weekly", "--now", "2026-01-12T09:00Z", "-o", tmp_path / "mails", cwd=site)
    (path,) = (tmp_path / "mails").rglob("*.eml")
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    notice = "Das Original vom 5. Januar 2026 hat sich seit dieser Übersetzung geändert."
    for kind in ("plain", "html"):
        assert notice in " ".join(mail.get_body([kind]).get_content().split())


def test_what_was_begun_is_not_to_be_begun_again(site):
    """Its file has no title yet, which is an error: it counts as missing, and is named."""
    (site / "pages/about.de.md").unlink()
    assert newsfeed("translate", "about", "de", "--no-edit", cwd=site).returncode == 0
    said = newsfeed("translations", *NOW, cwd=site).stdout.splitlines()
    assert said[-2:] == ["missing, the newest first:", "    begun, not finished: pages/about.de.md"]
    found = json.loads(newsfeed("translations", "--json", *NOW, cwd=site).stdout)
    states = [text["translations"]["de"] for text in found["texts"] if text["id"] == "about"]
    assert states == [{"status": "missing", "path": "pages/about.de.md", "begun": True}]
