"""A small domain, as the ``directory`` probe finds it."""

from __future__ import annotations

from typing import Any

from checkers.probes.directory import DirectoryValue

BASE = "DC=kerbras,DC=lan"
OU = f"OU=Kerbras,{BASE}"
SID = "S-1-5-21-10-20-30"
GUID = "{AF1BE7A1-6E35-4EF6-A2BB-144819462EDE}"
OTHER = "{19FDEF8A-AFAB-41D2-B976-345CA8708C89}"
NOW = 1_800_000_000


def link(guid: str = GUID, flags: int = 0) -> str:
    return f"[LDAP://cn={guid},cn=policies,cn=system,{BASE};{flags}]"


def user(rid: int, name: str, /, place: str = f"OU=Comptabilite,{OU}", **changes: Any) -> dict[str, Any]:
    base = {
        "dn": f"CN={name},{place}",
        "name": name,
        "given_name": "",
        "surname": "",
        "upn": f"{name}@kerbras.lan",
        "control": 512,
        "password_set": NOW - 100,
        "expires": 0,
        "primary_group": 513,
        "sid": f"{SID}-{rid}",
        "uid_number": None,
    }
    return {**base, **changes}


def group(rid: int, name: str, /, *members: str, **changes: Any) -> dict[str, Any]:
    base = {
        "dn": f"CN={name},OU=Groupes,{OU}",
        "name": name,
        "type": 0x80000002,
        "members": members,
        "sid": f"{SID}-{rid}",
        "gid_number": None,
    }
    return {**base, **changes}


def computer(name: str, /, **changes: Any) -> dict[str, Any]:
    base = {
        "dn": f"CN={name},OU=Postes,{OU}",
        "name": name,
        "dns_name": f"{name.lower()}.kerbras.lan",
        "control": 4096,
        "primary_group": 515,
        "sid": f"{SID}-1200",
    }
    return {**base, **changes}


def unit(name: str, links: str = "") -> dict[str, Any]:
    return {"dn": name, "links": links, "blocks": False}


def nolwenn(place: str = f"OU=Comptabilite,{OU}") -> str:
    return f"CN=nolwenn.riou,{place}"


PASSWORDS = {
    "min_length": 12,
    "history": 10,
    "complexity": True,
    "max_age_s": 90 * 86400,
    "min_age_s": 0,
    "lockout_threshold": 5,
    "lockout_s": 0,
    "lockout_window_s": 1800,
}


def domain(**changes: Any) -> DirectoryValue:
    """The solved domain, with some of its parts replaced."""
    base: dict[str, Any] = {
        "present": True,
        "now": NOW,
        "domain": BASE,
        "sid": SID,
        "passwords": PASSWORDS,
        "units": [
            unit(BASE),
            unit(OU),
            unit(f"OU=Comptabilite,{OU}"),
            unit(f"OU=Postes,{OU}", link()),
            unit(f"OU=Groupes,{OU}"),
        ],
        "users": [
            user(1103, "nolwenn.riou", given_name="Nolwenn", surname="Riou"),
            user(1104, "erwan.caradec"),
            user(1105, "solenn.morvan", f"OU=Atelier,{OU}"),
            user(500, "Administrator", f"CN=Users,{BASE}"),
        ],
        "groups": [
            group(513, "Domain Users"),
            group(512, "Domain Admins", f"CN=Administrator,CN=Users,{BASE}"),
            group(1110, "GG-Compta", nolwenn(), f"CN=erwan.caradec,OU=Comptabilite,{OU}"),
            group(1111, "DL-Compta", f"CN=GG-Compta,OU=Groupes,{OU}", type=0x80000004),
            group(1112, "GG-Atelier", f"CN=solenn.morvan,OU=Atelier,{OU}"),
            group(1113, "GG-Vide"),
        ],
        "computers": [computer("POSTE-COMPTA")],
        "policies": [{"guid": GUID, "title": "GPO-Bandeau", "flags": 0, "version": 1}],
    }
    return DirectoryValue.model_validate({**base, **changes})
