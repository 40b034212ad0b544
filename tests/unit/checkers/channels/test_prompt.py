"""Devices with a prompt: where an answer begins and ends, whatever the device does to a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.channel import ChannelError
from checkers.channels.prompt import CISCO_LIKE, OUTPUT_LIMIT, POSIX_LIKE, Kind, PromptAgent
from checkers.channels.screen import shown, without_pager
from checkers.channels.ssh_connection import Login
from tests.prompt_device import ENABLE, PASSWORD, Manners, Served, Session, device

VERSION = "Cisco IOS Software\nuptime is 2 weeks\n"
PLAIN = Kind(comment="!")  # lengths are not set: its pager has to be answered


def agent(served: Served, kind: Kind = CISCO_LIKE, enable: str = ENABLE, password: str = PASSWORD) -> PromptAgent:
    return PromptAgent(
        served.dial,
        login=Login("admin", password=password),
        host_key=served.host_key,
        where="ssh switch",
        kind=kind,
        enable_secret=enable,
    )


@pytest.mark.parametrize(
    "manners",
    [
        Manners(),
        Manners(banner="\n*****\nAuthorized users only #"),
        Manners(banner="Welcome\n\nC:\\>\n", enable=True),
        Manners(keyboard=True, enable=True),
        Manners(host="\x1b[1mSwitch-1\x1b[0m"),
        Manners(host="user@Switch:~", privileged="$ "),
    ],
    ids=["plain", "banner", "user", "keyboard", "colours", "shell"],
)
def test_a_line_is_said_and_its_answer_comes_back(manners: Manners) -> None:
    with device({"show version": VERSION}, manners) as served:
        channel = agent(served)
        assert channel.ping()
        done = channel.run(["show", "version"], timeout_s=30)
        assert (done.exit_code, done.stdout.decode()) == (0, VERSION)
        assert channel.run(["show version"], timeout_s=30).stdout.decode() == VERSION
        channel.close()


LIKE = "interface\nSwitch-1#\nSwitch-1# show\nend\n"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (LIKE, LIKE),
        (["a\nSwitch-1#", 0.3, " is not the end\n"], "a\nSwitch-1# is not the end\n"),
        (["a\nSwitch-1#", 0.3, "\nstill not\n"], "a\nSwitch-1#\nstill not\n"),
        (["slow ", 0.2, "words\n", 0.2], "slow words\n"),
        ("", ""),
        ("no end of line", None),
    ],
    ids=["lines", "pause", "pause and line", "slow", "nothing", "no end of line"],
)
def test_what_looks_like_the_prompt_is_not_the_end(answer: str, told: str | None) -> None:
    with device({"show run": answer}) as served:
        channel = agent(served)
        assert channel.ping()
        done = channel.run(["show", "run"], timeout_s=0.6 if told is None else 30)
        if told is None:  # the prompt does not stand where a prompt stands: nothing was seen, rather than a wrong thing
            assert done.timed_out
        else:
            assert (done.exit_code, done.stdout.decode()) == (0, told)
        channel.close()


@pytest.mark.parametrize("pager", [" --More-- ", "---(more 40%)---", "<--- More --->", "\x1b[7m--More--\x1b[27m"])
def test_pages_are_turned(pager: str) -> None:
    text = "".join(f"line {number}\n" for number in range(50))
    with device({"show run": text}, Manners(rows=10, pager=pager)) as served:
        channel = agent(served, PLAIN)
        assert channel.run(["show", "run"], timeout_s=30).stdout.decode() == text
        channel.close()
        channel = agent(served)
        assert channel.run(["show", "run"], timeout_s=30).stdout.decode() == text
        assert "terminal length 0" in served.said
        channel.close()


@pytest.mark.parametrize("enable", ["", "Wrong=Wrong"])
def test_an_administrator_s_mode_that_is_refused_is_told_without_its_secret(enable: str) -> None:
    with device({}, Manners(enable=True)) as served:
        channel = agent(served, enable=enable)
        with pytest.raises(ChannelError) as caught:
            channel.run(["show", "version"], timeout_s=30)
    assert "administrateur" in caught.value.what.fr
    assert "Wrong=" not in str(caught.value)
    assert not any("Wrong=" in line for line in served.said)


def test_an_output_without_end_is_cut() -> None:
    def flood(session: Session) -> None:
        while True:
            session.write("x" * 4000 + "\n")

    with device({"show tech": flood}) as served:
        channel = agent(served)
        done = channel.run(["show", "tech"], timeout_s=60)
        assert (done.exit_code, done.truncated) == (None, True)
        assert len(done.stdout) <= OUTPUT_LIMIT
        assert channel.run(["!"], timeout_s=30).exit_code == 0, "another session is opened"
        channel.close()


def test_a_command_that_does_not_end_is_given_up() -> None:
    def wait(session: Session) -> None:
        session.read()

    with device({"ping": wait}) as served:
        channel = agent(served)
        assert channel.ping()
        done = channel.run(["ping"], timeout_s=0.3)
        assert (done.exit_code, done.timed_out) == (None, True)
        channel.close()


def test_a_device_that_never_prompts_is_not_seen() -> None:
    with device({}, Manners(silent=True)) as served:
        channel = agent(served)
        assert not channel.ping(0.5)
        with pytest.raises(ChannelError):
            channel.run(["show"], timeout_s=0.5)


@pytest.mark.parametrize("line", ["a\nb", "a\rb", "a\x03", "x" * 400])
def test_what_is_no_line_is_not_said(line: str) -> None:
    with device({}) as served:
        with pytest.raises(ChannelError):
            agent(served).run([line], timeout_s=30)
        assert served.said == []


def test_what_a_terminal_shows() -> None:
    assert shown("a\r\nb\x1b[31mc\x1b[0m\r\n") == "a\nbc\n"
    assert shown("wrong\b\b\b\b\b     \b\b\b\b\bright") == "right"
    assert shown("50 %\r100 %\r\n") == "100 %\n"
    assert without_pager("a\r\n --More-- ") == "a\r\n"
    assert without_pager("a\r\n --More-- \r\nb") is None


@given(st.text(alphabet=st.sampled_from("ab \r\n\b\x1b[;0mK-More#>"), max_size=300))
def test_anything_can_be_shown(written: str) -> None:
    assert not set("\r\b") & set(shown(written))
    rest = without_pager(written)
    assert rest is None or len(rest) < len(written)


def test_a_shell_s_prompt_is_one_too() -> None:
    with device({"uci show": "network.lan=interface\n"}, Manners(host="root@OpenWrt:~")) as served:
        channel = agent(served, POSIX_LIKE)
        assert channel.run(["uci show"], timeout_s=30).stdout == b"network.lan=interface\n"
        channel.close()
