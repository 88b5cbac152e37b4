"""An invented corpus of any size, as a newsfeed site and as a Hugo site.

The same count always gives the same files, and a larger corpus holds the smaller one: story 7 is the
same among 100 as among 100,000. 70 % of the stories are in all four languages, the others in one or two;
about 300 words each, with headings, lists, emphasis and links to older stories and to projects.

Where a text is missing in a language, newsfeed shows it in another. Hugo has no page there. So the Hugo
site gets a copy of the text that newsfeed would show, with a parameter ``fallback`` that says which
language it is in: both programs then render the same number of story pages.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HERE = Path(__file__).resolve().parent
LANGUAGES = ("en", "de", "fr", "nl")
FALLBACK = {
    "en": ("en", "de", "fr", "nl"),
    "de": ("de", "en", "nl", "fr"),
    "fr": ("fr", "en", "de", "nl"),
    "nl": ("nl", "en", "de", "fr"),
}
"""The languages tried for an edition, in order."""
FIRST_DAY = date(2010, 1, 1)
DAYS = 15 * 365
NOW = "2025-06-01T09:00:00Z"
"""A moment after the last date: everything is public."""
PROJECTS, PROGRAMMES = 40, 4
PAGE, FEED = 20, 20
"""Stories on a page of a list, entries of a feed."""

FEEDS_OF_HUGO = 'archives = "none"\ncontent = "full"\nformats = ["rss", "atom", "jsonfeed"]\n'
"""Lines of the configuration with which newsfeed's feeds hold what those of the Hugo site do."""

