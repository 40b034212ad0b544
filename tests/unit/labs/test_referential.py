"""The referential is the certification's own wording."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from labs.referential import Competency, UnknownReferentialError, load_referential, referential_names

RNCP37681 = {
    "BC01 Assister ou dépanner les utilisateurs": [
        "BC01.C1 Traiter un incident dans un centre de services et assurer le suivi du parc",
        "BC01.C2 Assister à l'utilisation des ressources collaboratives et bureautiques",
        "BC01.C3 Diagnostiquer et résoudre un dysfonctionnement numérique",
    ],
    "BC02 Mettre en service des équipements numériques": [
        "BC02.C1 Installer, déployer et personnaliser un poste utilisateur",
        "BC02.C2 Intervenir sur les composants matériels d'un ordinateur fixe ou mobile",
        "BC02.C3 Contribuer à la sécurité d'un équipement numérique et de ses données",
    ],
    "BC03 Intervenir sur les éléments de l'infrastructure": [
        "BC03.C1 Installer et configurer les équipements et services réseaux",
        "BC03.C2 Intervenir sur un réseau sécurisé",
        "BC03.C3 Intervenir sur un annuaire Active Directory",
    ],
}


def test_rncp37681_is_word_for_word_that_of_its_sheet() -> None:
    found = load_referential("rncp37681")
    assert {
        f"{block.id} {block.title}": [f"{item.id} {item.title}" for item in block.competencies]
        for block in found.blocks
    } == RNCP37681


@pytest.mark.parametrize("name", referential_names())
def test_every_referential_shipped_is_sound(name: str) -> None:
    found = load_referential(name)
    assert found.id == name
    ids = [item.id for block in found.blocks for item in block.competencies]
    assert len(ids) == len(set(ids))
    assert found.source
    for block in found.blocks:
        assert block.source
        for item in block.competencies:
            assert found.block_of(item.id) is block, "a competency's id starts with its block's"
            assert item.id.startswith(f"{block.id}.")
            assert item.source


def test_an_unknown_one_is_a_clear_error() -> None:
    with pytest.raises(UnknownReferentialError, match="rncp0000"):
        load_referential("rncp0000")
    with pytest.raises(KeyError):
        load_referential("rncp37681").block_of("BC09.C1")


COUNTS = {
    "rncp37681": (9, 29),
    "tp-00476": (19, 78),
    "rncp35806": (9, 35),
    "rncp40864": (43, 0),
    "tssi-2002": (31, 0),
}


@pytest.mark.parametrize("name", referential_names())
def test_competencies_and_criteria_are_all_there(name: str) -> None:
    """The counts are those of the texts. Every criterion has its words and where they stand; each stands once."""
    found = load_referential(name)
    criteria = found.criteria()
    assert (len(found.competencies()), len(criteria)) == COUNTS[name]
    assert found.criteria_are
    for competency in found.competencies().values():
        wordings = [item.wording for item in competency.criteria]
        assert len(wordings) == len(set(wordings)), competency.id
        assert bool(wordings) == bool(criteria), f"{competency.id}: all competencies have criteria, or none"
    for item in criteria.values():
        assert item.wording == " ".join(item.wording.split()), item.id
        assert item.source, item.id


def test_the_reac_of_2008_numbers_its_competencies_through() -> None:
    assert [name.partition(".C")[2] for name in load_referential("tp-00476").competencies()] == [
        str(number) for number in range(1, 20)
    ]


def test_criteria_are_numbered_without_a_gap() -> None:
    criterion = {"wording": "Mot", "source": "ici", "seen_by": "person"}
    for wrong in (["BC01.C1.K2"], ["BC01.C1.K1", "BC01.C1.K1"], ["BC01.C2.K1"]):
        with pytest.raises(ValidationError):
            Competency.model_validate(
                {"id": "BC01.C1", "title": "T", "source": "S", "criteria": [criterion | {"id": id_} for id_ in wrong]}
            )
