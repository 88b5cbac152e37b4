"""Decide where the texts of an archive belong in the site: stories, ids, files, slugs and old addresses."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from newsfeed.core.arriving.addresses import OUR_NAMES, alias_of, slug_of_url
from newsfeed.core.arriving.moved_text import Destination, Doubt
from newsfeed.core.content.aliases import resolve_alias
from newsfeed.core.content.links import derive_stem
from newsfeed.core.content.slugs import MAX_LENGTH, is_slug
from newsfeed.core.content.value_guesses import guess_slug
from newsfeed.core.site.urls import static_page_path, story_path
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from newsfeed.core.arriving.moved_text import MovedText

_OWN_FILE = re.compile(r"[a-z]+(?:/[A-Za-z0-9][A-Za-z0-9_.-]*){1,9}\.[A-Za-z-]+\.md")
NO_DATE = N_("it has no date; left out: --undated gives it one")
NO_LANGUAGE = N_("the site has no edition in “{value}”; left out")
DRAFT_PAGE = N_("it is a page that is not published; left out")
DRAFT_TRANSLATION = N_("it is a draft, and {other}, the same text in another language, is not; left out")
NOT_PUBLIC = N_("it is not public now, and {other}, the same text in another language, is; left out")
LANGUAGE_TWICE = N_("{other} is the same text in the same language; left out")
OTHER_DATE = N_("its own date {date} is not kept: a story has one date")
ADDRESS_LOST = N_("the old address {url} cannot lead here ({reason})")
ADDRESS_TAKEN = N_("the old address {url} belongs to {other} as well")


@dataclass(frozen=True, slots=True)
class KnownStory:
    """A story, or page, that the site has already, found again by an id or an address of its texts."""

    id: str
    stem: str
    """Its files without language and ending."""
    is_bundle: bool
    slugs: Mapping[str, str] = field(default_factory=dict)
    """Language → slug that is written in its file."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The site that texts arrive in."""

    base_url: str
    zone: ZoneInfo
    languages: Sequence[str]
    default_language: str
    story_url: str
    """Form of the addresses of stories."""
    ids: frozenset[str] = frozenset()
    """Taken by stories and pages."""
    slugs: frozenset[str] = frozenset()
    """Of all texts."""
    known: Mapping[str, KnownStory] = field(default_factory=dict)
    """Id in feeds, or alias → the story that has it."""
    now: datetime | None = None
    """Tells which texts wait, or are over; ``None``: none."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The places of an archive's texts, by their number in it; those that are left out have none."""

    destinations: Mapping[int, Destination]
    doubts: Sequence[Doubt]


def arrange(texts: Sequence[MovedText], with_files: Iterable[int], ground: Ground) -> Arrangement:
    """Give each text its place.

    texts: may be without bodies; ``with_files``: numbers of those that bring files along.
    """
    return _Arranger(texts, frozenset(with_files), ground).arrange()


def moment_of(when: datetime | date, zone: ZoneInfo) -> datetime:
    """Return the moment of a date; one without a time sorts as the beginning of its day."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(0))
    return when if when.tzinfo is not None else when.replace(tzinfo=zone)


def day_of(when: datetime | date, zone: ZoneInfo) -> date:
    """Return the day of a date in the site's zone."""
    if not isinstance(when, datetime):
        return when
    return when.date() if when.tzinfo is None else when.astimezone(zone).date()


def _is_public(text: MovedText, now: datetime, zone: ZoneInfo) -> bool:
    if text.date is not None and moment_of(text.date, zone) > now:
        return False
    try:
        over = datetime.fromisoformat(str(text.facts.get("expires", "")))
    except ValueError:
        return True
    return moment_of(over, zone) > now


def _own_file(text: MovedText) -> str:
    """Return the file that a text had in a site of ours, if it says so, and that can be one."""
    file = text.facts.get("file")
    if not isinstance(file, str) or not _OWN_FILE.fullmatch(file) or "/../" in f"/{file}":
        return ""
    return file if file.startswith(f"{text.kind}/") else ""


