"""Where Vagrant keeps what it knows of the machines, and we beside it.

::

    .vagrant/epreuve/                       ours (0700): plan.json, secrets drawn for these machines, sujet.html
    .vagrant/machines/<name>/libvirt/       Vagrant's, for one machine; it empties the folder with the machine
        id                                  the domain's uuid: the machine exists
        epreuve-host-key, epreuve-prepared  ours: its SSH host key as first met; it has been set up
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import vagrant
from labs.errors import EpreuveError

SESSION = "vagrant"
"""Name of the session that the secrets are drawn for."""
VAGRANTFILE_DIR = Path(vagrant.__file__).parent


class VagrantError(EpreuveError):
    """Vagrant's machines are not there, or cannot be reached."""

    code = "vagrant"
    exit_code = 6


@dataclass(frozen=True)
class VagrantPlace:
    """A ``.vagrant`` folder."""

    folder: Path

    @property
    def ours(self) -> Path:
        """What is ours: also the data folder of the one session."""
        return self.folder / "epreuve"

    @property
    def plan(self) -> Path:
        """The plan that the machines were made from."""
        return self.ours / "plan.json"

    @property
    def subject(self) -> Path:
        """The paper, with the passwords of these machines."""
        return self.ours / "sujet.html"

    def as_owner(self, argv: Sequence[str]) -> list[str]:
        """A command as whoever Vagrant's files belong to: root comes for the witnesses and leaves nothing of root's."""
        owner = self.folder.stat()
        if os.geteuid() != 0 or owner.st_uid == 0:
            return list(argv)
        home = pwd.getpwuid(owner.st_uid).pw_dir
        drop = ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--init-groups"]
        return [*drop, "env", f"HOME={home}", *argv]

    def give(self, *paths: Path) -> None:
        """Files that were written by root go to the same owner."""
        owner = self.folder.stat()
        if os.geteuid() == 0 and owner.st_uid != 0:
            for path in paths:
                os.chown(path, owner.st_uid, owner.st_gid)

    def of_machine(self, name: str) -> Path:
        """Vagrant's folder of one machine."""
        return self.folder / "machines" / name / "libvirt"

    def uuid(self, name: str) -> str | None:
        """The domain of a machine; None when it does not exist."""
        try:
            return (self.of_machine(name) / "id").read_text(encoding="ascii").strip() or None
        except (OSError, ValueError):
            return None

    def existing(self) -> list[str]:
        """The machines that exist, running or not."""
        names = sorted(path.parent.parent.name for path in self.folder.glob("machines/*/libvirt/id"))
        return [name for name in names if self.uuid(name)]

    def host_key(self, name: str) -> Path:
        """File of a machine's pinned host key."""
        return self.of_machine(name) / "epreuve-host-key"

    def prepared(self, name: str) -> Path:
        """File whose presence says that a machine has been set up."""
        return self.of_machine(name) / "epreuve-prepared"


def find_place(environ: Mapping[str, str] | None = None) -> VagrantPlace:
    """The place of the Vagrantfile of Épreuve, or the one that Vagrant's own VAGRANT_DOTFILE_PATH names."""
    env = os.environ if environ is None else environ
    named = env.get("VAGRANT_DOTFILE_PATH") or ".vagrant"
    return VagrantPlace((VAGRANTFILE_DIR / named).resolve())
