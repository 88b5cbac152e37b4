"""The configuration of the form: collections, files, languages; for Sveltia CMS and for Decap CMS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsfeed.core.content.slugs import MAX_LENGTH
from newsfeed.core.editor.form_fields import list_fields
from newsfeed.marking import N_
from newsfeed.service_settings import DECAP, SVELTIA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.editor.backends import FormBackend
    from newsfeed.core.editor.form_fields import FormField, FormWords

FORMAT = "newsfeed"
"""Of files, as format.js reads and writes them."""
_KINDS = {"projects": N_("Projects"), "programmes": N_("Programmes"), "pages": N_("Pages")}
_YEAR = "{{date | date('YYYY')}}"
_NAME = f"{{{{slug | truncate({MAX_LENGTH})}}}}"
"""With more than ``slug`` in it, Sveltia takes the whole path of a story for its name: so two of the same
name, in folders of two years, stay two.
"""

_FOLDER = "{{dirname}}"
"""Of a text. Named from the top: files of a relative folder go with any text beside them that is deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSite:
    """A site as its form presents itself."""

    title: str
    base_url: str
    languages: tuple[str, ...]
    default_language: str
    logo: str = ""
    """Path of a square picture on the site; empty without one."""
    prefix: str = ""
    """The site's folder in its repository, with a slash at the end."""


def make_form_config(site: FormSite, words: FormWords, backend: FormBackend, cms: str) -> dict[str, Any]:
    """Return the configuration of the form."""
    default = site.default_language
    others = [_collection(kind, words.say(label), site, words, cms) for kind, label in _KINDS.items()]
    config: dict[str, Any] = {
        "backend": {
            key: value for key, value in backend.options().items() if cms == SVELTIA or key != "auth_methods"
        },
        "publish_mode": "editorial_workflow" if backend.is_reviewed else "simple",
        "site_url": site.base_url,
        "media_folder": f"{site.prefix}files",
        "public_folder": "/files",
        "i18n": _languages(site, default),
        "slug": {"encoding": "ascii", "clean_accents": True},
        "collections": [*(_stories(lang, site, words, cms) for lang in site.languages), *others],
    }
    if cms == SVELTIA:
        config["app_title"] = site.title
        config["media_libraries"] = {"stock_assets": False}  # those of others
        config |= {"logo": {"src": site.logo}} if site.logo else {}
        config["output"] = {"omit_empty_optional_fields": True}
        config["slug"] |= {"maxlength": MAX_LENGTH, "timezone": "local"}
    return config


def _stories(lang: str, site: FormSite, words: FormWords, cms: str) -> dict[str, Any]:
    """Return the stories whose original is in this language: that is the file with a date."""
    name = words.choices.languages[lang]
    label = words.say(N_("News"))
    label = f"{label} – {name}" if len(site.languages) > 1 else label
    made = _collection("news", label, site, words, cms, lang)
    by_date: Any = ["date", "title"]
    if cms == SVELTIA:
        by_date = {"fields": by_date, "default": {"field": "date", "direction": "descending"}}
    return {
        **made,
        "name": f"news_{lang.replace('-', '_').lower()}",
        "filter": {"field": "date", "pattern": r"^\d{4}-"},
        "sortable_fields": by_date,
    }


def _collection(
    kind: str, label: str, site: FormSite, words: FormWords, cms: str, lang: str = ""
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": kind,
        "label": label,
        "folder": f"{site.prefix}{kind}",
        "format": FORMAT,
        "create": True,
        "slug": "{{title}}",
        "summary": "{{title}}",
        "i18n": _languages(site, lang or site.default_language),
        "media_folder": f"/{site.prefix}{kind}/{_FOLDER}" if cms == SVELTIA else "",
        "public_folder": "",
        "editor": {"preview": False},
        "fields": [_adapt(one, cms) for one in list_fields(kind, words)],
    }
    if cms == DECAP:
        return {**made, "path": "{{year}}/{{slug}}"} if kind == "news" else made
    return {
        **made,
        "duplicate": False,  # a copy would have the id of the first
        "path": f"{_YEAR}/{_NAME}" if kind == "news" else _NAME,
        "nested": {"subfolders": False},
        "meta": {"path": {"widget": "string", "label": words.say(N_("Folder"))}},
    }


def _languages(site: FormSite, first: str) -> dict[str, Any]:
    languages: Sequence[str] = [first, *(one for one in site.languages if one != first)]
    return {
        "structure": "multiple_files",
        "locales": languages,
        "default_locale": first,
        "initial_locales": [first],
    }


def _adapt(field: FormField, cms: str) -> FormField:
    """Return a field without what Decap does not know."""
    if cms == SVELTIA:
        return field
    unknown = ("dropdown_threshold", "input_timezone", "maxlength", "choose_url", "type")
    adapted = {key: value for key, value in field.items() if key not in unknown}
    if field["widget"] == "datetime":
        adapted |= {"date_format": "YYYY-MM-DD", "time_format": "HH:mm"}
    if "fields" in field:
        adapted["fields"] = [_adapt(one, cms) for one in field["fields"]]
    return adapted
