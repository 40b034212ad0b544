"""Errors of the hypervisor side (see ``labs.errors`` for the tree)."""

from __future__ import annotations

from checkers.channel import ChannelError
from labs.errors import EpreuveError


class HypervisorError(EpreuveError):
    """libvirt or QEMU refused, or cannot be reached."""

    code = "hypervisor"
    exit_code = 5


class DaemonError(HypervisorError):
    """No libvirtd can be reached or started."""

    code = "libvirtd"


class NoSuchDomain(HypervisorError):  # noqa: N818 - named as libvirt names it
    """The machine is not there (any more)."""

    code = "no-domain"


class WarmCloneImpossible(HypervisorError):  # noqa: N818 - a reason, handed on as such
    """This machine cannot be started from saved RAM here; it can be booted cold."""

    code = "warm-clone"


class AgentError(ChannelError):
    """The guest agent did not answer, or what it answered makes no sense."""

    code = "agent"
