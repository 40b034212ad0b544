"""The subject (the candidate's paper) and the secrets that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from jinja2 import TemplateSyntaxError, nodes

from labs.problems import Problem, one_of
from labs.rules.draft import Draft
from labs.subject import NAMES, environment
from labs.text import Text


def _at(text: str, line: int, word: str) -> int:
    """The column of a word in a line of a text (1 when it cannot be told)."""
    lines = text.split("\n")
    found = re.search(rf"\b{re.escape(word)}\b", lines[line - 1]) if 1 <= line <= len(lines) else None
    return found.start() + 1 if found else 1


def subject_renders(draft: Draft) -> Iterator[Problem]:
    """The subject is a sound template that uses nothing but the names that it is given."""
    file, text, problems = draft.text_of("subject")
    yield from problems
    if text is None:
        return
    try:
        tree = environment().parse(text)
    except TemplateSyntaxError as error:
        yield Problem(
            "template",
            file,
            error.lineno,
            1,
            Text(
                f"le modèle du sujet est mal écrit ({error.message})",
                f"the subject's template is wrong ({error.message})",
            ),
        )
        return
    assigned = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    known = {*NAMES, *assigned, *environment().globals}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in known:
            yield Problem(
                "unknown-variable",
                file,
                node.lineno,
                _at(text, node.lineno, node.name),
                Text(f"variable inconnue « {node.name} »", f"unknown variable “{node.name}”"),
                one_of(NAMES, node.name),
            )


def _is_secrets(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Name) and node.name == "secrets"


def _parsed(text: str) -> nodes.Template | None:
    try:
        return environment().parse(text)
    except TemplateSyntaxError:
        return None


def _uses_in_subject(text: str) -> list[tuple[str, int, int]]:
    """Every ``secrets.NAME`` of a template: name, line, column."""
    tree = _parsed(text)
    if tree is None:
        return []
    found = []
    for dotted in tree.find_all(nodes.Getattr):
        if _is_secrets(dotted.node):
            found.append((dotted.attr, dotted.lineno, _at(text, dotted.lineno, dotted.attr)))
    for indexed in tree.find_all(nodes.Getitem):
        if _is_secrets(indexed.node) and isinstance(indexed.arg, nodes.Const):
            name = str(indexed.arg.value)
            found.append((name, indexed.lineno, _at(text, indexed.lineno, name)))
    return found


_IN_PLAYBOOK = re.compile(r"\bsecrets(?:\.|\[['\"])([A-Za-z_][A-Za-z0-9_]*)")


def _uses_in_playbook(text: str) -> list[tuple[str, int, int]]:
    return [
        (match[1], number, match.start(1) + 1)
        for number, line in enumerate(text.split("\n"), 1)
        for match in _IN_PLAYBOOK.finditer(line)
    ]


def _uses(draft: Draft) -> Iterator[tuple[PurePath, str, int, int]]:
    playbooks = [draft.root.get("solution", "playbook"), *draft.changes("playbook")]
    for node, find in [
        (draft.root.get("subject"), _uses_in_subject),
        *((node, _uses_in_playbook) for node in playbooks),
    ]:
        file, text, _ = draft.text_at(node)
        for name, line, column in find(text) if text else []:
            yield file, name, line, column


def secrets_are_declared(draft: Draft) -> Iterator[Problem]:
    """The subject, the solution and the playbooks of incidents use only secrets that ``lab.yml`` declares."""
    names = draft.secret_names()
    for file, name, line, column in dict.fromkeys(_uses(draft)):
        if name not in names:
            yield Problem(
                "unknown-secret",
                file,
                line,
                column,
                Text(f"secret non déclaré « {name} »", f"secret “{name}” is not declared"),
                one_of(names, name),
            )


def secrets_are_used(draft: Draft) -> Iterator[Problem]:
    """Every declared secret is used: in the subject, by a check, in a playbook or in a script."""
    subject = draft.text_of("subject")[1]
    if subject is None or _parsed(subject) is None:
        return  # nobody can tell; that fault is told already
    used = {name for _, name, _, _ in _uses(draft)}
    for check in draft.all_checks():
        for node in check.params.walk():
            used |= {value.text for key, value in node.map.items() if key.endswith("_secret") and value.text}
    used |= {own.text for one in draft.machines.values() if (own := one.get("login", "secret")) and own.text}
    used |= {
        secret.text
        for one in draft.devices.values()
        for key in ("secret", "enable")
        if (secret := one.get(key)) and secret.text
    }
    scripts = [draft.text_of("machines", machine, "personalise")[1] or "" for machine in draft.machines]
    scripts += [draft.text_at(node)[1] or "" for node in draft.changes("shell")]
    words = set(re.findall(r"[A-Z][A-Z0-9_]*", "\n".join(scripts)))
    for name in draft.secrets:
        if not {name, f"{name}_public"} & used and not {name.upper(), f"{name}_public".upper()} & words:
            yield draft.problem(
                "unused-secret",
                draft.place_of_key("secrets", name),
                Text(f"le secret « {name} » ne sert nulle part", f"secret “{name}” is used nowhere"),
                Text(
                    "le citer dans le sujet, un contrôle, la solution ou un script, ou le retirer",
                    "to use it in the subject, a check, the solution or a script, or to remove it",
                ),
            )
