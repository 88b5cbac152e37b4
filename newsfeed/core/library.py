"""Parsed files → the library: translations joined, facts agreed, references checked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newsfeed.core import urls
from newsfeed.core.items import Parsed, derived_id
from newsfeed.core.links import LinkMap, Target, image_or_file
from newsfeed.model import Asset, Content, Library, Month, Programme, Project, StaticPage, Story
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from newsfeed.settings import Settings

_OWN_KEYS = {"id"}
Beside = tuple[Library, LinkMap]


def assemble(
    files: Sequence[Parsed],
    assets: Mapping[str, Asset],
    settings: Settings,
    beside: Beside | None = None,
) -> tuple[Library, list[Problem]]:
    """Join all parsed files into the library, with everything that is wrong between them. ``beside``: the
    rest of it, when they are only some stories; these alone come out, not held against the others.
    """
    assembly = _Assembly(files, assets, settings, beside)
    return assembly.library(), assembly.problems


class _Assembly:
    """One run of `assemble`; its state is the list of problems and what is taken already."""

    def __init__(
        self, files: Sequence[Parsed], assets: Mapping[str, Asset], settings: Settings, beside: Beside | None
    ) -> None:
        self._files = sorted(files, key=lambda parsed: parsed.path)
        self._assets = assets
        self._settings = settings
        self._beside = beside[0] if beside else None
        self._links = beside[1] if beside else LinkMap({parsed.path for parsed in self._files}, assets)
        self._targets: dict[str, list[Target]] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self._addresses: dict[str, str] = {}
        self._paths: dict[str, tuple[str, str]] = {}
        self.problems: list[Problem] = []

    def library(self) -> Library:
        """Join, then check what needs all of it at once."""
        made: dict[str, dict[str, Content]] = {kind: {} for kind in _MAKERS}
        groups = self._groups()
        for group in groups:
            content = self._content(group)
            if content is not None:
                made[group[0].kind][content.id] = content
        library = Library(
            stories=_newest_first(made["news"].values()),
            projects={k: v for k, v in sorted(made["projects"].items()) if isinstance(v, Project)},
            programmes={k: v for k, v in sorted(made["programmes"].items()) if isinstance(v, Programme)},
            pages={k: v for k, v in sorted(made["pages"].items()) if isinstance(v, StaticPage)},
            assets=self._assets,
            paths=self._paths,
        )
        self._check_references(self._beside or library, groups)
        self._check_authors(library)
        return library

    # -- joining translations ------------------------------------------------------------------

    def _groups(self) -> list[list[Parsed]]:
        """Files by the text they translate; of two for one language the second is a problem."""
        by_stem: dict[str, dict[str, Parsed]] = defaultdict(dict)
        for parsed in self._files:
            taken = by_stem[parsed.stem].get(parsed.lang)
            if taken is not None:
                self._report("language-twice", Location(parsed.path), other=taken.path)
                continue
            by_stem[parsed.stem][parsed.lang] = parsed
        return [list(by_lang.values()) for by_lang in by_stem.values()]

    def _content(self, group: list[Parsed]) -> Content | None:
        original = self._original(group)
        if original is None:
            return None
        for parsed in group:
            if parsed is not original:
                self._check_facts(parsed, original)
        if original.item is None:
            return None
        identifier = self._id(original)
        if identifier is None:
            return None
        items = {parsed.lang: parsed.item for parsed in group if parsed.item is not None}
        folder = original.stem.rpartition("/")[0]
        bundled = any(parsed.path.rpartition("/")[2].startswith("index.") for parsed in group)
        common: dict[str, Any] = {
            "id": identifier,
            "original": original.lang,
            "items": items,
            "assets": self._published(group, original.kind, identifier, original.stem if bundled else folder),
        }
        facts = {key: fact.value for key, fact in original.facts.items() if key not in _OWN_KEYS}
        content = _MAKERS[original.kind](common, self._with_files(original, facts))
        self._check_dates(original)
        self._check_image(group, original)
        self._check_staleness(group, original)
        self._take_addresses(content)
        place = (original.kind, identifier)
        for parsed in group:
            self._paths[parsed.path] = place
        return content

    def _original(self, group: list[Parsed]) -> Parsed | None:
        """The file that holds the facts: of a story the one with ``date``, else the default language's."""
        default = self._settings.site.default_language
        if group[0].kind == "news":
            dated = [parsed for parsed in group if "date" in parsed.facts]
            for second in dated[1:]:
                self._report("original-twice", second.facts["date"].where, other=dated[0].path)
            if dated:
                return dated[0]
            # A date that is there but cannot be read is reported already; do not say it is missing.
            if not any("date" in parsed.unread_facts for parsed in group):
                first = next((p for p in group if p.lang == default), group[0])
                self._report("original-missing", Location(first.path), path=first.path)
            return None
        for parsed in group:
            if parsed.lang == default or len(group) == 1:
                return parsed
        self._report("original-unclear", Location(group[0].path), language=default)
        return None

    def _id(self, original: Parsed) -> str | None:
        given = original.facts.get("id")
        where = given.where if given else Location(original.path)
        identifier = given.value if given else derived_id(original.stem)
        if not identifier:
            self._report("id-invalid", where, value=original.stem)
            return None
        if given is None and "id" not in original.unread_facts:
            self._report("id-missing", where, value=identifier)
        taken = self._ids.setdefault((original.kind, identifier), original.path)
        if taken != original.path:
            self._report("id-duplicate", where, value=identifier, other=taken)
            return None
        return identifier

    # -- facts ---------------------------------------------------------------------------------

    def _check_facts(self, translation: Parsed, original: Parsed) -> None:
        for key, fact in translation.facts.items():
            if key == "date":
                continue  # a second date makes a second original, which is reported as such
            theirs = original.facts.get(key)
            if theirs is None or theirs.value != fact.value:
                self._report("fact-conflict", fact.where, key=key, other=original.path)
            else:
                self._report("fact-in-translation", fact.where, key=key, other=original.path)

    def _check_dates(self, original: Parsed) -> None:
        facts = original.facts
        for key, earlier, code in (
            ("updated", "date", "updated-before-date"),
            ("expires", "date", "expires-before-date"),
            ("end", "start", "end-before-start"),
        ):
            if key in facts and earlier in facts and _before(facts[key].value, facts[earlier].value):
                self._report(code, facts[key].where)

    def _with_files(self, original: Parsed, facts: dict[str, Any]) -> dict[str, Any]:
        """Facts that name files, with the files' paths in the site and their sizes."""
        if image := facts.get("image"):
            facts["image"] = self._file(original, "image", image)
        facts["enclosures"] = tuple(
            replace(one, path=path, size=self._assets[path].size)
            for one in facts.get("enclosures", ())
            if (path := self._file(original, "enclosures", one.path))
        )
        return facts

    def _file(self, original: Parsed, key: str, name: str) -> str:
        path = image_or_file(self._assets, original.path, name)
        if not path:
            where = original.facts[key].where
            self._report("enclosure-missing", where, _names_beside(original, self._assets), value=name)
        return path

    def _check_image(self, group: list[Parsed], original: Parsed) -> None:
        if "image" not in original.facts or not original.facts["image"].value:
            return
        for parsed in group:
            if parsed.item is not None and not parsed.item.image_alt:
                self._report("image-alt-missing", Location(parsed.path))

    def _check_staleness(self, group: list[Parsed], original: Parsed) -> None:
        assert original.item is not None
        current = original.item.text_fingerprint
        for parsed in group:
            if parsed is original or parsed.item is None:
                continue
            if parsed.item.source and parsed.item.source != current:
                self._report("translation-stale", Location(parsed.path), other=original.path, value=current)

    # -- files and links -----------------------------------------------------------------------

    def _published(self, group: list[Parsed], kind: str, identifier: str, folder: str) -> dict[str, str]:
        """Files this content brings along: its image, its enclosures, what its texts link to."""
        used: dict[str, str] = {}
        for parsed in group:
            named = [parsed.facts["image"].value] if "image" in parsed.facts else []
            named += (
                [one.path for one in parsed.facts["enclosures"].value] if "enclosures" in parsed.facts else []
            )
            paths = [image_or_file(self._assets, parsed.path, name) for name in named]
            paths += [target.asset for target in self._targets_of(parsed)]
            for path in filter(None, paths):
                used[path] = urls.asset(kind, identifier, folder, path)
        return dict(sorted(used.items()))

    def _check_links(self, parsed: Parsed) -> None:
        for link, found in zip(_links(parsed), self._targets_of(parsed), strict=True):
            needs_alt = link.is_image and not link.alt.strip()
            if (found.outside or found.asset or found.text) and not needs_alt:
                continue
            where = Location(parsed.path, link.line, link.column)
            if found.bad_scheme:
                self._report("link-scheme", where, value=found.bad_scheme)
            elif found.candidates:
                names = ", ".join(found.candidates)
                self._report("link-ambiguous", where, value=unquote(link.target), known=names)
            elif not (found.outside or found.asset or found.text):
                known = _names_beside(parsed, self._assets) + self._names_of_texts()
                self._report("link-broken", where, known, value=unquote(link.target))
            if needs_alt:
                self._report("alt-missing", where)

    def _targets_of(self, parsed: Parsed) -> list[Target]:
        """Where its links lead: found out once, asked for what it publishes and for what is broken."""
        if parsed.path not in self._targets:
            find, path, lang = self._links.find, parsed.path, parsed.lang
            self._targets[path] = [find(path, lang, link.target) for link in _links(parsed)]
        return self._targets[parsed.path]

    def _names_of_texts(self) -> list[str]:
        return [PurePosixPath(parsed.path).name for parsed in self._files]

    # -- what needs everything -----------------------------------------------------------------

    def _check_references(self, library: Library, groups: Iterable[list[Parsed]]) -> None:
        programmes = [*self._settings.programmes, *library.programmes]
        for group in groups:
            for parsed in group:
                self._check_links(parsed)
                self._check_ids(parsed, "projects", library.projects, "project-unknown")
                self._check_ids(parsed, "programmes", programmes, "programme-unknown")
                self._check_ids(parsed, "programme", programmes, "programme-unknown")

    def _check_ids(self, parsed: Parsed, key: str, known: Collection[str], code: str) -> None:
        fact = parsed.facts.get(key)
        if fact is None:
            return
        for value in (fact.value,) if isinstance(fact.value, str) else fact.value:
            if value and value not in known:
                names = sorted(known)
                self._report(code, fact.where, names, value=value, known=", ".join(names) or "–")

    def _check_authors(self, library: Library) -> None:
        names: dict[str, tuple[str, str]] = {}
        for story in library.stories.values():
            for name in story.authors:
                first, path = names.setdefault(urls.author_key(name), (name, story.origin.path))
                if first != name:
                    where = Location(story.origin.path)
                    self._report("author-ambiguous", where, value=name, other=first, path=path)

    def _take_addresses(self, content: Content) -> None:
        for lang, item in content.items.items():
            if isinstance(content, Story):
                address = urls.story(lang, content, item.slug)
            elif isinstance(content, StaticPage):
                address = urls.static_page(lang, item.slug)
            else:
                continue
            taken = self._addresses.setdefault(address, item.path)
            if taken != item.path:
                shown = "/" + urls.address(address)
                self._report("url-duplicate", Location(item.path), value=shown, other=taken)

    def _report(
        self, code: str, where: Location, known: Iterable[str] | None = None, /, **params: object
    ) -> None:
        self.problems.append(problem(code, where, known, **params))


