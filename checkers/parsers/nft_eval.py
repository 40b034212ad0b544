"""What an nftables ruleset does with one packet, in three-valued logic.

Source: nft(8) and libnftables-json(5). A rule's match is yes, no or unknown (None). Where it is unknown both ways are
followed, so the result is the set of things that can happen: ``{"drop"}`` is certain, ``{"drop", "accept"}`` is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any

Result = frozenset[str]
"""Of ``accept``, ``drop`` and, inside a chain, ``continue``."""

ACCEPT, DROP, CONTINUE = "accept", "drop", "continue"
MAX_DEPTH = 16
NEUTRAL = {"counter", "log", "comment", "meter", "notrack", "flow", "last", "dup", "secmark", "ct helper", "ct timeout"}
_FLAGS = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64, "cwr": 128}


@dataclass(frozen=True)
class Packet:
    """The first packet of a new connection (TCP: a SYN) that reaches the machine, or crosses it when ``oif`` is set."""

    iif: str
    source: IPv4Address
    target: IPv4Address
    proto: str = "tcp"
    port: int = 0
    oif: str | None = None


@dataclass(frozen=True)
class Chain:
    """A chain; ``hook`` is None when it is only jumped to."""

    family: str
    table: str
    name: str
    hook: str | None = None
    type: str = "filter"
    device: str | None = None
    priority: int = 0
    policy: str = ACCEPT
    rules: list[Sequence[Mapping[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True)
class Ruleset:
    """Chains by (family, table, name); the elements of named sets and maps by (family, table, name)."""

    chains: Mapping[tuple[str, str, str], Chain]
    sets: Mapping[tuple[str, str, str], Sequence[Any]]

    def base(self, hook: str, interface: str | None = None) -> list[Chain]:
        """The chains that see IPv4 packets at a hook, in the order they do. Address translation does not filter."""
        found = [
            chain
            for chain in self.chains.values()
            if chain.hook == hook
            and chain.family in ("ip", "inet", "netdev")
            and chain.type != "nat"
            and (chain.device is None or interface is None or chain.device == interface)
        ]
        return sorted(found, key=lambda chain: chain.priority)


class Evaluation:
    """One packet through a ruleset."""

    def __init__(self, ruleset: Ruleset, packet: Packet) -> None:
        self._rules, self._packet = ruleset, packet
        self._done: dict[tuple[str, str, str], Result] = {}

    def outcome(self, hook: str) -> Result:
        """What can happen to the packet up to this hook: ``accept``, ``drop`` or both. A drop in any chain is final."""
        possible = {ACCEPT}
        for stage in ("ingress", "prerouting", hook):
            for chain in self._rules.base(stage, self._packet.iif):
                ends = {chain.policy if end == CONTINUE else end for end in self._chain(chain, 0)}
                if ACCEPT not in ends:
                    return frozenset({DROP})
                possible |= ends
        return frozenset(possible)

    def _chain(self, chain: Chain, depth: int) -> Result:
        key = (chain.family, chain.table, chain.name)
        if key not in self._done:
            if depth > MAX_DEPTH:
                return frozenset({ACCEPT, DROP, CONTINUE})
            self._done[key] = frozenset({ACCEPT, DROP, CONTINUE})  # what a loop would find: nothing certain
            self._done[key] = self._run(chain, depth)
        return self._done[key]

    def _run(self, chain: Chain, depth: int) -> Result:
        ends: set[str] = set()
        for rule in chain.rules:
            result, returns = self._rule(chain, rule, depth)
            ends |= result - {CONTINUE}
            if returns:
                ends.add(CONTINUE)
            if CONTINUE not in result:
                return frozenset(ends)
        return frozenset(ends | {CONTINUE})

    def _rule(self, chain: Chain, rule: Sequence[Mapping[str, Any]], depth: int) -> tuple[Result, bool]:
        """What one rule can do, and whether it may leave the chain (return, or the end of a goto)."""
        certain = True
        for statement in rule:
            key, body = _first(statement)
            verdict = self._verdict(chain, key, body, depth)
            if verdict is not None:
                result, returns = verdict
                return (result if certain else result | {CONTINUE}), returns
            matched = self._matches(chain, key, body)
            if matched is False:
                return frozenset({CONTINUE}), False
            certain = certain and matched is True
        return frozenset({CONTINUE}), False

    def _verdict(self, chain: Chain, key: str, body: Any, depth: int) -> tuple[Result, bool] | None:
        if key == "accept":
            return frozenset({ACCEPT}), False
        if key in ("drop", "reject"):
            return frozenset({DROP}), False
        if key in ("return", "continue"):
            return (frozenset(), True) if key == "return" else (frozenset({CONTINUE}), False)
        if key in ("jump", "goto"):
            target = self._rules.chains.get((chain.family, chain.table, str(body["target"])))
            inner = self._chain(target, depth + 1) if target else frozenset({ACCEPT, DROP, CONTINUE})
            return (inner, False) if key == "jump" else (inner - {CONTINUE}, CONTINUE in inner)
        if key == "vmap":
            return self._vmap(chain, body, depth)
        if key in ("queue", "synproxy", "tproxy", "fwd", "masquerade", "redirect", "dnat", "snat"):
            return frozenset({ACCEPT, DROP}), False
        if key == "xt" and isinstance(body, dict) and body.get("type") == "target":
            known = {"REJECT": DROP, "DROP": DROP, "ACCEPT": ACCEPT, "LOG": CONTINUE, "NFLOG": CONTINUE}
            return frozenset({known[n]} if (n := str(body.get("name"))) in known else {ACCEPT, DROP, CONTINUE}), False
        return None

    def _vmap(self, chain: Chain, body: Any, depth: int) -> tuple[Result, bool]:
        result: set[str] = set()
        returns = False
        data = body["data"]
        pairs = self._elements(chain, data)
        for pair in pairs if pairs is not None else []:
            matched = self._compare(chain, "==", body["key"], pair[0])
            if matched is False:
                continue
            key, inner = _first(pair[1])
            found = self._verdict(chain, key, inner, depth) or (frozenset({ACCEPT, DROP, CONTINUE}), False)
            result |= found[0]
            returns = returns or found[1]
            if matched is True:
                return frozenset(result), returns
        unknown = {ACCEPT, DROP} if pairs is None else set()
        return frozenset(result | unknown | {CONTINUE}), returns

    def _matches(self, chain: Chain, key: str, body: Any) -> bool | None:
        if key == "match":
            return self._compare(chain, str(body.get("op", "==")), body["left"], body["right"])
        if key == "limit":  # a lone packet is within any limit
            return not (isinstance(body, dict) and body.get("inv"))
        if key in NEUTRAL or key in ("mangle", "set", "map"):
            return True
        if key == "xt" and isinstance(body, dict) and body.get("name") == "comment":
            return True
        return None

    def _elements(self, chain: Chain, data: Any) -> Sequence[Any] | None:
        if isinstance(data, str) and data.startswith("@"):
            return self._rules.sets.get((chain.family, chain.table, data[1:]))
        if isinstance(data, dict) and "set" in data:
            found = data["set"]
            return found if isinstance(found, list) else [found]
        return None

    def _compare(self, chain: Chain, op: str, left: Any, right: Any) -> bool | None:
        if _absent(left, self._packet):
            return False  # whatever the operator: a rule on a field that the packet has not does not apply
        if op not in ("==", "!=", "in"):
            return _ordered(op, self._value(left), right)
        if (isinstance(right, str) and right.startswith("@")) or (isinstance(right, dict) and "set" in right):
            elements = self._elements(chain, right)
            if elements is None:
                return None
            found = _any([self._equal(left, element) for element in elements])
        elif isinstance(right, list):
            found = _any([self._equal(left, element) for element in right])
        else:
            found = self._equal(left, right)
        return found if op != "!=" or found is None else not found

    def _equal(self, left: Any, right: Any) -> bool | None:
        if isinstance(right, dict) and "elem" in right:
            right = right["elem"].get("val")
        if isinstance(left, dict) and "concat" in left and isinstance(right, dict) and "concat" in right:
            pairs = [self._equal(a, b) for a, b in zip(left["concat"], right["concat"], strict=False)]
            return False if False in pairs else None if None in pairs else True
        return equal(self._value(left), right)

    def _value(self, left: Any) -> Any:
        """The packet's value of an expression, or None when it is not known."""
        packet = self._packet
        if not isinstance(left, dict):
            return None
        key, body = _first(left)
        if key == "meta":
            return {
                "iifname": packet.iif, "iif": packet.iif, "oifname": packet.oif, "oif": packet.oif,
                "l4proto": packet.proto, "protocol": "ip", "nfproto": "ipv4", "pkttype": "host",
            }.get(str(body.get("key")))  # fmt: skip
        if key == "ct":
            return {
                "state": "new", "direction": "original", "l3proto": "ipv4", "protocol": packet.proto,
                "status": "none",  # neither answered nor translated
            }.get(str(body.get("key")))  # fmt: skip
        if key == "payload" and "field" in body:
            return {
                ("ip", "saddr"): packet.source, ("ip", "daddr"): packet.target, ("ip", "protocol"): packet.proto,
                ("ip", "version"): 4, (packet.proto, "dport"): packet.port, ("th", "dport"): packet.port,
                ("tcp", "flags"): "syn", ("icmp", "type"): "echo-request",
            }.get((str(body.get("protocol")), str(body["field"])))  # fmt: skip
        if key == "fib":
            flags = body.get("flags") or []
            if body.get("result") == "type" and flags in (["daddr"], "daddr"):
                return "local" if packet.oif is None else "unicast"
            return None
        if key == "&" and isinstance(body, list) and self._value(body[0]) == "syn":
            return "syn" if "syn" in _words(body[1]) else 0
        return None


