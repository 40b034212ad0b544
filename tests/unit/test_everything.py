"""``./epreuve test``: nothing that fails is lost among the many lines, and nothing is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import everything
from tests.everything import Part, Runner


def says(title: str, *scripts: str) -> Part:
    return Part(title, tuple(("/bin/sh", "-c", script) for script in scripts))


GOOD = says("good", "echo one; echo two >&2", "echo === 3 passed ===")
BAD = says("bad", "echo before", "exit 3", "echo after")


def test_a_part_gives_all_its_lines_and_its_last_one_closes() -> None:
    seen: list[str] = []
    done = Runner().run(GOOD, seen.append)
    assert seen == done.output == ["one\n", "two\n", "=== 3 passed ===\n"]
    assert done.failed == []
    assert re.fullmatch(r"passed  good  \(\d+ s\)  3 passed", done.told)


def test_after_a_failure_the_other_commands_run_and_it_is_told() -> None:
    done = Runner().run(BAD)
    assert done.output == ["before\n", "after\n"]
    assert done.failed == ["/bin/sh -c exit 3"]
    assert done.told.startswith("FAILED  bad")


NAMES = ("MACHINES", "SIMULATED", "SOURCES")


@pytest.mark.parametrize("failing", [None, *NAMES])
def test_a_failure_anywhere_fails_the_run(
    failing: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in NAMES:
        script = f"echo this is {name}" + ("; exit 1" if name == failing else "")
        monkeypatch.setattr(everything, name, says(name, script))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert everything.main() == (failing is not None)
    out = capsys.readouterr().out
    assert all(f"\nthis is {name}\n" in out for name in NAMES)
    closing = out[out.index("all parts") :]
    assert [name for name in NAMES if re.search(f"FAILED  {name} .*this is {name}", closing)] == [failing] * (
        failing is not None
    )


def test_every_test_is_in_exactly_one_part() -> None:
    """The parts' expressions differ in one word, and ``long`` is in neither: it is run by name."""
    commands = [part.commands[-1] for part in (everything.SIMULATED, everything.MACHINES)]
    assert [command[command.index("-m", command.index("pytest")) + 1] for command in commands] == [
        "not vm and not long",
        "vm and not long",
    ]


def test_what_needs_virtual_machines_is_where_it_is_looked_for() -> None:
    tests = Path(everything.__file__).parent
    places = [name.removeprefix("tests/") for name in everything.MACHINES.commands[-1] if name.startswith("tests/")]
    marked = [path for path in tests.rglob("test_*.py") if re.search(r"\bmark\.vm\b", path.read_text(encoding="utf-8"))]
    elsewhere = {str(path) for path in marked if path.relative_to(tests).parts[0] not in places}
    assert elsewhere == set()
    assert len(marked) > 10
