"""The device's command line: a closed shell, nothing but the commands below.

It is the administrator's login shell (console and SSH), so nothing here may start another program from what is typed.
``netbox``            interactive
``netbox show``       one command, words as the shell split them (also ``netbox -c "show"``, as SSH calls a shell)
"""

from __future__ import annotations

import contextlib
import getpass
import readline  # noqa: F401  line editing for input()
import shlex
import signal
import subprocess
import sys

from . import PRODUCT
from .settings import SETTINGS, SettingError, change, factory, faults, shown
from .store import Store, is_password, new_password

HELP = """Commandes :
  show [groupe|réglage]     affiche la configuration (groupes : wifi, lan, system)
  set <réglage> <valeur>    change un réglage (enregistré ; actif après « apply »)
  apply                     met la configuration en service
  status                    état de la radio et stations associées
  passwd                    change le mot de passe administrateur
  factory-reset             revient aux réglages d’usine (actif après « apply »)
  help                      cette aide
  exit                      quitte

Réglages :"""
APPLY = ["/usr/sbin/netbox-apply"]


def main(words: list[str]) -> int:
    for number in (signal.SIGTSTP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    if words[:1] == ["-c"]:
        try:
            words = shlex.split(" ".join(words[1:]))
        except ValueError as error:
            return _fail(f"commande illisible ({error})")
    if words:
        return run(words)
    return _interactive()


def _interactive() -> int:
    terminal = sys.stdin.isatty()
    if terminal:
        print(f"{PRODUCT} — tapez « help » pour la liste des commandes.")
    code = 0
    while True:
        try:
            line = input(f"{_name()}> " if terminal else "")
        except EOFError:
            return code
        except KeyboardInterrupt:
            print()
            continue
        try:
            words = shlex.split(line)
        except ValueError:
            code = _fail("guillemets non fermés")
            continue
        if words in (["exit"], ["quit"], ["logout"]):
            return code
        if words:
            with contextlib.suppress(KeyboardInterrupt):
                code = run(words)


def run(words: list[str]) -> int:
    """One command. Returns 0, or 1 after saying what was wrong."""
    command, arguments = words[0], words[1:]
    try:
        if command == "show" and len(arguments) <= 1:
            return _show(arguments[0] if arguments else "")
        if command == "set" and len(arguments) >= 2:
            return _set(arguments[0], " ".join(arguments[1:]))
        if command in COMMANDS and not arguments:
            return COMMANDS[command]()
    except SettingError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"configuration inaccessible ({error.strerror})")
    return _fail(f"commande « {' '.join(words)[:80]} » inconnue ou incomplète (tapez « help »)")


def _fail(message: str) -> int:
    print(f"Erreur : {message}", file=sys.stderr)
    return 1


def _name() -> str:
    try:
        return str(Store().read()["system.hostname"])
    except OSError:
        return "netbox"


def _show(what: str) -> int:
    config = Store().read()
    names = [n for n in SETTINGS if not what or n == what or n.startswith(f"{what}.")]
    if not names:
        raise SettingError(f"réglage « {what} » inconnu")
    for name in names:
        secret = SETTINGS[name].secret and name != what
        print(f"{name} = {'********' if secret else shown(config[name])}")
    for fault in faults(config):
        print(f"Attention : {fault}")
    return 0


def _set(name: str, text: str) -> int:
    store = Store()
    with store.editing():
        config, remarks = change(store.read(), name, text)
        store.write(config)
    for remark in remarks:
        print(f"Note : {remark}")
    print("Enregistré. Tapez « apply » pour mettre en service.")
    return 0


def _apply() -> int:
    wrong = faults(Store().read())
    if wrong:
        return max(_fail(fault) for fault in wrong)
    return apply_now()


def apply_now() -> int:
    """Ask the root side to apply; its messages are already for the person."""
    done = subprocess.run(["sudo", "-n", *APPLY], capture_output=True, text=True, timeout=90, check=False)
    if done.returncode:
        print(done.stderr.strip() or "Erreur : la configuration n’a pas été appliquée", file=sys.stderr)
        return 1
    print("Configuration en service.")
    return 0


def _status() -> int:
    done = subprocess.run(["iw", "dev", "wlan0", "info"], capture_output=True, text=True, timeout=10, check=False)
    for line in done.stdout.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word in ("ssid", "channel", "txpower"):
            print(f"{word} : {rest}")
    done = subprocess.run(
        ["iw", "dev", "wlan0", "station", "dump"], capture_output=True, text=True, timeout=10, check=False
    )
    stations = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("Station ")]
    print(f"stations associées : {', '.join(stations) or 'aucune'}")
    return 0


def _passwd() -> int:
    store = Store()
    if sys.stdin.isatty():
        if not is_password(store.read(), getpass.getpass("Mot de passe actuel : ")):
            return _fail("mot de passe incorrect")
        first = getpass.getpass("Nouveau mot de passe : ")
        if first != getpass.getpass("Encore une fois : "):
            return _fail("les deux saisies diffèrent")
    else:
        first = sys.stdin.readline().rstrip("\n")
    with store.editing():
        store.write(new_password(store.read(), first))
    return apply_now()


def _factory_reset() -> int:
    store = Store()
    with store.editing():
        store.reset()
    print("Réglages d’usine enregistrés. Tapez « apply » pour mettre en service.")
    return 0


def _help() -> int:
    print(HELP)
    for name in factory():
        print(f"  {name:18} {SETTINGS[name].label}")
    return 0


COMMANDS = {
    "apply": _apply,
    "status": _status,
    "passwd": _passwd,
    "factory-reset": _factory_reset,
    "help": _help,
}
