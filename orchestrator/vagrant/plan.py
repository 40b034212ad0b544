"""The plan: everything that the Vagrantfile must know of a lab's machines, as data. Ruby reads no ``lab.yml``.

It holds from the first machine of a lab to the destruction of the last, whatever becomes of lab and recipes meanwhile:
Vagrant must find its machines again to stop and destroy them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from labs.errors import UsageError
from labs.files import write_atomic
from labs.loader import LoadedLab
from labs.model import Machine
from labs.text import Text
from orchestrator.catalog import lab_names, open_lab
from orchestrator.hypervisor import connect
from orchestrator.sessions import Session, SessionError, ensure_session, forget_session, load_session
from orchestrator.settings import LOCAL, Settings
from orchestrator.vagrant.place import SESSION, VagrantError, VagrantPlace
from vagrant.box import CARD_SLOT, KEY_OPTION, Box, find_box

SYSTEM_DATA = Path("/var/lib/epreuve")
"""Where root's images and boxes are, which any user may start machines from."""
SYSTEM_LIBVIRT = "qemu:///system"
TCG_CPU = "Nehalem"
"""Under emulation the default processor of Vagrant makes recent kernels panic."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlannedNic(_Data):
    """A card. address: Vagrant wants one even where it configures none."""

    network: str
    mac: str
    address: str


class PlannedMachine(_Data):
    """A machine, as the Vagrantfile needs it."""

    box: str
    box_file: str
    memory_mib: int
    vcpus: int
    kernel: str
    initrd: str
    cmdline: str
    nics: tuple[PlannedNic, ...]


class VagrantPlan(_Data):
    """The machines of a lab. prefix: of every libvirt object; key: file of the private key that opens the machines.

    cpu: model to emulate; None: the host's.
    """

    lab: str
    lab_folder: Path
    uri: str
    driver: str
    cpu: str | None
    prefix: str
    key: str
    card_slot: str
    machines: dict[str, PlannedMachine]

    def domain(self, machine: str) -> str:
        """The libvirt domain of a machine."""
        return f"{self.prefix}{machine}"

    def network(self, network: str) -> str:
        """The libvirt network of a lab's network."""
        return f"{self.prefix}{network}"


def plan_for(lab: str | None, place: VagrantPlace, settings: Settings) -> VagrantPlan:
    """The plan in force, or a new one. lab: as the trainer named it; None: the one that is there.

    :raises UsageError: nothing says which lab.
    :raises VagrantError: another lab's machines are there, or boxes are missing.
    """
    stored = stored_plan(place)
    if stored is not None and place.existing():
        if lab is not None and open_lab(lab).folder != stored.lab_folder:
            raise _other_lab(stored, place)
        return stored
    if lab is None and stored is None:
        raise UsageError(
            Text("De quel sujet faut-il démarrer les machines ?", "Which lab's machines are to be started?"),
            do=Text(
                f"Par exemple : LAB={lab_names()[0]} vagrant up — sujets : {', '.join(lab_names())}.",
                f"For example: LAB={lab_names()[0]} vagrant up — labs: {', '.join(lab_names())}.",
            ),
        )
    loaded = open_lab(lab or str(stored and stored.lab_folder))
    plan = _new(loaded, place, settings)
    write_atomic(place.plan, plan.model_dump_json(indent=1))
    return plan


def stored_plan(place: VagrantPlace) -> VagrantPlan | None:
    """The plan of the machines that are there, or were there last."""
    try:
        return VagrantPlan.model_validate_json(place.plan.read_bytes())
    except (OSError, ValidationError):
        return None


def require_plan(place: VagrantPlace) -> VagrantPlan:
    """The plan of the machines that are there. Raises VagrantError when there are none."""
    plan = stored_plan(place)
    if plan is None or not place.existing():
        raise VagrantError(
            Text("Aucune machine n'a été démarrée par Vagrant.", "No machine has been started by Vagrant."),
            where=str(place.folder),
            do=Text(
                f"Dans le dossier {place.folder.parent} : LAB={lab_names()[0]} vagrant up",
                f"In the folder {place.folder.parent}: LAB={lab_names()[0]} vagrant up",
            ),
        )
    return plan


