"""Open the contexts of the delivering side: store, secret, channel and sender of one site."""

from __future__ import annotations

import secrets
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.app.published_state import wait_for_landing
from newsfeed.app.withdrawals import WithdrawnStories
from newsfeed.config import loader
from newsfeed.core.people import tokens
from newsfeed.errors import OutsideError, ProblemsFound, UsageError
from newsfeed.marking import N_
from newsfeed.stores.secret import hold_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.delivery.freeze import PlanningContext
    from newsfeed.delivery.rounds import RoundContext
    from newsfeed.delivery.sender import SenderContext
    from newsfeed.mail.dkim import DkimSigner
    from newsfeed.queue_ports import TaskQueue
    from newsfeed.receiver_ports import ReceiverState
    from newsfeed.records import AddressedDelivery, Reply
    from newsfeed.service_settings import StoreSettings
    from newsfeed.settings import Digest, Settings
    from newsfeed.stores.sql import SqlStore
    from newsfeed.subscribers.held_data import HeldDataContext
    from newsfeed.subscribers.roster import RosterContext
    from newsfeed.subscribers.signup import SignupContext


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """A site's settings, store and secret, open."""

    root: Path
    settings: Settings
    store: SqlStore
    secret: bytes

    @property
    def roster_context(self) -> RosterContext:
        """Return the context of the operators' verbs about subscribers."""
        from newsfeed.subscribers.roster import RosterContext

        return RosterContext(self.store.people, self.hash_address, make_subscriber_key)

    @property
    def held_data_context(self) -> HeldDataContext:
        """Return all ports behind which something about a person is kept."""
        from newsfeed.subscribers.held_data import HeldDataContext

        return HeldDataContext(
            people=self.store.people,
            issues=self.store.issues,
            bounces=self.store.bounces,
            shown_pages=self.store.shown_pages,
            address_changes=self.store.address_changes,
        )

    def hash_address(self, address: str) -> str:
        """Return the keyed hash of an address."""
        return tokens.hash_address(self.secret, address)


@contextmanager
def open_delivery_context(root: Path, environment: Mapping[str, str]) -> Iterator[DeliveryContext]:
    """Open the store of a site. Raises `ProblemsFound` when the configuration cannot be used."""
    from newsfeed.stores import open_store

    settings, problems = loader.load_settings(root)
    if settings is None:
        raise ProblemsFound(problems)
    kept = settings.store
    with hold_secret(environment.get(kept.secret_env, ""), root / kept.secret_file) as secret:
        store = open_store(
            store_url(root, kept),
            durable=kept.durable,
            hash_address=lambda address: tokens.hash_address(secret.value, address),
            made_before=kept.secret_file if secret.was_there else "",
        )
    try:
        yield DeliveryContext(root, settings, store, secret.value)
    finally:
        store.close()


def store_url(root: Path, store: StoreSettings) -> str:
    """Return a store's URL with the path of SQLite made absolute."""
    return f"sqlite:///{(root / store.sqlite_file).absolute()}" if store.sqlite_file else store.url


def make_subscriber_key() -> str:
    """Return a subscriber's key: random, and public."""
    return secrets.token_urlsafe(16)


def open_round_context(
    context: DeliveryContext,
    clock: Callable[[], datetime],
    observe: Callable[[AddressedDelivery, str, Reply], None],
    environment: Mapping[str, str],
    queue: TaskQueue | None = None,
    paused: Callable[[ReceiverState], None] = lambda _: None,
    pause: Callable[[float], object] = time.sleep,
) -> RoundContext:
    """Return all that a send round works with; the site is read only when an issue is due.

    ``queue``: issues are planned in batches, for its workers. ``paused`` hears of groups of receivers that
    are left alone from now on. ``pause``: see `wait_for_landing`. Raises `OutsideError` when the store is a
    copy: see `newsfeed.app.instance`.
    """
    from newsfeed.app.instance import note_sending, require_active
    from newsfeed.delivery.rounds import RoundContext
    from newsfeed.subscribers.signup import forget_unconfirmed

    settings, store = context.settings, context.store
    withdrawn = WithdrawnStories(lambda: open_content(context.root, settings))
    if not settings.mail.sender:
        raise UsageError(
            N_("config.toml does not say who writes"),
            N_("add to config.toml: {line}"),
            line='[mail] from = "Newsroom <news@example.org>"',
        )
    require_active(context)

    def read_site() -> PlanningContext:
        wait_for_landing(context.root, pause)
        return replace(open_planning_context(context, clock()), queue=queue)

    return RoundContext(
        digests=settings.digests,
        people=store.people,
        issues=store.issues,
        send_queue=store.send_queue,
        read_site=read_site,
        sender_context=_sender_context(context, clock, observe, environment, withdrawn, paused),
        clock=clock,
        outbox=store.outbox,
        forget_unconfirmed=lambda now: (
            forget_unconfirmed(store.people, now) + store.address_changes.forget_expired(now)
        ),
        verify_store=store.verify,
        note_sending=lambda: note_sending(context),
        find_withdrawn=withdrawn.look,
    )


