"""Who may call what. Every view says so; one that does not makes ``create_app`` fail.

The decorators stand below the route's own, and put the rule on the function; ``check`` reads it before every request::

    @routes.get("/sessions/<slug>/mur")
    @session_role("supervisor")
    def wall(slug: str) -> str: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from orchestrator.store.accounts import Role, SessionRole
from web.site import Actor, actor

V = TypeVar("V", bound=Callable[..., Any])

_RULE = "epreuve_access"
CHANGE_PASSWORD = "auth.password"  # noqa: S105 - an endpoint's name


@dataclass(frozen=True)
class Rule:
    """public: anybody. seated: candidates. roles: accounts that hold one of them (empty: any account).
    session_roles: accounts to whom the session in the address (``slug``) is entrusted in one of them."""

    public: bool = False
    seated: bool = False
    roles: tuple[Role, ...] = ()
    session_roles: tuple[SessionRole, ...] = ()


def public(view: V) -> V:
    """Anybody may call it."""
    return _ruled(view, Rule(public=True))


def seated(view: V) -> V:
    """Only a candidate who sits at a seat. What it shows is that seat's: there is no id in the address."""
    return _ruled(view, Rule(seated=True))


def account(*roles: Role) -> Callable[[V], V]:
    """Only accounts; with roles: those that hold one of them."""
    return lambda view: _ruled(view, Rule(roles=roles))


def session_role(*roles: SessionRole) -> Callable[[V], V]:
    """Only accounts to whom the session ``<slug>`` is entrusted in one of these roles. To others there is none."""
    return lambda view: _ruled(view, Rule(session_roles=roles))


def require_rules(app: Flask) -> None:
    """Refuse to serve an address without a rule. Raises RuntimeError."""
    without = sorted(name for name, view in app.view_functions.items() if _rule(view) is None)
    if without:
        raise RuntimeError(f"views without an access rule: {', '.join(without)}")


def check() -> Response | None:
    """Before every request: let it pass, send a stranger to where they can sign in, or refuse."""
    if request.endpoint is None:
        return None  # no such address: Flask says so
    rule = _rule(current_app.view_functions[request.endpoint])
    assert rule is not None  # noqa: S101 - create_app has looked
    asks = actor()
    if rule.public:
        return None
    if asks.login is None:
        return _sign_in(rule)
    if asks.account is not None and asks.account.must_change and request.endpoint != CHANGE_PASSWORD:
        return redirect(url_for(CHANGE_PASSWORD))
    if not _allows(rule, asks):
        abort(404 if rule.session_roles and asks.account is not None else 403)
    return None


def _allows(rule: Rule, asks: Actor) -> bool:
    if rule.seated:
        return asks.seat is not None
    if asks.account is None:
        return False
    if rule.session_roles:
        slug = (request.view_args or {}).get("slug", "")
        return asks.is_trusted(slug, *rule.session_roles)
    return not rule.roles or asks.has(*rule.roles)


def _sign_in(rule: Rule) -> Response:
    # A part of a page or an order cannot be answered by a form to sign in: the browser is told and goes there whole.
    if request.method != "GET" or request.headers.get("HX-Request") or not request.accept_mimetypes.accept_html:
        abort(401)
    if rule.seated:
        return redirect(url_for("auth.seat"))
    return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))


def _rule(view: Callable[..., Any]) -> Rule | None:
    found: Rule | None = getattr(view, _RULE, None)
    return found


def _ruled(view: V, rule: Rule) -> V:
    setattr(view, _RULE, rule)
    return view
