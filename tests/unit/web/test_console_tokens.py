"""What opens a console, and for how long: the token, and the gate that is asked while it is open."""

from __future__ import annotations

from datetime import timedelta

import itsdangerous
import pytest
from itsdangerous import URLSafeTimedSerializer

from orchestrator.exam import commands
from orchestrator.store import accounts, logins
from tests.unit.web.world import NINE, SLUG, SiteWorld
from web.console import tokens
from web.console.gate import may_be_open
from web.console.tokens import Claims, Kind, TokenError, issue, read

SECRET = b"k" * 32
CLAIMS = Claims(kind="candidate", login="0" * 64, session="juin", bench="c01", machine="server")


def test_a_token_says_what_was_put_in() -> None:
    assert read(SECRET, issue(SECRET, CLAIMS)) == CLAIMS


def test_a_token_of_another_installation_opens_nothing() -> None:
    with pytest.raises(TokenError):
        read(SECRET, issue(b"j" * 32, CLAIMS))


def test_a_token_in_which_a_character_was_changed_opens_nothing() -> None:
    token = issue(SECRET, CLAIMS)
    for position in range(len(token)):
        other = "A" if token[position] != "A" else "B"
        forged = token[:position] + other + token[position + 1 :]
        try:
            assert read(SECRET, forged) == CLAIMS  # base64's last character has bits that say nothing
        except TokenError:
            continue


def test_a_token_is_too_old_after_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    token = issue(SECRET, CLAIMS)
    began = itsdangerous.TimestampSigner.get_timestamp
    monkeypatch.setattr(
        itsdangerous.TimestampSigner, "get_timestamp", lambda self: began(self) + tokens.OPENS_FOR_S + 1
    )
    with pytest.raises(TokenError):
        read(SECRET, token)


def test_what_was_signed_for_something_else_opens_nothing() -> None:
    """The same key signs cookies: only this salt and these claims count."""
    for salt in ("epreuve.console", "cookie-session"):
        token = URLSafeTimedSerializer(SECRET, salt=salt).dumps({"login": "x"})
        with pytest.raises(TokenError):
            read(SECRET, token)
    for nonsense in ("", "x", ".", "é" * 50, "a" * 100_000):
        with pytest.raises(TokenError):
            read(SECRET, nonsense)


def begun(world: SiteWorld, slug: str = SLUG) -> None:
    """Everybody's time runs; no machine is needed for that."""
    ready = [commands.BenchReady(candidate=candidate) for candidate in world.exam(slug).candidates]
    world.do(commands.Prepare(who="boss"), *ready, commands.Start(who="boss"), slug=slug)


def claims(world: SiteWorld, actor: str, kind: Kind, *, session: str = SLUG, bench: str = "c01") -> Claims:
    return Claims(kind=kind, login=world.login(actor), session=session, bench=bench, machine="server")


def test_a_candidates_console_is_open_while_their_time_runs(world: SiteWorld) -> None:
    mine = claims(world, "candidate", "candidate")
    assert not may_be_open(world.desk, mine)
    begun(world)
    assert may_be_open(world.desk, mine)
    world.do(commands.Pause(who="boss", why="x", candidate="c01"))
    assert not may_be_open(world.desk, mine)
    world.do(commands.Resume(who="boss", candidate="c01"))
    assert may_be_open(world.desk, mine)
    world.do(commands.FinishEarly(who="boss", candidate="c01"))
    assert not may_be_open(world.desk, mine)


def test_it_closes_at_the_deadline_even_if_no_bell_rang(world: SiteWorld) -> None:
    begun(world)
    mine = claims(world, "candidate", "candidate")
    world.clock.advance(timedelta(minutes=59))
    assert may_be_open(world.desk, mine)
    world.clock.advance(timedelta(minutes=2))
    assert world.exam().candidates["c01"].state == "running", "nobody rang"
    assert not may_be_open(world.desk, mine)


def test_a_candidates_login_opens_no_other_bench_and_no_other_kind(world: SiteWorld) -> None:
    begun(world)
    begun(world, "juillet")
    assert not may_be_open(world.desk, claims(world, "candidate", "candidate", bench="c02"))
    assert not may_be_open(world.desk, claims(world, "candidate", "candidate", session="juillet"))
    assert not may_be_open(world.desk, claims(world, "candidate", "candidate", session="nowhere"))
    assert not may_be_open(world.desk, claims(world, "candidate", "supervisor"))
    assert not may_be_open(world.desk, claims(world, "candidate", "trainer"))
    assert not may_be_open(world.desk, claims(world, "supervisor", "candidate"))


