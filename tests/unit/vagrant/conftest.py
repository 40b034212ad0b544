"""A trainer's computer without Vagrant and libvirt: a small lab, boxes that are only names, machines that are files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.settings import Settings
from orchestrator.vagrant import plan as planning
from orchestrator.vagrant.place import VagrantPlace
from vagrant.box import box_name
from vagrant.build import BUILDER_VERSION
from vagrant.cache import DISK, INITRD, KERNEL, MANIFEST, find_image
from vagrant.recipe import load_recipe

LAB = """\
id: petit
version: 1.0.0
title: Petit sujet
referential: rncp37681
duration_minutes: 60
subject: sujet.md
points: 1
networks:
  lan: { title: Bureau, subnet: 192.168.1.0/24, witness: 192.168.1.250/24 }
machines:
  server:
    title: Serveur
    image: server
    memory_mib: 512
    prepare: setup/server.yml
    nics: { eth0: { network: lan, mac: "52:54:00:00:00:01", address: 192.168.1.10/24 } }
  ap:
    title: Borne
    image: ap
    memory_mib: 384
    nics: { eth0: { network: lan, mac: "52:54:00:00:00:02" } }
secrets:
  admin: { kind: password }
tasks:
  - id: depot
    title: Déposer un fichier
    competency: BC03.C1
    points: 1
    checks:
      - id: fichier
        title: Le fichier est là
        check: file-content
        points: 1
        with: { on: server, path: FILE, matches: "^vu$" }
"""
FILES = {"sujet.md": "# Sujet\n\n## Déposer\n\n{{ secrets.admin }}\n", "setup/server.yml": "- hosts: server\n"}


@pytest.fixture
def seen_file(tmp_path: Path) -> Path:
    """The file that the lab's one check reads."""
    return tmp_path / "vu.txt"


@pytest.fixture
def lab(tmp_path: Path, seen_file: Path) -> Path:
    """The lab's folder."""
    folder = tmp_path / "petit"
    for name, content in {**FILES, "lab.yml": LAB.replace("FILE", str(seen_file))}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Images are there, and nothing decides whether KVM works but the fake."""

    @contextmanager
    def connected(_settings: Settings) -> Iterator[FakeHypervisor]:
        yield FakeHypervisor()

    monkeypatch.setattr(planning, "connect", connected)
    data = tmp_path / "data"
    for name in ("server", "ap"):
        folder = data / "images" / name / load_recipe(name).key(BUILDER_VERSION)
        folder.mkdir(parents=True)
        about = {"cmdline": "ro", "hostname": name, "memory_mib": 1, "disk_gib": 1, "built_at": 0, "build_seconds": 0}
        (folder / MANIFEST).write_text(json.dumps({**about, "packages": {}}), encoding="utf-8")
        for part in (DISK, KERNEL, INITRD):
            (folder / part).touch()
    return Settings(data_dir=data, libvirt_uri="qemu:///system")


@pytest.fixture
def boxes(settings: Settings) -> None:
    """Their boxes are made."""
    settings.boxes_dir.mkdir()
    for name in ("server", "ap"):
        image = find_image(settings.images_dir, name, load_recipe(name).key(BUILDER_VERSION))
        assert image is not None
        (settings.boxes_dir / f"{box_name(image)}.box").touch()


@pytest.fixture
def place(tmp_path: Path) -> VagrantPlace:
    return VagrantPlace(tmp_path / ".vagrant")


def create(place: VagrantPlace, *machines: str) -> None:
    """As Vagrant does once a machine's domain exists."""
    for name in machines:
        place.of_machine(name).mkdir(parents=True)
        (place.of_machine(name) / "id").write_text(f"uuid-of-{name}")


def destroy(place: VagrantPlace, *machines: str) -> None:
    """As Vagrant does: it empties the machine's folder."""
    for name in machines:
        for file in place.of_machine(name).iterdir():
            file.unlink()
