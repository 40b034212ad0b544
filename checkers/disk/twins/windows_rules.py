"""The rules of Windows' firewall as its registry has them, in the form in which a running machine tells them.

Grammar: [MS-GPFAS] 2.2.2.19 (``v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|…|``). No page was found for
what later versions add: a word that is not known here makes a rule one of which nobody knows whether it means a
connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checkers.disk.plan import RegistryKey
from checkers.windows import packets

ACTIVE = ("|Active=TRUE|", "|Dir=In|")
"""What the text of a rule holds that may let something in, or keep it out."""
_ACTIONS = {"Allow": packets.ALLOW, "Block": 4, "ByPass": packets.ALLOW}
_PROFILES = {"Domain": packets.DOMAIN, "Private": packets.PRIVATE, "Public": packets.PUBLIC}
_KINDS = {"Lan": 1, "Wireless": 2, "RemoteAccess": 4}
_SAME = frozenset({"Action", "Active", "Dir", "Name", "Desc", "EmbedCtxt", "Edge", "Defer", "LSM", "ICMP4", "ICMP6"})
"""Words that change nothing for a connection by TCP or UDP, or are read otherwise."""
_PORTS, _REMOTE_PORTS = ("LPort", "LPort2_10", "LPort2_20", "LPort2_24"), ("RPort", "RPort2_10")
_OWN, _OWN_6, _REMOTE, _REMOTE_6 = ("LA4", "LA42"), ("LA6", "LA62"), ("RA4", "RA42"), ("RA6", "RA62")
_SECURITY = ("Security", "Security2", "Security2_9")
_USERS, _REMOTE_USERS, _MACHINES = ("LUAuth", "LUOwn"), ("RUAuth",), ("RMauth",)
_LISTS = (_PORTS, _REMOTE_PORTS, _OWN, _OWN_6, _REMOTE, _REMOTE_6, _SECURITY, _USERS, _REMOTE_USERS, _MACHINES)
_READ = {"Protocol", "Profile", "Svc", "IF", "IFType"}.union(*_LISTS)
_ONLY_6 = ["localsubnet6"]
"""Addresses of a rule that names none of IPv4."""
_MAX = 3000


def rules(keys: Iterable[RegistryKey | None], aliases: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rules in some keys that mean no program, as ``checkers.windows.packets`` takes them. aliases: of connections,
    by their identifier in lower case."""
    texts = [text for one in keys if one is not None for _, text in one.values.values()]
    return list(_meant(texts[:_MAX], aliases))


def _meant(texts: Iterable[str], aliases: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for text in texts:
        if not all(part in text for part in ACTIVE):
            continue
        words: dict[str, list[str]] = {}
        for part in text.split("|")[1:-1]:  # each word ends so: what comes after the last one is nothing, or cut off
            name, _, value = part.partition("=")
            words.setdefault(name, []).append(value)
        if not (words.get("App") or words.get("AppPkgId")):  # rules of one program: Windows has hundreds
            yield _rule(words, aliases, whole=text.endswith("|"))


def _rule(words: dict[str, list[str]], aliases: Mapping[str, str], *, whole: bool) -> dict[str, Any]:
    def all_of(names: tuple[str, ...]) -> list[str]:
        return [value for name in names for value in words.get(name, ())]

    later = [name for name in words if name and name not in _SAME and name not in _READ]
    profiles = sum({_PROFILES.get(name, 0) for name in words.get("Profile", ())})
    secured = [value for value in all_of(_SECURITY) if value != "NotRequired"]
    return {
        "action": _ACTIONS.get("".join(words.get("Action", ())), packets.ALLOW),
        "profile": profiles,
        "status": 0,
        "enforcement": [],
        "keywords": len(later) + (not whole),
        "filters": {
            "twice": False,
            "port": {
                "protocol": "".join(words.get("Protocol", ("any",))),
                "local": all_of(_PORTS),
                "remote": all_of(_REMOTE_PORTS),
                "dynamic": 0,
            },
            "application": {"program": "", "package": ""},
            "service": {"name": "".join(words.get("Svc", ()))},
            "card": {"aliases": [aliases.get(value.lower(), value) for value in words.get("IF", ())]},
            "kind": {"type": sum({_KINDS.get(value, 0) for value in words.get("IFType", ())})},
            "security": {
                "authentication": len(secured),
                "encryption": 0,
                "local_user": "".join(all_of(_USERS)),
                "remote_user": "".join(all_of(_REMOTE_USERS)),
                "remote_machine": "".join(all_of(_MACHINES)),
            },
            "address": {
                "local": all_of(_OWN) or _ONLY_6[: len(all_of(_OWN_6))],
                "remote": all_of(_REMOTE) or _ONLY_6[: len(all_of(_REMOTE_6))],
            },
        },
    }
