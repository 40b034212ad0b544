"""Who may call what: the part ``admin``."""

from __future__ import annotations

from tests.unit.web.table import Row

_ADMINS = ("administrator",)
_ONE = {"account_id": "trainer"}

ROWS: dict[str, list[Row]] = {
    "admin.accounts": [Row(_ADMINS)],
    "admin.new_account": [Row(_ADMINS), Row(_ADMINS, "POST")],
    "admin.one_account": [Row(_ADMINS, values=_ONE), Row(_ADMINS, "POST", values=_ONE)],
    "admin.give_password": [Row(_ADMINS, "POST", values={"account_id": "boss"})],
    "admin.disable": [Row(_ADMINS, "POST", values={"account_id": "boss"})],
    "admin.enable": [Row(_ADMINS, "POST", values={"account_id": "boss"})],
    "admin.sessions": [Row(_ADMINS)],
    "admin.entrust": [Row(_ADMINS, values={"session": "juillet"}), Row(_ADMINS, "POST", values={"session": "juillet"})],
    "admin.health": [Row(_ADMINS)],
    "admin.examination": [Row(_ADMINS, "POST")],
    "admin.log": [Row(_ADMINS)],
}
