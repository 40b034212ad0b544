"""Who may call what: the first page, signing in, monitoring."""

from __future__ import annotations

from tests.unit.web.table import ACCOUNTS, EVERYBODY, Row

ROWS: dict[str, list[Row]] = {
    "static": [Row(EVERYBODY, values={"filename": "style.css"})],
    "home.index": [Row(EVERYBODY)],
    "home.language": [Row(EVERYBODY, "POST", values={"language": "en"})],
    "auth.sign_in": [Row(EVERYBODY), Row(EVERYBODY, "POST", data={"account": "x", "password": "y"}, fine=(403,))],
    "auth.seat": [Row(EVERYBODY), Row(EVERYBODY, "POST", data={"code": "AAAA-AAAA"}, fine=(403,))],
    "auth.sign_out": [Row(EVERYBODY, "POST")],
    "auth.password": [Row(ACCOUNTS), Row(ACCOUNTS, "POST")],
    "auth.first_account": [
        Row((), values={"secret": "guessed"}),
        Row((), "POST", values={"secret": "guessed"}),
    ],
    # No centre's sign-in is set here: there is no such address for anybody (with one: test_oidc.py).
    "auth.central": [Row((), "POST")],
    "auth.central_back": [Row(())],
    "health.metrics": [Row(EVERYBODY)],
    "health.healthz": [Row(EVERYBODY)],
}
