"""Checks about printers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from checkers.check import Check, Unseen, View
from checkers.checks.wording import absent, compare, yes_no
from checkers.probe import Question
from checkers.probes.printers import Printers
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

_PORTS = {"socket": 9100, "ipp": 631, "ipps": 631, "http": 80, "https": 443, "lpd": 515}


class PrinterIs(Check):
    """A print queue exists, goes to the right device, is enabled and accepts jobs."""

    kind: ClassVar[str] = "printer"
    about: ClassVar[Text] = Text("l'imprimante est installée et prête", "the printer is installed and ready")

    on: str
    name: str
    uri: str
    default: bool | None = None
    shared: bool | None = None

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Printers())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Printers())
        if not found.installed:
            return failed(Text("le service d'impression n'est pas installé", "the print service is not installed"))
        printer = next((p for p in found.printers if p.name.casefold() == self.name.casefold()), None)
        if printer is None:
            return absent(Text(f"imprimante « {self.name} »", f"printer “{self.name}”"))
        tally = Tally()
        tally.expect(
            found.running,
            Text("le service d'impression répond", "the print service answers"),
            Text("le service d'impression est arrêté", "the print service is stopped"),
        )
        compare(
            tally,
            Text("adresse de l'imprimante", "device"),
            printer.uri,
            self.uri,
            same_device(printer.uri, self.uri),
            weight=2,
        )
        tally.expect(
            printer.enabled and printer.accepting,
            Text("activée, accepte les travaux", "enabled, accepts jobs"),
            Text("file désactivée", "queue disabled")
            if not printer.enabled
            else Text("la file refuse les travaux", "the queue rejects jobs"),
        )
        if self.default is not None:
            if found.default is None:
                raise Unseen(Text("l'imprimante par défaut n'a pas été observée", "the default was not observed"))
            is_default = found.default.casefold() == printer.name.casefold()
            got, want = yes_no(is_default), yes_no(self.default)
            tally.expect(
                is_default == self.default,
                Text(f"imprimante par défaut : {got.fr}", f"default printer: {got.en}"),
                Text(
                    f"imprimante par défaut : {got.fr}, attendu {want.fr}",
                    f"default printer: {got.en}, expected {want.en}",
                ),
            )
        if self.shared is not None:
            if printer.shared is None:
                raise Unseen(Text("le partage de la file n'a pas été observé", "the queue's sharing was not observed"))
            got, want = yes_no(printer.shared), yes_no(self.shared)
            tally.expect(
                printer.shared == self.shared,
                Text(f"partagée : {got.fr}", f"shared: {got.en}"),
                Text(f"partagée : {got.fr}, attendu {want.fr}", f"shared: {got.en}, expected {want.en}"),
            )
        return tally.finding()


def same_device(found: str, expected: str) -> bool:
    """Whether two device addresses are the same: scheme and host without case, the scheme's own port understood."""
    return found == expected or _device(found) == _device(expected)


def _device(uri: str) -> tuple[str, str, int, str, str] | str:
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return uri
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), port or _PORTS.get(scheme, 0), parts.path.rstrip("/"), parts.query
