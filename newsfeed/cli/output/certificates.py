"""Output of the proofs of what somebody agreed to. Addresses go to standard output only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.cli.output.people import consent_sentence
from newsfeed.cli.output.terminal import print_result, visible
from newsfeed.core.people.held_data import held_as_data
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from newsfeed.app.certificates import Certificate
    from newsfeed.cli.output.voice import Voice
    from newsfeed.records import Consent


def print_certificate(
    certificate: Certificate, now: datetime, zone: tzinfo, voice: Voice, *, as_json: bool
) -> None:
    """Print what somebody agreed to, and whether the records prove it. ``zone``: of moments for people."""
    data = {
        "issued": now.isoformat(),
        "whole": certificate.is_whole,
        "broken_record": certificate.broken,
        "lost_pages": list(certificate.lost),
        **held_as_data(certificate.held),
    }
    sentences = [voice.say(N_("address: {address}"), address=certificate.held.person.address)]
    for consent in certificate.held.consents:
        sentences.append(voice.say(consent_sentence(consent, zone)))
        sentences += _proofs(consent, voice)
    sentences += _verdict(certificate, voice)
    print_result(data, [visible(one) for one in sentences], as_json=as_json)


def _proofs(consent: Consent, voice: Voice) -> Iterator[str]:
    evidence = consent.evidence
    if "page" in evidence:
        yield "    " + voice.say(N_("on the page {page}"), page=evidence["page"])
    if "filled" in evidence:
        yield "    " + voice.say(N_("{number} s after it was shown"), number=int(evidence["filled"]))
    for name in ("form", "mail"):
        if name in evidence:
            yield f"    {name}: sha256 {evidence[name]}"
    yield f"    sha256 {consent.hash}"


def _verdict(certificate: Certificate, voice: Voice) -> Iterator[str]:
    if certificate.broken is not None:
        yield voice.say(
            N_("the chain of consents is broken at record {number}: this proves nothing"),
            number=certificate.broken,
        )
    for name in certificate.lost:
        yield voice.say(N_("what was shown is not there any more, or was changed: sha256 {name}"), name=name)
    if certificate.is_whole:
        yield voice.say(N_("the chain of consents is whole"))
