"""Commands about people: who reads what, what they got, and how they are forgotten."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.app.delivery import DeliveryContext, open_delivery_context
from newsfeed.cli.output import people
from newsfeed.cli.output.builds import user_voice
from newsfeed.core.delivery import status_text
from newsfeed.core.people.mail_address import normalise_address
from newsfeed.errors import OutsideError, UsageError
from newsfeed.marking import N_
from newsfeed.subscribers import roster as verbs
from newsfeed.subscribers.roster import ImportPlan, decode_table, export_rows, import_people

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from newsfeed.cli.context import Context
    from newsfeed.records import Issue, Subscriber

DONE, PROBLEMS = 0, 1


def import_file(
    context: Context, file: str, digest: str, consent: str, now: datetime, *, as_json: bool
) -> int:
    """``newsfeed subscribers import``."""
    with _open(context) as delivery:
        _known_digest(delivery, digest)
        _proof(consent)
        settings = delivery.settings
        plan = ImportPlan(digest, consent, Path(file).name, settings.site.languages, tuple(settings.topics))
        text, encoding = _read(file)
        lines = import_people(delivery.roster_context, text, plan, now)
        return people.import_report(lines, encoding, user_voice(), as_json=as_json)


def add_person(
    context: Context, person: tuple[str, str, str], digest: str, consent: str, now: datetime
) -> int:
    """``newsfeed subscribers add``."""
    with _open(context) as delivery:
        _known_digest(delivery, digest)
        _proof(consent)
        settings = delivery.settings
        plan = ImportPlan(digest, consent, "add", settings.site.languages, tuple(settings.topics))
        row = dict(zip(("email", "name", "language"), person, strict=True))
        line = verbs.add_person(delivery.roster_context, row, plan, now)
        return people.import_report([line], "", user_voice(), as_json=False)


def export_people(context: Context, digest: str) -> int:
    """``newsfeed subscribers export``: CSV on standard output."""
    with _open(context) as delivery:
        if digest:
            _known_digest(delivery, digest)
        writer = csv.writer(sys.stdout, lineterminator="\n")
        for row in export_rows(delivery.store.people.all(digest)):
            writer.writerow(row)
    return DONE


def list_people(context: Context, digest: str, *, as_json: bool) -> int:
    """``newsfeed subscribers list``."""
    with _open(context) as delivery:
        if digest:
            _known_digest(delivery, digest)
        people.people_list(delivery.store.people.all(digest), as_json=as_json)
    return DONE


def show_person(context: Context, address: str, *, as_json: bool) -> int:
    """``newsfeed subscribers show``: everything that is kept about somebody."""
    with _open(context) as delivery:
        person = _person(delivery, address)
        consents = delivery.store.people.consents(person.key)
        people.person_sheet(person, consents, user_voice(), as_json=as_json)
    return DONE


def erase_person(context: Context, address: str, now: datetime) -> int:
    """``newsfeed subscribers erase``."""
    with _open(context) as delivery:
        verbs.erase_person(delivery.roster_context, _person(delivery, address), now)
        people.say(N_("erased; only a keyed hash of the address stays"), user_voice())
    return DONE


def suppress_address(context: Context, address: str, reason: str, now: datetime) -> int:
    """``newsfeed subscribers suppress``."""
    with _open(context) as delivery:
        normal = _normal(address)
        delivery.store.people.suppress(delivery.hash_address(normal), reason, now)
        people.say(N_("this address is never written to again"), user_voice())
    return DONE


def why(context: Context, address: str, issue: str) -> int:
    """``newsfeed why``: did they get it, and if not, why not."""
    with _open(context) as delivery:
        normal, voice = _normal(address), user_voice()
        person = delivery.store.people.find(normal)
        hashed = delivery.hash_address(normal)
        suppressed = delivery.store.people.suppressions([hashed]).get(hashed, "")
        told = status_text.describe_person(person, suppressed)
        if person is not None:
            wanted = _issue(delivery, issue) if issue else None
            told += status_text.describe_deliveries(
                person, delivery.store.issues.deliveries(person.id), wanted
            )
        people.tell(told, voice)
        return DONE if person is not None or suppressed else PROBLEMS


def receipt(context: Context, issue: str, *, as_json: bool) -> int:
    """``newsfeed receipt``: what became of an issue, balanced."""
    with _open(context) as delivery:
        found = _issue(delivery, issue)
        people.receipt(found, delivery.store.issues.receipt(found.id), user_voice(), as_json=as_json)
    return DONE


def decide_doubts(context: Context, issue: str, decision: str, now: datetime) -> int:
    """``newsfeed doubts``: show or decide the deliveries nobody can vouch for."""
    with _open(context) as delivery:
        found, voice = _issue(delivery, issue), user_voice()
        if decision:
            resend = decision == "resend"
            number = delivery.store.issues.doubtful(found.id, resend, now, again=True)
            sentence = (
                N_("to be sent again, with the same Message-ID: {number}")
                if resend
                else N_("let be, and not sent again: {number}")
            )
        else:
            states = delivery.store.issues.receipt(found.id).values()
            number = sum(one.get("unknown", 0) for one in states)
            sentence = N_("deliveries nobody can vouch for: {number}")
        people.say(sentence, voice, number=number)
    return DONE


def leave_digest(context: Context, address: str, digest: str, now: datetime) -> int:
    """``newsfeed subscribers leave``: somebody wrote to us that they want no more."""
    with _open(context) as delivery:
        if digest:
            _known_digest(delivery, digest)
        verbs.remove_from_digest(delivery.roster_context, _person(delivery, address), digest, now)
        sentence = N_("they have left; no import brings them back")
        people.say(sentence, user_voice())
    return DONE


def _open(context: Context) -> AbstractContextManager[DeliveryContext]:
    return open_delivery_context(context.root, os.environ)


def _known_digest(delivery: DeliveryContext, digest: str) -> None:
    if digest not in delivery.settings.digests:
        known = ", ".join(delivery.settings.digests) or "–"
        raise UsageError(f"there is no digest “{digest}” in config.toml", f"digests are: {known}")


def _proof(consent: str) -> None:
    if not consent.strip():
        raise UsageError("--consent is empty", "say how these people gave their consent; it is kept as proof")


def _read(file: str) -> tuple[str, str]:
    try:
        return decode_table(Path(file).read_bytes())
    except OSError as error:
        raise OutsideError(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"nobody can tell the encoding of {file}", "save it as UTF-8") from error


def _normal(address: str) -> str:
    normal = normalise_address(address)
    if normal is None:
        raise UsageError("this is no address that can be written to", "it looks like name@example.org")
    return normal


def _person(delivery: DeliveryContext, address: str) -> Subscriber:
    normal = _normal(address)
    person = delivery.store.people.find(normal)
    if person is None:
        raise UsageError("nobody with this address is known")
    return person


def _issue(delivery: DeliveryContext, name: str) -> Issue:
    found = delivery.store.issues.find(name)
    if found is None:
        raise UsageError(
            f"there is no issue “{name}”", "name it like staff/2010-02-08T08:00, or by its digest"
        )
    return found
