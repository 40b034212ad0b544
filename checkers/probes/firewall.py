"""What a machine's packet filter does with traffic that nobody allowed by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface
from typing import ClassVar, Literal

from checkers.facts import Raw
from checkers.parsers import iptables_save, nft_json, parts
from checkers.parsers.nft_eval import ACCEPT, DROP, Evaluation, Packet, Ruleset
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

FOREIGN = IPv4Address("198.51.100.77")
"""A source on nobody's network (TEST-NET-2)."""
_LOW = (997, 739, 311, 673, 1013)
_HIGH = (47231, 9973, 23981, 35117, 58757, 61333, 12437, 5639, 2671)
UNITS = ("nftables", "ufw", "firewalld", "netfilter-persistent")
MAX_INTERFACES = 12

# Enabled units are links in the folders of what wants them: looking there costs nothing, asking systemctl does. Debian
# enables ufw's at once; whether it loads anything is said in a file of its own.
_COMMAND = f"""{parts.SHELL}
s rules; nft -j list ruleset; s code $?
s address; ip -4 -o addr show scope global
s link; for l in /sys/class/net/*; do read -r t <"$l/type" && echo "$l $t"; done
s enabled; for u in {" ".join(UNITS)}; do
  set -- /etc/systemd/system/*.wants/$u.service
  [ -L "$1" ] && ! [ /etc/systemd/system/$u.service -ef /dev/null ] || continue
  [ $u != ufw ] || grep -qi '^ENABLED=yes' /etc/ufw/ufw.conf || continue
  echo $u
done
s others; cd /etc; grep -ls 'nft -f\\|iptables-restore' systemd/system/*.service rc.local network/interfaces \\
  network/interfaces.d/* network/if-*.d/* networkd-dispatcher/*/* cron.d/* /var/spool/cron/crontabs/*
s iptables; command -v iptables-nft-save >/dev/null && iptables-nft-save
s legacy; [ -e /proc/net/ip_tables_names ] && cat /proc/net/ip_tables_names
s saved; unshare -n sh -c 'nft -f /etc/nftables.conf && exec nft -j list ruleset'
s end"""


class BaseChain(Value):
    """A chain hooked into the path of packets."""

    family: str
    table: str
    name: str
    hook: str
    policy: str


class Trial(Value):
    """What the rules do with a new connection to a port that no rule names."""

    hook: Literal["input", "forward"]
    interface: str
    source: IPv4Address
    proto: Literal["tcp", "udp"]
    port: int
    outcome: Literal["accept", "drop", "unknown"]

    def not_seen(self) -> frozenset[str]:
        return frozenset({"outcome"} if self.outcome == "unknown" else ())


class FirewallValue(Value):
    """chains: the hooked chains. trials: what happens now; both are None where they could not be seen. saved: what
    would happen after a restart, where ``/etc/nftables.conf`` tells. enabled: services that load rules at boot. others:
    other files that seem to.
    """

    chains: tuple[BaseChain, ...] | None
    trials: tuple[Trial, ...] | None
    saved: tuple[Trial, ...] | None = None
    enabled: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def not_seen(self) -> frozenset[str]:
        return frozenset(name for name in ("chains", "trials", "saved") if getattr(self, name) is None)


