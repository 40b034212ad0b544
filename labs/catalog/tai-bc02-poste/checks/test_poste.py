"""Plain pytest-testinfra tests of the workstation.

The file is an ordinary one: ``pytest --hosts=ssh://…`` runs it too.
"""

# ruff: noqa: S101 - asserts are what tests are made of

from __future__ import annotations

import re

from testinfra.host import Host

DNS = "192.168.20.1"
NTP = "192.168.20.1"
ACCUEIL = "http://192.168.20.1"
CLE = "/usr/local/share/assistance/assistance.pub"
DOCUMENTS = {
    "planning.txt": "Planning du cabinet, semaine 8",
    "annuaire.txt": "Annuaire des confrères\nDr Kerlan 02 98 00 00 01\nDr Morvan 02 98 00 00 02",
    "Courriers/courrier-1.txt": "Courrier numéro 1",
    "Courriers/courrier-2.txt": "Courrier numéro 2",
    "Courriers/courrier-3.txt": "Courrier numéro 3",
    "Factures/facture-2026-016.txt": "Facture 2026-016",
    "Factures/facture-2026-017.txt": "Facture 2026-017",
}
CONFIDENTIELS = {
    "patients.csv": "numero;nom;prenom\n001;Le Bras;Yvonne\n002;Quéré;Alan\n003;Kervran;Soizic",
    **{f"comptes-rendus/{n}.txt": f"Compte rendu de la patiente ou du patient {n}" for n in ("001", "002", "003")},
}


def contenus(host: Host, dossier: str, attendus: dict[str, str]) -> list[str]:
    """The files that are not there, or that hold something else. One command: each costs a moment on the machine."""
    lus = host.run(
        f"cd {dossier} && for f in {' '.join(attendus)}; do [ -f $f ] && echo == $f && head -c 4096 $f && echo; done"
    ).stdout
    trouves = dict(re.findall(r"(?s)== (\S+)\n(.*?)\n(?=== |\Z)", lus))
    return [
        f"{dossier}/{nom} n’a pas le contenu attendu" if nom in trouves else f"{dossier}/{nom} est introuvable"
        for nom, texte in attendus.items()
        if trouves.get(nom, "").rstrip("\n") != texte
    ]


def etats(host: Host, unite: str) -> tuple[str, str]:
    """Whether a unit runs, and whether it starts with the machine, in systemd's words."""
    dit = host.run(f"systemctl is-active {unite}; systemctl is-enabled {unite}").stdout.split()
    return (dit[0], dit[1]) if len(dit) == 2 else ("unknown", "unknown")


def test_serveur_dns(host: Host) -> None:
    """The name server is the one asked now, and it is written where a restart finds it."""
    lu = host.run("cat /etc/resolv.conf; echo ==; cat /run/systemd/resolve/resolv.conf").stdout
    serveurs, demandes = (set(re.findall(r"(?m)^nameserver\s+(\S+)", texte)) for texte in f"{lu}\n==".split("==")[:2])
    if serveurs <= {"127.0.0.53", "127.0.0.54"}:  # systemd-resolved's own address: those that it asks
        serveurs = demandes
    assert serveurs == {DNS}, f"serveur DNS interrogé : {', '.join(sorted(serveurs)) or 'aucun'}, attendu {DNS}"
    ecrit = host.run(
        "cd /etc; grep -rhsE '^ *DNS *=' systemd/network systemd/resolved.conf systemd/resolved.conf.d; "
        "[ -L resolv.conf ] || grep '^nameserver' resolv.conf"
    ).stdout
    assert DNS in re.split(r"[\s=,]+", ecrit), f"le serveur DNS {DNS} n’est écrit nulle part : perdu au redémarrage"


def test_mot_de_passe_90_jours(host: Host) -> None:
    """The user's password must be changed every 90 days, for her account and not only for those to come."""
    champs = host.run("getent shadow katell").stdout.strip().split(":")
    assert len(champs) == 9, "le compte katell n’existe pas"
    assert champs[4] == "90", f"le mot de passe de katell est valable {champs[4] or 'sans limite de'} jours, attendu 90"


def test_page_dossier_patient(host: Host) -> None:
    """The program answers on the workstation itself, in its new version."""
    lu = host.run("curl -s --noproxy '*' --max-time 5 http://127.0.0.1:8080/version")
    assert lu.rc == 0, "la page http://127.0.0.1:8080/ ne répond pas sur le poste"
    assert lu.stdout.strip() == "3.2", f"la page du logiciel est en version {lu.stdout.strip()[:20]}, attendu 3.2"


