"""``epreuve doctor``."""

from __future__ import annotations

import sys

import click

from labs.errors import UsageError
from labs.text import Text, tr
from orchestrator.cli.common import Steps, json_option, print_json, print_table
from orchestrator.doctor import examine
from orchestrator.settings import Settings, load_settings

SIGNS = {"ok": "[green]✓[/green]", "warning": "[yellow]![/yellow]", "failed": "[red]✗[/red]"}


@click.command(
    "doctor",
    help=tr(
        "Examine cet hôte : programmes, libvirt, accélération, place, mémoire ; dit quoi faire. Code de sortie "
        "1 si quelque "
        "chose empêche de travailler.",
        "Look this host over: programs, libvirt, acceleration, room, memory; says what to do. Exit code 1 when "
        "something "
        "prevents working.",
    ),
)
@click.option(
    "--rehearse",
    type=click.IntRange(min=1, max=500),
    metavar="N",
    help=tr(
        "répète une épreuve d'une minute avec N postes : temps, mémoire au plus haut, et s'ils tiennent vraiment",
        "rehearse an exam of one minute with N benches: times, peak memory, and whether they really fit",
    ),
)
@click.option("--lab", default="tai-complet", show_default=True, help=tr("sujet à répéter", "lab to rehearse"))
@click.option(
    "--simulated", is_flag=True, help=tr("répète sur des machines simulées", "rehearse on simulated machines")
)
@json_option
def command(rehearse: int | None, lab: str, simulated: bool, as_json: bool) -> None:
    """Examine the host."""
    if rehearse is not None:
        _rehearse(rehearse, lab, simulated, as_json)
        return
    findings = list(examine(load_settings()))
    if as_json:
        print_json(
            [
                {"name": f.name, "state": f.state, "found": str(f.found), "do": str(f.do) if f.do else None}
                for f in findings
            ]
        )
    else:
        print_table(
            ["", tr("quoi", "what"), tr("trouvé", "found"), tr("à faire", "to do")],
            [(SIGNS[f.state], f.name, f.found, f.do or "") for f in findings],
        )
    sys.exit(any(f.state == "failed" for f in findings))


def _no_exam_now(settings: Settings) -> None:
    """Refuse to rehearse beside candidates at work: it would take the processors from them."""
    from orchestrator.engine.desk import Desk
    from orchestrator.store import open_store

    if not settings.database.exists():
        return
    with open_store(settings.database) as store:
        busy = [one.exam.slug for one in Desk(store).sessions() if one.exam.state == "running"]
    if busy:
        raise UsageError(
            Text("Une épreuve est en cours : pas de répétition maintenant.", "An exam is under way: no rehearsal now."),
            where=", ".join(busy),
            do=Text("Attendez qu'elle soit figée.", "Wait until it is frozen."),
        )


def _rehearse(count: int, lab: str, simulated: bool, as_json: bool) -> None:
    from orchestrator.catalog import open_lab
    from orchestrator.cli.session_common import own_settings
    from orchestrator.hypervisor import connect
    from orchestrator.rehearse import rehearse
    from orchestrator.workshop import ensure_lab_golden

    settings = own_settings(simulated)
    _no_exam_now(settings)
    loaded = open_lab(lab)
    steps = Steps(tr("[simulé] ", "[simulated] ").replace("[", r"\[") if simulated else "")
    with connect(settings, simulated=simulated) as hypervisor:
        with steps.step(tr("modèle des machines", "golden of the machines")) as busy:
            golden = ensure_lab_golden(loaded, hypervisor, settings, busy)
        with steps.step(tr(f"répétition avec {count} postes", f"rehearsal with {count} benches")) as busy:
            done = rehearse(count, loaded, golden, hypervisor=hypervisor, settings=settings, progress=busy)
    if as_json:
        print_json({**done.as_json(), "simulated": simulated})
        return
    room = done.room
    print_table(
        [tr("mesure", "measure"), tr("valeur", "value")],
        [
            (tr("postes répétés", "benches rehearsed"), count),
            (tr("postes qui tiennent (mémoire)", "benches that fit (memory)"), room.by_memory),
            (tr("postes qui tiennent (disque)", "benches that fit (disk)"), room.by_disk),
            (tr("tous prêts", "all ready"), f"{done.prepare_s:.1f} s"),
            (tr("tous démarrés", "all started"), f"{done.start_s:.1f} s"),
            (tr("retard de la fin (p99)", "lateness of the bell (p99)"), f"{done.late_p99_s:.2f} s"),
            (tr("tous figés et relevés", "all frozen and observed"), f"{done.freeze_s:.1f} s"),
            (tr("mémoire au plus haut", "peak memory"), f"{done.memory_peak_mib} Mio"),
            (tr("échecs en chemin", "failures on the way"), len(done.failures)),
        ],
    )
    for failure in done.failures:
        click.echo(f"  {failure}", err=True)
