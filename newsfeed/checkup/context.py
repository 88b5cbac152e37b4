"""The context of all checks that ask others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.checkup.asking import Asking, T, run_asking
from newsfeed.core.checkup.freemail import is_example
from newsfeed.service_settings import MxSettings
from newsfeed.settings import SmtpSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsfeed.core.checkup.dkim_record import PublicKey
    from newsfeed.service_ports import CertificateDates, DnsResolver, HttpSender, RelayProbe
    from newsfeed.settings import RelaySettings, Settings

SMTP = "smtp"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckupContext:
    """A site, and the ports that its checks act through."""

    settings: Settings
    now: datetime
    resolver: DnsResolver
    http: HttpSender
    probe_relay: Callable[[RelaySettings], RelayProbe]
    """Raises `newsfeed.errors.NewsfeedError` when what it needs cannot be read."""
    read_certificate: Callable[[str], CertificateDates | None]
    """Web address → the time of its certificate. Raises `newsfeed.errors.OutsideError`."""
    keys: tuple[PublicKey, ...] = ()
    """Those that sign."""
    probe_token: str = ""
    """A link's token that is nobody's; empty on a machine that has no secret."""

    def ask(self, asking: Asking[T]) -> T:
        """Return the verdict of something that asks DNS."""
        return run_asking(asking, self.resolver.resolve)

    @property
    def relays(self) -> tuple[RelaySettings, ...]:
        """Return the relays that mails leave by; none when they go elsewhere."""
        return relays_of(self.settings)

    @property
    def direct(self) -> MxSettings | None:
        """Return how mails leave without a relay; ``None`` when they go elsewhere."""
        return direct_of(self.settings)

    @property
    def reaches_readers(self) -> bool:
        """True when mails go to readers."""
        return reaches_readers(self.settings)

    @property
    def author(self) -> str:
        """Return the domain that readers see in From."""
        return self.settings.mail.sender.rpartition("@")[2].lower()

    @property
    def returns(self) -> str:
        """Return the domain that mails come back to."""
        return self.settings.mail.bounce_address.rpartition("@")[2].lower() or self.author

    @property
    def has_real_author(self) -> bool:
        """True when there is a domain to ask about."""
        return bool(self.author) and not is_example(self.author)


def relays_of(settings: Settings) -> tuple[RelaySettings, ...]:
    """Return the relays that a site's mails leave by; none when they go elsewhere."""
    channel = settings.channels.get(settings.mail.channel)
    return channel.relays if isinstance(channel, SmtpSettings) else ()


def direct_of(settings: Settings) -> MxSettings | None:
    """Return how a site's mails leave without a relay; ``None`` when they go elsewhere."""
    channel = settings.channels.get(settings.mail.channel)
    return channel if isinstance(channel, MxSettings) else None


def reaches_readers(settings: Settings) -> bool:
    """Tell whether a site's mails go to readers."""
    return bool(relays_of(settings)) or direct_of(settings) is not None
