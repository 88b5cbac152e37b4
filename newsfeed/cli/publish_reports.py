"""Tell those who are not here what became of a commit: the editors by mail, the forge by a status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.app.editors_mail import EditorsMail
from newsfeed.app.publishing import PUBLISHED, REFUSED
from newsfeed.cli.output.editor import show_problems
from newsfeed.cli.output.problems import in_one_line, tally, text_block
from newsfeed.cli.output.publications import short
from newsfeed.cli.output.terminal import print_error
from newsfeed.cli.output.voice import user_voice, voice_of
from newsfeed.core.publishing.history import SAME
from newsfeed.errors import NewsfeedError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsfeed.app.publishing import Publication, Publisher
    from newsfeed.settings import Settings

_MOST_TOLD = 50
"""Problems in a mail; whoever has more sees them with ``newsfeed publish --again``."""


def report_publication(publisher: Publisher, settings: Settings, done: Publication, now: datetime) -> None:
    """Tell the editors and the forge what they do not know yet. What fails is said, and tried again: the mail
    with the next look, the status after a while. The site is published all the same.
    """
    if done.outcome == REFUSED and done.is_new:
        told = _try(lambda: _write_to_editors(publisher, settings, done, now))
        _try(lambda: _keep_status(publisher, settings, done, now))
        if told:
            publisher.mark_told(done.commit)
    elif done.outcome == PUBLISHED and done.relation != SAME and done.commit:
        _try(lambda: _keep_status(publisher, settings, done, now))
    _try(lambda: _show_problems(publisher, done, now))
    _try(lambda: _tell_forge(publisher, now))


def _show_problems(publisher: Publisher, done: Publication, now: datetime) -> None:
    """Show beside the form what is wrong with the newest commit."""
    problems = done.problems or (done.built.remaining if done.built else ())
    show_problems(publisher.checkouts.current or publisher.root, publisher.output, problems, now)


def _try(work: Callable[[], None]) -> bool:
    try:
        work()
    except NewsfeedError as error:
        print_error(error, user_voice())
        return False
    return True


def _write_to_editors(publisher: Publisher, settings: Settings, done: Publication, now: datetime) -> None:
    if not settings.editors.addresses:
        return
    from newsfeed.app.editors_mail import send_to_editors

    mails = {lang: compose_mail(settings, lang, done) for lang in settings.editors.addresses}
    send_to_editors(publisher.root, settings, mails, now, publisher.environment)


def compose_mail(settings: Settings, lang: str, done: Publication) -> EditorsMail:
    """Return what editors of a language are told: each problem with its place and what to do."""
    voice = voice_of(lang)
    title, commit = settings.site.title.get(lang), short(done.commit)
    blocks = [click.unstyle(text_block(one, voice)) for one in done.problems[:_MOST_TOLD]]
    sentence = N_(
        "The newest commit, {commit}, has errors, so it is not published. The site stays as it was."
    )
    paragraphs = [
        voice.say(sentence, commit=commit),
        *blocks,
        tally(done.problems, voice),
        voice.say(N_("Please correct them and push again; nothing else is needed.")),
    ]
    subject = voice.say(N_("{title}: commit {commit} was refused"), title=title, commit=commit)
    return EditorsMail(subject, "\n\n".join(paragraphs) + "\n")


def _keep_status(publisher: Publisher, settings: Settings, done: Publication, now: datetime) -> None:
    if not publisher.settings.status:
        return
    from newsfeed.app.commit_status import keep_commit_status

    voice = voice_of(settings.site.default_language)
    good = done.outcome == PUBLISHED
    if good:
        text = voice.say(N_("published"))
    else:
        first = done.problems[0]
        reason = f"{tally(done.problems, voice)}; {in_one_line(first, voice)}"
        text = voice.say(N_("not published: {reason}"), reason=reason)
    keep_commit_status(publisher.root, done.commit, text, now, good=good)


def _tell_forge(publisher: Publisher, now: datetime) -> None:
    """Tell the forge, unless a running service does."""
    from newsfeed.app.commit_status import tell_forge
    from newsfeed.app.publish_service import is_running

    if publisher.settings.status and not is_running(publisher.root):
        for error in tell_forge(publisher.root, publisher.settings, publisher.environment, lambda: now):
            print_error(error, user_voice())
