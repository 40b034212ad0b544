"""Minutes say who was there, from when to when, and what happened: no more and no less than the journal."""

from __future__ import annotations

from datetime import timedelta

from orchestrator.exam import commands
from tests.unit.exam.story import at, prepared, started
from tests.unit.minutes.told import BY, decided, minutes_of, whys


def test_whoever_was_there_has_their_times() -> None:
    story = started("c01", "c02", c02="tiers")
    story.do(commands.FinishEarly("c02", who="c02"), at(100))
    story.do(commands.RingBell(), at(180))
    one, two = minutes_of(story, at(200)).attendance
    assert (one.name, one.number, one.presence, one.ended) == ("Le Goff Anaïs", "0001", "present", "bell")
    assert (one.started_at, one.deadline, one.ended_at) == (at(0), at(180), at(180))
    assert (one.allotted_s, one.extra_s, one.granted) == (3 * 3600, 0, ())
    assert (two.ended, two.ended_at, two.deadline) == ("early", at(100), at(240))
    assert (two.allotted_s, two.extra_s, two.extra_percent) == (4 * 3600, 3600, "tiers")


def test_absent_late_withdrawn_and_not_begun() -> None:
    story = prepared("c01", "c02", "c03")
    story.do(commands.Withdraw("c03", why="dossier incomplet", **BY))
    assert [one.presence for one in minutes_of(story).attendance] == ["expected", "expected", "withdrawn"]
    story.do(commands.MarkAbsent("c02", **BY))
    story.do(commands.Start(**BY))
    assert [one.presence for one in minutes_of(story).attendance] == ["present", "absent", "withdrawn"]
    story.do(commands.Return("c02", **BY), at(12))
    story.do(commands.Start("c02", **BY), at(13))
    late = minutes_of(story).attendance[1]
    assert (late.presence, late.late_s) == ("late", 13 * 60)
    assert whys(minutes_of(story)) == {"désinscrit": "dossier incomplet", "absent": "", "arrivé finalement": ""}


def test_a_room_that_is_started_one_by_one_is_not_late() -> None:
    story = prepared("c01", "c02")
    story.do(commands.Start("c01", **BY))
    story.do(commands.Start("c02", **BY), at(0) + timedelta(seconds=59))
    assert [one.presence for one in minutes_of(story).attendance] == ["present", "present"]


def test_time_granted_and_taken_back_with_its_reasons() -> None:
    story = started("c01", "c02")
    story.do(commands.Extend(None, 600, why="alerte incendie", **BY), at(1))
    story.do(commands.TakeBack("c01", 120, why="compté deux fois", **BY), at(2))
    minutes = minutes_of(story)
    one, two = minutes.attendance
    assert [(more.seconds, more.why, more.who) for more in one.granted] == [
        (600, "alerte incendie", "claire"),
        (-120, "compté deux fois", "claire"),
    ]
    assert (one.allotted_s, two.allotted_s) == (3 * 3600 + 480, 3 * 3600 + 600)
    assert [(one.what.fr, one.candidates) for one in minutes.happenings] == [
        ("temps accordé : 10 min", ("c01", "c02")),  # one deed, one line
        ("temps repris : 2 min", ("c01",)),
    ]


def test_pauses_have_their_length_and_end_with_the_exam() -> None:
    story = started("c01", "c02")
    story.do(commands.Pause("c01", why="écran en panne", **BY), at(5))
    story.do(commands.Pause(None, why="alerte incendie", **BY), at(10))
    story.do(commands.Resume(None, **BY), at(21))
    now = minutes_of(story, at(30))
    assert [(one.what.fr, one.candidates, one.until) for one in now.happenings] == [
        ("pause, pas encore levée", ("c01",), None),
        ("pause de la salle : 11 min", ("c01", "c02"), at(21)),
    ]
    assert [one.paused_s for one in now.attendance] == [25 * 60, 11 * 60]
    story.do(commands.Freeze("c01", why="c01 malade", **BY), at(40))
    after = minutes_of(story, at(50))
    assert after.happenings[0].what.fr == "pause : 35 min"
    assert after.attendance[0].paused_s == 35 * 60
    assert after.attendance[0].ended == "stopped"


