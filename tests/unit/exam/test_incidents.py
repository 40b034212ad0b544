"""Incidents in the copy of a frozen bench: one at a time, verified as often as asked for, over when the copy is."""

from __future__ import annotations

import pytest

from labs.text import Text
from orchestrator.exam import IncidentState, Refused, commands
from orchestrator.exam.words import sentence
from tests.unit.exam.story import Story, at, french, prepared

JURY = {"candidate": "c01", "who": "durand"}
NO_PROOF = Text("La preuve échoue déjà.", "The proof fails already.")


@pytest.fixture
def story() -> Story:
    """One candidate, frozen at minute 30, with an open copy since minute 35."""
    story = prepared("c01")
    story.do(commands.Start(who="dupont"))
    story.do(commands.Freeze(who="dupont", why="fin"), at(30))
    story.do(commands.BenchFrozen("c01", observation="0" * 64), at(31))
    reopen(story)
    return story


def reopen(story: Story) -> None:
    story.do(commands.OpenCopy(**JURY), at(34))
    story.do(commands.CopyOpened("c01", story["c01"].copies), at(35))


def injected(story: Story, incident: str = "full-disk") -> IncidentState:
    story.do(commands.AskIncident(incident=incident, **JURY), at(40))
    story.do(commands.IncidentInjected("c01", len(story["c01"].incidents), 2.5, 0.5), at(41))
    return story["c01"].incidents[-1]


def test_the_times_of_an_incident_are_kept(story: Story) -> None:
    incident = injected(story)
    assert (incident.asked_at, incident.injected_at, incident.state) == (at(40), at(41), "injected")
    story.do(commands.AskVerification(number=1, **JURY), at(50))
    assert story["c01"].incidents[0].pending == 1
    story.do(commands.IncidentVerified("c01", 1, 1, "unsolved", observation="1" * 64), at(51))
    story.do(commands.AskVerification(number=1, **JURY), at(60))
    story.do(commands.IncidentVerified("c01", 1, 2, "solved", ("ap-name",), observation="2" * 64), at(61))
    looks = story["c01"].incidents[0].verifications
    assert [(one.asked_at, one.done_at, one.outcome, one.harm) for one in looks] == [
        (at(50), at(51), "unsolved", None),
        (at(60), at(61), "solved", ("ap-name",)),
    ]


def test_what_is_told_twice_or_of_another_verification_is_nothing_new(story: Story) -> None:
    injected(story)
    assert story.do(commands.IncidentInjected("c01", 1, 2.5, 0.5), at(42)) == ()
    assert story.do(commands.IncidentFailed("c01", 1, NO_PROOF, touched=False), at(42)) == ()
    assert story.do(commands.IncidentVerified("c01", 1, 1, "solved"), at(42)) == ()
    story.do(commands.AskVerification(number=1, **JURY), at(43))
    assert story.do(commands.IncidentVerified("c01", 1, 2, "solved"), at(44)) == ()
    assert story.do(commands.IncidentVerified("c01", 1, 1, "solved"), at(44)) != ()
    assert story.do(commands.IncidentVerified("c01", 1, 1, "unsolved"), at(44)) == ()
    assert story["c01"].incidents[0].verifications[0].outcome == "solved"


def test_a_copy_is_needed_that_is_open_already(story: Story) -> None:
    story.do(commands.CloseCopy(**JURY), at(36))
    with pytest.raises(Refused, match="copie ouverte"):
        story.do(commands.AskIncident(incident="full-disk", **JURY), at(37))
    story.do(commands.OpenCopy(**JURY), at(38))
    with pytest.raises(Refused) as caught:
        story.do(commands.AskIncident(incident="full-disk", **JURY), at(39))
    assert "jamais touché" in french(caught.value)


def test_one_incident_at_a_time_is_brought_about(story: Story) -> None:
    story.do(commands.AskIncident(incident="full-disk", **JURY), at(40))
    with pytest.raises(Refused, match="en cours d'injection"):
        story.do(commands.AskIncident(incident="stale-dns", **JURY), at(41))
    story.do(commands.IncidentFailed("c01", 1, NO_PROOF, touched=False), at(42))
    assert injected(story, "stale-dns").number == 2


def test_the_same_incident_comes_again_only_once_it_is_solved(story: Story) -> None:
    injected(story)
    with pytest.raises(Refused, match="déjà dans cette copie"):
        story.do(commands.AskIncident(incident="full-disk", **JURY), at(42))
    story.do(commands.AskVerification(number=1, **JURY), at(43))
    story.do(commands.IncidentVerified("c01", 1, 1, "solved", observation="1" * 64), at(44))
    assert injected(story).number == 2


def test_only_what_is_in_the_copy_can_be_verified_and_once_at_a_time(story: Story) -> None:
    with pytest.raises(Refused, match="pas d'incident 1"):
        story.do(commands.AskVerification(number=1, **JURY), at(40))
    injected(story)
    story.do(commands.AskVerification(number=1, **JURY), at(42))
    with pytest.raises(Refused, match="déjà en cours"):
        story.do(commands.AskVerification(number=1, **JURY), at(43))


@pytest.mark.parametrize(
    "end",
    [
        commands.CloseCopy(**JURY),
        commands.CopyEnded("c01", 1, "lost"),
        commands.CopyEnded("c01", 1, "idle"),
        commands.Close(who="dupont"),
    ],
    ids=["closed", "lost", "idle", "session closed"],
)
def test_incidents_end_with_their_copy_and_that_is_recorded(story: Story, end: commands.Command) -> None:
    injected(story)
    story.do(commands.AskVerification(number=1, **JURY), at(42))
    story.do(commands.AskIncident(incident="stale-dns", **JURY), at(43))
    made = story.do(end, at(45))
    assert [event.kind for event in made[:3]] == ["incident-ended", "incident-ended", "copy-closed"]
    assert [(one.state, one.ended_at) for one in story["c01"].incidents] == [("ended", at(45))] * 2
    assert story.do(commands.IncidentVerified("c01", 1, 1, "solved"), at(46)) == ()
    assert story.do(commands.IncidentInjected("c01", 2, 1.0, 1.0), at(46)) == ()


def test_another_copy_begins_without_the_incidents_of_the_first(story: Story) -> None:
    injected(story)
    story.do(commands.CloseCopy(**JURY), at(45))
    reopen(story)
    incident = injected(story)
    assert (incident.number, incident.copy_number) == (2, 2)


def test_the_journal_says_what_happened_in_both_languages(story: Story) -> None:
    injected(story)
    story.do(commands.AskVerification(number=1, **JURY), at(42))
    story.do(commands.IncidentVerified("c01", 1, 1, "solved", ("ap-name",), observation="1" * 64), at(43))
    story.do(commands.AskIncident(incident="add-printer", request=True, **JURY), at(44))
    story.do(commands.IncidentFailed("c01", 2, NO_PROOF, touched=False), at(45))
    told = [
        sentence(event.kind, event.model_dump(mode="json"))
        for event in story.history
        if event.kind.startswith(("incident", "verification"))
    ]
    assert [text.fr for text in told] == [
        "incident 1 (full-disk) : à préparer dans la copie 1",
        "incident 1 (full-disk) : injecté en 2,5 s, constaté 0,5 s après",
        "incident 1 (full-disk) : vérification 1 demandée",
        "incident 1 (full-disk), vérification 1 : résolu, dégâts : ap-name",
        "demande 2 (add-printer) : à préparer dans la copie 1",
        "demande 2 (add-printer), abandon sans rien modifier : La preuve échoue déjà.",
    ]
    assert all(text.en != text.fr for text in told)
