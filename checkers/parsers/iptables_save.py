"""Rules as ``iptables-save`` prints them, turned into the form of nft's JSON so that one evaluation serves both.

Source: iptables(8), iptables-extensions(8). A match that is not known becomes a statement that nobody knows.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from checkers.parsers.nft_eval import Chain

MAX_RULES = 5000
_HOOKS = {"INPUT": "input", "FORWARD": "forward", "OUTPUT": "output", "PREROUTING": "prerouting"}
_PRIORITIES = {"raw": -300, "mangle": -150, "filter": 0, "security": 50}
_UNKNOWN: dict[str, Any] = {"unknown": None}
_VERDICTS = {"ACCEPT": "accept", "DROP": "drop", "REJECT": "reject", "RETURN": "return", "QUEUE": "queue"}
_MODULES = {"comment", "tcp", "udp", "multiport", "conntrack", "state", "icmp"}
_PASSING = {"LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "CT", "TRACE", "AUDIT", "CHECKSUM", "TCPMSS"}
_FLAGS_WITHOUT_VALUE = {"!", "--syn", "-4", "--physdev-is-bridged"}


def parse(text: str, family: str = "ip") -> dict[tuple[str, str, str], Chain]:
    """The chains of every table in the text. Raises ValueError on a line that is no rule."""
    chains: dict[tuple[str, str, str], Chain] = {}
    table = ""
    count = 0
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:].strip()
        elif line.startswith(":"):
            name, policy = line[1:].split()[:2]
            hook = _HOOKS.get(name) if policy != "-" and table in _PRIORITIES else None
            chains[family, table, name] = Chain(
                family, table, name, hook, priority=_PRIORITIES.get(table, 0), policy=policy.lower()
            )
        elif line.startswith("-A "):
            count += 1
            if count > MAX_RULES:
                raise ValueError("too many rules")
            words = shlex.split(line)
            chains[family, table, words[1]].rules.append(list(_statements(words[2:])))
    return chains


def _statements(words: list[str]) -> Iterator[dict[str, Any]]:
    negated = False
    proto = ""
    at = 0
    while at < len(words):
        word = words[at]
        if word == "!":
            negated, at = True, at + 1
            continue
        value = words[at + 1] if at + 1 < len(words) and word not in _FLAGS_WITHOUT_VALUE else ""
        if word in ("-j", "-g"):
            yield _target(word, value)
            return
        if word == "-p":
            proto = value
        statement = _match(word, value, proto, "!=" if negated else "==")
        if statement is not None:
            yield statement
        negated = False
        at += 1 if word in _FLAGS_WITHOUT_VALUE else 2


def _target(word: str, value: str) -> dict[str, Any]:
    if word == "-g":
        return {"goto": {"target": value}}
    if value in _VERDICTS:
        return {_VERDICTS[value]: None}
    return {"counter": None} if value in _PASSING else {"jump": {"target": value}}


def _match(word: str, value: str, proto: str, op: str) -> dict[str, Any] | None:
    def match(left: dict[str, Any], right: Any) -> dict[str, Any]:
        return {"match": {"op": op, "left": left, "right": right}}

    if word in ("-m", "--match"):
        return None if value in _MODULES else _UNKNOWN
    if word in ("-i", "-o"):
        return match({"meta": {"key": "iifname" if word == "-i" else "oifname"}}, value.replace("+", "*"))
    if word in ("-s", "-d"):
        address, _, length = value.partition("/")
        right = {"prefix": {"addr": address, "len": int(length)}} if length else address
        return match({"payload": {"protocol": "ip", "field": "saddr" if word == "-s" else "daddr"}}, right)
    if word == "-p":
        return match({"meta": {"key": "l4proto"}}, value)
    if word in ("--dport", "--dports"):
        return match({"payload": {"protocol": proto, "field": "dport"}}, {"set": [_port(p) for p in value.split(",")]})
    if word in ("--ctstate", "--state"):
        return match({"ct": {"key": "state"}}, [state.lower() for state in value.split(",")])
    return {"counter": None} if word == "--comment" else _UNKNOWN


def _port(text: str) -> Any:
    low, colon, high = text.partition(":")
    return {"range": [int(low or 0), int(high or 65535)]} if colon else int(text)
