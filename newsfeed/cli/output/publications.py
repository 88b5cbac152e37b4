"""Output about what was published from a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.app.published_state import read_first_problem
from newsfeed.app.publishing import PUBLISHED, REFUSED
from newsfeed.cli.output.problems import in_one_line
from newsfeed.core.publishing.history import FORCED, UNRELATED
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.app.publishing import Publication
    from newsfeed.cli.output.voice import Voice

_RELATIONS = {
    FORCED: N_("the branch was rewritten: {commit} does not follow {previous}, which was published before"),
    UNRELATED: N_("the branch has another history: {commit} shares nothing with {previous}"),
}
_DIGITS = 10
"""Of a commit's id, for people."""


def publication_summary(done: Publication, voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """Return what became of the newest commit: the data, and the lines for people."""
    first = read_first_problem(done.state)
    data: dict[str, Any] = {
        "outcome": done.outcome,
        "commit": done.commit,
        "relation": done.relation,
        "published": done.state.commit,
        "next_turn": done.state.next_turn,
        "pages": done.state.pages,
        "feeds": done.state.feeds,
        "written": done.built.published.written if done.built else 0,
        "removed": done.built.published.removed if done.built else 0,
        "changed_feeds": list(done.changed_feeds),
        "problems": sorted({one.code for one in done.problems}),
        "first_problem": in_one_line(first, voice) if first is not None else "",
    }
    names = {"commit": short(done.commit), "previous": short(done.previous)}
    lines = [voice.say(_RELATIONS[done.relation], **names)] if done.relation in _RELATIONS else []
    return data, [*lines, voice.say(_sentence(done), **{**data, **names})]


def _sentence(done: Publication) -> str:
    if done.outcome == REFUSED and not done.commit:
        return N_("the site has errors; what is published stays as it was")
    if done.outcome == REFUSED and not done.problems:
        return N_("{commit} was refused before; newsfeed publish --again tries it once more")
    if done.outcome == REFUSED:
        return N_("{commit} was refused; the site stays as it was")
    if done.outcome == PUBLISHED and done.commit:
        return N_("{commit} is published: {written} files written, {removed} removed")
    if done.outcome == PUBLISHED:
        return N_("the site is published: {written} files written, {removed} removed")
    return N_("nothing is new: {pages} pages and {feeds} feeds are published")


def short(commit: str) -> str:
    """Return the beginning of a commit's id, as people know it."""
    return commit[:_DIGITS]
