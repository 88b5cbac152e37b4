"""A site with the service's pages, over a real store, and a visitor of it."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsfeed.config import bundled
from newsfeed.core.people import tokens
from newsfeed.core.people.held_pages import HeldPages
from newsfeed.core.people.service_pages import ServicePages
from newsfeed.i18n.catalogues import load_texts
from newsfeed.records import Subscriber
from newsfeed.render.plain_text import main_text
from newsfeed.render.templates import Templates
from newsfeed.stores.sql import SqlStore, open_store
from newsfeed.subscribers.accounts import make_account_token
from newsfeed.subscribers.held_data import HeldDataContext
from newsfeed.subscribers.signup import SignupContext
from newsfeed.testing import CONFIG, settings_from
from newsfeed.web.application import make_application
from newsfeed.web.context import WebContext
from newsfeed.web.rates import Rates
from tests.contracts.stores import new_database
from tests.web.client import Answer, Visitor

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
SECRET = b"0123456789abcdef"
BASE = "https://mail.test.example/"
WEB = f'\n[web]\nbase_url = "{BASE}"\n'


@dataclass
class Service:
    """The service, its clock, and what its visitors see and get."""

    context: WebContext
    store: SqlStore
    file: Path
    now: datetime = NOW
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    volumes: dict[str, float] = field(default_factory=dict)
    _made: tuple[WebContext, object] | None = None

    def visitor(self, host: str = "192.0.2.7", **headers: str) -> Visitor:
        """Somebody at an address."""
        context, application = self._made or (None, None)
        if context is not self.context:
            application = make_application(self.context)
            self._made = self.context, application
        return Visitor(application, host, headers)

    def subscribe(
        self, visitor: Visitor, lang: str = "de", email: str = "anna@test.example", **fields: object
    ) -> Answer:
        """Fill in the form as a person does: some seconds after it was shown."""
        token = visitor.get(f"/{lang}/subscribe").field("form")
        self.now += timedelta(seconds=9)
        return visitor.post(
            f"/{lang}/subscribe",
            {"form": token, "email": email, "digest": "staff", "language": lang, **fields},
        )

    def mails(self) -> list[EmailMessage]:
        """The mails that wait to be sent."""
        found = self.store.outbox.due(self.now, 100)
        for mail in found:
            self.store.outbox.reschedule(mail.id, None)
        return [message_from_bytes(mail.message.data, policy=policy.default) for mail in found]

    def link(self, mail: EmailMessage) -> str:
        """The path of the link in a confirmation mail."""
        text = mail.get_body(("plain",)).get_content()
        line = next(line for line in text.splitlines() if line.startswith(BASE))
        return "/" + line.removeprefix(BASE)

    def reader(self, lang: str = "de", email: str = "anna@test.example", **fields: object) -> Subscriber:
        """Somebody who has subscribed."""
        visitor = self.visitor("198.51.100.9")
        self.subscribe(visitor, lang, email, **fields)
        [mail] = self.mails()
        assert visitor.post(self.link(mail)).status == 200
        return self.person(email)

    def person(self, email: str = "anna@test.example") -> Subscriber:
        """What is known of a person."""
        found = self.store.people.find(email)
        assert found is not None
        return found

    def token(self, person: Subscriber, purpose: str) -> str:
        """A reader's link of one kind: to a digest, or to what is kept about them."""
        if purpose in ("data", "erase"):
            return make_account_token(self.context.signup, person, purpose, self.now)
        if purpose in ("move", "keep"):
            change = self.store.address_changes.find(person.id)
            address = change.address if change is not None else "nothing@test.example"
            return make_account_token(self.context.signup, person, purpose, self.now, address=address)
        return tokens.make_token(SECRET, purpose=purpose, digest="staff", id=person.id, holder=person.key)


@pytest.fixture
def make_service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Makes services; their stores are closed at the end."""
    stores: list[SqlStore] = []

    def make(extra: str = "", config: str = CONFIG, base: str = BASE) -> Service:
        settings = settings_from(config + WEB.replace(BASE, base) + extra)
        texts, _ = load_texts(settings, tmp_path / "locales", bundled.locales())
        keys = (f"key-{number}" for number in itertools.count())
        file = tmp_path / f"store-{len(stores)}.db"
        new_database(file)
        store = open_store(f"sqlite:///{file}", hash_address=lambda one: tokens.hash_address(SECRET, one))
        stores.append(store)
        failures: list[str] = []
        warnings: list[str] = []
        signup = SignupContext(
            settings=settings,
            people=store.people,
            outbox=store.outbox,
            shown_pages=store.shown_pages,
            address_changes=store.address_changes,
            held=HeldDataContext(
                people=store.people,
                issues=store.issues,
                bounces=store.bounces,
                shown_pages=store.shown_pages,
                address_changes=store.address_changes,
            ),
            secret=SECRET,
            texts=texts,
            templates=Templates(tmp_path / "templates", bundled.templates(), texts),
            new_key=lambda: next(keys),
        )
        context = WebContext(
            signup=signup,
            pages=ServicePages(settings, texts),
            held_pages=HeldPages(settings, texts, main_text),
            rates=Rates(),
            clock=lambda: service.now,
            trusted_proxies=(),
            report=failures.append,
            warn=warnings.append,
            volumes=lambda now: service.volumes,
            pause=0.0,
        )
        service = Service(context, store, file, failures=failures, warnings=warnings)
        return service

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def service(make_service: Callable[..., Service]) -> Service:
    """A service nobody has used yet."""
    return make_service()
