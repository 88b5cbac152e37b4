"""Published pages in Debian's Chromium: accessibility, overflow, foreign requests."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from .need import need_chromium, need_module, need_npm

Scheme = Literal["light", "dark"]

WCAG_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe within `WCAG_TAGS` that depend on colours: a second scheme can break no others."""
JUDGED = {"en": (360, 1280), "de": (360,), "fr": (1280,), "nl": (360,)}
"""Language → the widths at which axe is asked about its pages: all pages in all languages and at all widths, but
not each with each, as their frames are the same. That nothing overflows is looked at everywhere.
"""
RUN_AXE = """
async (runOnly) => {
  const { violations } = await axe.run({ runOnly, resultTypes: ["violations"] });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help}: ${target.join(" ")}`));
}
"""
KEYS = ("Tab", "Enter")
"""Keys that write nothing."""
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@dataclass(frozen=True)
class View:
    """One page as seen at one width in one colour scheme.

    `violations` are axe's, one sentence an element; `foreign` the URLs requested from
    other hosts (none is ever reached); `broken` the site's own URLs that failed.
    """

    path: str
    width: int
    scheme: Scheme
    violations: tuple[str, ...]
    fits: bool
    foreign: tuple[str, ...]
    broken: tuple[str, ...]


class Browser:
    """One tab of one Chromium, looking at one folder served on loopback."""

    def __init__(self, tab: Any, site: str) -> None:
        self._tab = tab
        self._site = site
        self._foreign: list[str] = []
        self._broken: list[str] = []
        self._complaints: list[str] = []
        self._axe = need_npm("axe-core", "axe.min.js").read_text(encoding="utf-8")
        tab.on("request", self._note_request)
        tab.on("response", self._note_response)
        tab.on("pageerror", lambda error: self._complaints.append(str(error)))
        tab.on("console", self._note_console)

    def views(
        self,
        path: str,
        *,
        widths: Sequence[int] = (360, 1280),
        schemes: Sequence[Scheme] = ("light", "dark"),
        tags: Sequence[str] = WCAG_TAGS,
        judged: Sequence[int] = (),
        screenshots: Path | None = None,
    ) -> list[View]:
        """Load a page once and look at it in every width and colour scheme.

        Add "best-practice" to `tags` for axe's further rules; at each width they are all asked once, and in
        the other scheme those about colours. `judged` are the widths at which axe is asked, if not at all of
        them. `screenshots` is a folder that gets one full-page PNG a view.
        """
        self.open(path)
        return self.look(
            path, widths=widths, schemes=schemes, tags=tags, judged=judged, screenshots=screenshots
        )

    def open(self, path: str) -> None:
        """Load a page."""
        self._foreign.clear()
        self._broken.clear()
        self._complaints.clear()
        self._tab.goto(f"{self._site}/{path.lstrip('/')}")

    def look(
        self,
        path: str,
        *,
        widths: Sequence[int] = (360, 1280),
        schemes: Sequence[Scheme] = ("light", "dark"),
        tags: Sequence[str] = WCAG_TAGS,
        judged: Sequence[int] = (),
        screenshots: Path | None = None,
    ) -> list[View]:
        """Look at the page that is open, as scripts have left it; `path` is what it is called."""
        self._tab.evaluate(self._axe)
        return [
            self._view(
                path,
                width,
                scheme,
                _rules(tags, is_first=scheme == schemes[0]) if width in (judged or widths) else None,
                screenshots,
            )
            for width in widths
            for scheme in schemes
        ]

    def press(self, *keys: str) -> None:
        """Press keys one after the other; what is none of `KEYS` is typed."""
        for key in keys:
            if key in KEYS:
                self._tab.keyboard.press(key)
            else:
                self._tab.keyboard.type(key)

    def tab_to(self, selector: str, most: int = 60) -> None:
        """Press the tabulator until something has the focus."""
        for _ in range(most):
            self._tab.keyboard.press("Tab")
            if self._tab.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"the keyboard does not reach {selector}")

    def send(self, script: str, fields: Mapping[str, str | None]) -> None:
        """Send the form of the page with a script that is given the fields, and wait for the answer."""
        with self._tab.expect_navigation():
            self._tab.evaluate(script, fields)

    def wait_for(self, selector: str) -> None:
        """Wait until something is on the page."""
        self._tab.wait_for_selector(selector, state="attached", timeout=20_000)

    def run_first(self, script: str) -> None:
        """Run a script on every page from now on, before those of the page."""
        self._tab.add_init_script(script)

    @property
    def tab(self) -> Any:
        """Playwright's page, to click and type as people do."""
        return self._tab

    def ask(self, script: str) -> Any:
        """Return the value of an expression on the page."""
        return self._tab.evaluate(script)

    @property
    def complaints(self) -> tuple[str, ...]:
        """What scripts, and the page's security policy, have complained of."""
        return tuple(self._complaints)

    @property
    def unwanted(self) -> tuple[str, ...]:
        """Requests to other hosts, and those to the site's own that failed."""
        return (*self._foreign, *self._broken)

    def _view(
        self,
        path: str,
        width: int,
        scheme: Scheme,
        rules: Mapping[str, object] | None,
        screenshots: Path | None,
    ) -> View:
        self._tab.set_viewport_size({"width": width, "height": 900})
        self._tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        violations = self._tab.evaluate(RUN_AXE, rules) if rules is not None else ()
        fits = self._tab.evaluate(FITS)
        if screenshots:
            name = path.strip("/").replace("/", "-") or "index"
            file = screenshots / f"{name}-{width}-{scheme}.png"
            self._tab.screenshot(path=file, full_page=True)
        foreign, broken = tuple(self._foreign), tuple(self._broken)
        return View(path, width, scheme, tuple(violations), fits, foreign, broken)

    def _note_request(self, request: Any) -> None:
        inline = urlsplit(request.url).scheme in {"data", "blob"}
        if not inline and not request.url.startswith(f"{self._site}/"):
            self._foreign.append(request.url)

    def _note_console(self, message: Any) -> None:
        if message.type == "error":
            self._complaints.append(message.text)

    def _note_response(self, response: Any) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST:
            self._broken.append(response.url.removeprefix(self._site))


def _rules(tags: Sequence[str], *, is_first: bool) -> Mapping[str, object]:
    """Return what axe is to run."""
    if is_first:
        return {"type": "tag", "values": list(tags)}
    return {"type": "rule", "values": list(OF_COLOURS)}


@contextmanager
def browse(folder: Path, headers: Mapping[str, str] | None = None) -> Iterator[Browser]:
    """Serve a folder on loopback, with some headers, and open one browser tab for all its pages."""
    need_chromium()
    with serve(folder, headers) as site, browse_at(site) as tab:
        yield tab


@contextmanager
def browse_at(site: str) -> Iterator[Browser]:
    """Open one browser tab for all pages of a site on loopback; its address has no slash at the end."""
    chromium = need_chromium()
    playwright = need_module("playwright.sync_api").sync_playwright
    with playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            yield Browser(browser.new_page(), site)
        finally:
            browser.close()


@contextmanager
def serve(folder: Path, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve a folder on a free loopback port; gives the site's URL without a slash."""
    handler = partial(_QuietHandler, directory=str(folder), more=headers or {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _QuietHandler(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, more: Mapping[str, str], **kwargs: Any) -> None:
        self._more = more  # the base class answers the request while it is being made
        super().__init__(*args, **kwargs)

    def end_headers(self) -> None:
        """Send the headers that were asked for, too."""
        for name, value in self._more.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Keep the test output clean."""
