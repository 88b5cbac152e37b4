"""The files of one text → what they say together: facts agreed, files and links found, ids checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newsfeed.core.content.asset_checks import check_asset
from newsfeed.core.content.claims import IdClaims
from newsfeed.core.content.consistency import find_inconsistencies, repeated_facts
from newsfeed.core.content.content_makers import CONTENT_MAKERS
from newsfeed.core.content.file_names import check_forms, find_look_alike, spell_difference
from newsfeed.core.content.links import SAFE_SCHEMES, LinkTarget, find_link_name, find_link_only_scheme
from newsfeed.core.content.originals import find_original
from newsfeed.core.content.staleness import is_outdated
from newsfeed.core.content.unseen_links import check_unseen_links
from newsfeed.core.content.value_guesses import guess_address, guess_target, split_list
from newsfeed.core.content.withdrawal import is_withdrawn
from newsfeed.core.content.withholding import withhold_outdated
from newsfeed.core.site import urls
from newsfeed.core.site.own_links import strip_base_url
from newsfeed.model import Content, Item, PlaceLink, StaticPage, Story
from newsfeed.problems import MOST_OF_KIND, Location, Problem, problem, propose
from newsfeed.problems.kinds import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.core.content.reference_data import ReferenceData
    from newsfeed.model import Library, Link

_OWN_KEYS = {"id"}


class TranslationJoiner:
    """Joins the translations of one text; its state is the list of their problems."""

    def __init__(self, files: Sequence[ParsedFile], reference: ReferenceData) -> None:
        """files: in the order of their paths; of two in one language the second is a problem."""
        self._reference = reference
        self._targets: dict[str, list[LinkTarget]] = {}
        self.problems: list[Problem] = []
        self._group = self._one_of_each_language(files)

    def _one_of_each_language(self, files: Sequence[ParsedFile]) -> Sequence[ParsedFile]:
        by_language: dict[str, ParsedFile] = {}
        for parsed in files:
            first = by_language.setdefault(parsed.lang, parsed)
            if first is not parsed:
                where = Location(parsed.path)
                twice = problem("language-twice", where, other=first.path)
                self.problems.append(check_forms(where, parsed.path, first.path) or twice)
        return [*by_language.values()]

    def join(self) -> tuple[Content, IdClaims] | None:
        """Join all translations; ``None`` when they say too little."""
        original, problems = find_original(self._group, self._reference)
        self.problems += problems
        if original is None:
            return None
        self.problems += repeated_facts(self._group, original)
        if original.item is None:
            return None
        identifier = self._id(original)
        if not identifier:
            return None
        content = self._content(original, identifier)
        self.problems += find_inconsistencies(self._group, original)
        return content, self._claims(content, original)

    def _content(self, original: ParsedFile, identifier: str) -> Content:
        folder = original.stem.rpartition("/")[0]
        bundled = any(parsed.path.rpartition("/")[2].startswith("index.") for parsed in self._group)
        assert original.item is not None  # asked before
        items, withheld = self._texts(original, original.item)
        common: dict[str, Any] = {
            "id": identifier,
            "original": original.lang,
            "items": items,
            "withheld": withheld,
            "assets": self._published(original.kind, identifier, original.stem if bundled else folder),
        }
        facts = {key: fact.value for key, fact in original.facts.items() if key not in _OWN_KEYS}
        return CONTENT_MAKERS[original.kind](common, self._with_files(original, facts))

    def _texts(self, original: ParsedFile, own: Item) -> tuple[Mapping[str, Item], Mapping[str, Item]]:
        """Return language → item of those that are shown, and of those that are not."""
        items = {one.lang: one.item for one in self._group if one.item is not None}
        if is_withdrawn(original):  # nobody reads them: none can be behind
            return items, {}
        items = {lang: _beside_original(item, own) for lang, item in items.items()}
        return withhold_outdated(items, original, self._reference.settings)

    def _id(self, original: ParsedFile) -> str:
        identifier = original.id
        if original.kind == "news" and identifier in self._reference.settings.site.removed:
            self._report("id-removed", _id_place(original), value=identifier)
        if not identifier:
            self._report("id-invalid", _id_place(original), value=original.stem)
        elif "id" not in original.facts and "id" not in original.unread_facts:
            found = problem("id-missing", _id_place(original), value=identifier)
            mailed = original.kind == "news" and self._reference.settings.digests
            self.problems.append(replace(found, raised=Severity.WARNING) if mailed else found)
        return identifier

    def _claims(self, content: Content, original: ParsedFile) -> IdClaims:
        return IdClaims(
            original.kind,
            content.id,
            _id_place(original),
            original.path,
            [*_addresses(content, self._reference.settings.site.story_url)],
            {
                parsed.path: {find_link_name(parsed.path, target) for target in _targets(parsed)} - {""}
                for parsed in self._group
            },
            {parsed.path: links for parsed in self._group if (links := self._own_links(parsed))},
            _authors(content, original),
            bool(content.assets) or any(item.aliases for item in content.items.values()),
            {parsed.path: placed for parsed in self._group if (placed := self._place_links(parsed))},
            {parsed.path: parsed.anchors for parsed in self._group if parsed.anchors},
            [
                (item.guid, Location(item.path, item.guid_line))
                for item in content.items.values()
                if item.guid
            ],
        )

    def _own_links(self, parsed: ParsedFile) -> tuple[Link, ...]:
        base = self._reference.settings.site.base_url
        return tuple([link for link in parsed.links if strip_base_url(link.target, base) is not None])

    def _place_links(self, parsed: ParsedFile) -> tuple[PlaceLink, ...]:
        return tuple(
            [
                PlaceLink(link, target.text)
                for link, target in zip(parsed.links, self._targets_of(parsed), strict=True)
                if target.text and target.anchor
            ]
        )

    # -- facts ---------------------------------------------------------------------------------

    def _with_files(self, original: ParsedFile, facts: dict[str, Any]) -> dict[str, Any]:
        """Return facts that name files, with the files' paths in the site and their sizes."""
        if image := facts.get("image"):
            facts["image"] = self._file(original, "image", image)
        facts["enclosures"] = tuple(
            replace(one, path=path, size=self._reference.assets[path].size)
            for one in facts.get("enclosures", ())
            if (path := self._file(original, "enclosures", one.path))
        )
        return facts

    def _file(self, original: ParsedFile, key: str, name: str) -> str:
        path = self._reference.links.find_asset(original.path, name)
        if not path:
            self._report_missing("enclosure-missing", original.facts[key].at(name), original, name)
        return path

    def _report_missing(
        self, code: str, where: Location, parsed: ParsedFile, name: str, more: Iterable[str] = ()
    ) -> None:
        """Report a name that nothing bears, or looks like one. ``more``: names to suggest."""
        beside = self._names_beside(parsed)
        several = split_list(name) if code == "enclosure-missing" else ()
        if several[1:] and all(self._reference.links.find_asset(parsed.path, one) for one in several):
            self.problems.append(propose(problem(code, where, value=name), f"[{', '.join(several)}]"))
        elif meant := guess_address(name, self._reference.settings.site.base_url):
            self.problems.append(propose(problem(code, where, value=name), meant))
        elif other := find_look_alike(name, beside):
            one, two = spell_difference(name, other)
            self._report("name-look-alike", where, value=name, other=other, one=one, two=two)
        else:
            self._report(code, where, [*beside, *more], value=name)

    # -- files and links -----------------------------------------------------------------------

    def _published(self, kind: str, identifier: str, folder: str) -> dict[str, str]:
        """Return the files this content publishes: its image, its enclosures, what its texts link to."""
        used = {path for parsed in self._group for path, _ in self._files_of(parsed)}
        return {path: urls.asset_path(kind, identifier, folder, path) for path in sorted(used)}

    def _files_of(self, parsed: ParsedFile) -> Iterator[tuple[str, Location]]:
        """Yield the files that a text publishes, each with the place that names it."""
        find = self._reference.links.find_asset
        for key in ("image", "enclosures"):
            fact = parsed.facts.get(key)
            names = (
                () if fact is None else (fact.value,) if key == "image" else [one.path for one in fact.value]
            )
            for name in names:
                if fact is not None and (path := find(parsed.path, name)):
                    yield path, fact.where
        for link, target in zip(parsed.links, self._targets_of(parsed), strict=True):
            if target.asset:
                yield target.asset, Location(parsed.path, link.line, link.column)

    def _targets_of(self, parsed: ParsedFile) -> list[LinkTarget]:
        """Return the targets of its links: found once, asked for what it publishes and what is broken."""
        if parsed.path not in self._targets:
            self._targets[parsed.path] = [self._target_of(parsed, link) for link in parsed.links]
        return self._targets[parsed.path]

    def _target_of(self, parsed: ParsedFile, link: Link) -> LinkTarget:
        if link.is_image and (scheme := find_link_only_scheme(link.target)):
            return LinkTarget(bad_scheme=scheme)
        return self._reference.links.find(parsed.path, parsed.lang, link.target)

    def _names_beside(self, parsed: ParsedFile) -> list[str]:
        folder = str(PurePosixPath(parsed.path).parent) + "/"
        return [path.removeprefix(folder) for path in self._reference.assets if path.startswith(folder)]

    # -- what it refers to ---------------------------------------------------------------------

    def check_references(self, library: Library) -> None:
        """Hold what its files refer to against all projects and programmes, texts and assets."""
        self._check_files()
        for parsed in self._group:
            self._check_links(parsed)
            self.problems += check_unseen_links(parsed, self._reference.links)
            self._check_ids(parsed, "projects", library.projects, "project-unknown")
            if "programmes" in parsed.facts or "programme" in parsed.facts:
                programmes = [*self._reference.settings.programmes, *library.programmes]
                self._check_ids(parsed, "programmes", programmes, "programme-unknown")
                self._check_ids(parsed, "programme", programmes, "programme-unknown")

    def _check_files(self) -> None:
        """Look at each file that the texts bring along once, at the first place that names it."""
        limits, checked = self._reference.settings.limits, set[str]()
        for parsed in sorted(self._group, key=lambda one: "date" not in one.facts):
            for path, where in self._files_of(parsed):
                if path not in checked:
                    found = check_asset(self._reference.assets[path], where, limits)
                    self.problems += [found] if found else []
                    checked.add(path)

    def _check_links(self, parsed: ParsedFile) -> None:
        told = 0
        for link, found in zip(parsed.links, self._targets_of(parsed), strict=True):
            needs_alt = link.is_image and not link.alt.strip()
            if found.outside and link.target.startswith(("//", "?")):
                self._report_half_address(Location(parsed.path, link.line, link.column), link.target)
            if (found.outside or found.asset or found.text) and not needs_alt:
                continue
            where = Location(parsed.path, link.line, link.column)
            if found.bad_scheme:
                allowed = () if link.is_image else self._reference.settings.links.allow
                known = ", ".join(sorted({*SAFE_SCHEMES, *allowed}))
                trouble = problem("link-scheme", where, value=found.bad_scheme, known=known)
                self.problems.append(propose(trouble, guess_target(found.bad_scheme, link.target)))
            elif found.candidates:
                names = ", ".join(found.candidates)
                self._report("link-ambiguous", where, value=unquote(link.target), known=names)
            elif not (found.outside or found.asset or found.text):
                if self._reference.is_unread(find_link_name(parsed.path, link.target)):
                    continue
                told += 1
                if told <= MOST_OF_KIND:
                    texts = (PurePosixPath(path).name for path in self._reference.texts)
                    self._report_missing("link-broken", where, parsed, unquote(link.target), texts)
                else:  # to look for names that are alike takes long, and no report shows more
                    self._report("link-broken", where, value=unquote(link.target))
            if needs_alt:
                self._report("alt-missing", where)

    def _report_half_address(self, where: Location, target: str) -> None:
        """Report an address that lacks its beginning: a feed reader or a mail has no page to take it from."""
        code = "link-half" if target.startswith("//") else "link-query"
        self._report(code, where, value=target, example=f"https:{target}")

    def _check_ids(self, parsed: ParsedFile, key: str, known: Collection[str], code: str) -> None:
        fact = parsed.facts.get(key)
        if fact is None:
            return
        for value in (fact.value,) if isinstance(fact.value, str) else fact.value:
            if value and value not in known and not self._reference.is_unread_id(key, value):
                names = sorted(known)
                found = problem(code, fact.at(value), names, value=value, known=", ".join(names) or "–")
                entries = split_list(value)
                meant = f"[{', '.join(entries)}]" if set(entries) <= set(known) and entries[1:] else ""
                self.problems.append(propose(found, meant))

    def _report(
        self, code: str, where: Location, known: Iterable[str] | None = None, /, **params: object
    ) -> None:
        self.problems.append(problem(code, where, known, **params))


