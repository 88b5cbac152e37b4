"""Issues of digests, composed in memory from small sites in four languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from newsfeed.config import bundled
from newsfeed.core.digests import slots
from newsfeed.core.digests.slots import Slot
from newsfeed.delivery.preview import PreviewContext, PreviewReport, preview_digest
from newsfeed.delivery.rendering import DigestSource
from newsfeed.i18n.catalogues import PROGRAM_DOMAIN, read_catalogue
from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.model import Library, Message, Reader
from newsfeed.problems import Problem
from newsfeed.render.templates import Templates
from newsfeed.settings import Digest, Settings
from newsfeed.stores.csv_audience import make_reader_key
from newsfeed.testing import (
    MemoryAudience,
    MemoryChannel,
    MemoryLedger,
    an_item,
    load_files,
    settings_from,
)
from tests.pictures import png

LANGUAGES = ("en", "de", "fr", "nl")
NOW = datetime(2026, 1, 12, 9, tzinfo=UTC)
"""Monday; the slot of the digest was at 08:00 in Berlin, an hour and more before."""
PICTURE = "https://news.example/files/news/{id}/well.png"
CONFIG = """\
[site]
base_url = "https://news.example/"
languages = ["en", "de", "fr", "nl"]
timezone = "Europe/Berlin"
authority = "news.example,2020"

[site.title]
en = "News of the water network"
de = "Nachrichten des Wassernetzes"
fr = "Les nouvelles du réseau de l’eau"
nl = "Nieuws van het waternetwerk"

[site.imprint]
en = "The water network writes and sends these letters."
de = "Das Wassernetz schreibt und verschickt diese Briefe."
fr = "Le réseau de l’eau écrit et envoie ces lettres."
nl = "Het waternetwerk schrijft en verstuurt deze brieven."

[languages.en]
fallback = ["de", "fr", "nl"]

[languages.de]
fallback = ["en", "fr", "nl"]

[languages.fr]
fallback = ["en", "de", "nl"]

[languages.nl]
fallback = ["en", "de", "fr"]

[topics]
water = "Water"
energy = "Energy"

[audiences.staff]
file = "staff.csv"

[digests.staff]
schedule = "mon 08:00"
audience = "staff"

[digests.staff.title]
en = "The weekly letter"
de = "Der Wochenbrief für alle"
fr = "La lettre de la semaine à tous"
nl = "De weekbrief voor iedereen"

