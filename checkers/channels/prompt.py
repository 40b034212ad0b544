"""Devices that have a prompt and nothing else: one command line a question, over an interactive SSH session.

Where an answer ends cannot be told by its text: what a device prints may look like its prompt. So once it looks like
one and rests, a comment that nobody could have written before (a *mark*) is sent, and only the prompt followed by that
mark ends the answer. A device whose prompt cannot be found, or that never comes back to it, was not seen.
"""

from __future__ import annotations

import codecs
import re
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import paramiko

from checkers.channel import ChannelError, ExecResult, greets
from checkers.channels.screen import shown, without_pager
from checkers.channels.ssh_connection import Dial, Login, SshConnection
from labs.text import Text

OUTPUT_LIMIT = 1024 * 1024
"""Characters of one answer."""

_REST_S = 0.25
"""How long a device must be still before what looks like its prompt is tried."""
_GRACE_S = 1.0
"""Seconds after the time limit at which the connection is cut."""
_WIDTH = 500
_LIKE_A_PROMPT = re.compile(r"(?:^|\n)([^\n]{0,100}[>#$%\]])[ ]?\Z")
_PASSWORD = re.compile(r"(?i)(?:pass ?word|mot de passe)[^\n]{0,20}:[ ]?\Z")


@dataclass(frozen=True)
class Kind:
    """How a kind of device is spoken to. setup: said once, after signing in. comment: what begins a line that does
    nothing. enable: the command that makes an administrator of ``>``, if there is one."""

    setup: tuple[str, ...] = ()
    comment: str = "#"
    enable: str = ""


CISCO_LIKE = Kind(setup=("terminal length 0", f"terminal width {_WIDTH}"), comment="!", enable="enable")
POSIX_LIKE = Kind()
"""OpenWrt, and whatever else gives a shell at its prompt."""


