"""Wire moves of people: an export into the store, and what they had already into the ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from datetime import date
    from typing import TextIO

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.subscribers.encodings import Reading
    from newsfeed.subscribers.roster import ImportedLine, ImportPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRequest:
    """A move of people, as it was asked for."""

    file: str
    program: str
    plan: ImportPlan
    mapping: str = ""
    only_list: str = ""
    is_confirmed_only: bool = False
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class PeopleResult:
    """A move of people under way: it happens while its outcomes are asked for."""

    outcomes: Iterator[ImportedLine]
    unknown_tags: Counter[str]
    encoding: str = ""
    readings: tuple[Reading, ...] = ()
    """Ways to read the file, when its encoding has to be named; then there are no outcomes."""


def move_people_in(delivery: DeliveryContext, request: PeopleRequest, now: datetime) -> PeopleResult:
    """Move the people of an export in. Raises `UsageError` and `OutsideError`."""
    from newsfeed.app.context import context_of
    from newsfeed.app.moving import read_mapping
    from newsfeed.core.arriving.people_files import PeopleFile
    from newsfeed.subscribers.import_file import open_import_file
    from newsfeed.subscribers.move_in import PeopleMove, move_people
    from newsfeed.subscribers.moved_people import read_people

    topics = read_mapping(request.mapping).topics
    source = f"{request.program}: {Path(request.file).name}"
    vocabulary = context_of(delivery.root)[0].vocabulary
    move = PeopleMove(replace(request.plan, source=source), topics, vocabulary.key_of("topic"))
    opened = open_import_file(request.file, request.encoding)
    if opened.lines is None:
        return PeopleResult(iter(()), move.unknown_tags, readings=tuple(opened.readings))

    def outcomes(file: TextIO) -> Iterator[ImportedLine]:
        with file:
            what = PeopleFile(
                program=request.program,
                name=Path(request.file).name,
                only_list=request.only_list,
                is_confirmed_only=request.is_confirmed_only,
            )
            people = read_people(file, what)
            yield from move_people(delivery.roster_context, people, move, now)

    return PeopleResult(outcomes(opened.lines), move.unknown_tags, opened.encoding)


def remember_sent(delivery: DeliveryContext, digest: str, until: date, now: datetime) -> tuple[int, int]:
    """Let the readers of a digest have had all stories up to the end of a day.

    Return for how many people that is new, and how many stories it is. Raises `ProblemsFound` when the site
    cannot be used, `UsageError` for a day to come.
    """
    from newsfeed.app import site as app
    from newsfeed.delivery.moved_memory import remember_as_had

    settings = delivery.settings
    zone = settings.site.timezone
    moment = datetime.combine(until + timedelta(days=1), time(0), zone) - timedelta(microseconds=1)
    if until > now.astimezone(zone).date():
        raise UsageError(
            N_("{day} is still to come"), N_("name the day of the last issue they had"), day=until
        )
    site = app.read(delivery.root, now)
    stories = [
        story for story in site.loaded.library.stories.values() if story.date <= moment and not story.draft
    ]
    number = remember_as_had(
        delivery.store.issues,
        delivery.store.people,
        settings.digests[digest],
        stories,
        min(moment, now),
        now,
        lang=settings.site.default_language,
    )
    return number, len(stories)
