"""The log of the sending service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.cli.output.deliveries import waiting_as_data
from newsfeed.cli.output.log_lines import ERROR, INFO, JSON, WARNING, LogLines
from newsfeed.cli.output.terminal import print_to_stderr
from newsfeed.core.delivery.status_text import issue_name
from newsfeed.core.people.tokens import make_log_id
from newsfeed.delivery.rounds import SendRound
from newsfeed.delivery.sender import SendCounts
from newsfeed.errors import NewsfeedError, ProblemsFound
from newsfeed.marking import N_
from newsfeed.records import WaitingMails
from newsfeed.settings import FolderSettings, SmtpSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.bounces.process import BounceCounts
    from newsfeed.cli.output.voice import Voice
    from newsfeed.delivery.rounds import PlanningResult
    from newsfeed.receiver_ports import ReceiverState
    from newsfeed.records import AddressedDelivery, Reply
    from newsfeed.settings import Settings

_LEVELS = {
    "trouble": ERROR,
    "web": ERROR,
    "web-warning": WARNING,
    "orphaned": WARNING,
    "refused": WARNING,
    "paused": WARNING,
}
"""Event → level, where it is not that all is well."""

_OF_PUBLISHING = ("commit", "relation", "written", "removed", "problems", "first_problem")
_PAUSED = {
    "unknown": "too many of its readers are unknown there: clean the lists, then: newsfeed receivers",
    "complaints": "too many of its readers call the mails spam: find out why, then: newsfeed receivers",
}
_UNREAD = "nobody reads this digest yet: its issue is planned when somebody does"


class ServiceLog:
    """Structured lines on standard error: no addresses, a keyed short name instead."""

    def __init__(
        self, secret: bytes, clock: Callable[[], datetime], form: str = JSON, least: str = INFO
    ) -> None:
        """``form``: of its lines; ``least``: the level below which nothing is logged."""
        self._secret = secret
        self._lines = LogLines(clock, form, least)
        self._waiting: dict[str, object] = {}
        self._unread: set[str] = set()
        self._published: dict[str, Any] = {}

    def delivery(self, outgoing: AddressedDelivery, state: str, reply: Reply) -> None:
        """Log the outcome of one delivery."""
        self._write(
            "delivery",
            issue=outgoing.delivery.issue_id,
            reader=make_log_id(self._secret, outgoing.subscriber.key),
            state=state,
            code=reply.code,
            relay=reply.relay,
        )

    def round(self, done: SendRound) -> None:
        """Log a round that planned or sent something, and what waits when that has changed; quiet rounds
        leave no line.
        """
        for frozen in done.frozen:
            named = {"issue": frozen.issue.id, "name": issue_name(frozen.issue)}
            self._write("planned", **named, audience=frozen.audience, stories=frozen.stories)
        if done.counts.states or done.counts.trouble:
            self._write("round", trouble=str(done.counts.trouble), **done.counts.states)
        for digest in sorted(set(done.unread) - self._unread):
            self._write("unread", digest=digest, message=_UNREAD)
        self._unread = set(done.unread)
        for digest, readers in done.orphaned.items():
            self._write("orphaned", digest=digest, readers=readers)
        waiting = waiting_as_data(done.waiting, str(done.counts.trouble))
        if waiting != self._waiting and (self._waiting or done.waiting != WaitingMails()):
            self._write("waiting", **waiting)
        self._waiting = waiting

    def planned(self, done: PlanningResult) -> None:
        """Log the issues that a worker planned."""
        self.round(SendRound(done.recovered, done.frozen, SendCounts(), unread=done.unread))

    def sent(self, batch: int, counts: SendCounts) -> None:
        """Log what became of a batch that a worker sent; one that had nothing due leaves no line."""
        if counts.states or counts.trouble:
            self._write("batch", batch=batch, trouble=str(counts.trouble), **counts.states)

    def trouble(self, error: NewsfeedError) -> None:
        """Log why a round ended early; it is tried again."""
        codes = (
            sorted({problem.code for problem in error.problems}) if isinstance(error, ProblemsFound) else []
        )
        self._write("trouble", message=error.message, problems=codes)

    def starting(self, parts: Sequence[str], root: Path, settings: Settings) -> None:
        """Log what the service is about to do, and where."""
        facts: dict[str, object] = {"parts": list(parts), "folder": str(root)}
        if "send" in parts:
            facts |= {"digests": list(settings.digests), "channel": settings.mail.channel}
        if "publish" in parts:
            publish = settings.publish
            facts |= {
                "repository": publish.repository,
                "branch": publish.branch if publish.repository else "",
            }
        self._write("starting", **facts)

    def published(self, data: Mapping[str, Any]) -> None:
        """Log what became of the newest commit: the data of ``newsfeed publish --json``. A look that found
        nothing new leaves no line.
        """
        told = {name: data[name] for name in _OF_PUBLISHING}
        did = bool(data["written"] or data["removed"])
        if data["outcome"] == "refused" and not data["problems"] and not did and self._knows(data["commit"]):
            return  # a look meanwhile, for a story that came due: it did not check the commit again
        if data["outcome"] != "unchanged" and (did or told != self._published):
            self._write(data["outcome"], **told)
        self._published = told

    def _knows(self, commit: str) -> bool:
        return self._published.get("commit") == commit

    def returned(self, counts: Sequence[BounceCounts]) -> None:
        """Log what came back, in sums."""
        for one in counts:
            if one.read:
                self._write("returned", read=one.read, stopped=one.stopped, **one.outcomes)

    def paused(self, state: ReceiverState) -> None:
        """Log that a group of receivers is left alone for a while, until when, and why."""
        until = state.paused_until.isoformat(timespec="seconds") if state.paused_until else ""
        told = _PAUSED.get(state.reason, "")
        self._write("paused", receivers=state.name, until=until, reason=state.reason, message=told)

    def listening(self, address: str, url: str) -> None:
        """Log where the pages are: the address listened on, and the one that readers know."""
        self._write("listening", address=address, url=url)

    def web_failure(self, reason: str) -> None:
        """Log that a page could not be shown, because of us; never to whom."""
        self._write("web", trouble=reason)

    def greet(self, parts: Sequence[str], settings: Settings, voice: Voice) -> None:
        """Tell whoever sits before the terminal which address to open, and where mails go."""
        url = settings.web.base_url or f"http://{settings.web.address_at(settings.web.port)}/"
        sentence = _GREETINGS["web" in parts, "send" in parts]
        if sentence:
            print_to_stderr(voice.say(sentence, url=url, place=_mails_go_to(settings)))

    def web_warning(self, reason: str) -> None:
        """Log what somebody tried in vain; never who."""
        self._write("web-warning", trouble=reason)

    def _write(self, event: str, **facts: object) -> None:
        level = WARNING if event in ("round", "batch") and facts["trouble"] else _LEVELS.get(event, INFO)
        self._lines.write(level, event, facts)


_GREETINGS = {
    (True, True): N_("Open {url}; mails go to {place}. Ctrl+C ends it."),
    (True, False): N_("Open {url}. Ctrl+C ends it."),
    (False, True): N_("Mails go to {place}. Ctrl+C ends it."),
    (False, False): "",
}
"""(it answers on the web, it sends) → what is said of it at the start."""


def _mails_go_to(settings: Settings) -> str:
    """Return the folder or server that takes the mails, or the channel's name."""
    channel = settings.channels.get(settings.mail.channel)
    if isinstance(channel, FolderSettings):
        return channel.path
    if isinstance(channel, SmtpSettings) and channel.relays:
        return channel.relays[0].host
    return settings.mail.channel
