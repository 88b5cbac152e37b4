"""Move a site out: its texts as files that Hugo reads, as an export of WordPress, and as a table."""

from __future__ import annotations

import csv
import io
import json
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from newsfeed.core.arriving.compose import FACT_KEYS, TEXT_KEYS
from newsfeed.core.arriving.targets import replace_targets
from newsfeed.core.content import frontmatter
from newsfeed.core.content.aliases import format_alias
from newsfeed.core.content.links import LinkMap
from newsfeed.core.content.source_text import decode_source
from newsfeed.core.site import urls
from newsfeed.editorial.arriving.wxr import WxrItem, write_wxr
from newsfeed.model import Story
from newsfeed.render import markdown
from newsfeed.render.bodies import with_link_slots
from newsfeed.render.link_slots import fill_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.model import Content, Item, Library
    from newsfeed.ports import Source

CONTENT = "content"
"""Hugo's own name of the folder with texts."""
_COLUMNS = (
    "id",
    "language",
    "title",
    "date",
    "updated",
    "draft",
    "address",
    "guid",
    "authors",
    "topics",
    "file",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class OutgoingFile(NamedTuple):
    """A file of what is moved out: where it goes, and its bytes."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _OutgoingText:
    """A text with all that every format says of it."""

    content: Content
    item: Item
    head: Mapping[str, Any]
    """Its front matter: key → text, list or table."""
    facts: Mapping[str, Any]
    """That of the original."""
    body: str
    page: str
    """Output path of its page."""
    address: str
    guid: str
    html: str


def move_out(
    context: ViewContext, library: Library, source: Source, now: datetime, *, generated: str
) -> Iterator[OutgoingFile]:
    """Yield all files that a site becomes.

    library: with drafts, and all that is not public; ``now``: tells what is over; ``generated``: the name of
    the program, for the export.
    """
    texts = list(_texts(context, library, source))
    site = context.index.settings.site
    yield OutgoingFile("hugo.toml", _hugo_config(context).encode())
    for text in texts:
        yield OutgoingFile(f"{CONTENT}/{text.item.path}", _hugo_file(text).encode())
    for path in sorted({path for text in texts for path in text.content.assets}):
        if path.partition("/")[0] in ("news", "pages"):
            yield OutgoingFile(f"{CONTENT}/{path}", source.read(path))
    items = [_wxr_item(text, now) for text in texts]
    language = site.default_language
    export = write_wxr(items, site.title.get(language), site.base_url, language, generated)
    yield OutgoingFile("wordpress.xml", export.encode())
    yield OutgoingFile("texts.csv", _table(texts).encode())


def _texts(context: ViewContext, library: Library, source: Source) -> Iterator[_OutgoingText]:
    settings = context.index.settings
    contents: list[Content] = [*library.stories.values(), *library.pages.values()]
    links = LinkMap.of(library, settings.links.allow)
    for content in contents:
        heads = {lang: head for lang, item in content.items.items() if (head := _head_of(source, item))}
        facts = heads[content.original].fields if content.original in heads else {}
        for lang, head in sorted(heads.items()):
            item = content.items[lang]
            language = settings.languages[lang]
            resolve = context.addresses.resolver(language, content, item, absolute=True)
            slots = with_link_slots(markdown.cleaned(head.body), context.texts[lang])
            page = _page(context, content, item)
            yield _OutgoingText(
                content=content,
                item=item,
                head={key: _plain(field.value) for key, field in head.fields.items()},
                facts={key: _plain(field.value) for key, field in facts.items()},
                body=_linked_by_path(head.body, links, item),
                page=page,
                address=context.addresses.absolute(page),
                guid=item.guid or urls.entry_id(settings.site.authority, content, lang),
                html=fill_links(slots, resolve),
            )


def _head_of(source: Source, item: Item) -> frontmatter.FrontMatter | None:
    raw = source.text(item.path)
    text, _ = decode_source(raw.path, raw.data or b"")
    return frontmatter.parse_front_matter(text)[0] if text else None


def _linked_by_path(body: str, links: LinkMap, item: Item) -> str:
    return replace_targets(body, lambda target: _by_path(links, item, target))


def _by_path(links: LinkMap, item: Item, target: str) -> str:
    """Return a link to a file of the site by its path: others know no links by name."""
    found = links.find(item.path, item.lang, target)
    file = found.text or found.asset
    if not file:
        return target
    anchor = f"#{found.anchor}" if found.anchor else ""
    return quote(posixpath.relpath(file, posixpath.dirname(item.path))) + anchor


def _page(context: ViewContext, content: Content, item: Item) -> str:
    """Return the output path of a text's page, also of one that is not public yet."""
    if not isinstance(content, Story):
        return urls.static_page_path(item.lang, item.slug)
    site = context.index.settings.site
    return urls.story_path(site.story_url, item.lang, content.date.astimezone(site.timezone), item.slug)


def _plain(value: frontmatter.FieldValue) -> object:
    """Return a value of the front matter without its places."""
    if isinstance(value, frontmatter.Scalar):
        return value.text
    if isinstance(value, frontmatter.FieldGroup):
        return {key: scalar.text for key, scalar in value.entries.items()}
    return [_plain(one) for one in value]


# -- Hugo ----------------------------------------------------------------------------------------


def _hugo_config(context: ViewContext) -> str:
    site = context.index.settings.site
    lines = [
        f"baseURL = {_quoted(site.base_url)}",
        f"title = {_quoted(site.title.get(site.default_language))}",
        f"defaultContentLanguage = {_quoted(site.default_language)}",
        "defaultContentLanguageInSubdir = true",
        *(
            f"\n[languages.{_quoted(lang)}]\nweight = {number}"
            for number, lang in enumerate(site.languages, 1)
        ),
    ]
    return "\n".join(lines) + "\n"


def _hugo_file(text: _OutgoingText) -> str:
    """Return a text as a file of Hugo's. Its head is JSON, which is YAML, too: a value a line."""
    content, item = text.content, text.item
    head: dict[str, Any] = {"title": item.title, "translationKey": content.id}
    if item.summary_is_own and item.summary:
        head["summary"] = item.summary
    head |= {"slug": item.slug, "url": "/" + text.page.removesuffix("index.html")}
    if item.aliases:
        head["aliases"] = [_beside(format_alias(alias.path), head["url"]) for alias in item.aliases]
    own: dict[str, Any] = {"id": content.id, "lang": item.lang, "slug": item.slug, "file": item.path}
    own |= {key: text.facts[key] for key in FACT_KEYS if key in text.facts}
    own |= {key: text.head[key] for key in TEXT_KEYS if key in text.head}
    if item.lang == content.original:
        own["original"] = "yes"
    if isinstance(content, Story):
        head |= {"date": content.date.isoformat(), "guid": text.guid}
        if content.updated != content.date:
            head["lastmod"] = content.updated.isoformat()
        if content.draft or content.withdrawn is not None:
            head["draft"] = True
        head |= _facts_for_hugo(content, text)
        if content.roles:
            own["authors"] = text.facts.get("authors", [])
        if enclosures := text.facts.get("enclosures"):
            rows = enclosures if isinstance(enclosures, list) else [enclosures]
            own["enclosures"] = [one if isinstance(one, dict) else {"file": one} for one in rows]
        if item.image_alt:
            own["image_alt"] = item.image_alt
    head["newsfeed"] = own
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    return "---\n" + "\n".join(lines) + f"\n---\n{text.body}"


def _beside(alias: str, url: str) -> str:
    """Return an old address as seen from beside a page: before whole paths Hugo puts the language."""
    relative = posixpath.relpath(alias, posixpath.dirname(url.rstrip("/")))
    return relative + ("/" if alias.endswith("/") else "")


def _facts_for_hugo(story: Story, text: _OutgoingText) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if story.authors:
        facts["authors"] = list(story.authors)
    if story.topics:
        facts["categories"] = list(story.topics)
    if isinstance(image := text.facts.get("image"), str):
        facts["image"] = image
    return facts


# -- WordPress, and a table ----------------------------------------------------------------------


def _wxr_item(text: _OutgoingText, now: datetime) -> WxrItem:
    """Return a text as WordPress knows it. What is over or withdrawn is private there: it knows no end of
    texts.
    """
    content, item = text.content, text.item
    story = content if isinstance(content, Story) else None
    return WxrItem(
        title=item.title,
        address=text.address,
        guid=text.guid if story else text.address,
        author=story.authors[0] if story and story.authors else "",
        html=text.html,
        summary=item.summary if item.summary_is_own else "",
        date=story.date if story else None,
        updated=story.updated if story else None,
        slug=item.slug,
        is_draft=story.draft if story else False,
        is_over=bool(story and (story.withdrawn or (story.expires and story.expires <= now))),
        is_page=story is None,
        lang=item.lang,
        group=content.id,
        topics=story.topics if story else (),
    )


def _table(texts: Iterable[_OutgoingText]) -> str:
    """Return all texts as CSV; what a spreadsheet would take for a formula gets an apostrophe in front."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for text in texts:
        story = text.content if isinstance(text.content, Story) else None
        row = (
            text.content.id,
            text.item.lang,
            text.item.title,
            story.date.isoformat() if story else "",
            story.updated.isoformat() if story else "",
            "yes" if story and story.draft else "",
            text.address,
            text.guid if story else "",
            "; ".join(story.authors) if story else "",
            "; ".join(story.topics) if story else "",
            text.item.path,
        )
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return file.getvalue()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
