"""Figures for Prometheus."""

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
