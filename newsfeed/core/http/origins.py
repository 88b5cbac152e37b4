"""Tell whose page made a browser send a form, as browsers say: no cookie and no script is needed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_OWN = ("same-origin", "none")
"""``none``: nobody's page did, but the person, who sends it again."""


def is_sent_from_elsewhere(fetch_site: str, origin: str, own: Collection[str]) -> bool:
    """Tell whether a page of another origin made a browser send something. ``fetch_site``, ``origin``: the
    headers ``Sec-Fetch-Site`` and ``Origin``, empty where there is none; ``own``: origins of ours.

    Who says neither is believed: programs have nobody's browser, and old browsers are few. ``Origin: null``
    says nothing, as pages that keep to themselves where a visitor came from send it, too: ours do.
    """
    if fetch_site:
        return fetch_site not in _OWN
    return origin not in ("", "null") and origin.lower() not in own
