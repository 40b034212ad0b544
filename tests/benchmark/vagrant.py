"""The same three machines brought up by Vagrant with vagrant-libvirt, where both are installed."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from labs.text import Text
from orchestrator.workshop import ensure_images
from tests.benchmark.ground import Ground
from tests.benchmark.measure import Goal, Measure
from tests.vagrant_command import Vagrant
from vagrant.box import ensure_box

VAGRANT = Measure(
    "vagrant",
    Text("« vagrant up » des trois mêmes (vagrant-libvirt)", "“vagrant up” of the same three (vagrant-libvirt)"),
    "s",
    goal=Goal(25.0),
    ratio_to="clone",
)

_UP_LIMIT_S = 900.0


def measure_vagrant(ground: Ground) -> Measure:
    """Seconds of ``vagrant up`` without set-up, the boxes being imported already: the first time imports them and is
    not counted."""
    ground.release()
    vagrant = Vagrant(ground.work_dir / "vagrant", ground.lab.lab.id, ground.hypervisor, ground.settings, prepare=False)
    if why := vagrant.missing():
        return replace(VAGRANT, note=why)
    vagrant.sweep()
    samples: list[float] = []
    first = 0.0
    try:
        with ground.progress.step(str(Text("boîtes Vagrant", "Vagrant boxes"))) as busy:
            for image in ensure_images(ground.lab, ground.settings).values():
                ensure_box(image, ground.settings.boxes_dir, busy)
        versions = vagrant.versions()
        for number in range(ground.rounds + 1):
            with ground.progress.step(f"vagrant up {number or Text('(importation)', '(import)')}"):
                began = perf_counter()
                vagrant.need("up", timeout_s=_UP_LIMIT_S)
                took = perf_counter() - began
            vagrant.need("destroy", "--force")
            if number:
                samples.append(took)
            else:
                first = took
    finally:
        vagrant.sweep()
    details = tuple({"first_with_import_s": round(first, 1), **versions} for _ in samples)
    return replace(VAGRANT, samples=tuple(samples), details=details)
