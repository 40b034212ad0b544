"""Fixtures of the tests on real machines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm.ground import VmGround, ours, vm_ground


@pytest.fixture(scope="session")
def ground() -> Iterator[VmGround]:
    """The hypervisor and the golden of the first lab, shared by the whole run."""
    with vm_ground() as made:
        yield made


@pytest.fixture
def data(ground: VmGround, tmp_path: Path) -> Iterator[Path]:
    """A data directory of its own that shares images and goldens with the installation."""
    (tmp_path / "images").symlink_to(ground.settings.images_dir)
    (tmp_path / "goldens").symlink_to(ground.settings.goldens_dir)
    yield tmp_path
    for view in ours(ground.hypervisor, tmp_path / "benches"):
        kill = ground.hypervisor.destroy_network if view.stamp.network else ground.hypervisor.destroy
        kill(view.name)