class _Arranger:
    """Arranges one archive; what is taken already is its state."""

    def __init__(self, texts: Sequence[MovedText], with_files: frozenset[int], ground: Ground) -> None:
        self._texts = texts
        self._with_files = with_files
        self._ground = ground
        self._ids = set(ground.ids)
        self._pages: dict[str, str] = {
            static_page_path(lang, name): "" for lang in ground.languages for name in OUR_NAMES
        }
        """Address → the story that has it, in any edition: a text may stand in for a missing translation."""
        self._doubts: list[Doubt] = []
        self._found: dict[int, Destination] = {}

    def arrange(self) -> Arrangement:
        groups = sorted(self._groups(), key=lambda group: self._order(group[0]))
        # Those that are here already keep their names; the others get what is left.
        known = [self._known(group) for group in groups]
        for group, story in zip(groups, known, strict=True):
            if story is not None:
                self._place(group, story)
        for group, story in zip(groups, known, strict=True):
            if story is None:
                self._place(group, self._new(group))
        self._add_aliases()
        return Arrangement(self._found, self._doubts)

    def _groups(self) -> list[list[int]]:
        """Return the numbers of the texts of each story; the first is the original."""
        groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, text in enumerate(self._texts):
            lang = text.lang
            if lang not in self._ground.languages:
                self._doubt(text, NO_LANGUAGE, value=lang or "–")
                continue
            if text.kind == "news" and text.date is None:
                self._doubt(text, NO_DATE)
                continue
            if text.kind == "pages" and text.is_draft:
                self._doubt(text, DRAFT_PAGE)
                continue
            groups[text.kind, f"group {text.group}" if text.group else f"number {number}"].append(number)
        published = [self._public_now(self._without_drafts(group)) for group in groups.values()]
        ordered = [sorted(self._by_language(group), key=self._as_original) for group in published]
        for numbers in ordered:
            self._tell_other_dates(numbers)
        return ordered

    def _without_drafts(self, group: Sequence[int]) -> Sequence[int]:
        """Return the texts of a story that were published; all of them if none was. A story is a draft as a
        whole, and no draft may become public.
        """
        return self._preferred(group, lambda text: not text.is_draft, DRAFT_TRANSLATION)

    def _public_now(self, group: Sequence[int]) -> Sequence[int]:
        """Return the texts of a story that are neither over nor still to come; all of them if each is one or
        the other: a story comes and goes as a whole.
        """
        now, zone = self._ground.now, self._ground.zone
        return self._preferred(group, lambda text: now is None or _is_public(text, now, zone), NOT_PUBLIC)

    def _preferred(
        self, group: Sequence[int], is_good: Callable[[MovedText], bool], sentence: str
    ) -> Sequence[int]:
        """Return the good ones of a group, and tell the others; all if none is good."""
        good = [number for number in group if is_good(self._texts[number])]
        if not good:
            return group
        for number in group:
            if number not in good:
                self._doubt(self._texts[number], sentence, other=self._texts[good[0]].origin)
        return good

    def _by_language(self, group: Sequence[int]) -> list[int]:
        """Return one text of a story for each language, the first."""
        found: dict[str, int] = {}
        for number in group:
            text = self._texts[number]
            first = found.setdefault(text.lang, number)
            if first != number:
                self._doubt(text, LANGUAGE_TWICE, other=self._texts[first].origin)
        return list(found.values())

    def _as_original(self, number: int) -> tuple[bool, date, bool, datetime]:
        """Return the key that sorts the texts of a story: the oldest first, of one day that in the site's own
        language; before all the one that was the original in a site of ours.
        """
        text, zone = self._texts[number], self._ground.zone
        day = day_of(text.date, zone) if text.date else date.max
        was_original = text.facts.get("original") == "yes"
        is_foreign = text.lang != self._ground.default_language
        return not was_original, day, is_foreign, self._order(number)[0]

    def _order(self, number: int) -> tuple[datetime, bool, str, int]:
        text = self._texts[number]
        zone = self._ground.zone
        moment = moment_of(text.date, zone) if text.date else datetime.max.replace(tzinfo=UTC)
        return moment, text.lang != self._ground.default_language, text.guid or text.origin, number

    def _tell_other_dates(self, group: Sequence[int]) -> None:
        zone, first = self._ground.zone, self._texts[group[0]].date
        for number in group[1:]:
            other = self._texts[number].date
            if first and other and day_of(other, zone) != day_of(first, zone):
                self._doubt(self._texts[number], OTHER_DATE, date=day_of(other, zone))

    def _known(self, group: Sequence[int]) -> KnownStory | None:
        """Return the story of the site that these texts are, if they were moved in before."""
        known, base = self._ground.known, self._ground.base_url
        for number in group:
            text = self._texts[number]
            names = [text.guid, *(alias_of(url, base)[0] for url in text.urls)]
            for name in names:
                if name and name in known and known[name].stem.startswith(f"{text.kind}/"):
                    return known[name]
        return None

    def _new(self, group: Sequence[int]) -> KnownStory:
        """Return a story that is new to the site, under an id that nobody has."""
        original = self._texts[group[0]]
        given = original.id if is_slug(original.id) else ""
        wanted = given or self._slug(original) or "text"
        day = day_of(original.date, self._ground.zone) if original.date else None
        names = [wanted]
        if day is not None:
            names += [f"{wanted[: MAX_LENGTH - 5].rstrip('-')}-{day.year}"]
        number = 1
        while names[0] in self._ids:
            names.pop(0)
            number += 1
            names.append(f"{wanted[: MAX_LENGTH - 6].rstrip('-')}-{number}")
        self._ids.add(names[0])
        if own := _own_file(original):
            return KnownStory(names[0], derive_stem(own), "/index." in own)
        folder = f"news/{day.year}" if original.kind == "news" and day is not None else original.kind
        return KnownStory(names[0], f"{folder}/{names[0]}", not self._with_files.isdisjoint(group))

    def _slug(self, text: MovedText) -> str:
        for name in (text.slug, *(slug_of_url(url, text.lang) for url in text.urls[:1]), text.title):
            if slug := guess_slug(name, text.lang):
                return slug
        return ""

    def _place(self, group: Sequence[int], story: KnownStory) -> None:
        original = self._texts[group[0]]
        name = story.stem.rpartition("/")[2]
        for number in group:
            text = self._texts[number]
            lang = text.lang
            ending = f"/index.{lang}.md" if story.is_bundle else f".{lang}.md"
            wanted = story.slugs.get(lang) or self._slug(text) or story.id
            slug, page = self._free_slug(wanted, text, original, story)
            self._found[number] = Destination(
                path=story.stem + ending,
                story=story.id,
                is_original=number == group[0],
                slug="" if slug == name else slug,
                page=page,
            )

    def _free_slug(
        self, wanted: str, text: MovedText, original: MovedText, story: KnownStory
    ) -> tuple[str, str]:
        """Return a slug at which no other story lies, and the page there."""
        slug, number = wanted, 1
        while True:
            pages = {lang: self._page(slug, lang, original) for lang in self._ground.languages}
            is_ours = slug in story.slugs.values() or slug not in self._ground.slugs
            if is_ours and all(self._pages.get(page, story.id) == story.id for page in pages.values()):
                self._pages |= dict.fromkeys(pages.values(), story.id)
                return slug, pages[text.lang]
            number += 1
            slug = f"{wanted[: MAX_LENGTH - 6].rstrip('-')}-{number}"

    def _page(self, slug: str, lang: str, original: MovedText) -> str:
        if original.kind != "news" or original.date is None:
            return static_page_path(lang, slug)
        return story_path(self._ground.story_url, lang, day_of(original.date, self._ground.zone), slug)

    def _add_aliases(self) -> None:
        taken: dict[str, int] = {}
        for number in sorted(self._found, key=self._order):
            text, aliases = self._texts[number], []
            has_path = not all("?" in url for url in text.urls)
            for url in dict.fromkeys(text.urls):
                alias, trouble = alias_of(url, self._ground.base_url)
                if trouble == "?" and has_path:
                    continue  # a short link beside the address
                if trouble:
                    self._doubt(text, ADDRESS_LOST, url=url, reason=Sentence(trouble))
                    continue
                output = resolve_alias(alias)[0]
                if output == self._found[number].page:
                    continue
                other = taken.setdefault(output, number)
                if output in self._pages or other != number:
                    name = self._texts[other].origin if other != number else output
                    self._doubt(text, ADDRESS_TAKEN, url=url, other=name)
                    continue
                aliases.append(alias)
            aliases = list(dict.fromkeys(aliases))
            self._found[number] = replace(self._found[number], aliases=tuple(aliases))

    def _doubt(self, text: MovedText, sentence: str, **params: object) -> None:
        self._doubts.append(Doubt(text.origin, Sentence(sentence, **params)))
