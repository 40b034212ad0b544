"""The firewall check, on rulesets as nft, iptables, ufw and firewalld make them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checkers.checks.firewall import FirewallPolicy
from checkers.parsers import nft_json
from checkers.probes.firewall import Firewall

from .judging import judged

Rule = list[dict[str, Any]]
ACCEPT, DROP = {"accept": None}, {"drop": None}
REJECT = {"reject": {"type": "icmpx", "expr": "port-unreachable"}}


def match(left: dict[str, Any], right: Any, op: str = "==") -> dict[str, Any]:
    return {"match": {"op": op, "left": left, "right": right}}


def meta(key: str) -> dict[str, Any]:
    return {"meta": {"key": key}}


def payload(protocol: str, field: str) -> dict[str, Any]:
    return {"payload": {"protocol": protocol, "field": field}}


STATE = match({"ct": {"key": "state"}}, ["established", "related"], "in")
LO = match(meta("iifname"), "lo")
SSH = match(payload("tcp", "dport"), 22)
USUAL: list[Rule] = [[STATE, ACCEPT], [LO, ACCEPT], [SSH, ACCEPT], [match(meta("l4proto"), "icmp"), ACCEPT]]


def chain(name: str = "input", *, hook: str | None = "input", policy: str = "drop", prio: int = 0, family: str = "inet",
          table: str = "filter", **more: Any) -> dict[str, Any]:  # fmt: skip
    base = {"type": "filter", "hook": hook, "prio": prio, "policy": policy} if hook else {}
    return {"chain": {"family": family, "table": table, "name": name, "handle": 1, **base, **more}}


def rules(*given: Rule, name: str = "input", family: str = "inet", table: str = "filter") -> list[dict[str, Any]]:
    return [{"rule": {"family": family, "table": table, "chain": name, "handle": 9, "expr": rule}} for rule in given]


def ruleset(*items: dict[str, Any], flags: list[str] | None = None, family: str = "inet") -> str:
    table: dict[str, Any] = {"family": family, "name": "filter", "handle": 1}
    if flags:
        table["flags"] = flags
    return json.dumps({"nftables": [{"metainfo": {"version": "1.1.3"}}, {"table": table}, *items]})


def output(now: str, *, saved: str | None = None, enabled: str = "nftables", others: str = "", iptables: str = "",
           legacy: str = "") -> str:  # fmt: skip
    return "\n".join(
        [
            "@@ rules", now, "@@ code 0", "@@ address", "2: eth0    inet 192.168.50.10/24 scope global eth0",
            "3: eth1    inet 203.0.113.10/24 scope global eth1", "4: wg0    inet 10.50.0.1/24 scope global wg0",
            "@@ link", "/sys/class/net/eth0 1", "/sys/class/net/eth1 1", "/sys/class/net/lo 772",
            "/sys/class/net/wg0 65534", "@@ enabled", enabled, "@@ others", others,
            "@@ iptables", iptables, "@@ legacy", legacy, "@@ saved", now if saved is None else saved, "@@ end",
        ]
    )  # fmt: skip


CHECK = FirewallPolicy(on="server")
USUAL_SET = ruleset(chain(), *rules(*USUAL))
FINAL_REJECT = ruleset(chain(policy="accept"), *rules(*USUAL, [REJECT]))
BY_JUMP = ruleset(
    chain(policy="accept"),
    chain("clean", hook=None),
    *rules([{"jump": {"target": "clean"}}, ACCEPT][:1], [{"counter": {"packets": 1, "bytes": 2}}, DROP]),
    *rules(*USUAL, [{"return": None}], name="clean"),
)
BY_VMAP = ruleset(
    chain(policy="accept"),
    *rules(
        [{"vmap": {"key": {"ct": {"key": "state"}}, "data": {"set": [["established", ACCEPT], ["related", ACCEPT],
                                                                       ["invalid", DROP]]}}}],
        [{"vmap": {"key": payload("tcp", "dport"), "data": {"set": [[22, ACCEPT], [80, ACCEPT]]}}}],
        [match(meta("iifname"), "lo", "!="), {"log": {"prefix": "non "}}, DROP],
    ),
)  # fmt: skip
TWO_TABLES = json.dumps(
    {
        "nftables": [
            {"table": {"family": "inet", "name": "filter"}}, chain(policy="accept"),
            {"table": {"family": "ip", "name": "late"}}, chain(family="ip", table="late", prio=10),
            *rules([STATE, ACCEPT], family="ip", table="late"),
        ]
    }
)  # fmt: skip
IN_PREROUTING = ruleset(chain("pre", hook="prerouting", prio=-150, policy="accept"), *rules(*USUAL, [DROP], name="pre"))
FIREWALLD = ruleset(
    chain("filter_INPUT", policy="accept", prio=10),
    chain("zones", hook=None),
    chain("public", hook=None),
    *rules([match({"ct": {"key": "state"}}, {"set": ["established", "related"]}), ACCEPT],
           [match({"ct": {"key": "status"}}, "dnat", "in"), ACCEPT],
           [LO, ACCEPT], [{"jump": {"target": "zones"}}], [REJECT], name="filter_INPUT"),
    *rules([match(meta("iifname"), {"set": ["eth0", "eth1"]}), {"goto": {"target": "public"}}], name="zones"),
    *rules([SSH, match({"ct": {"key": "state"}}, {"set": ["new", "untracked"]}), ACCEPT],
           [match(meta("l4proto"), {"set": ["icmp", "ipv6-icmp"]}), ACCEPT], name="public"),
)  # fmt: skip


@pytest.mark.parametrize("now", [USUAL_SET, FINAL_REJECT, BY_JUMP, BY_VMAP, TWO_TABLES, IN_PREROUTING, FIREWALLD])
def test_different_but_right(now: str) -> None:
    found = judged(CHECK, output(now))
    assert found.outcome == "PASS", found.reason


def test_an_unknown_condition_that_lets_in_concludes_nothing() -> None:
    marked = ruleset(chain(), *rules(*USUAL, [match(meta("mark"), 7), ACCEPT]))
    assert judged(CHECK, output(marked)).outcome == "INCONCLUSIVE"


ACCEPT_FIRST = ruleset(chain(), *rules([{"counter": {"packets": 0, "bytes": 0}}, ACCEPT], *USUAL))
LAN_WIDE = ruleset(
    chain(), *rules(*USUAL, [match(payload("ip", "saddr"), {"prefix": {"addr": "192.168.50.0", "len": 24}}), ACCEPT])
)
ALL_PORTS = ruleset(chain(), *rules([match(payload("tcp", "dport"), {"range": [1, 65535]}), ACCEPT]))
HIGH_PORTS = ruleset(chain(), *rules([match(payload("tcp", "dport"), {"range": [1024, 65535]}), ACCEPT]))
TCP_ONLY = ruleset(chain(policy="accept"), *rules(*USUAL, [match(meta("l4proto"), "tcp"), DROP]))
NEW_ACCEPTED = ruleset(
    chain(), *rules([match({"ct": {"key": "state"}}, ["new", "established", "related"], "in"), ACCEPT])
)
DROP_UNHOOKED = ruleset(chain(hook=None), *rules(*USUAL, [DROP]))
ONLY_IPV6 = ruleset(chain(family="ip6"), *rules(*USUAL, family="ip6"), family="ip6")
ONE_CARD = ruleset(chain(policy="accept"), *rules(*USUAL, [match(meta("iifname"), "eth1"), DROP]))


@pytest.mark.parametrize(
    "now",
    [
        ruleset(), ruleset(chain(policy="accept"), *rules(*USUAL)), ACCEPT_FIRST, LAN_WIDE, ALL_PORTS, HIGH_PORTS,
        TCP_ONLY, NEW_ACCEPTED, DROP_UNHOOKED, ONLY_IPV6, ONE_CARD, ruleset(chain(), *rules(*USUAL), flags=["dormant"]),
    ],
)  # fmt: skip
def test_looks_right_but_wrong(now: str) -> None:
    found = judged(CHECK, output(now))
    assert found.outcome == "FAIL", found.reason


def test_only_the_card_asked_about_counts() -> None:
    assert judged(FirewallPolicy(on="server", interface="eth1"), output(ONE_CARD)).outcome == "PASS"
    assert judged(FirewallPolicy(on="server", interface="eth0"), output(ONE_CARD)).outcome == "FAIL"
    assert judged(FirewallPolicy(on="server", interface="eth9"), output(ONE_CARD)).outcome == "INCONCLUSIVE"


def test_the_reason_names_a_connection_that_comes_in() -> None:
    found = judged(CHECK, output(LAN_WIDE))
    assert "venant de 192.168.50.251 par eth0 est acceptée" in found.reason


@pytest.mark.parametrize(
    ("more", "outcome", "reason"),
    [
        ({"enabled": ""}, "PART", "nftables.service n'est pas activé"),
        ({"saved": ruleset()}, "PART", "perdues au redémarrage"),
        ({"saved": ""}, "PASS", ""),
        ({"enabled": "", "others": "/etc/systemd/system/fw.service"}, "PASS", ""),
        ({"enabled": "ufw", "saved": ruleset()}, "PASS", "ufw"),
    ],
)
def test_rules_that_come_back_at_boot(more: dict[str, str], outcome: str, reason: str) -> None:
    found = judged(CHECK, output(USUAL_SET, **more))
    assert found.outcome == outcome, found.reason
    assert reason in found.reason


XT = {"xt": {"type": "match", "name": "conntrack"}}
IPTABLES = ruleset(
    chain("INPUT", family="ip"), *rules([XT, ACCEPT], [LO, ACCEPT], name="INPUT", family="ip"), family="ip"
)
SAVE = """\
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:ufw-user - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment "already here" -j ACCEPT
-A INPUT -j LOG --log-prefix "in "
-A INPUT ! -i eth1 -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p tcp -m multiport --dports 80,443,8000:8010 -j ACCEPT
-A INPUT -j ufw-user
-A ufw-user -s 192.168.50.7/32 -j ACCEPT
COMMIT
"""


def test_iptables_is_read_from_its_own_listing() -> None:
    assert judged(CHECK, output(IPTABLES)).outcome == "INCONCLUSIVE"
    assert judged(CHECK, output(IPTABLES, iptables=SAVE)).outcome == "PASS"
    open_ = SAVE.replace("-s 192.168.50.7/32 -j ACCEPT", "-j ACCEPT")
    assert judged(CHECK, output(IPTABLES, iptables=open_)).outcome == "FAIL"
    unknown = SAVE.replace("-s 192.168.50.7/32", "-m owner --uid-owner 0")
    assert judged(CHECK, output(IPTABLES, iptables=unknown)).outcome == "INCONCLUSIVE"


def test_rules_of_the_old_iptables_leave_doubt_only_where_nft_lets_in() -> None:
    assert judged(CHECK, output(USUAL_SET, legacy="filter")).outcome == "PASS"
    assert judged(CHECK, output(ruleset(), legacy="filter")).outcome == "INCONCLUSIVE"


def test_unreadable_rules_conclude_nothing() -> None:
    for now in ("", "{", "[]", '{"nftables": 3}', '{"nftables": [{"rule": {}}]}'):
        assert judged(CHECK, output(now)).outcome == "INCONCLUSIVE"
    assert judged(CHECK, output(USUAL_SET).replace("code 0", "code 1")).outcome == "INCONCLUSIVE"


def test_a_policy_of_letting_through() -> None:
    check = FirewallPolicy(on="server", policy="accept")
    assert judged(check, output(ruleset())).outcome == "PASS"
    assert judged(check, output(USUAL_SET)).outcome == "FAIL"


def test_forwarding_is_judged_between_cards() -> None:
    check = FirewallPolicy(on="server", chain="forward")
    now = ruleset(chain("forward", hook="forward"), *rules([STATE, ACCEPT], name="forward"))
    assert judged(check, output(now)).outcome == "PASS"
    leak = ruleset(chain("forward", hook="forward"), *rules([match(meta("iifname"), "eth0"), ACCEPT], name="forward"))
    assert judged(check, output(leak)).outcome == "FAIL"


def test_hostile_rulesets_have_an_end() -> None:
    many = 150
    loop = [chain(f"c{i}", hook=None) for i in range(many)]
    jumps = [
        item for i in range(many)
        for item in rules(*[[{"jump": {"target": f"c{j}"}}] for j in range(many)][: many // 4], name=f"c{i}")
    ]  # fmt: skip
    now = ruleset(chain(), *rules([{"jump": {"target": "c0"}}]), *loop, *jumps)
    assert judged(CHECK, output(now)).outcome == "INCONCLUSIVE"
    assert judged(CHECK, output("[" * 100_000)).outcome == "INCONCLUSIVE"


def test_the_command_only_reads() -> None:
    command = Firewall().command()
    assert "unshare -n" in command, "saved rules are loaded in a namespace of their own"
    assert command.count("nft -f") == 2  # one inside the namespace, one looked for in files
    assert nft_json.parse(USUAL_SET).base("input")
