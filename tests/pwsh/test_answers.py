"""Each script answers what its goldens say, on a Windows that is played, whatever the machine's language."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from checkers.facts import Raw
from checkers.windows.twins.catalog import TWINS
from tests.pwsh.shell import Case, ask

GOLDENS = Path(__file__).parents[1] / "goldens" / "windows"
FILES = sorted(GOLDENS.glob("*/*.json"))
PROBES = {probe.name: probe for probe in TWINS}
OF_HERE = ("now", "uptime_s", "computer", "zone", "offset_s")
"""Keys that this machine fills: there, and of the right form, is all that is asked."""
UNORDERED = {"files", "policies", "profiles", "settings"}
"""Lists of objects in no order that counts."""
ON_DISK = ("file-content", "file-digest")
"""Scripts that are asked for a file that is really there."""

pytestmark = pytest.mark.long


def case(file: Path, work: Path) -> Case:
    golden = json.loads(file.read_text("utf-8"))
    work.mkdir(parents=True)
    args = dict(golden["args"])
    if file.parent.name in ON_DISK:
        args["path"] = str(work / "file")
    bounds = (
        {"Most": len(golden["answer"]["records"])}
        if golden["answer"].get("cut") and "records" in golden["answer"]
        else {}
    )
    return Case(PROBES[file.parent.name].model_validate(args), golden["answer"], work, bounds)


@pytest.fixture(scope="module")
def netlogon(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which a library plays Windows' own."""
    folder = tmp_path_factory.mktemp("netlogon")
    compiler = shutil.which("cc")
    assert compiler, "a C compiler is needed: apt install gcc"
    status = folder / "status"
    subprocess.run(
        [
            compiler, "-shared", "-fPIC", f'-DSTATUS="{status}"', str(Path(__file__).parent / "netlogon.c"),
            "-o", str(folder / "netapi32.dll.so"),
        ],
        check=True,
    )  # fmt: skip
    return {"LD_LIBRARY_PATH": str(folder), "STANDIN_NETLOGON": str(status)}


@pytest.fixture(scope="module", params=["C.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8", "th_TH.UTF-8"])
def answers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, netlogon: dict[str, str]
) -> dict[Path, Raw]:
    """What each golden's script answers where the machine speaks this language."""
    folder = tmp_path_factory.mktemp("work")
    cases = [case(file, folder / file.parent.name / file.stem) for file in FILES]
    return dict(zip(FILES, ask(cases, {"LC_ALL": request.param, **netlogon}).values(), strict=True))


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.stem}" for file in FILES])
def test_the_answer_is_the_golden(file: Path, answers: dict[Path, Raw]) -> None:
    raw = answers[file]
    assert raw.exit_code == 0, raw.stderr
    found = json.loads(raw.stdout)
    wanted = json.loads(file.read_text("utf-8"))["answer"]
    assert comparable(found) == comparable(wanted)


def comparable(answer: Any) -> Any:
    """An answer without what its machine says of itself, and what has no order in one."""
    held = dict(answer)
    for key in OF_HERE:
        if key in held:
            held[key] = (
                re.sub(r"\d+", "digits", held[key]) if key == "now" and isinstance(held[key], str) else type(held[key])
            )
    if "files" in held and isinstance(held["files"], list):
        files = [{**one, "path": one["path"].replace("/", "\\")} for one in held["files"]]
        held["files"] = sorted(files, key=lambda one: (one["policy"], one["path"]))
    for key in [key for key in UNORDERED if isinstance(held.get(key), list)]:
        held[key] = sorted(held[key], key=lambda one: json.dumps(one, sort_keys=True))
    return held