def test_resets_moves_and_faults() -> None:
    story = started("c01", "c02")
    story.do(commands.AskReset("c01", "client", why="disque plein", **BY), at(5))
    asked = "réinitialisation 1 demandée : machine Poste de travail, à son départ"
    assert whys(minutes_of(story)) == {f"{asked} ; pas faite": "disque plein"}
    story.do(commands.ResetDone("c01", 1), at(6))
    story.do(commands.Move("c01", seat="B2", why="écran en panne", **BY), at(7))
    story.do(commands.BenchRestored("c02", at(8), lost_s=30, checkpoint="p1", why="server, client"), at(9))
    story.do(commands.HostWasDown(since=at(10)), at(12))
    told = whys(minutes_of(story))
    assert told[f"{asked} ; réinitialisation 1 faite"] == "disque plein"
    assert told["déplacé : place B2"] == "écran en panne"
    assert [one.nature for one in minutes_of(story).happenings].count("fault") == 2
    (missing,) = (why for what, why in told.items() if what.startswith("panne depuis"))
    assert missing == "Serveur srv-kerbras, Poste de travail"
    assert any(what.startswith("hôte à l'arrêt depuis") for what in told)


def test_what_is_as_it_should_be_is_not_told() -> None:
    story = started("c01")
    story.do(commands.CheckpointTaken("c01", "p1", 0.1), at(15))
    story.do(commands.RingBell(), at(180))
    story.do(commands.BenchFrozen("c01", "a" * 64), at(181))
    story.do(commands.Judge("c01", "h", "v", 1, 2, who="epreuve"), at(182))
    assert minutes_of(story).happenings == ()
    story.do(commands.Judge("c01", "h", "v", 1, 2, who="jean", why="barème relu"), at(190))
    assert list(whys(minutes_of(story)).values()) == ["barème relu"]


def test_a_bell_that_rang_late_is_told() -> None:
    story = started("c01")
    story.do(commands.RingBell(), at(180) + timedelta(seconds=30))
    (late,) = minutes_of(story).happenings
    assert "machines arrêtées 30 s après" in late.what.fr


def test_decisions_with_who_signed_them() -> None:
    story = started("c01", "c02")
    (one,) = minutes_of(story, marks={"c01": decided()}).decisions
    assert (one.candidate, one.blocks, one.title) == ("c01", {"BC01": True, "BC02": False, "BC03": True}, "partial")
    assert (one.unsigned, one.is_signed) == (("jean", "sophie"), False)
    (one,) = minutes_of(story, marks={"c01": decided("jean", "sophie")}).decisions
    assert one.is_signed
    assert [signature.name for signature in one.signatures] == ["Jean", "Sophie"]


def test_who_else_gave_orders_is_named() -> None:
    story = started("c01")
    story.do(commands.Pause("c01", why="x", who="root"), at(1))
    assert minutes_of(story).others == ("dupont", "root")


def test_a_lab_that_is_gone_costs_titles_only() -> None:
    whole, minutes = minutes_of(started("c01")), minutes_of(started("c01"), lab=None)
    assert minutes.lab.title == "tai-complet"
    assert (minutes.certification, minutes.blocks, minutes.format) == (whole.certification, whole.blocks, whole.format)
    assert minutes.blocks


def test_a_certification_that_nothing_names_any_more_is_left_out() -> None:
    minutes = minutes_of(started("c01"), lab=None, referential=None)
    assert (minutes.certification, minutes.blocks, minutes.decides_title) == ("", (), False)


def test_it_is_a_draft_until_the_session_is_closed() -> None:
    story = started("c01")
    assert not minutes_of(story).is_final
    story.do(commands.RingBell(), at(180))
    story.do(commands.BenchFrozen("c01", None, why="x"), at(181))
    story.do(commands.Close(**BY), at(190))
    assert minutes_of(story).is_final
    assert minutes_of(story).journal.hash == f"{len(story.history):064x}"
