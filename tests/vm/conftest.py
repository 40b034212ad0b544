"""Fixtures of the tests on real machines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.vm.ground import VmGround, vm_ground


@pytest.fixture(scope="session")
def ground() -> Iterator[VmGround]:
    """The hypervisor and the golden of the first lab, shared by the whole run."""
    with vm_ground() as made:
        yield made
