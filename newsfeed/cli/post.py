"""Commands that send: one round for cron, or a service that stays."""

from __future__ import annotations

import json
import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.app.delivery import DeliveryContext, open_delivery_context, open_round_context
from newsfeed.cli.output import builds, people, problems
from newsfeed.core.delivery.status_text import issue_name
from newsfeed.core.people.tokens import make_log_id
from newsfeed.delivery.rounds import run_send_round
from newsfeed.errors import NewsfeedError, ProblemsFound
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.cli.context import Context
    from newsfeed.delivery.rounds import SendRound
    from newsfeed.records import OutgoingMessage, Reply

HEALTH = "var/health.json"


def send_once(context: Context, now: object, *, as_json: bool) -> int:
    """``newsfeed send``: everything that is due now, once."""
    voice = builds.user_voice()
    with open_delivery_context(context.root, os.environ) as delivery:
        progress = problems.Progress(voice.say(N_("sending")))
        counted = _Counted(progress)
        done = run_send_round(
            open_round_context(delivery, clock_from(now), counted, os.environ), _until_told()
        )
        progress.close()
        aside = delivery.settings.mail.channel == "stdout"
    people.round_report(done, voice, as_json=as_json, aside=aside)
    if done.unplanned is not None:
        raise done.unplanned
    return 3 if done.counts.trouble else 0


def run_service(context: Context, now: object) -> int:
    """``newsfeed run``: stay, and send what is due when it is due."""
    from newsfeed.delivery.service import ServiceContext, run_until_stopped

    clock = clock_from(now)
    with open_delivery_context(context.root, os.environ) as delivery:
        log = Log(delivery, clock)
        round_context = open_round_context(delivery, clock, log.delivery, os.environ)
        run_until_stopped(ServiceContext(round_context, context.root / HEALTH, log.round, log.trouble))
    return 0


def _until_told() -> threading.Event:
    """Set by SIGTERM and SIGINT: what is on the wire is finished then, and nothing begun."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def clock_from(now: object) -> Callable[[], datetime]:
    """The clock; with ``--now`` one that was set to that moment when the command began."""
    if not isinstance(now, datetime):
        return lambda: datetime.now(UTC)
    began = datetime.now(UTC)

    def clock() -> datetime:
        return now + (datetime.now(UTC) - began)

    return clock


class Log:
    """Structured lines on standard error: no addresses, a keyed short name instead."""

    def __init__(self, delivery: DeliveryContext, clock: Callable[[], datetime]) -> None:
        self._context = delivery
        self._clock = clock

    def delivery(self, outgoing: OutgoingMessage, state: str, reply: Reply) -> None:
        """One outcome."""
        self._write(
            "delivery",
            issue=outgoing.delivery.issue_id,
            reader=make_log_id(self._context.secret, outgoing.subscriber.key),
            state=state,
            code=reply.code,
            relay=reply.relay,
        )

    def round(self, done: SendRound) -> None:
        """A round that planned or sent something; quiet ones say nothing."""
        for one in done.frozen:
            named = {"issue": one.issue.id, "name": issue_name(one.issue)}
            self._write("planned", **named, audience=one.audience, stories=one.stories)
        if done.counts.states or done.counts.trouble:
            self._write("round", trouble=done.counts.trouble, **done.counts.states)

    def trouble(self, error: NewsfeedError) -> None:
        """Why a round ended early; it is tried again."""
        codes = sorted({found.code for found in error.problems}) if isinstance(error, ProblemsFound) else []
        self._write("trouble", message=error.message, problems=codes)

    def _write(self, event: str, **facts: object) -> None:
        moment = self._clock() + timedelta(0)
        problems.talk(json.dumps({"at": moment.isoformat(timespec="seconds"), "event": event, **facts}))


class _Counted:
    """Counts outcomes for a progress line."""

    def __init__(self, progress: problems.Progress) -> None:
        self._progress = progress
        self._number = 0

    def __call__(self, outgoing: OutgoingMessage, state: str, reply: Reply) -> None:
        self._number += 1
        self._progress(self._number)
