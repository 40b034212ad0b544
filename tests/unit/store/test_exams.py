"""Sessions, candidates, benches and checkpoints are read as they were written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from labs.errors import EpreuveError, UsageError
from labs.text import Text
from orchestrator.store import RecordError, Store
from orchestrator.store.benches import (
    Failure,
    add_checkpoint,
    benches,
    checkpoints,
    find_bench,
    mark_removed,
    put_bench,
    record_attempt,
    record_failure,
    record_success,
)
from orchestrator.store.exams import (
    StoredCandidate,
    add_candidates,
    candidates,
    create,
    find_candidate,
    list_sessions,
    load,
    mark_closed,
    save_anchor,
    save_document,
)
from orchestrator.store.examtime import Anchor
from tests.unit.store.sample import KARIM, NADIA, NOON, new_session, with_session


def minute(number: int) -> object:
    return NOON + timedelta(minutes=number)


def failure(number: int) -> Failure:
    error = EpreuveError(Text(f"panne {number}", f"failure {number}"), where="server", do=Text("Attendez.", "Wait."))
    return Failure.of(error, NOON + timedelta(minutes=number))


def test_sessions_are_listed_oldest_first(store: Store) -> None:
    with store.write() as tx:
        create(tx, new_session("b", created_at=NOON + timedelta(days=1)))
        create(tx, new_session("c"))
        create(tx, new_session("a"))
    with store.read() as tx:
        assert [one.slug for one in list_sessions(tx)] == ["a", "c", "b"]


def test_what_is_saved_is_what_is_loaded(store: Store) -> None:
    with_session(store)
    anchor = Anchor("boot-2", 2**62, NOON + timedelta(hours=1), NOON + timedelta(hours=2, microseconds=1))
    with store.write() as tx:
        save_document(tx, "juin", "running", '{"é": 1}')
        save_anchor(tx, "juin", anchor)
        mark_closed(tx, "juin", NOON)
    with store.read() as tx:
        assert load(tx, "juin") == new_session(state="running", document='{"é": 1}', anchor=anchor, closed_at=NOON)


def test_a_second_session_of_the_same_name_is_refused(store: Store) -> None:
    with_session(store)
    with pytest.raises(RecordError) as caught, store.write() as tx:
        create(tx, new_session(state="running"))
    assert "existe déjà" in caught.value.what.fr
    with store.read() as tx:
        assert load(tx, "juin").state == "draft"


@pytest.mark.parametrize("days", [-1, 36501, 10**9])
def test_a_silly_retention_time_is_refused(store: Store, days: int) -> None:
    with pytest.raises(UsageError), store.write() as tx:
        create(tx, new_session(retention_days=days))


def test_only_a_simulated_session_has_another_speed(store: Store) -> None:
    fast = Anchor("boot-1", 0, NOON, NOON, 60)
    with pytest.raises(RecordError), store.write() as tx:
        create(tx, new_session(anchor=fast))
    with store.write() as tx:
        create(tx, new_session(anchor=fast, simulated=True))
        assert load(tx, "juin").anchor.speed == 60


def test_an_unknown_session_is_told_as_such(store: Store) -> None:
    with pytest.raises(RecordError) as caught, store.read() as tx:
        load(tx, "jamais")
    assert caught.value.where == "jamais"
    with pytest.raises(RecordError), store.write() as tx:
        save_document(tx, "jamais", "running", "{}")


def test_candidates_are_read_as_written(store: Store) -> None:
    with_session(store)
    with store.read() as tx:
        assert candidates(tx, "juin") == [NADIA, KARIM]
        assert find_candidate(tx, "juin", "c02") == KARIM
        assert find_candidate(tx, "juin", "c03") is None
        assert candidates(tx, "juillet") == []


@pytest.mark.parametrize(("key", "number"), [("c01", "libre"), ("c03", NADIA.number)])
def test_a_candidate_twice_is_refused_without_naming_anyone(store: Store, key: str, number: str) -> None:
    with_session(store)
    with pytest.raises(RecordError) as caught, store.write() as tx:
        add_candidates(tx, "juin", [StoredCandidate(id=key, surname="Autre", first_name="Une", number=number)])
    assert caught.value.where == f"juin/{key}"
    assert NADIA.number not in str(caught.value)
    assert "Autre" not in f"{caught.value}{caught.value.__cause__}"


def test_the_same_number_may_sit_two_sessions(store: Store) -> None:
    with_session(store)
    with_session(store, "juillet")
    with store.read() as tx:
        assert candidates(tx, "juillet") == candidates(tx, "juin")


def test_the_first_failure_is_kept_until_the_next_row_of_failures(store: Store) -> None:
    with_session(store)
    with store.write() as tx:
        put_bench(tx, "juin", "c01", host="h1", step="place", at=NOON)
        for number in (1, 2):
            record_attempt(tx, "juin", "c01", step="clone", at=NOON)
            record_failure(tx, "juin", "c01", failure(number), next_try_at=NOON + timedelta(hours=number))
        bench = find_bench(tx, "juin", "c01")
        assert bench is not None
        assert (bench.attempts, bench.first_error, bench.last_error) == (2, failure(1), failure(2))
        assert bench.next_try_at == NOON + timedelta(hours=2)
        assert bench.updated_at == failure(2).at

        record_attempt(tx, "juin", "c01", step="clone", at=NOON)
        record_success(tx, "juin", "c01", step="ready", at=minute(9))
        bench = find_bench(tx, "juin", "c01")
        assert bench is not None
        assert (bench.attempts, bench.next_try_at, bench.last_error) == (0, None, None)
        assert bench.first_error == failure(1)  # still shown
        assert (bench.step, bench.updated_at) == ("ready", minute(9))

        record_attempt(tx, "juin", "c01", step="freeze", at=NOON)
        record_failure(tx, "juin", "c01", failure(3), next_try_at=NOON)
        bench = find_bench(tx, "juin", "c01")
        assert bench is not None
        assert (bench.attempts, bench.first_error, bench.last_error) == (1, failure(3), failure(3))


def test_a_bench_that_moves_keeps_what_is_known_of_it(store: Store) -> None:
    with_session(store)
    with store.write() as tx:
        for candidate in ("c02", "c01"):
            put_bench(tx, "juin", candidate, host="h1", step="place", at=NOON)
        record_attempt(tx, "juin", "c01", step="clone", at=NOON)
        put_bench(tx, "juin", "c01", host="h2", step="move", at=NOON)
        assert [(one.candidate, one.host, one.attempts) for one in benches(tx, "juin")] == [
            ("c01", "h2", 1),
            ("c02", "h1", 0),
        ]


def test_a_bench_that_was_never_placed_is_told_as_such(store: Store) -> None:
    with_session(store)
    with store.write() as tx:
        assert find_bench(tx, "juin", "c01") is None
        with pytest.raises(RecordError):
            record_attempt(tx, "juin", "c01", step="clone", at=NOON)
        with pytest.raises(RecordError):
            record_success(tx, "juin", "c01", step="clone", at=NOON)
        with pytest.raises(RecordError):
            record_failure(tx, "juin", "c01", failure(1), next_try_at=NOON)


def test_checkpoints_are_listed_until_they_are_removed(store: Store) -> None:
    with_session(store)

    def take(tx: object, candidate: str, number: int, kind: str = "checkpoint") -> int:
        return add_checkpoint(
            tx,  # type: ignore[arg-type]
            "juin",
            candidate,
            taken_at=NOON + timedelta(minutes=number),
            folder=f"/data/{number}",
            machines=("server", "client"),
            stopped_ms=850,
            kind=kind,  # type: ignore[arg-type]
            why="à intervalle",
            size=3 << 30,
        )

    with store.write() as tx:
        put_bench(tx, "juin", "c01", host="h1", step="ready", at=NOON)
        second, first = take(tx, "c01", 30), take(tx, "c01", 15)
        aside = take(tx, "c01", 40, "kept-aside")
        other = take(tx, "c02", 20)
        assert [one.id for one in checkpoints(tx, "juin")] == [first, other, second, aside]
        (one, _, kept) = checkpoints(tx, "juin", "c01")
        assert (one.machines, one.bytes, one.kind, kept.kind) == (
            ("server", "client"),
            3 << 30,
            "checkpoint",
            "kept-aside",
        )
        bench = find_bench(tx, "juin", "c01")
        assert bench is not None
        assert bench.last_checkpoint_at == minute(15)  # what is kept aside is no checkpoint

        mark_removed(tx, first, NOON)
        mark_removed(tx, first, NOON + timedelta(days=1))
        assert [one.id for one in checkpoints(tx, "juin", "c01")] == [second, aside]
        assert [one.removed_at for one in checkpoints(tx, "juin", "c01", with_removed=True)] == [NOON, None, None]


def test_a_checkpoint_of_an_unknown_kind_is_refused(store: Store) -> None:
    with_session(store)
    with pytest.raises(RecordError), store.write() as tx:
        add_checkpoint(
            tx,
            "juin",
            "c01",
            taken_at=NOON,
            folder="/data/1",
            machines=(),
            stopped_ms=0,
            kind="autre",  # type: ignore[arg-type]
            why="",
            size=0,
        )
