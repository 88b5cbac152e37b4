"""Send an issue straight to receivers that enforce their rules; then the same without keeping to limits.

    python bench/receivers.py                      # 100,000 mails, about ten minutes
    python bench/receivers.py --mails 10000        # the same rules, fewer mails

Each receiver has servers of its own on a loopback address, found by MX over a name server of this run, and
enforces its rules (`bench/receiving.py`): two connections of a hundred messages, a rate, greylisting, storms
of 421, a block after ten breaches, or at 5 % unknown users. One list has too many of those: the group pauses,
and the bench does what a person would: it takes the dead addresses off the list, and resumes.

Nothing is scaled: a minute of greylisting is a minute. *Least* is the time below which nobody can deliver the
same mails without breaking a rule, computed from the rules alone (`Rules.least_seconds`): whoever knows when
a storm ends, and has the next message there as soon as the last is answered, needs that long. What counts is
the last message of all, against the slowest receiver's least time.
"""

# ruff: noqa: PLC0415 - loads the program where it is measured

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.receiving import GONE, Receivers, Rules  # noqa: E402
from bench.site import MONDAY, Made, environment, make_site  # noqa: E402

if TYPE_CHECKING:
    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.delivery.rounds import RoundContext
    from newsfeed.receiver_ports import ReceiverState

HELLO = "news.test.example"
LIMITED = 1.2
"""Times the least: what is allowed."""


@dataclasses.dataclass(frozen=True)
class Case:
    """One receiver: its share of the list, and its rules."""

    thousandths: int
    rules: Rules
    unknown: float = 0.0
    """Share of its readers who are not there any more; they stand together, as those of an old list do."""

    def table(self, name: str) -> str:
        """What a site says of it: the numbers that it publishes, pauses of a minute, and 2 % unknown users,
        where it blocks at 5.
        """
        rules = self.rules
        lines = [f'[receivers.{name}]\nmx = ["mx.{name}.test"]', f"connections = {rules.connections}"]
        lines.append(f"messages = {rules.messages}\npause = 60\nmost_unknown = 0.02")
        lines += [f"per_second = {rules.per_second * MARGIN}"] if rules.per_second else []
        return "\n".join(lines)


CASES = {
    "orange": Case(50, Rules(connections=2, messages=100, think=0.15)),
    "free": Case(40, Rules(connections=4, messages=50, think=0.1, greylisting=60.0)),
    "laposte": Case(
        60, Rules(connections=2, messages=100, think=0.04, storms=((60.0, 100.0), (170.0, 200.0)))
    ),
    "gmx": Case(150, Rules(connections=5, messages=100, per_second=40.0, think=0.05)),
    "t-online": Case(100, Rules(connections=3, messages=50, think=0.1)),
    "kpn": Case(60, Rules(connections=3, messages=50, think=0.1)),
    "ziggo": Case(60, Rules(connections=3, messages=50, think=0.1)),
    "gmail": Case(220, Rules(connections=5, messages=50, per_second=60.0, think=0.05)),
    "microsoft": Case(
        120, Rules(connections=5, messages=50, per_second=40.0, think=0.05, storms=((120.0, 150.0),))
    ),
    "yahoo": Case(110, Rules(connections=5, messages=20, think=0.1)),
    "strict": Case(20, Rules(connections=2, messages=50, think=0.05), unknown=0.1),
    "small": Case(10, Rules(connections=1, messages=20, think=0.1)),
}
MARGIN = 0.95
"""Of a receiver's rate, what we make use of: it counts when messages come, and we when they leave."""


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--free-seconds", type=float, default=60.0, help="the run without limits is cut then")
    parser.add_argument("--disk", default=None)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--unlimited", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(Path(options.child), limiting=not options.unlimited)))
        return 0
    folder = Path(tempfile.mkdtemp(prefix="newsfeed-receivers-", dir=options.disk))
    try:
        kept = run(folder / "kept", options.mails, limiting=True)
        report(kept)
        free = run(folder / "free", options.mails, limiting=False, cut=options.free_seconds)
        report(free)
    finally:
        shutil.rmtree(folder)
    return verdict(kept, free)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """One run: what receivers saw, and what the ledger says."""

    title: str
    receivers: Receivers
    counts: dict[str, int]
    unknown: dict[str, int]
    found: dict[str, Any]
    seconds: float

    @property
    def least(self) -> float:
        """The slowest receiver's."""
        return max(one.rules.least_seconds(self.counts[one.name]) for one in self.receivers.receivers)

    @property
    def breaches(self) -> int:
        """Of all."""
        return sum(one.breaches.total() for one in self.receivers.receivers)

    @property
    def blocked(self) -> list[str]:
        """Those that take no more mail from us."""
        return [one.name for one in self.receivers.receivers if one.blocked]


