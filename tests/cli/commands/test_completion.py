"""The Tab key: what shells complete, and with what they begin."""

import sys

import pytest

from tests.cli.command import newsfeed


def complete(*typed):
    """What bash offers after these words; the last one is begun."""
    done = newsfeed(
        COMP_WORDS=" ".join(["newsfeed", *typed]),
        COMP_CWORD=str(len(typed)),
        _NEWSFEED_COMPLETE="bash_complete",
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("shell", "sign"),
    [("bash", "complete -o"), ("zsh", "#compdef newsfeed"), ("fish", "complete --no-files")],
)
def test_a_shell_gets_its_script(shell, sign, tmp_path):
    """Whether or not there is a site."""
    done = newsfeed("completion", shell, cwd=tmp_path)
    assert done.returncode == 0
    assert sign in done.stdout
    assert "_NEWSFEED_COMPLETE" in done.stdout


def test_commands_options_and_words_are_offered():
    """Those that go on as somebody began."""
    assert complete("tra") == ["translate", "translations"]
    assert complete("translations", "") == ["accept"]
    assert complete("check", "--c") == ["--changed"]
    assert complete("check", "--format", "g") == ["github", "gitlab"]


def test_commands_are_offered_without_being_loaded(monkeypatch):
    """So it takes no longer than a key."""
    import click

    from newsfeed.cli.root import COMMANDS
    from newsfeed.cli.root import newsfeed as group

    for module in [name for name in sys.modules if name.startswith("newsfeed.cli.commands.")]:
        monkeypatch.delitem(sys.modules, module)
    offered = group.shell_complete(click.Context(group), "")
    assert {item.value for item in offered} >= set(COMMANDS)
    assert all(item.help for item in offered)
    assert not [name for name in sys.modules if name.startswith("newsfeed.cli.commands.")]
