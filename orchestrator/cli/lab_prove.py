"""``epreuve lab prove``: that a lab's checks see what they must, on real machines."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

import click

from labs.errors import UsageError
from labs.loader import LoadedLab
from labs.mutant import Mutant
from labs.problems import one_of
from labs.text import Text, tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import Steps, err, json_option, print_json, print_table, say_variants, variant_option
from orchestrator.cli.lab import command
from orchestrator.cli.session_common import example
from orchestrator.hypervisor import connect
from orchestrator.proving.book import SHIPPED, Book, write_proof
from orchestrator.proving.devices import note_of, unprovable
from orchestrator.proving.proof import lacking
from orchestrator.proving.run import Asked, Came, prove_lab
from orchestrator.proving.words import claim_word, step_word
from orchestrator.settings import load_settings


@command.command(
    "prove",
    help=tr(
        "Prouve un sujet sur de vraies machines : sur un poste intact aucun contrôle ne réussit, la solution de "
        "référence obtient tous les points, et chaque mutant fait tomber exactement les contrôles qu'il nomme. Ce qui "
        "est prouvé est gardé : une preuve interrompue reprend où elle en était. Code de sortie 7 tant que le sujet "
        "n'est pas prouvé.",
        "Prove a lab on real machines: no check passes on an untouched bench, the reference solution gets every point, "
        "and each mutant flips exactly the checks that it names. What is proved is kept: a proof that was interrupted "
        "goes on where it was. Exit code 7 as long as the lab is not proved.",
    ),
    epilog=example("lab prove ./mon-sujet", "lab prove ./mon-sujet --only etendue-decalee --quick"),
)
@click.argument("lab")
@click.option(
    "--only", multiple=True, metavar="ID", help=tr("ce mutant seulement ; se répète", "only this mutant; repeatable")
)
@click.option(
    "--quick",
    is_flag=True,
    help=tr(
        "pour écrire des mutants : ne regarde que les contrôles nommés, ne prouve et ne garde rien",
        "for writing mutants: looks at the named checks only, proves and keeps nothing",
    ),
)
@click.option("--again", is_flag=True, help=tr("oublie ce qui était prouvé", "forget what was proved"))
@click.option(
    "--incidents", is_flag=True, help=tr("prouve aussi les incidents du sujet", "prove the lab's incidents too")
)
@click.option(
    "--publish",
    is_flag=True,
    help=tr(
        "pour un sujet fourni : écrit la preuve dans labs/proofs, livrée avec Épreuve",
        "for a lab shipped: write the proof to labs/proofs, shipped with Épreuve",
    ),
)
@variant_option
@json_option
def prove(
    lab: str,
    only: tuple[str, ...],
    quick: bool,
    again: bool,
    incidents: bool,
    publish: bool,
    variants: dict[str, str],
    as_json: bool,
) -> None:
    """Prove a lab."""
    signal.signal(signal.SIGTERM, _terminate)  # so that the bench is removed
    loaded = open_lab(lab).chosen(variants)
    say_variants(loaded.values)
    if publish and not loaded.is_default:
        raise UsageError(
            Text("Seule la preuve des premières valeurs est livrée.", "Only the proof of the first values is shipped."),
            do=Text("Retirez --variant ou --publish.", "Leave out --variant or --publish."),
        )
    asked = Asked(
        mutants=_mutants(loaded, only),
        incidents=loaded.lab.incidents if incidents else (),
        whole=not only and not quick,
        quick=quick,
        fresh=again,
    )
    settings, steps = load_settings(), Steps(done="·")  # what was not as it must be is told below the step
    with connect(settings) as hypervisor:
        book = Book(loaded, settings.proofs_dir, hypervisor, again=again)
        came = prove_lab(asked, book, hypervisor=hypervisor, settings=settings, step=steps.step, tell=_tell)
    left = lacking(book.proof, loaded)
    if publish and not left:
        write_proof(SHIPPED / f"{loaded.lab.id}.json", book.proof)
    _show(came, left, unprovable(loaded), as_json=as_json)
    failed = any(one.faults for one in came)
    sys.exit(7 if failed or (asked.whole and left) else 0)


def _mutants(lab: LoadedLab, only: Sequence[str]) -> tuple[Mutant, ...]:
    known = {one.id: one for one in lab.mutants}
    for name in only:
        if name not in known:
            near = one_of(known, name)
            raise UsageError(
                Text("Le sujet n'a pas ce mutant.", "The lab has no such mutant."),
                where=name,
                do=Text(f"Mutants : {near.fr}.", f"Mutants: {near.en}."),
            )
    return tuple(known[name] for name in dict.fromkeys(only)) or lab.mutants


def _tell(came: Came) -> None:
    for fault in came.faults:
        err.print(f"    {fault}", style="red", markup=False, soft_wrap=True)


def _show(came: Sequence[Came], left: Sequence[Text], unseen: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "proved": not left,
                "lacking": left,
                "on_devices": unseen,
                "results": [
                    {
                        "kind": one.kind,
                        "id": one.id,
                        "proved": not one.faults,
                        "already": one.already,
                        "flips": one.flips,
                        "faults": one.faults,
                        "seconds": one.seconds,
                        "steps": one.steps,
                    }
                    for one in came
                ],
            }
        )
        return
    print_table(
        ["", tr("juste", "right"), tr("secondes", "seconds"), tr("étapes", "steps"), tr("contrôles tombés", "flipped")],
        [_row(one) for one in came],
    )
    for reason in left:
        err.print(f"{tr('Pas encore prouvé', 'Not proved yet')} : {reason}", markup=False, soft_wrap=True)
    if not left:
        err.print(tr("Le sujet est prouvé.", "The lab is proved."))
    if (note := note_of(unseen)) is not None:
        err.print(str(note), markup=False, soft_wrap=True)


def _row(one: Came) -> tuple[object, ...]:
    claim = str(claim_word(one.id))
    if one.already:
        return claim, tr("déjà prouvé", "proved already"), "", "", ""
    steps = ", ".join(f"{step_word(step)} {seconds:g}" for step, seconds in one.steps.items())
    return claim, tr("non", "no") if one.faults else tr("oui", "yes"), one.seconds, steps, ", ".join(one.flips)


def _terminate(_number: int, _frame: object) -> None:
    sys.exit(143)
