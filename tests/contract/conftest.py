"""The real half of the hypervisor's contract: libvirt, with the client's image to boot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from tests.contract.test_hypervisor import Ground


@pytest.fixture(scope="module")
def libvirt_ground() -> Iterator[Ground]:
    """A real hypervisor, connected for the time of the module."""
    from orchestrator.hypervisor import connect
    from orchestrator.settings import load_settings
    from vagrant.build import ensure_image

    settings = load_settings()
    image = ensure_image("client", cache=settings.images_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with connect(settings) as hypervisor:
        place = Path(mkdtemp(prefix="contract-", dir=settings.data_dir))  # where QEMU's user may go
        place.chmod(0o711)
        try:
            yield Ground(hypervisor, image.disk, image.kernel, image.initrd, image.cmdline, place)
        finally:
            rmtree(place)
