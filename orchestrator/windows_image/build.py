"""Building an image of Windows: all its files in one place, then the machine, then the cache, all or nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labs.text import Text
from orchestrator.hypervisor.port import Accelerator
from orchestrator.windows_image import install
from orchestrator.windows_image.domain import InstallSpec, install_xml
from orchestrator.windows_image.inspect import Inspected, evaluation
from orchestrator.windows_image.install import Progress
from orchestrator.windows_image.machine import InstallMachine
from vagrant.cache import BOOTS_ITSELF, DISK, MANIFEST, SECRETS, Image, find_image, locked, publish, require_space
from vagrant.errors import ImageError
from vagrant.windows import iso
from vagrant.windows.answer import ACCOUNT, draw_password
from vagrant.windows.plan import BUILDER_VERSION, WindowsPlan, write_files

_SPACE_GIB = 40.0
_VCPUS = 2


def domain_name(planned: WindowsPlan) -> str:
    """The libvirt name of the machine that installs."""
    return f"ep-install-{planned.name}"


def write_all(
    planned: WindowsPlan, folder: Path, password: str, accelerator: Accelerator, network: str | None
) -> tuple[Path, str]:
    """Write the answers and the machine's definition into an empty folder; the disk's path and the definition."""
    answers = write_files(planned, folder, password)
    disk = folder / "disk.qcow2"
    spec = InstallSpec(
        name=domain_name(planned),
        memory_mib=planned.edition.memory_mib,
        vcpus=_VCPUS,
        disk=disk,
        discs=(planned.windows.path.resolve(), planned.virtio.path.resolve(), answers),
        secure=planned.edition.is_client and not planned.bypass,
        network=network,
    )
    xml = install_xml(spec, accelerator)
    (folder / "domain.xml").write_text(xml, "utf-8")
    return disk, xml


def build_windows(
    planned: WindowsPlan,
    *,
    cache: Path,
    machine: InstallMachine,
    accelerator: Accelerator,
    network: str | None,
    say: Progress,
) -> Image:
    """The image of a plan: from the cache, else installed (an hour). Raises ImageError, HypervisorError."""
    name, key = planned.name, planned.key
    iso.require_tools()
    require_space(cache, _SPACE_GIB)
    with locked(cache, name, say):
        if found := find_image(cache, name, key):
            return found
        began = time.monotonic()
        with _place(cache, name) as work:
            password = draw_password()
            disk, xml = write_all(planned, work, password, accelerator, network)
            _qemu_img("create", "-q", "-f", "qcow2", str(disk), f"{planned.edition.disk_gib}G")
            inspected = _installed(planned, machine, xml, say, activate=network is not None)
            say(Text("écriture de l'image", "writing the image"))
            made = work / "image"
            made.mkdir()
            _qemu_img("convert", "-O", "qcow2", str(disk), str(made / DISK))
            _write(made / MANIFEST, _manifest(planned, inspected, made / DISK, time.monotonic() - began), 0o444)
            _write(made / SECRETS, {"account": ACCOUNT, "password": password}, 0o400)
            (made / DISK).chmod(0o444)
            publish(made, cache / name / key)
    image = find_image(cache, name, key)
    if image is None:  # pragma: no cover - the rename just succeeded
        raise ImageError(Text("L'image a disparu du cache.", "The image vanished from the cache."), where=str(cache))
    return image


def _installed(planned: WindowsPlan, machine: InstallMachine, xml: str, say: Progress, *, activate: bool) -> Inspected:
    try:
        machine.start(xml)
        install.start_from_disc(machine, say)
        install.wait_installed(machine, say)
        install.restart(machine, say)
        if activate:
            install.activate(machine, say)
        found = install.inspect(machine, planned.edition, say)
        evaluation(found)  # one that does not say its end is refused before it is generalised
        install.seal(machine, say)
    finally:
        machine.remove()
    return found


def _manifest(planned: WindowsPlan, found: Inspected, disk: Path, seconds: float) -> dict[str, object]:
    ends = evaluation(found)
    return {
        "name": planned.name,
        "key": planned.key,
        "builder": BUILDER_VERSION,
        BOOTS_ITSELF: True,
        "hostname": planned.role,
        "cmdline": "",
        "memory_mib": planned.edition.memory_mib,
        "disk_gib": planned.edition.disk_gib,
        "built_at": time.time(),
        "build_seconds": round(seconds, 1),
        "disk_bytes": disk.stat().st_size,
        "packages": {"Windows": f"{planned.edition.title} {found.edition} {found.version} {found.language}"},
        "media": {"windows": planned.windows.label, "virtio": planned.virtio.label},
        "winrm": found.winrm.model_dump(mode="json"),
        "evaluation": ends.model_dump(mode="json") if ends else None,
    }


@contextmanager
def _place(cache: Path, name: str) -> Iterator[Path]:
    """An empty folder for one build, gone afterwards. QEMU's user may pass through it, and list nothing."""
    folder = cache / ".windows" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, value: dict[str, object], mode: int) -> None:
    path.touch(0o600)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", "utf-8")
    path.chmod(mode)


def _qemu_img(*arguments: str) -> None:
    try:
        subprocess.run(["qemu-img", *arguments], check=True, capture_output=True, text=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise ImageError(
            Text("qemu-img a échoué.", "qemu-img failed."), where=(getattr(error, "stderr", "") or str(error))[-300:]
        ) from error
