"""The bench of tai-windows without Windows: what its machines would answer, made from the documented goldens.

The answers of the Windows machines are those of ``tests/goldens/windows``, changed to what the lab asks for. What
witnesses and the access point say is what they said of the solved bench of tai-complet, on real machines: they do not
care what answers.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

import orchestrator
from checkers.checks import CHECKS
from checkers.dialect import SHELL
from checkers.facts import Fact, Observation, Raw
from checkers.families import DIALECTS
from checkers.judge import LINKS_KEY, judge, plan, questions
from checkers.observe import fact_of
from checkers.probe import Question
from checkers.verdict import Verdict
from checkers.windows.twins.dns import _question
from labs.loader import LoadedLab
from orchestrator.catalog import open_lab
from tests.unit.checkers.windows.lists import ADMINISTRATORS, FULL, MODIFY, READ, SYSTEM, allow, written

GOLDENS = Path(__file__).parents[2] / "goldens" / "windows"
RECORDED = Path(orchestrator.__file__).parent / "recordings" / "tai-complet" / "a.json.gz"
POLICY = "{AF1BE7A1-6E35-4EF6-A2BB-144819462EDE}"
DOMAIN_SID = "S-1-5-21-3623811015-3361044348-30300820"
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)

Answers = dict[str, Any]
"""What a Windows machine answers, by the key of the question."""


def golden(name: str) -> Any:
    return json.loads((GOLDENS / f"{name}.json").read_text("utf-8"))["answer"]


def reply(name: str, type_: str, *records: tuple[str, str, str], status: int = 0) -> dict[str, str]:
    """What the DNS server answers to one question, as the script brings it back."""
    message = dns.message.make_response(dns.message.from_wire(_question(name, type_)))
    message.flags |= dns.flags.AA
    message.set_rcode(dns.rcode.Rcode(status))
    for owner, kind, data in records:
        message.answer.append(dns.rrset.from_text(owner, 3600, "IN", kind, data))
    return {"answer": base64.b64encode(message.to_wire()).decode("ascii"), "silence": ""}


def soa(zone: str) -> dict[str, str]:
    data = "srv-kerbras.kerbras.lan. hostmaster.kerbras.lan. 42 900 600 86400 3600"
    return reply(zone, "SOA", (zone, "SOA", data))


def registry_pol(key: str, value: str, data: str) -> str:
    """A Registry.pol with one text, as base64 (MS-GPREG 2.2.1)."""
    text = (data + "\0").encode("utf-16-le")
    head = f"[{key}\0;{value}\0;".encode("utf-16-le") + (1).to_bytes(4, "little") + ";".encode("utf-16-le")
    entry = head + len(text).to_bytes(4, "little") + ";".encode("utf-16-le") + text + "]".encode("utf-16-le")
    return base64.b64encode(b"PReg" + (1).to_bytes(4, "little") + entry).decode("ascii")


def descriptor(*entries: tuple[int, str], inherited: bool = False) -> str:
    """A security descriptor that allows these masks to these SIDs."""
    return written(*(allow(sid, mask, 0x13 if inherited else 0x03) for mask, sid in entries))


def invoices(*entries: tuple[int, str]) -> list[dict[str, Any]]:
    """The folder of the invoices and a file in it, which inherits."""
    return [{"folder": folder, "rights": descriptor(*entries, inherited=not folder)} for folder in (True, False)]


def record(answers: Answers, name: str) -> dict[str, list[str]]:
    """An object of the directory, by the beginning of its distinguished name."""
    records = answers["server/directory"]["records"]
    found: dict[str, list[str]] = next(one for one in records if one["distinguishedname"][0].startswith(name))
    return found


USERS, LOCAL_USERS = "S-1-5-11", "S-1-5-32-545"
CLEANING = "C:\\Outils\\menage.cmd"
MODIFIERS = f"{DOMAIN_SID}-1111"
BANNER = "Atelier Kerbras - poste reserve au personnel autorise"
KEY = "Software\\Policies\\Kerbras"
FOLDER = 'server/folder-rights {"path": "C:\\\\Partages\\\\Compta"}'
APPLIED = "client/applied-policies " + json.dumps({"path": f"HKLM\\{KEY}\\Bandeau"})
SERVICE = 'client/unit-state {"unit": "W3SVC"}'
INVOICES = 'client/folder-trial {"author": null, "path": "C:\\\\Factures", "user": "stagiaire"}'
TRAINEE = "S-1-5-21-1004336348-1177238915-682003330-1003"
RECORDS = {
    name: f'server/dns-record {{"fqdn": "{name}", "type": "{type_}", "zone": "{zone}"}}'
    for name, type_, zone in (
        ("imprimante.kerbras.lan.", "A", "kerbras.lan."),
        ("intranet.kerbras.lan.", "CNAME", "kerbras.lan."),
        ("10.50.168.192.in-addr.arpa.", "PTR", "50.168.192.in-addr.arpa."),
    )
}


def solved() -> Answers:
    """What the Windows machines answer once everything is done."""
    intranet = ("intranet.kerbras.lan.", "CNAME", "srv-kerbras.kerbras.lan.")
    answers: Answers = {
        RECORDS["imprimante.kerbras.lan."]: {
            "answers": [
                soa("kerbras.lan."),
                reply("imprimante.kerbras.lan.", "A", ("imprimante.kerbras.lan.", "A", "192.168.50.40")),
            ]
        },
        RECORDS[intranet[0]]: {
            "answers": [
                soa("kerbras.lan."),
                reply(intranet[0], "CNAME", intranet),
                reply(intranet[0], "A", intranet, ("srv-kerbras.kerbras.lan.", "A", "192.168.50.10")),
            ]
        },
        RECORDS["10.50.168.192.in-addr.arpa."]: {
            "answers": [
                soa("50.168.192.in-addr.arpa."),
                reply(
                    "10.50.168.192.in-addr.arpa.",
                    "PTR",
                    ("10.50.168.192.in-addr.arpa.", "PTR", "srv-kerbras.kerbras.lan."),
                ),
            ]
        },
        "server/awake": golden("awake/client-running"),
        "client/awake": golden("awake/client-running"),
        "server/dns-forwarder": {"present": True, "status": 4, "forwarders": ["203.0.113.53"], "no_recursion": False},
        "server/dns-zones": golden("dns-zones/server-solved"),
        "server/dhcp-config": golden("dhcp-config/server-solved"),
        "server/directory": golden("directory/server-solved-fr"),
        "server/published-policies": golden("published-policies/server-solved"),
        "server/shares": golden("shares/server-solved"),
        FOLDER: golden("folder-rights/server-solved"),
        "client/host-name": {"running": "POSTE-COMPTA", "pending": "POSTE-COMPTA", "host_name": "poste-compta"},
        "client/addresses": golden("addresses/client-dhcp"),
        "client/domain-membership": golden("domain-membership/client-joined"),
        "client/local-accounts": golden("local-accounts/client-solved"),
        SERVICE: {
            "present": True, "name": "W3SVC", "status": 1, "start": 4, "delayed": 0, "deleting": 0, "exit_code": 0,
            "triggers": [],
            "joined": True,
        },
        "client/firewall": golden("firewall/client-default"),
        "client/printers": golden("printers/client-solved"),
        "client/schedules": golden("schedules/server-monthly"),
        INVOICES: {
            "folder": True,
            "user": {"sid": TRAINEE, "local": True, "groups": []},
            "author": None,
            "lists": invoices((FULL, SYSTEM), (FULL, ADMINISTRATORS), (READ, LOCAL_USERS)),
            "more": False,
            "groups": [{"sid": LOCAL_USERS, "members": ["S-1-5-4", USERS, TRAINEE]}],
        },
        APPLIED: {
            "policies": [
                {"guid": POLICY, "version": 2, "extension": "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}", "user": False}
            ],
            "settings": [
                {
                    "policy": f"CN={POLICY},CN=Policies,CN=System,DC=kerbras,DC=lan",
                    "extension": "Registry",
                    "name": f"HKLM\\{KEY}\\Bandeau",
                    "type": 1,
                    "data": base64.b64encode((BANNER + "\0").encode("utf-16-le")).decode("ascii"),
                }
            ],
            "logged": {"computer": True, "user": True},
            "text": BANNER,
        },
    }  # fmt: skip
    answers["client/firewall"]["connections"][0]["category"] = 2  # the network of its domain
    _directory(answers)
    answers["server/published-policies"]["files"] = [
        {
            "policy": POLICY,
            "path": "GPT.INI",
            "content": base64.b64encode(b"[General]\r\nVersion=2\r\n").decode("ascii"),
        },
        {"policy": POLICY, "path": "Machine\\Registry.pol", "content": registry_pol(KEY, "Bandeau", BANNER)},
    ]
    answers[FOLDER] = {
        "present": True,
        "rights": descriptor((FULL, SYSTEM), (FULL, ADMINISTRATORS), (MODIFY, MODIFIERS)),
        "shares": [{"name": "Compta", "rights": descriptor((FULL, USERS))}],
    }
    answers["client/local-accounts"]["users"].append(
        {
            "name": "depannage", "sid": "S-1-5-21-1004336348-1177238915-682003330-1004",
            "full_name": "Depannage informatique", "enabled": True, "password_required": True, "locked_out": False,
            "expires": "",
        }
    )  # fmt: skip
    answers["client/local-accounts"]["groups"][0]["members"].append(
        {"sid": "S-1-5-21-1004336348-1177238915-682003330-1004", "name": "POSTE-COMPTA\\depannage"}
    )
    tasks = answers["client/schedules"]
    tasks["tasks"] = [one for one in tasks["tasks"] if one["path"] == "\\Premier"]
    cleaning = {"command": CLEANING, "arguments": "", "folder": "", "files": []}
    tasks["tasks"][0].update({"path": "\\Menage", "actions": [cleaning]})
    tasks["paths"] = {CLEANING: "file"}
    answers["client/printers"]["printers"].append(
        {
            "name": "Compta-Laser", "port": "IP_192.168.50.40", "driver": "Generic / Text Only",
            "shared": False, "share": "", "status": 0, "type": 0,
        }
    )  # fmt: skip
    answers["client/printers"]["ports"].append(
        {"name": "IP_192.168.50.40", "host": "192.168.50.40", "port": 9100, "protocol": 1, "queue": ""}
    )
    return answers


def _directory(answers: Answers) -> None:
    records = answers["server/directory"]["records"]
    records[:] = [one for one in records if "Password Settings" not in one["distinguishedname"][0]]
    record(answers, "CN=GG-Compta")["member"] = ["CN=Nolwenn Riou,OU=Comptabilite,OU=Kerbras,DC=kerbras,DC=lan"]
    local = record(answers, "CN=DL-Compta")
    name = "CN=DL-Compta-Modification,OU=Groupes,OU=Kerbras,DC=kerbras,DC=lan"
    local.update(
        {"distinguishedname": [name], "name": ["DL-Compta-Modification"], "samaccountname": ["DL-Compta-Modification"]}
    )
    yann = deepcopy(record(answers, "CN=Nolwenn Riou"))
    yann.update(
        {
            "distinguishedname": ["CN=Yann Le Bihan,OU=Atelier,OU=Kerbras,DC=kerbras,DC=lan"],
            "name": ["Yann Le Bihan"], "samaccountname": ["yann.lebihan"], "useraccountcontrol": ["514"],
            "objectsid": [f"{DOMAIN_SID}-1120"], "userprincipalname": ["yann.lebihan@kerbras.lan"],
        }
    )  # fmt: skip
    records.append(yann)


def witnessed() -> dict[str, Any]:
    """What the witnesses and the access point said, under the keys that their questions have here."""
    observed = Observation.model_validate_json(gzip.decompress(RECORDED.read_bytes()))
    found = {fact.key: fact.value for fact in observed.facts if fact.is_witness or fact.at == "ap"}
    for old, new in (("solenn.morvan", "gwen.tanguy"), ("50:00:77", "70:00:77"), ("[8000]", "[80]")):
        found.update({key.replace(old, new): value for key, value in list(found.items()) if old in key})
    closed = deepcopy(found[PORT])
    found[PORT] = json.loads(json.dumps(closed).replace("8000", "80"))
    return found


PORT = 'wire:lan/ports {"mac": "52:54:00:70:00:77", "ports": [80]}'


class WindowsBench:
    """The lab, what its machines answer and what its witnesses saw: to be changed, then judged."""

    def __init__(self) -> None:
        self.lab: LoadedLab = open_lab("tai-windows")
        self.planned = plan(self.lab.lab.checks(), CHECKS)
        self.answers = solved()
        self.seen = witnessed()

    def judge(self) -> dict[str, Verdict]:
        """The verdicts by check, through the facts that an observation would hold."""
        facts = [self._fact(question) for question in questions(self.planned)]
        links = {
            name: {nic.network: True for nic in machine.nics.values()} for name, machine in self.lab.lab.virtual.items()
        }
        facts.append(_stated(LINKS_KEY, "bench", "links", links))
        observation = Observation(
            session="s", bench="b", candidate="c", lab=self.lab.lab.id, lab_version=self.lab.lab.version,
            lab_hash=self.lab.hash, simulated=True, started_at=NOW, ended_at=NOW, software={}, facts=tuple(facts),
        )  # fmt: skip
        return {verdict.check: verdict for verdict in judge(self.planned, observation)}

    def _fact(self, question: Question) -> Fact:
        key, probe = question.key, question.probe
        if key in self.seen:
            return _stated(key, question.at, probe.name, self.seen[key], probe.args())
        machine = self.lab.lab.machines.get(question.at)
        dialect = DIALECTS[machine.family] if machine is not None else SHELL
        return fact_of(question, Raw(stdout=json.dumps(self.answers[key])), "agent", {}, dialect)


def _stated(key: str, at: str, probe: str, value: Any, args: Mapping[str, Any] | None = None) -> Fact:
    return Fact(
        key=key,
        at=at,
        probe=probe,
        args=dict(args or {}),
        status="seen",
        value=value,
        channel="simulated",
        taken_at=NOW,
    )