def vagrant_session(place: VagrantPlace) -> Session:
    """The secrets and the key of the machines that are there."""
    return load_session(place.ours, SESSION)


def _new(loaded: LoadedLab, place: VagrantPlace, settings: Settings) -> VagrantPlan:
    boxes = _boxes(loaded, settings)
    uri = next(iter(settings.host_uris.values()))
    if uri == LOCAL:  # no private libvirtd: nobody would keep it for Vagrant
        uri = SYSTEM_LIBVIRT
    with connect(settings.model_copy(update={"libvirt_uri": uri, "hosts": {}})) as hypervisor:
        image = next(iter(boxes.values())).image
        kvm = hypervisor.choose_accelerator(image.kernel, image.initrd) == "kvm"
    session = _session(loaded, place)
    prefix = f"epreuve-{loaded.lab.id[:20]}-{hashlib.sha256(str(place.folder).encode()).hexdigest()[:4]}-"
    return VagrantPlan(
        lab=loaded.lab.id,
        lab_folder=loaded.folder,
        uri=uri,
        driver="kvm" if kvm else "qemu",
        cpu=None if kvm else TCG_CPU,
        prefix=prefix,
        key=str(session.folder / "ssh_key"),
        card_slot=CARD_SLOT,
        machines={
            name: _machine(machine, boxes[machine.image], session, prefix)
            for name, machine in loaded.lab.virtual.items()
        },
    )


def _machine(machine: Machine, box: Box, session: Session, prefix: str) -> PlannedMachine:
    return PlannedMachine(
        box=box.name,
        box_file=str(box.file),
        memory_mib=machine.memory_mib,
        vcpus=machine.vcpus,
        kernel=str(box.image.kernel),
        initrd=str(box.image.initrd),
        cmdline=f"{box.image.cmdline} {KEY_OPTION}={session.ssh_public_key.split()[1]}",
        nics=tuple(
            PlannedNic(
                network=f"{prefix}{nic.network}",
                mac=nic.mac,
                address=f"192.0.2.{10 + number}" if nic.address is None else str(nic.address.ip),
            )
            for number, nic in enumerate(machine.nics.values(), start=1)
        ),
    )


def _boxes(loaded: LoadedLab, settings: Settings) -> dict[str, Box]:
    """The box of every image of a lab. Raises VagrantError with the command that makes them."""
    data = settings.data_dir if settings.images_dir.is_dir() else SYSTEM_DATA
    names = dict.fromkeys(machine.image for machine in loaded.lab.virtual.values())
    found = {name: find_box(name, images=data / "images", boxes=data / "boxes") for name in names}
    missing = [name for name, box in found.items() if box is None]
    if missing:
        raise VagrantError(
            Text(
                f"Ces boîtes Vagrant ne sont pas faites : {', '.join(missing)}.",
                f"These Vagrant boxes are not made: {', '.join(missing)}.",
            ),
            where=str(data / "boxes"),
            do=Text(
                f"Lancez : ./epreuve image box {' '.join(missing)}", f"Run: ./epreuve image box {' '.join(missing)}"
            ),
        )
    return {name: box for name, box in found.items() if box is not None}


def _session(loaded: LoadedLab, place: VagrantPlace) -> Session:
    """Secrets are drawn once for a lab as it is; no machine knows those of an older one any more."""
    place.ours.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return ensure_session(place.ours, SESSION, loaded)
    except SessionError:
        forget_session(place.ours, SESSION)
        return ensure_session(place.ours, SESSION, loaded)


def _other_lab(stored: VagrantPlan, place: VagrantPlace) -> VagrantError:
    return VagrantError(
        Text(
            f"Les machines du sujet « {stored.lab} » sont encore là.",
            f"The machines of the lab “{stored.lab}” are still there.",
        ),
        where=str(place.folder),
        do=Text(
            "Détruisez-les (vagrant destroy), ou gardez-les et donnez un autre dossier à celles-ci : "
            "VAGRANT_DOTFILE_PATH=.vagrant-2.",
            "Destroy them (vagrant destroy), or keep them and give these another folder: "
            "VAGRANT_DOTFILE_PATH=.vagrant-2.",
        ),
    )
