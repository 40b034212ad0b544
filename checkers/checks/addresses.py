"""Checks about the addresses of a machine."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import ClassVar

from checkers.check import Check, View
from checkers.checks.wording import OneOrMore, absent, compare
from checkers.parsers.clean import listed
from checkers.parsers.network_files import same_interface
from checkers.probe import Question
from checkers.probes.addresses import Addresses, AddressesValue, Configuration, Interface
from checkers.verdict import Finding, Tally
from labs.text import Text


def _missing(name: str) -> Finding:
    return absent(Text(f"interface « {name} »", f"interface “{name}”"))


def _says(configurations: Sequence[Configuration]) -> str:
    """What the files configure, for a sentence."""
    return ", ".join(
        f"{c.method} {listed(list(c.addresses), 3)} ({c.tool})".replace("  ", " ") for c in configurations if c.at_boot
    )


class AddressIsDynamic(Check):
    """An interface has its address by DHCP, now and after a reboot.

    address: the one expected by reservation. router: the default route it must have got. dns: the name servers.
    """

    kind: ClassVar[str] = "address-dynamic"
    about: ClassVar[Text] = Text("l'interface est adressée par DHCP", "the interface is addressed by DHCP")

    on: str
    interface: str
    subnet: IPv4Network
    address: IPv4Address | None = None
    router: IPv4Address | None = None
    dns: OneOrMore[IPv4Address] = ()

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Addresses())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Addresses())
        interface = found.interface(self.interface)
        if interface is None:
            return _missing(self.interface)
        tally = Tally()
        leased = [a for a in interface.addresses if a.dynamic or a.address.split("/")[0] in found.leases]
        fixed = [a.address for a in interface.addresses if a not in leased and self._inside(a.address)]
        good = [a.address for a in leased if self._inside(a.address)]
        seen = [a.address + (" (fixe)" if a.address in fixed else "") for a in interface.addresses]
        wanted = str(self.address) if self.address else str(self.subnet)
        if not good and not fixed:
            view.need_every_link(self.on)  # a pulled cable takes the address away
        compare(
            tally,
            Text(f"adresse de {self.interface} par DHCP", f"{self.interface} address by DHCP"),
            listed(seen, 4),
            wanted,
            bool(good) and not fixed and (self.address is None or any(_is(a, self.address) for a in good)),
            weight=2,
            required=True,
        )
        at_boot = [c for c in interface.configurations if c.at_boot]
        tally.expect(
            any(c.method == "dhcp" for c in at_boot),
            Text("DHCP configuré pour le démarrage", "DHCP configured for boot"),
            Text(
                f"au démarrage, {self.interface} n'est pas en DHCP : {_says(at_boot) or 'rien de configuré'}",
                f"at boot, {self.interface} is not in DHCP: {_says(at_boot) or 'nothing configured'}",
            ),
        )
        _judge_router(tally, found, self.interface, self.router)
        if self.dns:
            wanted = ", ".join(map(str, self.dns))
            compare(
                tally,
                Text("serveurs DNS", "name servers"),
                listed(list(found.resolvers), 4),
                wanted,
                {str(server) for server in self.dns} <= set(found.resolvers),
            )
        return tally.finding()

    def _inside(self, address: str) -> bool:
        try:
            found = IPv4Interface(address)
        except ValueError:
            return False
        return found.ip in self.subnet and found.network.prefixlen == self.subnet.prefixlen


class AddressIsStatic(Check):
    """An interface has a fixed address, now and after a reboot, whichever tool manages it."""

    kind: ClassVar[str] = "address-static"
    about: ClassVar[Text] = Text("l'interface a l'adresse fixe demandée", "the interface has the fixed address asked")

    on: str
    interface: str
    address: IPv4Interface
    gateway: IPv4Address | None = None

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Addresses())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Addresses())
        interface = found.interface(self.interface)
        if interface is None:
            return _missing(self.interface)
        tally = Tally()
        running = [a for a in interface.addresses if same_interface(a.address, self.address)]
        if not interface.addresses:
            view.need_every_link(self.on)  # a pulled cable takes the address away
        seen = [a.address + (" (DHCP)" if a.dynamic else "") for a in interface.addresses]
        compare(
            tally,
            Text(f"adresse de {self.interface}", f"address of {self.interface}"),
            listed(seen, 4),
            str(self.address),
            any(not a.dynamic for a in running),
        )
        tally.expect(
            self._survives(interface),
            Text("configurée pour le démarrage", "configured for boot"),
            Text(
                f"après un redémarrage : {_says(interface.configurations) or 'rien de configuré'}, "
                f"attendu {self.address} fixe",
                f"after a reboot: {_says(interface.configurations) or 'nothing configured'}, "
                f"expected {self.address} fixed",
            ),
        )
        _judge_router(tally, found, self.interface, self.gateway)
        if self.gateway is not None:
            written = [g for c in interface.configurations if c.at_boot for g in c.gateways]
            compare(
                tally,
                Text("passerelle configurée", "configured gateway"),
                listed(written, 4),
                str(self.gateway),
                str(self.gateway) in written,
            )
        return tally.finding()

    def _survives(self, interface: Interface) -> bool:
        return any(
            c.at_boot and any(same_interface(address, self.address) for address in c.addresses)
            for c in interface.configurations
        )


def _judge_router(tally: Tally, found: AddressesValue, interface: str, wanted: IPv4Address | None) -> None:
    if wanted is not None:
        routers = found.routers(interface)
        compare(tally, Text("passerelle", "gateway"), listed(routers, 4), str(wanted), str(wanted) in routers)


def _is(address: str, expected: IPv4Address) -> bool:
    return address.split("/")[0] == str(expected)