def run(folder: Path, mails: int, *, limiting: bool, cut: float = 0.0) -> Outcome:
    """Import, plan, and send; the sender is a process of its own, receivers live in this one."""
    from tests.dns_client.name_server import serving

    counts = {name: mails * case.thousandths // 1000 for name, case in CASES.items()}
    unknown = {name: round(counts[name] * case.unknown) for name, case in CASES.items()}
    with Receivers({name: case.rules for name, case in CASES.items()}) as receivers:
        zone: dict[tuple[str, str], tuple[str, ...]] = {(HELLO, "A"): ("127.0.0.1",)}
        for one in receivers.receivers:
            zone[f"{one.name}.example", "MX"] = (f"mx.{one.name}.test",)
            zone[f"mx.{one.name}.test", "A"] = (one.address,)
        with serving(zone) as name_server:
            made = site(folder, receivers.port, name_server)
            take_up(made, counts, unknown)
            command = [sys.executable, __file__, "--child", str(made.folder)]
            process = subprocess.Popen(
                [*command, *([] if limiting else ["--unlimited"])],
                stdout=subprocess.PIPE, text=True, env=environment(), cwd=ROOT,
            )  # fmt: skip
            try:
                said, _ = process.communicate(timeout=cut or None)
                found = json.loads(said.splitlines()[-1])
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                found = {}
            if process.returncode > 0:
                raise SystemExit("the sender failed")
            first = min((one.began for one in receivers.receivers if one.began), default=0.0)
            last = max(one.last for one in receivers.receivers)
    for name in counts:
        counts[name] -= unknown[name]
    return Outcome(
        "keeping to limits" if limiting else "without limits", receivers, counts, unknown, found, last - first
    )


def site(folder: Path, port: int, name_server: str) -> Made:
    """A site that sends straight, and knows what its receivers allow."""
    tables = [f'[channels.mx]\nhello = "{HELLO}"\nconnections = 60\nport = {port}\nallow_private = true']
    tables.append(f'name_server = "{name_server}"')
    tables += ["\n" + case.table(name) for name, case in CASES.items()]
    return make_site(folder, port=25, channel="mx", smtp="\n" + "\n".join(tables))


def take_up(made: Made, counts: dict[str, int], unknown: dict[str, int]) -> None:
    """Import everybody, all receivers mixed, as on any list."""
    rows = []
    for name, count in counts.items():
        for number in range(count):
            who = GONE if number < unknown[name] else "reader"
            rows.append((number / count, f"{who}{number}@{name}.example"))
    rows.sort()
    file = made.folder / "people.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("email", "name", "language"))
        writer.writerows((address, "Reader", "en") for _, address in rows)
    words = ("subscribers", "import", str(file), "--digest", "staff", "--consent", "on paper", "--json")
    done = made.run(*words, "--now", (MONDAY - timedelta(days=20)).isoformat(), timeout=1800)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def child(folder: Path, *, limiting: bool) -> dict[str, Any]:
    """Plan, and send until nothing waits, looking as often as the service does."""
    from newsfeed.app.delivery import open_delivery_context, open_round_context
    from newsfeed.delivery.rounds import plan_round, send_planned
    from newsfeed.delivery.service import TICK

    began = time.monotonic()
    told: list[str] = []
    with open_delivery_context(folder, os.environ) as delivery:

        def tell(state: ReceiverState) -> None:
            told.append(f"{time.monotonic() - began:.0f} s: {state.name} pauses ({state.reason})")
            if state.reason == "unknown":
                threading.Thread(target=clean_and_resume, args=[delivery, context, state.name]).start()

        context = open_round_context(
            delivery,
            lambda: MONDAY + timedelta(seconds=time.monotonic() - began),
            lambda *_: None,
            os.environ,
        )
        traffic = context.sender_context.traffic
        traffic.tell = tell
        traffic.limiting = limiting
        plan_round(context)
        while True:
            send_planned(context, threading.Event(), tidy=False)
            waiting = context.send_queue.count_waiting(context.clock())
            if not waiting.number:
                break
            until = waiting.next_try or context.clock()
            time.sleep(min(max((until - context.clock()).total_seconds(), 0.1), TICK))
        issue = delivery.store.issues.find("staff")
        assert issue is not None
        (states,) = delivery.store.issues.receipt(issue.id).values()
    usage = os.times()
    return {"states": dict(states), "told": told, "cpu": usage.user + usage.system}


def clean_and_resume(delivery: DeliveryContext, context: RoundContext, name: str) -> None:
    """Do what a person does who hears that many of a group's readers are unknown."""
    from newsfeed.app.receivers import resume_group

    time.sleep(5)
    gone = [
        one for one in delivery.store.people.all() if one.address.startswith(GONE) and one.state == "active"
    ]
    delivery.store.people.save([dataclasses.replace(one, state="bounced") for one in gone])
    resume_group(delivery.store, name, context.clock())


def report(outcome: Outcome) -> None:
    """One table."""
    print(f"\n{outcome.title}: {sum(outcome.counts.values())} mails to {len(outcome.counts)} receivers")
    print("receiver    mails  taken   least s      s  ratio  connections  calls  breaches")
    for one in outcome.receivers.receivers:
        least, spent = one.rules.least_seconds(outcome.counts[one.name]), max(one.last - one.began, 0.0)
        blocked = f"  blocked after {one.blocked:.0f} s" if one.blocked else ""
        said = ", ".join(f"{number} {what}" for what, number in one.breaches.items())
        print(
            f"{one.name:<11}{outcome.counts[one.name]:>6}{len(one.taken):>7}{least:>10.0f}{spent:>7.0f}"
            f"{spent / least:>7.2f}{one.most_open:>13}{one.calls:>7}  {said or '-'}{blocked}"
        )
    taken = sum(len(one.taken) for one in outcome.receivers.receivers)
    twice = sum(one.taken.total() - len(one.taken) for one in outcome.receivers.receivers)
    print(
        f"all: {taken} taken, {sum(outcome.counts.values()) - taken} not, {twice} twice, "
        f"{outcome.breaches} breaches, {len(outcome.blocked)} receivers block us"
    )
    if outcome.found:
        print(f"ledger: {outcome.found['states']}; processor {outcome.found['cpu']:.0f} s")
        print("\n".join(outcome.found["told"]))
        print(
            f"{outcome.seconds:.0f} s; least possible {outcome.least:.0f} s; "
            f"ratio {outcome.seconds / outcome.least:.2f}"
        )


def verdict(kept: Outcome, free: Outcome) -> int:
    """0 when all came, no rule was broken, in time; and when it was the limits that did it."""
    missing = sum(kept.counts[one.name] - len(one.taken) for one in kept.receivers.receivers)
    good = not missing and not kept.breaches and kept.seconds <= LIMITED * kept.least and bool(free.blocked)
    print("\ngood" if good else "\nNOT GOOD")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