def test_mises_a_jour_automatiques(host: Host) -> None:
    """Every day, lists are read and security updates installed, by the timers of apt."""
    reglages = dict(re.findall(r'(?m)^APT::Periodic::([A-Za-z-]+) "([^"]*)";$', host.run("apt-config dump").stdout))
    assert reglages.get("Enable", "1") != "0", "APT::Periodic::Enable vaut 0 : rien n’est fait automatiquement"
    for nom in ("Update-Package-Lists", "Unattended-Upgrade"):
        valeur = reglages.get(nom, "0")
        assert valeur in ("1", "1d", "24h", "always"), f"APT::Periodic::{nom} vaut {valeur}, attendu 1 (chaque jour)"
    assert host.run("dpkg-query -W -f='${db:Status-Status}' unattended-upgrades").stdout == "installed", (
        "le paquet unattended-upgrades n’est plus installé"
    )
    for nom in ("apt-daily.timer", "apt-daily-upgrade.timer"):
        active, activee = etats(host, nom)
        assert active == "active", f"{nom} n’est pas en marche ({active})"
        assert activee == "enabled", f"{nom} ne démarre pas avec le poste ({activee})"


def test_page_d_accueil(host: Host) -> None:
    """The browser opens on the intranet for the user, from a file that she can read."""
    lu = host.run("runuser -u katell -- sh -c 'cat ~katell/.config/netsurf/Choices'")
    pages = re.findall(r"(?m)^homepage_url:(.*)$", lu.stdout)
    assert pages, "le navigateur de katell n’a pas de page d’accueil, ou elle ne peut pas lire ce réglage"
    assert pages[-1].strip().rstrip("/") == ACCUEIL, f"page d’accueil de katell : {pages[-1].strip()}"


def test_fuseau_horaire(host: Host) -> None:
    """The workstation has the time of Paris."""
    lu = host.run("readlink -f /etc/localtime; cmp -s /etc/localtime /usr/share/zoneinfo/Europe/Paris")
    assert lu.rc == 0, f"le fuseau horaire est {lu.stdout.strip().rpartition('zoneinfo/')[2]}, attendu Europe/Paris"


def test_serveur_de_temps(host: Host) -> None:
    """The clock is set by the server asked for, now and after a restart."""
    unite = "systemd-timesyncd.service"
    active, activee = etats(host, unite)
    assert active == "active", f"{unite} n’est pas en marche ({active})"
    assert activee == "enabled", f"{unite} ne démarre pas avec le poste ({activee})"
    lu = host.run("timedatectl show-timesync -p LinkNTPServers -p SystemNTPServers").stdout
    serveurs = set(re.sub(r"(?m)^\w+=", "", lu).split())
    assert serveurs == {NTP}, f"serveur de temps : {', '.join(sorted(serveurs)) or 'aucun'}, attendu {NTP}"


def essai_ssh(host: Host, options: str) -> str:
    """What the server that runs says to somebody who tries to log on from the wire as technicien."""
    adresse = host.run("ip -4 -o address show dev eth0 scope global").stdout.split("inet ")[-1].split("/")[0]
    assert re.fullmatch(r"[0-9.]+", adresse), "le poste n’a pas d’adresse sur eth0"
    dit = host.run(
        "timeout 18 ssh -v -F /dev/null -o BatchMode=yes -o ConnectTimeout=8 -o StrictHostKeyChecking=no "
        f"-o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes {options} technicien@{adresse} true 2>&1"
    ).stdout
    assert "Authentications that can continue" in dit or "Server accepts key" in dit, (
        f"le service SSH ne répond pas à l’adresse {adresse} du poste"
    )
    return str(dit)


def reglage_ssh(host: Host, utilisateur: str) -> dict[str, str]:
    """The settings that the server's files give for a user, as the server itself reads them."""
    lu = host.run(f"sshd -T -C user={utilisateur},host=assistance,addr=192.168.20.250")
    assert lu.rc == 0, "la configuration du service SSH est fausse : il ne redémarrerait pas"
    return dict(ligne.split(" ", 1) for ligne in lu.stdout.splitlines() if " " in ligne)


