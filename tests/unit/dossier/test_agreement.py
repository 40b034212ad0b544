"""A dossier that was sealed with files that are not those of its journal contradicts itself, whoever sealed it."""

from __future__ import annotations

import pytest

from orchestrator.dossier.agreement import must_agree
from orchestrator.dossier.manifest import open_dossier
from orchestrator.sealed.verify import Unsound
from tests.unit.dossier.samples import FILES, KEY, dossier, observation


def fault(changed: dict[str, bytes], candidate: str = "c01") -> str:
    found = open_dossier(dossier(candidate, changed), [KEY.public])
    with pytest.raises(Unsound) as caught:
        must_agree(found)
    return caught.value.fault.entry


def test_what_was_found_is_what_is_sealed() -> None:
    for candidate in ("c01", "c02"):
        must_agree(open_dossier(dossier(candidate), [KEY.public]))


def test_another_observation_is_found() -> None:
    assert fault({"observation.json": observation("c02")}) == "observation.json"


def test_another_candidates_extract_is_found() -> None:
    assert fault({"journal.jsonl": FILES["journal.jsonl"]}, "c02") == "journal.jsonl"


def test_a_truncated_journal_is_found() -> None:
    lines = FILES["journal.jsonl"].splitlines(keepends=True)
    assert fault({"journal.jsonl": b"".join(lines[:-1])}) == "journal.jsonl"
    assert fault({"journal.jsonl": b"".join(lines[:20] + lines[21:])}) == "journal.jsonl"
    assert fault({"journal.jsonl": b""}) == "journal.jsonl"


UNTRUE_BOOKS = [b"[{}]", b"[] ", b"{", b"null", b'[{"digest":"","document":{},"number":1,"what":"mark"}]']


@pytest.mark.parametrize("content", UNTRUE_BOOKS)
def test_books_that_the_journal_does_not_know_are_found(content: bytes) -> None:
    assert fault({"books/marks.json": content})


def test_a_judgement_or_an_incident_that_never_was_is_found() -> None:
    assert fault({"judgements/1.json": b"{}"}) == "judgements/1.json"
    assert fault({"incidents/1-before.json": b"{}"}) == "incidents/1-before.json"
