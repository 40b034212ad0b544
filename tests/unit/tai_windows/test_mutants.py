"""tai-windows on the documented goldens: all right, nothing right, and each mutant seen exactly.

Its machines cannot be had here: what its mutants would change is changed in the answers. On a real Windows the same
mutants are run by ``epreuve lab prove tai-windows``.
"""

from __future__ import annotations

import pytest

from checkers.checks import CHECKS
from checkers.verdict import Outcome
from labs.loader import lint
from labs.mutant import Mutant
from labs.subject import render_html
from orchestrator.catalog import open_lab
from tests.unit.tai_windows.bench import WindowsBench
from tests.unit.tai_windows.blank import untouched
from tests.unit.tai_windows.mutants import MUTATIONS
from vagrant.build import image_names

LAB = open_lab("tai-windows")


def test_the_solution_gets_every_point() -> None:
    verdicts = WindowsBench().judge().values()
    assert {one.check: one.reason.fr for one in verdicts if one.outcome is not Outcome.PASS} == {}
    assert sum(one.points for one in verdicts) == LAB.lab.points


def test_on_untouched_machines_nothing_is_right() -> None:
    bench = WindowsBench()
    untouched(bench)
    assert {one.check: one.reason.fr for one in bench.judge().values() if one.outcome is not Outcome.FAIL} == {}


def test_every_mutant_of_the_lab_is_played() -> None:
    assert set(MUTATIONS) == {mutant.id for mutant in LAB.mutants}


@pytest.mark.parametrize("mutant", LAB.mutants, ids=lambda mutant: mutant.id)
def test_a_mutant_flips_exactly_what_it_names(mutant: Mutant) -> None:
    bench = WindowsBench()
    MUTATIONS[mutant.id](bench)
    after = bench.judge()
    flipped = {name: one.reason.fr for name, one in after.items() if one.points != one.max_points}
    assert set(flipped) == set(mutant.flips), flipped
    assert {one.outcome for one in after.values()} <= {Outcome.PASS, Outcome.FAIL}


def test_the_lab_lints_and_its_paper_renders() -> None:
    assert not lint(LAB.folder, checks=CHECKS, images=image_names())
    secrets = dict.fromkeys(LAB.lab.secrets, "motdepasse=")
    paper = render_html(LAB.lab, LAB.subject, secrets=secrets, variants=LAB.values, candidate="Anaïs Le Goff")
    assert "Windows Server" in paper