def test_ssh_accepte_la_cle(host: Host) -> None:
    """The server takes the key of the support service for the technician's account."""
    # With the public half alone the server says whether it would take the key; nobody needs the private one.
    dit = essai_ssh(host, f"-o PreferredAuthentications=publickey -i {CLE}")
    assert "Server accepts key" in dit, "la clé du service d’assistance n’est pas acceptée pour le compte technicien"


def test_ssh_refuse_les_mots_de_passe(host: Host) -> None:
    """No password is asked for, now and after a restart."""
    dit = essai_ssh(host, "-o PreferredAuthentications=none")
    proposees = re.findall(r"Authentications that can continue: (\S+)", dit)[-1].split(",")
    assert proposees == ["publickey"], f"le service SSH accepte aussi : {', '.join(proposees)}"
    reglages = reglage_ssh(host, "technicien")
    for nom in ("passwordauthentication", "kbdinteractiveauthentication"):
        assert reglages.get(nom) == "no", f"après un redémarrage, {nom} vaudrait « yes »"


def test_ssh_refuse_root(host: Host) -> None:
    """The administrator root cannot log on."""
    valeur = reglage_ssh(host, "root").get("permitrootlogin")
    assert valeur == "no", f"PermitRootLogin vaut « {valeur} », attendu « no »"


def test_documents_restaures(host: Host) -> None:
    """The documents of the last backup are there and are the user's."""
    faux = contenus(host, "/home/katell/Documents", DOCUMENTS)
    assert not faux, "; ".join(faux[:4])
    autres = host.run("find /home/katell/Documents ! -user katell").stdout.split("\n")
    assert autres == [""], f"{autres[0]} n’appartient pas à katell"


def test_donnees_confidentielles(host: Host) -> None:
    """The confidential data are in the volume, the user's alone, and nowhere in clear."""
    faux = contenus(host, "/srv/confidentiel", CONFIDENTIELS)
    assert not faux, "; ".join(faux[:4])
    # Only what is on the disk itself: the volume, once mounted, is another file system.
    claires = host.run(
        "find /home /root /srv /tmp /var -xdev '(' -name patients.csv -o -name '00?.txt' ')'"
    ).stdout.split()
    assert not claires, f"une copie en clair est restée : {', '.join(claires[:3])}"
    essai = "cd /srv/confidentiel && for f; do [ -r $f -a -w $f ] || { echo $f; exit 1; }; done"
    peut = host.run(f"runuser -u katell -- sh -c '{essai}' sh {' '.join(CONFIDENTIELS)}")
    assert peut.rc == 0, f"katell ne peut pas lire et modifier /srv/confidentiel/{peut.stdout.strip()[:100]}"
    entre = host.run("runuser -u technicien -- ls /srv/confidentiel")
    assert entre.rc != 0, "un autre compte que celui de katell entre dans /srv/confidentiel"


def test_katell_ecrit_dans_le_dossier_commun(host: Host) -> None:
    """The user can read the common folder and make files in it, which belong to the group."""
    peut = host.run("runuser -u katell -- test -r /srv/commun -a -w /srv/commun -a -x /srv/commun")
    assert peut.rc == 0, "katell n’entre pas dans /srv/commun ou ne peut pas y écrire"
    groupe = host.run("stat -c %G /srv/commun; test -g /srv/commun")
    assert groupe.rc == 0, "ce qui est créé dans /srv/commun n’est pas au groupe du dossier (setgid)"
    assert groupe.stdout.strip() == "secretariat", f"/srv/commun est au groupe {groupe.stdout.strip()[:40]}"


def test_les_autres_n_entrent_pas_dans_le_dossier_commun(host: Host) -> None:
    """An account outside the group neither lists the common folder nor writes in it."""
    for droit in ("r", "w", "x"):
        peut = host.run(f"runuser -u nobody -- test -{droit} /srv/commun")
        assert peut.rc == 1, "un compte hors du secrétariat entre dans /srv/commun"


def test_le_dossier_personnel_de_maiwenn(host: Host) -> None:
    """The home folder exists and belongs to its account, so that a session can be opened."""
    dossier = host.run("getent passwd maiwenn").stdout.strip().split(":")
    assert len(dossier) == 7, "le compte maiwenn n’existe pas"
    vu = host.run("stat -c '%%F %%U' -- %s", dossier[5])
    assert vu.stdout.strip() == "directory maiwenn", f"{dossier[5]} n’existe pas ou n’appartient pas à maiwenn"
