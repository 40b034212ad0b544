"""What the Vagrantfile is told, and for how long it holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labs.errors import UsageError
from orchestrator.catalog import lab_names
from orchestrator.settings import Settings
from orchestrator.vagrant.place import VagrantError, VagrantPlace, find_place
from orchestrator.vagrant.plan import plan_for, require_plan, vagrant_session

from .conftest import create, destroy


def test_missing_boxes_are_told_together_with_the_command_that_makes_them(
    lab: Path, place: VagrantPlace, settings: Settings
) -> None:
    with pytest.raises(VagrantError) as caught:
        plan_for(str(lab), place, settings)
    assert caught.value.do is not None
    assert "epreuve image box server ap" in caught.value.do.fr
    assert not place.folder.exists()


def test_without_a_lab_an_example_is_given(place: VagrantPlace, settings: Settings) -> None:
    with pytest.raises(UsageError) as caught:
        plan_for(None, place, settings)
    assert caught.value.do is not None
    assert f"LAB={lab_names()[0]} vagrant up" in caught.value.do.fr


@pytest.mark.usefixtures("boxes")
def test_the_plan_has_the_machines_of_the_lab(lab: Path, place: VagrantPlace, settings: Settings) -> None:
    plan = plan_for(str(lab), place, settings)
    server, ap = plan.machines["server"], plan.machines["ap"]
    assert (server.memory_mib, server.nics[0].mac, server.nics[0].address) == (512, "52:54:00:00:00:01", "192.168.1.10")
    assert server.nics[0].network == ap.nics[0].network == plan.network("lan")
    assert ap.nics[0].address.startswith("192.0.2.")
    for name, machine in plan.machines.items():
        assert Path(machine.box_file).name == f"{machine.box}.box"
        assert Path(machine.kernel).parent.parent.name == name
    assert (plan.driver, plan.cpu) == ("qemu", "Nehalem")


@pytest.mark.usefixtures("boxes")
def test_only_the_key_drawn_for_these_machines_comes_in_and_no_secret_is_in_the_plan(
    lab: Path, place: VagrantPlace, settings: Settings
) -> None:
    plan = plan_for(str(lab), place, settings)
    session = vagrant_session(place)
    assert f"epreuve.key={session.ssh_public_key.split()[1]}" in plan.machines["ap"].cmdline
    assert Path(plan.key).read_text() == session.ssh_key
    assert (Path(plan.key).stat().st_mode & 0o777, place.ours.stat().st_mode & 0o777) == (0o600, 0o700)
    written = place.plan.read_text(encoding="utf-8")
    assert session.secrets["admin"] not in written
    assert "PRIVATE" not in written


@pytest.mark.usefixtures("boxes")
def test_the_plan_holds_as_long_as_a_machine_exists(lab: Path, place: VagrantPlace, settings: Settings) -> None:
    before = plan_for(str(lab), place, settings)
    secrets = vagrant_session(place).secrets
    create(place, "server", "ap")
    text = (lab / "lab.yml").read_text(encoding="utf-8")
    (lab / "lab.yml").write_text(text.replace("memory_mib: 512", "memory_mib: 640"), encoding="utf-8")
    for box in settings.boxes_dir.iterdir():
        box.unlink()
    destroy(place, "ap")
    assert plan_for(None, place, settings) == plan_for(str(lab), place, settings) == before
    assert vagrant_session(place).secrets == secrets


@pytest.mark.usefixtures("boxes")
def test_secrets_are_drawn_once_and_anew_for_another_lab(lab: Path, place: VagrantPlace, settings: Settings) -> None:
    plan_for(str(lab), place, settings)
    secrets = vagrant_session(place).secrets
    plan_for(None, place, settings)
    assert vagrant_session(place).secrets == secrets
    (lab / "sujet.md").write_text((lab / "sujet.md").read_text(encoding="utf-8") + "\nPlus.\n", encoding="utf-8")
    plan_for(None, place, settings)
    assert vagrant_session(place).secrets != secrets


@pytest.mark.usefixtures("boxes")
def test_the_machines_of_another_lab_are_not_taken_for_this_ones(
    lab: Path, place: VagrantPlace, settings: Settings
) -> None:
    plan_for(str(lab), place, settings)
    create(place, "server")
    with pytest.raises(VagrantError) as caught:
        plan_for("tai-complet", place, settings)
    assert "petit" in caught.value.what.fr


@pytest.mark.usefixtures("boxes")
def test_two_places_share_no_libvirt_name(lab: Path, tmp_path: Path, settings: Settings) -> None:
    first, second = (plan_for(str(lab), VagrantPlace(tmp_path / name), settings) for name in ("a", "b"))
    assert first.domain("server") != second.domain("server")


@pytest.mark.usefixtures("boxes")
def test_without_machines_there_is_nothing_to_observe(lab: Path, place: VagrantPlace, settings: Settings) -> None:
    plan_for(str(lab), place, settings)
    with pytest.raises(VagrantError) as caught:
        require_plan(place)
    assert caught.value.do is not None
    assert "vagrant up" in caught.value.do.fr


def test_the_place_is_where_vagrant_says() -> None:
    assert find_place({}).folder == Path(__file__).parents[3] / "vagrant" / ".vagrant"
    assert find_place({"VAGRANT_DOTFILE_PATH": "/else/where"}).folder == Path("/else/where")


def test_what_root_does_beside_vagrant_is_done_as_the_owner_of_its_files(
    place: VagrantPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.folder.mkdir()
    mine = os.stat_result([0o40700, 0, 0, 0, 65534, 65534, 0, 0, 0, 0])
    assert place.as_owner(["vagrant"]) == ["vagrant"]
    monkeypatch.setattr(Path, "stat", lambda _self: mine)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert place.as_owner(["vagrant"])[:3] == ["setpriv", "--reuid=65534", "--regid=65534"]
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    assert place.as_owner(["vagrant"]) == ["vagrant"]
