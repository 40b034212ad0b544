"""Files that the lab names: they exist, and inside its folder."""

from __future__ import annotations

from collections.abc import Iterator

from labs.folder import inside
from labs.nodes import Node
from labs.problems import Problem
from labs.rules.draft import Draft
from labs.text import Text


def files_exist(draft: Draft) -> Iterator[Problem]:
    """The subject, playbooks, scripts, mutants and the folder of tests are there; no path leaves the lab's folder."""
    yield from _file(draft, draft.root.get("subject"))
    yield from _file(draft, draft.root.get("solution", "playbook"))
    yield from _file(draft, draft.root.get("tests"), folder=True)
    yield from _file(draft, draft.root.get("mutants"))
    for machine in draft.machines.values():
        yield from _file(draft, machine.get("prepare"))
        yield from _file(draft, machine.get("personalise"))
    for node in (*draft.changes("shell"), *draft.changes("playbook")):
        yield from _file(draft, node)
    yield from _links(draft)


def _file(draft: Draft, node: Node | None, *, folder: bool = False) -> Iterator[Problem]:
    if node is None or node.text is None:
        return
    target = inside(draft.folder, node.text)
    if target is None:
        yield draft.problem(
            "outside-folder",
            node,
            Text(f"« {node.text} » sort du dossier du sujet", f"“{node.text}” leaves the lab's folder"),
            Text("un chemin relatif dans le dossier du sujet", "a relative path inside the lab's folder"),
        )
    elif folder and not target.is_dir():
        yield draft.problem(
            "missing-file",
            node,
            Text(f"le dossier « {node.text} » n'existe pas", f"folder “{node.text}” does not exist"),
        )
    elif not folder and not target.is_file():
        yield draft.problem(
            "missing-file",
            node,
            Text(f"le fichier « {node.text} » n'existe pas", f"file “{node.text}” does not exist"),
        )


def _links(draft: Draft) -> Iterator[Problem]:
    """A symbolic link out of the folder would make a lab depend on the machine it lies on."""
    for path in sorted(draft.folder.rglob("*")):
        relative = path.relative_to(draft.folder).as_posix()
        if path.is_symlink() and inside(draft.folder, relative) is None:
            yield draft.problem(
                "outside-folder",
                Node(1, 1),
                Text(
                    f"le lien symbolique « {relative} » sort du dossier du sujet",
                    f"symbolic link “{relative}” leaves the lab's folder",
                ),
                Text("des fichiers du sujet", "files of the lab"),
            )
