"""Problems as values: what is wrong in a site, where, why it matters, and what to do.

`problem` makes and sorts them, `kinds` is the table of all there are, `manual` writes ``docs/problems.md``.
Sentences are made at the edge, in the user's language.
"""

from newsfeed.problems.kinds import PROBLEM_KINDS, ProblemKind, Severity
from newsfeed.problems.problem import (
    MOST_OF_KIND,
    Location,
    Problem,
    add_excerpts,
    find_nearest,
    problem,
    propose,
    select_errors,
    shorten_report,
    sort_problems,
)

__all__ = [
    "MOST_OF_KIND",
    "PROBLEM_KINDS",
    "Location",
    "Problem",
    "ProblemKind",
    "Severity",
    "add_excerpts",
    "find_nearest",
    "problem",
    "propose",
    "select_errors",
    "shorten_report",
    "sort_problems",
]
