"""Every incident of the first lab: healthy, broken and seen, repaired and seen, and no check other than before.

What ``epreuve lab prove-incidents`` does. Some of them, on the bench of the whole exam: ``test_exam``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labs.text import Text
from orchestrator.catalog import open_lab
from orchestrator.proving.incidents import Prover, solved_bench
from tests.vm.ground import LAB, VmGround

pytestmark = [pytest.mark.vm, pytest.mark.long]
INCIDENTS = {one.id: one for one in open_lab(LAB).lab.incidents}


@pytest.fixture(scope="module")
def prover(ground: VmGround) -> Iterator[Prover]:
    def say(text: Text) -> None:
        print(text, flush=True)

    with solved_bench(ground.lab, hypervisor=ground.hypervisor, settings=ground.settings, progress=say) as made:
        yield made


def test_the_solved_bench_is_one(prover: Prover) -> None:
    assert [one.check for one in prover.ground.solved if one.outcome != "PASS"] == []


@pytest.mark.parametrize("name", INCIDENTS)
def test_an_incident_is_proved(prover: Prover, name: str) -> None:
    proved = prover.prove(INCIDENTS[name])
    print(proved.seconds)
    assert proved.faults == ()
