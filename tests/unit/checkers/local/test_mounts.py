"""``mount``: what is mounted in a folder, and on what it rests."""

from __future__ import annotations

import pytest

from checkers.checks.mounts import FolderIsMounted
from checkers.facts import Raw
from checkers.probes.mounts import MountPoint
from tests.unit.checkers.local.judging import judged

PATH = "/srv/confidentiel"
CHECK = FolderIsMounted(
    on="client", path=PATH, encrypted=True, container=f"{PATH}.img", file_system="ext4", options="rw"
)
ROOT = "24 1 254:0 / / rw,noatime shared:1 - ext4 /dev/vda rw,errors=remount-ro"
VOLUME = f"90 24 253:0 / {PATH} rw,relatime shared:70 - ext4 /dev/mapper/confidentiel rw"
LUKS = "CRYPT-LUKS2-1f0e8a6fd0f14c3fae8a1f0c9f1d2e3a-confidentiel"
LAYERS = "/dev/mapper/confidentiel crypt\n/dev/loop0 loop"


def said(*mounts: str, layers: str = LAYERS, mapped: str = LUKS, files: str = f"{PATH}.img", path: str = PATH) -> str:
    """An output of the probe."""
    parts = {"path": path, "mounts": "\n".join((ROOT, *mounts)), "layers": layers, "mapped": mapped, "files": files}
    return "\n".join(f"== {name}\n{text}" for name, text in parts.items()) + "\n== end"


def outcome(text: str) -> tuple[str, str]:
    found = judged(CHECK, {"mount": text})
    return found.outcome, found.reason


def test_an_encrypted_volume_in_a_file() -> None:
    assert outcome(said(VOLUME))[0] == "PASS"


def test_the_folder_may_be_a_link() -> None:
    text = said(VOLUME.replace(PATH, "/home/coffre"), path="/home/coffre")
    assert outcome(text)[0] == "PASS"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (said(), "rien n'est monté"),
        (said(VOLUME.replace(PATH, f"{PATH}/ailleurs")), "rien n'est monté"),
        (said(VOLUME, layers="/dev/loop0 loop", mapped=""), "volume en clair, attendu : volume chiffré LUKS"),
        (said(VOLUME, mapped="CRYPT-PLAIN-confidentiel"), "pas LUKS"),
        (said(VOLUME, mapped="LVM-abc"), "volume en clair"),
        (said(VOLUME, f"99 24 0:40 / {PATH} rw - tmpfs tmpfs rw", mapped=""), "volume en clair"),
    ],
)
def test_what_earns_nothing(text: str, word: str) -> None:
    found, reason = outcome(text)
    assert found == "FAIL"
    assert word in reason


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (said(VOLUME, files="/srv/autre.img"), "contenant : trouvé « /srv/autre.img »"),
        (said(VOLUME.replace("ext4", "vfat")), "système de fichiers : trouvé « vfat »"),
        (said(VOLUME.replace("rw", "ro")), "sans l'option rw"),
    ],
)
def test_what_earns_a_part(text: str, word: str) -> None:
    found, reason = outcome(text)
    assert found == "PART"
    assert word in reason


@pytest.mark.parametrize("text", ["", "== path\n/srv\n== mounts\n\n== end", said(VOLUME).removesuffix("== end")])
def test_what_was_not_seen(text: str) -> None:
    assert outcome(text)[0] == "INCONCLUSIVE"


def test_a_disk_without_layers_holds_itself() -> None:
    disk = f"90 24 8:1 / {PATH} rw,nosuid - xfs /dev/sda1 rw"
    value = MountPoint(path=PATH).parse(
        Raw(stdout=said(disk, layers="/dev/sda1 part\n/dev/sda disk", mapped="", files=""))
    )
    assert (value.container, value.encryption, value.file_system) == ("/dev/sda", "none", "xfs")
    assert value.options == ("rw", "nosuid")


def test_spaces_in_a_folder_are_written_in_octal() -> None:
    text = said(VOLUME.replace(PATH, r"/srv/mes\040dossiers"), path="/srv/mes dossiers")
    assert MountPoint(path="/srv/mes dossiers").parse(Raw(stdout=text)).mounted
