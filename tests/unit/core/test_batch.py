"""The batch script: one round trip, every command within its own limits, no output taken for another's."""

from __future__ import annotations

import io
import tarfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers import batch
from checkers.channel import ChannelError, ExecResult
from checkers.observe import Channel, Place, observe
from checkers.probe import Question

from .conftest import LocalShell
from .probes import Say


def ask(shell: LocalShell, *commands: str, parallel: bool = False) -> dict[str, object]:
    facts = observe(
        [Question("m", Say(does=command)) for command in commands],
        [Place("m", [Channel("agent", shell)], parallel=parallel)],
    )
    return {fact.args["does"]: fact for fact in facts}


@pytest.mark.parametrize("parallel", [False, True])
def test_all_questions_in_one_round_trip(shell: LocalShell, parallel: bool) -> None:
    facts = ask(shell, "echo un", "echo deux; echo bruit >&2", "printf ''", parallel=parallel)
    assert shell.calls == 1
    assert [fact.value["text"] for fact in facts.values()] == ["un\n", "deux\n", ""]
    assert facts["echo deux; echo bruit >&2"].raw.stderr == "bruit\n"


def test_a_failing_command_keeps_its_exit_code(shell: LocalShell) -> None:
    fact = ask(shell, "echo non; exit 7")["echo non; exit 7"]
    assert (fact.status, fact.raw.exit_code, fact.raw.stdout) == ("unseen", 7, "non\n")


def test_a_command_past_its_limit_is_unseen_and_spoils_nothing(shell: LocalShell) -> None:
    facts = ask(shell, "sleep 30", "echo après")
    assert facts["sleep 30"].status == "unseen"
    assert "temps limite" in facts["sleep 30"].why.fr
    assert facts["echo après"].value == {"text": "après\n"}


def test_an_endless_output_is_bounded_and_unseen(shell: LocalShell) -> None:
    facts = ask(shell, "yes", "yes >&2", "echo fin")
    assert facts["yes"].status == "unseen"
    assert "trop longue" in facts["yes"].why.fr
    assert len(facts["yes"].raw.stdout) == batch.STDOUT_LIMIT
    assert len(facts["yes >&2"].raw.stderr) == batch.STDERR_LIMIT
    assert facts["echo fin"].status == "seen"


def test_a_process_left_behind_delays_nothing_and_spoils_nothing(shell: LocalShell) -> None:
    # It still writes while the answers are packed.
    left = "(timeout 3 sh -c 'while echo encore; do :; done') & echo parti"
    facts = ask(shell, left, "echo fin")
    assert facts["echo fin"].status == "seen"
    assert facts[left].raw.exit_code == 0


def test_a_command_may_not_fill_the_machine(shell: LocalShell) -> None:
    fill = "head -c 40000000 /dev/zero > big; wc -c < big"
    assert int(ask(shell, fill)[fill].raw.stdout) <= batch.FILE_LIMIT_BLOCKS * 512


def test_output_that_is_not_utf8_is_kept_and_noted(shell: LocalShell) -> None:
    fact = ask(shell, r"printf '\377\376ok'")[r"printf '\377\376ok'"]
    assert fact.raw.not_utf8
    assert fact.value["text"].endswith("ok")


def test_output_that_looks_like_an_answer_is_only_output(shell: LocalShell) -> None:
    forged = "tar -cf - /etc/hostname 2>/dev/null | cat; echo './1.o'"
    facts = ask(shell, forged, "echo vrai")
    assert facts["echo vrai"].value == {"text": "vrai\n"}


def test_commands_read_no_standard_input(shell: LocalShell) -> None:
    facts = ask(shell, "cat", "echo suite")
    assert facts["cat"].value == {"text": ""}
    assert facts["echo suite"].value == {"text": "suite\n"}


def test_commands_at_the_same_time_do_not_see_each_others_files(shell: LocalShell) -> None:
    commands = [f"echo {word} > identity; sleep 0.3; cat identity" for word in ("un", "deux", "trois")]
    facts = ask(shell, *commands, parallel=True)
    assert [fact.value["text"] for fact in facts.values()] == ["un\n", "deux\n", "trois\n"]


def test_the_script_leaves_no_file_behind(shell: LocalShell) -> None:
    where = ask(shell, "pwd")["pwd"].value["text"].strip()
    assert where.startswith("/tmp/")
    assert ask(shell, f"ls {where}")[f"ls {where}"].raw.exit_code == 2


@pytest.mark.parametrize(
    "result",
    [
        ExecResult(0, b"no archive at all", b""),
        ExecResult(None, b"", b"", timed_out=True),
        ExecResult(0, b"", b"", truncated=True),
        ExecResult(97, b"", b"mktemp: no space left on device"),
    ],
)
def test_an_answer_that_is_no_archive_is_the_channels_fault(result: ExecResult) -> None:
    if result.stdout.startswith(b"no archive"):
        with pytest.raises(ChannelError):
            batch.read(result, 3)
    else:
        with pytest.raises(ChannelError) as caught:
            batch.read(result, 3)
        assert "relevé" in caught.value.what.fr


def archive(members: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size, member.type = len(content), kind
            tar.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def test_members_with_other_names_are_ignored() -> None:
    content = archive({"../../etc/passwd": b"x", "./0.o": b"ok", "./0.r": b"0\n", "./99.o": b"far", "./99.r": b"0"})
    assert set(batch.read(ExecResult(0, content, b""), 2)) == {0}


def test_links_are_not_followed() -> None:
    content = archive({"./0.o": b"", "./0.r": b""}, tarfile.SYMTYPE)
    assert batch.read(ExecResult(0, content, b""), 1) == {}


@given(st.binary(max_size=4096))
def test_no_answer_breaks_the_reader(content: bytes) -> None:
    with suppress(ChannelError):
        batch.read(ExecResult(0, content, b""), 3)
