"""Answers a second over HTTP, beside nginx on the same files in the same run.

    python bench/web.py [--seconds 2] [--rounds 7] [--connections 32]

`newsfeed run --only web` serves a site on one core, with its readers' pages behind; nginx with one worker
serves the same files on the same core in turn, and wrk asks from another core. Three kinds of request: for a
page that the client has already (304), for one with gzip, for one as it is. The ratio of the two servers is
what counts, since both change with the machine and what else it does: of answers a second, and of answers for
each second of processor time, which others on the machine disturb less. Medians over the rounds.
"""

from __future__ import annotations

import argparse
import gzip
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
  sendfile on; tcp_nopush on; open_file_cache max=1000;
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
def running(command: Sequence[str], port: int, **options: object) -> Iterator[int]:
    """A server on one core, until the end of the block; its process."""
    taskset = ["taskset", "-c", SERVER] if shutil.which("taskset") else []
    process = subprocess.Popen([*taskset, *command], stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def processor_seconds(process: int) -> float:
    """Processor time of a process and its children, so far."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    used = 0
    for one in (process, *map(int, children)):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


def ask(url: str, **headers: str) -> tuple[int, Message]:
    request = urllib.request.Request(
        url, headers={name.replace("_", "-"): one for name, one in headers.items()}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def measure(
    url: str, process: int, given: argparse.Namespace, headers: dict[str, str]
) -> tuple[float, float]:
    """Answers a second, of which wrk says that none failed; and answers for each second of processor time."""
    lines = [f"-H{name}: {value}" for name, value in headers.items()]
    taskset = ["taskset", "-c", CLIENT] if shutil.which("taskset") else []
    command = [*taskset, "wrk", "-t1", f"-c{given.connections}", f"-d{given.seconds}s", *lines, url]
    before = processor_seconds(process)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = processor_seconds(process) - before
    failed = "Non-2xx" in said or "Socket errors" in said
    assert not failed, said
    answers = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1]), answers / used  # type: ignore[index]


def kinds_of(url: str) -> dict[str, dict[str, str]]:
    """The three kinds of request, made sure of."""
    status, headers = ask(url, Accept_Encoding="gzip")
    etag = headers["ETag"]
    same = {"If-None-Match": etag, "Accept-Encoding": "gzip"}
    assert ask(url, If_None_Match=etag, Accept_Encoding="gzip")[0] == 304
    status, headers = ask(url, Accept_Encoding="gzip")
    assert (status, headers.get("Content-Encoding")) == (200, "gzip")
    return {"304": same, "gzip": {"Accept-Encoding": "gzip"}, "plain": {}}


def make_site(folder: Path, port: int, environment: dict[str, str]) -> Path:
    """Build the example site, with readers' pages at a port; nginx gets a compressed copy of the page."""
    site = folder / "site"
    command = [sys.executable, "-m", "newsfeed"]
    quiet = {"env": environment, "stdout": subprocess.DEVNULL}
    subprocess.run([*command, "init", "--example", str(site)], check=True, **quiet)  # type: ignore[call-overload]
    with (site / "config.toml").open("a") as file:
        file.write(f'\n[web]\nport = {port}\nbase_url = "http://localhost:{port}/"\n')
    subprocess.run([*command, "-C", str(site), "build"], check=True, **quiet)  # type: ignore[call-overload]
    page = site / "public/en/index.html"
    page.with_name("index.html.gz").write_bytes(gzip.compress(page.read_bytes(), 6, mtime=0))
    return site


def compare(folder: Path, given: argparse.Namespace) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Measure both servers in turn: (kind, server) → both figures of each round."""
    ours, theirs = free_port(), free_port()
    environment = {**os.environ, "NEWSFEED_CACHE": f"{folder}/cache", "PYTHONPATH": str(ROOT)}
    site = make_site(folder, ours, environment)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=theirs, site=site / "public"))
    newsfeed = [sys.executable, "-m", "newsfeed", "-C", str(site), "run", "--only", "web"]
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with (
        running(newsfeed, ours, env=environment) as first,
        running(["nginx", "-c", f"{folder}/nginx.conf"], theirs) as second,
    ):
        servers = (("newsfeed", first, ours), ("nginx", second, theirs))
        for _ in range(given.rounds):
            for server, process, port in servers:
                url = f"http://127.0.0.1:{port}{PAGE}"
                for kind, headers in kinds_of(url).items():
                    found.setdefault((kind, server), []).append(measure(url, process, given, headers))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--connections", type=int, default=32)
    given = parser.parse_args()
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        Path(name).chmod(0o755)  # nginx's worker may be another user
        found = compare(Path(name), given)
    for place, heading in enumerate(("a second", "a second of processor time")):
        print(f"{heading:28}{'newsfeed':>10}{'nginx':>10}{'ratio':>8}")
        for kind in ("304", "gzip", "plain"):
            pairs = zip(found[kind, "newsfeed"], found[kind, "nginx"], strict=True)
            ratio = statistics.median(one[place] / other[place] for one, other in pairs)
            ours, theirs = (
                statistics.median(one[place] for one in found[kind, server])
                for server in ("newsfeed", "nginx")
            )
            print(f"  {kind:26}{ours:10,.0f}{theirs:10,.0f}{ratio:8.2f}")


if __name__ == "__main__":
    main()
