"""Visitors and a digest at the same time: how long does anybody wait?

    python bench/load.py [--rate 500] [--seconds 60] [--readers 20000]

`newsfeed run` serves a site and its readers' pages while a digest goes out to a relay that writes down what
it takes. Requests come at random moments that do not depend on the answers, and the time of each is counted
from the moment at which somebody wanted it. Afterwards the books must balance: what the relay took, what the
store says, what each visitor was told. Exit status 1 when an answer was wrong, somebody was lost, or the
slowest hundredth waited for more than 250 ms.

Answers to sign-ups take a whole number of quarters of a second, so that their time tells nobody who is known:
they are shown, and not counted in the slowest hundredth.
"""

# ruff: noqa: PLC0415 - loads the program where it is needed

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from newsfeed.app.delivery import DeliveryContext

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.open_loop import Answered, ask_all  # noqa: E402
from bench.sink import Sink  # noqa: E402
from bench.site import MONDAY, Made, address, make_site, one_click, story  # noqa: E402
from bench.visitors import CHOOSE, LEAVE, SIGN_UP, Visitors  # noqa: E402
from bench.web import ask, free_port, processor_seconds  # noqa: E402

GOAL = 0.25
"""Seconds that the slowest hundredth may wait."""
BEFORE = datetime(2030, 2, 4, 6, 59, 55, tzinfo=UTC)
"""Some seconds before the digest's slot: the service finds it due at its second look, 20 seconds later."""
SLOT = "2030-02-04T08:00"
STORIES = 20
PATIENCE = 120.0
"""Seconds for the last mails to leave after the last request."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was seen; moments in seconds since the first request."""

    answers: list[Answered]
    mails: list[float]
    """When the relay took a digest's mail."""
    questions: list[float]
    """How long it took until a mail asked somebody who had signed up to confirm it."""
    troubles: list[str]
    """What is wrong, or does not balance."""
    processor: dict[str, float]
    """Who → seconds of processor time."""
    busy: tuple[float, float]
    """Load average of the machine, before and after."""


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rate", type=float, default=500, help="requests a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=4, help="to the relay")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", action="store_true", help="the digest is due when the service starts")
    parser.add_argument("--disk", help="folder for the site and its store; else a temporary one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsfeed-load-", dir=given.disk) as folder:
        result = play(Path(folder), given)
    show(result)
    return int(bool(result.troubles) or percentile(counted(result.answers), 99) > GOAL)


def play(folder: Path, given: argparse.Namespace) -> Result:
    """Serve, send and ask, all at once; hold the books against each other."""
    from newsfeed.app.delivery import open_delivery_context

    with relay() as (relay_port, relay_process, relay_books):
        made, port = make_served_site(folder / "site", relay_port, given)
        with open_delivery_context(made.folder, os.environ) as delivery:
            busy = os.getloadavg()[0]
            log = folder / "log"
            now = MONDAY if given.at_once else BEFORE
            service = made.start("run", "--now", now.isoformat(), log=log)
            try:
                wait_until_ready(port)
                visitors = Visitors(port, delivery, random.Random(given.seed))
                visitors.look_around(made.folder / "public")
                plan = visitors.plan(given.rate, given.seconds)
                began, own = time.monotonic(), time.process_time()
                answers = asyncio.run(ask_all(port, plan))
                own = time.process_time() - own
                wait_until_sent(delivery)
                used = {"service": processor_seconds(service.pid), "relay": processor_seconds(relay_process)}
            finally:
                troubles = end(service, log)
            relay_books.send("show")
            taken: list[tuple[str, float]] = relay_books.recv()
            troubles += answer_troubles(answers)
            troubles += book_troubles(delivery, answers, Counter(who for who, _ in taken), given.readers)
    came = {who: at - began for who, at in taken if who != address(given.readers)}
    newcomers = {one.asked.who: one.due for one in answers if one.asked.kind == SIGN_UP}
    mails = sorted(at for who, at in came.items() if who not in newcomers)
    questions = [came[who] - due for who, due in newcomers.items() if who in came]
    used["requests"] = own
    return Result(answers, mails, questions, troubles, used, (busy, os.getloadavg()[0]))


@contextmanager
def relay() -> Iterator[tuple[int, int, Connection]]:
    """A relay in a process of its own: its port, its process, and where its books can be asked for."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_relay, args=(theirs,), daemon=True)
    process.start()
    try:
        yield int(ours.recv()), process.pid or 0, ours
    finally:
        process.terminate()
        process.join()


def _relay(pipe: Connection) -> None:
    sink = Sink().start()
    pipe.send(sink.port)
    while pipe.recv():
        pipe.send([(one.recipient, one.at) for one in sink.taken])


def make_served_site(folder: Path, relay_port: int, given: argparse.Namespace) -> tuple[Made, int]:
    """A site with readers and their pages, built; and the port it will be served on."""
    made, port = make_site(folder, port=relay_port, connections=given.connections), free_port()
    for number in range(STORIES):
        story(folder, f"story-{number}", f"2030-01-{8 + number:02d}", 1_500, 3)
    with (folder / "config.toml").open("a") as file:
        file.write(f'\n[web]\nport = {port}\nbase_url = "http://localhost:{port}/"\n')
        file.write('trusted_proxies = ["127.0.0.1"]\n')
    built = made.run("build", "--now", MONDAY.isoformat())
    if built.returncode:
        raise SystemExit(built.stderr)
    if not given.at_once:
        have_sent_before(made, given.readers)
    made.take_up(given.readers)
    return made, port


def have_sent_before(made: Made, number: int) -> None:
    """Send the issue of the week before to somebody who leaves then: else it would be due, too."""
    from newsfeed.app.delivery import open_delivery_context

    made.take_up(1, first=number)
    before = BEFORE - timedelta(days=6)
    if made.run("send", "--now", before.isoformat()).returncode:
        raise SystemExit("the issue of the week before cannot be sent")
    with open_delivery_context(made.folder, os.environ) as delivery:
        one_click(delivery, next(iter(delivery.store.people.all("staff"))), before)


def wait_until_ready(port: int) -> None:
    """Return when the service answers."""
    for _ in range(1_200):
        with suppress(OSError):
            if ask(f"http://127.0.0.1:{port}/readyz")[0] == 200:
                return
        time.sleep(0.05)
    raise SystemExit("the service does not answer")


def wait_until_sent(delivery: DeliveryContext) -> None:
    """Return when no mail waits any more, or after a while."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        states, waiting = ledger(delivery), delivery.store.send_queue.count_waiting(MONDAY)
        if states and not {"planned", "intent"} & set(states) and not waiting.number:
            return
        time.sleep(0.5)


