"""The shelf: a lab is there whole or not at all, a version never changes, and nothing runs that nobody trusts."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from labs.confined import Bounds
from labs.errors import EpreuveError, UsageError
from orchestrator import catalog
from orchestrator.catalog import find_entry, lab_folder, open_lab
from orchestrator.engine.desk import Desk
from orchestrator.engine.opening import open_session
from orchestrator.exam import Phase
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.library import shelf
from orchestrator.library.deposits import approve, deposit_of, is_approved, require_approved
from orchestrator.library.errors import LibraryError
from orchestrator.library.faults import FaultyLabError
from orchestrator.library.uses import sessions_with
from orchestrator.sessions import ensure_session
from orchestrator.settings import Settings
from orchestrator.store import Store, exams, open_store
from orchestrator.workshop import ensure_lab_golden
from tests.unit.library.conftest import NOON, Workshop
from tests.unit.store.conftest import store as store
from tests.unit.store.sample import with_session


def test_a_sound_lab_is_found_by_its_id_and_version(workshop: Workshop) -> None:
    lab = workshop.put()
    assert lab.folder == workshop.shelf / "small-lab" / "1.0.0" / "lab"
    for name in ("small-lab", "small-lab@1.0.0"):
        assert open_lab(name, workshop.shelf).hash == lab.hash
    with pytest.raises(UsageError):
        lab_folder("small-lab@2.0.0", workshop.shelf)


def test_all_faults_are_told_with_their_lines_and_nothing_is_kept(workshop: Workshop) -> None:
    workshop.replace("check: host-name", "check: hostname")
    workshop.replace("competency: BC02.C1", "competency: BC09.C9")
    workshop.replace("secrets.admin", "secrets.nobody", "sujet.md")
    with pytest.raises(FaultyLabError) as caught:
        workshop.put()
    told = {str(fault.problem).split(": ")[0]: fault for fault in caught.value.faults}
    assert {place.split(":")[0] for place in told} == {"lab.yml", "sujet.md"}
    (check,) = [fault for fault in caught.value.faults if "hostname" in fault.problem.what.fr]
    here = [line for line in check.lines if line.here]
    assert [line.number for line in here] == [check.problem.line]
    assert "check: hostname" in here[0].text
    assert len(check.lines) > 1
    assert workshop.on_shelf() == set()


def test_a_version_is_never_replaced(workshop: Workshop) -> None:
    first = workshop.put()
    workshop.replace("A small lab", "Another lab")
    with pytest.raises(LibraryError):
        workshop.put(trusted=True)
    assert open_lab("small-lab", workshop.shelf).hash == first.hash
    assert not is_approved(first)
    workshop.replace("version: 1.0.0", "version: 1.10.0")
    second = workshop.put()
    workshop.replace("version: 1.10.0", "version: 1.9.0")
    workshop.put()
    assert shelf.versions(workshop.shelf) == {"small-lab": ["1.10.0", "1.9.0", "1.0.0"]}
    assert open_lab("small-lab", workshop.shelf).hash == second.hash
    assert open_lab("small-lab@1.0.0", workshop.shelf).hash == first.hash


def test_the_name_of_a_lab_shipped_cannot_be_taken(workshop: Workshop) -> None:
    workshop.replace("id: small-lab", "id: tai-complet")
    with pytest.raises(FaultyLabError) as caught:
        workshop.put()
    (fault,) = caught.value.faults
    assert (fault.problem.code, fault.problem.line, fault.problem.column) == ("shipped-id", 1, 5)
    assert workshop.on_shelf() == set()


def test_a_lab_that_bears_the_name_of_one_shipped_later_is_said_to_be_hidden(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = workshop.put()
    shipped = workshop.shelf.parent / "catalog"
    workshop.replace("A small lab", "A lab of ours")
    shipped.mkdir()
    workshop.lab.rename(shipped / "small-lab")
    monkeypatch.setattr(catalog, "CATALOG", shipped)
    assert open_lab("small-lab", workshop.shelf).lab.title == "A lab of ours"
    assert [(one.shipped, one.hidden) for one in catalog.catalog(workshop.shelf)] == [(True, False), (False, True)]
    assert open_lab("small-lab@1.0.0", workshop.shelf).hash == brought.hash


def test_benches_of_a_lab_need_an_administrator_s_approval(workshop: Workshop, tmp_path: Path) -> None:
    lab = workshop.put()
    settings = Settings(data_dir=tmp_path / "data")
    hypervisor = FakeHypervisor(state=tmp_path / "machines.json")
    with open_store(settings.database) as store, pytest.raises(LibraryError):
        open_session(
            Desk(store),
            "juin",
            lab,
            [],
            format_id="complet",
            phases=(Phase(kind="practical", title="Pratique", minutes=60, machines=("server",)),),
            who="nadia",
        )
    with pytest.raises(LibraryError):
        ensure_lab_golden(lab, hypervisor, settings)
    approve(lab, who="chef", at=NOON, seen=lab.hash)
    assert ensure_lab_golden(lab, hypervisor, settings)
    found = deposit_of(lab.folder)
    assert found
    assert (found.brought_by, found.approved_by) == ("nadia", "chef")


def test_an_approval_is_about_the_contents_that_were_read(workshop: Workshop) -> None:
    lab = workshop.put()
    with pytest.raises(LibraryError):
        approve(lab, who="chef", at=NOON, seen="0" * 64)
    assert not is_approved(lab)
    approve(lab, who="chef", at=NOON, seen=lab.hash)
    assert is_approved(lab)
    (lab.folder / "setup.yml").write_text("[]", encoding="utf-8")
    changed = open_lab("small-lab", workshop.shelf)
    with pytest.raises(LibraryError):
        require_approved(changed)
    entry = find_entry(workshop.shelf, "small-lab", "1.0.0")
    assert entry
    assert not entry.usable


def test_what_an_administrator_brings_is_approved(workshop: Workshop) -> None:
    assert is_approved(workshop.put(who="chef", trusted=True))


def test_a_deposit_that_cannot_be_read_approves_nothing(workshop: Workshop) -> None:
    lab = workshop.put(trusted=True)
    (lab.folder.parent / "deposit.json").write_text("{}", encoding="utf-8")
    with pytest.raises(LibraryError):
        require_approved(lab)
    entry = find_entry(workshop.shelf, "small-lab", "1.0.0")
    assert entry
    assert not entry.usable


@pytest.mark.parametrize("template", [
    "{{ 'a' * 10**9 }}",
    "{{ 'a'.center(10**10) }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxx' }}{% endfor %}",
])  # fmt: skip
def test_a_subject_made_to_exhaust_the_host_is_a_fault(workshop: Workshop, template: str) -> None:
    workshop.replace("# {{ lab.title }}", template, "sujet.md")
    with pytest.raises(FaultyLabError) as caught:
        workshop.put()
    assert [fault.problem.code for fault in caught.value.faults] == ["template"]
    assert workshop.on_shelf() == set()


def test_a_lab_whose_check_takes_too_much_is_a_fault(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestrator.library.faults.BOUNDS", Bounds(30, 20, 100, 60.0))
    with pytest.raises(FaultyLabError) as caught:
        workshop.put()
    assert [fault.problem.code for fault in caught.value.faults] == ["too-large"]


@pytest.mark.parametrize("yaml", [
    "a: &a [x, x]\n" + "".join(f"b{n}: &a [*a, *a, *a, *a]\n" for n in range(30)),
    "[" * 100_000,
    "- " * 5_000,
    "a: " + "x" * (2 << 20),
    "".join(f"k{n}: 1\n" for n in range(60_000)),
])  # fmt: skip
def test_yaml_made_to_exhaust_the_host_is_a_fault(workshop: Workshop, yaml: str) -> None:
    (workshop.lab / "lab.yml").write_text(yaml, encoding="utf-8")
    with pytest.raises(FaultyLabError) as caught:
        workshop.put()
    assert {fault.problem.code for fault in caught.value.faults} & {"too-large", "too-deep"}


def test_what_a_killed_process_left_aside_goes(workshop: Workshop) -> None:
    left = workshop.shelf / ".aside-dead"
    left.mkdir(parents=True)
    long_ago = time.time() - 7200
    os.utime(left, (long_ago, long_ago))
    fresh = workshop.shelf / ".aside-alive"
    fresh.mkdir()
    workshop.put()
    assert not left.exists()
    assert fresh.exists()


def test_a_lab_is_taken_away_whole(workshop: Workshop) -> None:
    workshop.put()
    shelf.take_away(workshop.shelf, "small-lab", "1.0.0")
    assert workshop.on_shelf() == set()
    assert shelf.on_shelf(workshop.shelf, "small-lab") is None
    with pytest.raises(LibraryError):
        shelf.take_away(workshop.shelf, "small-lab", "1.0.0")


@pytest.mark.parametrize("name", ["..", ".", "", "../small-lab", "Small-lab", "a" * 41])
def test_an_address_never_leads_off_the_shelf(workshop: Workshop, name: str) -> None:
    workshop.put()
    assert shelf.on_shelf(workshop.shelf, name, "1.0.0") is None
    assert shelf.on_shelf(workshop.shelf, "small-lab", name) is None


def test_the_sessions_that_use_a_lab_are_known(workshop: Workshop, tmp_path: Path, store: Store) -> None:
    lab = workshop.put(trusted=True)
    data = workshop.shelf.parent
    ensure_session(data, "essais", lab)
    with_session(store)
    with store.write() as tx:
        assert sessions_with(tx, data, lab.folder) == ["essais"]
        (stored,) = exams.list_sessions(tx)
        tx.exec_driver_sql("UPDATE session SET lab_folder = ?", (str(lab.folder),))
        assert sessions_with(tx, data, lab.folder) == sorted(["essais", stored.slug])
        tx.exec_driver_sql("UPDATE session SET state = 'purged'")
        assert sessions_with(tx, data, lab.folder) == ["essais"]


def test_a_full_disk_is_told_and_leaves_nothing(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("orchestrator.library.entries.os.fsync", full)
        with pytest.raises(EpreuveError) as caught:
            workshop.put()
    assert "No space left" in caught.value.what.fr
    assert workshop.on_shelf() == set()
