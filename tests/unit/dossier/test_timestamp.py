"""Timestamps of an authority of our own, made with openssl on this machine; the authority is a local HTTP server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from orchestrator.dossier import timestamp
from orchestrator.dossier.errors import DossierError
from orchestrator.dossier.manifest import open_dossier
from orchestrator.sealed.verify import Unsound
from tests.unit.cli.conftest import CommandLine
from tests.unit.dossier.samples import KEY, dossier, entries

_CONFIG = """\
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
certs = {folder}/ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""

_AUTHORITY = """\
openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.pem -subj /CN=CA -days 30
openssl req -x509 -newkey ed25519 -nodes -keyout other.key -out other.pem -subj /CN=Autre -days 30
openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=TSA
openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions -out tsa.pem -days 30
"""


@dataclass(frozen=True)
class Authority:
    """url: where it answers. ca, other: certificates, its own and one that has nothing to do with it."""

    url: str
    ca: Path
    other: Path


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    (folder / "extensions").write_text("extendedKeyUsage=critical,timeStamping\n")
    for command in _AUTHORITY.splitlines():
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            command = "openssl ts -reply -config tsa.cnf -queryfile query -out reply"
            subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
            self.send_response(200)
            self.end_headers()
            self.wfile.write((folder / "reply").read_bytes() if self.path == "/" else b"no timestamp")

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Authority(f"http://127.0.0.1:{server.server_port}/", folder / "ca.pem", folder / "other.pem")
        server.shutdown()


@pytest.fixture(scope="module")
def stamped(authority: Authority) -> bytes:
    return dossier(stamp=partial(timestamp.ask, authority.url))


def test_a_dossier_is_stamped_with_the_moment_of_the_authority(stamped: bytes, authority: Authority) -> None:
    found = open_dossier(stamped, [KEY.public])
    assert found.timestamp is not None
    digest = found.seal.manifest.sha256
    at = timestamp.stated(found.timestamp, digest)
    assert at is not None
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=5)
    assert timestamp.is_signed_by(found.timestamp, digest, authority.ca)
    assert not timestamp.is_signed_by(found.timestamp, digest, authority.other)
    assert timestamp.stated(found.timestamp, "0" * 64) is None


def test_every_part_of_a_timestamp_is_covered_by_the_seal(stamped: bytes) -> None:
    entry = next(one for one in entries(stamped) if one.name == "manifest.tsr")
    for at in range(entry.begin, entry.end, 37):
        changed = bytearray(stamped)
        changed[at] ^= 0x55
        with pytest.raises(Unsound):
            open_dossier(bytes(changed), [KEY.public], closely=False)


@pytest.mark.parametrize("path", ["nothing", ""])
def test_an_authority_that_errs_or_is_silent_is_told(authority: Authority, path: str) -> None:
    url = authority.url + path if path else "http://127.0.0.1:9/"
    with pytest.raises(DossierError) as caught:
        timestamp.ask(url, "0" * 64)
    assert "timestamp_url" in str(caught.value.do)


def test_the_command_line_says_what_is_stamped_and_whether_it_trusts_it(
    stamped: bytes, authority: Authority, tmp_path: Path
) -> None:
    line, file = CommandLine(tmp_path / "data"), tmp_path / "stamped.zip"
    file.write_bytes(stamped)
    typed = ("dossier", "verify", str(file), "--key", KEY.public.hex)
    assert "autorité non vérifiée" in line.type(*typed).out
    good = line.type(*typed, "--tsa", str(authority.ca))
    assert (good.code, "Horodatage" in good.out, "non vérifiée" in good.out) == (0, True, False)
    assert line.type(*typed, "--tsa", str(authority.other)).code == 9
