"""One message from a pipe: what ``pipe(8)`` of Postfix, or an alias, hands to a program.

``flags=DORu`` keeps the envelope's recipient, and with it the token, in the message. Whoever calls
decides the exit status: 75 when trouble is ours, so that the mail system keeps the message.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

from newsfeed.core.bounces.mime import SIZE_LIMIT
from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from newsfeed.settings import NoSettings

_PIECE = 65_536


class StdinMailbox:
    """The one message of a stream."""

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self._stream = stream

    @classmethod
    def from_settings(cls, root: Path, settings: NoSettings, environment: Mapping[str, str]) -> StdinMailbox:
        """Make the mailbox of standard input, which has no settings."""
        return cls()

    def messages(self, most: int) -> Generator[bytes, None, None]:
        """Yield the message; nothing when the stream is empty."""
        stream = self._stream or sys.stdin.buffer
        try:
            data = stream.read(SIZE_LIMIT)
            while stream.read(_PIECE):  # a writer whose reader goes away takes it for a failure
                pass
        except OSError as error:
            raise OutsideError(N_("cannot read standard input: {reason}"), reason=reason_of(error)) from error
        if data and most > 0:
            yield data
