"""People at an exam, each before a browser: what they do, in the words of the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import PATIENCE_MS

PASSWORD = "trois petits chats"
SESSION = "juin-2026"
ROSTER = "Nom;Prénom;Numéro;Place;Temps majoré\nLe Goff;Anaïs;0001;A1;\nMartin;Léo;0002;A2;tiers\n"
FIRST, SECOND = "Le Goff Anaïs", "Martin Léo"


def button(where: Page | Locator, name: str) -> Locator:
    """A button by its whole name."""
    return where.get_by_role("button", name=name, exact=True)


def heading(page: Page, name: str) -> Locator:
    """A heading of the first level."""
    return page.get_by_role("heading", level=1, name=name)


def agree(page: Page, question: str) -> None:
    """Answer yes to a question; it is asked once."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(question)
    button(dialog, "Oui").click()
    expect(dialog).to_be_hidden()


# --- accounts


def make_first_account(page: Page, link: str) -> None:
    """With the one-time link that the command shows."""
    page.goto(link)
    page.get_by_label("Identifiant").fill("claire")
    page.get_by_label("Nom affiché").fill("Claire Lefèvre")
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    page.get_by_label("Le même, encore une fois").fill(PASSWORD)
    button(page, "Créer le compte").click()
    expect(heading(page, "Bonjour Claire Lefèvre")).to_be_visible()


def make_jury_account(page: Page) -> str:
    """The administrator makes an account for the jury; its first password."""
    page.get_by_role("link", name="Administration").first.click()
    page.get_by_role("link", name="Nouveau compte").click()
    page.get_by_label("Identifiant").fill("jean")
    page.get_by_label("Nom affiché").fill("Jean Moreau")
    page.get_by_label("jury : lit les preuves et note").check()
    button(page, "Créer le compte").click()
    expect(heading(page, "Le compte est prêt")).to_be_visible()
    return page.locator("code").last.inner_text()


def sign_in_by_keyboard(page: Page, address: str, name: str, password: str) -> None:
    """From the front page, with nothing but keys."""
    page.goto(address)
    tab_to(page, page.get_by_role("link", name="Se connecter"))
    page.keyboard.press("Enter")
    expect(heading(page, "Connexion")).to_be_visible()
    tab_to(page, page.get_by_label("Identifiant"))
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def tab_to(page: Page, target: Locator, presses: int = 60) -> None:
    """Press Tab until the target has the focus, as somebody without a mouse does."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{presses} times Tab do not lead to {target}")


def change_password(page: Page, old: str) -> None:
    """What whoever was given a password must do before anything else."""
    expect(heading(page, "Changer de mot de passe")).to_be_visible()
    page.get_by_label("Mot de passe actuel").fill(old)
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    page.get_by_label("Le même, encore une fois").fill(PASSWORD)
    button(page, "Changer").click()


# --- supervisor


def fill_in_session(page: Page, slug: str, roster: Path) -> None:
    """The form that makes a session, up to its button."""
    page.get_by_role("navigation").get_by_role("link", name="Surveillance").click()
    page.get_by_role("link", name="Créer une session").click()
    page.get_by_label("Nom de la session").fill(slug)
    page.get_by_label("Liste des candidats").set_input_files(roster)


@dataclass(frozen=True)
class Wall:
    """A session's wall in a supervisor's browser."""

    page: Page

    def tile(self, name: str) -> Locator:
        """A candidate's tile."""
        return self.page.locator(".tile", has_text=name)

    def order(self, name: str, question: str, **fields: str) -> None:
        """Give an order: open its form if it has one, fill it in, and agree. fields: by their labels."""
        with_form = self.page.locator("details.order", has=self.page.locator("summary", has_text=name))
        if fields:
            with_form.locator("summary").click()
        for label, value in fields.items():
            field = with_form.get_by_label(label)
            if field.evaluate("one => one.localName") == "select":
                field.select_option(value)
            else:
                field.fill(value)
        button(with_form if fields else self.page, name).click()
        agree(self.page, question)


# --- candidate


def seconds(text: str) -> int:
    """A time left in seconds, from how pages show it."""
    hours, minutes, rest = map(int, text.strip().split(":"))
    return hours * 3600 + minutes * 60 + rest


def spelt(left_s: int) -> str:
    """A time left as pages show it."""
    return f"{left_s // 3600}:{left_s // 60 % 60:02d}:{left_s % 60:02d}"


@dataclass(frozen=True)
class Candidate:
    """A candidate's browser. It is never reloaded unless the story says so."""

    page: Page

    def sit_down(self, address: str, code: str) -> None:
        """With the code of the seat card."""
        self.page.goto(address)
        self.page.get_by_label("Code de place").fill(code)
        button(self.page, "S’installer").click()
        expect(heading(self.page, "Attendez le début")).to_be_visible()

    @property
    def left_s(self) -> int:
        """The time left that the page shows."""
        return seconds(self.page.get_by_role("timer").inner_text())

    @property
    def console(self) -> Locator:
        """The console that is open first."""
        return self.page.locator("[data-console]:visible").first

    def picture(self) -> str:
        """What its screen shows, as an address of data."""
        return str(self.console.locator("canvas").evaluate("canvas => canvas.toDataURL()"))

    def type(self, text: str) -> None:
        """Into the machine."""
        before = self.picture()
        self.console.locator("[data-screen]").focus()
        self.page.keyboard.press("Enter")
        self.page.keyboard.type(text, delay=20)
        self.sees_another(before)

    def sees_another(self, picture: str) -> None:
        """Wait until the screen shows something else."""
        self.page.wait_for_function(
            "was => ![was, undefined].includes(document.querySelector('canvas')?.toDataURL())",
            arg=picture,
            timeout=PATIENCE_MS,
        )


def codes_in(cards: str) -> dict[str, str]:
    """Seat codes by name, from the text of the printed cards."""
    found = {}
    for name in (FIRST, SECOND):
        match = re.search(rf"{name}.*?\b(\w{{4}}-\w{{4}})\b", cards, re.DOTALL)
        assert match, f"no card for {name}"
        found[name] = match[1]
    return found
