"""An evaluation of Windows that ends is told in time: by doctor, when benches are prepared, and when it is too late."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labs.text import Text
from orchestrator import workshop
from orchestrator.catalog import open_lab
from orchestrator.doctor import examine, windows_finding
from orchestrator.settings import Settings
from vagrant.build import ensure_image
from vagrant.cache import DISK, MANIFEST, Image, find_image
from vagrant.errors import ImageError
from vagrant.evaluation import Evaluation, Licence, evaluation_of
from vagrant.windows.stored import windows_images

DAY = 86400.0
NOW = 1_800_000_000.0


def put_image(
    place: Path, key: str = "k", *, days: float | None = None, activated: bool = True, built_at: float = 1.0
) -> Image:
    """An image ``windows-server`` in a cache, whose evaluation ends so many days from NOW."""
    folder = place / "windows-server" / key
    folder.mkdir(parents=True)
    manifest: dict[str, Any] = {
        "boots_itself": True, "cmdline": "", "hostname": "server", "memory_mib": 4096, "disk_gib": 64,
        "built_at": built_at, "build_seconds": 2.0, "packages": {"Windows": "10.0.20348.1"},
    }  # fmt: skip
    if days is not None:
        manifest["evaluation"] = {"ends_at": NOW + days * DAY, "activated": activated}
    (folder / DISK).write_bytes(b"x")
    (folder / MANIFEST).write_text(json.dumps(manifest))
    found = find_image(place, "windows-server", key)
    assert found is not None
    return found


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Make it this moment for the evaluations."""

    def set_(moment: float) -> None:
        monkeypatch.setattr("vagrant.evaluation.time.time", lambda: moment)

    set_(NOW)
    return set_


@pytest.mark.parametrize(
    ("days", "state", "said"),
    [
        (180, "ok", "180 more days"),
        (30, "ok", "30 more days"),
        (29.9, "warning", "29 more days"),
        (1.5, "warning", "1 more day"),
        (0.5, "warning", "last day"),
        (0, "over", "is over"),
        (-400, "over", "is over"),
    ],
)
def test_how_long_it_serves(days: float, state: str, said: str) -> None:
    ends = Evaluation(ends_at=NOW + days * DAY, activated=True)
    assert ends.state(NOW) == state
    assert ends.told(NOW).en.endswith(said) or said in ends.told(NOW).en


def test_the_end_is_the_earliest_that_windows_tells() -> None:
    activated = Licence(family="ServerStandardEval", status=1, minutes_left=259_200, end=None)
    found = evaluation_of("ServerStandardEval", [activated], NOW)
    assert found == Evaluation(ends_at=NOW + 180 * DAY, activated=True)
    sooner = evaluation_of("ServerStandardEval", [activated.model_copy(update={"end": NOW + DAY})], NOW)
    assert sooner == Evaluation(ends_at=NOW + DAY, activated=True)


def test_what_is_not_activated_has_days_only() -> None:
    waiting = Licence(family="ServerStandardEval", status=2, minutes_left=10 * 1440)
    assert evaluation_of("ServerStandardEval", [waiting], NOW) == Evaluation(ends_at=NOW + 10 * DAY, activated=False)


def test_an_edition_that_is_bought_has_no_end() -> None:
    assert evaluation_of("ServerStandard", [Licence(family="ServerStandard", status=2, minutes_left=100)], NOW) is None


def test_an_evaluation_without_an_end_is_not_believed() -> None:
    with pytest.raises(ValueError, match="without an end"):
        evaluation_of("EnterpriseEval", [Licence(family="EnterpriseEval", status=5, minutes_left=0)], NOW)


def test_the_newest_image_of_a_role_serves(tmp_path: Path) -> None:
    put_image(tmp_path, "a" * 8, built_at=5.0)
    put_image(tmp_path, "b" * 8, built_at=9.0)
    assert [image.key for image in windows_images(tmp_path)] == ["b" * 8]
    assert ensure_image("windows-server", cache=tmp_path).kernel is None
    with pytest.raises(ImageError, match="epreuve image windows --role client"):
        ensure_image("windows-client", cache=tmp_path)


@pytest.mark.parametrize(
    ("days", "activated", "state", "do"),
    [
        (None, True, "ok", None),
        (90, True, "ok", None),
        (9, True, "warning", "epreuve image windows"),
        (9, False, "warning", "--network"),
        (-1, True, "failed", "epreuve image windows"),
    ],
)
def test_doctor_tells(tmp_path: Path, days: float | None, activated: bool, state: str, do: str | None) -> None:
    found = windows_finding(put_image(tmp_path, days=days, activated=activated), NOW)
    assert found.state == state
    assert (found.do is None) if do is None else do in str(found.do)
    assert ("not activated" in str(found.found)) != activated


def test_doctor_looks_at_windows_images(tmp_path: Path) -> None:
    put_image(tmp_path / "images", days=9)
    names = [one.name for one in examine(Settings(data_dir=tmp_path), simulated=True)]
    assert "image windows-server" in names


def test_preparing_warns_and_then_refuses(
    tmp_path: Path, now: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    image = put_image(tmp_path, days=20)
    monkeypatch.setattr(workshop, "ensure_images", lambda *_a: {"windows-server": image})
    lab, settings = open_lab("tai-complet"), Settings(data_dir=tmp_path)
    (warning,) = workshop.require_serving(lab, settings)
    assert "20 more days" in str(warning)
    now(NOW - 60 * DAY)
    assert workshop.require_serving(lab, settings) == []
    now(NOW + 20 * DAY)
    with pytest.raises(ImageError) as caught:
        workshop.require_serving(lab, settings)
    assert isinstance(caught.value.do, Text)
    assert "is over" in str(caught.value)
