"""Describe what programs may ask of the service, in OpenAPI 3.1: to subscribe, to leave, issues, health."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed import __version__
from newsfeed.core.digests.planning import FREQUENCIES
from newsfeed.core.site import urls
from newsfeed.core.site.frames import FEED_TYPES
from newsfeed.web.forms import SIZE

if TYPE_CHECKING:
    from newsfeed.settings import Settings

Json = dict[str, Any]
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_PAGE: Json = {"text/html": {"schema": {"type": "string"}}}
_WORD: Json = {"text/plain": {"schema": {"type": "string"}}}
_RETRY: Json = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds to wait."}}
_REFUSALS: Json = {
    "400": {"description": "What was sent is no form.", "content": _PAGE},
    "408": {"description": "It came too slowly.", "content": _PAGE},
    "413": {"description": f"It has more than {SIZE} bytes.", "content": _PAGE},
    "415": {"description": "It is of another media type than a form.", "content": _PAGE},
}
_LIMITED: Json = {
    "429": {"description": "Too much has come from this network.", "content": _PAGE, "headers": _RETRY},
    "503": {"description": "The store is away.", "content": _PAGE, "headers": _RETRY},
}
_NOT_FOUND: Json = {"404": {"description": "There is no such thing.", "content": _PAGE}}


def describe_service(settings: Settings) -> Json:
    """Return the description of a site's service."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": settings.site.title.get(settings.site.default_language),
            "version": __version__,
            "description": "What programs may ask of this service. All else is for people with a browser.",
        },
        "servers": [{"url": settings.web.base_url.rstrip("/")}],
        "paths": {
            "/{lang}/subscribe": _subscribe(settings),
            "/one-click/{token}": _one_click(),
            **_issues(settings),
            "/healthz": _health("Whether the process answers."),
            "/readyz": _health("Whether the store can be read."),
        },
    }


def _subscribe(settings: Settings) -> Json:
    fields: Json = {
        "email": {"type": "string", "maxLength": 254},
        "name": {"type": "string", "maxLength": 200},
        "language": {"type": "array", "items": {"type": "string"}, "description": "Editions, best first."},
        "digest": {"type": "string", "description": f"One of: {', '.join(settings.digests)}."},
        "topics": {"type": "array", "items": {"type": "string"}, "description": "None means all."},
        "frequency": {"type": "string", "description": f"One of: {', '.join(FREQUENCIES)}."},
        "form": {
            "type": "string",
            "description": "The hidden field of the form that GET shows, one second to a day old. Without it"
            " the answer is that form, with what was sent filled in, and no mail is sent.",
        },
    }
    schema: Json = {"type": "object", "properties": fields, "required": ["email"]}
    return {
        "parameters": [_parameter("lang", [code.lower() for code in settings.languages])],
        "get": {
            "operationId": "showForm",
            "summary": "The form with which people subscribe.",
            "responses": {"200": {"description": "The form.", "content": _PAGE}, **_NOT_FOUND, **_LIMITED},
        },
        "post": {
            "operationId": "subscribe",
            "summary": "Ask for a digest. A mail asks whether it was them; until then nothing is in force.",
            "requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in FORMS}},
            "responses": {
                "200": {"description": "The same whoever has the address.", "content": _PAGE},
                "422": {"description": "The form again, with what is wrong at its field.", "content": _PAGE},
                **_NOT_FOUND,
                **_REFUSALS,
                **_LIMITED,
            },
        },
    }


def _one_click() -> Json:
    fields = {"List-Unsubscribe": {"type": "string", "const": "One-Click"}}
    schema: Json = {"type": "object", "properties": fields, "required": ["List-Unsubscribe"]}
    return {
        "parameters": [_parameter("token")],
        "get": {
            "operationId": "askToLeave",
            "summary": "A question for people; it changes nothing.",
            "responses": {
                "200": {"description": "The question.", "content": _PAGE},
                **_NOT_FOUND,
                **_LIMITED,
            },
        },
        "post": {
            "operationId": "leave",
            "summary": "Unsubscribe at once (RFC 8058). Repeating is no error.",
            "requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in FORMS}},
            "responses": {
                "200": {"description": "No more mails of this digest.", "content": _WORD},
                **_NOT_FOUND,
                **_REFUSALS,
                **_LIMITED,
            },
        },
    }


def _issues(settings: Settings) -> Json:
    """Describe the feeds of issues that were sent; they are files of the site."""
    public = [name for name, digest in settings.digests.items() if digest.public]
    if not public:
        return {}
    folder = urls.issue_folder("{lang}", "{digest}")
    parameters = [_parameter("lang", list(settings.languages)), _parameter("digest", public)]
    return {
        "/" + urls.feed_path(folder, form): {
            "servers": [{"url": settings.site.base_url.rstrip("/")}],
            "parameters": parameters,
            "get": {
                "operationId": f"issues_{form}",
                "summary": "The issues that were sent, newest first.",
                "responses": {
                    "200": {"description": "A feed.", "content": {FEED_TYPES[form][1]: {}}},
                    "404": {"description": "None was sent yet, or not in this language."},
                },
            },
        }
        for form in settings.feeds.section_formats
    }


def _health(summary: str) -> Json:
    answers = {"200": {"description": "Yes.", "content": _WORD}}
    failed = {"503": {"description": "No.", "content": _PAGE, "headers": _RETRY}}
    return {"get": {"summary": summary, "responses": answers | failed}}


def _parameter(name: str, values: list[str] | None = None) -> Json:
    schema: Json = {"type": "string", "minLength": 1}
    if values is not None:
        schema["enum"] = values
    return {"name": name, "in": "path", "required": True, "schema": schema}
