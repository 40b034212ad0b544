"""A solved bench is kept as long as it would be solved the same way, and one process at a time proves a lab."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from checkers.checks import CHECKS
from labs.loader import LoadedLab, load_lab
from labs.text import Text
from orchestrator import golden_build
from orchestrator.bench import BenchError
from orchestrator.golden import Golden
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.proving import place
from orchestrator.proving.ground import ProvingBench
from orchestrator.proving.place import proving, session_of, solved_from
from orchestrator.settings import Settings
from tests.unit.proving.world import FileLab, Here


@pytest.fixture
def files(tmp_path: Path) -> FileLab:
    made = FileLab(tmp_path)
    made.mutants(("wrong", "rm one", "one"))
    return made


def read(files: FileLab) -> LoadedLab:
    return load_lab(files.folder, checks=CHECKS, images=("client", "server"))


def made_from(lab: LoadedLab, key: str = "k") -> str:
    return solved_from(lab, Golden.model_construct(key=key, created_at=1.0))


@pytest.mark.parametrize(
    ("file", "old", "new", "same"),
    [
        ("mutants.yml", "rm one", "rm two", True),
        ("lab.yml", "contains: good", "contains: better", True),
        ("sujet.md", "#", "##", True),
        ("lab.yml", "admin: { kind: password }", "chief: { kind: password }", False),
        ("lab.yml", "memory_mib: 512", "memory_mib: 768", False),
        ("setup.sh", "", "reboot", False),
    ],
)
def test_what_the_solved_bench_comes_from(files: FileLab, file: str, old: str, new: str, same: bool) -> None:
    (files.folder / "setup.sh").write_text("")
    (files.folder / "sujet.md").write_text("# {{ secrets.admin }}")
    before = made_from(read(files))
    path = files.folder / file
    path.write_text(path.read_text().replace(old, new, 1))
    if "chief" in new:
        (files.folder / "sujet.md").write_text("# {{ secrets.chief }}")
    assert (made_from(read(files)) == before) is same


def test_another_golden_makes_another_solved_bench(files: FileLab) -> None:
    assert made_from(read(files), "k") != made_from(read(files), "l")


def test_two_labs_are_proved_in_sessions_of_their_own(files: FileLab) -> None:
    lab = read(files)
    other = replace(lab, lab=lab.lab.model_copy(update={"id": "other-lab"}))
    assert session_of(lab) != session_of(other)
    assert len(session_of(lab)) == 16


def test_a_lab_is_proved_by_one_process_at_a_time(
    files: FileLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "ensure_lab_golden", lambda *_args: Golden.model_construct(key="k", created_at=1.0))
    lab, settings = read(files), Settings(data_dir=tmp_path / "data")

    def begin() -> AbstractContextManager[place.Workbench]:
        return proving(lab, hypervisor=Here(), settings=settings, progress=lambda _text: None)

    with begin(), pytest.raises(BenchError, match="déjà en train"), begin():
        pass
    with begin():  # the lock went with the first
        pass
    assert not (settings.data_dir / "sessions" / session_of(lab)).exists()


class Simulated:
    """A lab on simulated machines; ``solved``: how often the reference solution was run."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files = FileLab(root)
        self.files.mutants(("wrong", "rm one", "one"))
        self.settings = Settings(data_dir=root / "data")
        self.hypervisor = FakeHypervisor()
        self.solved = 0
        monkeypatch.setattr(golden_build, "wait_calm", lambda *_args, **_more: True)
        monkeypatch.setattr(ProvingBench, "solve", lambda _bench, _progress: self._solve())

    def _solve(self) -> None:
        self.solved += 1

    def open(self, *, fresh: bool = False) -> AbstractContextManager[place.Workbench]:
        lab = read(self.files)
        return proving(lab, hypervisor=self.hypervisor, settings=self.settings, progress=quiet, fresh=fresh)

    def running(self) -> list[tuple[str, str]]:
        return sorted((view.stamp.bench, view.stamp.machine) for view in self.hypervisor.domains())


def quiet(_text: Text) -> None:
    """No progress."""


@pytest.fixture
def simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Simulated:
    return Simulated(tmp_path, monkeypatch)


A, B = [("a", "client"), ("a", "server")], [("b", "client"), ("b", "server")]


def test_the_untouched_bench_is_the_one_that_is_solved_and_nothing_runs_on(simulated: Simulated) -> None:
    with simulated.open() as here:
        here.blank(quiet)
        assert simulated.running() == A
        here.solved(quiet)
        assert (simulated.running(), simulated.solved) == (A, 1)
    assert simulated.running() == []
    assert simulated.hypervisor.networks() == []


def test_the_next_run_goes_on_from_the_solved_bench(simulated: Simulated) -> None:
    with simulated.open() as here:
        here.solved(quiet)
        secrets = here.session.secrets
    with simulated.open() as here:
        here.blank(quiet)
        assert simulated.running() == B
        ground = here.solved(quiet)
        assert (simulated.running(), simulated.solved) == (A, 1)
        assert here.session.secrets == secrets
        ground.go_back()
        here.keep = False
    assert list(simulated.settings.benches_dir.glob("*")) == []
    with simulated.open() as here:
        here.solved(quiet)
    assert simulated.solved == 2


def test_a_run_that_was_killed_leaves_nothing_to_the_next(simulated: Simulated) -> None:
    with simulated.open() as here:
        here.solved(quiet)
        left = here.lab
        here.blank(quiet)
        assert len(simulated.running()) == 4
        simulated.settings.proofs_dir.joinpath(f".{session_of(left)}.lock").unlink()  # as if its process were gone
        with simulated.open() as later:
            assert simulated.running() == []
            later.solved(quiet)
            assert (simulated.running(), simulated.solved) == (A, 1)


@pytest.mark.parametrize("how", ["fresh", "setup"])
def test_another_start_is_solved_again(simulated: Simulated, how: str) -> None:
    with simulated.open() as here:
        here.solved(quiet)
    if how == "setup":
        (simulated.files.folder / "setup.sh").write_text("reboot\n")
    with simulated.open(fresh=how == "fresh") as here:
        here.solved(quiet)
    assert simulated.solved == 2
