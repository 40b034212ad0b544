"""The firewall of Windows as it is configured, by the registry on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface
from typing import Any, ClassVar

from checkers.disk.plan import Found, Key, RegistryKey, Wanted
from checkers.disk.twin import DiskTwin, key, unreadable
from checkers.disk.twins.windows_addresses import SETTINGS, configured
from checkers.disk.twins.windows_cards import KEYS, Connection, connections
from checkers.disk.twins.windows_rules import ACTIVE, rules
from checkers.disk.twins.windows_services import service_key
from checkers.probe import Probe
from checkers.probes.firewall import FOREIGN, MAX_INTERFACES, BaseChain, Firewall, FirewallValue, Trial, near, unnamed
from checkers.windows import packets

_AUTOMATIC = 2
_ALLOW = 0
"""A default action of a profile in the registry, [MS-GPFAS] 2.2.2.8."""
_PROFILES = {
    "domain": ("DomainProfile", "DomainProfile", packets.DOMAIN),
    "private": ("StandardProfile", "PrivateProfile", packets.PRIVATE),
    "public": ("PublicProfile", "PublicProfile", packets.PUBLIC),
}
"""The key of the machine's own settings, that of a policy ([MS-GPFAS] 2.2.2), and the profile's bit."""
_LOCAL = "\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
_POLICY = "\\Policies\\Microsoft\\WindowsFirewall"
_OLD_POLICY = f"{_POLICY}\\StandardProfile"
"""A policy of Windows XP for all networks but the domain's; what later ones make of it is not documented."""
_SERVICE = service_key("MpsSvc")
_OWN = IPv4Interface("192.0.2.1/24")


class FirewallTwin(DiskTwin[FirewallValue]):
    """The profiles, a policy before the machine's own settings, and what the rules would do after a restart. Which
    profile a card is in is known to a running machine alone: where it makes a difference, nobody knows."""

    probe: ClassVar[type[Probe[Any]]] = Firewall

    def wanted(self, probe: Firewall) -> Wanted:
        local = [Key(hive="SYSTEM", path=f"{_LOCAL}\\{name}") for name, _, _ in _PROFILES.values()]
        policies = [Key(hive="SOFTWARE", path=f"{_POLICY}\\{name}") for _, name, _ in _PROFILES.values()]
        policies.append(Key(hive="SOFTWARE", path=_OLD_POLICY))
        written = (_rules_key("SYSTEM", _LOCAL), _rules_key("SOFTWARE", _POLICY))
        return Wanted(keys=(*local, *policies, *written, _SERVICE, SETTINGS, *KEYS), cards=True)

    def read(self, probe: Firewall, found: Found) -> FirewallValue:
        service = key(found, "SYSTEM", _SERVICE.path)
        starts = service is not None and service.number("Start") == _AUTOMATIC
        old = key(found, "SOFTWARE", _OLD_POLICY)
        if old is not None and old.values:
            raise unreadable(_OLD_POLICY)
        profiles = {title: _Profile(found, name, policy) for title, (name, policy, _) in _PROFILES.items()}
        return FirewallValue(
            chains=tuple(
                BaseChain(family="windows", table="profile", name=title, hook=hook, policy=policy)
                for hook in ("input", "output")
                for title, profile in profiles.items()
                if profile.enabled
                for policy in [profile.policy(hook)]
            ),
            trials=None,
            saved=tuple(_trials(found, profiles, starts=starts)),
            enabled=("MpsSvc",) if starts else (),
        )


class _Profile:
    """The settings of a profile. merges: whether the machine's own rules count beside those of policies."""

    def __init__(self, found: Found, name: str, of_policies: str) -> None:
        policy, local = key(found, "SOFTWARE", f"{_POLICY}\\{of_policies}"), key(found, "SYSTEM", f"{_LOCAL}\\{name}")
        if local is None:
            raise unreadable(f"{_LOCAL}\\{name}")
        places = [policy, local]
        self.enabled = _first(places, "EnableFirewall") == 1
        # Not configured is to block what comes in, and to let out.
        self._lets_in = _first(places, "DefaultInboundAction") == _ALLOW
        self._lets_out = _first(places, "DefaultOutboundAction") in (None, _ALLOW)
        self._deaf = _first(places, "DoNotAllowExceptions") == 1
        self.merges = policy is None or policy.number("AllowLocalPolicyMerge") != 0
        listed = (one.text("DisabledInterfaces").lower() for one in places if one is not None)
        self.off_on = next((text for text in listed if text), "")

    def policy(self, hook: str) -> str:
        """What becomes of what no rule means."""
        return "accept" if (self._lets_in if hook == "input" else self._lets_out) else "drop"

    def as_told(self, connection: Connection) -> dict[str, Any]:
        """As a running machine tells it, for one connection."""
        off = [connection.alias] if connection.guid.lower() in self.off_on else []
        return {
            "enabled": int(self.enabled),
            "inbound": packets.ALLOW if self._lets_in else 0,
            "allow_rules": 0 if self._deaf else 2,
            "local_rules": 2,
            "off_on": off,
        }


def _trials(found: Found, profiles: dict[str, _Profile], *, starts: bool) -> Iterator[Trial]:
    cards = connections(found)
    aliases = {one.guid.lower(): one.alias for one in cards}
    own, theirs = key(found, "SYSTEM", f"{_LOCAL}\\FirewallRules"), key(found, "SOFTWARE", f"{_POLICY}\\FirewallRules")
    of_policies, all_rules = rules([theirs], aliases), rules([own, theirs], aliases)
    ports = unnamed(*packets.named(all_rules))
    of_policies, all_rules = packets.read(of_policies), packets.read(all_rules)
    for card in [one for one in cards if one.enabled][:MAX_INTERFACES]:
        address = _address(found, card)
        for source in dict.fromkeys((near(address), FOREIGN)):
            for proto in ("tcp", "udp"):
                for port in ports:
                    ends = set()
                    for title, (_, _, bit) in _PROFILES.items():
                        arrival = packets.Arrival(
                            card=card.alias, wireless=False, profile=bit, own=address, source=source, proto=proto,
                            port=port,
                        )  # fmt: skip
                        mine = all_rules if profiles[title].merges else of_policies
                        ends.add(packets.outcome(mine, arrival, profiles[title].as_told(card)) if starts else "accept")
                    yield Trial(
                        hook="input",
                        interface=card.name,
                        source=source,
                        proto="tcp" if proto == "tcp" else "udp",
                        port=port,
                        outcome=ends.pop() if len(ends) == 1 else "unknown",
                    )


def _address(found: Found, card: Connection) -> IPv4Interface:
    """The static address of a connection; of one that is given another at each start, any."""
    settings = key(found, "SYSTEM", SETTINGS.path)
    written = configured(settings.key(card.guid) if settings else None, at_boot=True)
    try:
        return IPv4Interface(written[0].addresses[0])
    except (IndexError, ValueError):
        return _OWN


def _rules_key(hive: Any, place: str) -> Key:
    return Key(hive=hive, path=f"{place}\\FirewallRules", holding=ACTIVE)


def _first(places: list[RegistryKey | None], name: str) -> int | None:
    found = [place.number(name) for place in places if place is not None]
    return next((number for number in found if number is not None), None)
