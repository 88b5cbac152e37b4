"""Tell Prometheus what a service does: its own port, this machine only, sums and moments only."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, GCCollector, MetricsHandler, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from prometheus_client.core import Metric

_HERE = "127.0.0.1"
_NAMES = (_HERE, "localhost")
"""Of this machine: a page elsewhere must not read figures through somebody's browser (DNS rebinding)."""
_PATH = "/metrics"
_TOTAL = "_total"


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure, or one for each of several labels. Its name ends in ``_total`` when it only grows."""

    name: str
    meaning: str
    labels: Sequence[str] = ()
    values: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    """Values of the labels → figure; ``()`` without labels."""


class MetricsServer:
    """The port where Prometheus asks."""

    def __init__(self, port: int, read: Callable[[], Iterable[Measured]]) -> None:
        """Listen, and answer in threads. Raises `OutsideError` when the port cannot be had.

        read: returns all figures of the moment; it is called from several threads.
        """
        registry = CollectorRegistry()
        registry.register(_ServiceCollector(read))
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        try:
            self._server = ThreadingHTTPServer((_HERE, port), _FiguresHandler.factory(registry))
        except OSError as error:
            raise OutsideError(
                N_("{host}:{port} cannot be listened on: {reason}"),
                N_("choose another port in config.toml, [web] metrics_port, or with --metrics-port"),
                host=_HERE,
                port=str(port),
                reason=reason_of(error),
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return int(self._server.server_port)

    def stop(self) -> None:
        """Listen no longer."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _FiguresHandler(MetricsHandler):
    """Answers at one path, to names of this machine."""

    timeout = 10
    """Seconds for a request to come."""

    def do_GET(self) -> None:
        """Tell the figures."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].partition(":")[0].lower() not in _NAMES:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        elif self.path.partition("?")[0] != _PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            super().do_GET()


class _ServiceCollector(Collector):
    def __init__(self, read: Callable[[], Iterable[Measured]]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        """Return the figures in the form of the library."""
        for one in self._read():
            family = CounterMetricFamily if one.name.endswith(_TOTAL) else GaugeMetricFamily
            metric = family(one.name, one.meaning, labels=one.labels)
            for labels, value in one.values.items():
                metric.add_metric(labels, value)
            yield metric

    def describe(self) -> Iterable[Metric]:
        """Return nothing: names are not asked for before there are figures."""
        return ()
