"""The documented answers that a recording is compared with: those of the sources' tests."""

from __future__ import annotations

from pathlib import Path

from checkers.goldens.compare import Compared, compare
from checkers.goldens.files import GoldenError, GoldenFile, read_goldens
from labs.text import Text

CHECKOUT = Path(__file__).parents[2] / "tests" / "goldens"


def reference(given: Path | None) -> list[GoldenFile]:
    """The documented answers: those in a folder, by default those of the checkout that this runs from. Raises
    GoldenError; an installed Épreuve has none of its own."""
    if given is None and not CHECKOUT.is_dir():
        raise GoldenError(
            Text(
                "Les réponses documentées ne sont pas installées avec Épreuve.",
                "The documented answers are not installed with Épreuve.",
            ),
            do=Text(
                "Donnez celles d'une copie des sources : --against …/tests/goldens.",
                "Give those of a checkout: --against …/tests/goldens.",
            ),
        )
    return read_goldens(given or CHECKOUT)


def compared_folder(folder: Path, against: Path | None) -> Compared:
    """What a folder of recorded answers comes to beside the documented ones. Raises GoldenError."""
    return compare(read_goldens(folder), reference(against))