[mail]
from = "Réseau de l’eau <news@news.example>"
reply_to = "answers@news.example"
"""
NAMES = {
    "de": {"Water": "Wasser", "Energy": "Energie"},
    "fr": {"Water": "Eau", "Energy": "Énergie"},
    "nl": {"Water": "Water", "Energy": "Energie"},
}
TITLES = {
    "en": "Report {n}: what the wells of the valley told us & why",
    "de": "Bericht {n}: was die Brunnen des Tals erzählen – „warum“",
    "fr": "Rapport {n}\N{NO-BREAK SPACE}: ce que disent les puits de la vallée",
    "nl": "Verslag {n}: wat de putten van het dal ons vertellen",
}
SUMMARIES = {
    "en": "In this week the wells were measured again, and the water was clean enough to drink.",
    "de": "In dieser Woche wurden die Brunnen wieder gemessen, und das Wasser war sauber genug zum Trinken.",
    "fr": "Cette semaine, les puits ont de nouveau été mesurés, et l’eau était assez propre pour être bue.",
    "nl": "Deze week zijn de putten opnieuw gemeten, en het water was schoon genoeg om te drinken.",
}
ALTS = {
    "en": "A woman draws water from a well",
    "de": "Eine Frau schöpft Wasser aus einem Brunnen",
    "fr": "Une femme puise de l’eau dans un puits",
    "nl": "Een vrouw haalt water uit een put",
}
LONG = 6
"""How many times a long story repeats its summary."""


def stories(
    number: int,
    languages: Sequence[str] = LANGUAGES,
    *,
    picture: bool = False,
    repeat: int = 1,
    **facts: str,
) -> dict[str, str | bytes]:
    """So many stories, the first the newest, an hour between two; topics take turns."""
    files: dict[str, str | bytes] = {}
    newest = datetime(2026, 1, 11, 12, tzinfo=UTC)
    for n in range(1, number + 1):
        given = {
            "id": f"report-{n}",
            "date": (newest - timedelta(hours=n)).isoformat(),
            "topics": "[energy]" if n % 2 else "[water, energy]",
            "authors": "[Zoë Müller-Weiß, Jan de Wit]",
            **facts,
        }
        for lang in languages:
            own = {
                "title": f'"{TITLES[lang].format(n=n)}"',
                "summary": f'"{" ".join([SUMMARIES[lang]] * repeat)}"',
                "slug": f"report-{n}-{lang}",
            }
            if picture:
                own["image_alt"] = ALTS[lang]
                given["image"] = "well.png"
            is_original = lang == languages[0]
            own.update(given if is_original else {})
            date = own.pop("date", None)
            files[f"news/2026/report-{n}/index.{lang}.md"] = an_item("Text.\n", date=date, **own)
        if picture:
            files[f"news/2026/report-{n}/well.png"] = png()
    return files


def reader(lang: str, name: str = "", address: str = "", config: str = CONFIG) -> Reader:
    """A reader of an edition, with its chain."""
    known, _, _ = tools(config)
    where = address or f"reader-{lang}@readers.example"
    return Reader(where, name, known.languages[lang].chain, make_reader_key(where))


@cache
def tools(config: str = CONFIG) -> tuple[Settings, Mapping[str, CatalogueTexts], Templates]:
    """Settings, languages and templates of a configuration, made once."""
    settings = settings_from(config)
    texts = {}
    for language in settings.editions:
        program, problems = read_catalogue(bundled.locales(), language.code, PROGRAM_DOMAIN)
        assert not problems, problems
        names = NAMES.get(language.code, {})
        known = Catalogue({("topic", name): (text,) for name, text in names.items()})
        texts[language.code] = CatalogueTexts(language, program or Catalogue(), known, settings)
    return settings, texts, Templates(Path("/nowhere"), bundled.templates(), texts)


@dataclass(frozen=True)
class Issue:
    """One issue as it left: what the report says, and the messages in order."""

    outcome: PreviewReport
    messages: Sequence[Message]
    library: Library

    def of(self, recipient: str) -> bytes:
        """The mail to the reader of a language, or to an address."""
        address = recipient if "@" in recipient else f"reader-{recipient}@readers.example"
        return next(one.data for one in self.messages if one.recipient == address)


def issue(
    files: Mapping[str, str | bytes],
    readers: Sequence[Reader] | None = None,
    *,
    now: datetime = NOW,
    config: str = CONFIG,
    had: Mapping[str, frozenset[str]] | None = None,
    problems: Sequence[Problem] = (),
    dry_run: bool = False,
    channel: MemoryChannel | None = None,
    **changed: object,
) -> Issue:
    """Compose the issue of ``now``; ``changed`` replaces values of the digest."""
    settings, texts, templates = tools(config)
    loaded = load_files(files, settings)
    errors = [found for found in loaded.problems if found.severity.value == "error"]
    assert not errors, errors
    photographs = {
        path: replace(asset, width=640, height=480) for path, asset in loaded.library.assets.items()
    }
    library = replace(loaded.library, assets=photographs)
    everybody = [reader(lang, config=config) for lang in settings.languages] if readers is None else readers
    outbox = channel or MemoryChannel()
    delivery = PreviewContext(
        source=DigestSource(settings, library, texts, templates),
        audience=MemoryAudience(everybody, problems),
        ledger=MemoryLedger(had),
        channel=outbox,
    )
    outcome = preview_digest(delivery, digest(config, **changed), now, dry_run=dry_run)
    return Issue(outcome, list(outbox.sent.values()), library)


def digest(config: str = CONFIG, **changed: object) -> Digest:
    """The first digest of a configuration, some of its values replaced."""
    settings, _, _ = tools(config)
    return replace(next(iter(settings.digests.values())), **changed)


def slot(now: datetime = NOW, config: str = CONFIG) -> Slot:
    """The slot whose issue ``now`` is."""
    plan = digest(config)
    return slots.find_last_slot(plan.schedule, plan.timezone, now)


def expected_titles(library: Library, lang: str, url: str = "https://news.example") -> list[tuple[str, str]]:
    """Title and address of every story as an edition's mail has them: by topic, newest first."""
    settings, _, _ = tools()
    found = []
    for topic in settings.topics:
        for story in library.stories.values():
            if next((key for key in settings.topics if key in story.topics), "") == topic:
                code = next(code for code in settings.languages[lang].chain if code in story.items)
                item = story.items[code]
                title = " ".join(item.title.split())
                found.append((title, f"{url}/{lang}/news/{story.date.year}/{item.slug}/"))
    return found


def read_message(data: bytes) -> EmailMessage:
    """A message as the standard library reads it."""
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def texts_of(data: bytes) -> list[str]:
    """Both parts of a mail, decoded."""
    return [part.get_content() for part in read_message(data).iter_parts()]
