"""Answers a second over HTTP, beside nginx on the same files in the same run.

    python bench/web.py [--seconds 4] [--rounds 5] [--connections 32]

`newsfeed run --only web` serves a site on one core, with its readers' pages behind; nginx with one worker
serves the same files on the same core in turn, and wrk asks from another core. Three kinds of request: for a
page that the client has already (304), for one with gzip, for one as it is. The ratio of the two servers is
what counts, since both change with the machine and what else it does. Medians over the rounds.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from email.message import Message

ROOT = Path(__file__).resolve().parent.parent
PAGE = "/en/"
SERVER, CLIENT = "0", "1"
"""Cores."""
NGINX = """\
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 2048; }}
http {{
  include /etc/nginx/mime.types; access_log off; keepalive_requests 1000000000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  sendfile on; tcp_nopush on; open_file_cache max=1000; {etag}
  server {{
    listen 127.0.0.1:{port} reuseport; root {site}; gzip_static on; charset utf-8;
    add_header Cache-Control no-cache; add_header X-Content-Type-Options nosniff;
  }}
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, **options: object) -> Iterator[str]:
    """A server on one core, until the end of the block."""
    taskset = ["taskset", "-c", SERVER] if shutil.which("taskset") else []
    process = subprocess.Popen([*taskset, *command], stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}{PAGE}"
    finally:
        process.terminate()
        process.wait(20)


def ask(url: str, **headers: str) -> tuple[int, Message]:
    request = urllib.request.Request(
        url, headers={name.replace("_", "-"): one for name, one in headers.items()}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def measure(url: str, seconds: int, connections: int, headers: dict[str, str]) -> float:
    """Answers a second, of which wrk says that none failed."""
    lines = [f"-H{name}: {value}" for name, value in headers.items()]
    taskset = ["taskset", "-c", CLIENT] if shutil.which("taskset") else []
    command = [*taskset, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *lines, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = "Non-2xx" in said or "Socket errors" in said
    assert not failed, said
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])  # type: ignore[index]


def kinds_of(url: str) -> dict[str, dict[str, str]]:
    """The three kinds of request, made sure of."""
    status, headers = ask(url, Accept_Encoding="gzip")
    etag = headers["ETag"]
    same = {"If-None-Match": etag, "Accept-Encoding": "gzip"}
    assert ask(url, If_None_Match=etag, Accept_Encoding="gzip")[0] == 304
    status, headers = ask(url, Accept_Encoding="gzip")
    assert (status, headers.get("Content-Encoding")) == (200, "gzip")
    return {"304": same, "gzip": {"Accept-Encoding": "gzip"}, "plain": {}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    given = parser.parse_args()
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        folder, port, other = Path(name), free_port(), free_port()
        folder.chmod(0o755)  # nginx's worker may be another user
        site = folder / "site"
        newsfeed = [sys.executable, "-m", "newsfeed", "-C", str(site)]
        environment = {**os.environ, "NEWSFEED_CACHE": f"{folder}/cache", "PYTHONPATH": str(ROOT)}
        subprocess.run(
            [*newsfeed[:3], "init", "--example", str(site)],
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        with (site / "config.toml").open("a") as file:
            file.write(
                f'\n[output]\ncompress = ["gz"]\n[web]\nport = {port}\nbase_url = "http://localhost:{port}/"\n'
            )
        subprocess.run([*newsfeed, "build"], check=True, env=environment, stdout=subprocess.DEVNULL)
        (folder / "nginx.conf").write_text(
            NGINX.format(folder=folder, port=other, site=site / "public", etag="")
        )
        servers = {
            "newsfeed": ([*newsfeed, "run", "--only", "web"], port),
            "nginx": (["nginx", "-c", f"{folder}/nginx.conf"], other),
        }
        found: dict[tuple[str, str], list[float]] = {}
        for _ in range(given.rounds):
            for server, (command, at) in servers.items():
                with running(command, at, env=environment) as url:
                    for kind, headers in kinds_of(url).items():
                        rate = measure(url, given.seconds, given.connections, headers)
                        found.setdefault((kind, server), []).append(rate)
        size = {
            kind: len((site / "public/en" / file).read_bytes())
            for kind, file in (("gzip", "index.html.gz"), ("plain", "index.html"))
        }
    print(f"{'':8}{'newsfeed/s':>12}{'nginx/s':>12}{'ratio':>8}{'bytes':>8}")
    for kind in ("304", "gzip", "plain"):
        ours, theirs = (statistics.median(found[kind, server]) for server in servers)
        print(f"{kind:8}{ours:12,.0f}{theirs:12,.0f}{ours / theirs:8.2f}{size.get(kind, 0):8,}")


if __name__ == "__main__":
    main()
