"""``service-state``, ``printer`` and ``file-content``."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from checkers.checks.files import FileContentIs
from checkers.checks.printers import PrinterIs, same_device
from checkers.checks.services import ServiceStateIs
from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.printers import Printers
from checkers.probes.services import UnitState
from tests.unit.checkers.local.judging import Judged, judged


def unit(
    active: str = "active", state: str = "enabled", *, load: str = "loaded", wanted: str = "", socket: str = ""
) -> str:
    text = (
        f"Id=cups.service\nLoadState={load}\nActiveState={active}\nSubState=x\nUnitFileState={state}\n"
        f"Result=success\nWantedBy={wanted}\nRequiredBy=\nTriggeredBy={'cups.socket' if socket else ''}\n"
    )
    return text + (f"\nId=cups.socket\n{socket}\n" if socket else "")


def service(text: str, *, running: bool = True, enabled: bool = True) -> Judged:
    check = ServiceStateIs(on="server", unit="cups.service", running=running, enabled=enabled)
    return judged(check, {"unit-state": text})


LISTENING = "ActiveState=active\nUnitFileState=enabled"


@pytest.mark.parametrize(
    "text",
    [
        unit(),
        unit("reloading"),
        unit(state="static", wanted="multi-user.target"),
        unit(state="generated", wanted="graphical.target"),
        unit("inactive", "disabled", socket=LISTENING),
        unit(state="disabled", socket=LISTENING),
    ],
)
def test_running_and_at_boot(text: str) -> None:
    assert service(text).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "outcome", "word"),
    [
        (unit(state="disabled"), "PART", "ne démarre pas seul (« disabled »)"),
        (unit("inactive"), "PART", "arrêté, attendu : en marche"),
        (unit("failed"), "PART", "en échec"),
        (unit("activating"), "PART", "en cours de démarrage"),
        (unit("failed", "disabled", socket=LISTENING), "PART", "en échec"),
        (unit("inactive", "static"), "FAIL", "arrêté"),
        (unit("active", "masked", load="masked"), "PART", "masked"),
        (unit("inactive", "", load="not-found"), "FAIL", "introuvable"),
        (unit("inactive", "enabled-runtime"), "FAIL", "enabled-runtime"),
    ],
)
def test_services_that_look_right(text: str, outcome: str, word: str) -> None:
    result = service(text)
    assert (result.outcome, word in result.reason) == (outcome, True)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (unit("inactive", "disabled"), "PASS"),
        (unit("failed", "disabled"), "PASS"),
        (unit("inactive", "masked", load="masked"), "PASS"),
        (unit("inactive", "", load="not-found"), "PASS"),
        (unit("inactive", "enabled"), "PART"),
        (unit("active", "disabled"), "PART"),
        (unit("active", "enabled"), "FAIL"),
        # Stopped, but its socket would start it again.
        (unit("inactive", "disabled", socket=LISTENING), "FAIL"),
        # It will be back in a few seconds.
        (unit("activating", "disabled"), "PART"),
    ],
)
def test_stopped_for_good(text: str, outcome: str) -> None:
    assert service(text, running=False, enabled=False).outcome == outcome


@pytest.mark.parametrize("text", ["", "Failed to connect to bus: No such file or directory\n", "\n\n"])
def test_systemd_silent(text: str) -> None:
    with pytest.raises(Unreadable):
        UnitState(unit="cups").parse(Raw(stdout=text))
    assert service(text).outcome == "INCONCLUSIVE"


LPSTAT = """\
== installed
== file
{file}
== lpstat
scheduler is running
system default destination: {default}
device for Compta-Laser: {uri}
device for Autre: ipp://192.168.50.41/ipp/print
printer Compta-Laser {state}
printer Autre is idle.  enabled since Sat 21 Nov 2026 22:00:00
Compta-Laser {accepts} requests since Sat 21 Nov 2026 22:00:00
Autre accepting requests since Sat 21 Nov 2026 22:00:00
"""
GOOD = {
    "file": "<DefaultPrinter Compta-Laser>\nShared Yes\n</DefaultPrinter>",
    "default": "Compta-Laser",
    "uri": "socket://192.168.50.40:9100",
    "state": "is idle.  enabled since Sat 21 Nov 2026 22:00:00",
    "accepts": "accepting",
}


def lpstat(**changes: str) -> str:
    return LPSTAT.format(**{**GOOD, **changes})


def printer(text: str, **changes: object) -> Judged:
    check = {"on": "client", "name": "Compta-Laser", "uri": "socket://192.168.50.40:9100", "default": True, **changes}
    return judged(PrinterIs.model_validate(check), {"printers": text})


@pytest.mark.parametrize(
    "text",
    [
        lpstat(),
        lpstat(uri="socket://192.168.50.40"),
        lpstat(state="now printing Compta-Laser-1.  enabled since Sat 21 Nov 2026"),
        lpstat().replace("Compta-Laser", "COMPTA-LASER"),
    ],
)
def test_printer_ready(text: str) -> None:
    assert printer(text).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (lpstat(default="Autre"), "par défaut : non"),
        (lpstat(default="").replace("system default destination: ", "no system default destination"), "par défaut"),
        (lpstat(uri="ipp://192.168.50.40/ipp"), "ipp://192.168.50.40/ipp"),
        (lpstat(uri="socket://192.168.50.40:9101"), ":9101"),
        (lpstat(state="disabled since Sat 21 Nov 2026 -\n\tPaused"), "file désactivée"),
        (lpstat(accepts="not accepting"), "refuse les travaux"),
    ],
)
def test_printer_that_looks_ready(text: str, word: str) -> None:
    result = printer(text)
    assert (result.outcome, word in result.reason) == ("PART", True)


STOPPED = """\
== installed
== file
<DefaultPrinter Compta-Laser>
DeviceURI socket://192.168.50.40:9100
State Idle
Accepting Yes
Shared No
</DefaultPrinter>
== lpstat
scheduler is not running
lpstat: Bad file descriptor
"""


def test_printer_states() -> None:
    assert printer("== missing\n").outcome == "FAIL"
    assert printer(lpstat(), name="Laser").outcome == "FAIL"
    stopped = printer(STOPPED)
    assert (stopped.outcome, stopped.reason) == ("PART", "le service d'impression est arrêté")
    assert printer(lpstat(), shared=True).outcome == "PASS"
    assert printer(lpstat(), shared=False).outcome == "PART"
    assert printer(lpstat(file=""), shared=True).outcome == "INCONCLUSIVE"
    assert printer("== installed\n== file\n== lpstat\n").outcome == "INCONCLUSIVE"
    with pytest.raises(Unreadable):
        Printers().parse(Raw(stdout="== installed\n"))


def test_devices() -> None:
    assert same_device("ipp://Imprimante.kerbras.lan:631/printers/a/", "IPP://imprimante.kerbras.lan/printers/a")
    assert not same_device("ipp://h/printers/a", "ipp://h/printers/A")
    assert not same_device("socket://h:99999999", "socket://h")


def content(text: str, **changes: object) -> Judged:
    check = FileContentIs.model_validate({"on": "client", "path": "/etc/x", **changes})
    return judged(check, {"file-content": text})


def test_file_content() -> None:
    text = "present\n# Port 2222\nPermitRootLogin no\n"
    assert content(text, contains="PermitRootLogin no").outcome == "PASS"
    assert content(text, matches=r"^\s*PermitRootLogin\s+no").outcome == "PASS"
    assert content(text, absent=["PasswordAuthentication"]).outcome == "PASS"
    assert content(text).outcome == "PASS"
    assert content(text, matches=r"^Port 2222").outcome == "FAIL"
    assert content(text, contains=["PermitRootLogin no", "Port 22\n"]).outcome == "PART"
    assert content(text, absent="Port 2222").outcome == "FAIL"
    assert content("absent\n", absent="x").outcome == "FAIL"
    assert content("").outcome == "INCONCLUSIVE"
    for unusable in ("(", "(?=x)", r"(a)\1"):
        with pytest.raises(ValidationError):
            content(text, matches=unusable)
    assert content("present\n" + "a" * 999 + "\n", matches="^(a+)+b").outcome == "FAIL", (
        "at once, whatever the file holds"
    )
