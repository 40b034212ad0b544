"""Which host a bench is on, should be on, and what the others have of it: one look at all hosts for each pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic

from labs.text import Text
from orchestrator.capacity import HOST_RESERVE_MIB
from orchestrator.engine.actual import Actual, Listing
from orchestrator.engine.plan import Whereabouts
from orchestrator.exam import Sitting
from orchestrator.hypervisor.errors import DaemonError, HypervisorError
from orchestrator.hypervisor.hosts import Hosts
from orchestrator.hypervisor.port import ON, DomainState, Hypervisor

GRACE_S = 10.0
"""A host that does not answer for less is not worth a word in the journal: libvirtd was restarted."""
LOOK_LIMIT_S = 2.0
"""How long a pass waits for what a host has, when there are others to look after."""


class Hosting:
    """The hosts as they were found by the last look. Used by the thread of the loop alone."""

    def __init__(self, hosts: Hosts, store: Path) -> None:
        """store: the benches' directory, which all hosts see."""
        self._hosts = hosts
        self._store = store
        self._listings: dict[str, Listing] = {}
        self._asked: dict[str, Future[Listing]] = {}
        several = len(hosts.names) > 1
        self._pool = ThreadPoolExecutor(len(hosts.names), thread_name_prefix="look") if several else None

    def close(self) -> None:
        """No thread stays."""
        if self._pool is not None:
            self._pool.shutdown()

    def look(self) -> bool:
        """Ask every host what it has; True when one that had not answered did."""
        self._hosts.connect()
        before, self._listings = set(self._listings), {}
        up = self._hosts.up()
        asked = {name: self._ask(name, hypervisor) for name, hypervisor in up.items()}
        deadline = monotonic() + LOOK_LIMIT_S
        for name, answer in asked.items():
            try:
                self._listings[name] = answer(max(0.0, deadline - monotonic()))
                self._hosts.answered(name)
            except HypervisorError as error:
                self._hosts.failed(name, error)
        return bool(set(self._listings) - before)

    def _ask(self, name: str, hypervisor: Hypervisor) -> Callable[[float], Listing]:
        """Begin to ask a host; what is given waits so many seconds for the answer."""
        if self._pool is None:
            return lambda _seconds: Listing(hypervisor, self._store)
        before = self._asked.get(name)
        if before is None or before.done():  # what comes too late is old, and not looked at
            before = self._asked[name] = self._pool.submit(Listing, hypervisor, self._store)
            answer = before

            def wait(seconds: float) -> Listing:
                with suppress(TimeoutError):
                    return answer.result(timeout=seconds)
                raise _too_late(name)

            return wait

        def hangs(_seconds: float) -> Listing:
            raise _too_late(name)

        return hangs

    def host_of(self, sitting: Sitting, *, over: bool = False) -> str | None:
        """Where a bench should be, or after the bell, is; None when nobody has said yet. It may be no host's name.

        over: so is its session; then a host that the settings no longer name is gone with all that it had.
        """
        if over and sitting.host not in self._hosts.names:
            return self._hosts.names[0]
        ended = "ended" in (sitting.state, sitting.returns_to)
        if ended and sitting.home is not None and sitting.home not in sitting.given_up:
            return sitting.home
        only = self._hosts.names[0] if len(self._hosts.names) == 1 else None
        return sitting.host or sitting.home or only

    def hosts_of(self, sitting: Sitting) -> list[str]:
        """Where machines of a bench may be running."""
        known = {self.host_of(sitting), sitting.home} - set(sitting.given_up)
        return [name for name in self._hosts.up() if name in known]

    def actual(self, host: str, session: str, name: str) -> Actual:
        """What there is of a bench on a host. Of one that does not answer, what is on the disk."""
        return (self._listings.get(host) or Listing(None, self._store)).bench(session, name)

    def machines(self) -> dict[tuple[str, str], dict[str, DomainState]]:
        """The states of all machines, by bench; of one that two hosts have, that where it is on."""
        found: dict[tuple[str, str], dict[str, DomainState]] = {}
        for listing in self._listings.values():
            for key, machines in listing.machines().items():
                known = found.setdefault(key, {})
                known |= {name: state for name, state in machines.items() if name not in known or state in ON}
        return found

    def found(self, session: str, name: str) -> str | None:
        """A host that has something of a bench; None when none that answers does."""
        return next((host for host, listing in self._listings.items() if listing.has(session, name)), None)

    def whereabouts(
        self, host: str, sitting: Sitting, key: tuple[str, str], *, told: bool, over: bool
    ) -> Whereabouts | None:
        """What the other hosts have to do with a bench; None when a host that has it was silent only just now."""
        home = sitting.home or host
        expected = {host, home} - set(sitting.given_up)
        for name in expected & set(self._hosts.names) if over else expected:
            if name not in self._listings:
                return Whereabouts(silent=True) if self._hosts.silent_s(name) >= GRACE_S else None
        # First it is noted that the bench is elsewhere, then the host that was given up forgets it, then it goes on.
        given_up = () if home in sitting.given_up else sitting.given_up
        back = [self._listings[name] for name in given_up if name in self._listings]
        others = (it for name, it in self._listings.items() if name not in (host, *sitting.given_up))
        return Whereabouts(
            told=told,
            elsewhere=any(listing.has(*key) for listing in others),
            noted=home == host and sitting.moving_since is None,
            given_up=any(not over or listing.has(*key) for listing in back),
        )

    def choose(self, memory_mib: int, waiting: Iterable[str]) -> str:
        """The host with the most room left for such benches. waiting: hosts of those that are not made yet.

        :raises DaemonError: no host answers.
        """
        queue = Counter(waiting)

        def left(name: str) -> float:
            info = self._hosts.get(name).info()
            return (info.free_memory_mib - HOST_RESERVE_MIB) / info.set_aside(memory_mib) - queue[name]

        if not self._listings:
            raise DaemonError(Text("Aucun hôte ne répond.", "No host answers."))
        return max(self._listings, key=left)


def _too_late(name: str) -> HypervisorError:
    return HypervisorError(Text("L'hôte ne répond pas à temps.", "The host does not answer in time."), where=name)
