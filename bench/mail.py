"""Messages per second beside Postfix's own smtp-source, to the same smtp-sink, in the same run.

    python bench/mail.py                        # 1 and 4 connections, without DKIM, RSA, Ed25519
    python bench/mail.py --recipients 100000    # import, plan and send, with 4 connections
    python bench/mail.py --profile              # where the time goes
    python bench/mail.py --postgresql           # the ledger in PostgreSQL, which waits for its disk

The ledger is a SQLite file; every message costs one transaction. ``--disk DIR`` puts it on a disk of
your choice (else a temporary folder), ``--durable`` makes every transaction wait for that disk.
Needs Debian's ``postfix`` package for smtp-source and smtp-sink; nothing leaves this machine.
"""

# ruff: noqa: PLC0415 - loads the program where it is measured

from __future__ import annotations

import argparse
import contextlib
import cProfile
import json
import os
import pstats
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.site import MONDAY, Made, environment, make_site, story  # noqa: E402

SIZE = 36_000
"""Bytes of a message, about."""
STORIES, SENTENCES = 19, 7
SQLITE = "sqlite:///var/newsfeed.db"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=4_000)
    parser.add_argument("--recipients", type=int, help="import, plan and send to so many, once")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--dkim", nargs="+", choices=["none", "rsa", "ed25519"], default=["none"])
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--disk", default=None)
    parser.add_argument("--durable", action="store_true")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(Path(options.child), profile=options.profile)))
        return 0
    folder = Path(tempfile.mkdtemp(prefix="newsfeed-mail-", dir=options.disk))
    try:
        with sink() as port, ledgers(options.postgresql) as ledger:
            if options.recipients:
                return whole(folder, port, options, ledger())
            return beside(folder, port, options, ledger)
    finally:
        shutil.rmtree(folder)


def beside(folder: Path, port: int, options: argparse.Namespace, ledger: Callable[[], str]) -> int:
    """The table of ratios."""
    print(f"{options.messages} messages of about {SIZE} bytes, best of {options.rounds}")
    print(
        "planned: the ratio when reading, rendering and planning count, too. CPU: µs a message, theirs, ours"
    )
    print("connections  dkim      smtp-source  newsfeed  ratio  planned  peak MB   bytes     CPU")
    for connections in options.connections:
        for dkim in options.dkim:
            theirs, ours, work = 0.0, {"per_second": 0.0}, []
            for number in range(options.rounds):  # taking turns, so that a busy machine is unfair to both
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                theirs = max(theirs, source(port, options.messages, connections))
                work.append(_cpu(resource.RUSAGE_CHILDREN, before) / options.messages)
                place = folder / f"{connections}-{dkim}-{number}"
                made = site(place, port, connections, dkim, durable=options.durable, store=ledger())
                found = one(made, options.messages, profile=options.profile)
                ours = max(ours, found, key=lambda each: each["per_second"])
                shutil.rmtree(place)
            ratio = ours["per_second"] / theirs
            print(
                f"{connections:<13}{found['dkim']:<9}{theirs:>12.0f}{ours['per_second']:>10.0f}{ratio:>7.2f}"
                f"{options.messages / (ours['plan'] + ours['send']) / theirs:>9.2f}"
                f"{ours['peak_mb']:>9.0f}{ours['bytes']:>8.0f}"
                f"{min(work) * 1e6:>5.0f}{ours['cpu'] * 1e6:>5.0f}",
                flush=True,
            )
            if options.profile:
                print(ours["profile"])
    return 0


def _cpu(who: int, since: resource.struct_rusage) -> float:
    """Seconds of processor time."""
    now = resource.getrusage(who)
    return now.ru_utime + now.ru_stime - since.ru_utime - since.ru_stime


