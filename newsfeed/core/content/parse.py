"""One content file → one item, its facts, and everything that is wrong with it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content import frontmatter
from newsfeed.core.content.aliases import ALIASES_KEY as ALIASES
from newsfeed.core.content.aliases import read_aliases
from newsfeed.core.content.conflicts import find_conflicts
from newsfeed.core.content.facts import FACT_READERS, PLACED_FACTS, Fact, FactReader, Vocabulary
from newsfeed.core.content.fields import FieldReader
from newsfeed.core.content.file_names import compose, find_untypable, make_plain
from newsfeed.core.content.languages import canonicalise_tag
from newsfeed.core.content.misnamed import looks_like_text, make_text_name
from newsfeed.core.content.paragraphs import note_paragraphs
from newsfeed.core.content.slugs import SLUG, derive_id, is_slug, make_slug
from newsfeed.core.content.sniffing import HEAD_BYTES, LFS_POINTER, sniff_media_type
from newsfeed.core.content.source_text import SourceText, decode_source, name_code_point
from newsfeed.core.content.translation_draft import find_untranslated
from newsfeed.core.content.value_guesses import guess_slug
from newsfeed.core.site import urls
from newsfeed.marking import FileSize
from newsfeed.model import Item, Link, RawFile, UnseenTarget
from newsfeed.problems import Location, Problem, problem, propose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from newsfeed.settings import Settings

TEXT_KEYS = ("title", "summary", "slug", ALIASES, "image_alt", "image_caption", "source")
"""What a translation carries; everything else is a fact."""

NEWS_TEXT_KEYS = ("guid", "translators", "video")
"""Those of stories only."""
_ID_KEY = "id"
_KEYS = {kind: (*TEXT_KEYS, _ID_KEY, *readers) for kind, readers in FACT_READERS.items()}
_KEYS["news"] += NEWS_TEXT_KEYS
_NO_FACTS: Mapping[str, Fact] = {}
"""Those of most translations: one for all."""
_canonical = lru_cache(canonicalise_tag)


def keys_of(kind: str) -> tuple[str, ...]:
    """Return the keys that a front matter of a kind of content may have."""
    return _KEYS[kind]


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The content of one file, before it is joined with its translations."""

    path: str
    kind: str
    """Content folder: one of `newsfeed.config.site_layout.CONTENT_KINDS`."""
    stem: str
    """Path without language and ending: the same for all translations of a text."""
    lang: str
    body: str = ""
    body_line: int = 1
    item: Item | None = None
    """``None`` when the file is too broken to be shown."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Line and column of ``source`` and of the words about the image."""
    links: tuple[Link, ...] = ()
    """What its text points to; only while the site is checked."""
    unseen_links: tuple[UnseenTarget, ...] = ()
    """Links that Markdown does not see."""
    anchors: frozenset[str] = frozenset()
    """The ids in its text."""
    unread_facts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Facts that are there but could not be read, so that nobody calls them missing → line and column."""

    @property
    def id(self) -> str:
        """Return the id that it gives its content, else the one made of its path."""
        return str(self.facts["id"].value) if "id" in self.facts else derive_id(self.stem)


class UnreadFile(NamedTuple):
    """A file that cannot be read, or whose name is wrong: that is told, and nothing that follows from it."""

    path: str
    stems: tuple[str, ...]
    """Texts that it may be a language of."""
    id: str
    """The id it seems to have; empty when none can be seen."""
    is_empty: bool
    """It has no words, which is a warning; that its text cannot be published is not told yet."""


def note_unread(raw: RawFile) -> UnreadFile:
    """Return what can be told of a file from which `parse_file` made nothing."""
    found = _ID_LINE.search((raw.data or b"")[:_HEAD_BYTES])
    empty = raw.data is not None and not raw.data.removeprefix(b"\xef\xbb\xbf").strip()
    return UnreadFile(raw.path, guess_stems(raw.path), found[1].decode() if found else "", empty)


def guess_stems(path: str) -> tuple[str, ...]:
    """Return the stems that a file may have been meant for, whatever its language and ending are called.

    ``news/2026/sun-en.txt`` → ``news/2026/sun-en``, ``news/2026/sun``.
    """
    bare = _ENDINGS.sub("", path)
    stems = (bare, _LANGUAGE_END.sub("", bare))
    return tuple(dict.fromkeys(stem.removesuffix("/index") for stem in stems))


_ID_LINE = re.compile(rb"^[ \t]*id[ \t]*[:=][ \t]*[\"']?([a-z0-9-]+)[\"']?[ \t\r]*$", re.MULTILINE)
_HEAD_BYTES = 10_000
_ENDINGS = re.compile(
    r"(?:\.(?:md|markdown|mdown|mkd|txt|text|html?|docx?|odt|rtf|bak|orig))+$", re.IGNORECASE
)
_LANGUAGE_END = re.compile(r"[._-][A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?$")


def parse_file(
    raw: RawFile, settings: Settings, vocabulary: Vocabulary
) -> tuple[ParsedFile | None, list[Problem]]:
    """Read one file. ``None`` when it is empty, unreadable, or no text of an edition."""
    limit = FileSize(settings.limits.file_size)
    if raw.size > limit:
        return None, [problem("file-too-large", Location(raw.path), size=FileSize(raw.size), limit=limit)]
    if raw.data is None:
        return None, [problem(raw.trouble or "unreadable", Location(raw.path), reason=raw.reason)]
    content_path, problems = parse_content_path(
        raw.path, settings.site.languages, settings.site.default_language
    )
    if content_path is None:
        return None, problems
    source, problems = _decode(raw.path, raw.data)
    if source is None:
        return None, problems
    head, head_problems = frontmatter.parse_front_matter(source)
    problems += head_problems
    if head is None:
        return None, problems
    parsed, head_problems = _parse_head(raw, content_path, source, head, settings, vocabulary)
    return parsed, problems + head_problems


def _decode(path: str, data: bytes) -> tuple[SourceText | None, list[Problem]]:
    """Return the text of a file; ``None`` when there is none, or what stands there is not all an editor's."""
    if sniff_media_type(data[:HEAD_BYTES]) == LFS_POINTER:
        return None, [problem("git-lfs", Location(path), name=PurePosixPath(path).name)]
    source, problems = decode_source(path, data)
    if source is None:
        return None, problems
    if not source.text.strip():
        return None, [*problems, problem("file-empty", Location(path))]
    if conflicts := find_conflicts(source):
        return None, [*problems, *conflicts]
    return source, [*problems, *_check_name(path)]


