"""One planted fault, and how to see that it was caught."""

import re
from dataclasses import dataclass

GRAMMAR = r"grammar: (line \d+:|feed\.json: \$)"
"""The complaint of a grammar or a schema about something that parses."""


@dataclass(frozen=True)
class Fault:
    """An edit of a good document and the words of the complaint it must cause.

    `says` is `GRAMMAR` where only a grammar or schema can complain.
    """

    what: str
    old: str
    new: str
    says: str = GRAMMAR

    def planted_in(self, document: str) -> bytes:
        """The document with the first occurrence of `old` replaced."""
        assert self.old in document, f"nothing to spoil for: {self.what}"
        return document.replace(self.old, self.new, 1).encode("utf-8")


def assert_says(complaints: list[str], pattern: str) -> None:
    """Some complaint has these words."""
    assert any(re.search(pattern, complaint) for complaint in complaints), complaints
