"""How ``epreuve record`` reaches a machine by its address: the options, and what they come to."""

from __future__ import annotations

import functools
import os
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import click
import paramiko
from paramiko.pkey import UnknownKeyType

from checkers.channels.ssh import Login
from checkers.channels.winrm_ import Account, ClientCertificate, Trust
from checkers.families import DIALECTS
from checkers.prompt.dialect import CISCO
from labs.errors import EpreuveError, UsageError
from labs.text import Text, tr
from orchestrator.exam.devices import fingerprint
from orchestrator.recorder.address import Ssh, WinRm, host_key_at

WINRM_PORT, SSH_PORT = 5986, 22

_DIGITS = re.compile("[0-9a-f]{64}")

_ADDRESS = tr("ADRESSE[:PORT]", "ADDRESS[:PORT]")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--winrm",
        metavar=_ADDRESS,
        help=tr(
            "la machine Windows à cette adresse, par WinRM en HTTPS ; TARGET est alors son nom dans le sujet",
            "the Windows machine at this address, by WinRM over HTTPS; TARGET is then its name in the lab",
        ),
    ),
    click.option(
        "--ssh",
        metavar=_ADDRESS,
        help=tr(
            "la machine ou l'appareil à cette adresse, par SSH ; TARGET est alors son nom dans le sujet",
            "the machine or device at this address, by SSH; TARGET is then its name in the lab",
        ),
    ),
    click.option(
        "--user",
        help=tr(
            "un administrateur ; son mot de passe est demandé, ou lu dans EPREUVE_PASSWORD",
            "an administrator; the password is asked for, or read from EPREUVE_PASSWORD",
        ),
    ),
    click.option(
        "--pin",
        metavar="SHA256",
        help=tr(
            "l'empreinte de la machine : de son certificat (WinRM, « sha256 » de winrm.json) ou de sa clé d'hôte (SSH, "
            "« SHA256:… » ; sans elle, la clé montrée doit être confirmée)",
            "the machine's fingerprint: of its certificate (WinRM, “sha256” in winrm.json) or of its host key (SSH, "
            "“SHA256:…”; without it, the key that is shown has to be confirmed)",
        ),
    ),
    click.option(
        "--ca",
        "authority",
        type=_FILE,
        help=tr(
            "avec --winrm, au lieu de --pin : le certificat de l'autorité qui a signé celui de la machine, en PEM",
            "with --winrm, instead of --pin: the certificate of the authority that signed the machine's, in PEM",
        ),
    ),
    click.option(
        "--kerberos",
        is_flag=True,
        help=tr(
            "avec --winrm : par Kerberos ; --user est nom@ROYAUME, l'adresse le nom complet de la machine",
            "with --winrm: by Kerberos; --user is name@REALM, the address the machine's full name",
        ),
    ),
    click.option(
        "--certificate",
        type=_FILE,
        help=tr(
            "avec --winrm, au lieu de --user : le certificat qui laisse entrer, en PEM ; sa clé est dans le même "
            "fichier, ou dans --key, sans phrase de passe",
            "with --winrm, instead of --user: the certificate that lets in, in PEM; its key is in the same file, or in "
            "--key, without a passphrase",
        ),
    ),
    click.option(
        "--key",
        type=_FILE,
        help=tr(
            "avec --ssh : la clé privée, au lieu d'un mot de passe ; avec --certificate : la sienne",
            "with --ssh: the private key, not a password; with --certificate: its own",
        ),
    ),
    click.option(
        "--family",
        type=click.Choice([name for name in DIALECTS if name != CISCO.name]),  # goldens are of the others
        help=tr("avec --ssh : ce que c'est [par défaut : linux]", "with --ssh: what it is [default: linux]"),
    ),
)


@dataclass(frozen=True)
class ByAddress:
    """The options, as they were given."""

    winrm: str | None = None
    ssh: str | None = None
    user: str | None = None
    pin: str | None = None
    authority: Path | None = None
    kerberos: bool = False
    certificate: Path | None = None
    key: Path | None = None
    family: str | None = None


