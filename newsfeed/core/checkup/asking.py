"""Ask DNS without a network: a generator yields questions, is sent the answers, and returns a verdict."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

from newsfeed.service_ports import DnsAnswer, DnsQuestion

T = TypeVar("T")
Asking = Generator[DnsQuestion, DnsAnswer, T]


def ask(name: str, kind: str) -> Asking[DnsAnswer]:
    """Ask for the records of one name and kind."""
    return (yield DnsQuestion(name.lower(), kind))


def run_asking(asking: Asking[T], resolve: Callable[[DnsQuestion], DnsAnswer]) -> T:
    """Answer all questions and return the verdict."""
    try:
        question = next(asking)
        while True:
            question = asking.send(resolve(question))
    except StopIteration as done:
        verdict: T = done.value
        return verdict
