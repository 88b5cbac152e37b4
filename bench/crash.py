"""Kill a sender again and again, and count what its subscribers saw.

    python bench/crash.py --kills 200

A site in four languages with 2,000 subscribers sends over several connections to a relay that
writes everything down. Senders die by SIGKILL at random moments: while they start, plan, claim,
talk, between the relay's "accepted" and our hearing of it. The next one starts at once. Meanwhile
some people unsubscribe. When all kills are used up a last sender may finish, and the relay's notes
are held against the ledger. Exit status 1 when a number that must be zero is not.

Most senders are forked from a process that has the program loaded, because loading takes longer
than most lives last here; every tenth is a fresh ``python -m newsfeed``.
"""

# ruff: noqa: PLC0415 - only one kind of process loads the program

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import text  # noqa: E402

from bench.sink import Sink, Taken  # noqa: E402
from bench.site import MONDAY, Made, address, environment, make_site, one_click  # noqa: E402
from newsfeed.app.delivery import DeliveryContext, open_delivery_context  # noqa: E402
from newsfeed.errors import StaleError  # noqa: E402

DELAY = 0.004
"""Longest pause of the relay, in seconds, before and after a message is its own."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who left in mid-run, and what the ledger said at once after that was committed."""

    address: str
    at: float
    life: int
    state: str


@dataclass
class Story:
    """What happened so far."""

    kills: int = 0
    cold: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    gone: list[Gone] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)