def one(made: Made, count: int, *, profile: bool) -> dict[str, Any]:
    """One issue, planned and sent by a process of its own."""
    made.take_up(count)
    command = [sys.executable, __file__, "--child", str(made.folder)]
    done = subprocess.run(
        [*command, *(["--profile"] if profile else [])],
        capture_output=True, text=True, env=environment(), cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    if found["states"] != {"accepted": count}:
        raise SystemExit(f"not all were accepted: {found['states']}")
    return found


def whole(folder: Path, port: int, options: argparse.Namespace, store: str) -> int:
    """From a CSV file to the last message."""
    count, connections = options.recipients, max(options.connections)
    made = site(folder / "site", port, connections, options.dkim[0], durable=options.durable, store=store)
    began = time.monotonic()
    made.take_up(count)
    imported = time.monotonic() - began
    import_peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    done = subprocess.run(
        [sys.executable, __file__, "--child", str(made.folder)],
        capture_output=True, text=True, env=environment(), cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    theirs = source(port, min(count, 20_000), connections)
    ledger = sum(path.stat().st_size for path in (made.folder / "var").glob("newsfeed.db*") if path.is_file())
    print(f"recipients           {count}, {connections} connections, {found['bytes']:.0f} bytes a message")
    print(f"import               {imported:.1f} s, {import_peak:.0f} MB")
    print(f"read, render, plan   {found['plan']:.1f} s")
    print(f"send                 {found['send']:.1f} s, {found['per_second']:.0f} a second")
    print(f"smtp-source          {theirs:.0f} a second; ratio {found['per_second'] / theirs:.2f}")
    print(f"peak memory          {found['peak_mb']:.0f} MB")
    print(f"ledger               {ledger / 1e6:.0f} MB")
    print(f"outcomes             {found['states']}")
    return int(found["states"] != {"accepted": count})


def child(folder: Path, *, profile: bool) -> dict[str, Any]:
    """Plan and send; figures of this process alone."""
    from newsfeed.app.delivery import open_delivery_context, open_round_context
    from newsfeed.delivery.rounds import plan_due_issues
    from newsfeed.delivery.sender import Sender

    seen = []
    with open_delivery_context(folder, os.environ) as delivery:

        def observe(outgoing: object, *_: object) -> None:
            if not seen:
                seen.append(outgoing)

        round_context = open_round_context(delivery, lambda: MONDAY, observe, os.environ)
        began = time.perf_counter()
        list(plan_due_issues(round_context, []))
        planned, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        profiler = cProfile.Profile(time.thread_time) if profile else None
        sender = Sender(round_context.sender_context, threading.Event())
        if profiler is not None:
            run = sender.run
            sender.run = lambda: profiler.runcall(run)
        counts = sender.run()
        sent, work = time.perf_counter(), _cpu(resource.RUSAGE_SELF, before)
        data = round_context.sender_context.composer.compose(seen[0]).data
    found = {
        "plan": planned - began,
        "send": sent - planned,
        "cpu": work / sum(counts.states.values()),
        "per_second": sum(counts.states.values()) / (sent - planned),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "bytes": len(data),
        "dkim": data.split(b"a=", 1)[1].split(b"-", 1)[0].decode() if data.startswith(b"DKIM") else "none",
        "states": dict(counts.states),
    }
    if profiler is not None:
        with (folder / "profile").open("w+") as out:
            pstats.Stats(profiler, stream=out).sort_stats("tottime").print_stats(22)
            out.seek(0)
            found["profile"] = out.read()
    return found


def site(place: Path, port: int, connections: int, dkim: str, *, durable: bool, store: str = SQLITE) -> Made:
    """A site whose digest weighs about as much as a real one."""
    mail = ""
    if dkim != "none":
        algorithm = f'algorithm = "{dkim}"'
        mail = f'\n[[mail.dkim]]\ndomain = "test.example"\nselector = "s"\n{algorithm}\nkey_file = "dkim.pem"'
    made = make_site(place, port=port, connections=connections, mail=mail, store=store)
    if dkim != "none":
        (place / "dkim.pem").write_bytes(_key(dkim))
    for number in range(STORIES - 2):
        story(place, f"story-{number}", f"2030-01-{12 + number:02d}", 700, SENTENCES)
    if durable:
        config = place / "config.toml"
        text = config.read_text("utf-8").replace("[store]\n", "[store]\ndurable = true\n")
        config.write_text(text, "utf-8")
    return made


def _key(algorithm: str) -> bytes:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    key = rsa.generate_private_key(65_537, 2_048) if algorithm == "rsa" else None
    made = key or ed25519.Ed25519PrivateKey.generate()
    return made.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())


@contextlib.contextmanager
def ledgers(postgresql: bool) -> Iterator[Callable[[], str]]:
    """Yield what gives a new ledger's URL at each call."""
    if not postgresql:
        yield lambda: SQLITE
        return
    from tests.contracts.postgres import CAREFUL, running

    with running(CAREFUL) as server:
        yield server.create


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """Postfix's smtp-sink on a free port."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    command = ["smtp-sink", *(["-u", "nobody"] if os.geteuid() == 0 else []), f"127.0.0.1:{port}", "256"]
    process = subprocess.Popen(command)
    try:
        for _ in range(200):
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


def source(port: int, count: int, sessions: int) -> float:
    """Messages per second of smtp-source, connections kept open."""
    began = time.perf_counter()
    subprocess.run(
        ["smtp-source", "-d", "-l", str(SIZE), "-m", str(count), "-s", str(sessions),
         "-f", "news@test.example", "-t", "reader@readers.example", f"127.0.0.1:{port}"],
        check=True, capture_output=True,
    )  # fmt: skip
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
