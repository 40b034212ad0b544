"""``epreuve serve``: certificates, the processes it watches, what it says and refuses."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from labs.errors import UsageError
from tests.awaiting import LIMIT_S, await_
from tests.served import ROOT, Served, serving
from web.serve import tls
from web.serve.group import Child


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "data", "--tls") as running:
        yield running


def get(served: Served, path: str, context: ssl.SSLContext) -> tuple[int, str]:
    with urllib.request.urlopen(f"https://127.0.0.1:{served.port}{path}", context=context, timeout=30) as answer:
        return answer.status, answer.read().decode()


def test_a_site_over_tls_with_a_link_for_the_first_account(served: Served, tmp_path: Path) -> None:
    link = served.said(r"https://127\.0\.0\.1:\d+(/premier-compte/\S+)")[1]
    trusted = ssl.create_default_context(cafile=str(tmp_path / "data" / "simulated" / "tls" / "site.crt"))
    assert get(served, "/healthz", trusted) == (200, "ok\n")
    assert "Premier compte" in get(served, link, trusted)[1]
    count = 'epreuve_request_seconds_count{endpoint="health.healthz",status="200"} 1.0'
    assert count in get(served, "/metrics", trusted)[1]
    again = subprocess.run(
        served.argv(), cwd=ROOT, env=served.environment, capture_output=True, text=True, timeout=LIMIT_S
    )
    assert again.returncode == 1  # the port is taken: said in a sentence
    assert "autre port" in again.stderr
    assert "Traceback" not in again.stderr
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(LIMIT_S) == 130
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", served.port))


def test_a_certificate_is_kept_until_it_lacks_a_name(tmp_path: Path) -> None:
    first = tls.made(tmp_path, "127.0.0.1").fingerprint()
    assert tls.made(tmp_path, "127.0.0.1").fingerprint() == first
    assert tls.made(tmp_path, "examen.example").fingerprint() != first
    assert (tmp_path / "site.key").stat().st_mode & 0o777 == 0o600


def test_a_certificate_of_the_centre_must_fit_its_key(tmp_path: Path) -> None:
    ours, other = tls.made(tmp_path / "a", "127.0.0.1"), tls.made(tmp_path / "b", "127.0.0.1")
    assert tls.given(ours.cert, ours.key).fingerprint() == ours.fingerprint()
    for cert, key in ((ours.cert, other.key), (tmp_path / "none", ours.key), (ours.key, ours.key)):
        with pytest.raises(UsageError):
            tls.given(cert, key)


def test_a_process_that_dies_is_started_again_later_each_time(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    program = f"import pathlib, sys; p = pathlib.Path({str(runs)!r}); p.open('a').write('x'); sys.exit(3)"
    child = Child("failing", [sys.executable, "-c", program])
    pauses = []

    def died() -> bool:
        child.look()
        if child.process is None and child.pause_s not in pauses:
            pauses.append(child.pause_s)
        return len(pauses) == 2

    await_(died, "the second death")
    assert pauses == sorted(pauses)
    assert len(runs.read_text()) == 2


def test_the_help_teaches() -> None:
    argv = [sys.executable, "-m", "orchestrator", "serve", "--help"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT_S)
    assert "epreuve serve --host 0.0.0.0 --tls" in done.stdout
    assert json.dumps(done.stderr) == '""'
