"""The table of problems → ``docs/problems.md``: ``python -m newsfeed.problems.manual > docs/problems.md``.

Each entry looks as it does in a terminal, so that a sentence can be searched for as it was seen.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from newsfeed.problems import PROBLEM_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsfeed.problems import ProblemKind

GROUPS = (
    ("Files", "unreadable"),
    ("Front matter", "front-matter-missing"),
    ("Facts", "topic-unknown"),
    ("Text", "text-missing"),
    ("Configuration", "config-missing"),
    ("Commits", "commit-path"),
    ("Templates and catalogues", "template-syntax"),
    ("Audiences", "audience-missing"),
)
"""Heading of a group and the first code of it; groups follow the order of the table."""

_HEAD = """\
# Problems

This page is made from the table in `newsfeed/problems/kinds.py`. To change it, edit the table and run
`python -m newsfeed.problems.manual > docs/problems.md`.

`newsfeed check` reports every problem at once. Each has a place, a sentence, a code and a hint:

```text
news/2010/solar.en.md:7:10: error: unknown topic “watter” [topic-unknown]
    topics: [watter]
             ^
    did you mean “water”? topics are: energy, water; add new ones to [topics]
```

An *error* keeps the site from being published. A *warning* is likely to be a mistake. *Advice* is
worth knowing. Codes are stable; the sentences appear in the language of your terminal. Words in
braces, such as `{value}`, stand for what the report names.
"""


def render_manual(kinds: Mapping[str, ProblemKind]) -> str:
    """Return the manual of a table of problems, as Markdown."""
    return "\n".join([_HEAD, *_sections(kinds)])


def _sections(kinds: Mapping[str, ProblemKind]) -> Iterator[str]:
    headings = {code: heading for heading, code in GROUPS}
    for code, kind in kinds.items():
        if code in headings:
            yield f"## {headings[code]}\n"
        yield _entry(code, kind)


def _entry(code: str, kind: ProblemKind) -> str:
    lines = (
        f"### {code}\n",
        "```text",
        f"{kind.severity.value}: {kind.message} [{code}]",
        f"    {kind.hint}",
        "```\n",
        f"{kind.why}\n",
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(render_manual(PROBLEM_KINDS))
