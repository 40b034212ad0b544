"""The dossier of a whole exam: all that was done and decided is in it, and it needs no excuse to be sealed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import rfc8785

from labs.text import speak
from orchestrator.dossier.agreement import must_agree
from orchestrator.dossier.files import dossier_file
from orchestrator.dossier.manifest import open_dossier
from orchestrator.dossier.rejudge import judge_sealed
from orchestrator.dossier.report import report_html
from orchestrator.dossier.sealing import seal_session
from orchestrator.dossier.source import read_source
from orchestrator.engine import incidents
from orchestrator.exam import events
from orchestrator.sealed.keys import ensure_key, public_keys
from orchestrator.sealed.verify import Sealed, Unsound
from tests.unit.dossier.whole import JURORS, whole_exam
from tests.unit.engine.world import SLUG, World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(incidents, "SEEN_WITHIN_S", 0.05)
        patch.setattr(incidents, "LOOK_AGAIN_S", 0.01)
        made = whole_exam(tmp_path_factory.mktemp("whole"))
    seal_session(made.desk, made.settings, SLUG, who="durand")
    yield made
    made.close()


@pytest.fixture
def sealed(world: World) -> Sealed:
    content = dossier_file(world.settings, SLUG, "c01").read_bytes()
    found = open_dossier(content, public_keys(world.settings.data_dir))
    must_agree(found)
    return found


def test_with_a_signed_decision_no_reason_is_needed(world: World) -> None:
    (last,) = (one for one in world.history() if isinstance(one, events.SessionSealed))
    assert (last.undecided, last.why) == ((), "")
    world.sound()


def test_what_was_done_and_decided_is_in_it_as_data(sealed: Sealed) -> None:
    evidence = json.loads(sealed.files["dossier.json"])
    assert evidence["lacks"] == []
    assert evidence["decision"]["title"] == "granted"
    assert [one["name"] for one in evidence["decision"]["signatures"]] == list(JURORS.values())
    assert evidence["incidents"][0]["state"]["verifications"][-1]["outcome"] == "solved"
    assert evidence["people"].items() >= JURORS.items()
    books = {name: json.loads(sealed.files[f"books/{name}.json"]) for name in ("tickets", "marks", "incidents")}
    assert next(one["what"] for one in books["tickets"]) == "opened"
    assert [one["what"] for one in books["marks"]].count("signed") == 2
    assert [one["what"] for one in books["incidents"]] == ["injected", "verified", "verified"]
    looks = {name for name in sealed.files if name.startswith("incidents/")}
    assert looks >= {"incidents/1-before.json", "incidents/1-look-1.json", "incidents/1-look-2.json"}


@pytest.mark.parametrize(
    "changed", [{"who": list(JURORS)[1]}, {"at": "2026-01-01T00:00:00.000000Z"}, {"digest": "0" * 64}]
)
def test_an_entry_under_another_name_or_moment_is_not_the_journals(sealed: Sealed, changed: dict[str, str]) -> None:
    """Whoever could write into the database before the seal: one juror's mark put under the name of the other."""
    book = json.loads(sealed.files["books/marks.json"])
    assert changed.items().isdisjoint(book[0].items())
    book[0] |= changed
    with pytest.raises(Unsound) as caught:
        must_agree(replace(sealed, files=sealed.files | {"books/marks.json": rfc8785.dumps(book)}))
    assert caught.value.fault.entry == "books/marks.json"


def test_a_judgement_under_another_name_or_a_book_that_is_gone_is_not_the_journals(sealed: Sealed) -> None:
    judgement = json.loads(sealed.files["judgements/1.json"]) | {"who": "durand"}
    gone = {name: content for name, content in sealed.files.items() if name != "books/tickets.json"}
    for name, files in (
        ("judgements/1.json", sealed.files | {"judgements/1.json": rfc8785.dumps(judgement)}),
        ("books/tickets.json", gone),
    ):
        with pytest.raises(Unsound) as caught:
            must_agree(replace(sealed, files=files))
        assert caught.value.fault.entry == name


def test_its_judgements_are_the_same_again(sealed: Sealed) -> None:
    assert [one.same for one in judge_sealed(sealed)] == [True]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Titre accordé", "Claire Bernard", "intranet", "Note de bernard &lt;b&gt;", "Seconde ligne")),
        ("en", ("Title granted", "Claire Bernard", "intranet", "Note de bernard &lt;b&gt;", "Seconde ligne")),
    ],
)
def test_the_report_tells_it_in_words(world: World, language: str, words: tuple[str, ...]) -> None:
    source = read_source(world.desk, world.settings, SLUG)
    speak("en" if language == "en" else "fr")
    try:
        page = report_html(source, source.people["c01"], ensure_key(world.settings.data_dir).public)
    finally:
        speak(None)
    for word in words:
        assert word in page
    assert ensure_key(world.settings.data_dir).public.spelt in page
