"""Wiring of the delivering side: store, secret, channel and sender of one site."""

from __future__ import annotations

import secrets
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.config import loader
from newsfeed.core.people import tokens
from newsfeed.errors import ProblemsFound, UsageError
from newsfeed.stores.secret import read_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.delivery.freeze import Desk
    from newsfeed.delivery.rounds import Bureau
    from newsfeed.mail.dkim import Signer
    from newsfeed.records import Parcel, Reply
    from newsfeed.settings import Settings
    from newsfeed.stores.sql import SqlStore
    from newsfeed.subscribers.roster import Registry
    from newsfeed.subscribers.signup import Counter


@dataclass(frozen=True, slots=True)
class Office:
    """A site's store and secret, open."""

    root: Path
    settings: Settings
    store: SqlStore
    secret: bytes

    @property
    def registry(self) -> Registry:
        """What people verbs work with."""
        from newsfeed.subscribers.roster import Registry

        return Registry(self.store.people, self.hash_address, new_key)

    def hash_address(self, address: str) -> str:
        """The keyed hash of an address."""
        return tokens.address_hash(self.secret, address)


@contextmanager
def open_office(root: Path, environment: Mapping[str, str]) -> Iterator[Office]:
    """Open the store of a site. Raises `ProblemsFound` when the configuration cannot be used."""
    from newsfeed.stores import open_store

    settings, problems = loader.load(root)
    if settings is None:
        raise ProblemsFound(problems)
    kept = settings.store
    secret = read_secret(environment.get(kept.secret_env, ""), root / kept.secret_file)

    def hashed(address: str) -> str:
        return tokens.address_hash(secret, address)

    store = open_store(_absolute(root, kept.url), durable=kept.durable, hash_address=hashed)
    try:
        yield Office(root, settings, store, secret)
    finally:
        store.close()


def new_key() -> str:
    """A subscriber's key: random, and public."""
    return secrets.token_urlsafe(16)


def open_bureau(
    office: Office,
    clock: Callable[[], datetime],
    observe: Callable[[Parcel, str, Reply], None],
    environment: Mapping[str, str],
) -> Bureau:
    """What a round of sending works with: the site is read only when an issue is due."""
    from newsfeed.bounces import process
    from newsfeed.channels import open_channel
    from newsfeed.delivery.messages import Parcels
    from newsfeed.delivery.rounds import Bureau
    from newsfeed.delivery.sender import Exchange
    from newsfeed.subscribers.signup import forget_unconfirmed

    settings, store = office.settings, office.store
    if not settings.mail.sender:
        raise UsageError(
            "config.toml does not say who writes", 'add: [mail] from = "Newsroom <news@example.org>"'
        )
    channel = open_channel(settings.mail.channel, office.root, settings.channels, environment)
    parcels = Parcels(settings, store.issues, office.secret, _envelope(office), _signer(office, environment))
    returning = process.Office(store.people, store.returns, office.secret)
    exchange = Exchange(
        outgoing=store.outgoing,
        parcels=parcels,
        open_wire=channel.open,
        clock=clock,
        owner=store.owners.register(),
        connections=channel.connections,
        observe=observe,
        turned_away=lambda parcel, reply: process.turned_away(returning, parcel, reply, clock()),
        halt=channel.close,
    )
    return Bureau(
        digests=settings.digests,
        issues=store.issues,
        outgoing=store.outgoing,
        open_desk=lambda: open_desk(office, clock()),
        exchange=exchange,
        clock=clock,
        outbox=store.outbox,
        forget_unconfirmed=lambda now: forget_unconfirmed(store.people, now),
    )


def open_counter(office: Office, environment: Mapping[str, str]) -> Counter:
    """What the verbs of readers work with: asking, confirming, changing, leaving."""
    from newsfeed.config import bundled
    from newsfeed.i18n.catalogues import load_texts
    from newsfeed.render.templates import Templates
    from newsfeed.subscribers.signup import Counter

    texts, _ = load_texts(office.settings, office.root / "locales", bundled.locales())
    return Counter(
        settings=office.settings,
        people=office.store.people,
        outbox=office.store.outbox,
        secret=office.secret,
        texts=texts,
        templates=Templates(office.root / "templates", bundled.templates(), texts),
        new_key=new_key,
        signer=_signer(office, environment),
    )


def open_desk(office: Office, now: datetime) -> Desk:
    """Read the site for planning. Raises `ProblemsFound` when it has errors: nothing half is sent."""
    from newsfeed.app import site as app
    from newsfeed.delivery.freeze import Desk
    from newsfeed.problems import select_errors

    site = app.read(office.root, now)
    errors = select_errors(site.problems)
    if errors:
        raise ProblemsFound(errors)
    return Desk(
        settings=site.settings,
        library=site.loaded.library,
        texts=site.desk.texts,
        templates=site.desk.templates,
        people=office.store.people,
        issues=office.store.issues,
        commit=commit_of(office.root),
    )


def commit_of(root: Path) -> str:
    """The git commit of the content; empty where there is no git, or no commit."""
    try:
        found = subprocess.run(  # noqa: S603 - fixed words, no shell
            ["git", "-C", str(root), "rev-parse", "HEAD"],  # noqa: S607 - git is where PATH says
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""


def _envelope(office: Office) -> Callable[[Parcel], str]:
    """The envelope's sender: signed for one delivery where bounces have an address of their own."""
    from newsfeed.core.delivery.verp import verp

    mail = office.settings.mail

    def sender(parcel: Parcel) -> str:
        if not mail.bounce_address:
            return mail.sender
        token = tokens.issue_for_mail(
            office.secret,
            purpose="bounce",
            digest=parcel.digest,
            id=parcel.delivery.id,
            holder=parcel.subscriber.key,
        )
        return verp(mail.bounce_address, token)

    return sender


def _signer(office: Office, environment: Mapping[str, str]) -> Signer | None:
    """Signs with the site's DKIM keys; nothing where it has none. Raises `UsageError`."""
    found = office.settings.mail.dkim
    if not found:
        return None
    from newsfeed.mail.dkim import Signer, load_keys

    return Signer(load_keys(found, office.root, environment))


def _absolute(root: Path, url: str) -> str:
    """A SQLite path is relative to the site's folder."""
    scheme, found, rest = url.partition(":///")
    if scheme != "sqlite" or not found or rest.startswith("/"):
        return url
    return f"sqlite:///{(root / rest).absolute()}"
