"""What administrators do to accounts, with its rules; each deed is in the audit log.

There is always an account left that can administer: the last one can be neither disabled nor demoted.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.store import accounts, audit, logins
from orchestrator.store.accounts import Account, Role, SessionRole
from orchestrator.store.database import Transaction
from orchestrator.store.errors import RecordError
from web.auth.passwords import hash_password
from web.site import actor, address, now, site

_WORD_BYTES = 12


class AccountError(EpreuveError):
    """An account cannot be changed like this."""

    code = "account"
    exit_code = 6


def make(account_id: str, name: str, roles: Sequence[Role], *, central: bool) -> str | None:
    """A new account; its first password, to be changed at once, or None when the centre's sign-in opens it."""
    password = None if central else _new_password()
    new = Account(
        id=account_id,
        name=name,
        roles=tuple(roles),
        created_at=now(),
        password=None if password is None else hash_password(password),
        must_change=not central,
    )
    with site().store.write() as tx:
        accounts.create(tx, new)
        _note(tx, "account-made", f"{account_id}: {', '.join(roles)}")
    return password


def change(account_id: str, name: str, roles: Sequence[Role]) -> None:
    """Another name, other roles. Raises AccountError, RecordError."""
    with site().store.write() as tx:
        found = known(tx, account_id)
        if "administrator" not in roles:
            _require_another(tx, found)
        accounts.change(tx, account_id, name=name, roles=tuple(roles))
        if set(roles) != set(found.roles):
            _note(tx, "roles-changed", f"{account_id}: {', '.join(roles)}")


def give_password(account_id: str) -> str:
    """A new password, to be changed at the next sign-in; whoever is signed in is signed out. Raises RecordError."""
    password = _new_password()
    stored = hash_password(password)
    with site().store.write() as tx:
        known(tx, account_id)
        accounts.change(tx, account_id, password=stored, must_change=True, failures=0, locked_until=None)
        logins.end_account(tx, account_id, now())
        _note(tx, "password-given", account_id)
    return password


def disable(account_id: str) -> None:
    """It opens no more, from now on. Raises AccountError, RecordError."""
    with site().store.write() as tx:
        _require_another(tx, known(tx, account_id))
        accounts.change(tx, account_id, disabled_at=now())
        logins.end_account(tx, account_id, now())
        _note(tx, "account-disabled", account_id)


def enable(account_id: str) -> None:
    """It opens again. Raises RecordError."""
    with site().store.write() as tx:
        known(tx, account_id)
        accounts.change(tx, account_id, disabled_at=None, failures=0, locked_until=None)
        _note(tx, "account-enabled", account_id)


def entrust(session: str, to: Mapping[SessionRole, Sequence[str]]) -> None:
    """Entrust a session to exactly these accounts, by role."""
    with site().store.write() as tx:
        for role, ids in to.items():
            if sorted(ids) != accounts.entrusted(tx, session, role):
                accounts.entrust(tx, session, role, ids)
                _note(tx, "entrusted", f"{session}, {role}: {', '.join(ids)}")


def known(tx: Transaction, account_id: str) -> Account:
    """An account. Raises RecordError when there is none."""
    found = accounts.find(tx, account_id)
    if found is None:
        raise RecordError(
            Text("Il n'y a pas de compte de cet identifiant.", "There is no account of this name."), where=account_id
        )
    return found


def _require_another(tx: Transaction, leaving: Account) -> None:
    others = [
        one
        for one in accounts.every(tx)
        if "administrator" in one.roles and one.disabled_at is None and one.id != leaving.id
    ]
    if not others:
        raise AccountError(
            Text("C'est le dernier administrateur.", "This is the last administrator."),
            where=leaving.id,
            do=Text("Donnez d'abord ce rôle à un autre compte.", "Give this role to another account first."),
        )


def _new_password() -> str:
    return secrets.token_urlsafe(_WORD_BYTES)


def _note(tx: Transaction, what: str, about: str) -> None:
    audit.note(tx, at=now(), who=actor().who, what=what, about=about, address=address())
