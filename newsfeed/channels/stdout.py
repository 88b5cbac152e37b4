"""The stdout channel: write messages as one mbox stream, for pipes and for looking."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, BinaryIO

from newsfeed.channels.direct import DirectChannel
from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from newsfeed.model import Message
    from newsfeed.service_ports import MailLookups
    from newsfeed.settings import NoSettings

_FROM = re.compile(rb"^(>*From )", re.MULTILINE)


class StdoutChannel(DirectChannel):
    """Writes "mboxrd", which gives back every message as it was: a line that looks like the start of the next
    one is quoted.
    """

    name = "stdout"

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    @classmethod
    def from_settings(
        cls,
        root: Path,
        settings: NoSettings,
        environment: Mapping[str, str],
        open_lookups: Callable[[], MailLookups],
    ) -> StdoutChannel:
        """Make the channel to standard output, which has no settings."""
        return cls(sys.stdout.buffer)

    def send(self, message: Message) -> str:
        """Write one message; return its Message-ID."""
        sender = message.sender or "MAILER-DAEMON"
        text = _FROM.sub(rb">\1", message.data.replace(b"\r\n", b"\n"))
        try:
            # The date is no moment of ours: the message has its own.
            self._stream.write(b"From %b Thu Jan  1 00:00:00 1970\n%b\n" % (sender.encode(), text))
            self._stream.flush()
        except OSError as error:
            raise OutsideError(
                N_("cannot write to the standard output: {reason}"), reason=reason_of(error)
            ) from error
        return message.message_id
