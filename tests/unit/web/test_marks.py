"""A jury marks, deliberates, decides and signs in the browser: alone first, then together, nothing overwritten."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.exam import commands
from orchestrator.marks.desk import write
from orchestrator.marks.documents import HandedIn, Mark
from orchestrator.marks.fold import Marking
from orchestrator.marks.reading import of_candidate
from orchestrator.store import accounts, journal
from orchestrator.store.accounts import Account
from tests.unit.web.world import _HASH, NINE, PASSWORD, SLUG, Browser, SiteWorld

PAGE = f"/jury/{SLUG}/c01"
GRID, GUIDE, DECISION = f"{PAGE}/grille", f"{PAGE}/guide", f"{PAGE}/decision"
COMPETENCIES = [f"BC0{block}.C{number}" for block in (1, 2, 3) for number in (1, 2, 3)]
HTMX = {"HX-Request": "true"}


class Jury:
    """Two jurors of one session, in their browsers."""

    def __init__(self, world: SiteWorld) -> None:
        self.world = world
        with world.store.write() as tx:
            second = Account(id="second", name="Zoé Second", roles=("jury",), created_at=NINE, password=_HASH)
            accounts.create(tx, second)
            accounts.entrust(tx, SLUG, "jury", ["jury", "second"])
        self.first, self.second = world.browser("jury"), world.browser("second")

    @property
    def marking(self) -> Marking:
        with self.world.store.read() as tx:
            return of_candidate(tx, SLUG, "c01")

    def mark(self, browser: Browser, about: str, level: str, words: str = "", **more: str) -> Any:
        data = {"level": level, "justification": words, **more}
        return browser.post(f"{GRID}/{about}", data, headers=HTMX)

    def grid(self, browser: Browser, **others: str) -> None:
        """A whole grid, handed in: all met but for others (``BC01_C1="partly"``). By the desk: many pages take long."""
        marks = [
            Mark(about=about, level=others.get(about.replace(".", "_"), "met"), justification="vu par le jury")
            for about in COMPETENCIES
        ]
        juror = "jury" if browser is self.first else "second"
        write(self.world.desk, SLUG, "c01", *marks, HandedIn(), who=juror)

    def both(self, **others: str) -> None:
        for browser in (self.first, self.second):
            self.grid(browser, **others)

    def agreed(self, **others: str) -> None:
        self.both(**others)
        assert self.first.post(f"{DECISION}/accords").status_code == 303

    def decide(self, browser: Browser | None = None, **changes: str) -> Any:
        granted = {f"BC0{block}-granted": "yes" for block in (1, 2, 3)}
        grounds = {f"BC0{block}-motivation": "vu par le jury" for block in (1, 2, 3)}
        data = {**granted, **grounds, "title": "granted", "seen": str(self.marking.basis), **changes}
        return (browser or self.first).post(DECISION, data)

    def sign(self, browser: Browser, **changes: str) -> Any:
        decided = self.marking.decision
        assert decided is not None
        data = {"decision": str(decided.number), "digest": decided.version.digest, "password": PASSWORD, **changes}
        return browser.post(f"{DECISION}/signature", data)


@pytest.fixture
def jury(world: SiteWorld) -> Jury:
    """Before the frozen work of two candidates."""
    world.frozen()
    return Jury(world)


def text(browser: Browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


# --- the grid
def test_the_grid_has_every_competency_of_the_format_with_its_criteria_and_proposal(jury: Jury) -> None:
    page = text(jury.first, GRID)
    for about in COMPETENCIES:
        assert f'action="{GRID}/{about}"' in page
    assert f'action="{GRID}/BC01.C1.K1"' in page
    assert "vu par une personne seulement" in page
    assert "#c-client-name" in page  # what a proposal rests on


def test_a_mark_saves_itself_and_says_how_far_the_grid_is(jury: Jury) -> None:
    answer = jury.mark(jury.first, "BC01.C2", "met").get_data(as_text=True)
    assert "Enregistré" in answer
    assert "1 sur 9" in answer
    assert 'hx-swap-oob="true"' in answer
    page = text(jury.first, GRID)
    assert 'value="met" checked' in page
    assert "1 sur 9" in page


def test_saving_the_same_again_makes_no_record(jury: Jury) -> None:
    for _ in range(3):
        jury.mark(jury.first, "BC01.C2", "met", "bien")
    assert len(jury.marking.grid("jury").marks["BC01.C2"]) == 1
    jury.mark(jury.first, "BC01.C2", "met", "très bien")
    assert len(jury.marking.grid("jury").marks["BC01.C2"]) == 2
    assert "Versions précédentes" in text(jury.first, GRID)


def test_a_mark_without_script_is_a_form_like_any_other(jury: Jury) -> None:
    answer = jury.first.post(f"{GRID}/BC01.C2", {"level": "partly", "justification": ""})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/grille#BC01.C2")
    assert jury.marking.grid("jury").levels["BC01.C2"] == "partly"


def test_words_without_a_level_are_not_saved_and_it_is_said(jury: Jury) -> None:
    assert "Choisissez un niveau" in jury.mark(jury.first, "BC01.C2", "", "bien").get_data(as_text=True)
    assert not jury.marking.grids


def test_a_mark_against_nothing_seen_waits_for_its_justification(jury: Jury) -> None:
    answer = jury.mark(jury.first, "BC01.C2", "not-met").get_data(as_text=True)
    assert "justification à donner" in answer
    for about in COMPETENCIES:
        if about != "BC01.C2":
            jury.mark(jury.first, about, "met", "vu")
    refused = jury.first.post(f"{GRID}/remise")
    assert refused.status_code == 409
    assert "BC01.C2" in refused.get_data(as_text=True)
    jury.mark(jury.first, "BC01.C2", "not-met", "ne sait pas dire comment")
    assert jury.first.post(f"{GRID}/remise").status_code == 303


@pytest.mark.parametrize(
    ("about", "data"),
    [
        ("BC09.C1", {"level": "met"}),
        ("BC01.C1.K99", {"level": "met"}),
        ("nothing", {"level": "met"}),
        ("BC01.C1", {"level": "excellent"}),
        ("BC01.C1", {"level": "met", "justification": "x" * 4001}),
        ("BC01.C1", {"level": "met", "justification": "a\x00b"}),
    ],
)
def test_what_cannot_be_is_refused(jury: Jury, about: str, data: dict[str, str]) -> None:
    assert jury.first.post(f"{GRID}/{about}", data).status_code == 409
    assert not jury.marking.grids


def test_after_handing_in_a_correction_needs_its_reason_and_shows(jury: Jury) -> None:
    jury.grid(jury.first)
    page = text(jury.first, GRID)
    assert "Grille remise le" in page
    assert "data-autosave" not in page
    assert jury.mark(jury.first, "BC01.C2", "partly", "revu").status_code == 409
    assert jury.mark(jury.first, "BC01.C2", "partly", "revu", reason="ligne de trop").status_code == 200
    page = text(jury.first, GRID)
    assert "Corrigé" in page
    assert "ligne de trop" in page


# --- independence
def test_neither_juror_reads_the_other_before_both_have_handed_in(jury: Jury) -> None:
    jury.mark(jury.first, "BC01.C2", "partly", "secret du premier")
    jury.first.post(f"{GUIDE}/general", {"text": "note du premier"})
    pages = (GRID, GUIDE, DECISION, f"/jury/{SLUG}/")

    def reads() -> str:
        return "".join(text(jury.second, address) for address in pages)

    assert "du premier" not in reads()
    jury.grid(jury.first, BC01_C1="partly")
    assert "du premier" not in reads()
    assert "Chacun évalue d’abord seul" in text(jury.second, DECISION)
    assert "Une seule grille est remise" in text(jury.first, DECISION)
    jury.grid(jury.second)
    assert "note du premier" in text(jury.second, GUIDE)
    assert "vu par le jury" in text(jury.second, DECISION)


def test_the_minutes_and_results_do_not_tell_it_either(jury: Jury) -> None:
    jury.grid(jury.first)
    jury.first.post(f"{DECISION}/sans-second", {"reason": "second juré souffrant"})
    jury.first.post(f"{DECISION}/accords")
    jury.decide()
    results = f"/surveillance/{SLUG}/resultats-jury.csv"
    assert "Titre accordé" in text(jury.first, results)
    assert "Titre accordé" in text(jury.world.browser("supervisor"), results)
    assert "Titre accordé" not in text(jury.second, results)
    jury.sign(jury.first)
    assert "Titre accordé" in text(jury.second, results)


def test_who_has_not_handed_in_can_have_nothing_decided(jury: Jury) -> None:
    jury.grid(jury.first)
    jury.mark(jury.second, "BC01.C1", "met")
    for path, data in (
        ("commune/BC01.C1", {"level": "met"}),
        ("sans-second", {"reason": "absent"}),
    ):
        assert jury.second.post(f"{DECISION}/{path}", data).status_code == 409
    assert not jury.marking.common


def test_the_journal_names_records_and_no_words(jury: Jury) -> None:
    jury.mark(jury.first, "BC01.C2", "not-met", "mots du juré")
    with jury.world.store.read() as tx:
        entry = journal.entries(tx, SLUG)[-1]
    assert (entry.kind, entry.who, entry.candidate) == ("recorded", "jury", "c01")
    assert "mots" not in str(entry.data)
    assert "not-met" not in str(entry.data)
    assert "évaluation par un membre du jury" in text(jury.first, PAGE)


# --- the guide
def test_the_guide_asks_about_what_the_evidence_leaves_open(jury: Jury) -> None:
    page = text(jury.first, GUIDE)
    assert "Ce qu’aucune machine ne voit" in page
    assert "#c-client-name" in page


def test_notes_save_themselves_and_keep_their_former_versions(jury: Jury) -> None:
    for words in ("premier", "premier, suite", "premier, suite"):
        answer = jury.first.post(f"{GUIDE}/phase-1", {"text": words}, headers=HTMX)
        assert "Enregistré" in answer.get_data(as_text=True)
    assert len(jury.marking.grid("jury").notes["phase-1"]) == 2
    assert "premier, suite" in text(jury.first, GUIDE)
    assert jury.first.post(f"{GUIDE}/BC09.C1", {"text": "x"}).status_code == 409


# --- the decision
def test_the_deliberation_shows_both_and_takes_over_what_they_agree_on(jury: Jury) -> None:
    jury.grid(jury.first)
    jury.grid(jury.second, BC02_C2="partly")
    page = text(jury.first, DECISION)
    assert page.count("avis différents") == 1
    assert "Zoé Second" in page
    jury.first.post(f"{DECISION}/accords")
    assert set(COMPETENCIES) - set(jury.marking.common) == {"BC02.C2"}
    answer = jury.first.post(f"{DECISION}/commune/BC02.C2", {"level": "met"}, headers=HTMX)
    assert "Toutes les évaluations communes sont faites" in answer.get_data(as_text=True)


def test_one_grid_is_enough_with_a_reason(jury: Jury) -> None:
    jury.grid(jury.first)
    assert jury.first.post(f"{DECISION}/sans-second", {"reason": " "}).status_code == 400
    assert jury.first.post(f"{DECISION}/sans-second", {"reason": "second juré souffrant"}).status_code == 303
    assert "second juré souffrant" in text(jury.first, DECISION)


def test_a_decision_is_taken_signed_by_both_and_seen_in_the_overview(jury: Jury) -> None:
    jury.agreed()
    assert jury.decide().status_code == 303
    assert "n’a pas encore signé" in text(jury.second, DECISION)
    assert jury.sign(jury.first).status_code == 303
    assert not jury.marking.is_signed
    assert jury.sign(jury.second).status_code == 303
    assert jury.marking.is_signed
    assert "Signée par tous les membres du jury" in text(jury.first, DECISION)
    overview = text(jury.first, f"/jury/{SLUG}/")
    assert "décision signée" in overview
    assert "Titre accordé" in overview


def test_a_decision_that_is_refused_says_why_and_changes_nothing(jury: Jury) -> None:
    jury.agreed(BC03_C1="not-met")
    answer = jury.first.post(DECISION, {"title": "granted", "BC01-granted": "yes"})
    assert answer.status_code == 400
    for changes in ({"BC03-motivation": ""}, {"seen": "1"}, {"title": "refused"}, {"title": "excellent"}):
        assert jury.decide(**changes).status_code == 409
    assert not jury.marking.decisions


def test_a_decision_is_not_taken_on_what_changed_since_the_page_was_read(jury: Jury) -> None:
    jury.agreed()
    read = str(jury.marking.basis)
    jury.mark(jury.second, "BC01.C1", "partly", "revu", reason="ligne de trop")  # a correction of a grid
    assert jury.decide(seen=read).status_code == 409
    assert jury.decide().status_code == 303


def test_signing_takes_the_password_again(jury: Jury) -> None:
    jury.agreed()
    jury.decide()
    for _ in range(5):
        assert jury.sign(jury.first, password="wrong").status_code == 400
    assert jury.sign(jury.first).status_code == 400  # locked, as signing in would be
    assert jury.sign(jury.second).status_code == 303
    assert list(jury.marking.decisions[-1].signatures) == ["second"]


def test_an_account_without_a_password_signs_with_its_name(jury: Jury) -> None:
    with jury.world.store.write() as tx:
        accounts.change(tx, "second", password=None)
    jury.agreed()
    jury.decide()
    assert 'id="sign-name"' in text(jury.second, DECISION)
    assert jury.sign(jury.second, name="Quelqu'un").status_code == 400
    assert jury.sign(jury.second, name=" zoé second ").status_code == 303
    assert jury.marking.decisions[-1].signatures["second"].said.how == "name"


def test_a_revised_decision_keeps_the_former_one_and_is_signed_again(jury: Jury) -> None:
    jury.agreed()
    jury.decide()
    jury.sign(jury.first)
    jury.sign(jury.second)
    assert jury.decide(jury.second).status_code == 409  # without a reason
    assert jury.decide(jury.second, reason="recours du candidat").status_code == 303
    page = text(jury.first, DECISION)
    assert "version 2" in page
    assert "recours du candidat" in page
    assert "signée par" in page
    assert 'id="sign-password"' in page
    assert jury.marking.unsigned == ("jury", "second")


def test_a_stale_page_signs_nothing(jury: Jury) -> None:
    jury.agreed()
    jury.decide()
    old = jury.marking.decision
    assert old is not None
    jury.decide(reason="erreur de saisie")
    assert jury.sign(jury.first, decision=str(old.number), digest=old.version.digest).status_code == 409


def test_after_the_seal_everything_is_read_and_nothing_is_written(jury: Jury) -> None:
    jury.agreed()
    jury.decide()
    jury.world.do(commands.Close(who="boss"))
    jury.sign(jury.first)  # an appeal is answered after the closing
    jury.world.do(commands.Seal((("c01", "d" * 64), ("c02", "e" * 64)), "f" * 64, who="boss"))
    assert jury.sign(jury.second).status_code == 409
    assert jury.first.post(f"{GUIDE}/general", {"text": "x"}).status_code == 409
    for address in (GRID, GUIDE, DECISION):
        text(jury.first, address)


def test_before_the_exam_there_is_nothing_to_mark_and_it_is_said(world: SiteWorld) -> None:
    jury = Jury(world)
    for address in (GRID, GUIDE):
        page = text(jury.first, address)
        assert "L’épreuve n’a pas commencé" in page
        assert "data-autosave" not in page
    assert jury.mark(jury.first, "BC01.C1", "met").status_code == 409


def test_a_format_without_a_practical_is_marked_without_proposals(world: SiteWorld) -> None:
    slug = world.jury_only()
    jury, page = world.browser("jury"), f"/jury/{slug}/c01"
    world.do(commands.BeginPhase(who="jury", candidate="c01", phase=0), slug=slug)
    assert "les questions viennent du référentiel seul" in text(jury, f"{page}/guide")
    assert jury.post(f"{page}/grille/BC01.C1", {"level": "met"}, headers=HTMX).status_code == 200
    assert "Entretien technique" in text(jury, f"{page}/guide")
    with world.store.read() as tx:
        mark = of_candidate(tx, slug, "c01").grid("jury").mark("BC01.C1")
    assert mark is not None
    assert (mark.proposed, mark.judgement) == ("not-seen", None)


def test_an_absent_candidate_is_not_marked(world: SiteWorld) -> None:
    world.do(commands.MarkAbsent(who="boss", candidate="c01"))
    jury = Jury(world)
    assert jury.mark(jury.first, "BC01.C1", "met").status_code == 409
    assert "absent" in text(jury.first, f"/jury/{SLUG}/")


def test_whatever_jurors_write_stays_text(jury: Jury) -> None:
    attack = '<script>alert(1)</script>"><b>'
    jury.mark(jury.first, "BC01.C2", "met", attack)
    jury.first.post(f"{GUIDE}/general", {"text": attack})
    jury.both()
    for address in (GRID, GUIDE, DECISION):
        page = text(jury.second, address) + text(jury.first, address)
        assert "<script>alert" not in page
        assert "<b>" not in page
    for address in (GRID, GUIDE, DECISION):
        assert " style=" not in text(jury.first, address)
