"""``epreuve image windows``: an image of Windows, from ISOs that the school owns."""

from __future__ import annotations

from pathlib import Path

import click

from labs.errors import UsageError
from labs.text import Text, tr
from orchestrator.cli.common import Steps, json_option, print_json
from orchestrator.hypervisor import connect
from orchestrator.settings import Settings, load_settings
from orchestrator.windows_image.build import build_windows, domain_name, write_all
from orchestrator.windows_image.machine import libvirt_machine
from vagrant.cache import Image
from vagrant.windows import iso
from vagrant.windows.answer import draw_password
from vagrant.windows.editions import edition, editions
from vagrant.windows.media import read_virtio, read_windows
from vagrant.windows.plan import ROLES, WindowsPlan, plan

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    "windows",
    help=tr(
        "Fait une image de Windows à partir de vos ISO : Windows s'installe seul, est équipé, vérifié, généralisé. "
        "Environ une heure. docs/windows.md dit ce qui a été essayé sur un vrai Windows.",
        "Make an image of Windows from your ISOs: Windows installs itself, is equipped, checked, generalised. About an "
        "hour. docs/windows.md says what was tried on a real Windows.",
    ),
)
@click.option("--iso", "windows", type=_FILE, required=True, help=tr("ISO de Windows", "ISO of Windows"))
@click.option("--virtio", type=_FILE, required=True, help=tr("ISO des pilotes (virtio-win)", "ISO of drivers"))
@click.option("--edition", "edition_name", type=click.Choice(sorted(editions())), required=True)
@click.option("--role", type=click.Choice(ROLES), required=True, help=tr("rôle dans le sujet", "what it is in the lab"))
@click.option(
    "--bypass-requirements",
    "bypass",
    is_flag=True,
    help=tr(
        "Windows 11 sans TPM ni Secure Boot : c'est l'école qui en décide",
        "Windows 11 without TPM and Secure Boot: the school decides",
    ),
)
@click.option(
    "--network",
    help=tr(
        "réseau libvirt qui mène à Internet, pour activer une évaluation (par défaut : aucun réseau)",
        "libvirt network that leads to the Internet, to activate an evaluation (default: no network)",
    ),
)
@click.option(
    "--dry-run",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=tr("DOSSIER", "FOLDER"),
    help=tr("écrit tous les fichiers ici et s'arrête là", "write all files here, and stop there"),
)
@json_option
def windows(
    windows: Path,
    virtio: Path,
    edition_name: str,
    role: str,
    bypass: bool,
    network: str | None,
    dry_run: Path | None,
    as_json: bool,
) -> None:
    """Make an image of Windows."""
    settings = load_settings()
    wanted = edition(edition_name)
    iso.require_tools()
    steps = Steps()
    with steps.step(tr("lecture des ISO", "reading the ISOs")):
        planned = plan(role, wanted, read_windows(windows, wanted), read_virtio(virtio, wanted), bypass=bypass)
    if dry_run is not None:
        _dry_run(planned, dry_run, network, as_json)
        return
    image = _build(planned, settings, network, steps)
    if as_json:
        print_json({"name": image.name, "key": image.key, "disk": str(image.disk), "evaluation": _days(image)})
    elif image.evaluation is not None:
        click.echo(f"{image.name} : {image.evaluation.told()}")


def _build(planned: WindowsPlan, settings: Settings, network: str | None, steps: Steps) -> Image:
    with connect(settings) as hypervisor:
        accelerator = hypervisor.choose_accelerator(None, None)
    with steps.step(planned.name) as busy, libvirt_machine(settings, domain_name(planned)) as machine:
        if accelerator == "tcg":
            busy(Text("sans KVM, l'installation prend des heures", "without KVM, installing takes hours"))
        return build_windows(
            planned,
            cache=settings.images_dir,
            machine=machine,
            accelerator=accelerator,
            network=network,
            say=busy,
        )


def _days(image: Image) -> int | None:
    return image.evaluation.days_left() if image.evaluation else None


def _dry_run(planned: WindowsPlan, folder: Path, network: str | None, as_json: bool) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            Text("Ce dossier n'est pas vide.", "This folder is not empty."),
            where=str(folder),
            do=Text("Donnez un dossier vide ou un nouveau nom.", "Give an empty folder or a new name."),
        )
    folder.mkdir(parents=True, exist_ok=True)
    write_all(planned, folder, draw_password(), "kvm", network)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    image = planned.windows.image
    if as_json:
        print_json({"name": planned.name, "key": planned.key, "image": image.name, "files": files})
        return
    click.echo(
        tr(
            f"{planned.name} (clé {planned.key[:12]}) : {image.name}, {image.edition}, {image.build}, "
            f"{image.language}, depuis {planned.windows.label} ; pilotes : {planned.virtio.label}.",
            f"{planned.name} (key {planned.key[:12]}): {image.name}, {image.edition}, {image.build}, "
            f"{image.language}, from {planned.windows.label}; drivers: {planned.virtio.label}.",
        )
    )
    for number, step in enumerate(STEPS, start=1):
        click.echo(f"{number:3}. {step}")
    click.echo("\n".join(f"     {file}" for file in files))


STEPS = (
    Text(
        "définir la machine de domain.xml, disque vide, et presser une touche jusqu'à ce que l'ISO démarre",
        "define the machine of domain.xml, with an empty disk, and press a key until the ISO starts",
    ),
    Text("Windows s'installe d'après autounattend.xml", "Windows installs itself after autounattend.xml"),
    Text(
        "à la première session : pilotes, agent, heure, énergie, mises à jour, WinRM (first-logon.ps1)",
        "at the first logon: drivers, guest agent, clock, power, updates, WinRM (first-logon.ps1)",
    ),
    Text("redémarrer, activer si un réseau est donné, examiner", "restart, activate if a network is given, look over"),
    Text("sysprep /generalize avec oobe.xml, extinction", "sysprep /generalize with oobe.xml, power off"),
    Text(
        "ranger le disque, la fin de l'évaluation et le mot de passe (root seulement) dans le cache des images",
        "put the disk, the end of the evaluation and the password (root only) into the cache of images",
    ),
)
