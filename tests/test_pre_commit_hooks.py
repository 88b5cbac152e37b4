"""The hooks that this repository offers to pre-commit."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from newsfeed.cli.root import newsfeed

HOOKS = yaml.safe_load((Path(__file__).parent.parent / ".pre-commit-hooks.yaml").read_text("utf-8"))


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_a_hook_calls_a_command_that_there_is(hook):
    """With options that it has; pre-commit installs the package for it."""
    program, name, *options = shlex.split(hook["entry"])
    assert (program, hook["language"]) == ("newsfeed", "python")
    context = newsfeed.make_context("newsfeed", [name])
    command = newsfeed.get_command(context, name)
    assert command is not None
    command.make_context(name, options, parent=context)


@pytest.mark.parametrize(
    ("path", "hooks"),
    [
        ("news/2026/a.de.md", {"newsfeed-check", "newsfeed-format"}),
        ("config.toml", {"newsfeed-check"}),
        ("web/site/news/a.png", {"newsfeed-check"}),
        ("README.md", set()),
        ("src/newsfeed.py", set()),
    ],
)
def test_hooks_run_for_files_of_a_site(path, hooks):
    """And for no others."""
    assert {hook["id"] for hook in HOOKS if re.search(hook["files"], path)} == hooks
