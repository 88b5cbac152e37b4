"""Bring bodies over: HTML becomes Markdown, links lead to the texts' new files, pictures get words."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.core.arriving.addresses import key_of_url
from newsfeed.core.arriving.compose import ArrivingText, one_line
from newsfeed.core.arriving.moved_text import Doubt
from newsfeed.core.arriving.references import ReferenceFinder
from newsfeed.core.arriving.shortcodes import count_shortcodes, put_into_words
from newsfeed.core.arriving.targets import replace_targets
from newsfeed.core.content.facts import guess_media_type
from newsfeed.editorial.arriving.html_to_markdown import ConvertedBody, convert_html, words_of_file_name
from newsfeed.editorial.arriving.travelling_files import absolute
from newsfeed.editorial.arriving.words import plain_text
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsfeed.core.arriving.moved_text import Destination, MovedFile, MovedText
    from newsfeed.editorial.arriving.move_in import Archive, MoveContext
    from newsfeed.editorial.arriving.report import MoveReport
    from newsfeed.editorial.arriving.travelling_files import TravellingFiles
    from newsfeed.editorial.arriving.words import WordFinder

_REMOVED = N_("taken out, because it is not published: {names}")
_NAMELESS = N_("pictures that nobody described are called after their files: {names}")
_FLAT = N_("its HTML is too deeply nested: only the words are left")
_EMPTY = N_("it has no text")
_UNTITLED = N_("it has no title; its first words serve")
_CUT_TITLE = N_("its title was too long, and is cut")
_CUT_SUMMARY = N_("its summary was too long, and is cut")
_SHORTCODES = N_("shortcodes are left in it: {names}")
_UNCLEAR_REFERENCES = N_("references to texts that are not moved, or not one alone, are words now: {names}")
_PICTURE_AWAY = N_("its picture stays where it is: {target}")
_NO_ALT = re.compile(r"!\[\s{0,9}\](?=\(\s{0,9}<?([^\s<>()]{1,2000}))")
_WHOLE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_TEXT_ENDINGS = (".md", ".markdown", ".rst", ".html", ".htm")
_TITLE_WORDS = 80
_BRACKETS = str.maketrans("", "", "[]")


class BodyMover:
    """Moves bodies; knows where all texts of the archive go, so that links between them hold."""

    def __init__(
        self,
        archive: Archive,
        texts: Sequence[MovedText],
        destinations: Mapping[int, Destination],
        files: TravellingFiles,
        context: MoveContext,
    ) -> None:
        self._archive = archive
        self._files = files
        self._folder = context.folder
        self._limits = context.settings.limits
        self._topics = context.settings.topics
        self._destinations = destinations
        self._by_url = {
            key_of_url(absolute(texts[number], url, archive.base_url)): found.path
            for number, found in destinations.items()
            for url in texts[number].urls
        }
        self._originals = {found.story: number for number, found in destinations.items() if found.is_original}
        self._texts = texts
        self._references = ReferenceFinder(texts, destinations)
        self._by_origin = {texts[number].origin: found.path for number, found in destinations.items()}

    def move(self, number: int, text: MovedText, words: WordFinder, report: MoveReport) -> ArrivingText:
        """Return a text in our words. What is doubtful goes into the report."""
        destination = self._destinations[number]
        unclear: dict[str, None] = {}
        body = put_into_words(text.body, lambda path: self._referred(text, path, unclear))
        shortcodes = count_shortcodes(body)
        converted = convert_html(body) if text.is_html else _with_words_for_pictures(body)
        report.shortcodes.update(shortcodes)
        markdown = replace_targets(
            converted.markdown, lambda target: self._new_target(number, text, target, destination.path)
        )
        image, alt = self._image(number, text, destination)
        markdown = "\n\n".join([*self._picture_above(text, image), markdown, *self._downloads(number, text)])
        settled, doubts = self._settle(text, markdown)
        names: list[tuple[str, Iterable[str]]] = [
            (_SHORTCODES, shortcodes),
            (_UNCLEAR_REFERENCES, unclear),
            (_REMOVED, converted.removed),
            (_NAMELESS, converted.nameless),
        ]
        doubts += [Sentence(sentence, names=", ".join(found)) for sentence, found in names if found]
        doubts += [Sentence(_FLAT)] if converted.is_flat else []
        if not image and text.image is not None:
            doubts.append(Sentence(_PICTURE_AWAY, target=text.image.target))
        doubts += self._files.failures
        self._files.failures.clear()
        report.doubts += [Doubt(text.origin, sentence) for sentence in doubts]
        return ArrivingText(
            text=settled,
            destination=destination,
            body=markdown,
            topics=self._known_topics(text, words, report),
            authors=[name for one in text.authors if (name := one_line(words.author(one)))],
            image=image,
            image_alt=alt,
            enclosures=list(self._enclosures(number, text, destination)),
        )

    def _settle(self, text: MovedText, markdown: str) -> tuple[MovedText, list[Sentence]]:
        """Return a text with title and summary as the site wants them, and what is doubtful of it."""
        doubts = []
        title = one_line(text.title)
        summary = one_line(plain_text(text.summary))
        if not title:
            title = (
                one_line(re.sub(r"[#*_`\[\]\\>!-]", "", markdown), _TITLE_WORDS) or text.guid or text.origin
            )
            doubts.append(Sentence(_UNTITLED))
        if len(title) > self._limits.title_length:
            title = one_line(title, self._limits.title_length)
            doubts.append(Sentence(_CUT_TITLE))
        if len(summary) > self._limits.summary_length:
            summary = one_line(summary, self._limits.summary_length)
            doubts.append(Sentence(_CUT_SUMMARY))
        if not markdown.strip():
            doubts.append(Sentence(_EMPTY))
        return replace(text, title=title, summary=summary, body=""), doubts

    def _new_target(self, number: int, text: MovedText, target: str, path: str) -> str:
        """Return where a link or picture of a text leads from its new file."""
        if target.startswith("#") or not target:
            return target
        if name := self._files.name_of(number, target, path):
            return quote(name)
        bare, sign, anchor = target.partition("#")
        other = self._by_origin.get(self._archive.find(text.origin, bare)) or self._by_url.get(
            key_of_url(absolute(text, bare, self._archive.base_url))
        )
        if other:
            relative = posixpath.relpath(other, posixpath.dirname(path))
            return relative + sign + anchor
        if _WHOLE.match(target):
            return target
        if in_site := self._in_site(text.origin, bare):
            return posixpath.relpath(in_site, posixpath.dirname(path)) + sign + anchor
        return quote(absolute(text, target, self._archive.base_url), safe="%/:?#[]@!$&'()*+,;=~")

    def _referred(self, text: MovedText, path: str, unclear: dict[str, None]) -> str:
        """Return where a reference of a text to another leads, as a target within the archive; what is
        unclear is noted.
        """
        bare, sign, anchor = path.partition("#")
        found = self._archive.find(text.origin, bare) if bare else text.origin
        if not bare or (found and found not in self._by_origin and not found.endswith(_TEXT_ENDINGS)):
            return path  # a place in the text itself, or a file to take along
        origin = found if found in self._by_origin else self._references.find(text, bare)
        if not origin:
            unclear[path] = None
            return ""
        return f"/{quote(origin)}{sign}{anchor}"

    def _in_site(self, origin: str, target: str) -> str:
        """Return the file of the site that a relative target means: a site that was moved out before has its
        texts where they were, below a folder for content.
        """
        folder = posixpath.dirname(origin.removeprefix("content/"))
        name = posixpath.normpath(posixpath.join(folder, unquote(target)))
        is_content = name.startswith(tuple(f"{kind}/" for kind in CONTENT_KINDS))
        return name if is_content and self._folder.has(name) else ""

    def _image(self, number: int, text: MovedText, destination: Destination) -> tuple[str, str]:
        """Return the name of the story's picture, and what it shows, if it can be in this text's words."""
        original = self._originals[destination.story]
        image = self._texts[original].image
        name = self._files.name_of(original, image.target, destination.path) if image is not None else ""
        if not name or image is None:
            return "", ""
        own = text.image.alt if text.image is not None else ""
        return name, one_line(own or image.alt) or words_of_file_name(image.target)

    def _picture_above(self, text: MovedText, image: str) -> Iterator[str]:
        """Yield the text's own picture as a part of its body, when it stays on the web."""
        if text.image is None or image:
            return
        target = absolute(text, text.image.target, self._archive.base_url)
        if target.startswith(("http://", "https://")):
            alt = one_line(text.image.alt) or words_of_file_name(target)
            yield f"!{_link(alt, target)}"

    def _enclosures(self, number: int, text: MovedText, destination: Destination) -> Iterator[dict[str, str]]:
        for enclosure in text.enclosures:
            if name := self._files.name_of(number, enclosure.target, destination.path):
                facts = {"file": name}
                if guess_media_type(name) != enclosure.media_type and "/" in enclosure.media_type:
                    facts["type"] = enclosure.media_type
                if enclosure.alt:
                    facts["title"] = one_line(enclosure.alt)
                yield facts

    def _downloads(self, number: int, text: MovedText) -> Iterator[str]:
        """Yield links to the enclosures that stay on the web."""
        for enclosure in text.enclosures:
            if not self._is_local(number, enclosure):
                target = absolute(text, enclosure.target, self._archive.base_url)
                name = one_line(enclosure.alt) or words_of_file_name(target)
                yield _link(name, target)

    def _is_local(self, number: int, enclosure: MovedFile) -> bool:
        return bool(self._files.name_of(number, enclosure.target, self._destinations[number].path))

    def _known_topics(self, text: MovedText, words: WordFinder, report: MoveReport) -> list[str]:
        topics = []
        for category in text.categories:
            topic = words.topic(category)
            report.topics[category] = topic
            if topic and topic not in self._topics:
                report.unknown_topics[topic] += 1
            elif topic:
                topics.append(topic)
        return list(dict.fromkeys(topics))


def _link(words: str, target: str) -> str:
    """Return a link in Markdown, whatever stands in its words or its target."""
    return f"[{words.translate(_BRACKETS)}](<{target.replace('>', '%3E').replace('<', '%3C')}>)"


def _with_words_for_pictures(markdown: str) -> ConvertedBody:
    """Return Markdown whose pictures all have words: those of their files, where nobody wrote any."""
    nameless: list[str] = []

    def named(found: re.Match[str]) -> str:
        nameless.append(found[1])
        return f"![{words_of_file_name(found[1])}]"

    return ConvertedBody(_NO_ALT.sub(named, markdown), nameless=tuple(nameless))