@dataclass(frozen=True, slots=True)
class ContentPath:
    """The parts of a content file's path: its kind, its stem and its language."""

    kind: str
    stem: str
    lang: str


def parse_content_path(
    path: str, languages: Collection[str], example: str
) -> tuple[ContentPath | None, list[Problem]]:
    """Read kind, stem and language from ``news/2010/slug.de.md`` or ``news/2010/slug/index.de.md``."""
    folder, _, file = path.rpartition("/")
    name, _, code = file.removesuffix(".md").rpartition(".")
    if not name:
        suggestion = f"{file.removesuffix('.md')}.{example}.md"
        trouble = problem("file-name", Location(path), name=file, example=suggestion)
        return None, [trouble]
    lang = _canonical(code)
    if lang not in languages and looks_like_text(f"{folder}/{name}.{code}"):  # two endings
        trouble = problem(
            "file-name", Location(path), name=file, example=make_text_name(file, languages, example)
        )
        return None, [trouble]
    if lang not in languages:
        known = ", ".join(languages)
        trouble = problem("language-unknown", Location(path), languages, value=code, known=known)
        return None, [trouble]
    stem = compose(folder if name == "index" else f"{folder}/{name}")
    return ContentPath(folder.partition("/")[0], stem, lang), []


def _check_name(path: str) -> list[Problem]:
    """Return what is wrong with a name that nobody can type."""
    char = find_untypable(path)
    if not char:
        return []
    name = PurePosixPath(path).name
    example = make_plain(path if find_untypable(name) == "" else name)
    return [
        problem(
            "name-untypable", Location(path), character=f"{char} ({name_code_point(char)})", example=example
        )
    ]


def _parse_head(
    raw: RawFile,
    content_path: ContentPath,
    source: SourceText,
    head: frontmatter.FrontMatter,
    settings: Settings,
    vocabulary: Vocabulary,
) -> tuple[ParsedFile, list[Problem]]:
    fields = FieldReader(source, head.fields, settings.site.timezone)
    readers = FACT_READERS[content_path.kind]
    fields.refuse_unknown(_KEYS[content_path.kind])
    given = [key for key in (*readers, _ID_KEY) if key in head.fields]
    facts = _facts(given, fields, readers, vocabulary, content_path.lang) if given else _NO_FACTS
    item = note_paragraphs(_item(raw, content_path, head, fields, settings), content_path.kind, head)
    parsed = ParsedFile(
        path=raw.path,
        kind=content_path.kind,
        stem=content_path.stem,
        lang=content_path.lang,
        body=head.body,
        body_line=head.body_line,
        item=item,
        facts=facts,
        places=_places(fields, ("source", "image_alt", "image_caption")),
        unread_facts={
            **_misspelt_facts(fields, readers),
            **_places(fields, [key for key in given if key not in facts]),
        },
    )
    return parsed, fields.problems


