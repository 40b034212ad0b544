"""A box is the image with a way in: made with the real tools on a small disk."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from labs.text import Text
from vagrant import box
from vagrant.box import ensure_box, find_box
from vagrant.build import BUILDER_VERSION
from vagrant.cache import DISK, INITRD, KERNEL, MANIFEST, Image, find_image
from vagrant.errors import ImageError
from vagrant.recipe import load_recipe

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("qemu-img", "debugfs", "mkfs.ext4"))), reason="qemu-utils and e2fsprogs are needed"
)


def told(_text: Text) -> None:
    """Nobody listens."""


@pytest.fixture
def image(tmp_path: Path) -> Image:
    """An image whose disk holds /etc/systemd/system and little else."""
    recipes = tmp_path / "recipes"
    (recipes / "small").mkdir(parents=True)
    (recipes / "small" / "recipe.yml").write_text("summary: small\nkernel: linux-image-amd64\n")
    key = load_recipe("small", recipes).key(BUILDER_VERSION)
    folder = tmp_path / "images" / "small" / key
    folder.mkdir(parents=True)
    about = {"cmdline": "ro", "hostname": "x", "memory_mib": 1, "disk_gib": 1, "built_at": 0, "build_seconds": 0}
    (folder / MANIFEST).write_text(json.dumps({**about, "packages": {}}))
    tree = tmp_path / "tree"
    (tree / "etc/systemd/system/multi-user.target.wants").mkdir(parents=True)
    raw = tmp_path / "raw"
    subprocess.run(["truncate", "-s", "16M", str(raw)], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-d", str(tree), str(raw)], check=True)
    subprocess.run(["qemu-img", "convert", "-O", "qcow2", str(raw), str(folder / DISK)], check=True)
    (folder / KERNEL).touch()
    (folder / INITRD).touch()
    found = find_image(tmp_path / "images", "small", key)
    assert found is not None
    return found


def test_a_box_is_found_once_it_is_made(tmp_path: Path, image: Image) -> None:
    places = {"images": tmp_path / "images", "boxes": tmp_path / "boxes", "recipes": tmp_path / "recipes"}
    assert find_box("small", **places) is None
    made = ensure_box(image, tmp_path / "boxes", told)
    assert find_box("small", **places) == made
    (tmp_path / "recipes/small/recipe.yml").write_text("summary: other\nkernel: linux-image-amd64\n")
    assert find_box("small", **places) is None


def test_a_box_has_the_way_in_and_what_starts_it(tmp_path: Path, image: Image) -> None:
    made = ensure_box(image, tmp_path / "boxes", told)
    with tarfile.open(made.file) as archive:
        archive.extractall(tmp_path / "out", filter="data")
    about = json.loads((tmp_path / "out/metadata.json").read_text())
    assert about == {"provider": "libvirt", "format": "qcow2", "virtual_size": 1}
    raw = tmp_path / "out.raw"
    subprocess.run(["qemu-img", "convert", "-O", "raw", str(tmp_path / "out/box.img"), str(raw)], check=True)

    def debugfs(command: str) -> str:
        done = subprocess.run(["debugfs", "-R", command, str(raw)], capture_output=True, text=True, check=True)
        return done.stdout

    for file in box.FILES.rglob("*"):
        if file.is_file():
            content, path = file.read_text(), f"/{file.relative_to(box.FILES)}"
            assert debugfs(f"cat {path}") == content
            mode = "0755" if content.startswith("#!") else "0644"
            assert f"Mode:  {mode}" in debugfs(f"stat {path}"), path
    wants = debugfs("ls /etc/systemd/system/multi-user.target.wants")
    for unit in ("vagrant-card", "vagrant-address", "vagrant-ssh"):
        assert f"{unit}.service" in wants
    assert subprocess.run(["e2fsck", "-fn", str(raw)], capture_output=True, check=False).returncode == 0


def test_no_key_is_in_a_box() -> None:
    texts = [file.read_text() for file in box.FILES.rglob("*") if file.is_file()]
    assert not any("AAAA" in text or "PRIVATE KEY" in text for text in texts)


def test_a_disk_that_cannot_be_opened_up_makes_no_box(tmp_path: Path, image: Image) -> None:
    image.disk.unlink()
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(image.disk), "1M"], check=True)
    with pytest.raises(ImageError) as caught:
        ensure_box(image, tmp_path / "boxes", told)
    assert "debugfs" in caught.value.what.en
    assert not list((tmp_path / "boxes").glob("*.box"))
