"""The real half of the hypervisor's contract: libvirt, with an image that the first lab's golden needs, too."""

from __future__ import annotations

from collections.abc import Iterator
from shutil import rmtree

import pytest

from tests.contract.test_hypervisor import Ground


@pytest.fixture(scope="module")
def libvirt_ground() -> Iterator[Ground]:
    """A real hypervisor, connected for the time of the module."""
    from orchestrator.hypervisor import connect
    from orchestrator.settings import load_settings
    from vagrant.build import ensure_image

    settings = load_settings()
    image = ensure_image("ap", cache=settings.images_dir)
    with connect(settings) as hypervisor:
        place = settings.data_dir / "test-contract"  # where QEMU's user may go
        rmtree(place, ignore_errors=True)  # of a run that was killed
        place.mkdir(parents=True)
        place.chmod(0o711)
        try:
            yield Ground(hypervisor, image.disk, image.kernel, image.initrd, image.cmdline, place)
        finally:
            rmtree(place)
