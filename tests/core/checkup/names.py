"""DNS as a table, for tests of what asks it."""

from collections.abc import Callable, Mapping

from newsfeed.service_ports import DnsAnswer, DnsQuestion, DnsStatus

Zone = Mapping[tuple[str, str], tuple[str, ...] | DnsStatus]
"""(name, kind) → values, or a status without any."""


def answering(zone: Zone, asked: list[DnsQuestion] | None = None) -> Callable[[DnsQuestion], DnsAnswer]:
    """Answer from a zone; names that it does not have are absent. ``asked`` gets every question."""
    names = {name for name, _ in zone}

    def resolve(question: DnsQuestion) -> DnsAnswer:
        if asked is not None:
            asked.append(question)
        found = zone.get((question.name, question.kind))
        if found is None:
            return DnsAnswer(DnsStatus.EMPTY if question.name in names else DnsStatus.ABSENT)
        return DnsAnswer(found) if isinstance(found, DnsStatus) else DnsAnswer(DnsStatus.FOUND, found)

    return resolve
