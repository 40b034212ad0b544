"""Taking away beside others' work, and however the one who takes it away ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.golden import building, load_golden
from orchestrator.pruning import remove
from orchestrator.pruning.remove import ASIDE, pruning
from tests.unit.pruning.conftest import Attic
from vagrant.cache import locked


def test_it_is_gone_for_good(attic: Attic) -> None:
    golden, image, box = attic.golden(), attic.image("gone", "0" * 64), attic.box("epreuve-gone-000000000000")
    pruner = attic.pruner()
    gone = [pruner.remove(item) for item in attic.survey(boxes=True) if item.kept is None]
    assert gone == [True] * 3
    assert not any(path.exists() for path in (golden.dir, image, box))
    assert attic.survey() == []
    assert attic.golden().key == golden.key, "it is made again when it is needed"


def test_what_is_being_made_is_left_alone(attic: Attic) -> None:
    golden, image = attic.golden(), attic.image("gone", "0" * 64)
    items = [attic.item(golden.dir), attic.item(image)]
    pruner = attic.pruner()
    with building(attic.settings.goldens_dir, golden.key, None), locked(attic.settings.images_dir, "gone", None):
        assert [pruner.remove(item) for item in items] == [False, False]
    assert golden.dir.exists()
    assert image.exists()


def test_a_bench_that_was_begun_since_it_was_looked_at_keeps_its_golden(attic: Attic) -> None:
    golden = attic.golden()
    item = attic.item(golden.dir)
    attic.world.started(c01=0)
    assert attic.pruner().remove(item) is False
    assert load_golden(golden.dir) is not None
    assert attic.world.sitting().state == "running"


class KilledError(BaseException):
    """What a kill -9 looks like from here: no code runs after it."""


@pytest.mark.parametrize("used", [False, True], ids=["needed by nobody", "needed meanwhile"])
def test_what_a_killed_run_left_aside_is_put_back_or_removed(
    attic: Attic, monkeypatch: pytest.MonkeyPatch, used: bool
) -> None:
    golden = attic.golden()
    _killed_while_removing(attic, golden.dir, monkeypatch)
    assert attic.goldens() == set(), "from the first moment nobody finds it"
    aside = attic.settings.goldens_dir / ASIDE / golden.key
    assert aside.exists()
    if used:
        bench = attic.settings.benches_dir / "juin" / "c01" / "bench.json"
        bench.parent.mkdir(parents=True)
        bench.write_text(_begun(golden.key))
    attic.pruner()
    assert not aside.exists()
    assert attic.goldens() == ({golden.dir} if used else set())


def test_what_was_made_again_meanwhile_takes_the_place_of_what_was_left_aside(
    attic: Attic, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = attic.golden()
    _killed_while_removing(attic, golden.dir, monkeypatch)
    attic.world.started(c01=0)
    attic.pruner()
    assert attic.goldens() == {golden.dir}
    assert list((attic.settings.goldens_dir / ASIDE).iterdir()) == []


def test_half_made_goldens_of_killed_makers_go_along(attic: Attic) -> None:
    left = attic.settings.goldens_dir / f".{'a' * 32}.building-1"
    left.mkdir(parents=True)
    attic.pruner()
    assert not left.exists()


def test_one_at_a_time(attic: Attic) -> None:
    hypervisors = [attic.world.hypervisor]
    with pruning(attic.settings, hypervisors) as first, pruning(attic.settings, hypervisors) as second:
        assert (first is not None, second) == (True, None)


def _killed_while_removing(attic: Attic, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it was moved aside."""
    item, pruner = attic.item(path), attic.pruner()
    with monkeypatch.context() as patch:
        patch.setattr(remove, "uses", _killed)
        with pytest.raises(KilledError):
            pruner.remove(item)


def _killed(*_: object) -> dict[Path, object]:
    raise KilledError


def _begun(key: str) -> str:
    return (
        '{"session": "juin", "name": "c01", "candidate": "", "lab": "small-lab", "state": "creating", "machines": {},'
        f' "networks": {{}}, "created_at": 0, "golden_key": "{key}"}}'
    )
