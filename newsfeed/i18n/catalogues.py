"""PO files → `newsfeed.i18n.texts.Catalogue` values and `CatalogueTexts`, with the problems of the files."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.pofile import PoFileError, read_po

from newsfeed.core.content.sniffing import HEAD_BYTES, LFS_POINTER, sniff_media_type
from newsfeed.errors import reason_of
from newsfeed.files import open_file, read_file
from newsfeed.i18n.texts import Catalogue, CatalogueTexts, MessageKey, is_source_language
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from babel.messages.catalog import Catalog, Message

    from newsfeed.settings import Settings

PROGRAM_DOMAIN = "newsfeed"
"""gettext domain of what readers see."""
NAMES_DOMAIN = "site"
"""gettext domain of the site's own vocabulary."""
PROBLEMS_DOMAIN = "problems"
"""gettext domain of what editors and operators see in their terminal."""

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def catalogue_path(code: str, domain: str) -> str:
    """Return the path of a language's catalogue below a locales folder."""
    return f"{code.replace('-', '_')}/LC_MESSAGES/{domain}.po"


def load_texts(
    settings: Settings, site_locales: Path, shipped_locales: Path
) -> tuple[dict[str, CatalogueTexts], list[Problem]]:
    """Load the texts of every edition; the site's own catalogues win over the shipped ones by entry."""
    problems: list[Problem] = []
    texts = {}
    needed = _message_ids(shipped_locales / f"{PROGRAM_DOMAIN}.pot")
    folders = (shipped_locales, site_locales)
    codes = dict.fromkeys(code for language in settings.editions for code in language.chain)
    programs = {code: _program(folders, code) for code in codes}
    for language in settings.editions:
        code = language.code
        program, program_problems = programs[code]
        names, name_problems = read_catalogue(site_locales, code, NAMES_DOMAIN)
        problems += [*program_problems, *name_problems]
        if not is_source_language(code):
            problems += _gaps(folders, code, needed, program, program_problems)
        if code != settings.site.default_language:
            lines = {} if names is None or name_problems else _lines(site_locales, code, NAMES_DOMAIN)
            problems += _unnamed(settings, code, names or Catalogue(), lines)
        stand_ins = [(other, programs[other][0] or Catalogue()) for other in language.chain[1:]]
        texts[code] = CatalogueTexts(
            language, program or Catalogue(), names or Catalogue(), settings, stand_ins
        )
    return texts, problems


def _program(folders: Iterable[Path], code: str) -> tuple[Catalogue | None, list[Problem]]:
    """Return the sentences of a language from all folders; the last one's win. ``None``: there are none."""
    found = [read_catalogue(folder, code, PROGRAM_DOMAIN) for folder in folders]
    catalogues = [catalogue for catalogue, _ in found if catalogue is not None]
    program = None
    for catalogue in catalogues:
        program = catalogue if program is None else program.merged(catalogue)
    return program, [reported for _, problems in found for reported in problems]


def read_catalogue(locales: Path, code: str, domain: str) -> tuple[Catalogue | None, list[Problem]]:
    """Read one PO file; a regional code (``de-CH``) falls back to its language. ``None`` when not there."""
    catalogue_file = _find(locales, code, domain)
    if catalogue_file is None:
        return None, []
    candidate, path = catalogue_file
    return _read_file(path, f"locales/{catalogue_path(candidate, domain)}", candidate)


def _find(locales: Path, code: str, domain: str) -> tuple[str, Path] | None:
    for candidate in dict.fromkeys((code, _base(code))):
        path = locales / catalogue_path(candidate, domain)
        if path.exists() and not path.is_dir():
            return candidate, path
    return None


def _base(code: str) -> str:
    return code.split("-", maxsplit=1)[0]


def _read_file(path: Path, shown: str, code: str) -> tuple[Catalogue, list[Problem]]:
    try:
        data = read_file(path)
        if sniff_media_type(data[:HEAD_BYTES]) == LFS_POINTER:
            return Catalogue(), [problem("git-lfs", Location(shown), name=path.name)]
        catalog = read_po(BytesIO(data), locale=code.replace("-", "_"), abort_invalid=True)
        Catalogue(plural=str(catalog.plural_expr)).form(1)
    except OSError as error:
        return Catalogue(), [problem("unreadable", Location(shown), reason=str(reason_of(error)))]
    except (PoFileError, LookupError, ValueError) as error:
        line = getattr(error, "lineno", None)  # from 0, and so is the number in its text
        reason = str(error).removesuffix(f" on {line}")
        where = Location(shown, 1 if line is None else line + 1)
        return Catalogue(), [problem("catalogue-syntax", where, reason=reason)]
    problems: list[Problem] = []
    messages: dict[MessageKey, tuple[str, ...]] = {}
    for message in catalog:
        if not message.id:
            continue
        problems += _check_message(message, catalog, shown)
        if not message.fuzzy and any(_forms(message)):
            messages[_key(message)] = _forms(message)
    return Catalogue(messages, str(catalog.plural_expr)), problems


