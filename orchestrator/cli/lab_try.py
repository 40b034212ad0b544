"""``epreuve lab try``: a bench for oneself, and its verdicts again and again while one works."""

from __future__ import annotations

from contextlib import ExitStack
from time import monotonic, sleep

import click

from checkers.checks import CHECKS
from checkers.judge import plan
from labs.problems import LabError
from labs.text import tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import Steps, err, say_variants, variant_option
from orchestrator.cli.device_option import device_option, told_devices
from orchestrator.cli.lab import command
from orchestrator.cli.lab_try_show import teller
from orchestrator.cli.session_common import example
from orchestrator.devices.nets import net_of
from orchestrator.devices.reach import NOT_SAID
from orchestrator.hypervisor import connect
from orchestrator.settings import load_settings
from orchestrator.trying import Trial, chosen, end, trial

_NOTICE_S = 0.5
"""How often the lab's files are looked at between two looks at the bench."""


@command.command(
    "try",
    epilog=example("lab try ./mon-sujet --only dhcp-etendue", "lab try tai-complet --solve dns --keep"),
    help=tr(
        "Essaie un sujet : un poste pour soi, relevé sans cesse, et ses verdicts qui changent pendant que l'on y "
        "travaille ou que l'on corrige le sujet.\n\n"
        "Les contrôles et la solution sont relus dès que leurs fichiers changent ; pour d'autres machines il faut un "
        "autre poste (--fresh). Ctrl-C termine et supprime le poste, sauf --keep : l'essai suivant le reprend.",
        "Try a lab: a bench for oneself, observed over and over, and its verdicts as they change while one works at "
        "it or on the lab.\n\n"
        "Checks and solution are read again as soon as their files change; other machines need another bench "
        "(--fresh). Ctrl-C ends it and removes the bench, unless --keep: the next trial goes on with it.",
    ),
)
@click.argument("lab")
@click.option(
    "--only",
    multiple=True,
    metavar="ID",
    help=tr(
        "cette tâche ou ce contrôle seulement : plus rapide ; se répète", "this task or check only: quicker; repeatable"
    ),
)
@click.option(
    "--solve",
    "tasks",
    multiple=True,
    metavar=tr("TÂCHE", "TASK"),
    help=tr(
        "d'abord la solution de référence de cette tâche (« all » : de toutes) ; se répète",
        "first the reference solution of this task (“all”: of all); repeatable",
    ),
)
@click.option(
    "--every",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0, 3600),
    help=tr("secondes entre deux relevés", "seconds between two looks"),
)
@click.option(
    "--looks",
    type=click.IntRange(1),
    help=tr("s'arrêter après tant de relevés, au lieu de Ctrl-C", "stop after so many looks, instead of by Ctrl-C"),
)
@click.option(
    "--keep", is_flag=True, help=tr("garder le poste pour l'essai suivant", "keep the bench for the next trial")
)
@click.option(
    "--fresh", is_flag=True, help=tr("un poste neuf, même s'il en reste un", "a new bench, even if one was kept")
)
@device_option
@variant_option
def try_(
    lab: str,
    only: tuple[str, ...],
    tasks: tuple[str, ...],
    every: float,
    looks: int | None,
    keep: bool,
    fresh: bool,
    devices: dict[str, str],
    variants: dict[str, str],
) -> None:
    """Try a lab."""
    loaded = open_lab(lab).chosen(variants)
    say_variants(loaded.values)
    chosen(plan(loaded.lab.checks(), CHECKS), only)  # a slip is told before a bench is made
    settings = load_settings()
    steps = Steps()
    with connect(settings) as hypervisor, ExitStack() as stack:
        with steps.step(tr("Poste d'essai", "Bench to try at")) as busy:
            if fresh:
                end(loaded, hypervisor, settings)
            made = trial(loaded, hypervisor=hypervisor, settings=settings, keep=keep, progress=busy)
            here = stack.enter_context(made)
        here.devices = told_devices(here.session.folder, loaded.lab, devices, net_of(here.bench, hypervisor))
        _where(here)
        if tasks:
            with steps.step(tr("Solution de référence", "Reference solution")) as busy:
                here.solve(() if "all" in tasks else tasks, busy)
        try:
            _follow(here, only, every, looks)
        except KeyboardInterrupt:
            err.print(tr("Essai terminé.", "Trial ended."))
            if not keep:
                err.print(tr("Le poste est supprimé…", "The bench is being removed…"))


def _where(here: Trial) -> None:
    """How to get into the machines."""
    bench = here.bench
    lines = [
        f"{tr('Sujet, avec ses mots de passe', 'Paper, with its passwords')} : {bench.dir / 'sujet.html'}",
        f"{tr('Commande dans une machine', 'Command in a machine')} : "
        f"epreuve bench run {bench.session}/{bench.name} {next(iter(bench.machines))} -- COMMANDE",
        *(
            f"{tr('Écran de', 'Screen of')} {name} : virt-viewer --connect qemu:///system --attach {machine.domain}"
            for name, machine in bench.machines.items()
        ),
        tr(
            "Dans le navigateur : « epreuve serve », page du sujet, « Essayer ce sujet ».",
            "In the browser: “epreuve serve”, the lab's page, “Try this lab”.",
        ),
    ]
    lines += [
        f"{device.title} : {here.devices[name].address if name in here.devices else NOT_SAID}"
        for name, device in here.lab.lab.devices.items()
    ]
    for line in lines:
        err.print(f"  {line}", markup=False, soft_wrap=True)


def _follow(here: Trial, only: tuple[str, ...], every: float, looks: int | None) -> None:
    """Look again and again, until Ctrl-C or for so many looks."""
    with teller() as tell:
        number = 0
        while True:
            number += 1
            tell(here.look(only), number, _told(here))
            if looks is not None and number >= looks:
                return
            _pause(here, every)


def _told(here: Trial) -> list[str]:
    """What the author should know besides the verdicts; reads the lab again when it was changed."""
    if here.changed():
        try:
            here.read_again()
        except LabError as error:
            return [
                tr(
                    "Le sujet a des fautes ; l'essai continue avec celui d'avant.",
                    "The lab has faults; the one before is tried on.",
                ),
                *(str(problem) for problem in error.problems),
            ]
    if here.outdated():
        return [
            tr(
                "Machines, préparation, secrets ou variantes du sujet ont changé : relancez avec --fresh.",
                "The lab's machines, their set-up, its secrets or variants have changed: run it again with --fresh.",
            )
        ]
    return []


def _pause(here: Trial, every: float) -> None:
    """Wait for the next look: until it is time, or the lab's files change."""
    until = monotonic() + every
    while (left := until - monotonic()) > 0:
        sleep(min(_NOTICE_S, left))
        if here.changed():
            return
