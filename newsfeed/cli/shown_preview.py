"""A live preview as browsers get it: its bar, digests, entries of feeds, and the clock."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsfeed.app.live_preview import PreviewState
from newsfeed.app.previews import PreviewWords, preview_files
from newsfeed.cli.output.previews import describe_languages
from newsfeed.cli.output.problems import as_data, print_problems_to_stderr
from newsfeed.cli.output.terminal import print_to_stderr
from newsfeed.cli.output.voice import user_voice
from newsfeed.config import bundled
from newsfeed.core.editor.policy import FOLDER
from newsfeed.core.site import urls
from newsfeed.errors import NewsfeedError, ProblemsFound
from newsfeed.marking import N_, NN_
from newsfeed.render.preview_page import entry_page, message_page
from newsfeed.web.preview_server import CLOCK, OWN, PreviewFeed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from newsfeed.app.live_preview import LivePreview, PageState, WithheldStory
    from newsfeed.problems import Problem

_DIGESTS = "digests/"
_ENTRY = "entry/"
_PAGE = "page.json"
_FORM = f"{FOLDER}/"
_FILES = frozenset({"bar.css", "bar.js"})


class ShownPreview:
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
        self._show(lambda: self._preview.update(changed))

    def set_clock(self, moment: str) -> None:
        """Show everything as of a moment: see `newsfeed.web.preview_server.OwnPages`."""
        zone = self._moment.tzinfo or UTC
        try:
            found = datetime.fromisoformat(moment) if moment else datetime.now(zone)
            found = found if found.tzinfo is not None else found.replace(tzinfo=zone)
            self._moment = found.astimezone(zone)
        except (ValueError, OverflowError):  # nothing that the form would send
            return
        self._show(lambda: self._preview.set_moment(self._moment))

    def _show(self, work: Callable[[], PreviewState]) -> None:
        with self._lock:
            try:
                state = work()
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

    def file(self, name: str, page: str) -> str | None:
        """Return a file of the bar, or a page that it leads to; see `OwnPages` of the server."""
        if name in _FILES:
            return (bundled.templates() / "preview" / name).read_text(encoding="utf-8")
        if name == _FORM:
            return self._lacking_form()
        if name in (_PAGE, _ENTRY):
            with self._lock:
                return self._about_page(name, page)
        digest, _, file = name.removeprefix(_DIGESTS).partition("/")
        if not name.startswith(_DIGESTS) or not digest:
            return None
        with self._lock:
            if digest not in self._digests:
                self._digests[digest] = self._digest_files(digest)
            return self._digests[digest].get(file or "index.html")

    def _lacking_form(self) -> str:
        """Return the page that says how the form is made."""
        say = self._voice.say
        commands = "newsfeed build\nnewsfeed editor"
        return message_page(
            say(N_("There is no form yet")),
            say(N_("Run these, and load this page again:")),
            commands,
            self._voice.lang,
        )

    def _about_page(self, name: str, address: str) -> str | None:
        path = address.removeprefix(self._base_path)
        path += urls.INDEX if path.endswith("/") else ""
        page = self._preview.find_page(path) if address.startswith(self._base_path) else None
        if name == _ENTRY:
            return None if page is None else self._entry(page)
        if page is None:
            return json.dumps({"marks": [], "entry": ""})
        entry = {
            "title": self._voice.say(N_("as a feed entry")),
            "href": f"{OWN}{_ENTRY}?path={urls.encode_path(address)}",
        }
        return json.dumps({"marks": list(self._marks(page)), "entry": entry}, ensure_ascii=False)

    def _marks(self, page: PageState) -> Iterator[str]:
        zone = self._moment.tzinfo
        if page.is_draft:
            yield self._voice.say(N_("draft"))
        if page.due is not None:
            yield self._voice.say(N_("due {moment}"), moment=page.due.astimezone(zone))
        if page.expires is not None:
            yield self._voice.say(N_("expires {moment}"), moment=page.expires.astimezone(zone))
        if page.is_outdated:
            yield self._voice.say(N_("translation behind the original"))

    def _entry(self, page: PageState) -> str:
        say, zone = self._voice.say, self._moment.tzinfo
        entry, html = self._preview.feed_entry(page)
        facts = [
            (say(N_("Summary")), entry.summary),
            (say(N_("By")), ", ".join(entry.authors)),
            (say(N_("Published")), self._voice.moment(entry.published.astimezone(zone))),
            (say(N_("Topics")), ", ".join(category.label for category in entry.categories)),
            (say(N_("Files")), ", ".join(file.href for file in entry.enclosures)),
            (say(N_("Link")), entry.link),
            (say(N_("Id")), entry.id),
        ]
        shown = html.replace(self._base_url, self._base_path) if self._base_url else html
        told = [fact for fact in facts if fact[1]]
        return entry_page(entry.title, told, shown, self._voice.lang, (entry.lang, entry.direction))

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
        shown = {f"{mail.lang}.html" for mail in issue.mails}
        # Mails name their pictures by whole addresses; here they are those of the preview. Texts stay.
        return {
            name: text.replace(self._base_url, self._base_path) if self._base_url and name in shown else text
            for name, text in files.items()
        }

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
            "clock": {"name": CLOCK, "value": self._moment.strftime("%Y-%m-%dT%H:%M")},
            "problems": [self._problem(one) for one in state.problems],
            "stories": [self._story(one) for one in state.withheld],
            "digests": [{"title": name, "href": f"{OWN}{_DIGESTS}{name}/"} for name in state.digests],
            "words": {
                "bar": voice.say(N_("Preview")),
                "problems": problems,
                "stories": stories,
                "digests": voice.say(N_("Digests")),
                "clock": voice.say(N_("as of {moment}"), moment=self._moment),
                "set": voice.say(N_("show")),
                "now": voice.say(N_("now")),
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