def _story(common: dict[str, Any], facts: dict[str, Any]) -> Story:
    date = facts.pop("date")
    updated = facts.pop("updated", None) or date
    return Story(**common, date=date, updated=updated, **facts)


def _project(common: dict[str, Any], facts: dict[str, Any]) -> Project:
    facts.pop("enclosures")
    return Project(**common, **facts)


def _programme(common: dict[str, Any], facts: dict[str, Any]) -> Programme:
    facts.pop("enclosures")
    return Programme(**common, **facts)


def _static_page(common: dict[str, Any], facts: dict[str, Any]) -> StaticPage:
    return StaticPage(**common)


_MAKERS = {"news": _story, "projects": _project, "programmes": _programme, "pages": _static_page}


def _links(parsed: Parsed) -> tuple[Any, ...]:
    return parsed.item.links if parsed.item is not None else ()


def _newest_first(contents: Iterable[Content]) -> dict[str, Story]:
    stories = [one for one in contents if isinstance(one, Story)]
    stories.sort(key=lambda story: story.id)
    stories.sort(key=lambda story: story.date.timestamp(), reverse=True)
    return {story.id: story for story in stories}


def _names_beside(parsed: Parsed, assets: Mapping[str, Asset]) -> list[str]:
    folder = str(PurePosixPath(parsed.path).parent) + "/"
    return [path.removeprefix(folder) for path in assets if path.startswith(folder)]


def _before(one: Any, other: Any) -> bool:
    """Whether a moment, day or month ends before another begins; a month holds all its days."""
    if isinstance(one, Month) or isinstance(other, Month):
        return (one.year, one.month) < (other.year, other.month)
    if isinstance(one, datetime):  # in one zone Python compares clocks, also when they are set back
        return bool(one.timestamp() < other.timestamp())
    return bool(one < other)
