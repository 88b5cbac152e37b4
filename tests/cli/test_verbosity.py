"""``-q`` and ``-v``: how much commands say; their exit status is the same."""

import json

import pytest

from tests.cli.command import newsfeed

NOW = "--now", "2026-03-01T00:00Z"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A site that is clean, with a story that is to come."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert newsfeed("-q", "init", tmp_path / "site").stdout == ""
    (tmp_path / "site/news/2026/later.en.md").write_text(
        "---\nid: later\ndate: 2026-06-01\ntitle: Later\n---\nText.\n"
    )
    return tmp_path / "site"


def test_a_quiet_command_says_nothing_when_all_is_well(site):
    """But what was asked for."""
    for words in (["check", *NOW], ["build", *NOW]):
        loud, quiet = newsfeed(*words, cwd=site), newsfeed("-q", *words, cwd=site)
        assert (loud.returncode, quiet.returncode) == (0, 0)
        assert loud.stdout != ""
        assert (quiet.stdout, quiet.stderr) == ("", "")
    assert json.loads(newsfeed("-q", "build", "--json", *NOW, cwd=site).stdout)["pages"] > 0
    assert newsfeed("-q", "status", cwd=site).stdout == newsfeed("status", cwd=site).stdout != ""


def test_a_quiet_command_tells_problems(site):
    """With its usual status; errors of usage, too."""
    (site / "news/2026/later.en.md").write_text("---\nid: later\ndate: 1.6.2026\ntitle: Later\n---\nText.\n")
    checked, built = (newsfeed("-q", name, *NOW, cwd=site) for name in ("check", "build"))
    assert (checked.returncode, built.returncode) == (1, 1)
    assert "news/2026/later.en.md:3:7: error" in checked.stdout
    assert "1 error" not in checked.stdout
    assert "news/2026/later.en.md:3:7: error" in built.stderr
    assert newsfeed("-q", "translate", "nothing", "de", cwd=site).returncode == 2


def test_a_verbose_command_says_what_it_does_beside_its_result(site):
    """And how long that took; both options together say more rather than less."""
    first, second = (newsfeed("-v", "build", *NOW, cwd=site) for _ in range(2))
    assert "everything is read" in first.stderr
    assert "the last build is known" in second.stderr
    for done in (first, second, newsfeed("-v", "-q", "check", *NOW, cwd=site)):
        assert done.returncode == 0
        assert done.stderr.splitlines()[-1].startswith("done in ")
    assert newsfeed("-v", "check", "--format", "json", *NOW, cwd=site).stdout == "[]\n"
