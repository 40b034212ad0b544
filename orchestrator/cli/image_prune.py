"""``epreuve image prune``: free what no lab, session or bench needs any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import click

from labs.errors import UsageError
from labs.text import Text, tr
from orchestrator.cli.common import json_option, print_json, print_table
from orchestrator.cli.voice import Voice
from orchestrator.hypervisor import connect_all
from orchestrator.moments import moment
from orchestrator.pruning.remove import Pruner, pruning
from orchestrator.pruning.survey import Item, freed, survey, taken
from orchestrator.settings import load_settings

KINDS = {
    "golden": Text("modèle", "golden"),
    "image": Text("image", "image"),
    "box": Text("boîte", "box"),
}


@click.command(
    "prune",
    help=tr(
        "Libère le disque : supprime les modèles (machines d'un sujet, prêtes à cloner) et les images dont plus rien "
        "n'a besoin. Restent ceux des sujets présents, des sessions ouvertes et de tout poste qui existe encore, avec "
        "ses points de reprise, son travail figé et sa copie ; les images des recettes présentes et celles de Windows. "
        "Ce qui est supprimé se refait tout seul, en quelques minutes, le jour où il sert.\n\n"
        "Montre d'abord ce qui partirait et combien cela rend, puis demande confirmation, sauf --yes. Peut être "
        "interrompu, et lancé pendant qu'une session se prépare.\n\n"
        "\b\n"
        "epreuve image prune --dry-run     voir seulement, avec ce qui reste et pourquoi\n"
        "epreuve image prune --keep 7      garder aussi ce qui a servi depuis une semaine",
        "Free the disk: remove the goldens (a lab's machines, ready to be cloned) and images that nothing needs any "
        "more. What stays: those of present labs, of open sessions and of every bench that still exists, with its "
        "checkpoints, its frozen work and its copy; images of present recipes, and of Windows. What is removed is "
        "made again by itself, in minutes, when it is needed.\n\n"
        "Shows first what would go and how much that frees, then asks, unless --yes. It may be interrupted, and run "
        "while a session is prepared.\n\n"
        "\b\n"
        "epreuve image prune --dry-run     only look, also at what stays and why\n"
        "epreuve image prune --keep 7      keep what has been used in the last week, too",
    ),
)
@click.option("--dry-run", is_flag=True, help=tr("ne rien supprimer", "remove nothing"))
@click.option(
    "--keep",
    type=click.FloatRange(min=0, max=3650),
    default=0.0,
    metavar=tr("JOURS", "DAYS"),
    help=tr("garder ce qui a servi depuis tant de jours", "keep what has been used in so many days"),
)
@click.option(
    "--boxes",
    is_flag=True,
    help=tr(
        "aussi les boîtes Vagrant d'anciennes images : détruisez d'abord les machines qui en viennent, leur noyau part "
        "avec elles",
        "Vagrant boxes of former images, too: first destroy the machines that come from them, their kernel goes along",
    ),
)
@click.option("--yes", is_flag=True, help=tr("sans confirmation", "without asking"))
@json_option
def prune(dry_run: bool, keep: float, boxes: bool, yes: bool, as_json: bool) -> None:
    """Prune."""
    settings, voice = load_settings(), Voice(simulated=False)
    with connect_all(settings) as hosts:
        hypervisors = [hosts.get(name) for name in hosts.names]  # of one that is down nobody knows what it uses
        items = survey(settings, hypervisors, now=datetime.now(UTC), keep=timedelta(days=keep), boxes=boxes)
        going, sizes = [item for item in items if item.kept is None], {item: taken(item) for item in items}
        if not as_json:
            _show(items if dry_run else going, sizes)
            voice.say(_told(items, going))
        gone: list[Item] = []
        if going and not dry_run:
            voice.confirm(tr("Supprimer ?", "Remove them?"), yes=yes)
            with pruning(settings, hypervisors) as pruner:
                gone = _remove(voice, going, _alone(pruner))
    if as_json:
        print_json([_plain(item, sizes[item], item in gone) for item in items])
    elif gone:
        voice.say(tr(f"{len(gone)} sur {len(going)} supprimé(s).", f"{len(gone)} of {len(going)} removed."))


def _remove(voice: Voice, going: Sequence[Item], pruner: Pruner) -> list[Item]:
    gone = []
    for item in going:
        if pruner.remove(item):
            gone.append(item)
            voice.note(tr(f"{_name(item)} : supprimé", f"{_name(item)}: removed"))
        else:
            voice.note(tr(f"{_name(item)} : gardé, il sert à nouveau", f"{_name(item)}: kept, it is in use again"))
    return gone


def _alone(pruner: Pruner | None) -> Pruner:
    if pruner is None:
        raise UsageError(
            Text("Un autre « image prune » est en cours.", "Another “image prune” is under way."),
            do=Text("Attendez qu'il ait fini.", "Wait until it has ended."),
        )
    return pruner


def _show(items: Sequence[Item], sizes: Mapping[Item, int]) -> None:
    heads = [
        tr("quoi", "what"),
        tr("de", "of"),
        tr("clé", "key"),
        tr("dernier usage", "last used"),
        tr("taille", "size"),
        tr("gardé pour", "kept for"),
    ]
    rows = [
        (KINDS[item.kind], item.title, item.key, moment(item.at), told_size(sizes[item]), item.kept or "")
        for item in items
    ]
    if rows:
        print_table(heads, rows)


def _told(items: Sequence[Item], going: Sequence[Item]) -> str:
    if not going:
        return tr("Rien à supprimer : tout sert encore.", "Nothing to remove: all of it is needed.")
    back, staying = told_size(freed(going)), len(items) - len(going)
    return tr(
        f"À supprimer : {len(going)}, ce qui libère {back} ; {staying} gardé(s).",
        f"To be removed: {len(going)}, which frees {back}; {staying} kept.",
    )


def told_size(size: int) -> str:
    """Bytes as people write them: ``1,4 Gio``."""
    return f"{size / 2**30:.1f} ".replace(".", tr(",", ".")) + tr("Gio", "GiB")


def _name(item: Item) -> str:
    return f"{KINDS[item.kind]} {item.title} {item.key}"


def _plain(item: Item, size: int, gone: bool) -> dict[str, object]:
    return {
        "kind": item.kind,
        "title": item.title,
        "path": str(item.path),
        "at": item.at,
        "bytes": size,
        "kept": str(item.kept) if item.kept else None,
        "removed": gone,
    }
