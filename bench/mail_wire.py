"""Messages of 36 kB a second over the SMTP wire alone, beside Postfix's own generator in the same run.

    python bench/mail_wire.py [--messages 4000] [--rounds 5]

No ledger and no rendering: each message is spliced from a frozen body (as the sender does), signed
or not, and handed to ``smtp-sink``. Before each measurement ``smtp-source -d`` sends as many messages
with as many sessions to the same sink; the ratio of the two is what counts, since both change with
the machine and what else it does. Medians over the rounds.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import time
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from newsfeed.channels.smtp import SmtpChannel
from newsfeed.channels.smtp.access import RelayAccess, SmtpTimeouts
from newsfeed.delivery.switchboard import Switchboard
from newsfeed.mail import dkim, personalise
from newsfeed.model import Message
from newsfeed.settings import DkimKeySettings, RelaySettings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from newsfeed.conversations import Wait

SIZE = 36_000
TOKEN = "AbCdEfGhIjKlMnOpQrStUv"
LINE = b'<td style=3D"padding:0 24px">Sauberes Wasser f=C3=BCr die Schule im Dorf</td>=\r\n'
MARK = b"https://news.example.org/u/" + personalise.MARKER.encode() + b"\r\n"
FROZEN = LINE * 80 + MARK + LINE * ((SIZE - 80 * len(LINE)) // len(LINE)) + MARK
HEAD = (
    "To: Reader {number} <reader{number}@readers.example>\r\n"
    "Message-ID: <staff.20260105.de.{number:08}@news.example.org>\r\n"
    "List-Unsubscribe: <https://news.example.org/u/"
    + TOKEN
    + ">,\r\n <mailto:news@example.org?subject=unsubscribe>\r\n"
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
)
SHARED = (
    b'From: "Example newsroom" <news@news.example.org>\r\n'
    b"Reply-To: news@news.example.org\r\n"
    b"Subject: =?utf-8?q?Neues_vom_Wasser_f=C3=BCr_die_Schule?=\r\n"
    b"Date: Mon, 05 Jan 2026 08:00:00 +0100\r\n"
    b"List-Id: Weekly news <staff.news.example.org>\r\n"
    b"List-Help: <mailto:news@news.example.org>\r\n"
    b"List-Archive: <https://news.example.org/de/>\r\n"
    b"List-Owner: <mailto:news@news.example.org>\r\n"
    b"List-Post: NO\r\n"
    b"Auto-Submitted: auto-generated\r\n"
    b"Precedence: bulk\r\n"
    b"X-Auto-Response-Suppress: All\r\n"
    b"Feedback-ID: 20260105:staff:digest:news.example.org\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Language: de\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n"
)


def main() -> None:
    """Measure everything and print a table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--messages", type=int, default=4_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--connections", type=int, nargs="*", default=[1, 4])
    chosen = options.parse_args()
    print(f"{len(FROZEN) / 1000:.0f} kB, {chosen.messages} messages, median of {chosen.rounds} rounds")
    print("connections  DKIM      smtp-source/s    newsfeed/s   ratio (lowest–highest)   our CPU µs")
    with _Sink() as port:
        for connections in chosen.connections:
            for name, compose in composers():
                _measure(port, connections, name, compose, chosen.messages, chosen.rounds)


def _measure(
    port: int, connections: int, name: str, compose: Callable[[int], Message], messages: int, rounds: int
) -> None:
    theirs, ours, ratios, work = [], [], [], []
    for _ in range(rounds):
        theirs.append(_smtp_source(port, messages, connections))
        before = os.times()
        ours.append(_newsfeed(port, messages, connections, compose))
        after = os.times()
        ratios.append(ours[-1] / theirs[-1])
        work.append((after.user - before.user + after.system - before.system) / messages * 1e6)
    middle = statistics.median
    print(
        f"{connections:11}  {name:8} {middle(theirs):14.0f} {middle(ours):13.0f} {middle(ratios):7.2f} "
        f"({min(ratios):.2f}–{max(ratios):.2f}) {middle(work):18.0f}",
        flush=True,
    )


def composers() -> list[tuple[str, Callable[[int], Message]]]:
    """Ways to make a message: unsigned, and signed with each kind of key."""
    body = personalise.split_at_markers(FROZEN)
    found: list[tuple[str, Callable[[int], Message]]] = [
        ("none", lambda number: _message(number, body, None))
    ]
    hashed = dkim.BodyHash(FROZEN)
    for algorithm in ("rsa", "ed25519"):
        signer = dkim.DkimSigner([_key(algorithm)])
        found.append((algorithm, lambda number, signer=signer: _message(number, body, (signer, hashed))))
    return found


def _message(
    number: int, body: personalise.MarkedBody, seal: tuple[dkim.DkimSigner, dkim.BodyHash] | None
) -> Message:
    head = HEAD.format(number=number).encode() + SHARED
    signature = seal[0].make_signatures_for_hash(head, seal[1].digest(TOKEN)) if seal else b""
    data = b"".join((signature, head, b"\r\n", body.fill(TOKEN)))
    return Message(
        "news@news.example.org", f"reader{number}@readers.example", f"<{number}@x>", data, dotless=True
    )


def _key(algorithm: str) -> dkim.SigningKey:
    private = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if algorithm == "rsa"
        else ed25519.Ed25519PrivateKey.generate()
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return dkim.read_key(
        DkimKeySettings(domain="news.example.org", selector="bench", algorithm=algorithm, key_file="k"), pem
    )


def _newsfeed(port: int, messages: int, connections: int, compose: Callable[[int], Message]) -> float:
    relay = RelaySettings(host="127.0.0.1", port=port, security="none", connections=connections)
    channel = SmtpChannel([RelayAccess(relay, SmtpTimeouts())])
    trouble: list[object] = []
    board = Switchboard[str]()

    def work(first: int) -> Generator[Wait | str, None, None]:
        session = channel.open()
        message: Message | None = compose(first)
        for number in range(first, messages, connections):
            assert message is not None
            refusal = yield from session.offering(message)
            message = compose(number + connections) if number + connections < messages else None
            reply = refusal or (yield from session.finishing(message))
            if reply.code != 250:
                trouble.append(reply)
        yield from session.closing()

    started = time.perf_counter()
    talks = [board.start(work(first)) for first in range(connections)]
    while not all(talk.is_over for talk in talks):
        board.turn(1.0)
    board.close()
    assert not trouble, trouble[0]
    return messages / (time.perf_counter() - started)


def _smtp_source(port: int, messages: int, sessions: int) -> float:
    command = ["smtp-source", "-d", "-l", str(SIZE), "-m", str(messages), "-s", str(sessions)]
    started = time.perf_counter()
    subprocess.run(
        [*command, "-f", "news@news.example.org", "-t", "reader@readers.example", f"127.0.0.1:{port}"],
        check=True,
    )
    return messages / (time.perf_counter() - started)


class _Sink:
    """A running smtp-sink on a free loopback port."""

    def __enter__(self) -> int:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        self._process = subprocess.Popen(["smtp-sink", *user, f"127.0.0.1:{port}", "100"])
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                break
        return port

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


if __name__ == "__main__":
    main()
