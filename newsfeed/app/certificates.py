"""Wire the certificate of what somebody agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.subscribers.held_data import gather_held_data

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.core.people.held_data import HeldData
    from newsfeed.records import Subscriber


@dataclass(frozen=True, slots=True)
class Certificate:
    """The proof of what somebody agreed to: all that is kept about them, and the state of the chain."""

    held: HeldData
    broken: int | None
    """Number of the first record that does not fit; ``None`` when all do."""

    @property
    def lost(self) -> tuple[str, ...]:
        """The hashes of pages that are not there as they were shown."""
        return tuple(name for name, page in self.held.pages.items() if not page)

    @property
    def is_whole(self) -> bool:
        """True when it proves what it says."""
        return self.broken is None and not self.lost


def make_certificate(context: DeliveryContext, person: Subscriber) -> Certificate:
    """Gather what somebody agreed to, and check the chain that it is a part of."""
    held = gather_held_data(context.held_data_context, person)
    return Certificate(held, context.store.people.verify_chain())


def render_certificate(context: DeliveryContext, certificate: Certificate, lang: str, now: datetime) -> str:
    """Return a certificate as an HTML file, in the language of an edition."""
    from newsfeed.config import bundled
    from newsfeed.core.people.held_pages import HeldPages
    from newsfeed.i18n.catalogues import load_texts
    from newsfeed.render import pages
    from newsfeed.render.plain_text import main_text
    from newsfeed.render.templates import Templates

    texts, _ = load_texts(context.settings, context.root / "locales", bundled.locales())
    templates = Templates(context.root / "templates", bundled.templates(), texts)
    view = HeldPages(context.settings, texts, main_text).certificate(
        lang, certificate.held, now, is_whole=certificate.is_whole, style=templates.text_of("style.css")
    )
    return pages.render_certificate(templates, view)
