"""Plain pytest-testinfra tests, run on the machine that the check names.

The file is an ordinary one: ``pytest --hosts=ssh://…`` runs it too.
"""

# ruff: noqa: S101 - asserts are what tests are made of

from __future__ import annotations

from testinfra.host import Host


def test_l_imprimante_a_un_nom(host: Host) -> None:
    """The workstation finds the printer by its name, with the resolver that every program uses."""
    adresses = host.addr("imprimante.kerbras.lan").ipv4_addresses
    assert "192.168.50.40" in adresses, f"imprimante.kerbras.lan donne {adresses or 'rien'} au lieu de 192.168.50.40"


def test_le_dossier_personnel_de_depannage(host: Host) -> None:
    """The home folder exists and belongs to its account, so that a session can be opened."""
    assert host.user("depannage").exists, "le compte depannage n’existe pas"
    dossier = host.file(host.user("depannage").home)
    assert dossier.is_directory, f"{dossier.path} n’existe pas"
    assert dossier.user == "depannage", f"{dossier.path} appartient à {dossier.user}"


def test_le_serveur_a_son_adresse(host: Host) -> None:
    """The workstation finds the server where it is, by the name that shares and logons use."""
    for nom in ("srv-kerbras.kerbras.lan", "intranet.kerbras.lan"):
        adresses = host.addr(nom).ipv4_addresses
        assert set(adresses) == {"192.168.50.10"}, f"{nom} donne {adresses or 'rien'} au lieu de 192.168.50.10"