class PromptAgent:
    """Says command lines at a device's prompt. One session, opened at first use and opened again when it broke.

    enable_secret: the password of ``Kind.enable``, where it asks for one.
    """

    def __init__(
        self, dial: Dial, *, login: Login, host_key: str, where: str, kind: Kind, enable_secret: str = ""
    ) -> None:
        self._connection = SshConnection(dial, login=login, host_key=host_key, where=where)
        self._where = where
        self._kind = kind
        self._enable_secret = enable_secret
        self._channel: paramiko.Channel | None = None
        self._prompt = ""
        self._lock = threading.Lock()

    def ping(self, timeout_s: float = 20.0) -> bool:
        """Whether its prompt can be found within the time limit."""
        return greets(self.hello, timeout_s)

    def hello(self, timeout_s: float) -> None:
        """Find its prompt. Raises ChannelError; OtherKeyError when somebody else is there."""
        with self._use(monotonic() + timeout_s) as deadline:
            self._opened(deadline)

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Say one command line, the words of ``argv`` with spaces between, and bring what came back. A prompt tells no
        exit code: 0 says that it came back. Raises ChannelError, also for a line that is none, or for input."""
        line = " ".join(argv)
        if stdin or not line.isprintable() or len(line) > _WIDTH - 120:
            raise self._error(Text("cette question ne tient pas en une ligne", "this question does not fit a line"))
        started = monotonic()
        with self._use(started + timeout_s) as deadline:
            channel = self._opened(deadline)
            text, truncated = self._ask(channel, line, deadline)
        late = text is None
        return ExecResult(
            None if text is None or truncated else 0,
            (text or "").encode(),
            b"",
            truncated=truncated,
            timed_out=late,
            duration_s=monotonic() - started,
        )

    def close(self) -> None:
        """End the session; the next command opens another."""
        self._channel, self._prompt = None, ""
        self._connection.close()

    # --- one session
    def _opened(self, deadline: float) -> paramiko.Channel:
        if self._channel is not None and not self._channel.closed:
            return self._channel
        transport = self._connection.open(min(10.0, max(1.0, deadline - monotonic())))
        channel = transport.open_session(timeout=max(0.1, deadline - monotonic()))
        channel.get_pty(term="dumb", width=_WIDTH, height=1000)
        channel.invoke_shell()
        self._prompt = self._found(channel, deadline)
        if self._kind.enable and self._prompt.endswith(">"):
            self._enabled(channel, deadline)
        self._channel = channel
        for line in self._kind.setup:
            if self._ask(channel, line, deadline)[0] is None:
                raise self._lost()
        return channel

    def _found(self, channel: paramiko.Channel, deadline: float) -> str:
        """The prompt: what stands there after the greeting, and again after an empty line."""
        seen = _Reader(channel)
        first = seen.until(_LIKE_A_PROMPT, deadline)
        while first is not None:
            channel.sendall(b"\r")
            again = seen.until(_LIKE_A_PROMPT, deadline, fresh=True)
            if again is not None and again[1] == first[1]:
                return again[1]
            first = again  # the end of a greeting that looked like a prompt
        raise self._lost()

    def _enabled(self, channel: paramiko.Channel, deadline: float) -> None:
        seen = _Reader(channel)
        channel.sendall(self._kind.enable.encode() + b"\r")
        asked = re.compile(f"{_PASSWORD.pattern}|{_LIKE_A_PROMPT.pattern}")
        found = seen.until(asked, deadline)
        if found is not None and _PASSWORD.search(found[0]):
            channel.sendall(self._enable_secret.encode() + b"\r")
            found = seen.until(asked, deadline, fresh=True)
        privileged = self._prompt[:-1] + "#"
        if found is None or found[1] != privileged:
            raise self._error(
                Text("l'appareil refuse le mode administrateur", "the device refuses its administrator's mode"),
                Text("Vérifiez le secret de « enable ».", "Check the secret of “enable”."),
            )
        self._prompt = privileged

    def _ask(self, channel: paramiko.Channel, line: str, deadline: float) -> tuple[str | None, bool]:
        """What came back for a line (None when its end did not come in time), and whether it was too much."""
        seen = _Reader(channel)
        channel.sendall(line.encode() + b"\r")
        waited = re.compile(rf"(?:^|\n){re.escape(self._prompt)}\Z")
        marks: list[str] = []
        while seen.until(waited, deadline) is not None:
            end = re.search(rf"(?:^|(?<=\n)){self._said(marks[-1])}\Z", seen.text) if marks else None
            if end is not None:
                break
            marks.append(f"{self._kind.comment} {secrets.token_hex(8)}")
            channel.sendall(marks[-1].encode() + b"\r")
            waited = re.compile(rf"{re.escape(marks[-1])}\n(?:[^\n]*\n)*{re.escape(self._prompt)}\Z")
        else:
            self.close()  # whatever it still writes belongs to this question
            return ("", True) if seen.overflown else (None, False)
        answer = seen.text[: end.start()]
        for early in marks[:-1]:  # echoed as they came, by a terminal that echoes what nobody reads yet
            answer = answer.replace(f"{early}\n", "")
        echo, _, rest = answer.partition("\n")
        return (rest if echo.endswith(line) else answer), False

    def _said(self, mark: str) -> str:
        """A mark said at the prompt, with nothing after it but the next prompt: the answer before it is whole."""
        return rf"{re.escape(self._prompt)} ?{re.escape(mark)}\n{re.escape(self._prompt)}"

    # --- what goes wrong
    @contextmanager
    def _use(self, deadline: float) -> Iterator[float]:
        if not self._lock.acquire(timeout=max(0.0, deadline - monotonic())):
            raise self._lost()
        try:
            with self._connection.cut_after(deadline + _GRACE_S - monotonic()):
                yield deadline
        except ChannelError:
            self.close()
            raise
        except Exception as error:  # as in SshConnection
            self.close()
            raise self._connection.failed(error) from error
        finally:
            self._lock.release()

    def _lost(self) -> ChannelError:
        return self._error(
            Text("l'invite de l'appareil n'est pas venue", "the device's prompt did not come"),
            Text("Essayez à la main, par SSH, depuis ce poste.", "Try by hand, over SSH, from here."),
        )

    def _error(self, what: Text, do: Text | None = None) -> ChannelError:
        return ChannelError(what, where=self._where, do=do)


class _Reader:
    """What a device writes from now on. ``text``: as shown, so far."""

    def __init__(self, channel: paramiko.Channel) -> None:
        self._channel = channel
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._written = ""
        self.text = ""
        self.overflown = False

    def until(self, pattern: re.Pattern[str], deadline: float, *, fresh: bool = False) -> re.Match[str] | None:
        """Wait until the device rests and what it wrote ends like this; None when that did not come in time, or it
        wrote too much. fresh: what was read before does not count."""
        if fresh:
            self._written = self.text = ""
        while (left := deadline - monotonic()) > 0 and not self.overflown:
            self._channel.settimeout(min(_REST_S, left))
            try:
                data = self._channel.recv(65536)
            except TimeoutError:
                self.text = shown(self._written)
                found = pattern.search(self.text)
                if found:
                    return found
                continue
            if not data:
                raise EOFError("connection closed")
            self._take(data)
        return None

    def _take(self, data: bytes) -> None:
        self._written += self._decoder.decode(data)
        self.overflown = len(self._written) > OUTPUT_LIMIT
        paged = without_pager(self._written)
        if paged is not None:
            self._written = paged
            self._channel.sendall(b" ")
