"""A format says what its certification says, adds up, and is served by a lab that has its machines."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from labs.formats import Format, FormatError, missing_machines
from labs.model import Lab
from labs.referential import Referential, load_referential, referential_names
from tests.unit.labs.conftest import Workbench

# kind, minutes, machines: as the sheet of RNCP37681 says under « Modalités d'évaluation »
RNCP37681 = {
    "complet": (
        ["BC01", "BC02", "BC03"],
        285,
        [
            ("practical", 180, {"client", "server", "ap"}),
            ("preparation", 15, set()),
            ("jury", 45, {"client", "server", "ap"}),
            ("technical-interview", 30, set()),
            ("final-interview", 15, set()),
        ],
    ),
    "ccp-bc01": (["BC01"], 90, [("preparation", 15, set()), ("jury", 45, set()), ("technical-interview", 30, set())]),
    "ccp-bc02": (
        ["BC02"],
        120,
        [("practical", 60, {"client"}), ("jury", 30, {"client"}), ("technical-interview", 30, set())],
    ),
    "ccp-bc03": (
        ["BC03"],
        120,
        [("practical", 60, {"ap", "server"}), ("jury", 30, {"ap", "server"}), ("technical-interview", 30, set())],
    ),
}


@pytest.mark.parametrize("name", RNCP37681)
def test_the_formats_of_rncp37681_are_those_of_its_sheet(name: str) -> None:
    found = load_referential("rncp37681").format(name)
    phases = [(phase.kind, phase.minutes, set(phase.machines)) for phase in found.phases]
    assert (list(found.blocks), found.total_minutes, phases) == RNCP37681[name]
    assert found.durations == "certification"


def test_rncp37681_has_no_other_format() -> None:
    assert [format_.id for format_ in load_referential("rncp37681").formats] == list(RNCP37681)


@pytest.mark.parametrize("name", [name for name in referential_names() if name != "rncp37681"])
def test_a_certification_without_durations_says_so(name: str) -> None:
    for format_ in load_referential(name).formats:
        assert format_.durations == "by-centre"
        assert format_.total_minutes is None
        assert " ne donne " in format_.source, "the source tells that the text gives none"


@pytest.mark.parametrize("name", referential_names())
def test_extra_time_lengthens_the_candidates_work_and_not_the_jurys_questions(name: str) -> None:
    for format_ in load_referential(name).formats:
        for phase in format_.phases:
            own_work = phase.kind in ("questionnaire", "practical", "written", "preparation")
            assert phase.extra_time is own_work, f"{format_.id}, {phase.id}"
            assert phase.jury or own_work, f"{format_.id}, {phase.id}"


def test_a_lab_serves_a_format_when_it_has_its_machines(bench: Workbench) -> None:
    lab = bench.load().lab
    tai = load_referential("rncp37681")
    assert missing_machines(tai.format("complet"), lab) == ("ap",)
    assert missing_machines(tai.format("ccp-bc02"), lab) == ()
    assert missing_machines(load_referential("tp-00476").format("complet"), lab) == ()


def test_the_machines_of_a_phase_are_those_of_the_lab(bench: Workbench) -> None:
    lab: Lab = bench.load().lab
    complete = load_referential("rncp37681").format("complet")
    assert complete.phase("etape-1").machines_in(lab) == ("server", "client")
    assert complete.phase("entretien-final").machines_in(lab) == ()
    assert load_referential("tp-00476").format("complet").phase("pratique").machines_in(lab) == ("server", "client")


def test_a_centre_sets_the_durations_that_the_certification_leaves_open() -> None:
    open_ = load_referential("rncp40864").format("bloc-bc01")
    own = open_.with_minutes({"application": 240})
    assert [phase.minutes for phase in own.phases] == [240, 60, 30]
    assert own.minutes == 330
    assert open_.phase("application").minutes == 180
    assert open_.with_minutes({}) is open_


@pytest.mark.parametrize(
    ("referential", "name", "minutes", "told"),
    [
        ("rncp37681", "complet", {"etape-1": 90}, "la certification fixe les durées"),
        ("rncp40864", "bloc-bc01", {"aplication": 90}, "vouliez-vous dire « application »"),
        ("rncp40864", "bloc-bc01", {"application": 0}, "0 min ne convient pas"),
        ("rncp40864", "bloc-bc01", {"application": 601}, "601 min ne convient pas"),
    ],
)
def test_durations_that_cannot_be_are_refused(referential: str, name: str, minutes: dict[str, int], told: str) -> None:
    format_ = load_referential(referential).format(name)
    with pytest.raises(FormatError) as caught:
        format_.with_minutes(minutes)
    assert told in str(caught.value)


def test_an_unknown_format_is_a_clear_error() -> None:
    with pytest.raises(FormatError) as caught:
        load_referential("rncp37681").format("complete")
    assert "« complete »" in str(caught.value)
    assert "vouliez-vous dire « complet »" in str(caught.value)


COMPLETE = load_referential("rncp37681").format("complet").model_dump()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"total_minutes": 286}, "les phases font 285 min et non 286"),
        ({"durations": "by-centre"}, "pas de total"),
        ({"blocks": ["BC01", "BC01"]}, "un bloc est donné deux fois"),
        ({"phases": [COMPLETE["phases"][0], COMPLETE["phases"][0]], "total_minutes": 360}, "deux phases"),
        ({"phases": [{**COMPLETE["phases"][0], "machines": ()}], "total_minutes": 180}, "a des machines"),
    ],
)
def test_a_format_that_does_not_add_up_is_refused(change: dict[str, object], told: str) -> None:
    assert Format.model_validate(COMPLETE).minutes == 285
    with pytest.raises(ValidationError, match=told):
        Format.model_validate({**COMPLETE, **change})


@pytest.mark.parametrize(
    ("formats", "told"),
    [
        ([COMPLETE, COMPLETE], "deux formats ont le même nom"),
        ([{**COMPLETE, "blocks": ["BC01", "BC07"]}], "un format évalue un bloc inconnu : BC07"),
    ],
)
def test_formats_fit_their_referential(formats: list[object], told: str) -> None:
    sound = load_referential("rncp37681").model_dump()
    with pytest.raises(ValidationError, match=told):
        Referential.model_validate({**sound, "formats": formats})
