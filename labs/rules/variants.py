"""Variants: values of one form, names that lead to them wherever they are used, and checks that tell them apart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from jinja2 import TemplateSyntaxError, nodes

from labs.nodes import Node
from labs.placeholders import Use, misplaced, resolve, uses
from labs.problems import Problem, one_of
from labs.rules.draft import Draft
from labs.subject import environment as templates
from labs.text import Text
from labs.values import first
from labs.variant import environment, parts, variable

_IN_PLAYBOOK = re.compile(r"\bvariants\.([A-Za-z0-9_]+)(?:\.([A-Za-z0-9_]+))?")
_IN_SCRIPT = re.compile(r"\$\{?(VARIANTS_[A-Za-z0-9_]+)")
_TAKEN = frozenset(dir({}))
"""Templates and playbooks would take these for what a mapping can do."""


def values_fit(draft: Draft) -> Iterator[Problem]:
    """All values of a variant have the same parts, and no name hides behind another."""
    variables: dict[str, str] = {}
    for name, values in draft.variants.items():
        wanted = parts(values[0]).keys()
        for value, node in zip(values, value_nodes(draft, name), strict=True):
            if parts(value).keys() != wanted:
                listed = ", ".join(wanted - {""}) or "—"
                yield draft.problem(
                    "variant-parts",
                    node,
                    Text(
                        "cette valeur n'a pas les mêmes parties que la première",
                        "this value has not the same parts as the first one",
                    ),
                    Text(listed, listed),
                )
        for part in {name, *wanted} & _TAKEN:
            yield draft.problem(
                "wrong-value",
                draft.place_of_key("variants", name),
                Text(f"« {part} » ne peut pas être un nom ici", f"“{part}” cannot be a name here"),
            )
        for known in environment({name: values[0]}):
            if (other := variables.setdefault(known, name)) != name:
                yield draft.problem(
                    "variant-collision",
                    draft.place_of_key("variants", name),
                    Text(
                        f"${known} désignerait aussi une partie de « {other} »",
                        f"${known} would also stand for a part of “{other}”",
                    ),
                )


def placeholders_fit(draft: Draft) -> Iterator[Problem]:
    """Whatever names a variant names one that there is, down to the part, and where values may stand."""
    for use in uses(draft.written):
        yield from _known(draft, draft.file, use.node.line, use.node.column, use.name, use.part)
    for use in misplaced(draft.written):
        yield draft.problem(
            "misplaced-variant",
            use.node,
            Text("une variante ne peut pas servir ici", "a variant cannot be used here"),
            Text(
                "sous « with », dans un ticket, son script ou son diagnostic : le reste est le même pour tous",
                "under “with”, in a ticket, its script or its diagnosis: the rest is the same for all",
            ),
        )
    for use in _in_mutants(draft):
        what = Text("dans un mutant, une variante est une variable", "in a mutant, a variant is a variable")
        name = f"${variable(use.name, use.part)}"
        place = draft.mutants_file[0], use.node.line, use.node.column
        yield Problem("misplaced-variant", *place, what, Text(name, name))
    file, text, _ = draft.text_of("subject")
    for line, name, part in _in_subject(text or ""):
        yield from _known(draft, file, line, 1, name, part)
    for node in (draft.root.get("solution", "playbook"), *draft.changes("playbook")):
        yield from _in_file(draft, node, _IN_PLAYBOOK)
    scripts = [machine.get("personalise") for machine in draft.machines.values()]
    for node in (*scripts, *draft.changes("shell"), draft.root.get("mutants")):
        yield from _in_file(draft, node, _IN_SCRIPT)


def variants_are_checked(draft: Draft) -> Iterator[Problem]:
    """Two candidates with different values are expected different things of: some check tells every two apart."""
    for name, values in draft.variants.items():
        seen: dict[str, int] = {}
        for number, (value, node) in enumerate(zip(values, value_nodes(draft, name), strict=True), start=1):
            root = resolve(draft.written, {**first(draft.variants), name: value})
            before = seen.setdefault(_expected(draft, root), number)
            if before != number:
                yield draft.problem(
                    "variant-not-checked",
                    node,
                    Text(
                        f"aucun contrôle ne distingue cette valeur de « {name} » de la {before}ᵉ",
                        f"no check tells this value of “{name}” from number {before}",
                    ),
                    Text(
                        f"{{{{ variants.{name} }}}} sous le « with » d'un contrôle",
                        f"{{{{ variants.{name} }}}} under the “with” of a check",
                    ),
                )


def _in_mutants(draft: Draft) -> Iterator[Use]:
    """The placeholders in the file of mutants, whose scripts find values in their environment instead."""
    root = draft.mutants_file[1]
    return misplaced(root) if root is not None else iter(())


def value_nodes(draft: Draft, name: str) -> list[Node]:
    """The nodes of the values of a variant that can be read."""
    found = draft.written.get("variants", name, "values")
    return found.items if found else []


def _expected(draft: Draft, root: Node) -> str:
    varied = replace(draft, root=root)
    return json.dumps([check.params.plain() for check in varied.all_checks()], sort_keys=True)


def _in_subject(text: str) -> Iterator[tuple[int, str, str]]:
    """Every ``variants.NAME.PART`` of a template: its line, the name, the part or nothing."""
    try:
        tree = templates().parse(text)
    except TemplateSyntaxError:
        return  # told already
    inner: set[int] = set()
    for dotted in tree.find_all(nodes.Getattr):
        below = dotted.node
        if isinstance(below, nodes.Getattr) and _is_variants(below.node):
            inner.add(id(below))
            yield dotted.lineno, below.attr, dotted.attr
    for dotted in tree.find_all(nodes.Getattr):
        if _is_variants(dotted.node) and id(dotted) not in inner:
            yield dotted.lineno, dotted.attr, ""


def _is_variants(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "variants"


def _in_file(draft: Draft, node: Node | None, pattern: re.Pattern[str]) -> Iterator[Problem]:
    file, text, _ = draft.text_at(node)
    known = environment(first(draft.variants))
    for number, line in enumerate((text or "").split("\n"), 1):
        for match in pattern.finditer(line):
            place = number, match.start(1) + 1
            if pattern is _IN_PLAYBOOK:
                yield from _known(draft, file, *place, match[1], match[2] or "", whole=True)
            elif match[1] not in known:
                yield _unknown(file, *place, f"${match[1]}", one_of(known, match[1]))


def _known(
    draft: Draft, file: PurePath, line: int, column: int, name: str, part: str, *, whole: bool = False
) -> Iterator[Problem]:
    """whole: a value may be named as a whole; it is not written anywhere as such."""
    if name not in draft.variants:
        if draft.written.get("variants", name) is None:  # else its own fault is told
            yield _unknown(file, line, column, f"variants.{name}", one_of(draft.variants, name))
        return
    known = parts(draft.variants[name][0])
    if part not in known and not (whole and not part):
        names = [f"variants.{name}.{one}" if one else f"variants.{name}" for one in known]
        yield _unknown(file, line, column, f"variants.{name}.{part}".rstrip("."), one_of(names))


def _unknown(file: PurePath, line: int, column: int, name: str, known: Text) -> Problem:
    what = Text(f"variante inconnue « {name} »", f"unknown variant “{name}”")
    return Problem("unknown-variant", file, line, column, what, known)
