"""The ruleset that ``nft -j list ruleset`` prints. Source: libnftables-json(5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from checkers.parsers.nft_eval import ACCEPT, Chain, Ruleset

MAX_OBJECTS = 20_000
_PRIORITIES = {"raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50, "srcnat": 100}


def parse(text: str) -> Ruleset:
    """The chains, rules and sets of the tables that are in force. Raises ValueError when the text is no ruleset."""
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    objects = data.get("nftables") if isinstance(data, dict) else None
    if not isinstance(objects, list) or len(objects) > MAX_OBJECTS:
        raise ValueError("not a ruleset")
    asleep = {
        (table["family"], table["name"]) for table in _each(objects, "table") if "dormant" in (table.get("flags") or ())
    }
    chains: dict[tuple[str, str, str], Chain] = {}
    for item in _each(objects, "chain"):
        family, table, name = str(item["family"]), str(item["table"]), str(item["name"])
        if (family, table) not in asleep:
            device = item.get("dev")
            chains[family, table, name] = Chain(
                family=family,
                table=table,
                name=name,
                hook=item.get("hook"),
                type=str(item.get("type", "filter")),
                device=device if isinstance(device, str) else None,
                priority=_priority(item.get("prio", 0)),
                policy=str(item.get("policy", ACCEPT)),
            )
    for rule in _each(objects, "rule"):
        chain = chains.get((str(rule["family"]), str(rule["table"]), str(rule["chain"])))
        if chain is not None:
            chain.rules.append([statement for statement in rule.get("expr", []) if isinstance(statement, dict)])
    sets = {
        (str(item["family"]), str(item["table"]), str(item["name"])): item.get("elem", [])
        for kind in ("set", "map")
        for item in _each(objects, kind)
    }
    return Ruleset(chains=chains, sets=sets)


def _each(objects: list[Any], kind: str) -> Iterator[dict[str, Any]]:
    for item in objects:
        if isinstance(item, dict) and isinstance(item.get(kind), dict):
            yield item[kind]


def _priority(value: Any) -> int:
    return value if isinstance(value, int) else _PRIORITIES.get(str(value), 0)


def uses_xtables(ruleset: Ruleset, family: str, table: str) -> bool:
    """Whether the table holds rules of iptables that nft cannot express, and so shows without their arguments."""
    return any(
        "xt" in statement
        for chain in ruleset.chains.values()
        if (chain.family, chain.table) == (family, table)
        for rule in chain.rules
        for statement in rule
    )


def numbers(ruleset: Ruleset) -> tuple[set[int], list[tuple[int, int]]]:
    """Every number and every range of numbers that rules and sets mention: ports, mostly."""
    single: set[int] = set()
    ranges: list[tuple[int, int]] = []
    todo: list[Any] = [chain.rules for chain in ruleset.chains.values()] + list(ruleset.sets.values())
    while todo:
        item = todo.pop()
        if isinstance(item, bool) or item is None:
            continue
        if isinstance(item, int):
            single.add(item)
        elif isinstance(item, list | tuple):
            todo += item
        elif isinstance(item, dict):
            span = item.get("range")
            if isinstance(span, list) and len(span) == 2 and all(isinstance(end, int) for end in span):
                ranges.append((span[0], span[1]))
            else:
                todo += item.values()
    return single, ranges
