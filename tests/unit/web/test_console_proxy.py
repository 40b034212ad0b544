"""The console proxy, the real process on loopback: who gets in, what they see, and when it ends."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import websocket

from orchestrator.exam import commands
from orchestrator.store import logins
from tests.console_proxy import ORIGIN, PATIENCE_S, Connection, Proxy, proxy, reachable
from tests.rfb import Console, changed_width
from tests.unit.web.world import NINE, SLUG, SiteWorld, at_work
from web.console.handler import CODES
from web.console.proxy import ConsoleServer
from web.console.relay import End
from web.console.tokens import Claims, Kind, issue
from web.secret import load_secret


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteWorld]:
    with at_work(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module")
def consoles(world: SiteWorld) -> Iterator[Proxy]:
    with proxy(world.settings) as running:
        yield running


def token(world: SiteWorld, actor: str = "candidate", kind: Kind = "candidate", **other: str) -> str:
    login = other.pop("login", None) or world.login(actor)
    named = {"session": SLUG, "bench": "c01", "machine": "server", **other}
    return issue(load_secret(world.settings), Claims(kind=kind, login=login, **named))


def refused(consoles: Proxy, token_: str, **options: object) -> int:
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        consoles.connect(token_, **options)  # type: ignore[arg-type]
    return int(caught.value.status_code)


def screen(connection: Connection) -> Console:
    return Console(connection)  # type: ignore[arg-type]


def test_what_is_typed_shows_and_is_there_at_the_next_connection(world: SiteWorld, consoles: Proxy) -> None:
    with screen(consoles.connect(token(world))) as console:
        assert console.takes_scan_codes
        before = console.picture()
        console.type_scan_codes([0x10, 0x12, 0x13])
        console.await_picture(lambda now: changed_width(before, now) > 20)
    with screen(consoles.connect(token(world, "supervisor", "supervisor"))) as again:
        assert changed_width(before, again.picture()) > 20


def test_tokens_that_are_none_are_refused(world: SiteWorld, consoles: Proxy) -> None:
    good = token(world)
    forged = issue(b"k" * 32, Claims(kind="candidate", login="0" * 64, session=SLUG, bench="c01", machine="server"))
    assert [refused(consoles, bad) for bad in ("", "nonsense", good[:-3], forged)] == [403] * 4


def test_pages_of_other_origins_are_refused(world: SiteWorld, consoles: Proxy) -> None:
    for origin in ("http://elsewhere.example", "null", ORIGIN + ".example", None):
        assert refused(consoles, token(world), origin=origin) == 403


def test_only_binary_is_spoken_and_only_to_websockets(world: SiteWorld, consoles: Proxy) -> None:
    assert refused(consoles, token(world), protocols=["base64"]) == 400
    assert refused(consoles, token(world), protocols=[]) == 400
    talk = subprocess.run(
        [
            "curl",
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            consoles.address.replace("ws:", "http:") + "/etc/passwd",
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert talk.stdout == "405"


@pytest.mark.parametrize(
    ("actor", "kind", "other"),
    [
        ("candidate", "candidate", {"bench": "c02"}),
        ("candidate", "candidate", {"session": "juillet"}),
        ("candidate", "supervisor", {}),
        ("other_candidate", "candidate", {}),
        ("other_supervisor", "supervisor", {}),
        ("jury", "supervisor", {}),
    ],
)
def test_a_signed_token_opens_only_what_its_login_may_see(
    world: SiteWorld, consoles: Proxy, actor: str, kind: Kind, other: dict[str, str]
) -> None:
    """As if the site had issued one that it should not have: the gate is asked all the same."""
    assert consoles.connect(token(world, actor, kind, **other)).close_code() == CODES[End.FORBIDDEN]


def test_a_machine_that_is_not_there_says_so(world: SiteWorld, consoles: Proxy) -> None:
    assert consoles.connect(token(world, machine="nas")).close_code() == CODES[End.OFF]


def test_a_pause_closes_the_candidates_console_and_not_the_supervisors(world: SiteWorld, consoles: Proxy) -> None:
    mine, theirs = consoles.connect(token(world)), consoles.connect(token(world, "supervisor", "supervisor"))
    with screen(theirs) as watching:
        screen(mine)
        world.do(commands.Pause(who="boss", why="incendie", candidate="c01"))
        assert mine.close_code() == CODES[End.FORBIDDEN]
        assert consoles.connect(token(world)).close_code() == CODES[End.FORBIDDEN]
        assert watching.picture().size == watching.size
    world.do(commands.Resume(who="boss", candidate="c01"))
    with screen(consoles.connect(token(world))) as again:
        assert again.picture().size == again.size


def test_signing_out_closes_it(world: SiteWorld, consoles: Proxy) -> None:
    login = world.login("candidate")
    mine = consoles.connect(token(world, login=login))
    screen(mine)
    with world.store.write() as tx:
        logins.end(tx, login, NINE)
    assert mine.close_code() == CODES[End.FORBIDDEN]


def test_a_message_without_end_is_not_kept_in_memory(world: SiteWorld, consoles: Proxy) -> None:
    mine = consoles.connect(token(world))
    screen(mine)
    with pytest.raises((OSError, websocket.WebSocketException)):  # noqa: PT012 - which of them fails is the kernel's
        mine.websocket.sock.sendall(b"\x82\xff" + (1 << 40).to_bytes(8, "big") + b"mask")
        while True:
            mine.websocket.sock.sendall(b"x" * 65536)


def test_connections_are_counted(world: SiteWorld) -> None:
    with proxy(world.settings, per_login=2, per_address=3) as few:
        login = world.login("candidate")
        first, _second = few.connect(token(world, login=login)), few.connect(token(world, login=login))
        assert refused(few, token(world, login=login)) == 429
        # the refused one may still be there
        third = _await_place(few, lambda: token(world, "supervisor", "supervisor"))
        with pytest.raises((OSError, websocket.WebSocketException)):
            few.connect(token(world, "jury", "jury"))
        third.close()
        first.close()
        _await_place(few, lambda: token(world, login=login))


def _await_place(few: Proxy, new_token: Callable[[], str]) -> Connection:
    """A slot is free again once the process that held it has ended. new_token: one opens for half a minute only."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            return few.connect(new_token())
        except (OSError, websocket.WebSocketException):
            time.sleep(0.05)  # between two looks: each attempt is a process that takes a place of its own for a moment
    pytest.fail("the slots were not given back")


