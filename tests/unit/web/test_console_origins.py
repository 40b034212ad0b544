"""Which pages may open consoles."""

from __future__ import annotations

import pytest

from web.console.origins import Origins

SITE = Origins(frozenset({"https://examen.lycee.example"}), "https", 8443)
USUAL = Origins(frozenset(), "https", 443)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://examen.lycee.example", "10.0.0.5:8444"),
        ("https://10.0.0.5:8443", "10.0.0.5:8444"),
        ("https://SERVEUR:8443", "serveur:8444"),
        ("https://[fd00::5]:8443", "[fd00::5]:8444"),
    ],
)
def test_the_sites_own_pages_may(origin: str, host: str) -> None:
    assert SITE.allow(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://elsewhere.example:8443", "10.0.0.5:8444"),
        ("http://10.0.0.5:8443", "10.0.0.5:8444"),
        ("https://10.0.0.5:9999", "10.0.0.5:8444"),
        ("https://10.0.0.5", "10.0.0.5:8444"),
        ("https://examen.lycee.example:8444", "10.0.0.5:8444"),
        ("null", "10.0.0.5:8444"),
        ("", ""),
        ("https://:8443", ":8444"),
        ("https://[::1:8443", "x"),
        ("https://x:notaport", "x:8444"),
    ],
)
def test_others_may_not(origin: str, host: str) -> None:
    assert not SITE.allow(origin, host)


def test_a_usual_port_is_not_written() -> None:
    assert USUAL.allow("https://serveur", "serveur:444")
    assert not USUAL.allow("http://serveur:443", "serveur:444")
    assert not Origins(frozenset(), "http", None).allow("ftp://serveur", "serveur:444")