def _check_message(message: Message, catalog: Catalog, shown: str) -> list[Problem]:
    where = Location(shown, message.lineno or 1)
    text = _key(message)[1]
    if message.fuzzy:
        return [problem("catalogue-fuzzy", where, value=text)]
    forms = _forms(message)
    if not any(forms):
        return []
    problems = []
    if message.pluralizable and (len(forms) != catalog.num_plurals or not all(forms)):
        found = sum(1 for form in forms if form)
        expected = catalog.num_plurals
        problems.append(problem("catalogue-plural", where, value=text, found=found, expected=expected))
    wanted = _placeholders(_ids(message))
    for index, form in enumerate(forms):
        # A singular may say "one" in words, so it may leave its number out.
        given, optional = _placeholders([form]), _numbers(message, index)
        if form and not (wanted - optional <= given <= wanted):
            known = ", ".join(sorted(wanted)) or "–"
            problems.append(problem("catalogue-placeholder", where, value=text, known=known))
            break
    return problems


def _numbers(message: Message, index: int) -> set[str]:
    """Return the placeholders a plural form may leave out: the number, in the form for one."""
    if not message.pluralizable or index != 0:
        return set()
    return _placeholders(_ids(message)) - _placeholders(_ids(message)[:1]) | {"num", "number", "count"}


def _ids(message: Message) -> Sequence[str]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _key(message: Message) -> MessageKey:
    return (message.context or "", _ids(message)[0])


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _placeholders(texts: Iterable[str]) -> set[str]:
    return {match[1] or match[2] for text in texts for match in _PLACEHOLDER.finditer(text)}


def _message_ids(template: Path) -> Sequence[MessageKey]:
    if not template.is_file():
        return ()
    with template.open("rb") as file:
        return [_key(message) for message in read_po(file) if message.id]


def _lines(locales: Path, code: str, domain: str) -> dict[MessageKey, int]:
    """Return the line of each message in a language's catalogue; nothing of a damaged one, which is told."""
    catalogue_file = _find(locales, code, domain)
    if catalogue_file is None:
        return {}
    try:
        with open_file(catalogue_file[1]) as file:
            catalog = read_po(file, abort_invalid=True)
    except (PoFileError, LookupError, ValueError):
        return {}
    return {_key(message): message.lineno or 1 for message in catalog if message.id}


def _gaps(
    folders: Iterable[Path],
    code: str,
    needed: Sequence[MessageKey],
    program: Catalogue | None,
    reported: Sequence[Problem],
) -> list[Problem]:
    """Report the sentences that a language lacks, in one problem at the first of them."""
    path = f"locales/{catalogue_path(code, PROGRAM_DOMAIN)}"
    if program is None:
        return [problem("catalogue-missing", Location(path), value=code, path=path)]
    if any(one.code in ("catalogue-syntax", "git-lfs", "unreadable") for one in reported):
        return []
    told = {dict(one.params)["value"] for one in reported}
    gaps = [key for key in needed if not any(program.messages.get(key, ())) and key[1] not in told]
    if not gaps:
        return []
    lines: dict[MessageKey, int] = {}
    for folder in folders:
        lines |= _lines(folder, code, PROGRAM_DOMAIN)
    first = min(gaps, key=lambda key: lines.get(key, len(needed) * 1000))
    where = Location(path, lines.get(first, 1))
    return [problem("catalogue-incomplete", where, value=first[1], count=len(gaps), total=len(needed))]


def _unnamed(
    settings: Settings, code: str, names: Catalogue, lines: Mapping[MessageKey, int]
) -> Iterator[Problem]:
    """Report each name without a translation. ``lines``: where the entries of the catalogue stand."""
    path = f"locales/{catalogue_path(code, NAMES_DOMAIN)}"
    for context, name in list_names(settings):
        if not any(names.messages.get((context, name), ())):
            where = Location(path, lines.get((context, name), 1))
            yield problem("name-untranslated", where, value=name, path=path, context=context)


def list_names(settings: Settings) -> list[tuple[str, str]]:
    """Return (context, name) of everything in the configuration that has a name in every language."""
    vocabulary: Mapping[str, Mapping[str, str]] = {
        "topic": settings.topics,
        "donor": settings.donors,
        "partner": settings.partners,
        "programme": settings.programmes,
        "country": settings.countries,
        "author": settings.authors,
    }
    return [(context, name) for context, table in vocabulary.items() for name in table.values()]
