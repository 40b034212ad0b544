"""Checks about the configuration of a DHCP server: scope, exclusion, options, lease time, reservation."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from ipaddress import IPv4Address, IPv4Network
from typing import ClassVar

from checkers.check import Check, Unseen, View
from checkers.checks._silence import awake, need_awake
from checkers.checks._words import clause, listing, quoted, spans
from checkers.parsers.dhcp_config import DhcpConfig, Part, Scope, domain, mac
from checkers.probe import Question
from checkers.probes.dhcp import Dhcp
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

_PARTS: dict[Part, Text] = {
    "options": Text("options", "options"),
    "lease_seconds": Text("durée des baux", "lease time"),
    "active": Text("partage avec un autre serveur", "shared with another server"),
}


class _OnScope(Check):
    """A check about one subnet of a DHCP server.

    What the server works with decides; what it would read at its next start must say the same. A server that is
    stopped costs its share of the points, or all of them where ``needs_service``.
    """

    needs_service: ClassVar[bool] = False
    rests_on: ClassVar[Part | None] = None
    """What of a scope may be unknown, without which it cannot be judged."""

    on: str
    subnet: IPv4Network

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Dhcp()), awake(self.on)]

    @abstractmethod
    def expect(self, scope: Scope, tally: Tally) -> None:
        """Count what is expected of the scope."""

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Dhcp())
        if found.program == "other":
            raise Unseen(
                clause(
                    "le serveur DHCP en service est {program} : ce contrôle ne sait pas lire sa configuration",
                    "the DHCP server in service is {program}: this check cannot read its configuration",
                    program=quoted(found.listening),
                )
            )
        if found.program == "none":
            return failed(Text("aucun serveur DHCP n'est installé", "no DHCP server is installed"))
        if not found.listening:
            need_awake(view, self.on)
        config = found.running or found.saved
        if config is None:
            # A Windows server that is stopped does not say what it is told: only that it does not serve is known.
            if found.listening or (found.program == "windows" and not self.needs_service):
                raise Unseen(
                    clause(
                        "la configuration du serveur DHCP n'a pas pu être lue ({trouble})",
                        "the DHCP server's configuration could not be read ({trouble})",
                        trouble=found.trouble,
                    )
                )
            return failed(
                clause(
                    "aucun serveur DHCP en service, et sa configuration est invalide ({trouble})",
                    "no DHCP server in service, and its configuration is not valid ({trouble})",
                    trouble=found.trouble,
                )
            )
        tally = self._tally(config)
        tally.expect(
            bool(found.listening) and found.authorised is not False,
            clause("serveur DHCP en service ({p})", "DHCP server in service ({p})", p=found.listening),
            Text(
                "le serveur DHCP n'est pas autorisé dans l'annuaire : il ne sert personne",
                "the DHCP server is not authorised in the directory: it serves nobody",
            )
            if found.authorised is False
            else Text("le serveur DHCP n'est pas en service", "the DHCP server is not in service"),
            required=self.needs_service,
        )
        if found.running is not None and found.saved is not None:
            self._compare(tally, self._tally(found.saved))
        return tally.finding()

    def _tally(self, config: DhcpConfig) -> Tally:
        tally = Tally()
        scope = config.scope(self.subnet)
        if scope is None:
            tally.expect(
                False,
                Text("", ""),
                clause(
                    "aucune étendue pour {subnet} (réseaux configurés : {found})",
                    "no scope for {subnet} (configured subnets: {found})",
                    subnet=self.subnet,
                    found=listing(scope.subnet for scope in config.scopes),
                ),
                required=True,
            )
        else:
            if self.rests_on in scope.unread:
                raise Unseen(
                    clause(
                        "ce que le serveur DHCP fait de l'étendue {subnet} n'a pas pu être lu ({what})",
                        "what the DHCP server does with scope {subnet} could not be read ({what})",
                        subnet=self.subnet,
                        what=_PARTS[self.rests_on],
                    )
                )
            self.expect(scope, tally)
            if self.needs_service and not scope.active:
                tally.expect(
                    False,
                    Text("", ""),
                    Text("l'étendue n'est pas activée", "the scope is not active"),
                    required=True,
                )
        return tally

    def _compare(self, tally: Tally, saved: Tally) -> None:
        """Say so when what runs and what is saved are not both right."""
        runs = not tally.bad
        keeps = saved.finding().score == Fraction(1)
        if runs and not keeps:
            tally.expect(
                False,
                Text("", ""),
                clause(
                    "la configuration en service est juste mais pas celle du fichier (perdue au redémarrage) : {why}",
                    "what runs is right but the file is not (lost at a restart): {why}",
                    why=saved.finding().reason,
                ),
            )
        elif not runs and keeps:
            tally.bad.append(
                Text(
                    "le fichier de configuration est juste, mais le service ne l'a pas relu",
                    "the configuration file is right, but the service has not read it again",
                )
            )


class DhcpScope(_OnScope):
    """The scope hands out addresses from ``first`` to ``last``, the outer bounds of its pools; gaps do not matter."""

    kind: ClassVar[str] = "dhcp-scope"
    about: ClassVar[Text] = Text("le serveur DHCP distribue l'étendue attendue", "the DHCP server serves the scope")
    needs_service: ClassVar[bool] = True
    rests_on: ClassVar[Part | None] = "active"

    first: IPv4Address
    last: IPv4Address

    def expect(self, scope: Scope, tally: Tally) -> None:
        values = {"found": spans(scope.pools), "wanted": spans([(self.first, self.last)])}
        tally.expect(
            bool(scope.pools) and (scope.pools[0][0], scope.pools[-1][1]) == (self.first, self.last),
            clause("étendue {found}", "scope {found}", **values),
            clause("étendue trouvée {found}, attendue {wanted}", "scope found {found}, expected {wanted}", **values),
            required=True,
        )


class DhcpExclusion(_OnScope):
    """No pool touches the excluded addresses, while addresses are handed out on both sides of them."""

    kind: ClassVar[str] = "dhcp-exclusion"
    about: ClassVar[Text] = Text(
        "une plage d'adresses est exclue de l'étendue", "a range of addresses is excluded from the scope"
    )

    first: IPv4Address
    last: IPv4Address

    def expect(self, scope: Scope, tally: Tally) -> None:
        values = {"pools": spans(scope.pools), "range": spans([(self.first, self.last)])}
        touching = [pool for pool in scope.pools if pool[0] <= self.last and self.first <= pool[1]]
        tally.expect(
            not touching,
            clause("{range} exclue (plages distribuées : {pools})", "{range} excluded (pools: {pools})", **values),
            clause(
                "{range} n'est pas exclue : plages distribuées {pools}",
                "{range} is not excluded: pools {pools}",
                **values,
            ),
            required=True,
        )
        around = any(pool[1] < self.first for pool in scope.pools) and any(pool[0] > self.last for pool in scope.pools)
        tally.expect(
            around or bool(touching),
            Text("des adresses sont distribuées de part et d'autre", "addresses are served on both sides"),
            clause(
                "aucune adresse n'est distribuée de part et d'autre de {range} : plages {pools}",
                "no addresses are served on both sides of {range}: pools {pools}",
                **values,
            ),
            required=True,
        )


class DhcpOptions(_OnScope):
    """Clients are told these routers, name servers (order free) and domain, at whatever level it is configured."""

    kind: ClassVar[str] = "dhcp-options"
    about: ClassVar[Text] = Text(
        "le serveur DHCP annonce la passerelle, les DNS et le domaine attendus",
        "the DHCP server announces the expected router, name servers and domain",
    )
    rests_on: ClassVar[Part | None] = "options"

    routers: tuple[IPv4Address, ...] | None = None
    dns: tuple[IPv4Address, ...] | None = None
    domain: str | None = None

    def expect(self, scope: Scope, tally: Tally) -> None:
        for what, wanted, founds in (
            (Text("passerelle", "router"), self.routers, [options.routers for options in scope.options]),
            (Text("serveurs DNS", "name servers"), self.dns, [options.dns for options in scope.options]),
        ):
            if wanted is not None:
                values = {"what": what, "found": listing(dict.fromkeys(sum(founds, ()))), "wanted": listing(wanted)}
                tally.expect(
                    all(sorted(found) == sorted(map(str, wanted)) for found in founds),
                    clause("{what} : {found}", "{what}: {found}", **values),
                    clause("{what} : {found}, attendu {wanted}", "{what}: {found}, expected {wanted}", **values),
                )
        if self.domain is not None:
            names = [options.domain for options in scope.options]
            found = listing(name for name in dict.fromkeys(names) if name)
            tally.expect(
                all(name == domain(self.domain) for name in names),
                clause("domaine : {found}", "domain: {found}", found=found),
                clause(
                    "domaine : {found}, attendu {wanted}",
                    "domain: {found}, expected {wanted}",
                    found=found,
                    wanted=self.domain,
                ),
            )


class DhcpLeaseTime(_OnScope):
    """Leases of the scope last this long."""

    kind: ClassVar[str] = "dhcp-lease-time"
    about: ClassVar[Text] = Text("durée des baux DHCP", "duration of the DHCP leases")
    rests_on: ClassVar[Part | None] = "lease_seconds"

    seconds: int

    def expect(self, scope: Scope, tally: Tally) -> None:
        values = {"found": scope.lease_seconds, "wanted": self.seconds}
        tally.expect(
            scope.lease_seconds == self.seconds,
            clause("durée des baux : {found} s", "lease time: {found} s", **values),
            clause(
                "durée des baux trouvée {found} s, attendue {wanted} s",
                "lease time found {found} s, expected {wanted} s",
                **values,
            ),
            required=True,
        )


class DhcpReservation(_OnScope):
    """An address is kept for a hardware address, by an entry that the server really uses."""

    kind: ClassVar[str] = "dhcp-reservation"
    about: ClassVar[Text] = Text("adresse DHCP réservée à une carte réseau", "DHCP address kept for a network card")

    mac: str
    address: IPv4Address

    def expect(self, scope: Scope, tally: Tally) -> None:
        wanted = mac(self.mac)
        for_mac = [entry for entry in scope.reservations if entry.mac == wanted]
        right = [entry for entry in for_mac if entry.address == str(self.address)]
        others = [entry for entry in scope.reservations if entry.address == str(self.address) and entry.mac != wanted]
        values = {"mac": wanted, "address": self.address}
        if for_mac and not right:
            bad = clause(
                "réservation de {mac} : {found}, attendue {address}",
                "reservation of {mac}: {found}, expected {address}",
                found=listing(entry.address for entry in for_mac),
                **values,
            )
        elif others:
            bad = clause(
                "{address} est réservée à {found}, et non à {mac}",
                "{address} is kept for {found}, not for {mac}",
                found=listing(entry.mac for entry in others),
                **values,
            )
        else:
            bad = clause("aucune réservation pour {mac}", "no reservation for {mac}", **values)
        if right and all(entry.ignored for entry in right):
            bad = clause(
                "la réservation de {address} existe mais le serveur ne s'en sert pas ({why})",
                "the reservation of {address} exists but the server does not use it ({why})",
                why=right[0].ignored,
                **values,
            )
        tally.expect(
            any(entry.ignored is None for entry in right),
            clause("{address} réservée à {mac}", "{address} kept for {mac}", **values),
            bad,
            required=True,
        )
