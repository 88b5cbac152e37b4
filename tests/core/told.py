"""Problems as short lines, so that a test can show all it expects."""

from collections.abc import Iterable

from newsfeed.cli.output.problems import hint, message
from newsfeed.cli.output.voice import Voice
from newsfeed.problems import Problem


def told(problems: Iterable[Problem]) -> list[str]:
    """``code line:column`` of each problem, in the order in which they were found."""
    return [f"{one.code} {one.where.line}:{one.where.column}" for one in said(problems)]


def told_by_file(problems: Iterable[Problem]) -> list[str]:
    """``path: code line:column`` of each problem, sorted; without the advice to write ids down."""
    return sorted(
        f"{one.where.path}: {one.code} {one.where.line}:{one.where.column}"
        for one in said(problems)
        if one.code != "id-missing"
    )


def codes(problems: Iterable[Problem]) -> list[str]:
    """The codes, in the order in which the problems were found."""
    return [one.code for one in said(problems)]


def said(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, after making sure that each can be put into words."""
    found = list(problems)
    for one in found:
        assert message(one, Voice())
        assert hint(one, Voice())
    return found


def params(problem: Problem) -> dict[str, str]:
    """The parameters of a problem's sentence."""
    return dict(problem.params)
