"""What pages say is set as in print; what people wrote is left alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import render_template_string

from labs.text import Text, speak
from labs.typography import typeset
from tests.unit.web.world import SiteWorld


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    speak("fr")
    yield
    speak(None)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("L'épreuve n'a pas commencé.", "L’épreuve n’a pas commencé."),
        ("Fermer ? Oui !", "Fermer\u202f? Oui\u202f!"),
        ("Le site : prêt ; attendez", "Le site\u00a0: prêt\u202f; attendez"),
        ("« epreuve serve »", "«\u00a0epreuve serve\u00a0»"),
        ("fin à 10 h 42, 33 % de plus", "fin à 10\u00a0h 42, 33\u00a0% de plus"),
        ("https://site:8080/?a=b", "https://site:8080/?a=b"),
        ("Reprenez la salle (resume, sans candidat) ou arrêtez-la (freeze).", "Reprenez la salle ou arrêtez-la."),
        ("'root' et c01:c02", "'root' et c01:c02"),
    ],
)
def test_sentences(typed: str, printed: str) -> None:
    assert typeset(typed) == printed


def test_english_gets_its_apostrophes_only() -> None:
    speak("en")
    assert typeset("The site's log : why?") == "The site’s log : why?"


def test_only_our_own_sentences_are_set(world: SiteWorld) -> None:
    with world.app.test_request_context():
        speak("fr")
        page = render_template_string("{{ text }} {{ name }}", text=Text("L'état :", "state"), name="N'Diaye : ?")
    assert page == "L’état\u00a0: N&#39;Diaye : ?"