TOPICS: Mapping[str, Sequence[str]] = {
    "water": ("Water", "Wasser", "Eau", "Water"),
    "energy": ("Energy & Climate", "Energie & Klima", "Énergie & climat", "Energie & klimaat"),
    "soil": ("Soil", "Boden", "Sol", "Bodem"),
    "health": ("Health", "Gesundheit", "Santé", "Gezondheid"),
    "schools": ("Schools", "Schulen", "Écoles", "Scholen"),
    "seeds": ("Seeds", "Saatgut", "Semences", "Zaden"),
    "forests": ("Forests", "Wälder", "Forêts", "Bossen"),
    "waste": ("Waste", "Abfall", "Déchets", "Afval"),
    "chemicals": ("Chemicals", "Chemikalien", "Produits chimiques", "Chemicaliën"),
    "rights": ("Rights", "Rechte", "Droits", "Rechten"),
    "travel": ("Travel", "Reisen", "Voyages", "Reizen"),
    "markets": ("Markets", "Märkte", "Marchés", "Markten"),
}
"""Key → name in each of `LANGUAGES`."""
_COUNTRIES = "AL AM AZ BA BG BY CH DE FI FR GE GR HU KG KZ LT MD MK NL PL RO RS TJ UA UZ"
COUNTRIES = tuple(_COUNTRIES.split())
AUTHORS = tuple(
    f"{first} {last}"
    for first in ("Ada", "Boris", "Clara", "Dirk", "Élise", "Femke")
    for last in ("Bauer", "de Vries", "Martin", "Novak", "Okafor")
)
_TALK: Mapping[str, str] = {
    "en": (
        "the village water and school people with a new garden from river in small house where women "
        "build solar panels that warm rooms during long winter for children who learn about clean air "
        "our partners report how farmers grow healthy seeds without poison after training they share "
        "their knowledge across every valley to protect forest soil because climate changes faster than "
        "anyone expected last summer local councils agreed on simple rules"
    ),
    "de": (
        "das Dorf Wasser und Schule Menschen mit einem neuen Garten vom Fluss im kleinen Haus wo Frauen "
        "Sonnenkollektoren bauen die Räume während langer Winter wärmen für Kinder die über saubere Luft "
        "lernen unsere Partner berichten wie Bäuerinnen gesundes Saatgut ohne Gift anbauen nach der "
        "Schulung teilen sie ihr Wissen in jedem Tal um Wald Boden zu schützen weil das Klima sich "
        "schneller ändert als alle erwarteten im letzten Sommer beschlossen Gemeinden einfache Regeln"
    ),
    "fr": (
        "le village eau et école personnes avec un nouveau jardin de rivière dans petite maison où femmes "
        "construisent des capteurs solaires qui chauffent les pièces pendant longs hivers pour enfants qui "
        "apprennent sur air propre nos partenaires racontent comment paysannes cultivent semences saines "
        "sans poison après formation elles partagent leur savoir dans chaque vallée afin de protéger forêt "
        "sol parce que climat change plus vite que prévu cet été communes ont décidé règles simples"
    ),
    "nl": (
        "het dorp water en school mensen met een nieuwe tuin van rivier in klein huis waar vrouwen "
        "zonnepanelen bouwen die kamers tijdens lange winters verwarmen voor kinderen die over schone lucht "
        "leren onze partners vertellen hoe boeren gezonde zaden zonder gif telen na de training delen zij "
        "hun kennis in elke vallei om bos bodem te beschermen omdat klimaat sneller verandert dan iemand "
        "verwachtte vorige zomer besloten gemeenten eenvoudige regels"
    ),
}
_WORDS = {lang: talk.split() for lang, talk in _TALK.items()}
_NOUN = {"en": "story", "de": "nachricht", "fr": "article", "nl": "bericht"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a story has once, whatever its language."""

    id: str
    day: date
    languages: tuple[str, ...]
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    countries: tuple[str, ...]
    projects: tuple[str, ...]

    @property
    def place(self) -> str:
        """The path of its files, without language: what links name, too."""
        return f"news/{self.day.year}/{self.id}"

    def page(self, lang: str) -> str:
        """The path of its page in newsfeed's output."""
        return f"{lang}/news/{self.day.year}/{_slug(lang, int(self.id.rpartition('-')[2]))}/index.html"

    @property
    def programmes(self) -> tuple[str, ...]:
        """Those of its projects."""
        return tuple(programme_of(key) for key in self.projects)


@dataclass(frozen=True, slots=True)
class Text:
    """What a story says in one language."""

    title: str
    slug: str
    summary: str
    body: str


def facts(number: int) -> Facts:
    """Story ``number``, without its words."""
    rng = random.Random(f"facts {number}")
    everywhere = rng.random() < 0.7
    languages = LANGUAGES if everywhere else rng.sample(LANGUAGES, rng.choice((1, 2)))
    return Facts(
        id=f"story-{number:06}",
        day=FIRST_DAY + timedelta(days=rng.randrange(DAYS)),
        languages=tuple(lang for lang in LANGUAGES if lang in languages),
        authors=tuple(rng.sample(AUTHORS, rng.choice((1, 1, 2)))),
        topics=tuple(rng.sample(tuple(TOPICS), rng.choice((1, 2, 2)))),
        countries=tuple(rng.sample(COUNTRIES, rng.choice((1, 1, 2)))),
        projects=tuple(_project(rng.randrange(PROJECTS)) for _ in range(rng.choice((0, 1)))),
    )


def text(number: int, lang: str) -> Text:
    """Story ``number`` in one language."""
    rng = random.Random(f"text {number} {lang}")
    links = [_anchor(rng, lang, f"/{facts(rng.randrange(number)).place}") for _ in range(2 if number else 0)]
    links.append(_anchor(rng, lang, f"/projects/{_project(rng.randrange(PROJECTS))}"))
    return Text(
        title=_sentence(rng, lang, 7).rstrip("."),
        slug=_slug(lang, number),
        summary=_prose(rng, lang, 2).replace("\n", " "),
        body=_body(rng, lang, links),
    )


def _slug(lang: str, number: int) -> str:
    return f"{_NOUN[lang]}-{number:06}"


def newest(count: int) -> Facts:
    """The newest story that is in all languages: the one that somebody corrects."""
    everywhere = [one for one in map(facts, range(count)) if one.languages == LANGUAGES]
    return max(everywhere, key=lambda one: (one.day, one.id))


def story_pages(count: int) -> int:
    """How many pages of stories a site of this size has: every story in every edition."""
    return count * len(LANGUAGES)


def write_newsfeed(folder: Path, count: int, feeds: str = "") -> None:
    """The corpus as a newsfeed site. ``feeds``: more lines for [feeds], such as `FEEDS_OF_HUGO`."""
    _write(folder / "config.toml", _newsfeed_config() + feeds)
    for lang in LANGUAGES[1:]:
        _write(folder / f"locales/{lang}/LC_MESSAGES/site.po", _catalogue(lang))
    for place, fields in _dossiers():
        for lang in LANGUAGES:
            known = fields if lang == LANGUAGES[0] else {}
            _write(folder / f"{place}.{lang}.md", _dossier(place, lang, known))
    for number in range(count):
        story = facts(number)
        for lang in story.languages:
            known = _newsfeed_facts(story) if lang == story.languages[0] else {}
            _write(folder / f"{story.place}.{lang}.md", _story(text(number, lang), known))


def write_hugo(folder: Path, count: int) -> None:
    """The corpus as a Hugo site, with the templates of ``bench/hugo``."""
    shutil.copytree(HERE / "hugo", folder, dirs_exist_ok=True)
    shutil.copy(HERE.parent / "templates" / "style.css", _folder(folder / "static"))
    content = folder / "content"
    for lang in LANGUAGES:
        _hugo_terms(content, lang)
    for number in range(count):
        story = facts(number)
        texts = {lang: text(number, lang) for lang in story.languages}
        for lang in LANGUAGES:
            shown = next(one for one in FALLBACK[lang] if one in texts)
            fallback = {} if shown == lang else {"fallback": shown}
            known = {**_hugo_facts(story), **fallback}
            _write(content / f"{story.place}.{lang}.md", _story(texts[shown], known))


def _newsfeed_config() -> str:
    topics = "\n".join(f'{key} = "{names[0]}"' for key, names in TOPICS.items())
    editions = "\n".join(
        f"[languages.{lang}]\nfallback = {list(chain[1:])}\n" for lang, chain in FALLBACK.items()
    )
    return f"""\
[site]
title = "Bench news"
description = "Invented news from everywhere"
base_url = "https://bench.example/"
languages = {list(LANGUAGES)}
timezone = "Europe/Berlin"
authority = "bench.example,2010"
imprint = "Bench news, nowhere"

{editions}
[topics]
{topics}

[lists]
items = {PAGE}

[feeds]
items = {FEED}
"""


def _catalogue(lang: str) -> str:
    head = f'msgid ""\nmsgstr ""\n"Language: {lang}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    place = LANGUAGES.index(lang)
    entries = (f'msgctxt "topic"\nmsgid "{names[0]}"\nmsgstr "{names[place]}"\n' for names in TOPICS.values())
    return "\n".join([head, *entries])


def _dossiers() -> Iterator[tuple[str, dict[str, object]]]:
    """Place and facts of every programme, project and page."""
    for number in range(PROGRAMMES):
        key = _programme(number)
        yield f"programmes/{key}", {"id": key}
    for number in range(PROJECTS):
        yield f"projects/{_project(number)}", _project_facts(number)
    yield "pages/about", {"id": "about"}


def _project_facts(number: int) -> dict[str, object]:
    key = _project(number)
    return {
        "id": key,
        "programme": programme_of(key),
        "countries": [COUNTRIES[number % len(COUNTRIES)]],
        "topics": [tuple(TOPICS)[number % len(TOPICS)]],
        "start": f"{2010 + number % 10}-01",
        "end": f"{2012 + number % 10}-12",
        "city": f"Town {number}",
    }


def _hugo_terms(content: Path, lang: str) -> None:
    """The pages of an edition that are no stories."""
    place, names = LANGUAGES.index(lang), _country_names(lang)
    for key, titles in TOPICS.items():
        _write(content / f"topics/{key}/_index.{lang}.md", _front({"title": titles[place]}))
    for key in COUNTRIES:
        _write(content / f"countries/{key.lower()}/_index.{lang}.md", _front({"title": names[key]}))
    for path, fields in _dossiers():
        known = {"dossier": _lower(fields)}
        name = f"{path}/_index.{lang}.md" if not path.startswith("pages") else f"about.{lang}.md"
        _write(content / name, _dossier(path, lang, known))
    for layout in ("archive", "feeds"):
        _write(content / f"{layout}.{lang}.md", _front({"title": layout.title(), "layout": layout}))


def _lower(fields: Mapping[str, object]) -> dict[str, object]:
    """Facts with countries as Hugo's addresses have them."""
    countries = fields.get("countries")
    return {**fields, **({"countries": [key.lower() for key in countries]} if countries else {})}


@cache
def _country_names(lang: str) -> Mapping[str, str]:
    """Country → name, from CLDR as newsfeed has them."""
    return dict(Locale(lang).territories)


def _newsfeed_facts(story: Facts) -> dict[str, object]:
    return {
        "id": story.id,
        "date": story.day,
        "authors": list(story.authors),
        "topics": list(story.topics),
        "countries": list(story.countries),
        **({"projects": list(story.projects)} if story.projects else {}),
    }


def _hugo_facts(story: Facts) -> dict[str, object]:
    """The same, with what newsfeed derives: programmes from projects, archive from dates."""
    return {
        **_lower(_newsfeed_facts(story)),
        "date": f"{story.day}T08:00:00",
        **({"programmes": list(story.programmes)} if story.projects else {}),
        "years": [f'"{story.day:%Y}"'],
        "months": [f'"{story.day:%Y-%m}"'],
    }


def _story(words: Text, known: Mapping[str, object]) -> str:
    said = {"title": words.title, "slug": words.slug, "summary": words.summary}
    return _front({**known, **said}) + words.body


def _dossier(place: str, lang: str, known: Mapping[str, object]) -> str:
    """Title and text of a project, a programme or a page."""
    rng = random.Random(f"{place} {lang}")
    title = f"{_sentence(rng, lang, 3).rstrip('.')} {place.rpartition('-')[2].removeprefix('pages/')}"
    said = {"title": title, "summary": _sentence(rng, lang, 12)}
    return _front({**known, **said}) + _body(rng, lang, [])


def _front(fields: Mapping[str, object]) -> str:
    lines = [f"{key}: {_value(value)}" for key, value in fields.items()]
    return "\n".join(["---", *lines, "---", ""])


def _value(value: object) -> str:
    """Plain YAML, in flow style where it has parts."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)


def _body(rng: random.Random, lang: str, links: Sequence[str]) -> str:
    """About 260 words in the shapes of Markdown; with the summary 300."""
    points = "\n".join(f"- {_sentence(rng, lang, rng.randint(5, 9))}" for _ in range(4))
    steps = "\n".join(f"{at}. {_sentence(rng, lang, rng.randint(5, 9))}" for at in (1, 2, 3))
    parts = [
        _prose(rng, lang, 4, strong=True),
        f"## {_sentence(rng, lang, 4).rstrip('.')}",
        _prose(rng, lang, 4, strong=True),
        points,
        *(f"{_sentence(rng, lang, 8)} {link}." for link in links),
        f"### {_sentence(rng, lang, 3).rstrip('.')}",
        _prose(rng, lang, 4),
        steps,
        f"> {_sentence(rng, lang, 12)}",
        f"{_prose(rng, lang, 2)} [{_sentence(rng, lang, 3)}](https://example.org/{rng.randrange(1000)})",
    ]
    return "\n\n".join(parts) + "\n"


def _prose(rng: random.Random, lang: str, sentences: int, *, strong: bool = False) -> str:
    """A paragraph, one sentence a line; ``strong``: with emphasis of both kinds."""
    lines = [_sentence(rng, lang, rng.randint(9, 15)) for _ in range(sentences)]
    if strong:
        one, two = rng.choices(_WORDS[lang], k=2)
        lines[-1] += f" **{one.title()}** *{two}*."
    return "\n".join(lines)


def _sentence(rng: random.Random, lang: str, words: int) -> str:
    said = " ".join(rng.choices(_WORDS[lang], k=words))
    return f"{said[0].upper()}{said[1:]}."


def _anchor(rng: random.Random, lang: str, target: str) -> str:
    return f"[{' '.join(rng.choices(_WORDS[lang], k=3))}]({target})"


def programme_of(project: str) -> str:
    """The programme of a project."""
    return _programme(int(project.rpartition("-")[2]) % PROGRAMMES)


def _project(number: int) -> str:
    return f"project-{number:02}"


def _programme(number: int) -> str:
    return f"programme-{number}"


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _write(path: Path, words: str) -> None:
    (_folder(path.parent) / path.name).write_text(words, encoding="utf-8")
