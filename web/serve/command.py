"""``epreuve serve``: the web application, until Ctrl-C."""

from __future__ import annotations

import ipaddress
import json
import logging
import os
import socket
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import click

from labs.errors import EpreuveError, UsageError
from labs.text import Text, tr
from orchestrator.cli.session_common import own_settings, simulated_option
from orchestrator.cli.voice import Voice
from orchestrator.engine import service
from orchestrator.sealed.keys import ensure_key
from orchestrator.settings import Settings
from orchestrator.store import accounts, logins, open_store
from web.auth.routes import FIRST
from web.health import metrics
from web.serve import tls
from web.serve.group import Child, watch
from web.serve.server import Serving
from web.site import now

LINK_LIVES = timedelta(hours=24)


@click.command(
    "serve",
    help=tr(
        "Le site web : surveillants, candidats, jurys, formateurs, et les écrans des machines dans le navigateur. "
        "Affiche l'adresse et, la première fois, un lien à usage unique pour créer le premier compte. "
        "Ctrl-C l'arrête ; les épreuves continuent, le service veille.\n\n"
        "Sans option, seul cet ordinateur l'atteint. Pour une salle : « --host 0.0.0.0 --tls ».",
        "The web site: supervisors, candidates, juries, trainers, and the machines' screens in the browser. Shows its "
        "address and, the first time, a one-time link to make the first account. Ctrl-C stops it; exams go on, the "
        "service looks after them.\n\n"
        "Without options only this computer reaches it. For a room: “--host 0.0.0.0 --tls”.",
    ),
    epilog="\b\n" + tr("Exemples :", "Examples:") + "\n  epreuve serve\n  epreuve serve --host 0.0.0.0 --tls\n"
    "  epreuve serve --host 0.0.0.0 --tls-cert site.crt --tls-key site.key",
)
@click.option("--host", default="127.0.0.1", show_default=True, help=tr("adresse d'écoute", "address to listen on"))
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help=tr("port", "port"))
@click.option(
    "--console-port",
    type=click.IntRange(1, 65535),
    help=tr("port des écrans [défaut : le suivant]", "port of the consoles [default: the next]"),
)
@click.option(
    "--tls",
    "make_tls",
    is_flag=True,
    help=tr("chiffrer, avec un certificat fait ici", "encrypt, with a certificate made here"),
)
@click.option(
    "--tls-cert",
    type=click.Path(path_type=Path),
    help=tr("certificat du centre (PEM)", "the centre's certificate (PEM)"),
)
@click.option("--tls-key", type=click.Path(path_type=Path), help=tr("sa clé (PEM)", "its key (PEM)"))
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help=tr("processus", "processes"))
@simulated_option
def command(
    host: str,
    port: int,
    console_port: int | None,
    make_tls: bool,
    tls_cert: Path | None,
    tls_key: Path | None,
    workers: int,
    simulated: bool,
) -> None:
    """Serve the site."""
    voice = Voice(simulated)
    settings = own_settings(simulated)
    certificate = _certificate(settings, host, make_tls, tls_cert, tls_key)
    serving = Serving(
        host=host,
        port=port,
        console_port=console_port or port + 1,
        workers=workers,
        cert=str(certificate.cert) if certificate else None,
        key=str(certificate.key) if certificate else None,
        simulated=simulated,
    )
    for one in (serving.port, serving.console_port):
        _require_free(host, one)
    with open_store(settings.database) as store, store.write() as tx:  # made or migrated before anybody asks
        link = None if accounts.count(tx) else logins.make_link(tx, FIRST, now() + LINK_LIVES)
    ensure_key(settings.data_dir)  # part of the set-up: it can be given away before the first exam
    service.start(settings, simulated=simulated)
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {voice.mark}%(levelname)s %(name)s: %(message)s")
    children = [
        Child("site", [sys.executable, "-m", "web.serve.server", json.dumps(serving.as_arguments())]),
        Child("consoles", [sys.executable, "-m", "web.console.proxy", *_console_arguments(serving)]),
    ]
    with tempfile.TemporaryDirectory(prefix="epreuve-figures-") as figures:
        os.environ[metrics.FOLDER] = figures  # the workers of the site put their figures together here
        watch(
            children,
            is_ready=lambda: _answers(serving),
            when_ready=lambda: _announce(serving, certificate, link, voice),
        )


def _console_arguments(serving: Serving) -> list[str]:
    arguments = ["--host", serving.host, "--port", str(serving.console_port), "--site-port", str(serving.port)]
    if serving.cert is not None and serving.key is not None:
        arguments += ["--cert", serving.cert, "--key", serving.key]
    return arguments + (["--simulated"] if serving.simulated else [])


def _certificate(
    settings: Settings, host: str, make: bool, cert: Path | None, key: Path | None
) -> tls.Certificate | None:
    if (cert is None) != (key is None):
        raise UsageError(
            Text("Il faut le certificat et sa clé.", "Both the certificate and its key are needed."),
            do=Text("Donnez --tls-cert et --tls-key.", "Give --tls-cert and --tls-key."),
        )
    if cert is not None and key is not None:
        return tls.given(cert, key)
    return tls.made(settings.data_dir / "tls", host) if make else None


def _require_free(host: str, port: int | None) -> None:
    """Said here in a sentence, and not by a child that dies again and again. Raises EpreuveError."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise EpreuveError(
            Text("Le site ne peut pas écouter à cette adresse.", "The site cannot listen at this address."),
            where=f"{host}:{port}: {error.strerror or error}",
            do=Text(
                "Choisissez un autre port (--port, --console-port), ou arrêtez le programme qui l'occupe.",
                "Choose another port (--port, --console-port), or stop the program that holds it.",
            ),
        ) from error


def _answers(serving: Serving) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(serving.host, serving.host)  # noqa: S104 - a comparison
    try:
        with socket.create_connection((host, serving.port), timeout=1):
            return True
    except OSError:
        return False


def _announce(serving: Serving, certificate: tls.Certificate | None, link: str | None, voice: Voice) -> None:
    shown = socket.gethostname() if serving.host in ("0.0.0.0", "::") else serving.host  # noqa: S104 - a comparison
    address = f"{serving.scheme}://{f'[{shown}]' if ':' in shown else shown}:{serving.port}"
    voice.say(tr(f"Le site : {address}/", f"The site: {address}/"))
    if certificate is not None and certificate.made:
        seen = certificate.fingerprint()
        voice.say(
            tr(
                f"Certificat fait ici : le navigateur demandera s'il faut s'y fier. Son empreinte SHA-256 : {seen}",
                f"Certificate made here: browsers will ask whether to trust it. Its SHA-256 fingerprint: {seen}",
            )
        )
    elif serving.scheme == "http" and not _is_loopback(serving.host):
        voice.note(
            tr(
                "Mots de passe et écrans passent en clair sur le réseau : ajoutez --tls.",
                "Passwords and screens cross the network unencrypted: add --tls.",
            )
        )
    if link is not None:
        voice.say(
            tr(
                f"Créez le premier compte avec ce lien, valable une fois et 24 h : {address}/premier-compte/{link}",
                f"Make the first account with this link, good once and for 24 h: {address}/premier-compte/{link}",
            )
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