def _first(item: Mapping[str, Any]) -> tuple[str, Any]:
    return next(iter(item.items()), ("", None))


def _absent(left: Any, packet: Packet) -> bool:
    """Whether the packet has no such field: ``tcp dport`` of a datagram, ``ip6 saddr`` of an IPv4 packet."""
    if isinstance(left, dict) and isinstance(left.get("concat"), list):
        return any(_absent(part, packet) for part in left["concat"][:16])
    if not isinstance(left, dict) or not isinstance(left.get("payload"), dict):
        return False
    layer = str(left["payload"].get("protocol"))
    return layer == "ip6" or (
        layer in ("tcp", "udp", "icmp", "icmpv6", "sctp", "dccp", "esp") and layer != packet.proto
    )


def _words(mask: Any) -> list[str]:
    if isinstance(mask, dict) and "|" in mask:
        return [word for part in mask["|"] for word in _words(part)]
    return [str(word) for word in mask] if isinstance(mask, list) else [str(mask)]


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


def _ordered(op: str, value: Any, right: Any) -> bool | None:
    if not isinstance(value, int) or not isinstance(right, int):
        return None
    return {"<": value < right, ">": value > right, "<=": value <= right, ">=": value >= right}.get(op)


def equal(value: Any, right: Any) -> bool | None:
    """Whether a packet's value is, or is in, what a rule says; None when that cannot be told."""
    if value is None:
        return None
    if isinstance(right, dict) and "range" in right:
        low, high = right["range"]
        if isinstance(value, IPv4Address):
            return IPv4Address(low) <= value <= IPv4Address(high)
        return low <= value <= high if isinstance(value, int) and isinstance(low, int) else None
    if isinstance(right, dict) and "prefix" in right:
        network = f"{right['prefix']['addr']}/{right['prefix']['len']}"
        return value in IPv4Network(network, strict=False) if isinstance(value, IPv4Address) else None
    if isinstance(value, IPv4Address):
        try:
            return value == IPv4Address(right)
        except ValueError:
            return None
    if isinstance(value, str) and isinstance(right, str):
        return value.startswith(right[:-1]) if right.endswith("*") else value == right
    return value == right if isinstance(right, type(value)) else None
