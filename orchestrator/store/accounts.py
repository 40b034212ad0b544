"""Accounts of those who work with the site, and which sessions are entrusted to them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from labs.text import Text
from orchestrator.exam.commands import ENGINE
from orchestrator.store.database import Transaction
from orchestrator.store.errors import RecordError
from orchestrator.store.tables import account, staff

Role = Literal["administrator", "supervisor", "jury", "trainer"]
ROLES: tuple[Role, ...] = get_args(Role)

SessionRole = Literal["supervisor", "jury", "trainer"]
"""Roles that are held for one session; a trainer's: a trial of their own."""

_OTHERS = re.compile(rf"c[0-9]+|{ENGINE}", re.IGNORECASE)
"""Authors in journals and books that are no accounts: candidates and the service."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Someone who works with the site.

    id: what they type to sign in, also the author in journals. password: an argon2 hash; None where only the centre's
    own sign-in opens it. subject: who that sign-in says they are. must_change: the password was given by somebody else.
    failures: wrong passwords in a row. disabled_at: it opens no more; it is kept, since journals name it.
    """

    id: str
    name: str
    roles: tuple[Role, ...]
    created_at: datetime
    password: str | None = None
    subject: str | None = None
    must_change: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    disabled_at: datetime | None = None


def create(tx: Transaction, new: Account) -> None:
    """Store a new account. Raises RecordError when one of this name exists, or journals mean somebody else by it."""
    if _OTHERS.fullmatch(new.id):
        raise RecordError(
            Text("Cet identifiant désigne un candidat ou le service.", "This name means a candidate or the service."),
            where=new.id,
            do=Text("Choisissez un autre identifiant.", "Choose another name."),
        )
    try:
        tx.execute(insert(account).values(**{**asdict(new), "roles": json.dumps(new.roles)}))
    except IntegrityError as error:
        raise RecordError(
            Text("Un compte de cet identifiant existe déjà.", "An account of this name exists already."),
            where=new.id,
            do=Text("Choisissez un autre identifiant.", "Choose another name."),
        ) from error


def find(tx: Transaction, account_id: str) -> Account | None:
    """An account by its id; None when there is none."""
    return _one(tx.execute(select(account).where(account.c.id == account_id)).one_or_none())


def find_by_subject(tx: Transaction, subject: str) -> Account | None:
    """The account of somebody whom the centre's own sign-in knows."""
    return _one(tx.execute(select(account).where(account.c.subject == subject)).one_or_none())


def every(tx: Transaction) -> list[Account]:
    """All accounts, by id."""
    return [_account(row) for row in tx.execute(select(account).order_by(account.c.id))]


def count(tx: Transaction) -> int:
    """How many there are; 0 before the first one was made."""
    return int(tx.execute(select(func.count()).select_from(account)).scalar_one())


def change(tx: Transaction, account_id: str, **values: Any) -> None:
    """Change fields of an account, by their names in ``Account``. Raises RecordError when there is none."""
    if "roles" in values:
        values["roles"] = json.dumps(values["roles"])
    if tx.execute(update(account).where(account.c.id == account_id).values(values)).rowcount == 0:
        raise RecordError(
            Text("Il n'y a pas de compte de cet identifiant.", "There is no account of this name."), where=account_id
        )


def entrust(tx: Transaction, session: str, role: SessionRole, accounts: Iterable[str]) -> None:
    """Entrust a session to exactly these accounts, in this role."""
    tx.execute(delete(staff).where(staff.c.session == session, staff.c.role == role))
    for one in dict.fromkeys(accounts):
        tx.execute(insert(staff).values(session=session, account=one, role=role))


def entrusted(tx: Transaction, session: str, role: SessionRole) -> list[str]:
    """To whom a session is entrusted in this role, by id."""
    query = select(staff.c.account).where(staff.c.session == session, staff.c.role == role)
    return list(tx.execute(query.order_by(staff.c.account)).scalars())


def sessions_of(tx: Transaction, account_id: str) -> dict[str, set[SessionRole]]:
    """The sessions entrusted to an account, and in which roles."""
    found: dict[str, set[SessionRole]] = {}
    for row in tx.execute(select(staff.c.session, staff.c.role).where(staff.c.account == account_id)):
        found.setdefault(row.session, set()).add(row.role)
    return found


def _one(row: Row[Any] | None) -> Account | None:
    return None if row is None else _account(row)


def _account(row: Row[Any]) -> Account:
    values = dict(row._mapping)
    values["roles"] = tuple(json.loads(values["roles"]))
    return Account(**values)
