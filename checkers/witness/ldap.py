"""Read a directory as any member of it may, over the network: what it tells others, whatever its machine says of it.

    ldap.py SERVER DOMAIN USER SECRET FILTER ATTRIBUTE…

SECRET names the environment variable that holds the password, which never goes over the wire in the clear: LDAP over
TLS (port 636, RFC 4513; certificates are not checked, a controller signs its own), and where nobody speaks TLS there, a
signed session by DIGEST-MD5 (RFC 2831), for which the server needs no certificate. The connection is read-only.

Prints ``# {"stage", "status", "time"}`` (how far it went, the server's word, its clock), then LDIF (RFC 2849), then
``# returned N records`` when all were read. Exits 0 when it could ask, whatever came back.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import ssl
import sys
from typing import Any

import ldap3
from ldap3.core.exceptions import LDAPException, LDAPSocketOpenError
from ldap3.protocol.formatters.formatters import format_sid

MEMORY = 768 * 2**20
"""Bytes this program may take: a server that announces an endless answer ends it, not the host."""
ANSWER_S = 15
PAGE, MOST = 500, 3000
VALUE_LIMIT, VALUES = 8192, 3000
WHOLE_LIMIT = 230 * 1024
"""Characters of all that is told: more is not kept of an answer."""
SID = "objectsid"
SIGNED = "sign"


def trouble(error: Exception) -> str:
    """What an attempt to connect met: ``refused``, ``silent``, or ``tls`` (who answers there speaks no TLS)."""
    said = str(error).lower()
    if "refused" in said:
        return "refused"
    return "tls" if "ssl" in said or "tls" in said or "reset" in said or "eof" in said else "silent"


def connections(server: str, domain: str, user: str, password: str) -> list[ldap3.Connection]:
    """The ways to log on, best first; none is open yet."""
    common = {"connect_timeout": ANSWER_S, "get_info": ldap3.DSA}
    tls = ldap3.Tls(validate=ssl.CERT_NONE)
    rest: dict[str, Any] = {"read_only": True, "receive_timeout": ANSWER_S, "auto_referrals": False}
    return [
        ldap3.Connection(
            ldap3.Server(server, port=636, use_ssl=True, tls=tls, **common), f"{user}@{domain}", password, **rest
        ),
        ldap3.Connection(
            ldap3.Server(server, port=389, **common),
            authentication=ldap3.SASL,
            sasl_mechanism=ldap3.DIGEST_MD5,
            sasl_credentials=(domain, user, password, None, SIGNED),
            **rest,
        ),
    ]


def ask(ways: list[ldap3.Connection], filter_: str, attributes: list[str]) -> list[str]:
    """What the first way that is heard brings, as lines."""
    met = head("silent", "")
    for number, way in enumerate(ways):
        try:
            if not way.bind():
                return [head("logon", str(way.result.get("description", "")))]
            return read(way, filter_, attributes)
        except LDAPSocketOpenError as error:
            if number == 0 or trouble(error) != "silent":
                met = head(trouble(error), type(error).__name__)
        except LDAPException as error:
            return [head("cut" if way.bound else "logon", type(error).__name__)]
        finally:
            way.unbind()
    return [met]


def head(stage: str, status: str, time: str = "") -> str:
    """The first line."""
    return "# " + json.dumps({"stage": stage, "status": status[:100], "time": time[:40]})


def read(way: ldap3.Connection, filter_: str, attributes: list[str]) -> list[str]:
    """Every record of the domain's partition, in pages, bounded."""
    told = way.server.info.other if way.server.info is not None else {}
    base = str((told.get("defaultNamingContext") or [""])[0])
    lines = [head("inside", "", str((told.get("currentTime") or [""])[0]))]
    cookie, count = None, 0
    while count < MOST and sum(map(len, lines)) < WHOLE_LIMIT:
        way.search(base, filter_, ldap3.SUBTREE, attributes=attributes, paged_size=PAGE, paged_cookie=cookie)
        if way.result.get("result") != 0:
            return [head("cut", str(way.result.get("description", "")))]
        for entry in way.response or []:
            if entry.get("type") == "searchResEntry":
                lines += ["", *ldif(entry)]
                count += 1
        controls = way.result.get("controls") or {}
        cookie = controls.get("1.2.840.113556.1.4.319", {}).get("value", {}).get("cookie")
        if not cookie:
            lines.append(f"# returned {count} records")
            break
    return lines


def ldif(entry: dict[str, Any]) -> list[str]:
    """One record."""
    lines = [line("dn", str(entry.get("dn", "")).encode())]
    for name, values in list(entry.get("raw_attributes", {}).items())[:100]:
        plain = str(name).partition(";")[0]  # "member;range=0-1499"
        for value in list(values)[:VALUES]:
            lines.append(line(plain, format_sid(value).encode() if plain.lower() == SID else bytes(value)))
    return lines


def line(name: str, value: bytes) -> str:
    """One value; in base64 when it is not plain text."""
    kept = value[:VALUE_LIMIT]
    plain = kept.isascii() and kept.decode("ascii", "replace").isprintable() and kept[:1] not in b" :<"
    return f"{name}: {kept.decode('ascii')}" if plain else f"{name}:: {base64.b64encode(kept).decode()}"


def main() -> None:
    """Ask, and print."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    server, domain, user, secret, filter_, *attributes = sys.argv[1:]
    print("\n".join(ask(connections(server, domain, user, os.environ[secret]), filter_, attributes)))


if __name__ == "__main__":
    main()
