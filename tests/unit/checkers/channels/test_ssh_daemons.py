"""SSH by paramiko against real servers: OpenSSH's, and the Dropbear of small devices."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from checkers.channel import ChannelError
from checkers.channels.prompt import POSIX_LIKE, PromptAgent
from checkers.channels.ssh import STREAM_LIMIT, Login, SshAgent, offered_key
from tests.ssh_daemons import KINDS, PASSWORD, Daemon, daemon

pytestmark = [pytest.mark.netns, pytest.mark.skipif(os.geteuid() != 0, reason="needs root: accounts of its own")]


@pytest.fixture(scope="module", params=["sshd", "dropbear"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    if shutil.which(request.param, path="/usr/sbin:/usr/bin") is None:
        pytest.skip(f"{request.param} is not installed")
    with daemon(request.param, tmp_path_factory.mktemp(request.param)) as listening:
        yield listening


def agent(served: Daemon, *, kind: str = "ed25519", login: Login | None = None) -> SshAgent:
    login = login or Login("root", served.user_key)
    return SshAgent(served.dial, login=login, host_key=served.host_keys[kind], where="test")


@pytest.mark.parametrize("kind", KINDS)
def test_the_pinned_kind_of_host_key_is_asked_for(served: Daemon, kind: str) -> None:
    channel = agent(served, kind=kind)
    assert channel.run(["echo", "a  b"], timeout_s=30).stdout == b"a  b\n"
    channel.close()


def test_the_key_that_is_offered_can_be_pinned(served: Daemon) -> None:
    assert offered_key(served.dial, where="test", timeout_s=30) in served.host_keys.values()


def test_a_password_lets_in_and_a_wrong_one_does_not(served: Daemon) -> None:
    channel = agent(served, login=Login("root", password=PASSWORD))
    assert channel.run(["id", "-u"], timeout_s=30).stdout == b"0\n"
    channel.close()
    stranger = agent(served, login=Login("root", password="Wrong=Wrong"))
    with pytest.raises(ChannelError) as caught:
        stranger.run(["id"], timeout_s=30)
    assert "compte" in caught.value.what.fr
    assert "Wrong=" not in f"{caught.value!s}{stranger.__dict__}"


def test_input_and_both_streams_at_once(served: Daemon) -> None:
    channel = agent(served)
    given = b"x" * 1_000_000
    done = channel.run(["/bin/sh", "-c", "tee /dev/stderr; exit 7"], stdin=given, timeout_s=60)
    assert (done.exit_code, done.stdout == given, done.stderr == given) == (7, True, True)
    done = channel.run(["/bin/sh", "-c", f"head -c {STREAM_LIMIT + 1} /dev/zero"], timeout_s=60)
    assert (len(done.stdout), done.truncated) == (STREAM_LIMIT, True)
    channel.close()


def test_a_program_that_does_not_end_or_is_killed_has_no_exit_code(served: Daemon) -> None:
    channel = agent(served)
    assert channel.run(["exec", "/bin/sh", "-c", "kill -9 $$"], timeout_s=30).exit_code is None
    done = channel.run(["sleep", "60"], timeout_s=1)
    assert (done.exit_code, done.timed_out) == (None, True)
    channel.close()


def test_a_shell_s_prompt_will_do_where_nothing_else_is(served: Daemon) -> None:
    """As on an OpenWrt over Dropbear."""
    login = Login("root", served.user_key)
    channel = PromptAgent(served.dial, login=login, host_key=served.host_keys["rsa"], where="test", kind=POSIX_LIKE)
    assert channel.ping()
    assert channel.run(["echo", "$((6*7));", "echo", "'root#'"], timeout_s=30).stdout == b"42\nroot#\n"
    awkward = channel.run(["printf", "'# '; sleep 0.3; echo no"], timeout_s=1.5)
    # What looked like the prompt was not, and this terminal echoes before anybody reads: not seen, or seen right.
    assert awkward.timed_out or awkward.stdout == b"# no\n"
    channel.close()
