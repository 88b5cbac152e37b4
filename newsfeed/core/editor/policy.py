"""The policy of the form's pages (CSP Level 3): its own files, and the forge; no one else hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.service_settings import DECAP

if TYPE_CHECKING:
    from newsfeed.core.editor.backends import FormBackend

FOLDER = "admin"
"""Of the form, in the published site."""
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' blob: data:{pictures}; media-src 'self' blob:; "
    "connect-src 'self' blob: data:{hosts}; worker-src 'self' blob:; frame-src blob:; base-uri 'none'; "
    "form-action 'none'"
)
_FRAMES = "; frame-ancestors 'none'"
"""Heeded in a header only."""


def make_policy(backend: FormBackend, cms: str, *, in_header: bool) -> str:
    """Return the policy of the form's pages. Decap CMS makes programs of schemas, which has to be allowed."""
    policy = _POLICY.format(
        scripts=" 'unsafe-eval'" if cms == DECAP else "",
        pictures="".join(f" {one}" for one in backend.picture_hosts),
        hosts="".join(f" {one}" for one in backend.hosts),
    )
    return policy + (_FRAMES if in_header else "")