def ledger(delivery: DeliveryContext) -> Counter[str]:
    """State → deliveries of the digest; empty before it is planned."""
    states: Counter[str] = Counter()
    number = delivery.store.issues.slots("staff", BEFORE - timedelta(days=1)).get(SLOT)
    if number is not None:
        for numbers in delivery.store.issues.receipt(number).values():
            states.update(numbers)
    return states


def end(service: subprocess.Popen[bytes], log: Path) -> list[str]:
    """End the service as an operator does; return what it said that it should not have to."""
    service.terminate()
    status = service.wait(30)
    troubles = [] if status == 0 else [f"the service ended with status {status}"]
    said = log.read_text("utf-8")
    if "Traceback" in said:
        troubles.append(said[said.index("Traceback") :][:2_000])
    troubles += [line for line in said.splitlines() if re.search(r'"level": ?"(warning|error)"', line)]
    return troubles


def answer_troubles(answers: Sequence[Answered]) -> list[str]:
    """Kinds of answers that were not the right ones."""
    wrong = Counter((one.asked.kind, one.status) for one in answers if not one.is_right)
    return [f"{number} × {kind}: {status or 'no answer'}" for (kind, status), number in wrong.items()]


def book_troubles(
    delivery: DeliveryContext, answers: Sequence[Answered], taken: Counter[str], readers: int
) -> list[str]:
    """What the relay, the store and the answers do not agree about."""
    people, troubles = delivery.store.people, []
    told = {(one.asked.kind, one.asked.who): one.is_right for one in answers if one.asked.who}
    twice = sum(number > 1 for number in taken.values())
    if twice:
        troubles.append(f"{twice} people got a mail twice")
    states = ledger(delivery)
    for number in range(readers):
        who = address(number)
        person, has_left = people.find(who), told.get((LEAVE, who), False)
        if person is None or (person.state == "left") != has_left:
            troubles.append(f"{who}: {person.state if person else 'lost'}, and was told {has_left}")
        elif not has_left and taken[who] != 1:
            troubles.append(f"{who}: a reader who got {taken[who]} mails")
        if told.get((CHOOSE, who)) and person and person.languages[:2] != ("nl", "fr"):
            troubles.append(f"{who}: a choice is lost: {person.languages}")
    got = sum(taken[address(number)] for number in range(readers))
    if states["accepted"] != got or sum(states.values()) != got + states["left"]:
        troubles.append(f"the relay took {got} mails for {readers} readers, and the ledger says {states}")
    lost = [who for (kind, who), right in told.items() if kind == SIGN_UP and right and taken[who] != 1]
    if lost:
        troubles.append(f"{len(lost)} sign-ups without a question, such as {lost[0]}")
    return troubles


def counted(answers: Sequence[Answered]) -> list[float]:
    """How long each answer took that is to be quick, in seconds."""
    return [one.seconds for one in answers if one.asked.kind != SIGN_UP]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))] if ordered else 0.0


def show(result: Result) -> None:
    """Print what was seen, in milliseconds."""
    answers, mails = result.answers, result.mails
    lines = {
        kind: [one.seconds for one in answers if one.asked.kind == kind]
        for kind in sorted({one.asked.kind for one in answers})
    }
    first, last = (mails[0], mails[-1]) if mails else (0.0, 0.0)
    quick = [one for one in answers if one.asked.kind != SIGN_UP]
    lines |= {
        "all but sign-ups": counted(answers),
        "  before the digest": [one.seconds for one in quick if one.due < first],
        "  while it leaves": [one.seconds for one in quick if first <= one.due <= last],
        "  afterwards": [one.seconds for one in quick if one.due > last],
        "sent late by the bench": [one.sent - one.due for one in quick],
    }
    print(f"{'milliseconds':24}{'number':>8}{'median':>9}{'p99':>9}{'most':>9}")
    for name, values in lines.items():
        if values:
            figures = (percentile(values, 50), percentile(values, 99), max(values))
            print(f"{name:24}{len(values):8}" + "".join(f"{1000 * one:9.1f}" for one in figures))
    print(f"digest: {len(mails)} mails from {first:.1f} s to {last:.1f} s")
    waits = percentile(result.questions, 50), max(result.questions, default=0.0)
    print(f"sign-ups: asked to confirm after {waits[0]:.1f} s, at most {waits[1]:.1f} s")
    used = ", ".join(f"{who} {seconds:.1f} s" for who, seconds in result.processor.items())
    print(f"processor time: {used}; load average {result.busy[0]:.1f} before, {result.busy[1]:.1f} after")
    for trouble in result.troubles[:20]:
        print(trouble)
    wrong = sum(not one.is_right for one in answers)
    print(f"{len(answers)} answers, {wrong} of them wrong; {len(result.troubles)} troubles")


if __name__ == "__main__":
    sys.exit(main())
