"""``epreuve dossier verify``: is a dossier what was sealed? Needs the file and the public key."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from labs.errors import UsageError
from labs.text import Text, tr
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.dossier import command
from orchestrator.cli.session_common import example, moment
from orchestrator.dossier import timestamp
from orchestrator.dossier.agreement import must_agree
from orchestrator.dossier.errors import DossierError
from orchestrator.dossier.manifest import Dossier, open_dossier
from orchestrator.sealed.keys import PublicKey, public_keys, read_public
from orchestrator.sealed.manifest import TIMESTAMP
from orchestrator.sealed.verify import Fault, Unsound
from orchestrator.settings import load_settings


@command.command(
    "verify",
    help=tr(
        "Vérifie qu'un dossier est, à l'octet près, celui qui a été scellé ; sinon, dit le premier octet qui diffère "
        "(code de sortie 9). Sans --key : les clés de cette installation.",
        "Verify that a dossier is, to the byte, the one that was sealed; if not, say which byte differs first (exit "
        "code 9). Without --key: the keys of this installation.",
    ),
    epilog=example("dossier verify juin-c01.zip --key cle-du-centre.pem"),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "typed", multiple=True, help=tr("clé publique : PEM ou 64 chiffres", "public key: PEM or hex"))
@click.option(
    "--tsa",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=tr("certificat (PEM) du service d'horodatage", "certificate (PEM) of the timestamp authority"),
)
@json_option
def verify(files: tuple[Path, ...], typed: tuple[str, ...], tsa: Path | None, as_json: bool) -> None:
    """Verify dossiers."""
    keys = known_keys(typed)
    told: list[dict[str, Any]] = []
    for file in files:
        try:
            found = open_dossier(file.read_bytes(), keys)
            must_agree(found)
            stamped = _stamped(found, tsa)
        except Unsound as unsound:
            told.append({"file": str(file), "sound": False, "fault": _data(unsound.fault)})
            if not as_json:
                _say_fault(file, unsound.fault)
        else:
            about = {**_about(found), "named": file.name == _name(found), "timestamp": stamped}
            told.append({"file": str(file), "sound": True, **about})
            if not as_json:
                _say_sound(file, found, stamped)
    if as_json:
        print_json({"dossiers": told})
    if bad := sum(not one["sound"] for one in told):
        many = len(files)
        raise DossierError(
            Text(f"{bad} sur {many} : pas ce qui a été scellé.", f"{bad} of {many}: not what was sealed."), do=_KEEP_IT
        )


def must_be_sealed(file: Path, keys: list[PublicKey]) -> Dossier:
    """A dossier that is what was sealed. Raises DossierError with the first thing that does not match."""
    try:
        found = open_dossier(file.read_bytes(), keys)
        must_agree(found)
    except Unsound as unsound:
        raise DossierError(unsound.fault.what, where=f"{file}: {place_of(unsound.fault)}", do=_KEEP_IT) from unsound
    return found


def known_keys(typed: tuple[str, ...]) -> list[PublicKey]:
    """The keys to verify with: those given, else those of this installation. Raises UsageError when there is none."""
    if typed:
        return [read_public(one) for one in typed]
    settings = load_settings()
    keys = [*public_keys(settings.data_dir), *public_keys(settings.simulated().data_dir)]
    if not keys:
        raise UsageError(
            Text("Il n'y a pas de clé publique ici.", "There is no public key here."),
            do=Text(
                "Donnez celle du centre (--key), reçue par un autre chemin que le dossier.",
                "Give the centre's (--key), as you got it by another way than the dossier.",
            ),
        )
    return keys


def place_of(fault: Fault) -> str:
    """Where a fault is, in words."""
    parts = []
    if fault.entry:
        parts.append(fault.entry)
    if fault.offset is not None and fault.length == 1:
        parts.append(tr(f"octet {fault.offset}", f"byte {fault.offset}"))
    elif fault.offset is not None and fault.length:
        last = fault.offset + fault.length - 1
        parts.append(tr(f"octets {fault.offset} à {last}", f"bytes {fault.offset} to {last}"))
    if fault.expected is not None:
        sealed, read = f"{fault.expected:02x}", f"{fault.found:02x}"
        parts.append(tr(f"scellé {sealed}, lu {read}", f"sealed {sealed}, read {read}"))
    if fault.at is not None:
        parts.append(tr(f"position {fault.at} dans le fichier", f"offset {fault.at} in the file"))
    return ", ".join(parts)


def _say_fault(file: Path, fault: Fault) -> None:
    click.echo(f"✗ {file}{tr(' : ', ': ')}{fault.what}")
    if place := place_of(fault):
        click.echo(f"  {place}")


def _stamped(found: Dossier, tsa: Path | None) -> dict[str, Any] | None:
    """What the timestamp says, and whether its authority is the one given; None: there is none. Raises Unsound."""
    if found.timestamp is None:
        return None
    if not timestamp.can_be_read():
        return {"at": None, "trusted": None}
    digest = found.seal.manifest.sha256
    at = timestamp.stated(found.timestamp, digest)
    trusted = None if tsa is None else timestamp.is_signed_by(found.timestamp, digest, tsa)
    if at is None or trusted is False:
        raise Unsound(Fault(_NO_STAMP, TIMESTAMP))
    return {"at": at, "trusted": trusted}


def _say_sound(file: Path, found: Dossier, stamped: dict[str, Any] | None) -> None:
    manifest = found.manifest
    mark = tr("[simulé] ", "[simulated] ") if manifest.simulated else ""
    many, at = len(manifest.files), moment(manifest.at, with_day=True)
    about = tr(
        f"intact. Session {manifest.session}, candidat {manifest.candidate}, {many} fichiers, scellé le {at} par "
        f"{manifest.by}.",
        f"intact. Session {manifest.session}, candidate {manifest.candidate}, {many} files, sealed on {at} by "
        f"{manifest.by}.",
    )
    click.echo(f"✓ {mark}{file}{tr(' : ', ': ')}{about}")
    if file.name != (name := _name(found)):  # the seal says whose it is, the file's name says nothing
        click.echo(
            tr(
                f"  ! Ce fichier devrait s'appeler {name} : l'avez-vous pris pour celui d'un autre ?",
                f"  ! This file should be called {name}: did you take it for somebody else's?",
            )
        )
    click.echo(f"  {tr('Clé', 'Key')}{tr(' : ', ': ')}{found.key.spelt}")
    head = manifest.journal
    click.echo(f"  {tr('Journal', 'Journal')}{tr(' : ', ': ')}{head.seq}, {head.hash}")
    if stamped is not None:
        unread = tr("illisible sans openssl", "cannot be read without openssl")
        unsure = "" if stamped["trusted"] else tr(" (autorité non vérifiée : --tsa)", " (authority not checked: --tsa)")
        at = moment(stamped["at"], with_day=True) + unsure if stamped["at"] else unread
        click.echo(f"  {tr('Horodatage', 'Timestamp')}{tr(' : ', ': ')}{at}")


def _name(found: Dossier) -> str:
    """What a dossier is called when it is sealed."""
    return f"{found.manifest.session}-{found.manifest.candidate}.zip"


def _about(found: Dossier) -> dict[str, Any]:
    said = found.manifest.model_dump(mode="json", exclude={"files"})
    return {**said, "key": found.key.hex, "manifest_sha256": found.seal.manifest.sha256}


def _data(fault: Fault) -> dict[str, Any]:
    return {**asdict(fault), "what": fault.what.model_dump()}


_KEEP_IT = Text(
    "Gardez le fichier tel quel et comparez-le à une autre copie.",
    "Keep the file as it is, and compare it with another copy.",
)
_NO_STAMP = Text(
    "L'horodatage n'est pas d'un service auquel vous faites confiance, ou n'est pas celui de ce dossier.",
    "The timestamp is not of an authority that you trust, or not of this dossier.",
)
