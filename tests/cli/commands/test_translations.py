"""``newsfeed translations``: what waits, and translations that are accepted."""

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
    assert "the original has changed since this translation was made; edited: ¶\u00a01; added: –" in said
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
