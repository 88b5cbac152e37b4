"""What a source tells, in one go."""

from newsfeed.model import RawFile
from newsfeed.ports import Source


def texts_of(source: Source) -> list[RawFile]:
    """Every text, read now."""
    return [source.text(path) for path in source.paths()]
