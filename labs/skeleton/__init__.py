"""The first files of a new lab: commented in French, without a fault, worth running as they are.

Templates stand beside this file; theirs are ``[[ … ]]`` and ``[% … %]``, as the lab's own files use ``{{ … }}``.
"""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from labs.errors import UsageError
from labs.files import write_atomic
from labs.referential import Competency, load_referential
from labs.text import Text

MACHINES = ("server", "client", "ap")
"""What a first lab may be made of."""
SCHEMA_FILE, MUTANTS_SCHEMA_FILE = ".lab.schema.json", ".mutants.schema.json"
_SCRIPTED = ("server", "client")
"""The machines whose account gets a password of the session."""

_ABOUT = {
    "client": "installer.*poste|poste|micro-ordinateur|ordinateur",
    "server": "serveur|annuaire|comptes|réseau",
    "ap": "réseau|sans fil",
}
"""What the titles of competencies say that a first task of each machine may be evidence for."""


@dataclass(frozen=True)
class Plan:
    """What the author has said. machines: some of MACHINES; one at least. minutes: the length of the practical."""

    id: str
    title: str
    referential: str
    machines: tuple[str, ...]
    minutes: int


def write_skeleton(folder: Path, plan: Plan, *, schema: str, mutants_schema: str) -> list[Path]:
    """Write a new lab. schema, mutants_schema: what editors check ``lab.yml`` and ``mutants.yml`` by. Gives the files,
    in the order to read them.

    Raises UsageError when the folder holds anything already; nothing is ever overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            Text("Ce dossier existe déjà, et n'est pas vide.", "This folder exists already, and is not empty."),
            where=str(folder),
            do=Text("Choisissez un autre nom : rien n'est écrasé.", "Choose another name: nothing is overwritten."),
        )
    written = [write_atomic(folder / name, text) for name, text in skeleton(plan).items()]
    write_atomic(folder / SCHEMA_FILE, schema)
    write_atomic(folder / MUTANTS_SCHEMA_FILE, mutants_schema)
    return written


def skeleton(plan: Plan) -> dict[str, str]:
    """The text of each file of a new lab, by its name."""
    referential = load_referential(plan.referential)
    competencies = referential.competencies().values()
    values = {
        "id": plan.id,
        "folder": f"./{plan.id}",
        "title": plan.title,
        "referential": referential,
        "competencies": competencies,
        "competency": {name: _fitting(words, list(competencies)) for name, words in _ABOUT.items()},
        "secret": "technicien" if set(_SCRIPTED) & set(plan.machines) else "wifi",
        "minutes": plan.minutes,
        "machines": plan.machines,
        "first": next((name for name in _SCRIPTED if name in plan.machines), plan.machines[0]),
        "tasks": len(plan.machines),
    }
    environment = _environment()
    made = {
        "lab.yml": environment.from_string(_file("lab.yml.j2")).render(
            {**values, "title": json.dumps(plan.title, ensure_ascii=False)}
        ),
        "sujet.md": environment.from_string(_file("sujet.md.j2")).render(values),
        "solution.yml": environment.from_string(_file("solution.yml.j2")).render(values).rstrip("\n") + "\n",
        "mutants.yml": environment.from_string(_file("mutants.yml.j2")).render(values).rstrip("\n") + "\n",
    }
    return made | {f"setup/{name}.sh": _file("personalise.sh") for name in _SCRIPTED if name in plan.machines}


def _fitting(words: str, competencies: list[Competency]) -> str:
    """The competency that a task is probably about, by its title: the author is told to look."""
    seen = [one for one in competencies if any(criterion.seen_by != "person" for criterion in one.criteria)]
    named = [one for one in seen if re.search(words, one.title, re.IGNORECASE)]
    return (named or seen or competencies)[0].id


def _file(name: str) -> str:
    return files("labs.skeleton").joinpath(name).read_text(encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(  # noqa: S701 - plain text
        undefined=StrictUndefined,
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrapped"] = lambda text: "\n#     ".join(textwrap.wrap(text, 105))
    return environment
