"""The referential is the certification's own wording."""

from __future__ import annotations

import pytest

from labs.referential import UnknownReferentialError, load_referential, referential_names

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
