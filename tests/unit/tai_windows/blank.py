"""The bench of tai-windows as the candidate finds it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.unit.checkers.windows.lists import ADMINISTRATORS, FULL, MODIFY, READ, SYSTEM
from tests.unit.tai_windows.bench import (
    APPLIED,
    FOLDER,
    INVOICES,
    LOCAL_USERS,
    PORT,
    RECORDS,
    SERVICE,
    USERS,
    WindowsBench,
    golden,
    invoices,
    reply,
    soa,
)
from tests.unit.tai_windows.mutants import (
    INTRANET,
    OFFER,
    PRINTER,
    RESOLVED,
    REVERSE,
    STRANGER,
    WRITER,
    nobody_offers,
)

REFUSED = {"stage": "share", "status": "NT_STATUS_BAD_NETWORK_NAME", "read": False, "write": False, "delete": False}


def untouched(bench: WindowsBench) -> None:
    """Undo all that a candidate does."""
    _server(bench.answers)
    _client(bench.answers)
    bench.seen[RESOLVED]["answers"][0].update({"status": "NXDOMAIN", "records": []})
    nobody_offers(bench)
    bench.seen[WRITER].update(REFUSED)
    bench.seen[STRANGER].update(REFUSED)
    bench.seen[PORT].update({"addresses": ["192.168.50.77"], "ports": {"80": "open"}})
    factory = {"on_air": True, "ssid": b"NETBOX".hex(), "channel": 6, "security": "open", "key": "", "isolation": False}
    for which in ("running", "saved"):
        bench.seen["ap/access-point"][which].update(factory)
    for lan in ("lan", "saved_lan"):
        bench.seen["ap/access-point"][lan].update({"addresses": ["192.168.1.1/24"], "gateways": []})
    bench.seen['radio:ap/ap-admin {"secret": "admin_ap"}'].update(
        {"page_default": True, "page_expected": False, "console_default": True, "console_expected": False}
    )
    assert OFFER in bench.seen


def _server(answers: dict[str, Any]) -> None:
    for name in (PRINTER, INTRANET):
        replies = [soa("kerbras.lan."), reply(name, "CNAME" if name == INTRANET else "A", status=3)]
        answers[RECORDS[name]]["answers"] = replies + ([reply(name, "A", status=3)] if name == INTRANET else [])
    zone = "50.168.192.in-addr.arpa."
    answers[RECORDS[REVERSE]]["answers"] = [reply(zone, "SOA", status=5), reply(REVERSE, "PTR", status=5)]
    zones = answers["server/dns-zones"]["zones"]
    zones[:] = [one for one in zones if not one["reverse"]]
    answers["server/dns-forwarder"]["forwarders"] = []
    answers["server/dhcp-config"]["scopes"] = []
    directory = answers["server/directory"]
    gone = ("OU=Comptabilite", "CN=Nolwenn", "CN=Erwan", "CN=GG-", "CN=DL-", "CN=POSTE-COMPTA", "CN={AF1B")
    directory["records"] = [one for one in directory["records"] if not one["distinguishedname"][0].startswith(gone)]
    for one in directory["records"]:
        name = one["distinguishedname"][0]
        if name.startswith("OU=Postes"):
            one.pop("gplink")
        if name.startswith("CN=Yann"):
            one["useraccountcontrol"] = ["512"]
        if name.startswith("DC=kerbras"):
            one.update({"minpwdlength": ["7"], "pwdhistorylength": ["24"], "lockoutthreshold": ["0"]})
            one.update({"lockoutduration": ["-18000000000"], "maxpwdage": ["-36288000000000"]})
    answers["server/published-policies"]["files"] = []
    answers["server/shares"]["shares"] = [one for one in answers["server/shares"]["shares"] if one["name"] != "Compta"]
    answers[FOLDER] = deepcopy(golden("folder-rights/server-inherited")) | {"shares": []}


def _client(answers: dict[str, Any]) -> None:
    answers["client/host-name"] = {"running": "POSTE-NEUF", "pending": "POSTE-NEUF", "host_name": "POSTE-NEUF"}
    answers["client/addresses"] = golden("addresses/client-static")
    answers["client/addresses"]["name_servers"][0]["servers"] = ["203.0.113.53"]
    answers["client/domain-membership"] = golden("domain-membership/client-workgroup")
    accounts = answers["client/local-accounts"]
    accounts["users"].pop()
    accounts["groups"][0]["members"].pop()
    answers[SERVICE].update({"status": 4, "start": 2})
    for profile in answers["client/firewall"]["profiles"]:
        profile["inbound"] = 2
    answers["client/printers"]["printers"].pop()
    everybody = ((FULL, SYSTEM), (FULL, ADMINISTRATORS), (READ, LOCAL_USERS), (MODIFY, USERS))
    answers[INVOICES]["lists"] = invoices(*everybody)
    answers["client/schedules"]["tasks"] = []
    answers[APPLIED].update({"policies": [], "settings": [], "text": None})