def _facts(
    given: Iterable[str],
    fields: FieldReader,
    readers: Mapping[str, FactReader],
    vocabulary: Vocabulary,
    lang: str,
) -> dict[str, Fact]:
    facts = {}
    for key in given:
        value = (_id(fields, lang) or None) if key == _ID_KEY else readers[key](fields, vocabulary)
        if value is not None:
            places = fields.places(key) if key in PLACED_FACTS else ()
            facts[key] = Fact(value, fields.where(key), places)
    return facts


def _misspelt_facts(fields: FieldReader, readers: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return the facts that unknown keys were probably meant to be, so that nobody calls these missing."""
    return {
        one.suggestion: (one.where.line, one.where.column)
        for one in fields.problems
        if one.code == "key-unknown" and one.suggestion in readers
    }


def _places(fields: FieldReader, keys: Iterable[str]) -> dict[str, tuple[int, int]]:
    return {key: ((where := fields.where(key)).line, where.column) for key in keys}


def _item(
    raw: RawFile,
    content_path: ContentPath,
    head: frontmatter.FrontMatter,
    fields: FieldReader,
    settings: Settings,
) -> Item | None:
    title = _title(fields, settings.limits.title_length)
    summary = fields.text("summary")
    if len(summary) > settings.limits.summary_length:
        limit = settings.limits.summary_length
        fields.report("summary-too-long", "summary", length=len(summary), limit=limit)
    slug = _slug(fields, content_path)
    source = fields.text("source")
    image_alt = fields.text("image_alt")
    image_caption = fields.text("image_caption")
    aliases = read_aliases(fields)
    if not head.body.strip() and "withdrawn" not in fields:
        fields.report("text-missing", "")
    for line in find_untranslated(head.body, content_path.lang) if "<!-- " in head.body else ():
        fields.problems.append(problem("paragraph-untranslated", fields.at(head.body_line + line, 1)))
    guid = fields.text("guid", "guid: https://old.example.org/?p=12") if "guid" in fields else ""
    if guid and not urls.is_iri(guid):
        fields.report("guid-no-address", "guid", value=guid)
    translators = fields.texts("translators", "translators: [Regina Drexel]")
    fields.suspect_list("translators")
    video = fields.web_address("video", "video: https://video.example.org/watch/12")
    if not title:
        return None
    assert raw.data is not None
    return Item(
        path=raw.path,
        lang=content_path.lang,
        title=title,
        summary=summary,
        slug=slug,
        fingerprint=compute_fingerprint(raw.data),
        text_fingerprint=compute_fingerprint("\0".join((title, summary, head.body)).encode()),
        source=source,
        image_alt=image_alt,
        image_caption=image_caption,
        aliases=aliases,
        guid=guid,
        guid_line=fields.where("guid").line,
        translators=tuple(dict.fromkeys(one.text for one in translators)),
        video=video,
    )


def compute_fingerprint(data: bytes) -> str:
    """Return a short, collision-proof hash of some bytes; it is not a secret."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def _title(fields: FieldReader, limit: int) -> str:
    title = fields.text("title", "title: …")
    misspelt = any(one.code == "key-unknown" and one.suggestion == "title" for one in fields.problems)
    if "title" not in fields and not misspelt:
        fields.report("key-missing", "title", key="title")
    if len(title) > limit:
        fields.report("title-too-long", "title", length=len(title), limit=limit)
    return title


def _slug(fields: FieldReader, content_path: ContentPath) -> str:
    slug = fields.text("slug", "slug: solar-training")
    if slug and not is_slug(slug):
        found = problem("slug-invalid", fields.where("slug"), value=slug)
        fields.problems.append(propose(found, guess_slug(slug, content_path.lang)))
    name = content_path.stem.rpartition("/")[2]
    return slug or (name if is_slug(name) else make_slug(name))


def _id(fields: FieldReader, lang: str) -> str:
    identifier = fields.text(_ID_KEY, "id: solar-training")
    if identifier and not is_slug(identifier):
        found = problem("id-invalid", fields.where(_ID_KEY), value=identifier)
        fields.problems.append(propose(found, guess_slug(identifier, lang)))
        return ""
    return identifier if SLUG.fullmatch(identifier) else ""
