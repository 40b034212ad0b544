"""The model of a lab: what ``lab.yml`` may say.

Pure data. A check's own parameters (``with:``) are validated by the check's class, which lives one layer up:
``labs.loader`` is handed a catalog of checks for that.
"""

from __future__ import annotations

from decimal import Decimal
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from labs.base import CheckUse, CompetencyId, CriterionId, Slug, Strict
from labs.device import Device
from labs.incident import Incident
from labs.variant import MAX_VARIANTS, Variant

Mac = Annotated[str, StringConstraints(pattern=r"^52:54:00(:[0-9a-f]{2}){3}$")]
"""A hardware address in QEMU's range."""

AdminPage = Annotated[str, StringConstraints(pattern=r"^https?://[0-9A-Za-z.:-]{1,100}/[0-9A-Za-z._/-]{0,100}$")]
"""The address of an administration page."""

Points = Annotated[Decimal, Field(gt=0, le=100, multiple_of=Decimal("0.25"))]


class Network(Strict):
    """One isolated segment. ``witness`` is the address that the witness takes on it during an observation."""

    title: str
    subnet: IPv4Network
    witness: IPv4Interface


class Nic(Strict):
    """A machine's card on a network. ``address`` is where it stands when the exam starts, if it is fixed."""

    network: Slug
    mac: Mac
    address: IPv4Interface | None = None


ChannelName = Literal["agent", "winrm", "ssh"]

CHANNELS: dict[str, tuple[ChannelName, ...]] = {"linux": ("agent", "ssh"), "windows": ("agent", "winrm", "ssh")}
"""The ways by which a machine of each family is asked when the lab names none: each when those before are silent."""


class Account(Strict):
    """The administrator's account by which a machine is asked over its network. ``secret``: the session's secret that
    is its password; the image or ``personalise`` sees to the account."""

    user: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.@-]{0,63}$")]
    secret: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Machine(Strict):
    """One virtual machine of the lab (a physical one is a ``Device``).

    ``family``: what kind of system it is, and so how it is asked.
    ``prepare``: Ansible playbook run once, when the golden is made.
    ``personalise``: shell script run in every new bench over the agent, as root, with the session's secrets as
    ``name=value`` environment variables (upper case); it must take about a second.
    ``ready``: shell command that answers 0 when the machine's services answer.
    ``console``: the candidate has its console. ``admin``: where its administration page is when the exam starts, as a
    browser on the bench reaches it; told to the candidate.
    ``channels``: by which ways it is asked, in order, when not by its family's (``CHANNELS``). ``login``: the account
    of those that need one: WinRM, and SSH to a Windows machine; SSH to a Linux one goes as root, by the session's key.
    """

    kind: Literal["virtual"] = "virtual"
    title: str
    family: Literal["linux", "windows"] = "linux"
    image: Slug
    memory_mib: Annotated[int, Field(ge=128, le=65536)]
    vcpus: Annotated[int, Field(ge=1, le=16)] = 1
    nics: Annotated[dict[Annotated[str, StringConstraints(pattern=r"^eth[0-9]$")], Nic], Field(min_length=1)]
    console: bool = True
    admin: AdminPage | None = None
    prepare: Path | None = None
    personalise: Path | None = None
    ready: str = "true"
    channels: Annotated[tuple[ChannelName, ...], Field(min_length=1)] | None = None
    login: Account | None = None

    @property
    def ways(self) -> tuple[ChannelName, ...]:
        """By which ways it is asked, in order."""
        return self.channels or CHANNELS[self.family]


def _kind(machine: Any) -> str:
    """Which of the two a machine is. Nobody writes ``virtual``: a wrong word is a device's."""
    kind = machine.get("kind") if isinstance(machine, dict) else getattr(machine, "kind", None)
    return "virtual" if kind in (None, "virtual") else "physical"


AnyMachine = Annotated[
    Annotated[Machine, Tag("virtual")] | Annotated[Device, Tag("physical")],
    Discriminator(_kind),
]


class Secret(Strict):
    """A value drawn anew for every session and shown on the candidate's paper where the subject uses it.

    ``password``: 14 characters easy to type on a French keyboard. ``wireguard``: a key pair, seen as
    ``NAME`` (private) and ``NAME_public``.
    """

    kind: Literal["password", "wireguard"]


class CheckSpec(CheckUse):
    """One check of a task."""

    points: Points
    competency: CompetencyId | None = None
    criterion: CriterionId | None = None
    true_at_start: bool = False
    """Declared by the author when the check already passes on an untouched bench."""


class Task(Strict):
    """One piece of work asked of the candidate; its points are the sum of its checks'.

    Its competency, and the criterion of it if it names one, are those of each check that names no other.
    """

    id: Slug
    title: str
    competency: CompetencyId
    criterion: CriterionId | None = None
    points: Points
    checks: Annotated[tuple[CheckSpec, ...], Field(min_length=1)]

    def competency_of(self, check: CheckSpec) -> str:
        """The competency that a check of this task is evidence for: its own, or the task's."""
        return check.competency or self.competency

    def criterion_of(self, check: CheckSpec) -> str:
        """The criterion that a check is evidence for, or none (empty): one of its competency, never of another."""
        if check.criterion is not None:
            return check.criterion
        if self.criterion is not None and self.competency_of(check) == self.competency:
            return self.criterion
        return ""


class Solution(Strict):
    """The reference solution: one Ansible playbook whose tags are the ids of the tasks."""

    playbook: Path


class Lab(Strict):
    """A lab (sujet): everything that defines an exam except the candidates."""

    id: Slug
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    title: str
    referential: str
    duration_minutes: Annotated[int, Field(ge=5, le=600)]
    subject: Path
    points: Annotated[Decimal, Field(gt=0, le=1000, multiple_of=Decimal("0.25"))]
    networks: Annotated[dict[Slug, Network], Field(min_length=1)]
    machines: Annotated[dict[Slug, AnyMachine], Field(min_length=1)]
    secrets: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")], Secret] = Field(
        default_factory=dict
    )
    variants: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")], Variant] = Field(
        default_factory=dict, max_length=MAX_VARIANTS
    )
    """What is not the same for everybody. The rest of the model holds one value of each (``labs.placeholders``)."""
    solution: Solution | None = None
    tests: Path | None = None
    """Folder of plain pytest-testinfra tests, run over the same channels."""
    tasks: Annotated[tuple[Task, ...], Field(min_length=1)]
    mutants: Path | None = None
    """File of the small wrong turns that the checks must see (``labs.mutant``): what a lab is proved by."""
    incidents: tuple[Incident, ...] = ()
    """What the jury may have happen on a candidate's bench. Nothing of them but the ticket reaches a candidate."""

    @property
    def virtual(self) -> dict[str, Machine]:
        """The machines that every bench has of its own: cloned, reset, frozen, shown in a console."""
        return {name: one for name, one in self.machines.items() if isinstance(one, Machine)}

    @property
    def devices(self) -> dict[str, Device]:
        """The machines that stand on the candidates' tables."""
        return {name: one for name, one in self.machines.items() if isinstance(one, Device)}

    def checks(self) -> list[tuple[Task, CheckSpec]]:
        """Every check with the task it belongs to, in the order of the file."""
        return [(task, check) for task in self.tasks for check in task.checks]
