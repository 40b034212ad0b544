"""What may go, and above all what may not."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta

import pytest

from orchestrator.bench import destroy_bench
from orchestrator.exam import commands
from orchestrator.hypervisor.disks import create_overlay
from orchestrator.pruning.survey import freed, taken
from tests.unit.engine.world import SLUG
from tests.unit.pruning.conftest import LONG_AGO, Attic, age, over_raw
from vagrant.box import box_name
from vagrant.build import BUILDER_VERSION
from vagrant.cache import find_image
from vagrant.recipe import load_recipe


def test_a_golden_that_nothing_needs_may_go(attic: Attic) -> None:
    golden = attic.golden()
    assert attic.going() == {golden.dir}


def test_so_may_one_that_is_not_whole(attic: Attic) -> None:
    golden = attic.golden()
    (golden.dir / "server.save").unlink()
    assert {item.title: item.kept for item in attic.survey()} == {"incomplet": None}


def test_the_golden_of_a_present_lab_stays_those_of_its_past_go(attic: Attic) -> None:
    present, past = attic.golden(), attic.golden(memory_mib=640)
    attic.take_in()
    assert str(attic.kept()[present.dir]) == "sujet small-lab@1.0.0"
    assert attic.going() == {past.dir}


def test_an_open_session_keeps_the_golden_that_its_benches_will_come_from(attic: Attic) -> None:
    golden = attic.golden()
    attic.world.create(c01=0)
    assert str(attic.kept()[golden.dir]) == f"session {SLUG}"
    attic.world.do(commands.Close(who="dupont"))
    assert attic.going() == {golden.dir}


def test_a_session_whose_lab_cannot_be_read_keeps_every_golden_of_that_lab(attic: Attic) -> None:
    goldens = {attic.golden().dir, attic.golden(memory_mib=640).dir}
    attic.world.create(c01=0)
    (attic.world.lab / "sujet.md").write_text("another paper\n")
    attic.world.begin()
    assert {path for path, why in attic.kept().items() if why} == goldens


def test_a_bench_keeps_its_golden_frozen_or_not_until_it_is_no_more(attic: Attic) -> None:
    world = attic.world
    world.started(c01=0)
    golden = attic.golden()
    world.do(commands.Freeze(who="dupont", why="fin"))
    world.passes()
    world.do(commands.Close(who="dupont"))
    world.passes()
    assert str(attic.kept()[golden.dir]) == f"poste {SLUG}/c01"
    destroy_bench(world.hypervisor, attic.settings.benches_dir, SLUG, "c01")
    assert attic.going() == {golden.dir}


def test_machines_keep_it_though_no_file_tells_of_them(attic: Attic) -> None:
    attic.world.started(c01=0)
    golden = attic.golden()
    shutil.rmtree(attic.settings.benches_dir)
    (attic.settings.database).unlink()
    assert attic.kept()[golden.dir] is not None
    attic.world.hypervisor._machines.clear()
    attic.world.hypervisor._networks.clear()
    assert attic.going() == {golden.dir}


@pytest.mark.parametrize(
    "disk", ["server.qcow2", "points/p1/server.qcow2", "copy/server.qcow2", "frozen/x.qcow2", "server.qcow2.live"]
)
def test_a_disk_keeps_what_it_stands_on_though_nothing_else_tells(attic: Attic, disk: str) -> None:
    golden, base = attic.golden(), attic.settings.data_dir / "base"
    base.write_bytes(bytes(1 << 20))
    real = golden.dir / "server.qcow2"
    real.unlink()
    over_raw(base, real)
    top = attic.settings.benches_dir / SLUG / "c01" / disk
    top.parent.mkdir(parents=True)
    create_overlay(real, top)
    assert str(attic.kept()[golden.dir]) == f"poste {SLUG}/c01"


def test_what_was_used_lately_is_kept_when_asked(attic: Attic) -> None:
    golden = attic.golden()
    age(golden.dir)
    week = LONG_AGO + timedelta(days=7)
    assert [str(item.kept) for item in attic.survey(keep_days=8, now=week)] == ["récent (--keep)"]
    assert [item.kept for item in attic.survey(keep_days=6, now=week)] == [None]


def test_a_golden_that_a_bench_was_made_of_was_used(attic: Attic) -> None:
    golden = attic.golden()
    age(golden.dir)
    assert attic.golden().key == golden.key
    assert [str(item.kept) for item in attic.survey(keep_days=1)] == ["récent (--keep)"]


def test_images_of_former_recipes_go_those_of_present_ones_and_of_windows_stay(attic: Attic) -> None:
    present = attic.image("server", load_recipe("server").key(BUILDER_VERSION))
    former = attic.image("server", "f" * 64)
    no_more = attic.image("gone", "0" * 64)
    windows = attic.image("windows-server", "1" * 64, windows=True)
    assert attic.going() == {former, no_more}
    assert {str(attic.kept()[path]) for path in (present, windows)} == {
        "recette présente",
        "ne se refait pas sans ses disques",
    }


def test_an_image_that_a_golden_stands_on_stays_as_long_as_that_does(attic: Attic) -> None:
    image, golden = attic.image("server", "f" * 64), attic.golden()
    disk = golden.dir / "server.qcow2"
    disk.unlink()
    over_raw(image / "disk.qcow2", disk)
    assert attic.going() == {golden.dir, image}
    attic.take_in()
    assert attic.going() == set()


def test_old_boxes_go_only_when_asked_and_hold_their_image(attic: Attic) -> None:
    former = attic.image("server", "f" * 64)
    present = attic.image("server", load_recipe("server").key(BUILDER_VERSION))
    images = [find_image(attic.settings.images_dir, "server", folder.name) for folder in (former, present)]
    old, new = (attic.box(box_name(image)) for image in images if image)
    assert attic.going() == set()
    assert attic.going(boxes=True) == {former, old}
    assert attic.kept(boxes=True)[new] is not None


def test_what_another_name_holds_is_taken_but_not_freed(attic: Attic) -> None:
    golden = attic.golden()
    image = attic.image("gone", "0" * 64)
    before = taken(attic.item(golden.dir))
    os.link(image / "disk.qcow2", golden.dir / "base-0.qcow2")
    both = attic.survey()
    assert taken(attic.item(golden.dir)) == before + 8192
    assert freed(both) == freed(both[:1]) + freed(both[1:]) + 8192
