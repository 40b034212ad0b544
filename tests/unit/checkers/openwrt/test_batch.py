"""The batch of OpenWrt devices, run by BusyBox' own shell with nothing but what every OpenWrt has."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from checkers.batch import STDOUT_LIMIT, Ask
from checkers.channel import ChannelError, ExecResult
from checkers.openwrt import batch
from checkers.openwrt.dialect import OPENWRT
from checkers.probe import Question
from checkers.probes.access_point import AccessPointAdmin
from tests.awaiting import await_

BUSYBOX = shutil.which("busybox")
APPLETS = ("sh", "cat", "cut", "grep", "head", "kill", "mkdir", "mktemp", "rm", "sed", "sleep", "sort", "uniq", "wc")
"""All that the batch and the questions use: each is in OpenWrt's BusyBox as it is shipped."""


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A folder with these applets and no other program."""
    if BUSYBOX is None:
        pytest.skip("no BusyBox here (Debian: busybox)")
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in APPLETS:
        (folder / name).symlink_to(BUSYBOX)
    return folder


def run(shell: Path, *commands: str, limit_s: int = 5, environment: dict[str, str] | None = None) -> ExecResult:
    asked = [Ask(command, limit_s, command) for command in commands]
    text = batch.script(asked, environment or {})
    assert "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n" in text
    text = text.replace("PATH=/usr/sbin:/usr/bin:/sbin:/bin\n", f"PATH={shell}\n").replace("/bin/sh", str(shell / "sh"))
    done = subprocess.run([shell / "sh"], input=text.encode(), capture_output=True, timeout=60, env={}, check=False)
    return ExecResult(done.returncode, done.stdout, done.stderr)


def test_each_command_has_its_own_answer(shell: Path) -> None:
    result = run(
        shell, "echo one; echo two >&2; exit 3", "printf '= 0 0 1.0 1.0 3 0\\nabc= end\\n'", "cat", "nothing-so"
    )
    found = batch.read(result, 4)
    assert (found[0].stdout, found[0].stderr, found[0].exit_code) == ("one\n", "two\n", 3)
    assert found[1].stdout == "= 0 0 1.0 1.0 3 0\nabc= end\n"  # what looks like a head is text
    assert (found[2].stdout, found[2].exit_code) == ("", 0)  # nobody types there
    assert found[3].exit_code == 127
    assert result.stderr == b""


def test_a_command_that_does_not_end_is_ended_with_all_that_it_started(shell: Path, tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    loop = f"echo begun; (while :; do echo . >>{mark}; sleep 1; done) & wait"
    found = batch.read(run(shell, loop, "echo after", limit_s=2), 2)
    assert (found[0].stdout, found[0].timed_out) == ("begun\n", True)
    assert found[1].stdout == "after\n"
    there = str(mark).encode()
    await_(lambda: all(there not in _read(path) for path in Path("/proc").glob("[0-9]*/cmdline")), "the end of all")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_command_takes_its_own_time_only(shell: Path) -> None:
    started = time.monotonic()
    run(shell, "true", "true", limit_s=300)
    assert time.monotonic() - started < 60  # the watch of five minutes is not waited for


def test_an_output_is_bounded(shell: Path) -> None:
    endless = "while :; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; done"
    found = batch.read(run(shell, endless, "echo ok"), 2)
    assert found[0].truncated
    assert len(found[0].stdout) == STDOUT_LIMIT
    assert found[1].stdout == "ok\n"


def test_nothing_is_left_behind(shell: Path, tmp_path: Path) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    text = batch.script([Ask("x", 5, "echo >left; echo $S")], {"S": "it's", "TMPDIR": str(place)})
    text = text.replace("PATH=/usr/sbin:/usr/bin:/sbin:/bin\n", f"PATH={shell}\n").replace("/bin/sh", str(shell / "sh"))
    done = subprocess.run([shell / "sh"], input=text.encode(), capture_output=True, timeout=60, check=True)
    assert batch.read(ExecResult(0, done.stdout, b""), 1)[0].stdout == "it's\n"
    assert list(place.iterdir()) == []


HEAD = b"= 0 0 1.0 2.0 3 0\nabc\n"


@pytest.mark.parametrize(
    "answer",
    [b"", HEAD, HEAD + b"= en", b"= 0 0 1.0 2.0 9999999 0\nabc\n= end\n", b"= 9 0 1.0 2.0 3 0\nabc\n= end\n",
     b"= 0 0 1.0 2.0 2 0\nabc\n= end\n", b"= 0 -1 1.0 2.0 3 0\nabc\n= end\n", b"\xff" * 200],
)  # fmt: skip
def test_a_garbled_answer_is_no_answer(answer: bytes) -> None:
    with pytest.raises(ChannelError):
        batch.read(ExecResult(0, answer, b""), 1)


def test_an_answer_is_read_once_and_with_its_time() -> None:
    found = batch.read(ExecResult(0, HEAD + b"= 0 0 1.0 2.0 3 0\nxyz\n= end\n", b""), 1)
    assert (found[0].stdout, found[0].duration_ms) == ("abc", 1000)


UBUS = """#!{sh}
case "$*" in
  *"session login"*'"password":"pa\\"ss"'*) echo '{{"ubus_rpc_session":"0123abcd","timeout":5}}';;
  *"session destroy"*0123abcd*) echo destroyed >>{seen};;
  *) exit 6;;
esac
"""


@pytest.mark.parametrize(
    ("shadow", "wanted", "passes"),
    [("root:$1$x:19000:0:99999:7:::", 'pa"ss', True), ("root:$1$x:19000:0:99999:7:::", "other", False)],
)
def test_the_page_s_own_login_says_whether_the_password_is_the_one(
    shell: Path, tmp_path: Path, shadow: str, wanted: str, passes: bool
) -> None:
    probe, seen = AccessPointAdmin(secret="admin"), tmp_path / "seen"
    question = Question("radio:ap", probe)
    order = OPENWRT.order([question], environment={"SECRET_ADMIN": wanted, "SECRET_OTHER": "not-for-here"})
    assert b"not-for-here" not in order.stdin
    (shell / "ubus").write_text(UBUS.format(sh=shell / "sh", seen=seen))
    (shell / "ubus").chmod(0o755)
    (tmp_path / "shadow").write_text(f"daemon:*:0:0:::::\n{shadow}\n")
    (tmp_path / "rpcd").write_text("config login\n\toption username 'root'\n\toption password '$p$root'\n")
    text = order.stdin.decode().replace("PATH=/usr/sbin:/usr/bin:/sbin:/bin\n", f"PATH={shell}\n")
    for old, new in (
        ("/bin/sh", shell / "sh"),
        ("/etc/shadow", tmp_path / "shadow"),
        ("/etc/config/rpcd", tmp_path / "rpcd"),
    ):
        text = text.replace(old, str(new))
    done = subprocess.run([shell / "sh"], input=text.encode(), capture_output=True, timeout=60, check=True)
    raw = OPENWRT.answers(ExecResult(0, done.stdout, b""), 1)[0]
    assert raw.stdout == f"shadow=set\npage=shadow\nany=no\nwanted={'yes' if passes else 'no'}\nend\n"
    assert seen.exists() is passes  # a session that was opened is closed
