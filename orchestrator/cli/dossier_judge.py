"""``epreuve dossier judge``: each judgement of a sealed dossier made again, with what is in it."""

from __future__ import annotations

from pathlib import Path

import click

from labs.text import Text, tr
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.dossier import command
from orchestrator.cli.dossier_verify import known_keys, must_be_sealed
from orchestrator.cli.session_common import example
from orchestrator.dossier.errors import DossierError
from orchestrator.dossier.rejudge import Again, judge_sealed
from orchestrator.version import version


@command.command(
    "judge",
    help=tr(
        "Vérifie un dossier, puis refait chacun de ses jugements avec le relevé et le sujet qu'il contient : les "
        "verdicts doivent être les mêmes, à l'octet près (code de sortie 9 sinon).",
        "Verify a dossier, then make each of its judgements again with the observation and the lab in it: the verdicts "
        "must be the same, byte for byte (exit code 9 otherwise).",
    ),
    epilog=example("dossier judge juin-c01.zip --key cle-du-centre.pem"),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "typed", multiple=True, help=tr("clé publique : PEM ou 64 chiffres", "public key: PEM or hex"))
@json_option
def judge(file: Path, typed: tuple[str, ...], as_json: bool) -> None:
    """Judge a dossier again."""
    found = judge_sealed(must_be_sealed(file, known_keys(typed)))
    if as_json:
        print_json({"file": str(file), "judgements": [_data(one) for one in found]})
    else:
        for one in found:
            _say(one)
    if not all(one.same for one in found):
        raise DossierError(
            Text("Les verdicts ne sont pas tous les mêmes.", "Not all verdicts are the same."),
            where=str(file),
            do=Text(
                "Refaites-le avec la version d'Épreuve qui a jugé.", "Do it with the version of Épreuve that judged."
            ),
        )


def _say(one: Again) -> None:
    sign = "✓" if one.same else "✗"
    title = tr("jugement", "judgement")
    if one.same:
        what = tr("identique, octet pour octet", "the same, byte for byte")
    elif one.unable is not None:
        what = str(one.unable)
    else:
        what = tr(
            f"différent (jugé par Épreuve {one.software}, refait par {version()})",
            f"different (judged by Épreuve {one.software}, again by {version()})",
        )
    which = f"{one.number} ({one.points}, {tr('sujet', 'lab')} {one.lab_hash[:12]})"
    click.echo(f"{sign} {title} {which}{tr(' : ', ': ')}{what}")
    for change in one.changes:
        old, new = (side and f"{side.verdict} {side.points}" for side in (change.old, change.new))
        check = change.new or change.old
        click.echo(f"    {check.id if check else ''}{tr(' : ', ': ')}{old or '–'} → {new or '–'}")


def _data(one: Again) -> dict[str, object]:
    changed = [check.id for change in one.changes if (check := change.new or change.old)]
    unable = one.unable and one.unable.model_dump()
    return {"number": one.number, "lab_hash": one.lab_hash, "same": one.same, "changed": changed, "unable": unable}
