"""The rules of the Windows firewall that mean a port, with all that they ask. What they do together is ``firewall``."""

from __future__ import annotations

from typing import ClassVar, Literal

from checkers.probe import Foreign, Value
from checkers.probes.ports import Port
from labs.text import Text

ProfileName = Literal["domain", "private", "public"]


class FirewallProfile(Value):
    """One profile as it is in force. blocks, lets_out: what happens by default to what comes in and to what leaves.
    own_rules: those of the machine count, not only those of policies."""

    name: ProfileName
    enabled: bool
    blocks: bool
    lets_out: bool
    own_rules: bool


class FirewallRule(Value):
    """One enabled rule for what comes in.

    remote, local: networks as ``192.168.50.0/24``, else in Windows' words (``LocalSubnet``). program, service, cards:
    what it is for; all of these empty for any. secured: only by IPsec; users: only certain ones. by_policy: a policy
    has set it. in_force: neither broken nor set aside by a policy.
    """

    name: str
    allow: bool
    profiles: tuple[ProfileName, ...]
    ports: tuple[str, ...]
    remote: tuple[str, ...]
    local: tuple[str, ...]
    program: str
    service: str
    cards: tuple[str, ...]
    secured: bool
    users: bool
    by_policy: bool
    in_force: bool


class FirewallRulesValue(Value):
    """profiles: none while the service is stopped, which filters nothing. rules: by name."""

    running: bool
    profiles: tuple[FirewallProfile, ...]
    rules: tuple[FirewallRule, ...]


class FirewallRules(Foreign[FirewallRulesValue]):
    """The enabled inbound rules that a connection to a port may meet; not those for one program on any port."""

    name: ClassVar[str] = "firewall-rules"
    about: ClassVar[Text] = Text(
        "règles du pare-feu de Windows pour un port", "rules of the Windows firewall for a port"
    )
    value: ClassVar[type[Value]] = FirewallRulesValue
    timeout_s: ClassVar[int] = 60

    port: Port
    protocol: Literal["tcp", "udp"] = "tcp"
