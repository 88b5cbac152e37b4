"""Figures for Prometheus."""

from contextlib import closing
from http.client import HTTPConnection
from urllib.request import urlopen

import pytest

from newsfeed.errors import OutsideError
from newsfeed.web.metrics import Measured, MetricsServer


def test_figures_are_told_in_prometheus_form() -> None:
    """What only grows is a counter; each label has its own line, and nobody else's words break one."""
    figures = [
        Measured("newsfeed_answers_total", "Answers.", ("kind", "status"), {("page", "2xx"): 3}),
        Measured("newsfeed_store_up", "Whether it can be read.", (), {(): 1.0}),
        Measured("newsfeed_next_seconds", "When.", ("digest",), {('a"\n}',): 7.0}),
    ]
    server = MetricsServer(0, lambda: figures)
    try:
        with urlopen(f"http://127.0.0.1:{server.port}/metrics") as answer:
            assert answer.headers["Content-Type"].startswith("text/plain")
            lines = answer.read().decode().splitlines()
    finally:
        server.stop()
    assert "# TYPE newsfeed_answers_total counter" in lines
    assert 'newsfeed_answers_total{kind="page",status="2xx"} 3.0' in lines
    assert "newsfeed_store_up 1.0" in lines
    assert r'newsfeed_next_seconds{digest="a\"\n}"} 7.0' in lines
    assert any(line.startswith("process_cpu_seconds_total") for line in lines)


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/metrics?x=1", "localhost:9", 200),
        ("/", "127.0.0.1", 404),
        ("/metrics/", "127.0.0.1", 404),
        ("/favicon.ico", "127.0.0.1", 404),
        ("/metrics", "attacker.example", 421),
        ("/metrics", "127.0.0.1.attacker.example", 421),
        ("/metrics", "", 421),
    ],
)
def test_figures_are_at_one_address_only(path: str, host: str, status: int) -> None:
    """A page elsewhere that has got this machine's address for its own name (DNS rebinding) reads nothing."""
    server = MetricsServer(0, list)
    try:
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            assert answer.status == status
            assert (b"process_cpu_seconds_total" in answer.read()) == (status == 200)
    finally:
        server.stop()


def test_only_this_machine_can_ask() -> None:
    """And a port that is taken is told with its key."""
    server = MetricsServer(0, list)
    try:
        assert server._server.server_address[0] == "127.0.0.1"
        with pytest.raises(OutsideError) as caught:
            MetricsServer(server.port, list)
        assert "metrics_port" in caught.value.hint
    finally:
        server.stop()
