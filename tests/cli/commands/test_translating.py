"""``newsfeed translate export`` and ``import``: texts travel to translators and back."""

import pytest

from tests.cli.command import newsfeed

NOW = "--now", "2026-03-01T23:30Z"


@pytest.fixture
def site(tmp_path):
    """A site as ``newsfeed init`` makes it, with one text that has no translation."""
    assert newsfeed("init", tmp_path / "site").returncode == 0
    (tmp_path / "site/pages/about.de.md").unlink()
    return tmp_path / "site"


def words(*names):
    """The words of a command."""
    return ("translate", *names)


@pytest.mark.parametrize("ending", ["po", "xliff", "md"])
def test_what_waits_travels_and_comes_back(site, tmp_path, ending):
    """Exported, translated, imported: the site checks clean, and nothing waits any more."""
    file = tmp_path / f"waiting.{ending}"
    said = newsfeed(*words("export", "--to", "de", "--changed", file), cwd=site)
    assert said.stdout.endswith("pieces of text\n")
    text = file.read_text("utf-8")
    assert "news/2026/hello" not in text
    original = (site / "pages/about.en.md").read_text("utf-8")
    title = next(line for line in original.splitlines() if line.startswith("title: ")).removeprefix("title: ")
    for before, after in {
        "po": (f'msgid "{title}"\nmsgstr ""', f'msgid "{title}"\nmsgstr "Über uns"'),
        "xliff": ('<target state="new"/>', '<target state="translated">Über uns</target>'),
        "md": (f"> {title}\n", f"> {title}\n\nÜber uns\n"),
    }.values():
        text = text.replace(before, after, 1)
    file.write_text(text, "utf-8")
    taken = newsfeed(*words("import", file), cwd=site)
    assert (taken.returncode, taken.stderr) == (0, "")
    assert taken.stdout.splitlines() == ["pages/about.de.md", "1 piece of text was taken over"]
    german = (site / "pages/about.de.md").read_text("utf-8")
    assert 'title: "Über uns"\nsource: title=' in german
    assert "[paragraph-untranslated]" in newsfeed("check", *NOW, cwd=site).stdout


def test_an_export_that_was_not_touched_changes_nothing(site, tmp_path):
    """All texts go out and come back as they are."""
    before = {path: path.read_bytes() for path in site.rglob("*.md")}
    file = tmp_path / "all.po"
    newsfeed(*words("export", "--to", "de", file), cwd=site)
    assert newsfeed(*words("import", file), cwd=site).returncode == 0
    assert {path: path.read_bytes() for path in site.rglob("*.md")} == before


def test_what_cannot_be_taken_over_is_told(site, tmp_path):
    """A lost link, an older original, a text that is not there; the rest is taken."""
    file = tmp_path / "all.md"
    newsfeed(*words("export", "--to", "de", "--format", "md", file), cwd=site)
    text = file.read_text("utf-8").replace(
        "in [Markdown](https://commonmark.org/help/).\nDanach", "hier.\nDanach"
    )
    for name in ("pages/none.en.md|title", "news/2026/hello.en.md|7"):
        text += f"\n<!-- en {name}|abcdef -->\n> A\n\nB\n"
    file.write_text(text, "utf-8")
    refused = newsfeed(*words("import", file), cwd=site)
    assert refused.returncode == 1
    assert "“](https://commonmark.org/help/)” must stand in it as often as in the original" in refused.stderr
    assert "pages/none.en.md ¶\u00a0title: there is no such text" in refused.stderr
    assert "news/2026/hello.en.md ¶\u00a07: the original has changed since" in refused.stderr


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        (("export", "--to", "xx", "a.po"), 2, "no edition in “xx”"),
        (("export", "--to", "de", "a.doc"), 2, "--format: po, xliff, md"),
        (("import", "none.po"), 3, "none.po: there is no such file"),
        (("export", "a.po"), 2, "--to"),
        (("hello",), 2, "LANGUAGE"),
    ],
)
def test_a_wrong_line_is_refused(site, line, status, said):
    """With what is meant instead."""
    refused = newsfeed(*words(*line), cwd=site)
    assert (refused.returncode, said in refused.stderr) == (status, True)


def test_help_names_both_uses(site):
    """A translation is begun here, or goes out."""
    said = newsfeed("translate", "--help", cwd=site).stdout
    assert "newsfeed translate [OPTIONS] ITEM LANGUAGE" in said
    assert "  export  " in said
    said = newsfeed("translate", "export", "--help", cwd=site).stdout
    assert "newsfeed translate export [OPTIONS] FILE" in said
