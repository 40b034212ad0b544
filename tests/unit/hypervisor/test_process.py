"""Programs on this host: time limit, bounded output, nothing left running."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestrator.hypervisor.process import bounded_run
from tests.awaiting import await_

LONG_S = 30.0
"""What would be waited for, were it not ended, takes far longer; a slow machine far less."""


def gone(pid: int) -> bool:
    """Whether a process has ended (a killed child of nobody is reaped by init in its own time)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_both_streams_and_the_exit_code_come_back() -> None:
    result = bounded_run(["sh", "-c", "cat; echo no >&2; exit 3"], stdin=b"a\x00b", timeout_s=60)
    assert (result.exit_code, result.stdout, result.stderr) == (3, b"a\x00b", b"no\n")
    assert not result.timed_out
    assert not result.truncated


def test_large_streams_both_ways_do_not_dead_lock() -> None:
    data = os.urandom(3 << 20)
    result = bounded_run(["sh", "-c", "tee /dev/stderr"], stdin=data, timeout_s=60)
    assert result.stdout == data
    assert result.stderr == data


def test_a_program_that_reads_no_input_is_no_fault() -> None:
    assert bounded_run(["true"], stdin=b"x" * (1 << 20), timeout_s=60).exit_code == 0


def test_what_is_too_long_is_cut_and_said_to_be() -> None:
    result = bounded_run(["sh", "-c", "head -c 3000000 /dev/zero; echo end >&2"], timeout_s=60, limit=1000)
    assert len(result.stdout) == 1000
    assert result.stderr == b"end\n"
    assert result.truncated
    assert result.exit_code == 0


def test_the_whole_group_is_ended_at_the_time_limit() -> None:
    result = bounded_run(["sh", "-c", "sleep 600 & echo $!; echo $$; wait"], timeout_s=1)
    assert result.timed_out
    assert result.exit_code is None
    assert result.duration_s < LONG_S
    await_(lambda: all(gone(int(pid)) for pid in result.stdout.split()), "the end of both")


def test_a_child_that_holds_the_streams_does_not_hold_us() -> None:
    result = bounded_run(["sh", "-c", "sleep 600 & echo $!; exit 0"], timeout_s=600)
    assert result.exit_code == 0
    assert not result.timed_out
    assert result.duration_s < LONG_S
    await_(lambda: gone(int(result.stdout)), "the child's end")


def test_a_program_that_closes_its_streams_still_has_a_time_limit() -> None:
    result = bounded_run(["sh", "-c", "exec 0<&- 1>&- 2>&-; sleep 600"], timeout_s=0.5)
    assert result.timed_out
    assert result.duration_s < LONG_S


def test_death_by_signal_is_no_exit_code() -> None:
    result = bounded_run(["sh", "-c", "kill -KILL $$"], timeout_s=60)
    assert result.exit_code is None
    assert not result.timed_out


def test_a_program_that_is_not_there_is_an_oserror() -> None:
    with pytest.raises(FileNotFoundError):
        bounded_run(["no-such-program-here"], timeout_s=1)
