"""Which pages may open consoles: those of the site itself (RFC 6455, 10.2). Browsers say truly where a page is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

_USUAL = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origins:
    """named: whole origins. scheme, site_port: of the site that is served beside the proxy, under whatever name or
    address people reach this host by; None: there is none."""

    named: frozenset[str]
    scheme: Literal["http", "https"]
    site_port: int | None

    def allow(self, origin: str, host: str) -> bool:
        """Whether a page of this origin may open a console at ``host`` (the header: a name, and the proxy's port)."""
        if origin in self.named:
            return True
        try:
            page, here = urlsplit(origin), urlsplit(f"//{host}")
            port = page.port or _USUAL.get(page.scheme)
        except ValueError:
            return False
        return (page.scheme, page.hostname, port) == (self.scheme, here.hostname, self.site_port) and bool(
            page.hostname
        )
