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
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe within `WCAG_TAGS` that depend on colours: a second scheme can break no others."""
RUN_AXE = """
async (runOnly) => {
  const { violations } = await axe.run({ runOnly, resultTypes: ["violations"] });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help}: ${target.join(" ")}`));
}
"""
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
        self._axe = need_npm("axe-core", "axe.min.js").read_text(encoding="utf-8")
        tab.on("request", self._note_request)
        tab.on("response", self._note_response)

    def views(
        self,
        path: str,
        *,
        widths: Sequence[int] = (360, 1280),
        schemes: Sequence[Scheme] = ("light", "dark"),
        tags: Sequence[str] = WCAG_TAGS,
        screenshots: Path | None = None,
    ) -> list[View]:
        """Load a page once and look at it in every width and colour scheme.

        Add "best-practice" to `tags` for axe's further rules; at each width they are all asked once, and in
        the other scheme those about colours. `screenshots` is a folder that gets one full-page PNG a view.
        """
        self._foreign.clear()
        self._broken.clear()
        self._tab.goto(f"{self._site}/{path.lstrip('/')}")
        self._tab.evaluate(self._axe)
        return [
            self._view(path, width, scheme, _rules(tags, is_first=scheme == schemes[0]), screenshots)
            for width in widths
            for scheme in schemes
        ]

    def _view(
        self,
        path: str,
        width: int,
        scheme: Scheme,
        rules: Mapping[str, object],
        screenshots: Path | None,
    ) -> View:
        self._tab.set_viewport_size({"width": width, "height": 900})
        self._tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        violations = self._tab.evaluate(RUN_AXE, rules)
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

    def _note_response(self, response: Any) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST:
            self._broken.append(response.url.removeprefix(self._site))


def _rules(tags: Sequence[str], *, is_first: bool) -> Mapping[str, object]:
    """Return what axe is to run."""
    if is_first:
        return {"type": "tag", "values": list(tags)}
    return {"type": "rule", "values": list(OF_COLOURS)}


@contextmanager
def browse(folder: Path) -> Iterator[Browser]:
    """Serve a folder on loopback and open one browser tab for all its pages."""
    chromium = need_chromium()
    playwright = need_module("playwright.sync_api").sync_playwright
    with serve(folder) as site, playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            yield Browser(browser.new_page(), site)
        finally:
            browser.close()


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free loopback port; gives the site's URL without a slash."""
    handler = partial(_QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Keep the test output clean."""
