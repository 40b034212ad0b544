"""Figures for Prometheus: how long pages take, and how the installation is doing at the moment of asking."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from flask import Flask, g, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from werkzeug.wrappers import Response

from web.admin.health import Health, look
from web.site import site

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the processes of a site put their figures together; set by ``epreuve serve``."""

STREAM = "text/event-stream"


def forget_worker(pid: int) -> None:
    """A process of the site has ended: its gauges count no more."""
    if FOLDER in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call] # as the library has it


class Requests:
    """Times of requests, by endpoint. One for each application: tests make many."""

    def __init__(self, app: Flask) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "epreuve_request_seconds",
            "Time to answer, by endpoint and status.",
            ["endpoint", "status"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10),
            registry=self.registry,
        )
        app.before_request(self._begin)
        app.after_request(self._end)

    def _begin(self) -> None:
        g.began = perf_counter()

    def _end(self, response: Response) -> Response:
        if response.mimetype != STREAM and "began" in g:
            self._seconds.labels(request.endpoint or "", response.status_code).observe(perf_counter() - g.began)
        return response


class _State(Collector):
    """What is asked of the installation at the moment of asking."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All the figures."""
        health = self._health
        yield GaugeMetricFamily("epreuve_service_up", "The service runs.", float(health.service is not None))
        yield GaugeMetricFamily("epreuve_service_silent_seconds", "Since it last said something.", health.silent_s)
        yield GaugeMetricFamily("epreuve_disk_free_bytes", "Of the data disk.", float(health.free_mib << 20))
        for name, what, counts in (
            ("epreuve_sessions", "Sessions, by state.", health.sessions),
            ("epreuve_candidates", "Candidates of open sessions, by state.", health.candidates),
        ):
            family = GaugeMetricFamily(name, what, labels=["state"])
            for state, count in sorted(counts.items()):
                family.add_metric([state], count)
            yield family


def figures(requests: Requests) -> bytes:
    """In Prometheus' text format; of all processes of the site."""
    registry = CollectorRegistry()
    folder = os.environ.get(FOLDER)
    if folder and Path(folder).is_dir():
        MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call] # as the library has it
    state = CollectorRegistry()
    state.register(_State(look(site().settings, site().desk)))
    return generate_latest(registry if folder else requests.registry) + generate_latest(state)