def address_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options, below all others; the command is given them together, as ``at``."""

    @functools.wraps(command)
    def gathered(**given: Any) -> None:
        at = ByAddress(**{one.name: given.pop(one.name) for one in fields(ByAddress)})
        command(at=at, **given)

    for option in reversed(_OPTIONS):
        option(gathered)
    return gathered


def way_of(at: ByAddress) -> WinRm | Ssh | None:
    """How a machine is reached; None when it is one of a bench. Asks for what is not given, and to confirm a key that
    nobody vouches for. Raises UsageError, EpreuveError or ChannelError."""
    if at == ByAddress():
        return None
    if at.winrm and not (at.ssh or at.family) and (at.authority is None) != (at.pin is None):
        if at.user and not (at.certificate or at.key):
            return _winrm(at.winrm, Account(at.user, "", "kerberos" if at.kerberos else "ntlm"), at)
        if at.certificate and not (at.user or at.kerberos):
            return _winrm(at.winrm, _certificate(at.certificate, at.key or at.certificate), at)
    if at.ssh and at.user and not (at.winrm or at.authority or at.kerberos or at.certificate):
        return _ssh(at.ssh, at.user, at)
    raise UsageError(
        Text(
            "--winrm, --user ou --certificate, et --ca ou --pin vont ensemble ; de même --ssh et --user.",
            "--winrm, --user or --certificate, and --ca or --pin go together; so do --ssh and --user.",
        ),
        do=Text(
            "Par exemple : --winrm srv.centre.lan --user Administrateur --ca autorite.pem, ou --ssh 192.168.1.1 --user "
            "root --family openwrt.",
            "For example: --winrm srv.centre.lan --user Administrator --ca authority.pem, or --ssh 192.168.1.1 --user "
            "root --family openwrt.",
        ),
    )


def _winrm(address: str, login: Account | ClientCertificate, at: ByAddress) -> WinRm:
    host, port = _place(address, WINRM_PORT)
    trust = Trust(fingerprint=_sha256(at.pin) if at.pin else None, authority=at.authority)
    if isinstance(login, Account):
        login = replace(login, password=_password(login.user))
    return WinRm(host, login, trust, port)


def _sha256(given: str) -> str:
    """A certificate's fingerprint, in digits alone. Raises UsageError."""
    digits = given.replace(":", "").lower()
    if _DIGITS.fullmatch(digits):
        return digits
    raise UsageError(
        Text("Ce n'est pas l'empreinte SHA-256 d'un certificat.", "This is no SHA-256 fingerprint of a certificate."),
        where=f"--pin {given}",
        do=Text(
            "Elle a 64 chiffres hexadécimaux : « sha256 » de C:\\ProgramData\\Epreuve\\winrm.json ; « thumbprint » est "
            "du SHA-1, à 40 chiffres.",
            "It has 64 hexadecimal digits: “sha256” of C:\\ProgramData\\Epreuve\\winrm.json; “thumbprint” is SHA-1, of "
            "40 digits.",
        ),
    )


def _certificate(certificate: Path, key: Path) -> ClientCertificate:
    try:
        # A key with a passphrase would be asked for at the terminal, later, by OpenSSL.
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(certificate, key, password="")
    except (ValueError, OSError) as error:
        raise UsageError(
            Text("Ce certificat et sa clé ne se lisent pas.", "This certificate and its key cannot be read."),
            where=f"{certificate}, {key}" if key != certificate else str(certificate),
            do=Text(
                "Donnez un certificat en PEM et la clé qui va avec, sans phrase de passe (--certificate, --key).",
                "Give a certificate in PEM and its key, without a passphrase (--certificate, --key).",
            ),
        ) from error
    return ClientCertificate(certificate, key)


def _ssh(address: str, user: str, at: ByAddress) -> Ssh:
    host, port = _place(address, SSH_PORT)
    key = host_key_at(host, port)
    _require_confirmed(address, fingerprint(key), at.pin)
    login = Login(user, key=_private(at.key)) if at.key else Login(user, password=_password(user))
    return Ssh(host, login, key, at.family or "linux", port)


def _require_confirmed(address: str, shown: str, expected: str | None) -> None:
    """A key is never believed because it was there first. Raises EpreuveError."""
    if expected is None and click.confirm(
        tr(
            f"{address} montre la clé d'hôte {shown}. Est-ce bien cette machine ?",
            f"{address} shows the host key {shown}. Is it this machine?",
        ),
        err=True,
    ):
        return
    if expected != shown:
        raise EpreuveError(
            Text(f"La machine montre une autre clé : {shown}", f"The machine shows another key: {shown}")
            if expected
            else Text("La clé n'a pas été confirmée.", "The key was not confirmed."),
            where=address,
            do=Text(
                "Comparez avec ce que dit la machine elle-même (ssh-keygen -lf, dropbearkey -y), puis donnez --pin.",
                "Compare with what the machine itself says (ssh-keygen -lf, dropbearkey -y), then give --pin.",
            ),
        )


def _private(file: Path) -> paramiko.PKey:
    try:
        try:
            return paramiko.PKey.from_path(file)
        except TypeError:  # as it says that there is a passphrase
            secret = _password(str(file)).encode()
            return paramiko.PKey.from_path(file, secret)  # type: ignore[arg-type]  # it takes bytes, whatever it says
    except (UnknownKeyType, ValueError, OSError) as error:
        raise UsageError(
            Text("Cette clé privée ne se lit pas.", "This private key cannot be read."),
            where=str(file),
            do=Text(
                "Donnez une clé privée d'OpenSSH, et sa phrase de passe.",
                "Give a private key of OpenSSH's, and its passphrase.",
            ),
        ) from error


def _password(of: str) -> str:
    """Never an argument: those stand in the list of processes."""
    given = os.environ.get("EPREUVE_PASSWORD")
    return given or str(click.prompt(tr(f"Mot de passe de {of}", f"Password of {of}"), hide_input=True, err=True))


def _place(address: str, usual: int) -> tuple[str, int]:
    host, _, port = address.partition(":")
    return host, int(port) if port.isdecimal() else usual
