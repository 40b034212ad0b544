"""Vagrant boxes for trainers: the disk of an image with a way in for Vagrant, packed as vagrant-libvirt wants it.

The way in (``box/``) is a card of its own in a network namespace of its own: the machine keeps exactly the lab's cards,
and nothing that is set up in it cuts Vagrant off. No key is in a box: the kernel is told whose may come in. The disk is
changed with debugfs(8), without mounting or booting it. Kernel and initrd stay in the image's own folder.

A box is named by what it is made from (``epreuve-server-1f0e…``), so it never means something else than the recipe.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labs.text import Text
from vagrant.build import BUILDER_VERSION
from vagrant.cache import Image, Progress, find_image, locked, require_space, workplace
from vagrant.errors import ImageError
from vagrant.recipe import IMAGES, load_recipe

FILES = Path(__file__).parent / "box"
CARD_SLOT = "0x0f"
"""PCI slot of Vagrant's card: after every other card, so that those are eth0, eth1…; ``box/`` looks for it there."""
KEY_OPTION = "epreuve.key"
"""Option of the kernel: the public key that may come in, as base64 without its type (Ed25519)."""

_UNITS = ("vagrant-card", "vagrant-address", "vagrant-ssh")
_LIMIT_S = 600
_SPACE_GIB = 4.0


@dataclass(frozen=True)
class Box:
    """A box file and the image that it is made from."""

    name: str
    file: Path
    image: Image


def find_box(image: str, *, images: Path, boxes: Path, recipes: Path = IMAGES) -> Box | None:
    """The box of a recipe as it is now; None when it (or its image) is not made. Raises ImageError: no such recipe."""
    found = find_image(images, image, load_recipe(image, recipes).key(BUILDER_VERSION))
    if found is None:
        return None
    name = box_name(found)
    file = boxes / f"{name}.box"
    return Box(name, file, found) if file.is_file() else None


def ensure_box(image: Image, boxes: Path, progress: Progress) -> Box:
    """The box of an image, made (about a minute) when it is not there. Raises ImageError."""
    name = box_name(image)
    file = boxes / f"{name}.box"
    if file.is_file():
        return Box(name, file, image)
    boxes.mkdir(parents=True, exist_ok=True)
    require_space(boxes, _SPACE_GIB)
    with locked(boxes, image.name, progress):
        if not file.is_file():
            progress(Text(f"{name} : boîte…", f"{name}: box…"))
            with workplace(boxes, image.name) as work:
                _pack(image, work).replace(file)
    return Box(name, file, image)


def box_name(image: Image) -> str:
    """The name of its box: of the image and of ``box/``, nothing else."""
    digest = hashlib.sha256(image.key.encode())
    for path in _files():
        digest.update(f"\0{path.relative_to(FILES)}\0".encode() + path.read_bytes())
    return f"epreuve-{image.name}-{digest.hexdigest()[:12]}"


def _files() -> list[Path]:
    return sorted(path for path in FILES.rglob("*") if path.is_file())


def _pack(image: Image, work: Path) -> Path:
    raw, disk, box = work / "disk.raw", work / "box.img", work / "made.box"
    _run(["qemu-img", "convert", "-O", "raw", str(image.disk), str(raw)])
    _open_up(raw, work)
    _run(["qemu-img", "convert", "-O", "qcow2", str(raw), str(disk)])
    metadata = {"provider": "libvirt", "format": "qcow2", "virtual_size": -(-raw.stat().st_size // 2**30)}
    raw.unlink()
    (work / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    with tarfile.open(box, "w") as archive:
        for file in (work / "metadata.json", disk):
            archive.add(file, file.name)
    box.chmod(0o644)
    return box


def _open_up(raw: Path, work: Path) -> None:
    """Put the files of ``box/`` on the disk, switch their units on, and see that they are there."""
    commands, known = [], set()
    for source in _files():
        content, path = source.read_bytes(), Path("/", source.relative_to(FILES))
        copy = work / re.sub(r"[^\w.-]", "_", str(path))
        copy.write_bytes(content)
        copy.chmod(0o755 if content.startswith(b"#!") else 0o644)
        for folder in reversed(path.parents[:-1]):
            if folder not in known:  # "already exists" is no fault
                known.add(folder)
                commands.append(f"mkdir {folder}")
        commands.append(f"write {copy} {path}")
    wants = "/etc/systemd/system/multi-user.target.wants"
    commands += [f"symlink {wants}/{unit}.service /etc/systemd/system/{unit}.service" for unit in _UNITS]
    script = work / "commands"
    script.write_text("\n".join(commands) + "\n", encoding="utf-8")
    said = _run(["debugfs", "-w", "-f", str(script), str(raw)])
    for source in _files():  # debugfs ends well whatever happened
        if _run(["debugfs", "-R", f"cat /{source.relative_to(FILES)}", str(raw)]).stdout != source.read_bytes():
            raise _failed("debugfs", said.stderr)


def _run(argv: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    if shutil.which(argv[0]) is None:
        raise ImageError(
            Text(f"Le programme {argv[0]} n'est pas installé.", f"The program {argv[0]} is not installed."),
            do=Text("Installez : apt install qemu-utils e2fsprogs", "Install: apt install qemu-utils e2fsprogs"),
        )
    done = subprocess.run(argv, capture_output=True, timeout=_LIMIT_S, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise _failed(argv[0], done.stderr)
    return done


def _failed(program: str, said: bytes) -> ImageError:
    return ImageError(
        Text(f"La boîte n'a pas pu être faite : {program}.", f"The box could not be made: {program}."),
        where=said.decode("utf-8", "replace").strip()[-300:],
        do=Text("Vérifiez la place sur le disque, puis recommencez.", "Check the disk's free space, then try again."),
    )
