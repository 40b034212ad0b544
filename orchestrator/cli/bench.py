"""``epreuve bench``: candidates' benches, one by one."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from labs.errors import EpreuveError, UsageError
from labs.loader import LoadedLab
from labs.text import Text, tr
from orchestrator.bench import Bench, destroy_bench, destroy_orphans, list_benches, load_bench
from orchestrator.catalog import open_lab
from orchestrator.cli.common import Steps, err, json_option, print_json, print_table, say_variants, variant_option
from orchestrator.golden import load_golden
from orchestrator.hypervisor import connect
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.playbooks import require
from orchestrator.sessions import Session, ensure_session, forget_session, load_session
from orchestrator.settings import Settings, load_settings
from orchestrator.workshop import ensure_lab_golden, make_bench, reset_bench_machine, run_in_bench, solve


@click.group(
    "bench",
    help=tr(
        "Les postes : la copie d'un sujet pour un candidat. Un poste se nomme SESSION/NOM, par exemple « essai/a ».",
        "Benches: one candidate's copy of a lab. A bench is named SESSION/NAME, for example “essai/a”.",
    ),
)
def command() -> None:
    """Benches."""


@command.command(
    "create", help=tr("Crée un poste (clone à chaud du modèle).", "Make a bench (warm clone of the golden).")
)
@click.argument("bench")
@click.option("--lab", default="tai-complet", show_default=True, help=tr("sujet", "lab"))
@click.option("--candidate", default="", help=tr("nom du candidat", "the candidate's name"))
@variant_option
@json_option
def create(bench: str, lab: str, candidate: str, variants: dict[str, str], as_json: bool) -> None:
    """Make a bench."""
    session_name, name = split(bench)
    settings = load_settings()
    _leave_exams_alone(session_name, settings)
    loaded = open_lab(lab).chosen(variants)
    say_variants(loaded.values)
    steps = Steps()
    with connect(settings) as hypervisor:
        with steps.step(tr("modèle des machines", "golden of the machines")) as busy:
            golden = ensure_lab_golden(loaded, hypervisor, settings, busy)
        with steps.step(tr(f"poste {bench}", f"bench {bench}")) as busy:
            made = make_bench(
                loaded,
                golden,
                session=ensure_session(settings.data_dir, session_name, loaded),
                name=name,
                candidate=candidate or name,
                hypervisor=hypervisor,
                settings=settings,
                progress=busy,
            )
    if as_json:
        print_json(_row(made, None))
    else:
        click.echo(
            tr(f"Sujet du candidat : {made.dir / 'sujet.html'}", f"Candidate's paper: {made.dir / 'sujet.html'}")
        )


@command.command("list", help=tr("Les postes et l'état de leurs machines.", "The benches and their machines' states."))
@json_option
def list_(as_json: bool) -> None:
    """List benches."""
    settings = load_settings()
    with connect(settings) as hypervisor:
        rows = [_row(bench, hypervisor) for bench in list_benches(hypervisor, settings.benches_dir)]
    if as_json:
        print_json(rows)
        return
    print_table(
        [tr("poste", "bench"), tr("candidat", "candidate"), tr("sujet", "lab"), "machines", tr("créé", "created")],
        [
            (
                row["bench"],
                row["candidate"],
                row["lab"],
                ", ".join(f"{name}: {m['state']} ({m['start']})" for name, m in row["machines"].items()),
                row["created_at"],
            )
            for row in rows
        ],
    )


@command.command(
    "reset",
    help=tr(
        "Remet une machine à son état de départ (disque et mémoire). Ce que le candidat y a fait est perdu : demande "
        "confirmation, sauf --yes.",
        "Bring one machine back to its start (disk and memory). What the candidate did there is lost: asks "
        "first, unless "
        "--yes.",
    ),
)
@click.argument("bench")
@click.argument("machine")
@click.option("--yes", is_flag=True, help=tr("ne pas demander", "do not ask"))
def reset(bench: str, machine: str, yes: bool) -> None:
    """Reset a machine."""
    settings = load_settings()
    with connect(settings) as hypervisor:
        found = find(bench, settings)
        _leave_exams_alone(found.session, settings)
        session = load_session(settings.data_dir, found.session)
        golden = load_golden(settings.goldens_dir / found.golden_key)
        if golden is None:
            raise EpreuveError(
                Text("Le modèle de ce poste n'est plus là.", "This bench's golden is gone."),
                where=found.golden_key,
                do=Text("Détruisez le poste et recréez-le.", "Destroy the bench and make it again."),
            )
        if not yes:
            click.confirm(tr(f"Remettre {machine} de {bench} à zéro ?", f"Reset {machine} of {bench}?"), abort=True)
        with Steps().step(tr(f"remise à zéro de {machine}", f"reset of {machine}")):
            lab = bench_lab(found, session)
            reset_bench_machine(found, machine, lab, golden, session=session, hypervisor=hypervisor)


@command.command(
    "run",
    help=tr(
        "Lance quelque chose dans les machines d'un poste, par l'agent invité : la solution de référence (--solution, "
        "éventuellement --task), un playbook Ansible (--playbook), ou une commande d'une machine (MACHINE -- "
        "COMMANDE).",
        "Run something in a bench's machines, over the guest agent: the reference solution (--solution, "
        "optionally --task), "
        "an Ansible playbook (--playbook), or a command of one machine (MACHINE -- COMMAND).",
    ),
)
@click.argument("bench")
@click.argument("words", nargs=-1)
@click.option("--solution", is_flag=True, help=tr("la solution de référence du sujet", "the lab's reference solution"))
@click.option(
    "--task", "tasks", multiple=True, help=tr("seulement cette tâche (répétable)", "only this task (repeatable)")
)
@click.option("--playbook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--timeout", default=60.0, show_default=True, help=tr("secondes, pour une commande", "seconds, for a command")
)
def run(
    bench: str, words: tuple[str, ...], solution: bool, tasks: tuple[str, ...], playbook: Path | None, timeout: float
) -> None:
    """Run the solution, a playbook or a command."""
    if [bool(words), solution, playbook is not None].count(True) != 1:
        raise UsageError(
            Text("Il faut une seule chose à lancer.", "Exactly one thing to run is needed."),
            do=Text(
                "Donnez --solution, --playbook FICHIER, ou MACHINE -- COMMANDE.",
                "Give --solution, --playbook FILE, or MACHINE -- COMMAND.",
            ),
        )
    settings = load_settings()
    with connect(settings) as hypervisor:
        found = find(bench, settings)
        if words:
            sys.exit(_command(found, words, hypervisor, timeout))
        session = load_session(settings.data_dir, found.session)
        uri, lab = hypervisor.info().uri, bench_lab(found, session)
        with Steps().step(tr("travail dans les machines", "work in the machines")) as busy:
            if playbook is not None:
                done = run_in_bench(found, playbook.resolve(), lab, session=session, uri=uri, progress=busy)
                require(done, playbook)
            else:
                solve(found, lab, session=session, uri=uri, tasks=tasks, progress=busy)


@command.command(
    "destroy",
    help=tr(
        "Détruit un poste, ou tous avec --all, sauf ceux des sessions d'examen. Demande confirmation, sauf --yes.",
        "Destroy a bench, or all with --all, but those of exam sessions. Asks first, unless --yes.",
    ),
)
@click.argument("bench", required=False)
@click.option("--all", "all_", is_flag=True, help=tr("tous les postes et restes", "every bench and leftover"))
@click.option("--yes", is_flag=True, help=tr("ne pas demander", "do not ask"))
def destroy(bench: str | None, all_: bool, yes: bool) -> None:
    """Destroy benches."""
    if (bench is None) != all_:
        raise UsageError(
            Text("Il faut nommer un poste, ou dire --all.", "Name a bench, or say --all."),
            do=Text("« epreuve bench list » les montre.", "“epreuve bench list” shows them."),
        )
    settings = load_settings()
    with connect(settings) as hypervisor:
        exams = _exams(settings)
        benches = [one for one in list_benches(hypervisor, settings.benches_dir) if one.session not in exams]
        if bench is not None:
            _leave_exams_alone(split(bench)[0], settings)
        chosen = benches if all_ else [b for b in benches if f"{b.session}/{b.name}" == bench]
        if bench is not None and not chosen:
            find(bench, settings)
        if not yes:
            click.confirm(tr(f"Détruire {len(chosen)} poste(s) ?", f"Destroy {len(chosen)} bench(es)?"), abort=True)
        for found in chosen:
            destroy_bench(hypervisor, settings.benches_dir, found.session, found.name)
            click.echo(tr(f"{found.label} détruit", f"{found.label} destroyed"))
        for name in destroy_orphans(hypervisor, settings.benches_dir, settings.goldens_dir) if all_ else []:
            click.echo(tr(f"reste supprimé : {name}", f"leftover removed: {name}"))
        left = {found.session for found in list_benches(hypervisor, settings.benches_dir)}
        for session in {found.session for found in chosen} - left:
            forget_session(settings.data_dir, session)


def _exams(settings: Settings) -> set[str]:
    """The exam sessions that the service looks after: their benches are not for these commands to change."""
    if not settings.database.exists():
        return set()
    from orchestrator.store import exams, open_store

    with open_store(settings.database) as store, store.read() as tx:
        return {one.slug for one in exams.list_sessions(tx) if one.state != "purged"}


def _leave_exams_alone(session: str, settings: Settings) -> None:
    if session in _exams(settings):
        raise UsageError(
            Text("Ce poste est celui d'une session d'examen.", "This bench belongs to an exam session."),
            where=session,
            do=Text(
                "Passez par la session : « epreuve session reset-machine », « close » ou « purge ».",
                "Go through the session: “epreuve session reset-machine”, “close” or “purge”.",
            ),
        )


def split(bench: str) -> tuple[str, str]:
    """``SESSION/NAME`` in two. Raises UsageError."""
    session, slash, name = bench.partition("/")
    if not (session and slash and name):
        raise UsageError(
            Text("Un poste se nomme SESSION/NOM.", "A bench is named SESSION/NAME."),
            where=bench,
            do=Text("Par exemple « essai/a ».", "For example “essai/a”."),
        )
    return session, name


def find(bench: str, settings: Settings) -> Bench:
    """The bench of this name. Raises UsageError when there is none."""
    session, name = split(bench)
    found = load_bench(settings.benches_dir, session, name)
    if found is None:
        raise UsageError(
            Text("Ce poste n'existe pas.", "There is no such bench."),
            where=bench,
            do=Text("« epreuve bench list » les montre.", "“epreuve bench list” shows them."),
        )
    return found


def bench_lab(bench: Bench, session: Session) -> LoadedLab:
    """The lab of a bench, with the values that it was made with. Raises UsageError, LabError or VariantError."""
    return open_lab(str(session.lab_folder)).variant(bench.variants)


def _command(bench: Bench, words: tuple[str, ...], hypervisor: Hypervisor, timeout: float) -> int:
    machine, argv = words[0], list(words[1:])
    if machine not in bench.machines or not argv:
        raise UsageError(
            Text("Il faut une machine du poste puis une commande.", "Give a machine of the bench, then a command."),
            where=machine,
            do=Text(f"Machines : {', '.join(bench.machines)}.", f"Machines: {', '.join(bench.machines)}."),
        )
    result = hypervisor.agent(bench.machines[machine].domain).run(argv, timeout_s=timeout)
    sys.stdout.buffer.write(result.stdout)
    sys.stderr.buffer.write(result.stderr)
    if result.exit_code is None:
        told = Text(
            f"La commande n'a pas fini en {timeout:g} s : --timeout lui en donne davantage.",
            f"The command had not ended after {timeout:g} s: --timeout gives it more.",
        )
        err.print(str(told), markup=False, soft_wrap=True)
        return 124
    return result.exit_code


def _row(bench: Bench, hypervisor: Hypervisor | None) -> dict[str, Any]:
    states = {view.name: view.state.value for view in hypervisor.domains()} if hypervisor else {}
    return {
        "bench": f"{bench.session}/{bench.name}",
        "candidate": bench.candidate,
        "lab": bench.lab,
        "variants": bench.variants,
        "golden": bench.golden_key,
        "state": bench.state,
        "machines": {
            name: {
                "domain": machine.domain,
                "start": machine.start,
                "state": states.get(machine.domain, "?" if hypervisor is None else "off"),
                "reason": str(machine.reason) if machine.reason else None,
            }
            for name, machine in bench.machines.items()
        },
        "timings": bench.timings,
        "created_at": datetime.fromtimestamp(bench.created_at, UTC).isoformat(timespec="seconds"),
        "folder": str(bench.dir),
    }
