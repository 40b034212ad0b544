"""The graphical session of a workstation, for tests: windows are opened and listed inside, keys come from outside."""

from __future__ import annotations

import shlex
from time import monotonic, sleep

from checkers.channel import Agent

SCREEN = "DISPLAY=:0"
PATIENCE_S = 60.0

ALT_GR = 0xB8
FRENCH = {
    "é": (0x03,), "è": (0x08,), "à": (0x0B,), "ç": (0x0A,),
    "@": (ALT_GR, 0x0B), "#": (ALT_GR, 0x04), "{": (ALT_GR, 0x05), "}": (ALT_GR, 0x0D),
    "\n": (0x1C,),
}  # fmt: skip
"""Which keys of an AZERTY keyboard make a character, by their XT scan codes (AltGr is 0xE038, sent as 0xB8)."""


class Desktop:
    """The session that is open on the screen of a machine, as its user."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    def open(self, *command: str) -> None:
        """Start a program on the screen. It needs no cookie: the session trusts its own user."""
        self._run("systemd-run", "--quiet", "--collect", "--uid=technicien", f"--setenv={SCREEN}", *command)

    def close(self, program: str) -> None:
        """End a program that was opened."""
        self._agent.run(["pkill", "-u", "technicien", "-x", program], timeout_s=10)

    def await_focus(self, title: str) -> None:
        """Until the window that takes the keys has this in its title."""
        seen = ""
        until = monotonic() + PATIENCE_S
        while title not in seen:
            assert monotonic() < until, f"no window “{title}” but: {seen}"
            seen = self._run("setpriv", "--reuid=technicien", "env", SCREEN, "timeout", "10", "icesh", "-focus", "list")
            sleep(0.2)

    def await_text(self, path: str, text: str) -> None:
        """Until a file of the machine holds exactly this."""
        until = monotonic() + PATIENCE_S
        while (found := self._agent.run(["cat", path], timeout_s=10).stdout.decode()) != text:
            assert monotonic() < until, f"{path} holds {found!r}"
            sleep(0.2)

    def _run(self, *argv: str) -> str:
        done = self._agent.run(list(argv), timeout_s=30)
        assert done.exit_code is not None, f"{shlex.join(argv)} took too long"
        return done.stdout.decode(errors="replace")
