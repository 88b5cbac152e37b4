"""Parsed files → the library: translations joined, facts agreed, references checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newsfeed.core import urls
from newsfeed.core.agreement import gaps_and_doubts, repeated_facts
from newsfeed.core.items import derived_id
from newsfeed.core.links import LinkMap, Target, image_or_file, name_in
from newsfeed.model import Asset, Content, Library, Programme, Project, StaticPage, Story
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from newsfeed.core.items import Parsed
    from newsfeed.core.packing import File
    from newsfeed.settings import Settings

_STORIES = "news"
_OWN_KEYS = {"id"}
Beside = tuple[Library, LinkMap]
Gather = Callable[["Iterable[Story]"], "Mapping[str, Story]"]
"""Stories as they are made → all of them by id, newest first."""


def newest_first(stories: Iterable[Story]) -> Mapping[str, Story]:
    """The stories themselves."""
    found = sorted(stories, key=lambda story: (-story.date.timestamp(), story.id))
    return {story.id: story for story in found}


def assemble(
    files: Sequence[File],
    assets: Mapping[str, Asset],
    settings: Settings,
    beside: Beside | None = None,
    gather: Gather = newest_first,
) -> tuple[Library, list[Problem]]:
    """Join all files into the library, with everything that is wrong between them. They are unpacked story
    by story, so that no more than one has to be in memory; ``gather`` says what becomes of it.
    ``beside``: the rest of the library, when they are only some stories; these alone come out, not held
    against the others.
    """
    assembly = _Assembly(files, assets, settings, beside)
    library = assembly.library(gather)
    return library, sorted(assembly.problems, key=lambda one: one.where.path)


class _Assembly:
    """One run of `assemble`; its state is the list of problems and what is taken already."""

    def __init__(
        self,
        files: Sequence[File],
        assets: Mapping[str, Asset],
        settings: Settings,
        beside: Beside | None,
    ) -> None:
        self._files = sorted(files, key=lambda one: one.path)
        self._assets = assets
        self._settings = settings
        self._beside = beside[0] if beside else None
        self._links = beside[1] if beside else LinkMap({one.path for one in self._files}, assets)
        self._bearing: set[tuple[str, str]] = set()
        self._named: dict[str, list[str]] = defaultdict(list)
        self._targets: dict[str, list[Target]] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self._addresses: dict[str, str] = {}
        self._paths: dict[str, tuple[str, str]] = {}
        self._authors: dict[str, tuple[tuple[str, ...], str]] = {}
        self.problems: list[Problem] = []

    def library(self, gather: Gather) -> Library:
        """Join and check, last the stories: they refer to all else."""
        groups = self._groups()
        made: dict[str, dict[str, Content]] = {kind: {} for kind in _MAKERS}
        others = [group for group in groups if group[0].kind != _STORIES]
        unchecked = []
        for group in others:
            files = [one.unpacked() for one in group]
            content = self._content(files)
            if content is not None:
                made[group[0].kind][content.id] = content
            unchecked.append(files)
        library = Library(
            stories={},
            projects={k: v for k, v in sorted(made["projects"].items()) if isinstance(v, Project)},
            programmes={k: v for k, v in sorted(made["programmes"].items()) if isinstance(v, Programme)},
            pages={k: v for k, v in sorted(made["pages"].items()) if isinstance(v, StaticPage)},
            assets=self._assets,
            paths=self._paths,
        )
        rest = self._beside or library
        for files in unchecked:
            self._check_references(rest, files)
        stories = gather(self._stories((group for group in groups if group[0].kind == _STORIES), rest))
        self._check_authors(stories)
        return replace(
            library,
            stories=stories,
            named={name: tuple(paths) for name, paths in self._named.items() if name},
            bearing=self._in_order(stories, library),
        )

    def _in_order(self, stories: Iterable[str], library: Library) -> dict[tuple[str, str], None]:
        """What has assets or aliases."""
        keys = {_STORIES: stories, "projects": library.projects}
        keys |= {"programmes": library.programmes, "pages": library.pages}
        places = ((kind, key) for kind, ids in keys.items() for key in ids)
        return dict.fromkeys(place for place in places if place in self._bearing)

    def _stories(self, groups: Iterable[Sequence[File]], rest: Library) -> Iterator[Story]:
        """One after the other."""
        for group in groups:
            files = [one.unpacked() for one in group]
            content = self._content(files)
            self._check_references(rest, files)
            self._targets.clear()
            if isinstance(content, Story):
                if content.authors:
                    self._authors[content.id] = content.authors, content.origin.path
                yield content

    # -- joining translations ------------------------------------------------------------------

    def _groups(self) -> list[list[File]]:
        """Files by the text they translate; of two for one language the second is a problem."""
        by_stem: dict[str, dict[str, File]] = defaultdict(dict)
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
        self.problems += repeated_facts(group, original)
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
        self.problems += gaps_and_doubts(group, original)
        self._take_addresses(content)
        place = (original.kind, identifier)
        if content.assets or any(item.aliases for item in items.values()):
            self._bearing.add(place)
        for parsed in group:
            self._paths[parsed.path] = place
            for name in {name_in(parsed.path, link.target) for link in parsed.links}:
                self._named[name].append(parsed.path)
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
        for link, found in zip(parsed.links, self._targets_of(parsed), strict=True):
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
            self._targets[path] = [find(path, lang, link.target) for link in parsed.links]
        return self._targets[parsed.path]

    def _names_of_texts(self) -> list[str]:
        return [PurePosixPath(parsed.path).name for parsed in self._files]

    # -- what needs everything -----------------------------------------------------------------

    def _check_references(self, library: Library, group: Iterable[Parsed]) -> None:
        for parsed in group:
            self._check_links(parsed)
            self._check_ids(parsed, "projects", library.projects, "project-unknown")
            if "programmes" in parsed.facts or "programme" in parsed.facts:
                programmes = [*self._settings.programmes, *library.programmes]
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

    def _check_authors(self, stories: Iterable[str]) -> None:
        names: dict[str, tuple[str, str]] = {}
        for authors, path in (self._authors[key] for key in stories if key in self._authors):
            for name in authors:
                first, other = names.setdefault(urls.author_key(name), (name, path))
                if first != name:
                    self._report("author-ambiguous", Location(path), value=name, other=first, path=other)

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


def _names_beside(parsed: Parsed, assets: Mapping[str, Asset]) -> list[str]:
    folder = str(PurePosixPath(parsed.path).parent) + "/"
    return [path.removeprefix(folder) for path in assets if path.startswith(folder)]
