"""The groups and accounts that every domain has, whose names Windows translates: known by the end of their SID.

Source: "Well-known SIDs" (MS-DTYP 2.4.2.4). A lab may name them in French or in English, whatever the server speaks.
"""

from __future__ import annotations

from checkers.parsers.clean import fold

_NAMES = {
    "S-1-5-32-544": ("Administrators", "Administrateurs"),
    "S-1-5-32-545": ("Users", "Utilisateurs"),
    "S-1-5-32-546": ("Guests", "Invités"),
    "S-1-5-32-555": ("Remote Desktop Users", "Utilisateurs du Bureau à distance"),
    "500": ("Administrator", "Administrateur"),
    "501": ("Guest", "Invité"),
    "512": ("Domain Admins", "Admins du domaine"),
    "513": ("Domain Users", "Utilisateurs du domaine"),
    "514": ("Domain Guests", "Invités du domaine"),
    "515": ("Domain Computers", "Ordinateurs du domaine"),
    "516": ("Domain Controllers", "Contrôleurs de domaine"),
    "518": ("Schema Admins", "Administrateurs du schéma"),
    "519": ("Enterprise Admins", "Administrateurs de l'entreprise"),
}
_BY_NAME = {fold(name): end for end, names in _NAMES.items() for name in names}


def sid(name: str, domain: str) -> str | None:
    """The SID of what has this name on Windows in French or in English; None when the name is nobody's.

    domain: the domain's SID.
    """
    end = _BY_NAME.get(fold(name))
    return end if end is None or end.startswith("S-") else f"{domain}-{end}"