def _sender_context(
    context: DeliveryContext,
    clock: Callable[[], datetime],
    observe: Callable[[AddressedDelivery, str, Reply], None],
    environment: Mapping[str, str],
    withdrawn: WithdrawnStories,
    paused: Callable[[ReceiverState], None],
) -> SenderContext:
    from newsfeed.app.channels import open_site_channel
    from newsfeed.bounces import process
    from newsfeed.core.delivery.receivers.groups import ReceiverGroups
    from newsfeed.delivery.messages import MessageComposer
    from newsfeed.delivery.receiver_traffic import ReceiverTraffic
    from newsfeed.delivery.sender import SenderContext

    settings, store = context.settings, context.store
    channel = open_site_channel(context.root, settings, environment)
    composer = MessageComposer(
        settings,
        store.issues,
        context.secret,
        _envelope(context),
        _signer(context, environment),
        store.people.digest_moves,
        withdrawn.recent,
    )
    owner = store.owners.register()
    traffic = ReceiverTraffic(
        store.receiver_book,
        owner,
        ReceiverGroups(settings.receivers).limits_of,
        clock,
        paused,
        limiting=channel.limits_receivers,
    )
    bounces = process.BounceContext(store.people, store.bounces, context.secret)
    return SenderContext(
        send_queue=store.send_queue,
        composer=composer,
        open_session=channel.open,
        clock=clock,
        owner=owner,
        connections=channel.connections,
        observe=observe,
        record_refusal=lambda outgoing, reply: process.record_refusal(bounces, outgoing, reply, clock()),
        traffic=traffic,
        halt=channel.close,
        calls_strangers=settings.mail.channel == "mx",
    )


def open_signup_context(context: DeliveryContext, environment: Mapping[str, str]) -> SignupContext:
    """Return all that the verbs of readers work with: asking, confirming, changing, leaving."""
    from newsfeed.config import bundled
    from newsfeed.i18n.catalogues import load_texts
    from newsfeed.render.templates import Templates
    from newsfeed.subscribers.signup import SignupContext

    texts, _ = load_texts(context.settings, context.root / "locales", bundled.locales())
    return SignupContext(
        settings=context.settings,
        people=context.store.people,
        outbox=context.store.outbox,
        shown_pages=context.store.shown_pages,
        address_changes=context.store.address_changes,
        held=context.held_data_context,
        secret=context.secret,
        texts=texts,
        templates=Templates(context.root / "templates", bundled.templates(), texts),
        new_key=make_subscriber_key,
        signer=_signer(context, environment),
    )


def open_planning_context(context: DeliveryContext, now: datetime) -> PlanningContext:
    """Read the site for planning. Raises `ProblemsFound` when it has errors: nothing half is sent."""
    from newsfeed.app import site as app
    from newsfeed.app.digest_sources import open_digest_source
    from newsfeed.app.receivers import find_receivers
    from newsfeed.app.store_problems import find_renames
    from newsfeed.delivery.freeze import PlanningContext
    from newsfeed.problems import select_errors
    from newsfeed.sources.issue_records import write_issue_record

    with open_content(context.root, context.settings) as (folder, commit):
        site = app.read(folder, now)
    source, found = open_digest_source(site, now)
    errors = [*select_errors([*site.problems, *found]), *find_renames(site, context.store)]
    if errors:
        raise ProblemsFound(errors)
    return PlanningContext(
        source,
        context.store.people,
        context.store.issues,
        commit,
        lambda record: write_issue_record(context.root, record),
        receivers_of=find_receivers(context.settings, context.store.mail_domains, now),
    )


@contextmanager
def open_content(root: Path, settings: Settings) -> Iterator[tuple[Path, str]]:
    """Return the folder that a service's texts are in, and their commit: the published one, where there is a
    repository. While it is open, nobody exchanges that folder.
    """
    if not settings.publish.repository:
        yield root, read_commit(root)
        return
    from newsfeed.app.publishing import open_publisher

    publisher = open_publisher(root, root, {}, settings)
    with publisher.checkouts.reading() as tree:
        if tree is None:
            raise OutsideError(
                N_("nothing has been published from {repository} yet"),
                N_("run newsfeed publish"),
                repository=settings.publish.repository,
            )
        yield tree, publisher.checkouts.commit_of(tree)


def read_commit(root: Path) -> str:
    """Return the git commit of the content; empty where there is no git, or no commit."""
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


def _envelope(context: DeliveryContext) -> Callable[[AddressedDelivery, Digest], str]:
    """Return the function that gives a message's envelope sender: signed for one delivery where bounces have
    an address of their own.
    """
    from newsfeed.core.delivery.senders import find_mail_settings
    from newsfeed.core.delivery.verp import make_return_path

    def sender(outgoing: AddressedDelivery, digest: Digest) -> str:
        mail = find_mail_settings(context.settings.mail, digest)
        if not mail.bounce_address:
            return mail.sender
        token = tokens.make_mail_token(
            context.secret,
            purpose="bounce",
            digest=outgoing.digest,
            id=outgoing.delivery.id,
            holder=outgoing.subscriber.key,
        )
        return make_return_path(mail.bounce_address, token)

    return sender


def _signer(context: DeliveryContext, environment: Mapping[str, str]) -> DkimSigner | None:
    """Return the signer with the site's DKIM keys; ``None`` where it has none. Raises `UsageError`."""
    found = context.settings.mail.dkim
    if not found:
        return None
    from newsfeed.mail.dkim import DkimSigner, load_keys

    return DkimSigner(load_keys(found, context.root, environment))
