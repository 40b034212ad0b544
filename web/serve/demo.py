"""``epreuve demo --web``: a session of two candidates at work, open in the site until Ctrl-C."""

from __future__ import annotations

import secrets
from time import monotonic, sleep

import click
from rich.markup import escape

from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.text import Text, tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import Steps
from orchestrator.cli.session_common import own_settings
from orchestrator.cli.voice import Voice
from orchestrator.demo import CANDIDATES
from orchestrator.engine.desk import Desk
from orchestrator.engine.opening import Enrolment, choose_format, open_session, phases_of
from orchestrator.engine.preparing import prepare_session
from orchestrator.exam import commands as order
from orchestrator.store import Store, accounts, open_store, seats
from orchestrator.store.accounts import ROLES, Account
from orchestrator.store.database import Transaction
from orchestrator.store.exams import StoredCandidate, list_sessions
from web.auth.passwords import hash_password
from web.serve.command import command as serve
from web.site import now

WHO = "demo"
FORMAT = "complet"
READY_LIMIT_S = 1800.0


def run(lab_name: str, *, simulated: bool, port: int) -> None:
    """Open the demonstration's session, begin it, say how to get in, and serve."""
    voice, settings, lab = Voice(simulated), own_settings(simulated), open_lab(lab_name)
    steps = Steps(prefix=escape(voice.mark))
    password = secrets.token_urlsafe(9)
    with open_store(settings.database) as store:
        desk = Desk(store)
        with store.write() as tx:
            _account(tx, password)
            slug = _free_slug(tx)
        _open(desk, slug, lab, simulated=simulated)
        with steps.step(tr("images et modèle des machines", "images and golden of the machines")) as busy:
            prepare_session(slug, desk, settings, who=WHO, simulated=simulated, progress=busy)
        with steps.step(tr("postes des deux candidats", "benches of the two candidates")):
            _await_ready(desk, slug)
        desk.do(slug, order.Start(who=WHO))
        _say_how_to_get_in(store, slug, password, voice)
    click.get_current_context().invoke(serve, port=port, simulated=simulated)


def _account(tx: Transaction, password: str) -> None:
    """The demonstration's account, which may do everything; a new password each time."""
    if accounts.find(tx, WHO) is None:
        accounts.create(tx, Account(id=WHO, name="Démonstration", roles=ROLES, created_at=now()))
    accounts.change(tx, WHO, password=hash_password(password), roles=ROLES, failures=0, locked_until=None)


def _free_slug(tx: Transaction) -> str:
    taken = {one.slug for one in list_sessions(tx)}
    return next(slug for slug in ("demo-web", *(f"demo-web-{n}" for n in range(2, 999))) if slug not in taken)


def _open(desk: Desk, slug: str, lab: LoadedLab, *, simulated: bool) -> None:
    format_ = choose_format(lab, FORMAT)
    people = []
    for number, (_, name) in enumerate(CANDIDATES.items(), start=1):
        first, _, surname = name.partition(" ")
        person = StoredCandidate(id=f"c{number:02d}", surname=surname, first_name=first, number=f"{slug}-{number}")
        people.append(Enrolment(person, f"A{number}"))
    open_session(
        desk,
        slug,
        lab,
        people,
        format_id=format_.id,
        phases=phases_of(format_, lab),
        who=WHO,
        simulated=simulated,
        trusted={"supervisor": [WHO], "jury": [WHO]},
        unproved=tr("démonstration", "demonstration"),
    )


def _await_ready(desk: Desk, slug: str) -> None:
    until = monotonic() + READY_LIMIT_S
    while (exam := desk.open(slug).exam).state == "draft":
        if monotonic() > until:
            failure = next((one.failure for one in exam.candidates.values() if one.failure), None)
            raise EpreuveError(
                Text("Les postes ne sont pas prêts.", "The benches are not ready."),
                where=str(failure or slug),
                do=Text(
                    "Voir « epreuve doctor » et le journal du service.", "See “epreuve doctor” and the service's log."
                ),
            )
        sleep(0.2)


def _say_how_to_get_in(store: Store, slug: str, password: str, voice: Voice) -> None:
    with store.read() as tx:
        codes = seats.codes(tx, slug)
    voice.say(
        tr(
            f"Surveillant et jury : identifiant « {WHO} », mot de passe {password}",
            f"Supervisor and jury: account “{WHO}”, password {password}",
        )
    )
    for candidate, name in zip(codes, CANDIDATES.values(), strict=True):
        code = seats.spelt(codes[candidate])
        voice.say(tr(f"Candidat {name} : code de place {code}", f"Candidate {name}: seat code {code}"))
    voice.say(
        tr(
            "Chacun dans une fenêtre privée de son navigateur. Ctrl-C arrête le site ; "
            f"« epreuve session status {slug} » montre la session, qui reste.",
            "Each in a private window of their browser. Ctrl-C stops the site; "
            f"“epreuve session status {slug}” shows the session, which stays.",
        )
    )
