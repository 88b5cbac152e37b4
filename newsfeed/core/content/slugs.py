"""Make and check slugs: names that become part of addresses and ids."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_LENGTH = 100


@cache
def make_slug(name: str) -> str:
    """Write a name of any script as lower-case ASCII words with hyphens; empty when nothing is left."""
    from slugify import slugify

    return slugify(name, max_length=MAX_LENGTH, word_boundary=True)


def is_slug(text: str) -> bool:
    """Return whether a text can stand in an address unchanged."""
    return len(text) <= MAX_LENGTH and SLUG.fullmatch(text) is not None


def derive_id(stem: str) -> str:
    """Make the id of content that gives none, from its path below the content folder and nothing else."""
    return make_slug("-".join(PurePosixPath(stem).parts[1:]))
