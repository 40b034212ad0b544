"""Read the group policies that a controller publishes (SYSVOL), over SMB, as a member of the domain does.

    sysvol.py SERVER DOMAIN USER SECRET

SECRET names the environment variable that holds the password. SMB 2 or 3, signed, as every client of a domain demands
of SYSVOL. Files are read, nothing is written.

Prints one JSON object: ``stage`` (how far it went), ``status`` (the server's word), ``whole``, ``files`` (path →
base64, null where a file is too large) and ``hidden`` (folders that this account may not read all of), the paths like
``/<domain>/Policies/{GUID}/Machine/Registry.pol``. Exits 0 when it could ask, whatever came back.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sys
from typing import Any

import smbclient
from smbprotocol.exceptions import LogonFailure, SMBException, SMBOSError
from smbprotocol.header import NtStatus

MEMORY = 768 * 2**20
ANSWER_S = 15
FILES, FOLDERS, DEPTH = 600, 2000, 8
FILE_LIMIT, WHOLE_LIMIT = 128 * 1024, 230 * 1024
"""Bytes of a file, characters of all of them: more is not kept of an answer."""
WANTED = ("gpt.ini", "registry.pol", "manifest.xml", "gpttmpl.inf", "scripts.ini", "psscripts.ini", "fdeploy1.ini")


def ask(server: str, domain: str, user: str, password: str) -> dict[str, Any]:
    """Log on and read."""
    try:
        smbclient.register_session(
            server,
            username=f"{domain}\\{user}",
            password=password,
            port=445,
            connection_timeout=ANSWER_S,
            require_signing=True,
            auth_protocol="ntlm",
        )
    except LogonFailure as error:
        return {"stage": "logon", "status": type(error).__name__}
    except SMBException as error:
        return {"stage": "logon", "status": type(error).__name__}
    except (OSError, ValueError) as error:
        return {"stage": "refused" if "refused" in str(error).lower() else "silent", "status": type(error).__name__}
    try:
        found, hidden, all_seen = files(rf"\\{server}\sysvol\{domain}\Policies", domain)
    except SMBOSError as error:
        return {"stage": "share", "status": str(error.ntstatus if hasattr(error, "ntstatus") else "")[:40]}
    except (SMBException, OSError, ValueError) as error:
        return {"stage": "cut", "status": type(error).__name__}
    whole = all_seen and sum(len(one or "") for one in found.values()) < WHOLE_LIMIT
    return {"stage": "inside", "status": "", "whole": whole, "files": found if whole else {}, "hidden": hidden}


def files(root: str, domain: str) -> tuple[dict[str, str | None], list[str], bool]:
    """The files that say what a policy holds, under a folder, of its scripts only that they are there; the folders that
    may not be read; and whether everything was looked at."""
    found: dict[str, str | None] = {}
    hidden: list[str] = []
    waiting = [(root, f"/{domain}/Policies", 0)]
    seen = 0
    while waiting and seen < FOLDERS and len(found) < FILES:
        folder, name, depth = waiting.pop()
        seen += 1
        try:
            for entry in smbclient.scandir(folder):
                path = f"{name}/{entry.name[:200]}"
                if entry.is_dir() and not entry.is_symlink() and depth < DEPTH:
                    waiting.append((entry.path, path, depth + 1))
                elif len(found) >= FILES:
                    return found, hidden, False
                elif not is_read(path) and "/scripts/" in path.lower():
                    found[path] = ""
                elif is_read(path):
                    found[path] = None if entry.stat().st_size > FILE_LIMIT else content(entry.path)
        except SMBOSError as error:
            if depth == 0 or error.ntstatus != NtStatus.STATUS_ACCESS_DENIED:
                raise
            hidden.append(name)
    return found, hidden, not waiting


def content(path: str) -> str | None:
    """What a file holds; None when that is more than the server said."""
    with smbclient.open_file(path, mode="rb", share_access="r") as file:
        read = file.read(FILE_LIMIT + 1)
    return None if len(read) > FILE_LIMIT else base64.b64encode(read).decode()


def is_read(path: str) -> bool:
    """Whether a file says what its policy sets."""
    name = path.lower()
    return name.rpartition("/")[2] in WANTED or ("/preferences/" in name and name.endswith(".xml"))


def main() -> None:
    """Ask, and print."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    server, domain, user, secret = sys.argv[1:]
    print(json.dumps(ask(server, domain, user, os.environ[secret])))


if __name__ == "__main__":
    main()
