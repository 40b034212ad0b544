"""The reference as Markdown: every check with its parameters and an example, every probe with what it finds."""

from __future__ import annotations

import inspect
import io
from collections.abc import Iterator, Sequence

from ruamel.yaml import YAML

from checkers.checks import CHECKS
from checkers.expect.kinds import leaves, record
from checkers.families import DIALECTS
from checkers.probe import Question
from checkers.probes.awake import Awake
from checkers.reference.probes import Asked, arguments, asked_by, probes
from checkers.reference.types import default_words, type_words
from checkers.reference.words import example, parameter_words
from labs.text import Language, Text

_HEAD = Text(
    """\
# Les contrôles et les sondes

Écrit par « epreuve lab docs » ; ne pas modifier à la main.

Un contrôle interroge sa machine (`on`) par l'agent invité. Celui qui prend un `network` et pas de `on` regarde de
l'extérieur, par le témoin de ce réseau ; `wifi-air`, `wifi-associates` et `wifi-isolation` interrogent le témoin
radio. Un paramètre sans valeur par défaut doit être donné ; « — » : rien n'est attendu.

## Les contrôles
""",
    """\
# The checks and the probes

Written by `epreuve lab docs`; do not edit. See [Writing a lab](writing-a-lab.md) for how checks are used.

A check asks its machine (`on`) through the guest agent. One that takes a `network` and no `on` asks from outside,
through the witness on that network; `wifi-air`, `wifi-associates` and `wifi-isolation` ask the witness radio. A
parameter without a default must be given; “—” stands for nothing expected.

## Checks
""",
)
_PROBES = Text(
    """\
## Les sondes

Ce que les contrôles demandent aux machines et aux témoins, et ce que ceux-ci répondent, champ par champ. Les preuves
citent ces noms. Un contrôle `fact` interroge celles que « epreuve lab probes » cite.
""",
    """\
## Probes

What the checks ask the machines and the witnesses, and what these answer, field by field. The evidence names them so.
A check `fact` may ask those that `epreuve lab probes` lists.
""",
)
_PLACES = {
    "machine": Text("dans une machine", "in a machine"),
    "wire": Text("par le témoin du réseau", "by the witness on the wire"),
    "radio": Text("par le témoin radio", "by the witness radio"),
    "bench": Text("au poste entier", "of the whole bench"),
}
_WIRED = Text(
    " Sur : ce qui répond sur ce réseau, quel que soit son système ; aucun appareil réel n'y est.",
    " On: whatever answers on that network, of any system; no physical device is on it.",
)


def page(language: Language) -> str:
    """The whole reference."""
    parts = [_HEAD.in_(language), *(check_section(kind, language) for kind in sorted(CHECKS))]
    parts += [_PROBES.in_(language), *(probe_section(found, language) for found in probes().values())]
    return "\n".join(parts)


def check_section(kind: str, language: Language) -> str:
    """What a kind of check is, takes, and asks; with an example to copy."""
    check = CHECKS[kind]
    schema = check.model_json_schema()
    lines = [f"### {kind}", "", _sentence(check.about.in_(language)), ""]
    if language == "en":
        lines += [inspect.cleandoc(check.__doc__ or ""), ""]
    lines += [
        Text("| paramètre | sens | valeur | défaut |", "| parameter | meaning | takes | default |").in_(language),
        "|---|---|---|---|",
    ]
    for name, value in schema["properties"].items():
        meaning = parameter_words(kind, name) or Text("", "")
        takes = type_words(value, schema.get("$defs", {}))
        default = default_words(value, name in schema.get("required", ()))
        lines.append(f"| `{name}` | {meaning.in_(language)} | {takes.in_(language)} | {default} |")
    lines += ["", "```yaml", *_example(kind), "```", ""]
    asked = asked_by(kind)
    names = ", ".join(f"`{name}`" for name in dict.fromkeys(question.probe.name for question in asked))
    machines = _answering(asked, language)
    lines.append(Text(f"Sondes : {names}.{machines}", f"Probes: {names}.{machines}").in_(language))
    return "\n".join(lines) + "\n"


def _example(kind: str) -> Iterator[str]:
    stream = io.StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 110
    yaml.dump({"check": kind, "with": example(kind) or {}}, stream)
    yield from stream.getvalue().rstrip("\n").split("\n")


def probe_section(found: Asked, language: Language) -> str:
    """What a probe asks, takes, and finds: the paths that a ``fact`` may name, where it may ask it."""
    probe = found.probe
    about, place = _sentence(probe.about.in_(language)), _PLACES[probe.vantage].in_(language)
    kinds = ", ".join(f"`{kind}`" for kind in found.kinds)
    machines = _machines([found.question], language)
    taken = ", ".join(f"`{name}` ({takes.in_(language)})" for name, takes in arguments(probe))
    finds = ", ".join(f"`{path}` ({kind.words().in_(language)})" for path, kind in leaves(record(probe.value)))
    lines = [
        f"### {probe.name}",
        "",
        Text(
            f"{about} Demandé {place}, {probe.timeout_s} s au plus.{machines}",
            f"{about} Asked {place}, within {probe.timeout_s} s.{machines}",
        ).in_(language),
        "",
        *([Text(f"- Prend : {taken}.", f"- Takes: {taken}.").in_(language)] if taken else []),
        Text(f"- Trouve : {finds}.", f"- Finds: {finds}.").in_(language),
        Text(f"- Contrôles : {kinds}.", f"- Checks: {kinds}.").in_(language),
        Text(f"- Exemple : `{found.question.key}`", f"- Example: `{found.question.key}`").in_(language),
    ]
    return "\n".join(lines) + "\n"


def _answering(asked: Sequence[Question], language: Language) -> str:
    """Of what a check can be asked. One that only looks at a wire asks its machine nothing but whether it is awake,
    which tells nothing of who may answer."""
    outside = [question.probe.vantage == "wire" for question in asked if not isinstance(question.probe, Awake)]
    return _WIRED.in_(language) if all(outside) else _machines(asked, language)


def _machines(asked: Sequence[Question], language: Language) -> str:
    """To which machines all the questions that go to machines can be put; nothing where none goes to one."""
    to = [question.families for question in asked if question.probe.vantage == "machine"]
    titles = [dialect.title.in_(language) for name, dialect in DIALECTS.items() if all(name in one for one in to)]
    words = Text(f" Sur : {', '.join(titles)}.", f" On: {', '.join(titles)}.")
    return words.in_(language) if to else ""


def _sentence(about: str) -> str:
    return f"{about[:1].upper()}{about[1:]}{'' if about.endswith('…') else '.'}"
