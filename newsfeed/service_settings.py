"""The settings of what runs as a service: store, pages, signatures, publishing, WebSub, direct mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """``[store]``: where subscribers and the ledger are kept."""

    url: str = "sqlite:///var/newsfeed.db"
    durable: bool = False
    """Survive power loss, not only killed processes: every commit waits for the disk."""
    secret_env: str = "NEWSFEED_SECRET"  # noqa: S105 - a variable's name
    """Environment variable with the site's secret."""
    secret_file: str = "var/secret"  # noqa: S105 - a file's name
    """File with the secret when the variable is not set; made at first use."""
    instance_file: str = "var/instance.json"
    """File that says which store is sent from here; a copy of the store is not."""

    @property
    def sqlite_file(self) -> str:
        """The file of a store in SQLite, relative to the site's folder; empty for another store."""
        scheme, _, path = self.url.partition(":///")
        return path if scheme == "sqlite" else ""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """``[web]``: where readers subscribe, choose and leave."""

    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str = ""
    """Absolute, ends with a slash; empty: there are no such pages."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose word about a visitor's address is believed."""
    metrics_port: int = 0
    """Where Prometheus asks, on this machine; 0: nowhere."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins whose pages may show the form in a frame."""

    def address_at(self, port: int) -> str:
        """Return host and port as addresses name them: IPv6 in brackets."""
        return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKeySettings:
    """``[mail.dkim]`` or one of ``[[mail.dkim]]``: a key that signs outgoing mail (RFC 6376)."""

    domain: str
    selector: str
    """The public key stands in DNS at ``<selector>._domainkey.<domain>``."""
    algorithm: str = "rsa"
    """``rsa``, or ``ed25519`` beside it: many receivers do not know it yet (RFC 8463)."""
    key_file: str = ""
    """File with the private key in PEM."""
    key_env: str = ""
    """Environment variable with the private key, when there is no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapSettings:
    """``[mailboxes.imap]``: the mailbox on a server that bounces come back to."""

    host: str
    port: int = 993
    security: str = "tls"
    """``tls`` from the start, ``starttls`` (required), or ``none``, which only this machine may use."""
    username: str
    password_env: str = "NEWSFEED_IMAP_PASSWORD"  # noqa: S105 - a variable's name
    password_file: str = ""
    """File with the password; counts more than the variable."""
    ca_file: str = ""
    """Certificates to trust instead of the system's."""
    folder: str = "INBOX"
    timeout: int = 60
    """Seconds for the whole answer to a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorSettings:
    """``[doctor]``: a mailbox that test mails are looked for in."""

    mailbox: ImapSettings
    authserv_id: str = ""
    """The name under which its server says what mails proved (RFC 8601); empty: nobody's word counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSettings:
    """``[publish]``: where commits come from, and who says that there is a new one."""

    enabled: bool = False
    """The table is there: the service publishes."""
    repository: str = ""
    """Path or URL for git; empty: the site's own folder is published as it is."""
    branch: str = "main"
    folder: str = ""
    """Where the site lies in the repository; empty: at its top."""
    hooks: tuple[str, ...] = ()
    """Forges whose webhooks are answered."""
    hook_secret_env: str = "NEWSFEED_HOOK_SECRET"  # noqa: S105 - a variable's name
    hook_secret_file: str = ""
    """File with the secret that webhooks are signed with; counts more than the variable."""
    poll: int = 300
    """Seconds between two looks at the repository; 0: nobody looks unless told."""
    status: str = ""
    """Forge that is told at the commit what became of it; empty: none is."""
    token_env: str = "NEWSFEED_FORGE_TOKEN"  # noqa: S105 - a variable's name
    token_file: str = ""
    """File with the token for fetching over HTTPS and for the status; counts more than the variable."""
    templates: bool = True
    """Those of a commit are used: they are code."""


SVELTIA, DECAP = "sveltia", "decap"
CMS = (SVELTIA, DECAP)
"""Programs that show the form in which people write in a browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorsSettings:
    """``[editors]``: who is told when a commit cannot be published, and the form in which people write."""

    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Language → addresses."""
    forge: str = ""
    """Where the repository of the form lies; empty: the host of its address tells."""
    cms: str = SVELTIA
    """The program that shows the form."""
    app_id: str = ""
    """The public name of an OAuth application on GitLab or Forgejo; empty: people sign in with tokens."""
    sign_in: str = ""
    """Address of a service that signs people in with GitHub; empty: people sign in with tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSubSettings:
    """``[websub]``: who hears at once that a feed has changed (W3C WebSub)."""

    hubs: tuple[str, ...] = ()
    """Addresses of hubs of others."""
    hub: bool = False
    """This service is a hub itself, for its own feeds."""
    allow_private: bool = False
    """Subscribers on this machine and in its networks may be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FediverseSettings:
    """``[fediverse]``: where a bridge answers who is asked for by name."""

    webfinger: str = ""
    """Address that ``/.well-known/webfinger`` leads to; empty: nowhere."""
    host_meta: str = ""
    """Address that ``/.well-known/host-meta`` leads to; empty: nowhere."""


NO_EDITORS = EditorsSettings()
NO_WEBSUB = WebSubSettings()
NO_FEDIVERSE = FediverseSettings()
NO_PUBLISHING = PublishSettings()
"""Of a site that its editors, or something else, build."""
NO_WEB = WebSettings()
"""Of a site that has no such pages."""
USUAL_STORE = StoreSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverLimits:
    """The most that one group of receivers gets from all our machines together."""

    connections: int = 10
    """At the same time."""
    messages: int = 100
    """On one connection."""
    per_second: float = 0.0
    """Messages; 0: as fast as they are taken."""
    pause: timedelta = timedelta(minutes=5)
    """The first pause after "not so fast" (421, 4.7.x); each further one is twice as long."""
    longest_pause: timedelta = timedelta(hours=4)
    most_unknown: float = 0.05
    """Share of unknown users among the latest messages above which the group is paused; 0: never."""
    most_complaints: float = 0.003
    """Share of complaints above which the group is paused; 0: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverGroup:
    """``[receivers.NAME]``: receivers whose mail is taken by servers of one owner."""

    name: str
    """Such as ``orange``; of a group that is not configured, the domain of its servers."""
    mx: tuple[str, ...] = ()
    """Ends of the names of their servers: ``google.com`` is also ``aspmx.l.google.com``."""
    domains: tuple[str, ...] = ()
    """Domains that belong to it, also while DNS cannot be asked."""
    limits: ReceiverLimits = field(default_factory=ReceiverLimits)


@dataclass(frozen=True, slots=True)
class MxSettings:
    """``[channels.mx]``: straight to the servers of the readers' domains."""

    hello: str
    """Our own full name; DNS must lead from our address to it, and back."""
    connections: int = 20
    """At the same time, to all servers together."""
    timeout: int = 60
    """Seconds to wait for the answer to a command, as for a relay."""
    name_server: str = ""
    """Address of the name server to ask; empty: the system's."""
    port: int = 25
    """The port of all servers; another one is for tests."""
    allow_private: bool = False
    """Servers of this machine and its networks may be called."""
