"""A trusted timestamp (RFC 3161): an authority's word that a manifest existed at a moment. ``openssl ts`` speaks it.

The authority gets the SHA-256 of the manifest and nothing else. Without an authority (the setting ``timestamp_url``)
dossiers are sealed without one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from labs.text import Text
from orchestrator.dossier.errors import DossierError

LIMIT_S = 20.0
MAX_ANSWER = 64 * 1024


def ask(url: str, digest: str) -> bytes:
    """The authority's answer for a SHA-256, as it came, once it proved to be about it. Raises DossierError."""
    query = _openssl("-query", "-digest", digest, "-sha256", "-cert", "-no_nonce")
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked where the setting is read
        url, data=query, headers={"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:  # noqa: S310
            content: bytes = answer.read(MAX_ANSWER + 1)
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise DossierError(
            Text("Le service d'horodatage ne répond pas.", "The timestamp authority does not answer."),
            where=f"{url}: {error}",
            do=Text(
                "Réessayez, ou scellez sans horodatage en retirant le réglage timestamp_url.",
                "Try again, or seal without a timestamp by taking the setting timestamp_url away.",
            ),
        ) from error
    if len(content) > MAX_ANSWER or stated(content, digest) is None:
        raise DossierError(
            Text("Le service d'horodatage a refusé ou mal répondu.", "The timestamp authority refused or erred."),
            where=url,
            do=Text("Vérifiez l'adresse du service (timestamp_url).", "Check its address (timestamp_url)."),
        )
    return content


def stated(answer: bytes, digest: str) -> datetime | None:
    """The moment that an answer states for this SHA-256; None when it states none. Says nothing of who answered."""
    try:
        text = _on_file("-reply", answer, "-text").decode("utf-8", "replace")
    except DossierError:
        return None
    found = re.search(r"^Time stamp: (.+)$", text, re.MULTILINE)
    imprint = "".join(re.findall(r"^    [0-9a-f]{4} - ((?:[0-9a-f]{2}[ -]){15}[0-9a-f]{2})", text, re.MULTILINE))
    if "Status: Granted" not in text or found is None or re.sub(r"[ -]", "", imprint) != digest:
        return None
    try:
        return datetime.strptime(re.sub(r"\.\d+", "", found[1]), "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)
    except ValueError:
        return None


def is_signed_by(answer: bytes, digest: str, authority: Path) -> bool:
    """Whether an answer for this SHA-256 is signed under the certificate of an authority (PEM). Raises DossierError."""
    at = stated(answer, digest)
    then = ["-attime", str(int(at.timestamp()))] if at else []  # its certificate may have expired since
    try:
        _on_file("-verify", answer, "-digest", digest, "-CAfile", str(authority), *then)
    except DossierError:
        return False
    return True


def can_be_read() -> bool:
    """Whether this machine has what reads timestamps."""
    return shutil.which("openssl") is not None


def _on_file(action: str, answer: bytes, *arguments: str) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".tsr") as file:
        file.write(answer)
        file.flush()
        return _openssl(action, "-in", file.name, *arguments)


def _openssl(*arguments: str) -> bytes:
    try:
        done = subprocess.run(["openssl", "ts", *arguments], capture_output=True, timeout=LIMIT_S, check=True)
    except FileNotFoundError as error:
        raise DossierError(
            Text("La commande openssl n'est pas installée.", "The command openssl is not installed."),
            where="openssl",
            do=Text("Installez le paquet openssl.", "Install the package openssl."),
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or b""
        raise DossierError(
            Text("openssl n'a pas pu traiter l'horodatage.", "openssl could not handle the timestamp."),
            where=said[-200:].decode("utf-8", "replace").strip() or str(error),
        ) from error
    return done.stdout
