"""``config.toml`` → frozen `Settings`, with every mistake found in one pass.

`parse_settings` reads text, `load_settings` reads a file; both return the settings, or ``None`` when
they cannot be used, and all problems, each with its line. Secrets never stand in the configuration.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsfeed.config.brand import FontFinder, PictureFinder, no_fonts, no_pictures, read_brand
from newsfeed.config.brand_files import find_font, find_picture
from newsfeed.config.channels import CHANNEL_NAMES, read_channels
from newsfeed.config.digests import read_digest, read_zone
from newsfeed.config.issue_records import read_issue_records
from newsfeed.config.links_and_redirects import read_links, read_redirects, read_story_url
from newsfeed.config.mail import read_mail, read_store
from newsfeed.config.mailboxes import read_doctor, read_mailboxes
from newsfeed.config.publish import read_editors, read_publish
from newsfeed.config.receivers import read_receivers
from newsfeed.config.search import read_search
from newsfeed.config.site_layout import CONFIG
from newsfeed.config.table import Table
from newsfeed.config.translations import read_translations
from newsfeed.config.web import complete_mail, read_web
from newsfeed.config.websub import read_fediverse, read_websub
from newsfeed.core.content.languages import canonicalise_tag
from newsfeed.core.content.source_text import SourceText, decode_source
from newsfeed.core.content.toml_errors import explain_toml_error
from newsfeed.core.content.toml_positions import find_toml_positions, read_toml
from newsfeed.errors import reason_of
from newsfeed.files import read_file
from newsfeed.marking import N_
from newsfeed.problems import Location, Problem, problem, select_errors
from newsfeed.settings import (
    FeedSettings,
    Language,
    Limits,
    ListSettings,
    OutputSettings,
    Settings,
    SiteSettings,
)

if TYPE_CHECKING:
    from pathlib import Path

FORMAT_NAMES = ("rss", "atom", "jsonfeed")
ARCHIVES = ("site", "all", "none")
CONTENTS = ("full", "summary")
COMPRESSIONS = ("gz",)
_AUTHORITY = re.compile(r"(?:[\w.+-]+@)?[a-z0-9]+(?:[.-][a-z0-9]+)*,\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AN_EXAMPLE_URL = "https://www.example.org/"


def load_settings(folder: Path) -> tuple[Settings | None, list[Problem]]:
    """Read the configuration of the site in ``folder``."""
    try:
        data = read_file(folder / CONFIG)
    except (FileNotFoundError, NotADirectoryError):
        return None, [problem("config-missing", Location(CONFIG))]
    except OSError as error:
        return None, [problem("unreadable", Location(CONFIG), reason=str(reason_of(error)))]
    source, problems = decode_source(CONFIG, data)
    if source is None:
        return None, problems
    settings, found = parse_settings(
        source.text, CONFIG, partial(find_picture, folder), partial(find_font, folder)
    )
    if settings is None:
        return None, problems + found
    issues, wrong = read_issue_records(folder, settings.site.languages)
    return replace(settings, issues=issues), [*problems, *found, *wrong]


def parse_settings(
    text: str,
    origin: str = CONFIG,
    find: PictureFinder = no_pictures,
    find_font: FontFinder = no_fonts,
) -> tuple[Settings | None, list[Problem]]:
    """Read a configuration from text.

    origin: the file name problems point at.
    find, find_font: return a picture or font of the brand, or what is wrong with it.
    """
    source = SourceText(origin, text)
    try:
        values = read_toml(text)
    except tomllib.TOMLDecodeError as error:
        found = explain_toml_error(error, text)
        told = problem("config-syntax", source.at(found.line, found.column), reason=found.reason)
        return None, [replace(told, suggestion=found.suggestion)]
    root = Table(source, find_toml_positions(text), values)
    settings = _settings(root, find, find_font)
    return (None if select_errors(root.problems) else settings), root.problems


def _settings(root: Table, find: PictureFinder, find_font: FontFinder) -> Settings:
    site_table = root.table("site", required=True)
    codes = _codes(site_table)
    site = _site(site_table, codes)
    topics = _vocabulary(root, "topics")
    audiences = {name: _audience(table) for name, table in root.tables("audiences")}
    web = read_web(root.table("web"))
    settings = Settings(
        site=site,
        languages=_languages(root.table("languages"), codes, site),
        topics=topics,
        donors=_vocabulary(root, "donors"),
        partners=_vocabulary(root, "partners"),
        programmes=_vocabulary(root, "programmes"),
        authors=_vocabulary(root, "authors"),
        countries={code.upper(): name for code, name in root.table("countries").names().items()},
        brand=read_brand(root.table("brand"), find, find_font),
        feeds=_feeds(root.table("feeds")),
        lists=_lists(root.table("lists")),
        search=read_search(root.table("search")),
        output=_output(root.table("output")),
        digests={
            name: read_digest(name, table, site, tuple(topics), tuple(audiences))
            for name, table in _named(root, "digests")
        },
        audiences=audiences,
        mail=complete_mail(read_mail(root.table("mail")), web),
        channels=read_channels(root),
        receivers=read_receivers(_named(root, "receivers")),
        mailboxes=read_mailboxes(root),
        doctor=read_doctor(root.table("doctor"), present="doctor" in root),
        translations=read_translations(root.table("translations")),
        links=read_links(root.table("links")),
        redirects=read_redirects(root.table("redirects")),
        limits=_limits(root.table("limits")),
        store=read_store(root.table("store")),
        web=web,
        publish=read_publish(root.table("publish"), present="publish" in root),
        websub=read_websub(root.table("websub"), web),
        fediverse=read_fediverse(root.table("fediverse")),
        editors=read_editors(root.table("editors"), codes, site.default_language),
    )
    if settings.mail.channel not in settings.channels:
        known = ", ".join(name for name in CHANNEL_NAMES if name in settings.channels)
        root.table("mail").report("config-reference", "channel", value=settings.mail.channel, known=known)
    root.close()
    return settings


def _named(root: Table, key: str) -> list[tuple[str, Table]]:
    """Return the tables below a key whose names become part of addresses and headers."""
    tables = root.tables(key)
    for name, _ in tables:
        if not _KEY.fullmatch(name):
            expected = N_("lower-case letters a–z, digits and single hyphens")
            root.table(key).report("config-value", name, value=name, expected=expected)
    return tables


def _codes(site: Table) -> tuple[str, ...]:
    codes = site.list_of_texts("languages", required=True, example='["en", "de"]')
    known = {canonicalise_tag(code): None for code in codes}
    for code in known:
        if not _locale_exists(code):
            site.report("config-locale-unknown", "languages", value=code)
    return tuple(known)


def _site(table: Table, codes: tuple[str, ...]) -> SiteSettings:
    first = codes[0] if codes else "en"
    site = SiteSettings(
        title=table.localised("title", codes, required=True, example='"Example network"'),
        description=table.localised("description", codes),
        base_url=_base_url(table),
        languages=codes,
        default_language=canonicalise_tag(table.choice("default_language", codes or (first,), first)),
        timezone=read_zone(table, ZoneInfo("UTC")),
        authority=_authority(table),
        notice=table.localised("notice", codes),
        imprint=table.localised("imprint", codes),
        story_url=read_story_url(table),
        removed=frozenset(table.list_of_texts("removed", example='["old-story"]')),
        desks=table.list_of_texts("desks", example='["newsroom"]'),
    )
    table.close()
    return site


def _base_url(table: Table) -> str:
    url = table.text("base_url", required=True, example=f'"{_AN_EXAMPLE_URL}"')
    if url and not _is_base_url(url):
        expected = N_("an absolute web address such as https://www.example.org/")
        table.report("config-value", "base_url", value=url, expected=expected)
    return url.rstrip("/") + "/"


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # brackets that hold no address, a port that is no number
        return False
    return bool(known and url.isascii() and not re.search(r"[\s?#\"<>\\^`{|}]", url))


def _authority(table: Table) -> str:
    authority = table.text("authority", required=True, example='"example.org,2010"')
    if authority and not _AUTHORITY.fullmatch(authority):
        expected = N_("a domain you own and a date on which you owned it, such as example.org,2010")
        table.report("config-value", "authority", value=authority, expected=expected)
    return authority


def _languages(root: Table, codes: tuple[str, ...], site: SiteSettings) -> dict[str, Language]:
    languages: dict[str, Language] = {}
    default = site.default_language
    tables = dict(root.tables_by(canonicalise_tag, codes))
    for code in codes:
        table = tables.get(code) or Table.empty()
        usual = (default,) if default != code else ()
        wanted = table.list_of_texts("fallback", default=usual)
        fallback = tuple(dict.fromkeys(canonicalise_tag(one) for one in wanted))
        for one in fallback:
            if one not in codes:
                table.report("config-reference", "fallback", value=one, known=", ".join(codes))
        languages[code] = Language(
            code=code,
            locale=_locale(table, code),
            chain=tuple(dict.fromkeys((code, *fallback))),
            title=table.text("title"),
            description=table.text("description"),
            story_url=site.story_url,
        )
        table.close()
    return languages


def _locale(table: Table, code: str) -> str:
    """Return the CLDR locale. ``en`` is British unless said otherwise: CLDR's plain ``en`` writes dates the
    US way.
    """
    usual = "en_GB" if code == "en" else code.replace("-", "_")
    locale = table.text("locale", default=usual)
    if locale != usual and not _locale_exists(locale):
        table.report("config-locale-unknown", "locale", value=locale)
    return locale.replace("-", "_")


def _locale_exists(code: str) -> bool:
    from babel.core import Locale, UnknownLocaleError

    try:
        Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _vocabulary(root: Table, name: str) -> dict[str, str]:
    table = root.table(name)
    words = table.names()
    for key in words:
        if not _KEY.fullmatch(key):
            expected = N_("lower-case letters a–z, digits and single hyphens")
            table.report("config-value", key, value=key, expected=expected)
    return words


def _feeds(table: Table) -> FeedSettings:
    """Read what feeds bring. What is said of formats and content goes for all of them; where nothing is said,
    sections bring less than the site.
    """
    usual = FeedSettings()
    formats = table.choices("formats", FORMAT_NAMES, usual.formats)
    content = table.choice("content", CONTENTS, usual.content)
    feeds = FeedSettings(
        items=table.number("items", usual.items, 1, 500),
        formats=formats,
        section_formats=formats if "formats" in table else usual.section_formats,
        archives=table.choice("archives", ARCHIVES, usual.archives),
        content=content,
        section_content=content if "content" in table else usual.section_content,
        text_size=table.number("text_size", usual.text_size, 1, 10_000),
    )
    table.close()
    return feeds


def _lists(table: Table) -> ListSettings:
    lists = ListSettings(items=table.number("items", ListSettings().items, 1, 500))
    table.close()
    return lists


def _output(table: Table) -> OutputSettings:
    output = OutputSettings(
        compress=table.choices("compress", COMPRESSIONS, OutputSettings().compress),
        max_size=table.number("max_size", 0, 0, 1_000_000),
        max_files=table.number("max_files", 0, 0, 100_000_000),
        markdown=table.flag("markdown", default=False),
    )
    table.close()
    return output


def _limits(table: Table) -> Limits:
    usual = Limits()
    limits = Limits(
        file_size=table.number("file_size", usual.file_size, 1_000, 50_000_000),
        title_length=table.number("title_length", usual.title_length, 20, 1_000),
        summary_length=table.number("summary_length", usual.summary_length, 20, 5_000),
        attachment_size=table.number("attachment_size", usual.attachment_size, 1_000, 10_000_000_000),
        picture_size=table.number("picture_size", usual.picture_size, 10_000, 100_000_000),
        picture_pixels=table.number("picture_pixels", usual.picture_pixels, 1_000_000, 80_000_000),
    )
    table.close()
    return limits


def _audience(table: Table) -> str:
    file = table.text("file", required=True, example='"audiences/staff.csv"')
    table.close()
    return file
