"""Problems as values: what is wrong in a site, where, why it matters, and what to do.

`problem` makes and sorts them, `kinds` is the table of all there are, `manual` writes ``docs/problems.md``.
Sentences are made at the edge, in the user's language.
"""

from newsfeed.problems.kinds import KINDS, Kind, Severity
from newsfeed.problems.problem import (
    Location,
    Problem,
    errors_in,
    in_order,
    nearest,
    problem,
    with_excerpts,
)

__all__ = [
    "KINDS",
    "Kind",
    "Location",
    "Problem",
    "Severity",
    "errors_in",
    "in_order",
    "nearest",
    "problem",
    "with_excerpts",
]
