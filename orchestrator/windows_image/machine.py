"""The machine that installs, as the builder uses it: a port, and its adapter for libvirt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import libvirt

from checkers.channel import Agent
from labs.text import Text
from orchestrator import daemon
from orchestrator.hypervisor.agent import GuestAgent
from orchestrator.hypervisor.connection import Connection
from orchestrator.settings import LOCAL, Settings
from orchestrator.windows_image.domain import INSTALL_DISC

_ENTER = 28
"""Linux' code of the key."""


class InstallMachine(Protocol):
    """One machine, by name; all of it is gone after ``remove``."""

    def start(self, xml: str) -> None:
        """Define the machine, in place of one that an earlier builder left, and start it."""

    def press_enter(self) -> None:
        """The disc waits some seconds for a key before it starts."""

    def disc_bytes(self) -> int:
        """Bytes read from the installation disc so far."""

    def is_on(self) -> bool:
        """Whether it runs."""

    def agent(self) -> Agent:
        """Its guest agent."""

    def pause(self, seconds: float) -> None:
        """Wait for anything to change, at most so long."""

    def remove(self) -> None:
        """Cut its power and forget it; its disk stays."""


class LibvirtInstallMachine:
    """The machine on a host's libvirt."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    def start(self, xml: str) -> None:
        """As the port says."""
        self.remove()
        what = Text("La machine d'installation ne démarre pas", "The installing machine does not start")
        with self._connection.explaining(what, self._name):
            domain = self._connection.get().defineXML(xml)
            try:
                domain.create()
            except libvirt.libvirtError:
                domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
                raise

    def press_enter(self) -> None:
        """As the port says."""
        with suppress(libvirt.libvirtError):
            self._domain().sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 50, [_ENTER], 1, 0)

    def disc_bytes(self) -> int:
        """As the port says."""
        with self._explaining():
            return int(self._domain().blockStats(INSTALL_DISC)[1])

    def is_on(self) -> bool:
        """As the port says."""
        with self._explaining():
            return bool(self._domain().isActive())

    def agent(self) -> GuestAgent:
        """As the port says."""
        return GuestAgent(self._connection, self._name)

    def pause(self, seconds: float) -> None:
        """As the port says."""
        self._connection.pause(seconds)

    def remove(self) -> None:
        """As the port says."""
        with suppress(libvirt.libvirtError):
            domain = self._domain()
            with suppress(libvirt.libvirtError):
                domain.destroy()
            domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)

    def _domain(self) -> Any:
        return self._connection.get().lookupByName(self._name)

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        what = Text("La machine d'installation n'est plus visible", "The installing machine cannot be seen any more")
        with self._connection.explaining(what, self._name):
            yield


@contextmanager
def libvirt_machine(settings: Settings, name: str) -> Iterator[LibvirtInstallMachine]:
    """A machine on the first host of the settings. Raises DaemonError."""
    uri = next(iter(settings.host_uris.values()))

    @contextmanager
    def on(uri: str) -> Iterator[LibvirtInstallMachine]:
        connection = Connection(uri)
        try:
            yield LibvirtInstallMachine(connection, name)
        finally:
            connection.close()

    if uri == LOCAL:
        with daemon.local_uri(settings.data_dir) as local, on(local) as machine:
            yield machine
    else:
        with on(uri) as machine:
            yield machine
