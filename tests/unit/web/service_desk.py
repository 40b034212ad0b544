"""A site whose lab has an incident, with candidate c01 before the jury: for tests of the part ``tickets``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from werkzeug.test import TestResponse

from orchestrator.exam import commands
from orchestrator.store import records
from orchestrator.tickets.book import entries_of, tickets_of
from orchestrator.tickets.ticket import Entry, Ticket
from tests.unit.engine.world import write_lab
from tests.unit.web.world import SLUG, Browser, SiteWorld

PREPARATION, BEFORE_JURY, INTERVIEW = 1, 2, 3
FOLDER = f"/jury/{SLUG}/c01/tickets"

INCIDENTS = """\
incidents:
  - id: name-lost
    kind: incident
    title: Somebody renamed the client
    competency: BC01.C3
    machine: client
    break: { shell: break.sh }
    repair: { shell: repair.sh }
    proof: [{ id: name-back, title: The name is back, check: host-name, with: { on: client, name: desk } }]
    ticket: { caller: "Anna Roche, accounts", channel: phone, subject: Nobody finds my computer, text: Since today. }
    script: { opening: Hello there, answers: [{ ask: Since when?, say: This very morning. }], unknown: [Its name] }
    diagnosis: [Asks for the hostname]
    impact: 2
    urgency: 1
    minutes: 10
"""
WORDS = {
    "caller": "Anna Roche, accounts",
    "channel": "phone",
    "subject": "Nobody finds my computer",
    "text": "Since today.",
}
"""What the candidate may see of it, and all of that."""
_OF_LAB = {"incident": "name-lost"}
FREE = {
    "caller": "Paul Henry, magasin",
    "channel": "portal",
    "subject": "Une imprimante de plus",
    "text": "Il nous faut l'imprimante du couloir.",
}


def write_lab_with_incident(folder: Path) -> Path:
    """The small lab, with one incident."""
    made = write_lab(folder)
    for script in ("break.sh", "repair.sh"):
        (made / script).write_text("true\n")
    file = made / "lab.yml"
    file.write_text(file.read_text(encoding="utf-8") + INCIDENTS, encoding="utf-8")
    return made


def begin(world: SiteWorld, phase: int, candidate: str = "c01") -> None:
    world.do(commands.BeginPhase(who="jury", candidate=candidate, phase=phase))


def end(world: SiteWorld, candidate: str = "c01") -> None:
    world.do(commands.EndPhase(who="jury", candidate=candidate))


def open_ticket(world: SiteWorld, typed: Mapping[str, str] = _OF_LAB, *, seen: int = 99) -> TestResponse:
    return world.browser("jury").post(FOLDER, {"seen": str(seen), **typed})


def does(browser: Browser, deed: str, *, seen: int = 1, json: bool = False, **typed: str) -> TestResponse:
    return sends(browser, deed, typed, seen=seen, json=json)


def sends(browser: Browser, deed: str, typed: Mapping[str, str], *, seen: int = 1, json: bool = False) -> TestResponse:
    headers = {"Accept": "application/json"} if json else {}
    return browser.post(f"/poste/tickets/1/{deed}", {"seen": str(seen), **typed}, headers=headers)


def entries(world: SiteWorld, candidate: str = "c01") -> list[Entry]:
    with world.store.read() as tx:
        return entries_of(records.every(tx, SLUG, candidate, "tickets"))


def ticket(world: SiteWorld, number: int = 1, candidate: str = "c01") -> Ticket:
    with world.store.read() as tx:
        return tickets_of(tx, SLUG, candidate)[number]


def shown(browser: Browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)
