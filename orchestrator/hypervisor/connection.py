"""The connection to libvirt: event loop, reconnection, and libvirt's errors in words that help.

The event loop is registered before the first connection is opened. Callbacks only wake the threads that wait
(:meth:`Connection.wait_until`), who then ask libvirt again; so nothing depends on an event that was missed while
libvirtd restarted.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

import libvirt

from labs.text import Text
from orchestrator.hypervisor.errors import DaemonError, HypervisorError, NoSuchDomain

log = logging.getLogger(__name__)

_RECHECK_S = 1.0
_loop_lock = threading.Lock()
_loop_running = False

_DEAD = {
    libvirt.VIR_ERR_NO_CONNECT,
    libvirt.VIR_ERR_INVALID_CONN,
    libvirt.VIR_ERR_RPC,
    libvirt.VIR_ERR_AUTH_FAILED,
    libvirt.VIR_ERR_AUTH_CANCELLED,
}


def start_event_loop() -> None:
    """Register libvirt's event loop and run it in a daemon thread, once per process."""
    global _loop_running
    with _loop_lock:
        if _loop_running:
            return
        # Errors come as exceptions; libvirt's habit of also printing them would only disturb.
        libvirt.registerErrorHandler(lambda _context, _error: None, None)
        libvirt.virEventRegisterDefaultImpl()
        threading.Thread(target=_run_loop, name="libvirt-events", daemon=True).start()
        _loop_running = True


def _run_loop() -> None:
    while True:
        libvirt.virEventRunDefaultImpl()


class Connection:
    """One connection, opened when first needed and again after libvirtd went away."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self._lock = threading.Lock()
        self._connection: Any = None
        self._changed = threading.Condition()
        self._closed = False
        self._stopped: dict[str, float] = {}
        self._stood: dict[str, float] = {}

    def get(self) -> Any:
        """The live ``virConnect``.

        :raises DaemonError: no libvirtd answers.
        """
        with self._lock:
            if self._closed:
                raise DaemonError(Text("La connexion a été fermée.", "The connection was closed."), where=self.uri)
            if self._connection is not None and not _is_alive(self._connection):
                log.warning("connection to %s lost, opening it again", self.uri)
                self._drop()
            if self._connection is None:
                self._connection = self._open()
            return self._connection

    def close(self) -> None:
        """Let go of it; a later use is an error."""
        with self._lock:
            self._closed = True
            self._drop()

    def wait_until(self, condition: Callable[[], bool], timeout_s: float) -> bool:
        """Wait for a condition that libvirt's events may make true; asked again at least every second."""
        deadline = monotonic() + timeout_s
        with self._changed:
            while not condition():
                left = deadline - monotonic()
                if left <= 0:
                    return False
                self._changed.wait(min(left, _RECHECK_S))
        return True

    def pause(self, seconds: float) -> None:
        """Wait for any event, at most so long."""
        with self._changed:
            self._changed.wait(seconds)

    def last_standstill(self, domain: str) -> float:
        """Seconds between the last time that a machine's processors were stopped and let go on; 0 if never seen."""
        return self._stood.get(domain, 0.0)

    @contextmanager
    def explaining(self, what: Text, where: str = "") -> Iterator[None]:
        """Turn libvirt's errors in this block into ours."""
        try:
            yield
        except libvirt.libvirtError as error:
            raise explain(error, what, where or self.uri) from error

    def _open(self) -> Any:
        start_event_loop()
        try:
            connection = libvirt.open(self.uri)
        except libvirt.libvirtError as error:
            raise DaemonError(
                Text(
                    f"libvirt ne répond pas : {error.get_error_message()}.",
                    f"libvirt does not answer: {error.get_error_message()}.",
                ),
                where=self.uri,
                do=Text(
                    "Vérifiez que libvirtd tourne et que l'adresse est la bonne (« epreuve doctor »).",
                    "Check that libvirtd runs and that the address is right (“epreuve doctor”).",
                ),
            ) from error
        with suppress(libvirt.libvirtError):
            connection.setKeepAlive(5, 3)
        with suppress(libvirt.libvirtError):
            connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self._lifecycle, None)
            connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE, self._wake, None)
            connection.registerCloseCallback(self._wake, None)
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(libvirt.libvirtError):
                self._connection.unregisterCloseCallback()
            with suppress(libvirt.libvirtError):
                self._connection.close()
        self._connection = None

    def _lifecycle(self, _connection: object, domain: Any, event: int, *_rest: object) -> None:
        if event == libvirt.VIR_DOMAIN_EVENT_SUSPENDED:
            self._stopped[domain.name()] = monotonic()
        elif event == libvirt.VIR_DOMAIN_EVENT_RESUMED:
            self._stood[domain.name()] = monotonic() - self._stopped.pop(domain.name(), monotonic())
        self._wake()

    def _wake(self, *_event: object) -> None:
        with self._changed:
            self._changed.notify_all()


def _is_alive(connection: Any) -> bool:
    try:
        return bool(connection.isAlive())
    except libvirt.libvirtError:
        return False


def explain(error: libvirt.libvirtError, what: Text, where: str) -> HypervisorError:
    """One of our errors from one of libvirt's."""
    message = (error.get_error_message() or str(error)).strip().rstrip(".")
    sentence = Text(f"{what.fr} : {message}.", f"{what.en}: {message}.")
    code = error.get_error_code()
    if code in (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_ERR_NO_NETWORK):
        return NoSuchDomain(sentence, where=where, do=Text("Voir « epreuve bench list ».", "See “epreuve bench list”."))
    kind = DaemonError if _is_dead(error) else HypervisorError
    return kind(sentence, where=where, do=_advice(message, kind))


def _is_dead(error: libvirt.libvirtError) -> bool:
    if error.get_error_code() in _DEAD:
        return True
    # A broken socket comes as a plain "internal" or "system" error of the RPC domain.
    return bool(error.get_error_domain() == libvirt.VIR_FROM_RPC)


def _advice(message: str, kind: type[HypervisorError]) -> Text:
    lower = message.lower()
    if "no space left" in lower:
        return Text("Libérez de la place sur le disque des données.", "Free some space on the data disk.")
    if "cannot allocate memory" in lower or "cannot set up guest memory" in lower:
        return Text("Libérez de la mémoire : détruisez des postes.", "Free some memory: destroy benches.")
    if "permission denied" in lower:
        return Text(
            "L'utilisateur de QEMU doit pouvoir traverser le répertoire de données (voir docs/operations.md).",
            "QEMU's user must be able to pass through the data directory (see docs/operations.md).",
        )
    if kind is DaemonError:
        return Text(
            "Vérifiez que libvirtd tourne (« epreuve doctor »), puis recommencez.",
            "Check that libvirtd runs (“epreuve doctor”), then try again.",
        )
    return Text("Voir le journal de la machine dans le répertoire du poste.", "See the machine's log in the bench.")
