"""From a machine that starts on a disc to one that is generalised and off. Every wait has an end and says where it
is."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from checkers.channel import ChannelError, ExecResult
from checkers.windows import powershell
from labs.text import Text
from orchestrator.windows_image.inspect import Inspected, faults, read_inspected
from orchestrator.windows_image.machine import InstallMachine
from vagrant.errors import ImageError
from vagrant.windows.editions import Edition
from vagrant.windows.plan import script

Progress = Callable[[Text], None]

DISC_LIMIT_S = 180.0
INSTALL_LIMIT_S = 6 * 3600.0
RESTART_LIMIT_S = 1800.0
SEAL_LIMIT_S = 3600.0
_STARTED_BYTES = 32 << 20
"""Setup's loader is small; once this much was read from the disc, it is Windows that is being loaded."""
_SHUTDOWN = r"C:\Windows\System32\shutdown.exe"


def start_from_disc(machine: InstallMachine, say: Progress) -> None:
    """Press a key until Setup is being loaded. Raises ImageError."""
    say(Text("démarrage sur le disque d'installation", "starting from the installation disc"))
    deadline = monotonic() + DISC_LIMIT_S
    while machine.disc_bytes() < _STARTED_BYTES:
        if monotonic() > deadline or not machine.is_on():
            raise ImageError(
                Text("La machine ne démarre pas sur l'ISO de Windows.", "The machine does not start from the ISO."),
                do=Text(
                    "L'ISO doit démarrer en UEFI ; installez le paquet ovmf.",
                    "The ISO must start under UEFI; install the package ovmf.",
                ),
            )
        machine.press_enter()
        machine.pause(0.5)


def wait_installed(machine: InstallMachine, say: Progress) -> None:
    """Until the first logon's script has done its work. Raises ImageError with what it says when it failed."""
    began = monotonic()
    steps = {
        "": Text("installation de Windows", "Windows installs itself"),
        "drivers": Text("pilotes", "drivers"),
        "agent": Text("agent", "guest agent"),
        "settings": Text("réglages", "settings"),
        "winrm": Text("WinRM", "WinRM"),
    }
    while monotonic() - began < INSTALL_LIMIT_S:
        if not machine.is_on():
            raise _failed(Text("la machine s'est éteinte", "the machine powered itself off"))
        step, failure = _state(machine)
        if step == "done":
            return
        if step == "failed":
            raise _failed(Text(failure[:300], failure[:300]))
        minutes = int((monotonic() - began) // 60)
        now = steps.get(step, steps[""])
        say(Text(f"{now.fr} ({minutes} min)", f"{now.en} ({minutes} min)"))
        machine.pause(5.0)
    raise _failed(Text("rien ne se passe plus", "nothing happens any more"))


def restart(machine: InstallMachine, say: Progress) -> None:
    """Start Windows again, as drivers may ask; its agent must come back. Raises ImageError."""
    say(Text("redémarrage", "restart"))
    agent = machine.agent()
    with suppress(ChannelError):  # it may be gone before it says that it has begun to go
        agent.run([_SHUTDOWN, "/r", "/t", "0"], timeout_s=30.0)
    deadline = monotonic() + RESTART_LIMIT_S
    gone = False
    while monotonic() < deadline:
        answers = agent.ping(2.0)
        if answers and gone:
            return
        gone = gone or not answers
        machine.pause(1.0)
    raise _failed(Text("Windows ne redémarre pas", "Windows does not start again"))


def activate(machine: InstallMachine, say: Progress) -> None:
    """Ask for activation; what came of it shows in the licences."""
    say(Text("activation", "activation"))
    run(machine, "activate", timeout_s=300.0)


def inspect(machine: InstallMachine, wanted: Edition, say: Progress) -> Inspected:
    """What was installed. Raises ImageError with every fault."""
    say(Text("examen", "looking it over"))
    found = read_inspected(run(machine, "inspect", timeout_s=180.0).stdout)
    if reasons := faults(found, wanted):
        raise _failed(Text("; ".join(one.fr for one in reasons), "; ".join(one.en for one in reasons)))
    return found


def seal(machine: InstallMachine, say: Progress) -> None:
    """Generalise Windows; the machine is off afterwards. Raises ImageError with the end of sysprep's log."""
    say(Text("sysprep", "sysprep"))
    run(machine, "seal", timeout_s=600.0)
    deadline = monotonic() + SEAL_LIMIT_S
    while machine.is_on():
        if monotonic() > deadline:
            said = run(machine, "sysprep-log", timeout_s=60.0).stdout.decode("utf-8", "replace").strip()[-600:]
            raise ImageError(
                Text("Sysprep n'a pas généralisé Windows.", "Sysprep did not generalise Windows."),
                where=said or "setuperr.log",
                do=Text(
                    "Le journal dit ce qui l'empêche ; recommencez sans réseau.",
                    "The log says what prevents it; try again without a network.",
                ),
            )
        machine.pause(5.0)


def run(machine: InstallMachine, name: str, *, timeout_s: float) -> ExecResult:
    """Run one of our scripts in the machine. Raises ImageError when it fails, ChannelError when nobody answers."""
    done = machine.agent().run(powershell.argv(), stdin=powershell.stdin(script(name), {}), timeout_s=timeout_s)
    if done.timed_out or done.exit_code != 0:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()[-300:]
        raise ImageError(
            Text(f"Le script {name} a échoué dans Windows.", f"The script {name} failed in Windows."),
            where=said or f"exit={done.exit_code} timeout={done.timed_out}",
        )
    return done


def _state(machine: InstallMachine) -> tuple[str, str]:
    """The step of the first logon and its failure; empty before there is one, or when nobody answers yet."""
    if not machine.agent().ping(2.0):
        return "", ""
    try:
        said = json.loads(run(machine, "state", timeout_s=60.0).stdout.decode("utf-8", "replace") or "{}")
        return str(said.get("step", "")), str(said.get("failure", ""))
    except (ChannelError, ImageError, ValueError, AttributeError):
        return "", ""


def _failed(why: Text) -> ImageError:
    return ImageError(
        Text(f"L'image de Windows n'est pas faite : {why.fr}.", f"The image of Windows is not made: {why.en}."),
        do=Text("Voir docs/windows.md, « Construire une image ».", "See docs/windows.md, “Building an image”."),
    )
