"""Running the command line: errors as sentences, and nothing lost on Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

import click

from labs.errors import EpreuveError
from labs.text import tr


def run(group: click.Command) -> None:
    """Run the root command and exit."""
    signal.signal(signal.SIGTERM, _terminate)  # so that "with" blocks clean up when the service is told to stop
    try:
        group.main(standalone_mode=False, prog_name="epreuve")
    except EpreuveError as error:
        _say(error)
        sys.exit(error.exit_code)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(tr("Interrompu.", "Interrupted."), err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _line(tr("le système a refusé : ", "the system refused: ") + f"{error.strerror or error}{where}")
        advice = tr(
            "Vérifiez le chemin, les droits et la place libre.", "Check the path, the rights and the free space."
        )
        click.echo(click.style("→ ", fg="cyan") + advice, err=True)
        sys.exit(1)
    except Exception:  # noqa: BLE001 - the last resort: a defect of ours is told as one, with a file to send
        _defect()
        sys.exit(70)


def _say(error: EpreuveError) -> None:
    _line(str(error.what).rstrip() + (f"\n  {error.where}" if error.where else ""))
    if error.do:
        click.echo(click.style("→ ", fg="cyan") + str(error.do), err=True)


def _line(text: str) -> None:
    click.echo(click.style(tr("Erreur", "Error") + " : ", fg="red", bold=True) + text, err=True)


def _defect() -> None:
    text = traceback.format_exc()
    if os.environ.get("EPREUVE_DEBUG"):
        click.echo(text, err=True)
        return
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"epreuve-defaut-{os.getpid()}.txt"  # noqa: S108
    path.write_text(text, encoding="utf-8")
    _line(tr("défaut d'Épreuve lui-même.", "a defect of Épreuve itself.") + f"\n  {text.strip().splitlines()[-1]}")
    click.echo("→ " + tr(f"Joignez {path} à votre signalement.", f"Attach {path} to your report."), err=True)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