def test_a_console_dies_with_its_login(world: SiteWorld) -> None:
    begun(world)
    for actor, kind in (("candidate", "candidate"), ("supervisor", "supervisor")):
        mine = claims(world, actor, kind)  # type: ignore[arg-type]
        assert may_be_open(world.desk, mine)
        with world.store.write() as tx:
            logins.end(tx, mine.login, NINE)
        assert not may_be_open(world.desk, mine)
    assert not may_be_open(world.desk, CLAIMS.model_copy(update={"login": "f" * 64}))


def test_staff_see_the_benches_of_their_own_sessions_in_their_own_role(world: SiteWorld) -> None:
    begun(world)
    assert may_be_open(world.desk, claims(world, "supervisor", "supervisor"))
    assert not may_be_open(world.desk, claims(world, "supervisor", "supervisor", bench="c99"))
    for actor, kind in (
        ("other_supervisor", "supervisor"),
        ("jury", "supervisor"),
        ("supervisor", "jury"),
        ("supervisor", "trainer"),
        ("trainer", "trainer"),
        ("administrator", "supervisor"),
    ):
        assert not may_be_open(world.desk, claims(world, actor, kind)), (actor, kind)  # type: ignore[arg-type]


def test_a_trainers_console_is_of_their_own_trial(world: SiteWorld) -> None:
    begun(world)
    mine = claims(world, "trainer", "trainer")
    assert not may_be_open(world.desk, mine), "an exam"
    with world.store.write() as tx:
        accounts.entrust(tx, SLUG, "trainer", ["trainer", "jury"])  # what a trial is
    assert may_be_open(world.desk, mine)
    assert not may_be_open(world.desk, claims(world, "jury", "trainer"))
    assert not may_be_open(world.desk, claims(world, "trainer", "trainer", session="essai"))
    world.do(commands.FinishEarly(who="boss", candidate="c01"))
    assert not may_be_open(world.desk, mine)


def test_nobody_types_between_the_bell_and_the_end_of_the_observation(world: SiteWorld) -> None:
    begun(world)
    watching = [claims(world, "supervisor", "supervisor"), claims(world, "jury", "jury")]
    world.do(commands.FinishEarly(who="boss", candidate="c01"))
    assert world.exam().candidates["c01"].state == "ended"
    assert [may_be_open(world.desk, one) for one in watching] == [False, False]


def test_the_jury_has_a_console_of_the_copy_alone(world: SiteWorld) -> None:
    begun(world)
    mine, other = claims(world, "jury", "jury"), claims(world, "other_jury", "jury")
    assert not may_be_open(world.desk, mine), "the candidate is at work"
    world.do(commands.FinishEarly(who="boss", candidate="c01"))
    world.do(commands.BenchFrozen(candidate="c01", observation="0" * 64))
    assert not may_be_open(world.desk, mine), "there is no copy"
    world.do(commands.OpenCopy(who="jury", candidate="c01"))
    assert not may_be_open(world.desk, mine), "it is not ready"
    world.do(commands.CopyOpened(candidate="c01", number=1))
    assert may_be_open(world.desk, mine)
    assert not may_be_open(world.desk, other)
    assert not may_be_open(world.desk, claims(world, "supervisor", "supervisor"))
    world.do(commands.CloseCopy(who="jury", candidate="c01"))
    assert not may_be_open(world.desk, mine)


def test_a_right_that_is_taken_away_closes_the_console(world: SiteWorld) -> None:
    begun(world)
    mine = claims(world, "supervisor", "supervisor")
    assert may_be_open(world.desk, mine)
    with world.store.write() as tx:
        accounts.entrust(tx, SLUG, "supervisor", [])
    assert not may_be_open(world.desk, mine)
    with world.store.write() as tx:
        accounts.entrust(tx, SLUG, "trainer", ["trainer"])
    trainer = claims(world, "trainer", "trainer")
    assert may_be_open(world.desk, trainer)
    with world.store.write() as tx:
        accounts.change(tx, "trainer", disabled_at=NINE)
    assert not may_be_open(world.desk, trainer)
