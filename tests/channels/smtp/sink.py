"""Postfix's own test server on a loopback port, with the faults it can make."""

import os
import re
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from newsfeed.channels.smtp import SmtpChannel
from newsfeed.channels.smtp.access import RelayAccess, SmtpTimeouts
from newsfeed.settings import RelaySettings
from tests.peers.need import need_command


@contextmanager
def smtp_sink(*faults: str, dump: Path | None = None):
    """A running smtp-sink; yields its port. ``dump``: a folder that gets a file for each message."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(need_command("smtp-sink")), *faults]
    if os.geteuid() == 0:
        command += ["-u", "root"]  # it insists on being told
    if dump is not None:
        command += ["-d", f"{dump}/m."]
    server = subprocess.Popen([*command, f"127.0.0.1:{port}", "100"])
    try:
        _wait_for(port)
        yield port
    finally:
        server.kill()
        server.wait()


def channel_to(*ports: int, timeout: float = 30.0, dot: float = 30.0, **changes) -> SmtpChannel:
    """A channel to one or more sinks."""
    timeouts = SmtpTimeouts(timeout, timeout, timeout, dot)
    relays = [RelaySettings(host="127.0.0.1", port=port, security="none", **changes) for port in ports]
    return SmtpChannel([RelayAccess(relay, timeouts) for relay in relays])


def dumped(folder: Path) -> list[tuple[str, bytes]]:
    """(recipient, message) of every complete message in a sink's folder."""
    found = []
    for path in sorted(folder.iterdir()):
        head, _, rest = path.read_bytes().partition(b"Received: ")
        recipient = re.search(rb"^X-Rcpt-Args: <(.*?)>", head, re.MULTILINE)
        if recipient and rest:
            # It adds a Received header of several lines, local line ends, and an empty line.
            message = re.sub(rb"\A.*?\n(?![ \t])", b"", rest, count=1, flags=re.DOTALL)
            found.append((recipient[1].decode(), message.removesuffix(b"\n").replace(b"\n", b"\r\n")))
    return found


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("smtp-sink did not start")
