"""Signing in and out, and who a login is. Attempts are bounded in the database: restarts forgive nothing."""

from __future__ import annotations

from datetime import timedelta

from flask import session

from labs.text import Text
from orchestrator.exam import Exam
from orchestrator.store import accounts, audit, logins, seats
from orchestrator.store.accounts import Account
from orchestrator.store.database import Transaction
from orchestrator.store.logins import Login
from web.auth.errors import LoginError
from web.auth.passwords import is_right
from web.site import Actor, actor, address, now, site

IDLE = timedelta(hours=12)
"""An account that was not seen for so long signs in again."""
SEEN_EVERY = timedelta(seconds=30)
WINDOW = timedelta(minutes=1)
SEAT_FAILURES, ACCOUNT_FAILURES = 10, 20
"""Failed attempts in a window from one address, before it must wait."""
WRONG_IN_A_ROW, LOCKED_FOR = 5, timedelta(minutes=5)

_OVER = ("closed", "sealed", "purged")


def actor_of(secret: str | None) -> Actor:
    """Who a cookie's secret belongs to; nobody when the login has ended."""
    if not secret:
        return Actor()
    hash_ = logins.hashed(secret)
    with site().store.read() as tx:
        login = logins.find(tx, hash_)
        if login is None or login.ended_at is not None:
            return Actor()
        found = _actor(tx, login)
    if login.account is not None and now() - login.seen_at > IDLE:
        return Actor()
    if found.login is not None and now() - login.seen_at > SEEN_EVERY:
        with site().store.write() as tx:
            logins.seen(tx, hash_, now())
    return found


def sign_in(account_id: str, password: str) -> Account:
    """Sign an account in on this browser. Raises LoginError."""
    with site().store.read() as tx:
        _require_calm(tx, "account", ACCOUNT_FAILURES)
        found = accounts.find(tx, account_id)
    right = is_right(found.password if found else None, password)  # slow on purpose: outside any transaction
    if found is not None and found.locked_until is not None and found.locked_until > now():
        _failed("account")
        raise _locked()
    if found is None or not right or found.disabled_at is not None:
        _failed("account", found)
        raise LoginError(
            Text("L'identifiant ou le mot de passe est faux.", "The name or the password is wrong."),
            do=Text(
                "Vérifiez les majuscules, ou demandez à l'administrateur un nouveau mot de passe.",
                "Check capital letters, or ask the administrator for a new password.",
            ),
        )
    remember(found)
    return found


def confirm(password: str) -> None:
    """Make sure that it is still they who signed in: by their password, before they put their name to something.

    Wrong ones count as those of signing in do. Raises LoginError.
    """
    account = actor().account
    assert account is not None  # noqa: S101 - asked of accounts only
    with site().store.read() as tx:
        _require_calm(tx, "account", ACCOUNT_FAILURES)
    if account.locked_until is not None and account.locked_until > now():
        _failed("account")
        raise _locked()
    if not is_right(account.password, password):
        _failed("account", account)
        raise LoginError(
            Text("Le mot de passe est faux.", "The password is wrong."),
            do=Text("Vérifiez les majuscules, puis recommencez.", "Check capital letters, then try again."),
        )
    if account.failures:
        with site().store.write() as tx:
            accounts.change(tx, account.id, failures=0, locked_until=None)


def remember(account: Account) -> None:
    """Sign an account in on this browser; it is who it says."""
    with site().store.write() as tx:
        if account.failures:
            accounts.change(tx, account.id, failures=0, locked_until=None)
        secret = logins.begin(tx, address=address(), now=now(), account=account.id)
        audit.note(tx, at=now(), who=account.id, what="login", address=address())
    _keep(secret)


def sit_down(code: str) -> None:
    """Sign a candidate in with their seat code. Raises LoginError: only one browser at a time has a seat."""
    with site().store.read() as tx:
        _require_calm(tx, "seat", SEAT_FAILURES)
        found = seats.whose(tx, code)
    if found is None or not _can_sit(site().desk.open(found[0]).exam, found[1]):
        _failed("seat")
        raise LoginError(
            Text("Ce code de place n'est pas valable.", "This seat code is not valid."),
            do=Text(
                "Recopiez-le de votre carte, ou appelez le surveillant.",
                "Copy it from your card, or call the supervisor.",
            ),
        )
    slug, candidate = found
    with site().store.write() as tx:
        if logins.active_at(tx, slug, candidate):
            raise LoginError(
                Text("Ce code de place sert déjà sur un autre écran.", "This seat code is in use on another screen."),
                do=Text("Appelez le surveillant : lui seul peut le libérer.", "Call the supervisor, who can free it."),
            )
        secret = logins.begin(tx, address=address(), now=now(), session=slug, candidate=candidate)
    _keep(secret)


def sign_out() -> None:
    """Sign out on this browser."""
    secret = session.get("login")
    if secret:
        with site().store.write() as tx:
            logins.end(tx, logins.hashed(secret), now())
    _forget()


def _keep(secret: str) -> None:
    """A new login has a new cookie: whatever the old one held is gone, but for the language."""
    language = session.get("language")
    session.clear()
    session["login"] = secret
    session.permanent = True
    if language:
        session["language"] = language


def _forget() -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def _actor(tx: Transaction, login: Login) -> Actor:
    if login.account is None:
        assert login.session is not None  # noqa: S101 - the database says so
        assert login.candidate is not None  # noqa: S101
        return Actor(login.hash, seat=(login.session, login.candidate))
    account = accounts.find(tx, login.account)
    if account is None or account.disabled_at is not None:
        return Actor()
    return Actor(login.hash, account=account, trusted=accounts.sessions_of(tx, account.id))


def _can_sit(exam: Exam, candidate: str) -> bool:
    sitting = exam.candidates.get(candidate)
    return sitting is not None and sitting.state != "withdrawn" and exam.state not in _OVER


def _require_calm(tx: Transaction, what: str, most: int) -> None:
    if logins.failures(tx, what, now() - WINDOW, address()) >= most:
        raise LoginError(
            Text("Trop d'essais depuis cet ordinateur.", "Too many attempts from this computer."),
            do=Text("Attendez une minute, puis recommencez.", "Wait a minute, then try again."),
        )


def _locked() -> LoginError:
    return LoginError(
        Text("Ce compte est bloqué pour quelques minutes.", "This account is locked for a few minutes."),
        do=Text("Attendez, puis recommencez.", "Wait, then try again."),
    )


def _failed(what: str, account: Account | None = None) -> None:
    with site().store.write() as tx:
        logins.failed(tx, what, address(), now())
        logins.forget(tx, now() - timedelta(days=30))
        if account is None:
            return
        wrong = account.failures + 1
        locked = wrong >= WRONG_IN_A_ROW
        accounts.change(
            tx, account.id, failures=0 if locked else wrong, locked_until=now() + LOCKED_FOR if locked else None
        )
        if locked:
            audit.note(tx, at=now(), who=account.id, what="locked", address=address())
