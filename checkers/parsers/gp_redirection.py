"""fdeploy1.ini, where a group policy redirects the folders of users to (MS-GPFR 2.2.2): for each folder whom it is
for, by SID, and for each of them a section with hexadecimal flags and a path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checkers.parsers.gpt_tmpl import decoded

_MAX = 200
_FOLDERS = {
    "{3EB685DB-65F9-4CF6-A03A-E3EF65729F3D}": "AppData",
    "{56784854-C6CB-462B-8169-88E350ACB882}": "Contacts",
    "{B4BFCC3A-DB2C-424C-B029-7FE99A87C641}": "Desktop",
    "{FDD39AD0-238F-46AF-ADB4-6C85480369C7}": "Documents",
    "{374DE290-123F-4565-9164-39C4925E467B}": "Downloads",
    "{1777F761-68AD-4D8A-87BD-30B759FA33DD}": "Favorites",
    "{BFB9D5E0-C6A9-404C-B2B2-AE6DB6AF4968}": "Links",
    "{4BD8D571-6D19-48D3-BE97-422220080E43}": "Music",
    "{33E28130-4E1E-4676-835A-98395C3BC3BB}": "Pictures",
    "{4C5C32FF-BB9D-43B0-B5B4-2D72E54EAAA4}": "SavedGames",
    "{7D1D3A04-DEBB-4115-95CF-2F29DA2920DA}": "Searches",
    "{625B53C3-AB48-4EC1-BA1F-A1EF4146FC19}": "StartMenu",
    "{18989B1D-99B5-455B-841C-AB7C74E4DDFC}": "Videos",
}
"""MS-GPFR 1.9."""
_EVERYBODY = ("S-1-1-0", "S-1-5-11")
_MOVES, _FOLLOWS, _EXCLUSIVE, _RETURNS, _TO_PATH, _STAYS = 0x1, 0x2, 0x10, 0x20, 0x1000, 0x2000
_VERSION = re.compile(r"1[0-9]{2}")
"""Those that a client reads; others it leaves alone."""


@dataclass(frozen=True)
class Redirection:
    """One property of one redirected folder, as a setting. key: ``Folder Redirection\\Documents``. value: ``path`` (of
    a folder that follows another one: the path inside it, and ``follows`` names that one; of one that is told to stay
    where it is: empty); ``exclusive`` (nobody else has rights), ``move`` (what is in it comes along) and ``return`` (to
    where it was, once the policy is gone), 1 or 0. only: the SID of the group that it is for; empty: for everybody."""

    key: str
    value: str
    data: str
    only: str = ""
    type: str = "REDIRECTION"


def parse(content: bytes) -> list[Redirection]:
    """The redirections in a file, at most 200 of them, those that count more after those that count less: of several
    groups a client takes the first."""
    sections = _sections(decoded(content))
    said = sections.get("version", {})
    if not _VERSION.fullmatch(said.get("version", said.get("versionnumber", ""))):
        return []
    named = [
        (folder, sid.strip().upper())
        for folder, sids in sections.get("folder_redirection", {}).items()
        for sid in sids.split(";")
        if sid.strip()
    ]
    return [one for folder, sid in reversed(named[:_MAX]) for one in _folder(folder, sid, sections)]


def _sections(text: str) -> dict[str, dict[str, str]]:
    """Every section, and what stands in it; names in lower case."""
    found: dict[str, dict[str, str]] = {}
    here: dict[str, str] = {}
    for line in text.splitlines():
        bare = line.strip()
        name, equals, data = (part.strip() for part in bare.partition("="))
        if bare.startswith("[") and bare.endswith("]"):
            here = found.setdefault(bare[1:-1].strip().lower(), {})
        elif equals:
            here.setdefault(name.lower(), data)
    return found


def _folder(folder: str, sid: str, sections: dict[str, dict[str, str]]) -> Iterator[Redirection]:
    """What is said of one folder for one group; nothing where the client is left to do as before."""
    told = sections.get(f"{folder}_{sid.lower()}", {})
    flags = int(told.get("flags", "0"), 16)
    key = f"Folder Redirection\\{_name(folder)}"
    only = "" if sid in _EVERYBODY else sid
    if flags & _TO_PATH:
        yield Redirection(key, "path", told.get("fullpath", ""), only)
    elif flags & _FOLLOWS:
        yield Redirection(key, "path", told.get("relativepath", ""), only)
        yield Redirection(key, "follows", _name(told.get("parentfolder", "")), only)
    elif flags & _STAYS:
        yield Redirection(key, "path", "", only)
    if not flags & (_TO_PATH | _STAYS):
        return
    for value, bit in (("exclusive", _EXCLUSIVE), ("move", _MOVES), ("return", _RETURNS)):
        yield Redirection(key, value, str(int(bool(flags & bit))), only)


def _name(folder: str) -> str:
    return _FOLDERS.get(folder.upper(), folder.upper())
