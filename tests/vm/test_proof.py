"""Every lab of the catalog is proved on real machines, its incidents too: what ``epreuve lab prove --incidents`` does.

Hours for all of them. Some mutants, on the bench of the whole exam: ``test_exam``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.catalog import lab_names, open_lab
from orchestrator.cli.common import Steps
from orchestrator.proving.book import Book
from orchestrator.proving.proof import lacking
from orchestrator.proving.run import Asked, prove_lab
from orchestrator.settings import Settings
from tests.vm.ground import VmGround

pytestmark = [pytest.mark.vm, pytest.mark.long]


@pytest.mark.parametrize("name", lab_names())
def test_a_lab_of_the_catalog_is_proved(ground: VmGround, data: Path, name: str) -> None:
    lab, settings = open_lab(name), Settings(data_dir=data)
    book = Book(lab, settings.proofs_dir, ground.hypervisor)
    asked = Asked(lab.mutants, incidents=lab.lab.incidents, fresh=True)
    came = prove_lab(
        asked, book, hypervisor=ground.hypervisor, settings=settings, step=Steps().step, tell=lambda came: print(came)
    )
    assert {one.id: one.faults for one in came if one.faults} == {}
    assert lacking(book.proof, lab) == []
