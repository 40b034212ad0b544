"""The session with guestfish, spoken with a program that answers like it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.channel import ChannelError
from orchestrator import guestfish
from orchestrator.guestfish import Guestfish, quoted

FAKE = f"""#!{sys.executable}
import sys
for line in sys.stdin:
    word, _, rest = line.rstrip("\\n").removeprefix("-").partition(" ")
    if word == "echo":
        print(rest, flush=True)
    elif word == "say":
        print(rest.replace("|", "\\n"), flush=True)
    elif word == "flood":
        print("x" * 10_000_000, flush=True)
    elif word == "sleep":
        import time; time.sleep(60)
    elif word == "die":
        print("libguestfs: error: no kernel", file=sys.stderr, flush=True)
        sys.exit(1)
"""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guestfish:
    program = tmp_path / "guestfish"
    program.write_text(FAKE)
    program.chmod(0o755)
    monkeypatch.setattr(guestfish, "PROGRAM", str(program))
    return Guestfish(tmp_path / "disk.qcow2", emulated=True, deadline=monotonic() + 60)


def test_each_command_has_its_lines(session: Guestfish) -> None:
    with session:
        assert session.ask("say a|b", "nothing", "say c") == [["a", "b"], [], ["c"]]
        assert session.ask("say é") == [["é"]]


def test_the_private_folder_and_the_program_are_gone_at_the_end(session: Guestfish) -> None:
    place = Path(session.place.name)
    with session:
        assert place.stat().st_mode & 0o777 == 0o700
    assert not place.exists()
    assert session._process.returncode == 0


@pytest.mark.parametrize(("command", "why"), [("die", "no kernel"), ("flood", "too much")])
def test_a_session_that_ends_or_floods_is_a_channel_that_failed(session: Guestfish, command: str, why: str) -> None:
    with pytest.raises(ChannelError) as raised, session:
        session.must(command)
    assert why in raised.value.where
    assert session._process.returncode is not None


def test_the_deadline_ends_it(tmp_path: Path, session: Guestfish) -> None:
    session._deadline = monotonic() + 0.2
    with pytest.raises(ChannelError) as raised, session:
        session.ask("sleep")
    assert "deadline" in raised.value.where


def test_without_guestfish_the_channel_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guestfish, "PROGRAM", str(tmp_path / "nowhere"))
    with pytest.raises(ChannelError):
        Guestfish(tmp_path / "disk.qcow2", emulated=True, deadline=monotonic() + 60)


@given(st.text(st.characters(exclude_characters="\0")))
def test_a_path_is_one_argument_whatever_is_in_it(path: str) -> None:
    path = path.encode("utf-8", "surrogateescape" if path.isprintable() else "replace").decode("utf-8", "replace")
    written = quoted(path)
    assert "\n" not in written
    assert written.isascii()
    assert ast.literal_eval(f"b{written}") == path.encode()
