"""Output about a build.

Imported by every build, so it imports little itself: most builds find that nothing changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.cli.output.terminal import print_result
from newsfeed.cli.output.unpublished import unpublished_sentences
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.app.built import Built
    from newsfeed.cli.output.voice import Voice


def print_build(built: Built, seconds: float, voice: Voice, *, as_json: bool) -> None:
    """Print what a build did, in a line or as an object."""
    print_result(*build_summary(built, seconds, voice), as_json=as_json, is_only_success=True)


def build_summary(built: Built, seconds: float, voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """Return what a build did: the data, and the lines for people."""
    done = built.published
    data: dict[str, Any] = {
        "output": str(built.output),
        "pages": built.pages,
        "feeds": built.feeds,
        "written": done.written,
        "unchanged": done.unchanged,
        "removed": done.removed,
        "files": built.files,
        "bytes": built.size,
        "seconds": round(seconds, 2),
        "drafts": built.unpublished.drafts,
        "scheduled": built.unpublished.scheduled,
        "expired": built.unpublished.expired,
        "withdrawn": built.unpublished.withdrawn,
    }
    sentence = N_(
        "{pages} pages and {feeds} feeds in {output} ({files} files, {size} MB): "
        "{written} written, {unchanged} unchanged, {removed} removed, {seconds} s"
    )
    shown = voice.say(sentence, **{**data, "size": _megabytes(built.size), "seconds": seconds})
    return data, [shown, *unpublished_sentences(built.unpublished, voice)]


def _megabytes(size: int) -> float:
    """Return a size in MB, with one digit after the point below ten of them."""
    megabytes = size / 1_000_000
    return round(megabytes) if megabytes >= 10 else round(megabytes, 1)
