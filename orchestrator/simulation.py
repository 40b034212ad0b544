"""The simulated exam: the same code from lab to report, over the fake hypervisor and answers recorded from real
machines.

A recording is an observation of a real bench (``orchestrator/recordings/<lab>/<bench>.json.gz``). The simulated
machines answer the batch script with the outputs of that observation, question by question; what was not recorded is
not answered, and its check is INCONCLUSIVE.
"""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from checkers.channel import ExecResult
from checkers.facts import Observation, Raw
from checkers.secrets import token
from labs.errors import EpreuveError
from labs.files import write_atomic
from labs.text import Text
from orchestrator.hypervisor.fake import FakeAgentProgram, FakePrograms
from orchestrator.hypervisor.port import Stamp

RECORDINGS = Path(__file__).parent / "recordings"
_ASKED = re.compile(r"^# ([0-9]{1,4}) (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class SimulatedImage:
    """Stands where an image would: one empty file for its disk, its kernel and its initrd. Nothing boots from it."""

    name: str
    disk: Path
    cmdline: str = ""

    @property
    def key(self) -> str:
        """As good as a content: there is none."""
        return f"simulated-{self.name}"

    @property
    def kernel(self) -> Path:
        """The empty file."""
        return self.disk

    @property
    def initrd(self) -> Path:
        """The empty file."""
        return self.disk


def simulated_image(name: str, folder: Path) -> SimulatedImage:
    """The stand-in for an image, with its file in a folder."""
    disk = folder / f"{name}.empty"
    return SimulatedImage(name, disk if disk.exists() else write_atomic(disk, b""))


def recordings(lab: str) -> dict[str, Observation]:
    """The recorded observations of a lab, by bench. Raises EpreuveError when there is none."""
    found = {
        path.name.removesuffix(".json.gz"): Observation.model_validate_json(gzip.decompress(path.read_bytes()))
        for path in sorted((RECORDINGS / lab).glob("*.json.gz"))
    }
    if not found:
        raise EpreuveError(
            Text("Aucun enregistrement de ce sujet.", "No recording of this lab."),
            where=lab,
            do=Text(
                "Seuls les sujets livrés avec un enregistrement se simulent ; lancez « epreuve demo » sur une "
                "vraie machine.",
                "Only labs shipped with a recording can be simulated; run “epreuve demo” on a real machine.",
            ),
        )
    return found


def is_recorded(lab: str) -> bool:
    """Whether machines of a lab can be simulated."""
    return any((RECORDINGS / lab).glob("*.json.gz"))


def recording(lab: str, name: str) -> Observation | None:
    """One recorded observation of a lab; None when there is none of this name."""
    try:
        return Observation.model_validate_json(gzip.decompress((RECORDINGS / lab / f"{name}.json.gz").read_bytes()))
    except FileNotFoundError:
        return None


def record(observation: Observation, name: str) -> Path:
    """Keep an observation as the recording of a bench (for maintainers: ``epreuve demo --record``), or under another
    name (see ``simulated_incidents``)."""
    path = RECORDINGS / observation.lab / f"{name}.json.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    # The commands are those of the probes; as recorded they would hold paths of the maintainer's machine.
    facts = tuple(fact.model_copy(update={"command": ""}) for fact in observation.facts)
    recorded = observation.model_copy(update={"facts": facts})
    path.write_bytes(gzip.compress(recorded.model_dump_json().encode(), mtime=0))
    return path


class Changes(Protocol):
    """What happens to simulated machines after they were recorded."""

    def ran(self, stamp: Stamp, script: str) -> None:
        """A script was run in a machine."""

    def outputs(self, stamp: Stamp, recorded: Mapping[str, Raw]) -> Mapping[str, Raw]:
        """What a machine answers now, by question. recorded: what its bench was recorded with."""


def replay(
    recorded: Callable[[Stamp], Observation | None],
    secrets: Callable[[Stamp], Mapping[str, str]],
    changes: Changes | None = None,
) -> FakePrograms:
    """Programs for the simulated machines and witnesses: each bench answers as a recording did.

    recorded: the recording that a machine or a network answers with. secrets: those of its session, asked for at each
    answer. Recordings hold tokens in place of secrets; the machines of this session would show its own.
    """

    def program_of(stamp: Stamp) -> FakeAgentProgram:
        observation = recorded(stamp)
        as_recorded = {} if observation is None else outputs(observation)

        def answer(argv: Sequence[str], stdin: bytes) -> ExecResult | None:
            text = stdin.decode("utf-8", "replace")
            asked = _ASKED.findall(text)
            if not asked:
                if changes is not None:
                    changes.ran(stamp, text)
                return None
            known = as_recorded if changes is None else changes.outputs(stamp, as_recorded)
            values = secrets(stamp)
            answers = {int(i): _with_secrets(known[key], values) for i, key in asked if key in known}
            return ExecResult(0, archive(answers), b"")

        return answer

    return program_of


def replay_in_turn(secrets: Callable[[Stamp], Mapping[str, str]], changes: Changes | None = None) -> FakePrograms:
    """Programs for whole sessions: the recordings of a lab in turn, the first for candidate c01, and so on."""
    known: dict[str, list[Observation]] = {}

    def recorded(stamp: Stamp) -> Observation | None:
        number = re.search("[0-9]+$", stamp.bench)
        if number is None:
            return None
        if stamp.lab not in known:
            known[stamp.lab] = list(recordings(stamp.lab).values())
        return known[stamp.lab][(int(number[0]) - 1) % len(known[stamp.lab])]

    return replay(recorded, secrets, changes)


def outputs(observation: Observation) -> dict[str, Raw]:
    """What machines and witnesses answered, by question."""
    return {" ".join(fact.key.split()): fact.raw for fact in observation.facts if fact.raw is not None}


def _with_secrets(raw: Raw, secrets: Mapping[str, str]) -> Raw:
    text = raw.stdout
    for name, value in secrets.items():
        text = text.replace(token(name), value)
    return raw.model_copy(update={"stdout": text})


def archive(outputs: Mapping[int, Raw]) -> bytes:
    """What the batch script would write of these outputs: see ``checkers.batch``."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for index, raw in outputs.items():
            parts = {
                "r": f"{raw.exit_code} 0.00 {raw.duration_ms / 1000:.2f}",
                "o": raw.stdout,
                "e": raw.stderr,
            }
            for suffix, text in parts.items():
                member = tarfile.TarInfo(f"./{index}.{suffix}")
                content = text.encode()
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()
