"""How the site bears an exam: 60 candidates polling and 4 walls by SSE; then the same with 10 open consoles.

Run it with ``python -m tests.benchmark.site``: simulated machines, a real ``epreuve serve``, Locust; all on loopback,
bounded in time. Prints what docs/performance.md tells.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import requests
import websocket

from orchestrator.catalog import open_lab
from orchestrator.engine.desk import Desk
from orchestrator.engine.opening import Enrolment, choose_format, open_session, phases_of
from orchestrator.engine.preparing import prepare_session
from orchestrator.exam import commands as order
from orchestrator.settings import Settings
from orchestrator.store import accounts, logins, open_store
from orchestrator.store.accounts import Account
from orchestrator.store.exams import StoredCandidate
from tests.console_proxy import Connection
from tests.rfb import Console
from web.app import create_app

ROOT = Path(__file__).parents[2]
SLUG, LAB = "charge", "tai-complet"
CANDIDATES, WALLS, CONSOLES = 60, 4, 10
READY_LIMIT_S = 600.0
KEY = 0x10
"""Scan code of the key that is typed."""


@dataclass(frozen=True)
class Figures:
    """Of one run: requests of pages (streams apart), how many failed, and how long they took, in milliseconds."""

    requests: int
    failures: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    slowest_ms: float


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="length of each of the two runs")
    parser.add_argument("--port", type=int, default=8660)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="epreuve-load-") as folder, _site(Path(folder), arguments.port) as plan:
        alone = _run(plan, arguments.seconds, arguments.port)
        with _consoles(plan, arguments.port) as consoles:
            beside = _run(plan, arguments.seconds, arguments.port)
            screens = sum(console.frames for console in consoles)
    print(f"{CANDIDATES} candidates, {WALLS} walls, {arguments.seconds} s each; load {os.getloadavg()[0]:.1f}")
    for title, figures in (("alone", alone), (f"with {CONSOLES} consoles ({screens} screens sent)", beside)):
        print(f"{title}: {figures}")
    print(f"p95 with consoles / without: {beside.p95_ms / alone.p95_ms:.2f}")


@contextmanager
def _site(folder: Path, port: int) -> Iterator[dict[str, Any]]:
    """An exam under way on simulated machines, and its site; the cookies of everybody who uses it."""
    environment = {**os.environ, "EPREUVE_DATA": str(folder), "PYTHONPATH": str(ROOT)}
    os.environ["EPREUVE_DATA"] = str(folder)
    settings = Settings(data_dir=folder).simulated()
    command = [sys.executable, "-m", "orchestrator"]
    with open_store(settings.database) as store:
        plan = _exam(settings, Desk(store))
        plan["cookies_of"] = str(folder / "plan.json")
    serve = subprocess.Popen([*command, "serve", "--simulated", "--port", str(port)], cwd=ROOT, env=environment)
    try:
        _until(lambda: _answers(port), "the site answers")
        yield plan
    finally:
        serve.terminate()
        serve.wait(30)
        subprocess.run([*command, "service", "stop", "--simulated"], cwd=ROOT, env=environment, check=False)


def _exam(settings: Settings, desk: Desk) -> dict[str, Any]:
    lab = open_lab(LAB)
    format_ = choose_format(lab, "complet")
    people = [
        Enrolment(StoredCandidate(id=f"c{n:02d}", surname=f"Nom{n}", first_name="P", number=f"{n:04d}"), f"P{n}")
        for n in range(1, CANDIDATES + 1)
    ]
    walls = [f"wall{n}" for n in range(WALLS)]
    with desk.store.write() as tx:
        for name in walls:
            accounts.create(tx, Account(id=name, name=name, roles=("supervisor",), created_at=datetime.now(UTC)))
    open_session(
        desk,
        SLUG,
        lab,
        people,
        format_id=format_.id,
        phases=phases_of(format_, lab),
        who="load",
        simulated=True,
        trusted={"supervisor": walls},
    )
    prepare_session(SLUG, desk, settings, who="load", simulated=True)
    _until(lambda: desk.open(SLUG).exam.state == "prepared", "the benches are ready")
    desk.do(SLUG, order.Start(who="load"))
    app = create_app(settings, desk.store, simulated=True, desk=desk)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]

    def cookie(**who: str) -> str:
        with desk.store.write() as tx:
            secret = logins.begin(tx, address="127.0.0.1", now=datetime.now(UTC), **who)  # type: ignore[arg-type]
        return str(serializer.dumps({"login": secret}))

    return {
        "slug": SLUG,
        "candidates": [cookie(session=SLUG, candidate=one.person.id) for one in people],
        "walls": [cookie(account=name) for name in walls],
    }


def _run(plan: dict[str, Any], seconds: int, port: int) -> Figures:
    file = Path(plan["cookies_of"])
    file.write_text(json.dumps(plan), encoding="utf-8")
    argv = [sys.executable, "-m", "locust", "-f", "tests/benchmark/site_users.py", "--headless", "--json"]
    argv += ["-u", str(CANDIDATES + WALLS), "-r", "16", "-t", f"{seconds}s", "--host", f"http://127.0.0.1:{port}"]
    done = subprocess.run(
        argv, cwd=ROOT, env={**os.environ, "EPREUVE_LOAD": str(file)}, stdout=subprocess.PIPE, text=True, check=False
    )
    return _figures(json.loads(done.stdout))


def _figures(entries: Sequence[dict[str, Any]]) -> Figures:
    """Locust's histograms of all pages together; streams are open for half a minute by design."""
    pages = [entry for entry in entries if "flux" not in entry["name"]]
    times: dict[float, int] = {}
    for entry in pages:
        for took, count in entry["response_times"].items():
            times[float(took)] = times.get(float(took), 0) + count
    return Figures(
        requests=sum(entry["num_requests"] for entry in pages),
        failures=sum(entry["num_failures"] for entry in entries),
        median_ms=_percentile(times, 0.5),
        p95_ms=_percentile(times, 0.95),
        p99_ms=_percentile(times, 0.99),
        slowest_ms=max(times),
    )


def _percentile(times: dict[float, int], share: float) -> float:
    left = share * sum(times.values())
    for took in sorted(times):
        left -= times[took]
        if left <= 0:
            return took
    return max(times)


class _Watching:
    """A console that is open: somebody types, and its screen is asked for again and again, as noVNC does."""

    def __init__(self, console: Console) -> None:
        self.frames = 0
        self._console = console
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.is_set():
            self._console.type_scan_codes([KEY])
            self._console.change()
            self.frames += 1
            self._stop.wait(0.2)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


@contextmanager
def _consoles(plan: dict[str, Any], port: int) -> Iterator[list[_Watching]]:
    with ExitStack() as stack:
        watching = []
        for cookie in plan["candidates"][:CONSOLES]:
            watching.append(_Watching(stack.enter_context(_console(cookie, port))))
            stack.callback(watching[-1].stop)
        yield watching


@contextmanager
def _console(cookie: str, port: int) -> Iterator[Console]:
    origin = f"http://127.0.0.1:{port}"
    headers = {"Cookie": f"epreuve={cookie}", "Accept": "application/json"}
    answer = requests.get(f"{origin}/poste/console/client", headers=headers, timeout=30).json()
    made = websocket.create_connection(
        f"{answer['url']}?token={answer['token']}", origin=origin, subprotocols=["binary"], timeout=60
    )
    try:
        yield Console(cast(socket.socket, Connection(made)))
    finally:
        made.close()


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _until(condition: Any, what: str) -> None:
    until = time.monotonic() + READY_LIMIT_S
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError(f"not in time: {what}")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
