"""Who brought a lab to this centre, and who trusts it.

A lab holds playbooks and tests that run as root on the host, so one that was brought by somebody else than an
administrator makes no bench before an administrator has approved it. The approval is bound to the lab's hash: of other
contents it says nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from labs.files import write_atomic
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.library.errors import LibraryError
from orchestrator.sealed.keys import PublicKey

LAB, DEPOSIT = "lab", "deposit.json"
"""A version's folder: the lab itself, and what is known of it."""


class Signer(BaseModel):
    """Who shared a lab. centre: as they called themselves; key: that they signed with, 64 digits; on: the day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    centre: str
    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    on: date

    @property
    def public(self) -> PublicKey:
        """The key itself."""
        return PublicKey(bytes.fromhex(self.key))


class Deposit(BaseModel):
    """One version of a lab of this centre. hash: of the contents that were brought, and that an approval is about.
    signer: of the shared archive that it came in, if it did."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lab: str
    version: str
    hash: str
    brought_by: str
    brought_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    signer: Signer | None = None


def deposit_of(folder: Path) -> Deposit | None:
    """What is known of the lab in a folder; None for labs that nobody brought through the site.

    Raises LibraryError when it cannot be read: such a lab is not used.
    """
    path = folder.parent / DEPOSIT
    if folder.name != LAB or not path.exists():
        return None
    try:
        return Deposit.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise LibraryError(
            Text("Le dépôt de ce sujet est illisible.", "This lab's deposit cannot be read."),
            where=str(path),
            do=Text("Supprimez cette version, puis déposez-la de nouveau.", "Delete this version, then bring it anew."),
        ) from error


def write_deposit(folder: Path, deposit: Deposit) -> None:
    """Store what is known of the lab in a folder."""
    write_atomic(folder.parent / DEPOSIT, deposit.model_dump_json(indent=1), mode=0o600)


def is_approved(lab: LoadedLab) -> bool:
    """Whether benches may be made of it: it was not brought through the site, or these very contents are approved."""
    deposit = deposit_of(lab.folder)
    return deposit is None or (deposit.approved_by is not None and deposit.hash == lab.hash)


def require_approved(lab: LoadedLab) -> None:
    """Refuse to run anything of a lab that no administrator trusts. Raises LibraryError."""
    if not is_approved(lab):
        raise LibraryError(
            Text("Ce sujet n'est pas encore approuvé.", "This lab is not approved yet."),
            where=f"{lab.lab.id} {lab.lab.version}",
            do=Text(
                "Un administrateur doit l'approuver sur sa page : un sujet exécute des programmes sur l'hôte.",
                "An administrator must approve it on its page: a lab runs programs on the host.",
            ),
        )


def approve(lab: LoadedLab, *, who: str, at: datetime, seen: str) -> Deposit:
    """An administrator trusts a lab. seen: the hash of what they looked at. Raises LibraryError."""
    deposit = deposit_of(lab.folder)
    if deposit is None or not lab.hash == seen == deposit.hash:
        raise LibraryError(
            Text("Ce n'est plus le sujet que vous avez lu.", "This is not the lab that you have read any more."),
            where=f"{lab.lab.id} {lab.lab.version}",
            do=Text("Rechargez sa page et relisez-le.", "Reload its page and read it again."),
        )
    if deposit.approved_by is None:
        deposit = deposit.model_copy(update={"approved_by": who, "approved_at": at})
        write_deposit(lab.folder, deposit)
    return deposit
