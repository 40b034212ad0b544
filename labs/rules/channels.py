"""By which ways machines are asked, and the account of those that need one."""

from __future__ import annotations

from collections.abc import Iterator

from labs.nodes import Node
from labs.problems import Problem, one_of
from labs.rules.draft import Draft
from labs.text import Text


def channels_fit(draft: Draft) -> Iterator[Problem]:
    """Each way is named once and leads to that family; those that need an account have one with a declared password."""
    for name, machine in draft.machines.items():
        if name in draft.devices:
            continue
        windows = draft.family(name) == "windows"
        yield from _account(draft, machine.get("login", "secret"))
        channels = machine.get("channels")
        given = [node for node in (channels.items if channels else []) if node.text is not None]
        seen: set[str | None] = set()
        for node in given:
            if node.text in seen or (node.text == "winrm" and not windows):
                yield draft.problem(
                    "wrong-channel",
                    node,
                    Text(
                        f"la voie « {node.text} » est citée deux fois ou ne mène pas à cette machine",
                        f"way “{node.text}” is named twice, or does not lead to this machine",
                    ),
                    Text("agent, ssh, et winrm pour windows", "agent, ssh, and winrm for windows"),
                )
            elif node.text in ("winrm", "ssh") and windows and machine.get("login") is None:
                yield draft.problem(
                    "missing-login",
                    node,
                    Text(f"la voie « {node.text} » demande un compte", f"way “{node.text}” needs an account"),
                    Text("login: { user: …, secret: … }", "login: { user: …, secret: … }"),
                )
            seen.add(node.text)


def _account(draft: Draft, secret: Node | None) -> Iterator[Problem]:
    passwords = [name for name, one in draft.secrets.items() if (kind := one.get("kind")) and kind.text == "password"]
    if secret is not None and secret.text is not None and secret.text not in passwords:
        yield draft.problem(
            "unknown-secret",
            secret,
            Text(f"mot de passe non déclaré « {secret.text} »", f"password “{secret.text}” is not declared"),
            one_of(passwords, secret.text),
        )