class Nursery:
    """Starts senders: forked from a loaded process, or fresh."""

    def __init__(self, made: Made, log: Path) -> None:
        self._made, self._log = made, log
        self._mother = subprocess.Popen(
            [sys.executable, __file__, "--nursery", str(log)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            cwd=ROOT,
            text=True,
        )

    def forked(self, *words: str) -> int:
        """Number of a new process."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        print(json.dumps(self._made.command(*words)[2:]), file=self._mother.stdin, flush=True)
        return int(self._mother.stdout.readline())

    def fresh(self, *words: str) -> subprocess.Popen[bytes]:
        """A process from scratch."""
        return self._made.start(*words, log=self._log)

    def close(self) -> None:
        """No more children."""
        assert self._mother.stdin is not None
        self._mother.stdin.close()
        self._mother.wait()


def nursery(log: str) -> None:
    """The loaded process: a line of JSON → a child that runs that command; its number is printed."""
    import newsfeed.app.site
    import newsfeed.cli.commands.sending
    import newsfeed.delivery.freeze
    import newsfeed.stores.sql
    from newsfeed import channels, cli

    assert newsfeed.app.site
    assert channels
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are nobody's business here
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.dup2(out, 1)
            os.dup2(out, 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            sys.argv = ["newsfeed", *json.loads(line)[1:]]
            try:
                cli.main()
            except SystemExit as end:
                sys.stdout.flush()
                os._exit(end.code if isinstance(end.code, int) else 1)
            os._exit(0)
        print(child, flush=True)


class Run:
    """One whole experiment."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options = options
        self.chance = random.Random(options.seed)
        self.sink = Sink(delay=options.delay, chance=random.Random(options.seed + 1)).start()
        self.made = make_site(
            folder / "site",
            port=self.sink.port,
            connections=options.connections,
            digest='when_empty = "note"',
        )
        self.log = folder / "log"
        self.story = Story()
        self.week = 0
        self.began = time.monotonic()

    def now(self) -> datetime:
        """The senders' clock: it goes on, and a new week begins when an issue is all sent."""
        return MONDAY + timedelta(weeks=self.week, seconds=time.monotonic() - self.began)

    def go(self) -> int:
        """Kill, restart, finish, count; the exit status."""
        self.made.take_up(self.options.recipients)
        with open_delivery_context(self.made.folder, os.environ) as delivery:
            mother = Nursery(self.made, self.log)
            issue_began, per_life = 0, self.options.recipients / max(self.options.kills, 1)
            while self.story.kills < self.options.kills:
                left_over = self.options.recipients - (len(self.sink.taken) - issue_began)
                finished = self._live(mother, delivery, min(2 * per_life, max(left_over, 1) / 3))
                if finished:
                    self.week += 1
                    issue_began = len(self.sink.taken)
            mother.close()
            self.sink.life += 1
            for _ in range(5):
                done = self.made.run("send", "--now", self.now().isoformat(), "--json")
                if done.returncode == 0 and not json.loads(done.stdout)["sent"]:
                    break
            return self._report(delivery, done)

    def _live(self, mother: Nursery, delivery: DeliveryContext, messages: float) -> bool:
        """One sender's life; whether it came to its natural end."""
        self.sink.life += 1
        seen = len(self.sink.taken)
        words = ("send", "--now", self.now().isoformat())
        cold = self.sink.life % 10 == 0
        child = mother.fresh(*words) if cold else None
        pid = child.pid if child else mother.forked(*words)
        self.story.cold += cold
        early = self.chance.random() < 0.2
        deadline = time.monotonic() + (self.chance.uniform(0, 1.5 if cold else 0.8) if early else 20)
        wanted = seen + 1 + int(self.chance.uniform(0, messages))
        while time.monotonic() < deadline and _lives(pid, child):
            if not early and len(self.sink.taken) >= wanted:
                break
            time.sleep(0.001)
        if self.chance.random() < 0.25:
            self._somebody_leaves(delivery)
        time.sleep(self.chance.uniform(0, 0.006))
        if not _lives(pid, child):
            self.story.endings["by itself"] += 1
            return True
        os.kill(pid, signal.SIGKILL)
        while _lives(pid, child):
            time.sleep(0.0005)
        self.story.kills += 1
        fell = len(self.sink.taken) > seen
        self.story.endings["killed while sending" if fell else "killed before its first message"] += 1
        return False

    def _somebody_leaves(self, delivery: DeliveryContext) -> None:
        """The ledger is read after the commit: an intent it does not hold then must never come."""
        life = self.sink.life
        which = address(self.chance.randrange(self.options.recipients))
        person = delivery.store.people.find(which)
        if person is None or not person.subscriptions:
            return
        try:
            one_click(delivery, person, self.now())
        except StaleError:
            return
        found = delivery.store.issues.deliveries(person.id)
        state = found[0][1].state if found else "none"
        self.story.gone.append(Gone(which, time.monotonic(), life, state))

    def _report(self, delivery: DeliveryContext, last: subprocess.CompletedProcess[str]) -> int:
        planned = _planned(delivery)
        figures = judge(self.sink.taken, planned, self.story.gone, self.options.connections)
        store = delivery.store.issues
        off = 0
        for issue in {issue for issue, *_ in planned}:
            states = [count for by in store.receipt(issue).values() for count in by.values()]
            off += sum(states) != sum(1 for one in planned if one[0] == issue)
        open_states = sum(state in ("planned", "intent", "deferred", "unknown") for *_, state in planned)
        errors = self.log.read_text("utf-8", "replace").count("Traceback") if self.log.exists() else 0
        zero = {
            "lost": figures["lost"],
            "doubled with another Message-ID": figures["other"],
            "doubled beyond open connections": figures["beyond"],
            "mailed after unsubscribing": figures["after"],
            "receipts that do not balance": off,
            "deliveries left open": open_states,
            "tracebacks of senders": errors,
            "last sender failed": int(last.returncode != 0),
        }
        print(f"kills                             {self.story.kills} ({self.story.cold} cold starts)")
        for name, count in sorted(self.story.endings.items()):
            print(f"  {name:<32}{count}")
        print(f"issues                            {len({issue for issue, *_ in planned})}")
        print(f"deliveries planned                {len(planned)}")
        print(f"messages the relay took           {len(self.sink.taken)}")
        print(f"unsubscribed in mid-run           {len(self.story.gone)}")
        print(f"doubled, same Message-ID          {figures['doubled']}  (bound: {figures['bound']})")
        for name, count in zero.items():
            print(f"{name:<34}{count}{'' if count == 0 else '   <- must be 0'}")
        print(f"seconds                           {time.monotonic() - self.began:.0f}")
        return int(any(zero.values()))


def _lives(pid: int, child: subprocess.Popen[bytes] | None) -> bool:
    if child is not None:
        return child.poll() is None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _planned(delivery: DeliveryContext) -> list[tuple[int, str, str, str]]:
    """(issue, address, Message-ID, state) of every delivery, straight from the tables."""
    query = text(
        "SELECT d.issue_id, s.address, d.message_id, d.state FROM deliveries d JOIN subscribers s"
        " ON s.id = d.subscriber_id"
    )
    with delivery.store._database.read() as connection:  # noqa: SLF001 - a witness beside the ports
        return [tuple(row) for row in connection.execute(query)]


def judge(
    taken: list[Taken],
    planned: list[tuple[int, str, str, str]],
    gone: list[Gone],
    connections: int,
) -> dict[str, int]:
    """The relay's notes against the plan."""
    issue_of = {message_id: issue for issue, _, message_id, _ in planned}
    got: dict[tuple[str, int], list[Taken]] = defaultdict(list)
    for one in taken:
        got[one.recipient, issue_of.get(one.message_id, -1)].append(one)
    left = {one.address for one in gone}
    lost = sum(
        1 for issue, who, _, state in planned if not got[who, issue] and not (who in left and state == "left")
    )
    # A Message-ID that is not the planned one falls under issue -1: nobody planned it.
    other = sum(len(copies) for (_, issue), copies in got.items() if issue == -1)
    other += sum(len({one.message_id for one in copies}) > 1 for copies in got.values())
    doubled, by_life = 0, Counter[int]()
    for copies in got.values():
        doubled += len(copies) - 1
        for one in sorted(copies, key=lambda one: one.at)[:-1]:
            by_life[one.life] += 1  # the life that was cut off before it could write it down
    beyond = sum(max(count - connections, 0) for count in by_life.values())
    lives = len({one.life for one in taken})
    return {
        "lost": lost,
        "other": other,
        "doubled": doubled,
        "bound": lives * connections,
        "beyond": beyond,
        "after": _after(taken, gone),
    }


def _after(taken: list[Taken], gone: list[Gone]) -> int:
    """Messages to people who had left, unless they were on the wire when that was committed."""
    by_who: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        by_who[one.recipient].append(one)
    wrong = 0
    for person in gone:
        late = [one for one in by_who[person.address] if one.at > person.at]
        on_the_wire = 1 if person.state == "intent" and late and late[0].life == person.life else 0
        wrong += len(late) - on_the_wire
    return wrong


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--recipients", type=int, default=2_000)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--delay", type=float, default=DELAY, help="longest pause of the relay, seconds")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    parser.add_argument("--nursery", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.nursery:
        nursery(options.nursery)
        return 0
    base = "/dev/shm" if Path("/dev/shm").is_dir() else None  # SIGKILL loses no writes: no disk is needed
    folder = Path(tempfile.mkdtemp(prefix="newsfeed-crash-", dir=base))
    print(f"seed                              {options.seed}")
    try:
        return Run(options, folder).go()
    finally:
        if options.keep:
            print(folder)
        else:
            shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
