"""The site's own process: gunicorn over the application. ``epreuve serve`` starts it; what to serve is in its argv."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from orchestrator.settings import Settings, load_settings
from orchestrator.store import open_store
from web.app import create_app
from web.health.metrics import forget_worker

_MEMORY = Path("/dev/shm")  # noqa: S108


@dataclass(frozen=True)
class Serving:
    """What is served, and where. cert, key: of TLS; None: none."""

    host: str
    port: int
    console_port: int | None
    workers: int = 2
    threads: int = 48
    cert: str | None = None
    key: str | None = None
    simulated: bool = False

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        return "http" if self.cert is None else "https"

    def settings(self) -> Settings:
        """The settings in force, of what is simulated when it is."""
        loaded = load_settings()
        return loaded.simulated() if self.simulated else loaded

    def as_arguments(self) -> dict[str, Any]:
        """As JSON values, for the processes that are started."""
        return asdict(self)


def application(serving: Serving) -> Flask:
    """The application as a worker serves it, with a store of its own."""
    settings = serving.settings()
    return create_app(
        settings,
        open_store(settings.database),
        simulated=serving.simulated,
        console_port=serving.console_port,
        secure=serving.cert is not None,
    )


class _Server(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn is told. Threads: each stream of a wall holds one for as long as it is open."""
        serving = self._serving
        host = f"[{serving.host}]" if ":" in serving.host else serving.host
        options = {
            "bind": f"{host}:{serving.port}",
            "worker_class": "gthread",
            "workers": serving.workers,
            "threads": serving.threads,
            "timeout": 60,
            "graceful_timeout": 3,
            "keepalive": 15,
            "worker_tmp_dir": str(_MEMORY)
            if _MEMORY.is_dir()
            else None,  # a slow disk must not look like a dead worker
            "certfile": serving.cert,
            "keyfile": serving.key,
            "proc_name": "epreuve-site",
            "loglevel": "warning",  # no access log: addresses may hold one-time secrets
            "control_socket_disable": True,
            "child_exit": lambda _server, worker: forget_worker(worker.pid),
        }
        for name, value in options.items():
            if value is not None:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """In each worker."""
        return application(self._serving)


def run(serving: Serving) -> None:
    """Serve until told to stop."""
    _Server(serving).run()


if __name__ == "__main__":
    import json
    import sys

    run(Serving(**json.loads(sys.argv[1])))
