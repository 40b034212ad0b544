"""Trying a lab: verdicts follow the machines and the lab's files, and nothing stays unless one asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from labs.errors import UsageError
from labs.problems import LabError
from orchestrator.bench import list_benches
from orchestrator.catalog import open_lab
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.settings import Settings
from orchestrator.trying import Trial, session_of, trial
from tests.unit.engine.machines import Machines
from tests.unit.engine.world import write_lab


class Desk:
    """A trainer's own: a small lab, simulated machines that have names."""

    def __init__(self, root: Path) -> None:
        self.settings = Settings(data_dir=root / "data")
        self.hypervisor = FakeHypervisor()
        self.machines = Machines(self.settings.benches_dir)
        self.hypervisor.programs = self.machines
        self.folder = write_lab(root / "lab")

    def trial(self, *, keep: bool = False) -> AbstractContextManager[Trial]:
        lab = open_lab(str(self.folder))
        return trial(lab, hypervisor=self.hypervisor, settings=self.settings, keep=keep, progress=lambda _text: None)

    def edit(self, old: str, new: str) -> None:
        file = self.folder / "lab.yml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    @property
    def left(self) -> tuple[int, bool]:
        """Benches that are there, and whether anything drawn for them is."""
        name = session_of(open_lab(str(self.folder)))
        benches = list_benches(self.hypervisor, self.settings.benches_dir)
        return len(benches), (self.settings.data_dir / "sessions" / name).exists()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def here(desk: Desk) -> Iterator[Trial]:
    with desk.trial() as made:
        yield made


def test_a_verdict_changes_with_what_one_does_in_the_machine(desk: Desk, here: Trial) -> None:
    first = here.look()
    assert [str(one.outcome) for one in first.verdicts] == ["PASS"]
    assert not first.was
    desk.machines.rename(here.bench.session, here.bench.name, "client", "other")
    second = here.look()
    assert [str(one.outcome) for one in second.verdicts] == ["FAIL"]
    assert {name: str(before.outcome) for name, before in second.was.items()} == {"client-name": "PASS"}
    assert not here.look().was, "it said so once"


def test_a_check_that_was_rewritten_judges_from_then_on(desk: Desk, here: Trial) -> None:
    here.look()
    assert not here.changed()
    desk.edit("name: desk", "name: bureau")
    assert here.changed()
    here.read_again()
    assert [str(one.outcome) for one in here.look().verdicts] == ["FAIL"]
    assert not here.changed()
    assert not here.outdated()


def test_a_lab_with_faults_is_told_and_the_one_before_is_tried_on(desk: Desk, here: Trial) -> None:
    desk.edit("check: host-name", "check: hostname")
    with pytest.raises(LabError, match="host-name"):
        here.read_again()
    assert [str(one.outcome) for one in here.look().verdicts] == ["PASS"]


@pytest.mark.parametrize(
    ("old", "new"), [("memory_mib: 512", "memory_mib: 640"), ("secrets:\n", "secrets:\n  other: { kind: password }\n")]
)
def test_other_machines_or_secrets_need_another_bench(desk: Desk, here: Trial, old: str, new: str) -> None:
    desk.edit(old, new)
    if "secrets" in old:
        (desk.folder / "sujet.md").write_text("{{ secrets.admin }} {{ secrets.other }}")
    here.read_again()
    assert here.outdated()


def test_only_what_is_asked_for_is_looked_at(here: Trial) -> None:
    assert len(here.look(["names"]).verdicts) == len(here.look(["client-name"]).verdicts) == 1
    with pytest.raises(UsageError, match="client-name"):
        here.look(["client-nam"])


def test_nothing_stays_unless_it_is_kept_and_then_it_is_taken_up_again(desk: Desk) -> None:
    with desk.trial() as made:
        once = made.session.secrets
    assert desk.left == (0, False)
    with desk.trial(keep=True) as made:
        kept = made.session.secrets
        made_at = made.bench.created_at
    assert kept != once
    assert desk.left == (1, True)
    desk.edit("name: desk", "name: bureau")  # what judges has changed, not the machines
    with desk.trial() as made:
        assert (made.session.secrets, made.bench.created_at) == (kept, made_at)
    assert desk.left == (0, False)


def test_a_kept_bench_of_other_machines_is_not_taken_up(desk: Desk) -> None:
    with desk.trial(keep=True) as made:
        kept = made.session.secrets
    desk.edit("memory_mib: 512", "memory_mib: 640")
    with desk.trial() as made:
        assert made.session.secrets != kept
        assert not made.outdated()
