"""Put each reader's token into a frozen body, as bytes, without rendering it again.

A body is rendered and encoded once per group, with a marker where a reader's own address belongs.
The marker is as long as every such address, so quoted-printable breaks lines at the same columns;
a marker may itself be broken over two lines, which is why it is found with the breaks allowed.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

MARKER = "0unsubscribe0newsfeed0"
CHOICES_MARKER = "0preferences0newsfeed0"
"""22 characters each, as many as a token has; nothing of a site looks like them."""
_SOFT_BREAK = rb"(?:=\r\n)?"
_PATTERN = re.compile(
    b"|".join(
        _SOFT_BREAK.join(re.escape(char.encode()) for char in marker) for marker in (MARKER, CHOICES_MARKER)
    )
)


@dataclass(frozen=True, slots=True)
class MarkedBody:
    """A body split at its markers."""

    pieces: tuple[bytes, ...]
    breaks: tuple[tuple[int, ...], ...]
    """For each marker: the positions within it before which a line is broken."""
    choices: tuple[bool, ...]
    """For each marker: whether it is `CHOICES_MARKER`."""

    def fill(self, token: str, choices: str = "") -> bytes:
        """Return the body with tokens, as long as its markers: one in place of every `MARKER`, the other in
        place of every `CHOICES_MARKER`.
        """
        if len(token) != len(MARKER) or (any(self.choices) and len(choices) != len(MARKER)):
            raise ValueError("a token has 22 characters")
        data = (token.encode("ascii"), choices.encode("ascii"))
        parts = [self.pieces[0]]
        for breaks, which, piece in zip(self.breaks, self.choices, self.pieces[1:], strict=True):
            parts += (_broken(data[which], breaks), piece)
        return b"".join(parts)


def split_at_markers(body: bytes) -> MarkedBody:
    """Split a body at its markers; one without any has a single piece."""
    pieces, gaps, choices, start = [], [], [], 0
    for found in _PATTERN.finditer(body):
        pieces.append(body[start : found.start()])
        gaps.append(_breaks(found[0]))
        choices.append(found[0].replace(b"=\r\n", b"") == CHOICES_MARKER.encode())
        start = found.end()
    return MarkedBody((*pieces, body[start:]), tuple(gaps), tuple(choices))


def _breaks(found: bytes) -> tuple[int, ...]:
    """Return the places where soft breaks stand inside a marker, counted in characters of the marker."""
    positions, seen = [], 0
    for piece in found.split(b"=\r\n")[:-1]:
        seen += len(piece)
        positions.append(seen)
    return tuple(positions)


def _broken(data: bytes, breaks: tuple[int, ...]) -> bytes:
    if not breaks:
        return data
    edges = (0, *breaks, len(data))
    return b"=\r\n".join(data[a:b] for a, b in itertools.pairwise(edges))
