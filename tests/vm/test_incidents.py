"""Every incident of the first lab: broken and seen, repaired and seen, and nothing else is other than before.

``epreuve lab prove-incidents`` looks at all checks after each repair; here once, after all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labs.text import Text
from orchestrator.catalog import open_lab
from orchestrator.proving import Prover, solved_bench
from tests.vm.ground import LAB, VmGround

pytestmark = pytest.mark.vm
INCIDENTS = [one for one in open_lab(LAB).lab.incidents if one.kind == "incident"]
REQUESTS = [one for one in open_lab(LAB).lab.incidents if one.kind == "request"]


@pytest.fixture(scope="module")
def prover(ground: VmGround) -> Iterator[Prover]:
    def say(text: Text) -> None:
        print(text, flush=True)

    with solved_bench(ground.lab, hypervisor=ground.hypervisor, settings=ground.settings, progress=say) as made:
        yield made


def test_the_solved_bench_is_one(prover: Prover) -> None:
    assert [one.check for one in prover.solved if one.outcome != "PASS"] == []


@pytest.mark.parametrize("name", [one.id for one in INCIDENTS])
def test_an_incident_is_proved(prover: Prover, name: str) -> None:
    proved = prover.prove(next(one for one in INCIDENTS if one.id == name), whole=False)
    print(proved.seconds)
    assert proved.faults == ()


def test_after_all_of_them_every_check_says_what_it_said(prover: Prover) -> None:
    affects = {check for one in INCIDENTS for check in one.affects}
    assert prover.changed(prover.verdicts(), affects) == []


@pytest.mark.parametrize("name", [one.id for one in REQUESTS])
def test_a_request_is_proved(prover: Prover, name: str) -> None:
    assert prover.prove(next(one for one in REQUESTS if one.id == name), whole=False).faults == ()
