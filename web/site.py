"""What a request works with: the installation, its desk, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, g, request

from labs.text import Text
from orchestrator.engine.desk import Desk
from orchestrator.engine.jobs import Jobs
from orchestrator.settings import Settings
from orchestrator.store import Store, audit
from orchestrator.store.accounts import Account, Role, SessionRole

NAME = "epreuve"
"""Under which a Flask application keeps its site in ``app.extensions``."""


@dataclass(frozen=True)
class Site:
    """One installation as it is served. ``console_port``: of the console proxy; None: no consoles. ``jobs``: who does
    what takes longer than a page may."""

    settings: Settings
    store: Store
    desk: Desk
    secret: bytes
    jobs: Jobs
    simulated: bool = False
    console_port: int | None = None

    @property
    def mark(self) -> Text:
        """What stands on every page of what is simulated."""
        return Text("simulé", "simulated") if self.simulated else Text("", "")


@dataclass(frozen=True)
class Actor:
    """Who asks. ``login``: hash of their login; None: nobody is signed in. Either ``account`` or ``seat`` then.

    seat: session and candidate. trusted: sessions entrusted to the account, with the roles in them.
    """

    login: str | None = None
    account: Account | None = None
    seat: tuple[str, str] | None = None
    trusted: dict[str, set[SessionRole]] | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of the account; none for candidates and strangers."""
        return () if self.account is None else self.account.roles

    def has(self, *roles: Role) -> bool:
        """Whether the account holds one of these roles."""
        return any(role in self.roles for role in roles)

    def is_trusted(self, session: str, *roles: SessionRole) -> bool:
        """Whether a session is entrusted to the account in one of these roles, and it holds that role at all."""
        held = (self.trusted or {}).get(session, set())
        return any(role in held and role in self.roles for role in roles)

    @property
    def who(self) -> str:
        """The author, as journals and the audit log say: an account's id, or ``juin/c03``."""
        if self.account is not None:
            return self.account.id
        return "" if self.seat is None else "/".join(self.seat)


def site() -> Site:
    """The site of this request."""
    found: Site = current_app.extensions[NAME]
    return found


def actor() -> Actor:
    """Who asks."""
    found: Actor = g.get("actor") or Actor()
    return found


def now() -> datetime:
    """The moment, for logins and the audit log. An exam's own time comes from the desk."""
    return datetime.now(UTC)


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


def note(what: str, about: str = "", *, who: str | None = None) -> None:
    """Put a deed into the audit log."""
    with site().store.write() as tx:
        audit.note(tx, at=now(), who=actor().who if who is None else who, what=what, about=about, address=address())
