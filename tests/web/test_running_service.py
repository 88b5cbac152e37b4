"""`newsfeed run` with the site, its readers' pages and its figures, as an operator starts it."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest

from newsfeed.editorial.starter import write_starter_site
from tests.cli.command import environment, newsfeed
from tests.docs.pages import code_of, read, rows, sections
from tests.docs.test_web_servers import free_port

pytestmark = pytest.mark.slow

ADDRESS = "ada@example.org"


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    for _ in range(600):
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("it has not come")


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read().decode()


def names_of(figures: str) -> set[str]:
    """The names of our figures."""
    return set(re.findall(r"^# TYPE (newsfeed_\w+)", figures, re.MULTILINE))


def test_a_service_serves_measures_and_ends(tmp_path: Path) -> None:
    """All at one port but the figures; a build of another process is shown; the log names nobody."""
    site, port, other = tmp_path / "site", free_port(), free_port()
    write_starter_site(site)
    with (site / "config.toml").open("a") as file:
        file.write(f'\n[web]\nport = {port}\nmetrics_port = {other}\nbase_url = "http://localhost:{port}/"\n')
    assert newsfeed("-C", site, "build").returncode == 0
    (site / "readers.csv").write_text(f"email,name,language\n{ADDRESS},Ada,en\n")
    added = newsfeed(
        "-C",
        site,
        "subscribers",
        "import",
        site / "readers.csv",
        "--digest",
        "weekly",
        "--consent",
        "On paper",
    )
    assert added.returncode == 0, added.stderr
    command = [sys.executable, "-m", "newsfeed", "-C", site, "run", "--log", "text"]
    process = subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: ask(port, "/readyz")[0] == 200)
        status, headers, page = ask(port, "/en/")
        assert status == 200
        assert f"http://localhost:{port}/en/subscribe" in page
        assert ask(port, "/en/", If_None_Match=headers["etag"])[0] == 304
        assert "<form" in ask(port, "/en/subscribe")[2]
        assert ask(port, "/metrics")[0] == 404
        style = site / "templates" / "style.css"
        style.parent.mkdir(exist_ok=True)
        style.write_text("body { color: teal }")
        assert newsfeed("-C", site, "build").returncode == 0
        wait_until(lambda: "teal" in ask(port, "/style.css")[2])
        with urlopen(f"http://127.0.0.1:{other}/metrics") as answer:
            figures = answer.read().decode()
    finally:
        process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    assert "service (health): ended at " in newsfeed("-C", site, "status").stdout
    assert ADDRESS not in figures + log
    assert 'newsfeed_http_answers_total{kind="page",status="3xx"} 1.0' in figures
    assert re.search(r'^newsfeed_next_digest_seconds{digest="weekly"} \d', figures, re.MULTILINE)
    assert re.search(r"^\S+ info listening address=127\.0\.0\.1:\d+ url=http://", log, re.MULTILINE)
    cells = [row[0] for row in rows(sections(read("docs/web.md"))["Figures"])]
    documented = {name.partition("{")[0] for cell in cells for name in code_of(cell)}
    assert names_of(figures) - documented == set()
    assert {name for name in documented if name.startswith("newsfeed_")} - names_of(figures) <= {
        "newsfeed_next_story_seconds"
    }


def test_a_site_without_readers_is_served_too(tmp_path: Path) -> None:
    """With `[web]` and nothing else: there is nobody to send to, and nothing to subscribe to."""
    site, port = tmp_path / "site", free_port()
    write_starter_site(site)
    config = site / "config.toml"
    config.write_text(config.read_text() + f"\n[web]\nport = {port}\n")
    assert newsfeed("-C", site, "build").returncode == 0
    command = [sys.executable, "-m", "newsfeed", "-C", site, "run", "--only", "web"]
    process = subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: ask(port, "/readyz")[::2] == (200, "ok\n"))
        assert ask(port, "/en/")[0] == 200
        assert ask(port, "/en/subscribe")[0] == 404
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert process.returncode == 0


def test_services_of_one_folder_have_a_port_for_figures_each(tmp_path: Path) -> None:
    """The one in the configuration is for one of them."""
    site, port, figures = tmp_path / "site", free_port(), free_port()
    write_starter_site(site)
    config = site / "config.toml"
    command = [sys.executable, "-m", "newsfeed", "-C", str(site), "run", "--only"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        other = taken.getsockname()[1]
        config.write_text(config.read_text() + f"\n[web]\nport = {port}\nmetrics_port = {other}\n")
        assert newsfeed("-C", site, "build").returncode == 0
        refused = newsfeed("-C", site, "run", "--only", "web")
        assert (refused.returncode, "--metrics-port" in refused.stderr) == (3, True)
        processes = [
            subprocess.Popen([*command, *words], env=environment(), stderr=subprocess.DEVNULL)
            for words in (("web", "--metrics-port", str(figures)), ("send", "--metrics-port", "0"))
        ]
        try:
            wait_until(lambda: ask(port, "/readyz")[0] == 200)
            wait_until(lambda: "newsfeed_site_files" in ask(figures, "/metrics")[2])
            wait_until((site / "var/health.json").exists)
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
                process.wait(20)
    assert [process.returncode for process in processes] == [0, 0]


def test_an_address_of_ipv6_is_named_as_browsers_want_it(tmp_path: Path) -> None:
    """In the log; and a host that this machine does not have is told with the key to change."""
    site, port = tmp_path / "site", free_port()
    write_starter_site(site)
    config = site / "config.toml"
    usual = config.read_text()
    config.write_text(usual + f'\n[web]\nhost = "::1"\nport = {port}\n')
    command = [sys.executable, "-m", "newsfeed", "-C", str(site), "run", "--only", "web", "--log", "text"]
    process = subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True)
    try:
        wait_until((site / "var/health-web.json").exists)
    finally:
        process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=20)[1]
    assert f"[::1]:{port}" in log
    config.write_text(usual + f'\n[web]\nhost = "2001:db8::1"\nport = {port}\n')
    refused = newsfeed("-C", site, "run", "--only", "web")
    assert refused.returncode == 3
    assert f"[2001:db8::1]:{port} cannot be listened on" in refused.stderr
    assert "host or port" in refused.stderr
