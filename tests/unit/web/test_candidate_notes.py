"""A candidate's notes for the jury: kept as typed, bounded, never lost and never written out of their time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orchestrator.exam import commands
from orchestrator.store.seats import Page
from tests.unit.web.seat import WHO, raw, send, stored, text, write
from tests.unit.web.world import SiteWorld
from web.candidate.notes import LONGEST, version_of


def test_notes_are_saved_as_typed_and_shown_as_text(world: SiteWorld) -> None:
    world.started()
    browser = world.browser("candidate")
    typed = "</textarea><script>alert(1)</script> é €\n🙂 \u202eabc"
    answer = write(browser, typed)
    assert answer.status_code == 200
    assert answer.get_json()["version"] == version_of(typed)
    assert stored(world).notes == typed
    page = text(browser)
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt; é €\n🙂" in page
    assert "<script>alert" not in page


def test_notes_hold_no_control_characters(world: SiteWorld) -> None:
    world.started()
    write(world.browser("candidate"), "a\x00b\x1b[31m\r\nc\rd\te\x85")
    assert stored(world).notes == "ab[31m\nc\nd\te"


def test_notes_never_overwrite_a_text_that_the_page_has_not_seen(world: SiteWorld) -> None:
    world.started()
    browser = world.browser("candidate")
    assert write(browser, "first").status_code == 200
    refused = write(browser, "second", base="")  # from a tab that was opened before
    assert refused.status_code == 409
    assert refused.get_json()["text"] == "first"
    assert stored(world).notes == "first"
    assert write(browser, "first", base="").status_code == 200  # the same text again: a lost answer
    assert write(browser, "second", base="first").status_code == 200


@pytest.mark.parametrize(("length", "status"), [(LONGEST, 200), (LONGEST + 1, 400)])
def test_notes_are_bounded_in_characters(world: SiteWorld, length: int, status: int) -> None:
    world.started()
    assert write(world.browser("candidate"), "🙂" * length).status_code == status


def test_notes_are_kept_by_the_bell_and_read_only_then(world: SiteWorld) -> None:
    world.started()
    browser = world.browser("candidate")
    world.clock.advance(timedelta(minutes=59, seconds=59))
    assert write(browser, "kept").status_code == 200
    world.clock.advance(timedelta(seconds=1))
    answer = write(browser, "too late", base="kept")
    assert answer.status_code == 409
    assert "terminé" in answer.get_json()["message"]
    world.passes()
    assert write(browser, "too late", base="kept").status_code == 409
    assert stored(world).notes == "kept"


def test_nothing_is_written_in_a_pause_or_before_the_start(world: SiteWorld) -> None:
    browser = world.browser("candidate")
    assert write(browser, "early").status_code == 409
    world.started()
    world.do(commands.Pause(candidate="c01", **WHO))
    assert write(browser, "paused").status_code == 409
    assert send(browser, "taches", task="names", done=True).status_code == 409
    assert stored(world) == Page()


@pytest.mark.parametrize("body", [
    b"", b"[]", b"null", b"{", b'{"text": 1, "base": ""}', b'{"text": "x"}',
    b'{"text": "x", "base": "' + b"a" * 99 + b'"}',
    b'{"text": "x", "base": "", "candidate": "c02"}',
    b'{"text": "\\ud800", "base": ""}',
    b'{"text": "\xff", "base": ""}',
    b'{"text": ' + b"[" * 5000 + b"}",
    b'{"text": {"$gt": ""}, "base": ""}',
])  # fmt: skip
def test_what_is_not_what_the_page_sends_is_refused(world: SiteWorld, body: bytes) -> None:
    world.started()
    browser = world.browser("candidate")
    answer = raw(browser, "notes", body)
    assert answer.status_code == 400
    assert stored(world) == Page()


def test_a_huge_body_is_not_read(world: SiteWorld) -> None:
    world.started()
    assert write(world.browser("candidate"), "x" * (300 << 10)).status_code == 413
