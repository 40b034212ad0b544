"""The screens of machines: small pictures while they run, whole ones at the bell, and nothing waits for either."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image

from labs.text import Text
from orchestrator.bench import BenchError
from orchestrator.engine.pictures import THUMBNAIL_WIDTH, thumbnail, whole
from orchestrator.engine.screens import Screens, frozen_screen_path, running_machines, screen_path
from orchestrator.exam import commands
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.fake import FakeHypervisor
from tests.awaiting import await_
from tests.unit.engine.world import SLUG, WHO, World


def picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


def kind(path: Path) -> str | None:
    with Image.open(path) as image:
        return image.format


def screens(world: World, every_s: float = 3600) -> Screens:
    made = Screens(world.hypervisor, world.settings.benches_dir, every_s=every_s)
    made.look(running_machines(world.engine.machines()), world.engine.bell_in_s)
    return made


def test_every_running_machine_has_its_picture_taken_once_in_its_time(world: World) -> None:
    world.started(c01=0, c02=0)
    taking = screens(world)
    assert [taking.take_next() for _ in range(5)] == [True] * 4 + [False]
    for candidate in ("c01", "c02"):
        for machine in ("server", "client"):
            path = screen_path(world.settings.benches_dir, SLUG, candidate, machine)
            assert kind(path) == "JPEG"
            assert {file.name for file in path.parent.iterdir()} == {"server.jpg", "client.jpg"}


def test_no_picture_of_machines_that_stand_still_or_shortly_before_a_bell(world: World) -> None:
    world.started(minutes=60, c01=0)
    world.do(commands.Pause(**WHO))
    world.passes()
    assert not screens(world).take_next()
    world.do(commands.Resume(who="dupont"))
    world.passes()
    assert screens(world).take_next()
    world.advance(minutes=60 - 1 / 60)
    world.engine.run_pass()
    assert world.engine.bell_in_s == pytest.approx(1.0, abs=0.1)
    assert not screens(world).take_next()


def test_a_machine_whose_screen_cannot_be_taken_leaves_the_others_theirs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.started(c01=0)
    shot = FakeHypervisor.screenshot

    def broken(self: FakeHypervisor, domain: str) -> bytes:
        if domain.endswith("server"):
            raise HypervisorError(Text("muet", "silent"), where=domain)
        return shot(self, domain)

    monkeypatch.setattr(FakeHypervisor, "screenshot", broken)
    taking = screens(world)
    while taking.take_next():
        pass
    assert not screen_path(world.settings.benches_dir, SLUG, "c01", "server").exists()
    assert screen_path(world.settings.benches_dir, SLUG, "c01", "client").exists()


def test_a_bench_that_is_gone_does_not_come_back_as_a_folder_of_pictures(world: World) -> None:
    world.started(c01=0)
    taking = screens(world)
    moved = world.folder().rename(world.folder().with_name("elsewhere"))
    assert taking.take_next()
    assert not world.folder().exists()
    moved.rename(world.folder())


def test_the_thread_takes_pictures_and_ends(world: World) -> None:
    world.started(c01=0)
    taking = screens(world, every_s=0.2)
    taking.start()
    path = screen_path(world.settings.benches_dir, SLUG, "c01", "server")
    await_(path.exists, "a picture")
    taking.close()  # it waits for a moment only
    await_(lambda: not taking._thread.is_alive(), "its end")


def test_the_bell_keeps_the_screens_and_only_those(world: World) -> None:
    world.started(c01=0)
    assert screens(world).take_next()
    world.advance(minutes=61)
    world.passes()
    for machine in ("server", "client"):
        assert kind(frozen_screen_path(world.settings.benches_dir, SLUG, "c01", machine)) == "PNG"
    assert not screen_path(world.settings.benches_dir, SLUG, "c01", "server").parent.exists()


def test_a_bell_whose_screens_cannot_be_kept_freezes_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeHypervisor, "screenshot", lambda _self, _domain: b"no picture")
    world.started(c01=0)
    world.advance(minutes=61)
    world.passes()
    assert world.sitting().state == "frozen"
    assert not frozen_screen_path(world.settings.benches_dir, SLUG, "c01", "server").exists()


def test_pictures_are_small_and_written_anew() -> None:
    small = Image.open(io.BytesIO(thumbnail(picture(1280, 800) + b"something behind it")))
    assert (small.format, small.width) == ("JPEG", THUMBNAIL_WIDTH)
    again = whole(picture(1280, 800) + b"something behind it")
    assert Image.open(io.BytesIO(again)).size == (1280, 800)
    assert b"something" not in again


@pytest.mark.parametrize(
    "hostile",
    [b"", b"GIF89a", picture(8, 8)[:40], picture(5000, 8), picture(8, 8).replace(b"IDAT", b"IDAX")],
    ids=["empty", "another kind", "cut short", "too wide", "broken"],
)
def test_what_is_no_picture_of_a_screen_is_refused(hostile: bytes) -> None:
    for reader in (thumbnail, whole):
        with pytest.raises(BenchError):
            reader(hostile)


def test_a_picture_that_would_fill_the_memory_is_not_unpacked() -> None:
    header = b"\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\x00\x00\x00"  # 100 000 × 100 000 dots
    chunk = b"\x00\x00\x00\x0dIHDR" + header + zlib.crc32(b"IHDR" + header).to_bytes(4, "big")
    with pytest.raises(BenchError):
        thumbnail(b"\x89PNG\r\n\x1a\n" + chunk)