def _beside_original(item: Item, original: Item) -> Item:
    """Return an item with the original's film when it has none of its own, and how it stands to that text."""
    if original.video and not item.video:
        item = replace(item, video=original.video)
    return replace(item, is_outdated=True) if item.source and is_outdated(item, original) else item


def _id_place(original: ParsedFile) -> Location:
    given = original.facts.get("id")
    return given.where if given else Location(original.path)


def _authors(content: Content, original: ParsedFile) -> tuple[tuple[str, Location], ...]:
    if not isinstance(content, Story):
        return ()
    return tuple((name, original.facts["authors"].at(name)) for name in content.authors)


def _targets(parsed: ParsedFile) -> Iterator[str]:
    """Yield everything by which a file names another: links, seen or not, and enclosures."""
    yield from (link.target for link in parsed.links)
    yield from (link.target for link in parsed.unseen_links)
    if "enclosures" in parsed.facts:
        yield from (enclosure.path for enclosure in parsed.facts["enclosures"].value)


def _addresses(content: Content, form: str) -> Iterator[tuple[str, str]]:
    for lang, item in content.items.items():
        if isinstance(content, Story):
            yield urls.story_path(form, lang, content.date, item.slug), item.path
        elif isinstance(content, StaticPage):
            yield urls.static_page_path(lang, item.slug), item.path
