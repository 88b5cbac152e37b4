"""Spam filters of Debian, asked without a network: what they say of words, parts, headers and signatures."""

import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.peers.need import need_command

Verdict = tuple[float, Mapping[str, float]]
"""Points (fewer are better), and what they are for."""
RELAY = "81.169.145.66"
"""Some address on the internet: those reserved for examples cost points."""
_NAME = "mail.test.example"
_ALL_RULES = re.compile(r"score=(-?[\d.]+).*?tests=([\w,\s]*?)\s+autolearn", re.DOTALL)
_OFF = ("rbl", "surbl", "fuzzy_check", "phishing", "mx_check", "asn", "rspamd_update", "hfilter", "redis")
"""Modules of rspamd that ask others, or judge the machine that delivers."""
_RSPAMD = {
    "worker-normal.inc": 'bind_socket = "127.0.0.1:{port}";\ncount = 1;\n',
    "options.inc": 'dns {{ nameserver = ["{names}"]; timeout = 1s; retransmits = 1; }}\n'
    # Compiled rules are quicker, and to compile them takes longer than to judge these few mails.
    "disable_hyperscan = true;\n",
    "logging.inc": 'type = "console";\nlevel = "error";\n',
    # The digests of tests have days of their own.
    "groups.conf": 'symbols {{ "DATE_IN_FUTURE" {{ weight = 0; }} "DATE_IN_PAST" {{ weight = 0; }} }}\n',
    **{f"worker-{name}.inc": "enabled = false;\n" for name in ("controller", "proxy", "fuzzy")},
    **{f"{name}.conf": "enabled = false;\n" for name in _OFF},
}


def received(message: bytes, sender: str) -> bytes:
    """A message as a receiver's filter sees it."""
    date = re.search(rb"^Date: (.*)\r$", message, re.MULTILINE)
    assert date is not None
    way = f"from {_NAME} ({_NAME} [{RELAY}]) by mx.readers.example with ESMTPS id 1;\r\n"
    return f"Return-Path: <{sender}>\r\nReceived: {way}\t".encode() + date[1] + b"\r\n" + message


def ask_spamassassin(messages: Sequence[bytes]) -> list[Verdict]:
    """Let SpamAssassin judge some messages: local rules only."""
    program = need_command("spamassassin")
    box = b"".join(
        b"From x Mon Jan  5 08:00:00 2026\n" + one.replace(b"\r\n", b"\n") + b"\n" for one in messages
    )
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [program, "--local", "--nocreate-prefs", "--mbox"],
            input=box,
            capture_output=True,
            check=True,
            env={**os.environ, "HOME": home, "LC_ALL": "C.UTF-8"},
        )
    found = []
    for one in re.split(r"^From x ", done.stdout.decode("utf-8", "replace"), flags=re.MULTILINE)[1:]:
        status = _ALL_RULES.search(one)
        assert status is not None, one[:2_000]
        found.append((float(status[1]), dict.fromkeys(re.split(r"[,\s]+", status[2]), 0.0)))
    return found


@contextmanager
def rspamd(names: str) -> Iterator[str]:
    """Start rspamd with a folder of its own, and a name server to ask; yields its address."""
    program = need_command("rspamd")
    user = "_rspamd" if os.geteuid() == 0 else None
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="newsfeed-rspamd-", dir="/tmp"))
    try:
        for name, text in _RSPAMD.items():
            path = folder / "local.d" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.format(port=port, names=names), "utf-8")
        if user is not None:
            for path in (folder, folder / "local.d"):
                shutil.chown(path, user, pwd.getpwnam(user).pw_gid)
        places = [f"--var={name}={folder}" for name in ("LOCAL_CONFDIR", "DBDIR", "RUNDIR", "LOGDIR")]
        command = [program, "-f", "-c", "/etc/rspamd/rspamd.conf", *places]
        if user is not None:
            command += ["-u", user, "-g", user]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        try:
            _wait(server, port, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ask_rspamd(address: str, message: bytes, sender: str, recipient: str) -> Verdict:
    """Let rspamd judge a message."""
    envelope = {"IP": RELAY, "Helo": _NAME, "Hostname": _NAME, "From": sender, "Rcpt": recipient}
    request = urllib.request.Request(f"{address}/checkv2", message, envelope)
    with urllib.request.urlopen(request, timeout=60) as answer:
        found = json.load(answer)
    return found["score"], {name: symbol["score"] for name, symbol in found["symbols"].items()}


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until rspamd listens: it compiles its rules first."""
    deadline = time.monotonic() + 120
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace"))
