"""``epreuve lab prove-incidents``: that each incident happens, is seen, and is repaired, on real machines."""

from __future__ import annotations

import sys
from contextlib import ExitStack

import click

from labs.text import tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import Steps, err, json_option, print_json, print_table, say_variants, variant_option
from orchestrator.cli.lab import command
from orchestrator.engine.incidents import find
from orchestrator.hypervisor import connect
from orchestrator.proving.incidents import Proved, solved_bench
from orchestrator.settings import load_settings


@command.command(
    "prove-incidents",
    help=tr(
        "Prouve les incidents d'un sujet sur de vraies machines. Sur un poste où la solution de référence a tout "
        "fait, chaque incident est provoqué, constaté, réparé par sa réparation de référence, et tous les contrôles du "
        "sujet sont comparés à ceux d'avant. Ne laisse rien derrière elle. Code de sortie 7 si l'un d'eux n'est pas "
        "prouvé.",
        "Prove the incidents of a lab on real machines. On a bench on which the reference solution has done all of it, "
        "each incident is brought about, seen, repaired by its reference repair, and all checks of the lab are "
        "compared with those before. Leaves nothing behind. Exit code 7 when one of them is not proved.",
    ),
)
@click.argument("lab")
@click.option(
    "--only",
    multiple=True,
    metavar="ID",
    help=tr("cet incident seulement ; se répète", "only this incident; repeatable"),
)
@variant_option
@json_option
def prove(lab: str, only: tuple[str, ...], variants: dict[str, str], as_json: bool) -> None:
    """Prove the incidents of a lab."""
    loaded = open_lab(lab).chosen(variants)
    say_variants(loaded.values)
    asked = [find(loaded, name) for name in only] or list(loaded.lab.incidents)
    settings = load_settings()
    steps = Steps()
    results: list[Proved] = []
    title = tr("Poste où tout est fait (solution de référence)", "Bench with everything done (reference solution)")
    with connect(settings) as hypervisor, ExitStack() as stack:
        with steps.step(title) as busy:
            made = solved_bench(loaded, hypervisor=hypervisor, settings=settings, progress=busy)
            prover = stack.enter_context(made)
        for incident in asked:
            with steps.step(f"{incident.id} : {incident.title}"):
                results.append(prover.prove(incident))
            for fault in results[-1].faults:
                err.print(f"    {fault}", style="red", markup=False, soft_wrap=True)
    if as_json:
        print_json(
            [
                {"incident": one.incident, "proved": not one.faults, "faults": one.faults, "seconds": one.seconds}
                for one in results
            ]
        )
    else:
        print_table(
            [tr("incident", "incident"), tr("prouvé", "proved"), tr("secondes", "seconds"), tr("étapes", "steps")],
            [_row(one) for one in results],
        )
    sys.exit(7 if any(one.faults for one in results) else 0)


def _row(one: Proved) -> tuple[object, ...]:
    steps = ", ".join(f"{step} {seconds:g}" for step, seconds in one.seconds.items())
    return one.incident, tr("non", "no") if one.faults else tr("oui", "yes"), round(sum(one.seconds.values()), 1), steps
