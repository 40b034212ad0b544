"""The jury's hour before browsers: phases, what the candidate is given, tickets, grids, decision, signatures."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import type_azerty
from tests.browser.exam import PASSWORD, agree, button

WORDS = "Vu pendant l’épreuve, expliqué à l’oral."


@dataclass(frozen=True)
class Juror:
    """A juror's browser, about one candidate. address: of the pages about them. patience_ms: for what machines do."""

    page: Page
    address: str
    patience_ms: float = 30_000

    def go(self, part: str = "heure") -> None:
        """One of the pages about the candidate."""
        self.page.goto(f"{self.address}/{part}")

    # --- the hour
    def begin(self, phase: str) -> None:
        """Begin a phase; the one under way ends."""
        now = self.page.locator(".hour-now")
        now.get_by_role("button").filter(has_text=phase).click()
        expect(now.get_by_role("heading")).to_contain_text(f"en cours {phase}")

    def end(self) -> None:
        """End the last phase."""
        button(self.page, "Terminer cette phase").click()
        expect(self.page.get_by_role("heading", name="Toutes les phases ont eu lieu")).to_be_visible()

    def open_copy(self) -> None:
        """Have the machines as they were at the bell."""
        button(self.page, "Ouvrir une copie du poste").click()
        expect(self.page.locator(".hour-copy .badge")).to_have_text("ouverte", timeout=self.patience_ms)

    def give(self, title: str) -> None:
        """Bring an incident, or a request, into the copy, and open its ticket."""
        card = self.page.locator(".incident-cards > li", has_text=title)
        card.locator("summary").click()
        card.get_by_role("button").click()
        agree(self.page, "la copie du poste")
        ticket = self.page.locator(".hour-tickets form", has_text=title)
        ticket.get_by_role("button").click(timeout=self.patience_ms)  # it is offered once the machine has seen it
        expect(ticket).to_have_count(0)

    def verify(self, title: str, found: str) -> None:
        """Have it looked at whether it is solved."""
        self.go()
        state = self.incident(title)
        state.get_by_role("button", name="Vérifier").click()
        expect(state.locator(".look").first).to_contain_text(f": {found}", timeout=self.patience_ms)

    def incident(self, title: str) -> Locator:
        """What the hour's page says of it."""
        return self.page.locator("article.incident", has_text=title)

    # --- marking
    def mark(self) -> None:
        """Fill in the grid alone: everything is met; what the machine saw otherwise is explained. Hand it in."""
        self.go("grille")
        for form in self.page.locator("article.competency > form.mark").all():
            form.get_by_label("Satisfait", exact=True).check()
            if (words := form.get_by_role("textbox")).is_visible():
                words.fill(WORDS)
        expect(self.page.locator("#grid-progress")).to_contain_text("La grille peut être remise")
        button(self.page, "Remettre la grille").click()
        agree(self.page, "Remettre la grille")
        expect(self.page.get_by_text("Grille remise le")).to_be_visible()

    def decide(self) -> None:
        """What both marked alike, in common; everything is granted."""
        self.go("decision")
        button(self.page, "Reprendre en commun ce que tous ont évalué de même").click()
        expect(self.page.locator("#decision-progress")).to_contain_text("Toutes les évaluations communes sont faites")
        for block in self.page.locator("fieldset.block-decision").all():
            block.get_by_role("radio").first.check()
            block.get_by_role("textbox").fill(WORDS)
        button(self.page, "Enregistrer la décision").click()
        agree(self.page, "Enregistrer cette décision")
        expect(self.page.get_by_label("Votre mot de passe, pour signer")).to_be_visible()

    def sign(self) -> None:
        """With their password."""
        self.go("decision")
        self.page.get_by_label("Votre mot de passe, pour signer").fill(PASSWORD)
        button(self.page, "Signer cette décision").click()
        expect(self.page.get_by_label("Votre mot de passe, pour signer")).to_be_hidden()


def repair(seat: Page) -> None:
    """What simulated machines take for a repair, typed on the console that is open first."""
    seat.locator("[data-screen]:visible").first.focus()
    seat.keyboard.press("Enter")
    type_azerty(seat, "reparer")
    seat.keyboard.press("Enter")


@dataclass(frozen=True)
class ServiceDesk:
    """The candidate's tickets, in a tab of their own."""

    page: Page

    def handle(self, subject: str) -> None:
        """From taking charge to the user's agreement, with every entry in between; from the list and back to it."""
        self.page.get_by_role("link", name=subject).click()
        button(self.page, "Prendre en charge").click()
        expect(self.page.locator(".entry.is-taken")).to_be_visible()
        self.record("qualified", kind=1, category=1, impact=3, urgency=2)
        self.record("step", text="Message lu, ce qui a changé demandé, l’état regardé.")
        self.record("solved", text="Remis en état, essayé avec l’utilisateur.", cause="Ce qui avait changé hier soir.")
        self.record(
            "knowledge", title=subject, audience=1, symptoms="Comme décrit.", cause="Hier soir.", text="Remettre."
        )
        self.record("closed", text="L’utilisateur confirme.")
        self.page.get_by_role("link", name="Centre de services").click()

    def record(self, deed: str, **fields: str | int) -> None:
        """Record one entry. fields: texts, and the places of what is chosen in its list."""
        form = self.page.locator(f"form[data-deed={deed}]")
        self.page.locator("details.deed", has=form).locator("summary").click()
        for name, value in fields.items():
            field = form.locator(f"#{deed}-{name}")
            if isinstance(value, int):
                field.select_option(index=value)
            else:
                field.fill(value)
        button(form, "Enregistrer").click()
        if deed == "closed":
            agree(self.page, "Clore le ticket")
        expect(self.page.locator(f".entry.is-{deed}")).to_be_visible()
