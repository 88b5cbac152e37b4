"""The editor's note to one issue: a file beside the configuration's standing words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


@dataclass(frozen=True, slots=True)
class IssueNote:
    """One file ``digests/<name>/<date>.<lang>.md``, its text as safe HTML."""

    digest: str
    day: date
    lang: str
    path: str
    subject: str = ""
    lead: str = ""
    """Id of the story that stands above all others."""
    order: tuple[str, ...] = ()
    """Ids of the stories that come first, in this order."""
    html: str = ""
    """With the links as they were written."""


@dataclass(frozen=True, slots=True)
class ChosenNote:
    """The words and wishes of an editor for the readers of one language chain."""

    subject: str = ""
    lead: str = ""
    order: tuple[str, ...] = ()
    html: str = ""
    """With the links as they were written, or with whole addresses."""
    lang: str = ""
    path: str = ""
    """Of the file that the text is from."""


NO_NOTE = ChosenNote()


def choose_note(notes: Mapping[str, IssueNote], chain: Sequence[str]) -> ChosenNote:
    """Return the note of an issue for readers of a chain. ``notes``: language → note, in the site's order.

    The text may be in a language that stands in for theirs; a subject may not. Which story leads, and which
    come first, is no matter of language: what one file says holds where no better one says otherwise.
    """
    if not notes:
        return NO_NOTE
    readable = [notes[code] for code in chain if code in notes]
    every = [*readable, *(note for note in notes.values() if note not in readable)]
    text = next((note for note in readable if note.html), None)
    own = notes.get(chain[0])
    return ChosenNote(
        subject=own.subject if own else "",
        lead=next((note.lead for note in every if note.lead), ""),
        order=next((note.order for note in every if note.order), ()),
        html=text.html if text else "",
        lang=text.lang if text else "",
        path=text.path if text else "",
    )


def order_stories(story_ids: Sequence[str], note: ChosenNote) -> list[str]:
    """Return stories in the order an editor wants: the lead, those that are named, then the others."""
    wanted = dict.fromkeys((note.lead, *note.order))
    there = set(story_ids)
    first = [key for key in wanted if key in there]
    return [*first, *(key for key in story_ids if key not in wanted)]
