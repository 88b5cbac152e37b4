"""Further interfaces, for verbs behind readers' pages: what was shown to people, and changes that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.records import AddressChange


class ShownPages(Protocol):
    """Keeps what people were shown when they agreed: pages and mails that name nobody."""

    def keep(self, text: str) -> str:
        """Keep a page; return its hash (SHA-256, hexadecimal). Repeating is no error."""

    def find(self, page_hash: str) -> str:
        """Return a page; empty when there is none of this hash, or when it is not as it was shown."""


class AddressChanges(Protocol):
    """Keeps the addresses that people want to have from now on, until both ends have agreed."""

    def keep(self, change: AddressChange) -> None:
        """Keep a change in place of the person's one before. Raises `newsfeed.errors.StaleError` when they
        were erased.
        """

    def find(self, subscriber_id: int) -> AddressChange | None:
        """Return the change of a person that waits; ``None`` without one."""

    def forget(self, subscriber_id: int) -> None:
        """Forget the change of a person; it is no error when there is none."""

    def forget_expired(self, now: datetime) -> int:
        """Forget the changes that nobody has agreed to in time; return how many."""
