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


def test_le_navigateur_s_ouvre_sur_l_intranet(host: Host) -> None:
    """The browser of the session that is used today opens the intranet."""
    _accueil(host, "/home/technicien/.config/netsurf/Choices")


def test_celui_des_nouveaux_comptes_aussi(host: Host) -> None:
    """What every account to come gets does, too."""
    _accueil(host, "/etc/skel/.config/netsurf/Choices")


def _accueil(host: Host, choix: str) -> None:
    """Of several lines the browser goes by the last."""
    lignes = host.run("grep '^homepage_url:' %s", choix).stdout.split()
    assert lignes, f"{choix} n’a pas de page d’accueil"
    page = lignes[-1].removeprefix("homepage_url:").rstrip("/")
    assert page == "http://intranet.kerbras.lan", f"la page d’accueil de {choix} est {page or 'vide'}"
