"""Results for the school's information system: one row per candidate, as spreadsheets of schools read it."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

from checkers.report.model import Sum
from labs.text import Language
from orchestrator.exam import commands
from orchestrator.minutes.model import Minutes
from orchestrator.minutes.results import results_csv, results_rows
from tests.unit.exam.story import at, prepared
from tests.unit.minutes.told import BY, decided, minutes_of

DOC = Path(__file__).parents[3] / "docs" / "results.md"
FOUND = Sum(points=Decimal("12.5"), max_points=Decimal(20), open_points=Decimal(0), passed=3, failed=2, inconclusive=0)


def results() -> Minutes:
    story = prepared("c01", "c02", "c03")
    story.do(commands.MarkAbsent("c03", **BY))
    story.do(commands.Start(**BY))
    return minutes_of(story, at(1), marks={"c01": decided("jean", "sophie"), "c02": decided("jean")})


def read(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_one_row_for_each_candidate() -> None:
    one, two, three = read(results_csv(results(), {"c01": FOUND}))
    assert (one["Numéro"], one["Nom"], one["Prénom"], one["Date de naissance"]) == (
        "0001",
        "Le Goff",
        "Anaïs",
        "2001-02-03",
    )
    assert one["Certification"] == "Titre professionnel Technicien d'assistance en informatique"
    assert one["BC01 – Assister ou dépanner les utilisateurs"] == "Accordé"
    assert one["BC02 – Mettre en service des équipements numériques"] == "Non accordé"
    assert (one["Titre"], one["Décision signée"]) == ("Titre non accordé, blocs accordés", "oui")
    assert (one["Date de l'épreuve"], one["Décidé le"]) == ("2026-06-15", "2026-06-15")
    assert (one["Points relevés par la machine"], one["Points possibles"]) == ("12,5", "20")
    assert two["Décision signée"] == "non"
    assert (three["Présence"], three["Titre"], three["Points possibles"], three["Date de l'épreuve"]) == (
        "absent",
        "",
        "",
        "",
    )


def test_no_cell_is_a_formula() -> None:
    two = read(results_csv(results(), {}))[1]
    assert two["Nom"] == "'=Martin"
    assert results_rows(results(), {})[1]["Nom"] == "=Martin"  # programs get it as it is


def test_english() -> None:
    (one, *_) = read(results_csv(results(), {"c01": FOUND}, "en"))
    assert (one["Surname"], one["Points seen by the machine"]) == ("Le Goff", "12.5")


def test_the_page_of_the_columns_names_each_of_them() -> None:
    written = DOC.read_text(encoding="utf-8")
    languages: tuple[Language, ...] = ("fr", "en")
    for language in languages:
        for column in results_rows(results(), {}, language)[0]:
            if not re.match(r"BC\d\d – ", column):
                assert f"`{column}`" in written, column