class Firewall(Probe[FirewallValue]):
    """The packet filter of the kernel, whoever wrote it (nft, iptables-nft, ufw, firewalld), tried with packets."""

    name: ClassVar[str] = "firewall"
    about: ClassVar[Text] = Text("pare-feu de la machine", "the machine's packet filter")
    value: ClassVar[type[Value]] = FirewallValue
    timeout_s: ClassVar[int] = 15

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> FirewallValue:
        found = parts.parts(raw.stdout)
        if "code 0" not in found or "end" not in found:
            raise Unreadable(Text("les règles du pare-feu n'ont pas pu être lues", "the firewall rules were not read"))
        try:
            ruleset = _with_iptables(nft_json.parse(found["rules"]), found["iptables"])
        except (ValueError, KeyError):
            raise Unreadable(
                Text("les règles du pare-feu sont illisibles", "the firewall rules cannot be understood")
            ) from None
        cards = dict(_cards(found))
        trials = tuple(_trials(ruleset, cards))
        if found["legacy"].strip():  # rules of the old iptables come on top of these: what passes here may not pass
            trials = tuple(
                trial if trial.outcome == "drop" else trial.model_copy(update={"outcome": "unknown"})
                for trial in trials
            )
        return FirewallValue(
            chains=tuple(
                BaseChain(family=c.family, table=c.table, name=c.name, hook=c.hook, policy=c.policy)
                for c in list(ruleset.chains.values())[:2000]
                if c.hook is not None and c.type != "nat"
            ),
            trials=trials,
            saved=_saved(found["saved"], cards),
            enabled=tuple(unit for unit in UNITS if unit in found["enabled"].split()),
            others=tuple(found["others"].split()[:20]),
        )


def _with_iptables(ruleset: Ruleset, saved: str) -> Ruleset:
    """The ruleset, with the tables that iptables wrote read from its own listing, which shows every argument."""
    if not saved.strip():
        return ruleset
    theirs = iptables_save.parse(saved)
    tables = {key[1] for key in theirs if nft_json.uses_xtables(ruleset, key[0], key[1])}
    chains = {key: chain for key, chain in ruleset.chains.items() if not (key[0] == "ip" and key[1] in tables)}
    return replace(ruleset, chains={**chains, **{key: chain for key, chain in theirs.items() if key[1] in tables}})


def _cards(found: dict[str, str]) -> Iterator[tuple[str, list[IPv4Interface]]]:
    """The Ethernet cards (not the loopback, not tunnels) with their addresses."""
    addresses: dict[str, list[IPv4Interface]] = {}
    for line in found["address"].splitlines()[:100]:
        words = line.split()
        addresses.setdefault(words[1], []).append(IPv4Interface(words[3]))
    for line in found["link"].splitlines()[:100]:
        path, _, kind = line.rpartition(" ")
        name = path.rpartition("/")[2]
        if kind == "1" and name:
            yield name, addresses.get(name, [])


def unnamed(single: set[int], ranges: list[tuple[int, int]]) -> list[int]:
    """A low and a high port that no rule means: named by none, in as few ranges as can be."""
    ranges = ranges[:500]

    def rank(port: int) -> tuple[bool, int]:
        return port in single, sum(low <= port <= high for low, high in ranges)

    return [min(_LOW, key=rank), min(_HIGH, key=rank)]


def near(own: IPv4Interface) -> IPv4Address:
    """Somebody on the network of a card."""
    return own.network[-5] if own.network.num_addresses > 8 else FOREIGN


def _trials(ruleset: Ruleset, cards: dict[str, list[IPv4Interface]]) -> Iterator[Trial]:
    ports = unnamed(*nft_json.numbers(ruleset))
    names = list(cards)[:MAX_INTERFACES]
    for name in names:
        own = cards[name][0] if cards[name] else IPv4Interface("192.0.2.1/24")
        ways: list[tuple[Literal["input", "forward"], str | None, IPv4Address]] = [("input", None, own.ip)]
        others = [other for other in names if other != name]
        ways += [("forward", other, cards[other][0].network[-6]) for other in others if cards[other]][:2]
        for hook, oif, target in ways:
            for source in dict.fromkeys((near(own), FOREIGN)):
                for proto in ("tcp", "udp"):
                    for port in ports:
                        packet = Packet(iif=name, source=source, target=target, proto=proto, port=port, oif=oif)
                        result = Evaluation(ruleset, packet).outcome(hook)
                        yield Trial(
                            hook=hook,
                            interface=name,
                            source=source,
                            proto="tcp" if proto == "tcp" else "udp",
                            port=port,
                            outcome="drop" if result == {DROP} else "accept" if result == {ACCEPT} else "unknown",
                        )


def _saved(text: str, cards: dict[str, list[IPv4Interface]]) -> tuple[Trial, ...] | None:
    try:
        return tuple(_trials(nft_json.parse(text), cards)) if text.strip() else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
