"""Tell a forge what became of a commit, to be shown beside it; again, when the forge did not listen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.app.published_state import one_at_a_time
from newsfeed.app.waiting_statuses import change_waiting_statuses, read_waiting_statuses
from newsfeed.config.credentials import read_secret
from newsfeed.config.site_layout import PUBLISH_FOLDER
from newsfeed.core.publishing.commit_status import make_status_request
from newsfeed.core.publishing.repository_address import find_repository
from newsfeed.core.publishing.waiting_status import (
    SENSELESS,
    Failure,
    WaitingStatus,
    add_status,
    find_due,
    note_outcome,
    plan_retry,
    read_pause,
)
from newsfeed.errors import NewsfeedError, OutsideError
from newsfeed.http_client.client import HttpClient
from newsfeed.marking import N_, Sentence
from newsfeed.service_ports import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.service_settings import PublishSettings


def keep_commit_status(root: Path, commit: str, text: str, now: datetime, *, good: bool) -> None:
    """Keep what a forge is to hear of a commit. Raises `OutsideError` when the disk fails."""
    new = WaitingStatus(commit=commit, good=good, text=text, since=now, next_try=now)
    change_waiting_statuses(root, lambda waiting: add_status(waiting, new))


def tell_forge(
    root: Path, settings: PublishSettings, environment: Mapping[str, str], clock: Callable[[], datetime]
) -> list[NewsfeedError]:
    """Tell the forge what is due; return what a person should know: that a commit's status waits, and that it
    is given up.
    """
    if not find_due(read_waiting_statuses(root), clock()):
        return []
    told: list[NewsfeedError] = []
    with one_at_a_time(root / PUBLISH_FOLDER, "forge.lock"):
        for status in find_due(read_waiting_statuses(root), clock()):
            failure = _try(root, settings, environment, status, clock())
            after = plan_retry(status, failure, clock()) if failure else None
            change_waiting_statuses(root, partial(note_outcome, before=status, after=after))
            if after and (after.given_up or after.tries == 1):
                told.append(_describe(after))
            if after and not after.given_up:
                break
    return told


def _try(
    root: Path,
    settings: PublishSettings,
    environment: Mapping[str, str],
    status: WaitingStatus,
    now: datetime,
) -> Failure | None:
    address = find_repository(settings.repository)
    if address is None:
        nowhere = N_("config.toml names no repository on a forge, so no status can be set")
        return Failure(Sentence(nowhere), is_final=True)
    try:
        token = read_secret(settings.token_env, settings.token_file, root, environment)
        request = make_status_request(
            settings.status, address, status.commit, status.text, token, good=status.good
        )
        # the forge is named by the configuration, and may well stand in one's own network
        answer = HttpClient(allow_private=True).send(HttpRequest("POST", *request))
    except NewsfeedError as error:
        return Failure(error.sentence)
    if 200 <= answer.status < 300:
        return None
    reason = Sentence(
        N_("{host} does not take the status of a commit: {status}"),
        host=urlsplit(request.url).hostname or "",
        status=answer.status,
    )
    return Failure(reason, answer.status in SENSELESS, read_pause(answer.headers, now))


def _describe(status: WaitingStatus) -> OutsideError:
    commit, reason = status.commit[:10], status.reason
    if status.given_up:
        return OutsideError(
            N_("the forge is not told any more about commit {commit}: {reason}"), commit=commit, reason=reason
        )
    return OutsideError(
        N_("the forge has not been told about commit {commit}: {reason}"),
        N_("it is tried again for a day; newsfeed status says when"),
        commit=commit,
        reason=reason,
    )