def test_consoles_end_with_the_proxy_even_when_it_is_killed(world: SiteWorld) -> None:
    with proxy(world.settings) as killed:
        mine = killed.connect(token(world))
        screen(mine)
        killed.process.kill()
        assert mine.close_code() == CODES[End.FORBIDDEN]
        assert any(not reachable(killed.address) for _ in range(100_000)), "another one can take its place"


def test_the_log_holds_neither_names_nor_tokens(world: SiteWorld) -> None:
    used = token(world)
    with proxy(world.settings) as logged:
        with screen(logged.connect(used)):
            pass
        refused(logged, "a.forged.token")
        _await_line(logged, "refused: token")
        _await_line(logged, "closed: left")
    log = "".join(logged.log)
    assert f"{SLUG}/c01/server: opened: candidate" in log
    for private in (used, used[:40], "forged", "Le Goff", "Anaïs", "127.0.0.1 -"):
        assert private not in log
    assert "Traceback" not in log


def _await_line(logged: Proxy, words: str) -> None:
    for _ in range(10_000):
        if any(words in line for line in logged.log):
            return
        reachable(logged.address)
    pytest.fail(f"{words!r} never came: {logged.log}")


def test_over_tls_and_not_without(world: SiteWorld, tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            *["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"],
            "-keyout",
            key,
            "-out",
            cert,
        ],
        check=True,
        capture_output=True,
    )
    with proxy(world.settings, tls=(cert, key)) as safe:
        assert safe.address.startswith("wss:")
        with screen(safe.connect(token(world))) as console:
            before = console.picture()
            console.type_scan_codes([0x10] * 20)
            console.await_picture(lambda now: changed_width(before, now) > 100)
        plain = Proxy(safe.address.replace("wss:", "ws:"), safe.process, safe.log)
        with pytest.raises((OSError, websocket.WebSocketException)):
            plain.connect(token(world))


def test_a_port_that_is_taken_is_told_in_a_sentence(world: SiteWorld, consoles: Proxy) -> None:
    from web.console.proxy import ProxyError, run

    port = int(consoles.address.rpartition(":")[2])
    with pytest.raises(ProxyError) as caught:
        run(world.settings, simulated=True, host="127.0.0.1", port=port, tls=None, allowed_origins=[ORIGIN])
    assert str(port) in str(caught.value)


def test_a_proxy_ends_when_told_even_if_the_exception_of_the_signal_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    server = object.__new__(ConsoleServer)
    monkeypatch.setattr(server, "terminating", False, raising=False)
    server.poll()  # goes on
    with pytest.raises(ConsoleServer.Terminate):
        server.do_SIGTERM(15, None)  # dropped somewhere
    with pytest.raises(ConsoleServer.Terminate):
        server.poll()
