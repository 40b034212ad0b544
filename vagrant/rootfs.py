"""Make and change a Debian root file system: mmdebstrap, then commands inside it.

Commands run in namespaces of their own (mounts, processes, names, and network when they need none), so a
killed build leaves no mount and no process behind.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from labs.text import Text
from vagrant.errors import ImageError

TOOLS = {
    "mmdebstrap": "mmdebstrap",
    "qemu-img": "qemu-utils",
    "mkfs.ext4": "e2fsprogs",
    "unshare": "util-linux",
    "setpriv": "util-linux",
}
APT = ("apt-get", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Options::=--force-unsafe-io")
_LOG_TAIL = 15
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# A build that is killed takes its commands with it: each dies with this process, and with it its process namespace.
_ENDS_WITH_US = ("setpriv", "--pdeathsig", "KILL")
_OWN_SPACE = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")

_ENTER = Path(__file__).parent / "enter.sh"


class Log:
    """The log file of one build; commands write into it, errors quote its end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    def run(self, argv: Sequence[str], *, step: Text, env: dict[str, str] | None = None) -> None:
        """Run one command to its end, output into the log; ImageError quotes the last lines when it fails."""
        with self.path.open("ab") as out:
            out.write(f"\n$ {' '.join(argv)}\n".encode())
            out.flush()
            try:
                code = subprocess.run(
                    [*_ENDS_WITH_US, *argv], stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, check=False
                ).returncode
            except OSError as error:
                raise self.failure(step, str(error)) from error
        if code:
            raise self.failure(step, f"code {code}")

    def failure(self, step: Text, reason: str) -> ImageError:
        tail = self.path.read_text("utf-8", "replace").splitlines()[-_LOG_TAIL:]
        quoted = "".join(f"\n    {line}" for line in tail)
        if any(os.strerror(errno.ENOSPC) in line for line in tail):
            return disk_full(self.path)
        return ImageError(
            Text("{fr} a échoué ({reason}) :{tail}\n", "{en} failed ({reason}):{tail}\n").format(
                fr=step.fr, en=step.en, reason=reason, tail=quoted
            ),
            where=str(self.path),
            do=Text(
                "Lisez ce journal ; sans accès au miroir, réglez EPREUVE_MIRROR.",
                "Read that log; if the mirror cannot be reached, set EPREUVE_MIRROR.",
            ),
        )


def disk_full(where: Path) -> ImageError:
    return ImageError(
        Text("Le disque est plein.", "The disk is full."),
        where=str(where),
        do=Text(
            "Libérez de la place, ou désignez un autre dossier avec EPREUVE_CACHE.",
            "Free some space, or name another directory with EPREUVE_CACHE.",
        ),
    )


def require_tools() -> None:
    """ImageError unless this user and this machine can build images."""
    missing = sorted({package for tool, package in TOOLS.items() if shutil.which(tool, path=_path()) is None})
    if not KEYRING.is_file():
        missing.append("debian-archive-keyring")
    if missing:
        raise ImageError(
            Text("Il manque des programmes pour construire une image.", "Programs to build an image are missing."),
            do=Text("Installez : apt install {p}", "Install them: apt install {p}").format(p=" ".join(missing)),
        )
    if os.geteuid() != 0:
        raise ImageError(
            Text("Construire une image demande les droits de root.", "Building an image takes root."),
            do=Text("Relancez avec sudo.", "Run it again with sudo."),
        )


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"


def debootstrap(root: Path, suite: str, log: Log) -> None:
    """A minimal Debian in an empty directory. The mirror is mmdebstrap's own choice unless EPREUVE_MIRROR is set."""
    mirror = os.environ.get("EPREUVE_MIRROR")
    argv = [
        *_OWN_SPACE,
        "--mount-proc",
        "mmdebstrap",
        "--variant=minbase",
        "--mode=root",
        "--include=ca-certificates",
        "--aptopt=APT::Install-Recommends false",
        "--dpkgopt=force-unsafe-io",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/share/info/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
        "--dpkgopt=path-include=/usr/share/locale/fr/*",
        "--dpkgopt=path-include=/usr/share/locale/locale.alias",
        "--skip=cleanup/apt/lists",
        suite,
        str(root),
        *([mirror] if mirror else []),
    ]
    log.run(
        argv, step=Text("mmdebstrap", "mmdebstrap"), env={**os.environ, "PATH": _path(), "TMPDIR": str(root.parent)}
    )
    policy = root / "usr/sbin/policy-rc.d"  # packages must not start services while the image is made
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)


def inside(
    root: Path,
    argv: Sequence[str],
    log: Log,
    *,
    step: Text,
    offline: bool = True,
    hooks: Path | None = None,
    hostname: str = "",
) -> None:
    """Run a command in the root file system; offline: with a network of its own that leads nowhere."""
    namespaces = [*_OWN_SPACE, "--uts", "--ipc", *(["--net"] if offline else [])]
    env = {
        "PATH": _path(),
        "EPREUVE_OFFLINE": "1" if offline else "",
        "EPREUVE_HOOKS": str(hooks) if hooks else "",
        "EPREUVE_NAME": hostname,
    }
    log.run([*namespaces, "sh", str(_ENTER), str(root), *argv], step=step, env=env)


def install(root: Path, packages: Sequence[str], debs: Path, log: Log) -> None:
    """Install packages; files once fetched are kept in ``debs`` and used again by later builds."""
    archives = root / "var/cache/apt/archives"
    archives.mkdir(parents=True, exist_ok=True)
    debs.mkdir(parents=True, exist_ok=True)
    for deb in debs.glob("*.deb"):
        _link(deb, archives / deb.name)
    inside(root, [*APT, "update"], log, step=Text("apt update", "apt update"), offline=False)
    step = Text("L’installation des paquets", "Installing the packages")
    keep = ("-o", "APT::Keep-Downloaded-Packages=true")
    inside(root, [*APT, *keep, "install", *packages], log, step=step, offline=False)
    for deb in archives.glob("*.deb"):
        if not (debs / deb.name).exists():
            _link(deb, debs / deb.name)
        deb.unlink()


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except FileExistsError:
        return
    except OSError:
        shutil.copy2(source, target)


def lay_over(files: Path, root: Path) -> None:
    """Copy an overlay: directories 0755, files 0644, scripts (``#!``) 0755, all root's. Modes of the checkout do not
    count, so that the image is the same whatever the umask or the packaging that carried the files."""
    for source in sorted(files.rglob("*")):
        if "__pycache__" in source.parts:
            continue
        target = root / source.relative_to(files)
        if source.is_symlink():
            target.unlink(missing_ok=True)
            target.symlink_to(source.readlink())
        elif source.is_dir():
            if not target.is_dir():
                target.mkdir(mode=0o755)
                target.chmod(0o755)
        else:
            content = source.read_bytes()
            target.unlink(missing_ok=True)
            target.write_bytes(content)
            target.chmod(0o755 if content.startswith(b"#!") else 0o644)


def installed_packages(root: Path) -> dict[str, str]:
    """name → version, from the dpkg database."""
    versions: dict[str, str] = {}
    for stanza in (root / "var/lib/dpkg/status").read_text("utf-8", "replace").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line and line[0] != " ")
        if "Package" in fields and fields.get("Status", "").endswith(" installed"):
            versions[fields["Package"]] = fields["Version"]
    return dict(sorted(versions.items()))
