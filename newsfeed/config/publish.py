"""Read ``[publish]`` and ``[editors]``: where commits come from, and who hears what became of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.core.content.languages import canonicalise_tag
from newsfeed.core.editor.backends import is_origin
from newsfeed.core.people.mail_address import normalise_address
from newsfeed.core.publishing.commit_files import is_safe_path
from newsfeed.marking import N_
from newsfeed.service_settings import CMS, EditorsSettings, PublishSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsfeed.config.table import Table

FORGES = ("github", "gitlab", "forgejo")
"""Forges whose webhooks and commit statuses are known; Gitea speaks as Forgejo does."""
_LONGEST_POLL = 86_400
_DURATION = re.compile(r"(\d{1,5})\s*([smh])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_BRANCH = re.compile(r"(?!-)(?!.*(?:\.\.|//|@\{|\.lock(?:/|$)))[^\s\x00-\x20~^:?*\[\\\x7f]+(?<![./])")
"""As git check-ref-format has it, and with nothing that could be an option."""
_SSH = re.compile(r"[\w.-]+@[\w.-]+:(?!/?-)[^\s:]+", re.ASCII)
"""``git@example.org:team/site.git``."""


def read_publish(table: Table, *, present: bool) -> PublishSettings:
    """Read ``[publish]``. ``present``: the configuration has it."""
    usual = PublishSettings()
    found = PublishSettings(
        enabled=present,
        repository=_repository(table),
        branch=_branch(table, usual.branch),
        folder=_folder(table),
        hooks=table.choices("hooks", FORGES, usual.hooks),
        hook_secret_env=table.text("hook_secret_env", default=usual.hook_secret_env),
        hook_secret_file=table.text("hook_secret_file"),
        poll=_duration(table, "poll", usual.poll),
        status=table.choice("status", ("", *FORGES), usual.status),
        token_env=table.text("token_env", default=usual.token_env),
        token_file=table.text("token_file"),
        templates=table.flag("templates", default=usual.templates),
    )
    table.close()
    return found


def _origin(table: Table, key: str) -> str:
    found = table.text(key).rstrip("/")
    if found and not (is_origin(found) and found.startswith("https:")):
        table.report("config-value", key, value=found, expected=N_("https:// and the name of a host"))
        return ""
    return found


def read_editors(table: Table, codes: Sequence[str], default: str) -> EditorsSettings:
    """Read ``[editors]``. A plain list of addresses is of people who read the ``default``."""
    usual = EditorsSettings()
    found = EditorsSettings(
        addresses=_addresses(table, codes, default),
        forge=table.choice("forge", ("", *FORGES), usual.forge),
        cms=table.choice("cms", CMS, usual.cms),
        app_id=table.text("app_id"),
        sign_in=_origin(table, "sign_in"),
    )
    table.close()
    return found


def _addresses(table: Table, codes: Sequence[str], default: str) -> Mapping[str, tuple[str, ...]]:
    if isinstance(table.raw("addresses"), dict):
        below = table.table("addresses")
        named = {canonicalise_tag(code): code for code in below.keys()}  # noqa: SIM118 - it is no mapping
        found = {code: below.list_of_texts(name) for code, name in named.items() if code in codes}
        below.close([name for code, name in named.items() if code in codes])
    else:
        found = {default: table.list_of_texts("addresses", example='["desk@example.org"]')}
    for address in (one for addresses in found.values() for one in addresses):
        if normalise_address(address) != address:
            expected = N_("a mail address such as desk@example.org")
            table.report("config-value", "addresses", value=address, expected=expected)
    return {code: addresses for code, addresses in found.items() if addresses}


def _repository(table: Table) -> str:
    found = table.text("repository")
    if found and not is_repository(found):
        expected = N_("a path, or an address for git with https:// or ssh://, without a password in it")
        table.report("config-value", "repository", value=found, expected=expected)
    return found


def is_repository(text: str) -> bool:
    """Tell whether git may be asked to fetch from somewhere: by HTTPS, by SSH, or from a path."""
    if text.startswith("-") or any(char in text for char in "\0\r\n"):
        return False
    if "://" not in text:
        return "::" not in text and (_SSH.fullmatch(text) is not None or ":" not in text.partition("/")[0])
    try:
        parts = urlsplit(text)
        host, is_local = parts.hostname or "", parts.hostname in ("localhost", "127.0.0.1", "::1")
        return (
            parts.scheme in ("https", "ssh", *(("http",) if is_local else ()))
            and bool(host)
            and not host.startswith("-")
            and not (parts.username or "").startswith("-")
            and parts.password is None
            and (parts.port or 1) > 0
        )
    except ValueError:  # brackets that hold no address, a port that is no number
        return False


def _branch(table: Table, usual: str) -> str:
    found = table.text("branch", default=usual)
    if not _BRANCH.fullmatch(found):
        table.report("config-value", "branch", value=found, expected=N_("the name of a branch, such as main"))
    return found


def _folder(table: Table) -> str:
    found = table.text("folder").strip("/")
    if found and not is_safe_path(found):
        expected = N_("the path of a folder in the repository, such as website")
        table.report("config-value", "folder", value=found, expected=expected)
        return ""
    if found and not table.text("repository"):
        nothing = N_("nothing, as there is no “repository”")
        table.report("config-value", "folder", value=found, expected=nothing)
    return found


def _duration(table: Table, key: str, usual: int) -> int:
    """Return seconds: ``"5m"``, ``"30s"``, ``"1h"``; ``"0s"`` is never."""
    text = table.text(key)
    if not text:
        return usual
    found = _DURATION.fullmatch(text)
    seconds = int(found[1]) * _SECONDS[found[2]] if found else -1
    if seconds != 0 and not 10 <= seconds <= _LONGEST_POLL:
        table.report(
            "config-value",
            key,
            value=text,
            expected=N_("a time from 10s to 24h, such as 5m, or 0s for never"),
        )
        return usual
    return seconds
