"""``newsfeed preview``: the site with what is being written, in a browser, and again after every save."""

from __future__ import annotations

import os
import signal
import threading
import webbrowser
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsfeed.app.live_preview import LivePreview, PreviewState
from newsfeed.app.previews import PreviewWords, preview_files
from newsfeed.cli.output.previews import describe_languages
from newsfeed.cli.output.problems import as_data, print_problems_to_stderr
from newsfeed.cli.output.terminal import print_lines, print_to_stderr
from newsfeed.cli.output.voice import user_voice
from newsfeed.cli.watching import changes
from newsfeed.config import bundled, loader
from newsfeed.core.site import urls
from newsfeed.errors import NewsfeedError, OutsideError, ProblemsFound, reason_of
from newsfeed.marking import N_, NN_
from newsfeed.web.preview_server import OWN, PreviewFeed, PreviewServer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsfeed.app.live_preview import WithheldStory
    from newsfeed.cli.context import CommandContext
    from newsfeed.problems import Problem

_DIGESTS = "digests/"
_FILES = frozenset({"bar.css", "bar.js"})


@dataclass(frozen=True, slots=True)
class PreviewOptions:
    """The options of ``newsfeed preview``."""

    port: int
    now: datetime | None
    opens: bool
    """Open the browser."""


def preview_site(context: CommandContext, options: PreviewOptions) -> None:
    """Show the preview, and bring it up to date after every change, until Ctrl-C or SIGTERM."""
    settings, _ = loader.load_settings(context.root)
    base_path = urls.base_url_path(settings.site.base_url) if settings is not None else "/"
    moment = context.now(options.now)
    preview = LivePreview(context.root, moment, os.environ)
    if settings is not None:
        moment = moment.astimezone(settings.site.timezone)
    shown = _ShownPreview(preview, moment, base_path, settings.site.base_url if settings is not None else "")
    try:
        server = PreviewServer(preview.folder, options.port, base_path, shown.feed, shown.own_file)
    except OSError as error:
        raise OutsideError(
            N_("port {port}: {reason}"),
            N_("choose another with --port"),
            port=str(options.port),
            reason=reason_of(error),
        ) from error
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        print_to_stderr(user_voice().say(N_("making the preview …")))
        for changed in changes(context.root):
            if changed is not None and not changed:
                continue
            shown.update(changed)
            if not shown.is_open:
                shown.is_open = True
                server.start()
                how_to_stop = user_voice().say(N_("stop with Ctrl-C"))
                print_lines([f"{server.address}   ({how_to_stop})"])
                if options.opens:
                    webbrowser.open(server.address)
    except KeyboardInterrupt:
        pass
    if shown.is_open:
        server.close()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


class _ShownPreview:
    """A preview as browsers get it, in the language of the terminal it was started in."""

    def __init__(self, preview: LivePreview, moment: datetime, base_path: str, base_url: str) -> None:
        self.feed = PreviewFeed()
        self.is_open = False
        self._preview = preview
        self._moment = moment
        self._base_path = base_path
        self._base_url = base_url
        self._voice = user_voice()
        self._lock = threading.Lock()
        """One of the two works at a time: the builder, and who asks for a digest."""
        self._pages = 1
        self._digests: dict[str, Mapping[str, str]] = {}

    def update(self, changed: frozenset[str] | None) -> None:
        """Bring the preview up to date, and tell the browsers."""
        with self._lock:
            try:
                state = self._preview.update(changed)
                self._pages += 1
            except ProblemsFound as found:
                state = PreviewState(found.problems, (), ())
            except NewsfeedError as error:  # such as a disk that is full: perhaps not for long
                print_to_stderr(self._voice.say(error.sentence))
                return
            self._digests.clear()
        if state.problems and not self.is_open:
            print_problems_to_stderr(state.problems, self._voice)
        self.feed.publish(self._as_data(state))

    def own_file(self, name: str) -> str | None:
        """Return a file of the bar, or of the page of a digest; ``None`` when there is none."""
        if name in _FILES:
            return (bundled.templates() / "preview" / name).read_text(encoding="utf-8")
        digest, _, file = name.removeprefix(_DIGESTS).partition("/")
        if not name.startswith(_DIGESTS) or not digest:
            return None
        with self._lock:
            if digest not in self._digests:
                self._digests[digest] = self._digest_files(digest)
            return self._digests[digest].get(file or "index.html")

    def _digest_files(self, name: str) -> Mapping[str, str]:
        try:
            issue = self._preview.next_issue(name)
        except NewsfeedError:  # no digest, or its notes have errors, which the bar tells
            return {}
        slot = issue.slot.instant.astimezone(issue.digest.timezone)
        heading = f"{name} · {self._voice.moment(slot)}"
        words = PreviewWords(
            self._voice.lang, self._voice.say(N_("as plain text")), describe_languages(issue, self._voice)
        )
        files = preview_files(issue, heading, words)
        # Mails name their pictures by whole addresses; here they are those of the preview.
        return (
            {name: text.replace(self._base_url, self._base_path) for name, text in files.items()}
            if self._base_url
            else files
        )

    def _as_data(self, state: PreviewState) -> dict[str, Any]:
        """Return what the bar shows."""
        voice = self._voice
        count = len(state.problems)
        problems = (
            voice.count(*NN_("{number} problem", "{number} problems"), count)
            if count
            else voice.say(N_("no problems"))
        )
        stories = voice.count(
            *NN_("{number} story not public", "{number} stories not public"), len(state.withheld)
        )
        return {
            "pages": self._pages,
            "lang": voice.lang,
            "as_of": voice.moment(self._moment),
            "problems": [self._problem(one) for one in state.problems],
            "stories": [self._story(one) for one in state.withheld],
            "digests": [{"title": name, "href": f"{OWN}{_DIGESTS}{name}/"} for name in state.digests],
            "words": {
                "bar": voice.say(N_("Preview")),
                "problems": problems,
                "stories": stories,
                "digests": voice.say(N_("Digests")),
            },
        }

    def _problem(self, problem: Problem) -> dict[str, Any]:
        return {**as_data(problem, self._voice), "excerpt": problem.where.text.strip()}

    def _story(self, story: WithheldStory) -> dict[str, str]:
        note = N_("draft") if story.draft else N_("due {moment}")
        return {
            "title": story.title,
            "href": self._base_path + urls.encode_path(story.path).removesuffix(urls.INDEX),
            "note": self._voice.say(note, moment=story.date),
        }
