"""The headers of published files: type, policy, caching, and what feeds say of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from newsfeed.core.editor.policy import FOLDER as FORM_FOLDER
from newsfeed.core.http import freshness
from newsfeed.core.http.conditions import format_http_date
from newsfeed.core.http.media_types import content_type_of
from newsfeed.core.site.urls import encode_path

Headers = list[tuple[bytes, bytes]]
VARY = (b"vary", b"accept-encoding")
VARY_BY_BOTH = (b"vary", b"accept-encoding, accept-language")
RANGES = (b"accept-ranges", b"bytes")
NOSNIFF = (b"x-content-type-options", b"nosniff")
_CACHING = {
    freshness.PAGE: freshness.ASK,
    freshness.FILE: freshness.SOON,
    freshness.HASHED: freshness.FOR_EVER,
}
_IN_BROWSERS = ("text/html", "image/svg+xml", "application/xml", "+xml")
"""Types that a browser may run scripts of."""
_POLICY = (
    "default-src 'none'; {scripts}img-src 'self' https: data:; media-src 'self'; style-src 'self'; "
    "base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
)
_SEARCH = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "
"""The search page runs Pagefind, which is a program in WebAssembly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHeaders:
    """The headers of all files of a site, as far as they have them in common."""

    base_url: str
    """Of the site; ends with a slash."""
    forms: tuple[str, ...] = ()
    """Origins that the forms on pages are sent to, besides the site's own."""
    hubs: tuple[str, ...] = ()
    """Of WebSub: where changes of the feeds are told at once."""
    form_policy: str = ""
    """Of the form for editors, in its folder; empty: it is nothing else than other pages."""
    is_preview: bool = False
    """Nothing is kept without asking: for people who change a site and look at it."""

    def of_caches(self, path: str) -> Headers:
        """Return the headers that a 304 has, too (RFC 9110 15.4.5). How long a feed is fresh changes with the
        time, and is not among them.
        """
        kind = freshness.kind_of(path)
        if self.is_preview:
            return [cache_control(freshness.ASK)]
        return [] if kind == freshness.FEED else [cache_control(_CACHING[kind])]

    def of_content(self, path: str, modified: int, *, is_utf8: bool = True) -> Headers:
        """Return the headers that describe a file; ``modified``: seconds since 1970."""
        kind = content_type_of(path, is_utf8=is_utf8)
        headers: Headers = [
            (b"content-type", kind.encode()),
            (b"last-modified", format_http_date(modified)),
            NOSNIFF,
        ]
        if kind.partition(";")[0].endswith(_IN_BROWSERS):
            headers.append((b"content-security-policy", self._policy(path).encode()))
        if freshness.kind_of(path) == freshness.FEED:
            headers.append((b"link", self._links(path).encode()))
        return headers

    def _policy(self, path: str) -> str:
        if self.form_policy and path.startswith(f"{FORM_FOLDER}/"):
            return self.form_policy
        forms = " ".join(("'self'", *self.forms))
        return _POLICY.format(scripts=_SEARCH if "/search/" in path else "", forms=forms)

    def _links(self, path: str) -> str:
        """Return the value of ``Link``: WebSub looks there before it looks into the feed."""
        links = [f'<{hub}>; rel="hub"' for hub in self.hubs]
        return ", ".join([*links, f'<{self.base_url}{encode_path(path)}>; rel="self"'])


def cache_control(value: bytes) -> tuple[bytes, bytes]:
    """Return the header that says how long something may be kept."""
    return (b"cache-control", value)


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address, as policies name it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
