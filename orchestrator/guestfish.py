"""A disk opened read-only by guestfish(1): libguestfs mounts it in a small machine of its own, so that no file system
that a candidate may have forged is ever read by this host's kernel."""

from __future__ import annotations

import os
import secrets
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from select import select
from time import monotonic
from types import TracebackType
from typing import IO

from checkers.channel import ChannelError
from labs.text import Text

PROGRAM = "guestfish"
_ANSWER_LIMIT = 4 * 1024 * 1024
"""Bytes of one answer; longer ones end the reading."""
_MEMORY_MIB = 512


class Guestfish:
    """One session. Commands are sent in order; each has its answer, the lines that it prints. Raises ChannelError when
    the small machine does not start, when the session ends by itself, or at the deadline."""

    def __init__(self, disk: Path, *, emulated: bool, deadline: float) -> None:
        """disk: a qcow2 file that nobody writes to. emulated: KVM is not to be tried. deadline: by ``monotonic()``."""
        self._deadline = deadline
        self._mark = secrets.token_hex(8)
        self._told = b""
        self.place = tempfile.TemporaryDirectory(prefix="epreuve-disk-")
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the session
        try:
            self._process = subprocess.Popen(
                [PROGRAM, "--ro", "--format=qcow2", "-a", str(disk)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=environment(self.place.name, emulated=emulated),
                start_new_session=True,  # with all its children, so that all can be ended
            )
        except OSError as error:
            failed = self._failed(str(error))
            self._errors.close()
            self.place.cleanup()
            raise failed from error

    def __enter__(self) -> Guestfish:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            with suppress(OSError, subprocess.TimeoutExpired):
                assert self._process.stdin is not None  # noqa: S101 - it is a pipe
                self._process.stdin.close()
                self._process.wait(timeout=20)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, 9)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            assert stream is not None  # noqa: S101 - they are pipes
            with suppress(OSError):
                stream.close()
        self.place.cleanup()

    def ask(self, *commands: str) -> list[list[str]]:
        """The lines that each command printed; none where it failed."""
        self._send("".join(f"-{command}\necho {self._mark}\n" for command in commands))
        return [self._answer() for _ in commands]

    def must(self, command: str) -> None:
        """Have a command done without which nothing else makes sense."""
        self._send(f"{command}\necho {self._mark}\n")
        self._answer()

    def _send(self, text: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        try:
            self._process.stdin.write(text.encode())
            self._process.stdin.flush()
        except OSError as error:
            raise self._failed(str(error)) from error

    def _answer(self) -> list[str]:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        mark = f"{self._mark}\n".encode()
        while not (self._told.startswith(mark) or (end := self._told.find(b"\n" + mark)) >= 0):
            left = self._deadline - monotonic()
            if left <= 0 or not select([self._process.stdout], [], [], left)[0]:
                raise self._failed("deadline")
            told = os.read(self._process.stdout.fileno(), 65536)
            self._told += told
            if not told or len(self._told) > _ANSWER_LIMIT:
                raise self._failed("too much" if told else "ended")
        if self._told.startswith(mark):
            said, self._told = b"", self._told[len(mark) :]
        else:
            said, self._told = self._told[:end], self._told[end + 1 + len(mark) :]
        return said.decode("utf-8", "replace").split("\n") if said else []

    def _failed(self, why: str) -> ChannelError:
        self._errors.seek(0)
        last = self._errors.read(_ANSWER_LIMIT).decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        return ChannelError(
            Text("libguestfs n'y est pas parvenu", "libguestfs could not"),
            where=f"{why}: {last[:300]}",
            do=Text("« epreuve doctor » dit ce qui manque.", "“epreuve doctor” tells what is missing."),
        )


def quoted(path: str) -> str:
    """A path as an argument: guestfish understands C's escapes between double quotes."""
    safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-"
    written = (chr(byte) if chr(byte) in safe else f"\\x{byte:02x}" for byte in path.encode("utf-8", "surrogateescape"))
    return f'"{"".join(written)}"'


def environment(place: str, *, emulated: bool) -> dict[str, str]:
    """What guestfish runs in: of ours only where a kernel is, for hosts that have none in /boot (supermin(1))."""
    kept: Sequence[str] = ("PATH", "SUPERMIN_KERNEL", "SUPERMIN_KERNEL_VERSION", "SUPERMIN_MODULES")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "HOME": place,
        "LC_ALL": "C.UTF-8",
        "TMPDIR": place,
        "LIBGUESTFS_CACHEDIR": "/var/tmp",  # noqa: S108 - where libguestfs keeps its machine, in a directory of its own
        "LIBGUESTFS_BACKEND": "direct",
        "LIBGUESTFS_MEMSIZE": str(_MEMORY_MIB),
        **({"LIBGUESTFS_BACKEND_SETTINGS": "force_tcg"} if emulated else {}),
    }
