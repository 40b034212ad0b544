"""Finding the machine that a token names, and opening its screen."""

from __future__ import annotations

import socket

from labs.text import Text
from orchestrator.hypervisor import connect
from orchestrator.hypervisor.errors import HypervisorError, NoSuchDomain
from orchestrator.hypervisor.port import Hypervisor, store_id
from orchestrator.settings import Settings
from web.console.tokens import Claims


def open_machine(settings: Settings, claims: Claims, *, simulated: bool) -> socket.socket:
    """The screen of a machine, on whichever host it is on. Raises HypervisorError: it is not there, or off."""
    failed: HypervisorError | None = None
    for host in settings.host_uris:
        try:
            with connect(settings, simulated=simulated, host=host) as hypervisor:
                return hypervisor.open_console(find_domain(hypervisor, settings, claims))
        except HypervisorError as error:
            if failed is None or isinstance(failed, NoSuchDomain):  # that it is off says more than that it is not there
                failed = error
    assert failed is not None  # noqa: S101 - there is a host
    raise failed


def find_domain(hypervisor: Hypervisor, settings: Settings, claims: Claims) -> str:
    """The domain that bears this stamp. Its name would not do: session ``a-b``, bench ``c`` and session ``a``, bench
    ``b-c`` have domains of the same name. Raises NoSuchDomain."""
    wanted = ("bench", store_id(settings.benches_dir), claims.session, claims.bench, claims.machine)
    for view in hypervisor.domains():
        stamp = view.stamp
        if (stamp.role, stamp.store, stamp.session, stamp.bench, stamp.machine) == wanted:
            return view.name
    raise NoSuchDomain(
        Text("Cette machine n'existe pas en ce moment.", "This machine does not exist at the moment."),
        where=claims.machine,
    )
