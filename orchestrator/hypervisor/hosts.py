"""The hosts of an installation, by name: one hypervisor each, some of which may not answer.

A host that does not answer is *down* until it does; connecting to it again is tried in a thread of its own, so that a
dead host keeps nobody waiting. Nothing is concluded from a host's being down: its machines may well run on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from time import monotonic, sleep

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.hypervisor.errors import DaemonError, HypervisorError, NoSuchDomain
from orchestrator.hypervisor.port import Hypervisor

RETRY_S = 2.0
"""Between two tries to connect to a host that is down."""

Connect = Callable[[], AbstractContextManager[Hypervisor]]


@dataclass
class _Host:
    connect: Connect
    open: AbstractContextManager[Hypervisor] | None = None
    hypervisor: Hypervisor | None = None
    trouble: EpreuveError | None = None
    down_since: float = field(default_factory=monotonic)
    tried_at: float = float("-inf")
    trying: Future[None] | None = None


class Hosts:
    """Safe for many threads."""

    def __init__(self, connect: Mapping[str, Connect]) -> None:
        """connect: how to reach each host, in the order in which the settings name them."""
        self._hosts = {name: _Host(how) for name, how in connect.items()}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=max(1, len(connect)), thread_name_prefix="connect")

    @classmethod
    def of(cls, hypervisors: Mapping[str, Hypervisor] | Hypervisor, name: str = "local") -> Hosts:
        """Hosts that are connected already, or one of that name; who connected them closes them."""
        named = hypervisors if isinstance(hypervisors, Mapping) else {name: hypervisors}

        def again(name: str) -> AbstractContextManager[Hypervisor]:
            return nullcontext(named[name])

        hosts = cls({name: partial(again, name) for name in named})
        for name, host in hosts._hosts.items():
            host.open, host.hypervisor = again(name), named[name]
        return hosts

    @property
    def names(self) -> tuple[str, ...]:
        """Every host's name."""
        return tuple(self._hosts)

    def get(self, name: str) -> Hypervisor:
        """The hypervisor of a host.

        :raises DaemonError: it is down, or there is no host of this name.
        """
        host = self._hosts.get(name)
        if host is None:
            known = ", ".join(self._hosts)
            raise DaemonError(
                Text(f"L'hôte « {name} » est inconnu.", f"Host “{name}” is unknown."),
                where=name,
                do=Text(f"Hôtes connus : {known} (réglage hosts).", f"Known hosts: {known} (setting hosts)."),
            )
        with self._lock:
            if host.hypervisor is not None:
                return host.hypervisor
            why = "" if host.trouble is None else str(host.trouble.what)
        raise DaemonError(
            Text(f"L'hôte {name} ne répond pas. {why}", f"Host {name} does not answer. {why}"),
            where=name,
            do=Text(
                "Remettez-le en marche ; la suite se fera d'elle-même.", "Get it going; the rest follows by itself."
            ),
        )

    def up(self) -> dict[str, Hypervisor]:
        """Those that answered last."""
        with self._lock:
            return {name: host.hypervisor for name, host in self._hosts.items() if host.hypervisor is not None}

    def first(self) -> Hypervisor:
        """The first that answers. Raises DaemonError when none does."""
        return next(iter(self.up().values()), None) or self.get(self.names[0])

    def troubles(self) -> dict[str, str]:
        """What is wrong, by name: of every host, empty where nothing is."""
        with self._lock:
            return {name: "" if host.trouble is None else str(host.trouble) for name, host in self._hosts.items()}

    def silent_s(self, name: str) -> float:
        """For how many seconds a host has not answered; 0 when it does, endless when there is none of this name."""
        host = self._hosts.get(name)
        if host is None:
            return float("inf")
        return 0.0 if host.hypervisor is not None and host.trouble is None else monotonic() - host.down_since

    def screenshot(self, domain: str) -> bytes:
        """The screen of a machine, as PNG, on whichever host it is on. Raises HypervisorError when it is on none."""
        failed: HypervisorError = NoSuchDomain(Text("Machine introuvable.", "No such machine."), where=domain)
        for hypervisor in self.up().values():
            try:
                return hypervisor.screenshot(domain)
            except HypervisorError as error:
                failed = error
        raise failed

    # --- coming and going
    def answered(self, name: str) -> None:
        """A host was asked something, and it answered."""
        with self._lock:
            self._hosts[name].trouble = None

    def failed(self, name: str, error: EpreuveError) -> None:
        """A host was asked something, and it did not answer: it is connected to again if the connection is gone."""
        host = self._hosts[name]
        with self._lock:
            if host.trouble is None:
                host.down_since = monotonic()
            host.trouble = error
            gone = host.open if isinstance(error, DaemonError) else None
            if gone is not None:
                host.open = host.hypervisor = None
        if gone is not None:
            self._pool.submit(_leave, gone)

    def connect(self, *, wait_s: float = 0.0) -> None:
        """Begin to connect to every host that is down; wait so long for the outcome. None of them: nothing to do."""
        for host in self._hosts.values():
            idle = host.trying is None or host.trying.done()
            if host.hypervisor is None and idle and monotonic() - host.tried_at >= RETRY_S:
                host.tried_at = monotonic()
                host.trying = self._pool.submit(self._try, host)
        deadline = monotonic() + wait_s
        for host in self._hosts.values():
            if host.trying is not None:
                with suppress(TimeoutError):
                    host.trying.result(timeout=max(0.0, deadline - monotonic()))

    def _try(self, host: _Host) -> None:
        opened = host.connect()
        try:
            hypervisor = opened.__enter__()
        except HypervisorError as error:
            with self._lock:
                host.trouble = error
            return
        with self._lock:
            host.open, host.hypervisor, host.trouble = opened, hypervisor, None

    def wait(self, seconds: float) -> None:
        """Wait until something happens on a host (the first that answers), at most so long."""
        for hypervisor in self.up().values():
            hypervisor.wait(seconds)
            return
        sleep(seconds)

    def close(self) -> None:
        """Let go of all connections; machines keep running."""
        self._pool.shutdown(cancel_futures=True)
        for host in self._hosts.values():
            if host.open is not None:
                _leave(host.open)
                host.open = host.hypervisor = None


def _leave(opened: AbstractContextManager[Hypervisor]) -> None:
    with suppress(EpreuveError):
        opened.__exit__(None, None, None)
