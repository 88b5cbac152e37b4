"""Output about backups: what went in, what came out, and what would happen if a copy sent mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.core.delivery.instance import InstanceState
from newsfeed.marking import N_, NN_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.app.backups import BackupResult, RestoreResult
    from newsfeed.app.instance import DigestOutlook, Outlook, PastSettled
    from newsfeed.cli.output.voice import Voice
    from newsfeed.stores.backup_file import BackupManifest

_STATES = {
    InstanceState.NEW: N_("Nobody has sent from this store yet: it needs no activation."),
    InstanceState.ACTIVE: N_("Mail is sent from here: nothing is to be done."),
    InstanceState.UNKNOWN: N_(
        "This store comes out of a backup, or was sent from elsewhere. It mails nobody."
    ),
    InstanceState.MOVED: N_("This store is a copy of one that is sent from {place}. It mails nobody."),
    InstanceState.OLDER: N_("This store is older than what was sent from here. It mails nobody."),
}
_PEOPLE, _PEOPLE_MANY = NN_("{number} person", "{number} people")
_DUE = N_("digest {name}: the issue of {moment} would go out at once, to {people}")
_NEXT = N_("digest {name}: the next issue on {moment}, to {people}")
_ASK = N_("newsfeed activate --yes lets it send; with --had-until DAY nobody gets what was sent until then.")


def backup_summary(result: BackupResult, file: str, voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """Return what went into a backup: the data, and the lines for people."""
    data = {**_manifest_data(result.manifest), "file": file, "keys": list(result.keys)}
    lines = [
        voice.say(N_("written: {path}, which nobody else may read"), path=file),
        _rows_line(result.manifest, voice),
    ]
    if not result.keys:
        lines.append(voice.say(N_("without the keys that sign mails: --with-keys takes them along")))
    return data, lines


def restore_summary(result: RestoreResult, voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """Return what came out of a backup: the data, and the lines for people."""
    data = {**_manifest_data(result.manifest), "keys": list(result.keys)}
    lines = [
        voice.say(N_("restored: the backup of {moment}"), moment=result.manifest.at.astimezone()),
        _rows_line(result.manifest, voice),
        *(voice.say(N_("key written: {path}"), path=path) for path in result.keys),
        voice.say(N_("Mail goes out only after newsfeed activate, which says what would happen.")),
    ]
    return data, lines


def activation_summary(
    outlook: Outlook, settled: PastSettled | None, voice: Voice, *, is_done: bool
) -> tuple[dict[str, Any], list[str]]:
    """Return what a store would send, or sends from now on: the data, and the lines for people."""
    standing = outlook.standing
    data: dict[str, Any] = {
        "state": InstanceState.ACTIVE.value if is_done else standing.state.value,
        "digests": [_digest_data(one) for one in outlook.digests],
        "waiting": outlook.waiting.number,
    }
    if settled is not None:
        data["had"] = {"deliveries": settled.deliveries, "people": dict(settled.people)}
    return data, list(_activation_lines(outlook, settled, voice, is_done=is_done))


def _activation_lines(
    outlook: Outlook, settled: PastSettled | None, voice: Voice, *, is_done: bool
) -> Iterator[str]:
    standing = outlook.standing
    if is_done:
        yield voice.say(N_("Mail is sent from here from now on."))
    else:
        place = standing.kept.place.path if standing.kept is not None else ""
        yield voice.say(_STATES[standing.state], place=place)
    if settled is not None:
        yield voice.say(
            N_("on record as had: {number} mails that waited, and the stories for {people}"),
            number=settled.deliveries,
            people=_people(sum(settled.people.values()), voice),
        )
    for one in outlook.digests:
        slot = one.due or one.next_slot
        moment = voice.moment(slot.instant.astimezone(one.zone))
        people = _people(one.readers, voice)
        yield voice.say(_DUE if one.due else _NEXT, name=one.name, moment=moment, people=people)
    yield voice.say(N_("mails that wait and would go out: {number}"), number=outlook.waiting.number)
    if not is_done and standing.state not in (InstanceState.ACTIVE, InstanceState.NEW):
        yield voice.say(_ASK)


def _digest_data(one: DigestOutlook) -> dict[str, Any]:
    return {
        "name": one.name,
        "readers": one.readers,
        "due": one.due.instant.isoformat() if one.due else "",
        "next": one.next_slot.instant.isoformat(),
    }


def _manifest_data(manifest: BackupManifest) -> dict[str, Any]:
    return {
        "at": manifest.at.isoformat(),
        "program": manifest.program,
        "schema": manifest.revision,
        "rows": dict(manifest.rows),
    }


def _rows_line(manifest: BackupManifest, voice: Voice) -> str:
    rows = manifest.rows
    return voice.say(
        N_("people: {people}, issues: {issues}, deliveries: {deliveries}"),
        people=rows.get("subscribers", 0),
        issues=rows.get("issues", 0),
        deliveries=rows.get("deliveries", 0),
    )


def _people(number: int, voice: Voice) -> str:
    return voice.count(_PEOPLE, _PEOPLE_MANY, number, number=number)
