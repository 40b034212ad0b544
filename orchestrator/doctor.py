"""Looking a host over: can it build images, run machines, and ask from the wire? Each finding says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.findings import Finding, State
from orchestrator.guestfish import PROGRAM as GUESTFISH
from orchestrator.hypervisor import connect, connect_all
from orchestrator.pruning.survey import freed, survey
from orchestrator.radio.finding import radio_findings
from orchestrator.settings import Settings
from vagrant.build import list_images
from vagrant.cache import Image
from vagrant.evaluation import ACTIVATE, RENEW
from vagrant.windows.stored import windows_images

PROGRAMS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-img": "qemu-utils",
    "mmdebstrap": "mmdebstrap",
    "mkfs.ext4": "e2fsprogs",
    "ip": "iproute2",
    "dig": "bind9-dnsutils",
    "smbclient": "smbclient",
    "wg": "wireguard-tools",
    "wireguard-go": "wireguard-go",
}
"""Programs that are called, and the Debian package of each."""

BENCH_MIB = 2400
"""Memory of one bench of the shipped lab, for a first idea before there is a golden."""


def examine(settings: Settings, *, simulated: bool = False) -> Iterator[Finding]:
    """Look at everything, in the order in which a newcomer would meet the troubles. simulated: no libvirt is asked."""
    yield _python()
    yield _root()
    yield from _programs()
    yield _tun()
    yield _namespaces()
    yield _libguestfs()
    if not simulated:
        yield from radio_findings(settings.radio)
    yield _disk(settings, simulated)
    yield from _images(settings)
    for host in settings.host_uris:
        yield from _hypervisor(settings, host, simulated=simulated)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    return Finding("python", "ok" if ok else "failed", Text(f"Python {version}", f"Python {version}"))


def _root() -> Finding:
    if os.geteuid() == 0:
        return Finding("root", "ok", Text("administrateur", "administrator"))
    return Finding(
        "root",
        "warning",
        Text("utilisateur ordinaire", "ordinary user"),
        Text(
            "Les postes et les témoins demandent root : sudo ./epreuve …",
            "Benches and witnesses need root: sudo ./epreuve …",
        ),
    )


def _programs() -> Iterator[Finding]:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    for program, package in PROGRAMS.items():
        found = shutil.which(program, path=path)
        yield Finding(
            program,
            "ok" if found else "failed",
            Text(found or "absent", found or "missing"),
            None
            if found
            else Text(
                f"Installez le paquet {package} (./epreuve le fait).", f"Install package {package} (./epreuve does)."
            ),
        )


def _tun() -> Finding:
    if Path("/dev/net/tun").exists():
        return Finding("tun", "ok", Text("/dev/net/tun présent", "/dev/net/tun present"))
    return Finding(
        "tun",
        "warning",
        Text("/dev/net/tun absent", "/dev/net/tun missing"),
        Text(
            "Sans lui le témoin VPN ne voit rien : modprobe tun.",
            "Without it the VPN witness sees nothing: modprobe tun.",
        ),
    )


def _namespaces() -> Finding:
    """A network namespace with a veth can be made: what a witness needs. It is removed at once."""
    if os.geteuid() != 0:
        return Finding("witness", "warning", Text("non essayé sans root", "not tried without root"))
    name = f"epd-{os.getpid()}"
    commands = (["netns", "add", name], ["-n", name, "link", "add", "v0", "type", "veth", "peer", "name", "v1"])
    try:
        for command in commands:
            subprocess.run(["ip", *command], check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(
            "witness",
            "failed",
            Text("les espaces de noms réseau ne marchent pas", "network namespaces do not work"),
            Text(f"Le témoin réseau en a besoin : {error}", f"The network witness needs them: {error}"),
        )
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True, timeout=10)
    return Finding("witness", "ok", Text("espaces de noms réseau utilisables", "network namespaces work"))


def _libguestfs() -> Finding:
    """Whether disks of silent machines can be read after the bell: guestfish, and a kernel that it may start."""
    if shutil.which(GUESTFISH) is None:
        return Finding(
            "libguestfs",
            "warning",
            Text("guestfish absent", "guestfish missing"),
            Text(
                "Sans lui, une machine muette à la fin reste non concluante : apt install libguestfs-tools.",
                "Without it a machine that is silent at the bell stays inconclusive: apt install libguestfs-tools.",
            ),
        )
    kernel = os.environ.get("SUPERMIN_KERNEL") or next((str(one) for one in Path("/boot").glob("vmlinuz-*")), "")
    if kernel and os.access(kernel, os.R_OK):
        found = Text(f"disques lisibles à l'arrêt ({kernel})", f"disks can be read at rest ({kernel})")
        return Finding("libguestfs", "ok", found)
    return Finding(
        "libguestfs",
        "warning",
        Text("aucun noyau lisible dans /boot", "no readable kernel in /boot"),
        Text(
            "libguestfs en démarre un pour lire un disque : apt install linux-image-amd64, ou SUPERMIN_KERNEL "
            "et SUPERMIN_MODULES.",
            "libguestfs starts one to read a disk: apt install linux-image-amd64, or SUPERMIN_KERNEL and "
            "SUPERMIN_MODULES.",
        ),
    )


def _disk(settings: Settings, simulated: bool) -> Finding:
    place = next(folder for folder in (settings.data_dir, *settings.data_dir.parents) if folder.exists())
    gib = shutil.disk_usage(place).free / 2**30
    found = Text(f"{gib:.0f} Gio libres pour {settings.data_dir}", f"{gib:.0f} GiB free for {settings.data_dir}")
    if gib >= 15:
        return Finding("disk", "ok", found)
    need = Text(
        "Il faut environ 8 Gio pour construire, puis 1 Gio par poste : libérez de la place (EPREUVE_DATA).",
        "About 8 GiB are needed to build, then 1 GiB per bench: make room or set EPREUVE_DATA.",
    )
    prune = _prunable(settings, simulated)
    do = Text(f"{need.fr} {prune.fr}".strip(), f"{need.en} {prune.en}".strip())
    return Finding("disk", "warning" if gib >= 8 else "failed", found, do)


def _prunable(settings: Settings, simulated: bool) -> Text:
    """What “image prune” would free; nothing when it is not much, or cannot be known."""
    try:
        with connect_all(settings, simulated=simulated) as hosts:
            items = survey(settings, [hosts.get(name) for name in hosts.names], now=datetime.now(UTC))
    except (EpreuveError, OSError):
        return Text("", "")
    gib = freed(item for item in items if item.kept is None) / 2**30
    if gib < 1:
        return Text("", "")
    return Text(f"« epreuve image prune » rend {gib:.0f} Gio.", f"“epreuve image prune” frees {gib:.0f} GiB.")


def _images(settings: Settings) -> Iterator[Finding]:
    try:
        states = list_images(cache=settings.images_dir)
    except EpreuveError as error:
        yield Finding("images", "failed", error.what, error.do)
        return
    for state in states:
        built = state.current is not None
        yield Finding(
            f"image {state.name}",
            "ok" if built else "warning",
            Text("construite", "built") if built else Text("à construire", "to be built"),
            None
            if built
            else Text("« epreuve image build » (la démonstration le fait).", "“epreuve image build” (the demo does)."),
        )
    for image in windows_images(settings.images_dir):
        yield windows_finding(image)


_STATES: dict[str, State] = {"ok": "ok", "warning": "warning", "over": "failed"}


def windows_finding(image: Image, now: float | None = None) -> Finding:
    """How long an image of Windows still serves."""
    name, ends = f"image {image.name}", image.evaluation
    if ends is None:
        return Finding(name, "ok", Text("construite, sans fin", "built, without an end"))
    state = _STATES[ends.state(now)]
    found = ends.told(now)
    if not ends.activated:
        found = Text(f"{found.fr} (pas activée)", f"{found.en} (not activated)")
    return Finding(name, state, found, None if state == "ok" else RENEW if ends.activated else ACTIVATE)


def _hypervisor(settings: Settings, host: str, *, simulated: bool) -> Iterator[Finding]:
    of = f" {host}" if len(settings.host_uris) > 1 else ""
    try:
        with connect(settings, simulated=simulated, host=host) as hypervisor:
            info = hypervisor.info()
    except EpreuveError as error:
        yield Finding(f"libvirt{of}", "failed", error.what, error.do)
        return
    if info.simulated:
        nothing = Text(
            "machines simulées : aucun hyperviseur n'est examiné", "simulated machines: no hypervisor is asked"
        )
        yield Finding(f"libvirt{of}", "ok", nothing)
        return
    versions = f"libvirt {info.libvirt}, QEMU {info.qemu}"
    yield Finding(f"libvirt{of}", "ok", Text(versions, versions))
    kinds = {
        "kvm": Text("KVM : les machines tournent à pleine vitesse", "KVM: machines run at full speed"),
        "tcg": Text("TCG : les machines sont émulées, plus lentes", "TCG: machines are emulated, slower"),
        None: Text("pas encore essayé (au premier démarrage)", "not tried yet (at the first boot)"),
    }
    yield Finding(f"accelerator{of}", "ok" if info.accelerator == "kvm" else "warning", kinds[info.accelerator])
    fit = max(0, info.free_memory_mib // info.set_aside(BENCH_MIB))
    found = Text(
        f"{info.free_memory_mib} Mio libres, {info.cores} cœurs : environ {fit} poste(s)",
        f"{info.free_memory_mib} MiB free, {info.cores} cores: about {fit} bench(es)",
    )
    yield Finding(f"memory{of}", "ok" if fit >= 2 else "warning" if fit else "failed", found)
