"""Which network leads to devices: for what is simulated, one on which no packet is sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from labs.model import Lab
from labs.text import Text
from orchestrator.bench import Bench
from orchestrator.devices.net import DeviceNet, DialledNet, SimulatedNet
from orchestrator.devices.reach import UNPLACED, Devices, Reached, reached
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.hypervisor.port import Hypervisor, Stamp, store_id
from orchestrator.sessions import Session


def net_for(*, simulated: bool) -> DeviceNet:
    """The network on which a session's devices are looked for."""
    return SimulatedNet() if simulated else DialledNet()


def net_of(bench: Bench, hypervisor: Hypervisor, radio: str | None = None) -> DeviceNet:
    """The network on which a bench's devices are asked, and heard with the adapter ``radio``. Simulated ones answer as
    its machines do."""
    if not isinstance(hypervisor, FakeHypervisor):
        return SimulatedNet() if hypervisor.info().simulated else DialledNet(radio=radio)
    fake = hypervisor

    def stamp(machine: str) -> Stamp:
        key, store = bench.golden_key, store_id(bench.store)
        return Stamp(bench.session, bench.name, bench.lab, "bench", key, store, machine=machine)

    return SimulatedNet(answer=lambda machine: fake.device(stamp(machine)))


@contextmanager
def bench_devices(
    lab: Lab,
    devices: Devices,
    session: Session,
    bench: Bench,
    hypervisor: Hypervisor,
    radio: str | None,
    *,
    unplaced: Text = UNPLACED,
) -> Iterator[Reached]:
    """The devices of a bench, connected until the end of the ``with`` block. radio: the adapter that hears them.
    unplaced: see ``reached``."""
    with reached(lab, devices, session, net_of(bench, hypervisor, radio), unplaced=unplaced) as found:
        yield found
