"""A made-up but plausible session: 18 tasks, 45 checks, all outcomes.

``PYTHONPATH=. python tests/unit/report/sample.py DIR [--simulated] [--en]`` writes it.
Only the shapes matter here: the real lab, its probes and its checks have tests of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from checkers.facts import Fact, Observation, Raw
from checkers.judge import LINKS_KEY
from checkers.report import Candidate, CandidateReport, Moment, candidate_report, session_report, write_session
from checkers.verdict import Outcome, Verdict, points_for
from labs.model import CheckSpec, Lab, Machine, Network, Nic, Task
from labs.text import Text

START = datetime(2025, 11, 21, 12, 2, 11, tzinfo=UTC)
COMPETENCIES = {
    "rncp37681": "Titre professionnel Technicien d'assistance en informatique",
    "BC02": "Mettre en service des équipements numériques",
    "BC02.C1": "Installer, déployer et personnaliser un poste utilisateur",
    "BC02.C3": "Contribuer à la sécurité d'un équipement numérique et de ses données",
    "BC03": "Intervenir sur les éléments de l'infrastructure",
    "BC03.C1": "Installer et configurer les équipements et services réseaux",
    "BC03.C2": "Intervenir sur un réseau sécurisé",
    "BC03.C3": "Intervenir sur un annuaire Active Directory",
}
TASKS: tuple[tuple[str, str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "nommer-poste",
        "Nommer et adresser le poste neuf",
        "BC02.C1",
        (
            ("nom-poste", "Nom du poste", "client/host-name"),
            ("adresse-poste", "Adresse obtenue par DHCP", "client/addresses"),
            ("compte-local", "Compte local de dépannage", "client/local-users"),
        ),
    ),
    (
        "dhcp",
        "Configurer le service DHCP",
        "BC03.C1",
        (
            ("etendue", "Étendue d'adresses", "server/dhcp-config"),
            ("exclusion", "Plage exclue", "server/dhcp-config"),
            ("options", "Passerelle, DNS et domaine", "server/dhcp-config"),
            ("bail", "Durée du bail", "server/dhcp-config"),
            ("reservation", "Réservation du poste neuf", "server/dhcp-config"),
            ("bail-obtenu", "Un bail est vraiment obtenu sur le réseau", "wire:lan/dhcp-offer"),
        ),
    ),
    (
        "dns",
        "Compléter la zone DNS",
        "BC03.C1",
        (
            ("zone-a", "Enregistrement A de l'intranet", "server/dns-records"),
            ("zone-ptr", "Enregistrement PTR de l'intranet", "server/dns-records"),
            ("zone-cname", "Alias « www »", "server/dns-records"),
            ("redirecteur", "Redirecteur", "server/dns-forwarder"),
            ("nom-resolu", "Le nom est vraiment résolu sur le réseau", "wire:lan/dns-answer"),
        ),
    ),
    (
        "unites",
        "Créer les unités d'organisation",
        "BC03.C3",
        (
            ("ou-ateliers", "Unité « Ateliers »", "server/ad-objects"),
            ("ou-bureaux", "Unité « Bureaux »", "server/ad-objects"),
        ),
    ),
    (
        "comptes",
        "Créer les comptes des nouveaux",
        "BC03.C3",
        (
            ("compte-lena", "Compte de Léna Guivarc'h", "server/ad-objects"),
            ("compte-yann", "Compte de Yann Tréguier", "server/ad-objects"),
            ("compte-parti", "Compte de l'ancien salarié désactivé", "server/ad-objects"),
        ),
    ),
    (
        "groupes",
        "Créer les groupes et leurs membres",
        "BC03.C3",
        (
            ("gg-compta", "Groupe GG-Compta", "server/ad-objects"),
            ("gg-atelier", "Groupe GG-Atelier", "server/ad-objects"),
        ),
    ),
    (
        "mots-de-passe",
        "Appliquer la politique de mots de passe",
        "BC02.C3",
        (
            ("politique", "Longueur, historique et complexité", "server/ad-policy"),
            ("verrouillage", "Verrouillage après cinq essais", "server/ad-policy"),
        ),
    ),
    (
        "domaine",
        "Joindre le poste au domaine",
        "BC03.C3",
        (
            ("canal-securise", "Le poste est membre du domaine", "client/domain-member"),
            ("objet-poste", "L'objet ordinateur est dans la bonne unité", "server/ad-objects"),
        ),
    ),
    (
        "gpo",
        "Créer la stratégie de bannière",
        "BC03.C3",
        (
            ("gpo-liee", "La stratégie est liée à l'unité", "server/gpo"),
            ("gpo-reglage", "Elle contient le réglage", "server/gpo"),
            ("gpo-appliquee", "Elle est appliquée sur le poste", "client/gpo-applied"),
        ),
    ),
    (
        "partage",
        "Partager le dossier de la comptabilité",
        "BC02.C3",
        (
            ("partage-existe", "Le partage existe", "server/shares"),
            ("partage-droits", "Droits sur le dossier", "server/share-acl"),
            ("partage-acces", "La comptabilité écrit, les autres sont refusés", "wire:lan/share-access"),
        ),
    ),
    (
        "imprimante",
        "Installer l'imprimante du bureau",
        "BC02.C1",
        (("imprimante-defaut", "Imprimante par défaut", "client/printers"),),
    ),
    (
        "sauvegarde",
        "Planifier la sauvegarde",
        "BC02.C3",
        (("tache-planifiee", "Sauvegarde tous les soirs à 22 h 30", "server/jobs"),),
    ),
    (
        "vpn",
        "Monter le tunnel VPN du poste",
        "BC03.C2",
        (
            ("vpn-serveur", "Serveur WireGuard", "server/wireguard"),
            ("vpn-poste", "Poste WireGuard", "client/wireguard"),
            ("vpn-tunnel", "Le tunnel transporte vraiment", "wire:internet/vpn-traffic"),
        ),
    ),
    (
        "pare-feu",
        "Filtrer le serveur",
        "BC03.C2",
        (
            ("politique-entree", "Refus par défaut en entrée", "server/firewall"),
            ("ports-ouverts", "Ports vraiment ouverts et fermés", "wire:internet/ports"),
        ),
    ),
    (
        "wifi",
        "Configurer le Wi-Fi de l'atelier",
        "BC03.C2",
        (
            ("wifi-ssid", "SSID, bande et canal", "ap/wifi-config"),
            ("wifi-cle", "WPA2/WPA3 et clé", "ap/wifi-config"),
            ("wifi-associe", "Une station s'associe et obtient une adresse", "radio:ap/wifi-station"),
        ),
    ),
    (
        "wifi-invites",
        "Isoler les invités",
        "BC03.C2",
        (("isolation", "Deux stations ne se voient pas", "radio:ap/wifi-isolation"),),
    ),
    (
        "point-acces",
        "Sécuriser le point d'accès",
        "BC02.C3",
        (
            ("admin-ap", "Mot de passe d'administration changé", "ap/admin"),
            ("adresse-ap", "Adresse du point d'accès", "ap/addresses"),
        ),
    ),
    (
        "services",
        "Mettre les services en route",
        "BC03.C1",
        (("dhcp-demarre", "Le service DHCP démarre avec la machine", "server/services"),),
    ),
)
QUESTIONS = {
    "host-name": Text("nom d'hôte, configuré et en cours", "host name, configured and running"),
    "addresses": Text("adresses et routes des cartes réseau", "addresses and routes of the network cards"),
    "local-users": Text("comptes locaux et leurs groupes", "local accounts and their groups"),
    "dhcp-config": Text("configuration active du serveur DHCP", "running configuration of the DHCP server"),
    "dhcp-offer": Text("bail obtenu par une machine neuve", "lease that a new machine obtains"),
    "dns-records": Text("enregistrements de la zone", "records of the zone"),
    "dns-forwarder": Text("redirecteurs du serveur DNS", "forwarders of the DNS server"),
    "dns-answer": Text("réponse du serveur DNS à une machine du réseau", "answer of the DNS server to a machine"),
    "ad-objects": Text("objets de l'annuaire", "objects of the directory"),
    "ad-policy": Text("politique de mots de passe du domaine", "password policy of the domain"),
    "domain-member": Text("appartenance au domaine et canal sécurisé", "domain membership and secure channel"),
    "gpo": Text("stratégies de groupe et leurs liens", "group policies and their links"),
    "gpo-applied": Text("stratégies appliquées sur le poste", "policies applied on the client"),
    "shares": Text("partages de fichiers", "file shares"),
    "share-acl": Text("droits sur le dossier partagé", "rights on the shared folder"),
    "share-access": Text("accès au partage depuis le réseau", "access to the share from the network"),
    "printers": Text("imprimantes configurées", "configured printers"),
    "jobs": Text("tâches planifiées", "scheduled jobs"),
    "wireguard": Text("état de WireGuard", "state of WireGuard"),
    "vpn-traffic": Text("trafic à travers le tunnel", "traffic through the tunnel"),
    "firewall": Text("règles de pare-feu en vigueur", "firewall rules in force"),
    "ports": Text("ports TCP vus de l'extérieur", "TCP ports seen from outside"),
    "wifi-config": Text("réglages Wi-Fi en vigueur", "Wi-Fi settings in force"),
    "wifi-station": Text("association d'une station au Wi-Fi", "association of a station with the Wi-Fi"),
    "wifi-isolation": Text("visibilité entre deux stations", "visibility between two stations"),
    "admin": Text("compte d'administration du point d'accès", "administration account of the access point"),
    "services": Text("services démarrés et activés", "services running and enabled"),
}
DHCP_VALUE = {
    "source": "control-socket",
    "active": True,
    "subnets": [
        {
            "subnet": "192.168.50.0/24",
            "pools": [{"first": "192.168.50.100", "last": "192.168.50.149"}],
            "options": {"routers": ["192.168.50.1"], "dns": ["192.168.50.10"], "domain": "kerbras.lan"},
            "lease_seconds": 28800,
            "reservations": [{"mac": "52:54:00:50:00:77", "address": "192.168.50.120"}],
        }
    ],
}
DHCP_RAW = """{
  "Dhcp4": {
    "interfaces-config": { "interfaces": [ "eth0" ] },
    "valid-lifetime": 28800,
    "subnet4": [ {
      "id": 1, "subnet": "192.168.50.0/24",
      "pools": [ { "pool": "192.168.50.100 - 192.168.50.149" } ],
      "option-data": [
        { "name": "routers", "data": "192.168.50.1" },
        { "name": "domain-name-servers", "data": "192.168.50.10" },
        { "name": "domain-name", "data": "kerbras.lan" } ],
      "reservations": [ { "hw-address": "52:54:00:50:00:77", "ip-address": "192.168.50.120" } ]
    } ]
  }
}
"""
FAILURES: Mapping[str, tuple[Fraction, Text]] = {
    "etendue": (
        Fraction(0),
        Text(
            "étendue trouvée 192.168.50.100–149, attendue 192.168.50.100–199",
            "scope found 192.168.50.100–149, expected 192.168.50.100–199",
        ),
    ),
    "options": (
        Fraction(2, 3),
        Text(
            "passerelle trouvée 192.168.50.1, attendue 192.168.50.254",
            "router found 192.168.50.1, expected 192.168.50.254",
        ),
    ),
    "zone-ptr": (
        Fraction(0),
        Text(
            "aucun enregistrement PTR pour 192.168.50.20 dans la zone 50.168.192.in-addr.arpa",
            "no PTR record for 192.168.50.20 in zone 50.168.192.in-addr.arpa",
        ),
    ),
    "gg-compta": (
        Fraction(1, 2),
        Text(
            "membre manquant : lguivarch ; membre en trop : ancien.salarie",
            "missing member: lguivarch; member too many: ancien.salarie",
        ),
    ),
    "gpo-appliquee": (
        Fraction(0),
        Text("la stratégie n'est pas appliquée sur le poste", "the policy is not applied on the client"),
    ),
    "ports-ouverts": (
        Fraction(0),
        Text("port 3389/tcp ouvert, attendu fermé", "port 3389/tcp open, expected closed"),
    ),
    "admin-ap": (
        Fraction(0),
        Text(
            "le mot de passe d'administration est celui de l'usine",
            "the administration password is the factory default",
        ),
    ),
}
SILENT = Text(
    "la machine « client » n'était pas raccordée au réseau « internet » (côté hyperviseur) : "
    "son silence ne prouve rien",
    "machine “client” was not connected to network “internet” (at the hypervisor): its silence proves nothing",
)
LATE = Text("la commande a dépassé son temps limite", "the command ran past its time limit")
UNSEEN: Mapping[str, Text] = {"vpn-tunnel": SILENT, "isolation": LATE, "imprimante-defaut": LATE}


def lab() -> Lab:
    """The lab of the sample."""
    points = [Decimal("2"), Decimal("1.5"), Decimal("2.5"), Decimal("1"), Decimal("3")]
    tasks = []
    count = 0
    for task, title, competency, checks in TASKS:
        specs = []
        for check, check_title, _key in checks:
            specs.append(
                CheckSpec.model_validate(
                    {"id": check, "title": check_title, "check": "host-name", "points": points[count % len(points)]}
                )
            )
            count += 1
        tasks.append(
            Task(
                id=task,
                title=title,
                competency=competency,
                points=sum((spec.points for spec in specs), Decimal(0)),
                checks=tuple(specs),
            )
        )
    nic = Nic.model_validate({"network": "lan", "mac": "52:54:00:50:00:10"})
    return Lab(
        id="tai-infrastructure",
        version="1.0.0",
        title="Atelier Kerbras : mise en service d'un poste et de l'infrastructure",
        referential="rncp37681",
        duration_minutes=180,
        subject=Path("subject.md"),
        points=sum((task.points for task in tasks), Decimal(0)),
        networks={
            name: Network.model_validate({"title": title, "subnet": subnet, "witness": witness})
            for name, title, subnet, witness in (
                ("lan", "Réseau de l'atelier", "192.168.50.0/24", "192.168.50.250/24"),
                ("internet", "Internet", "203.0.113.0/24", "203.0.113.250/24"),
            )
        },
        machines={
            name: Machine(title=title, image=name, memory_mib=512, nics={"eth0": nic})
            for name, title in (("server", "Serveur"), ("client", "Poste neuf"), ("ap", "Point d'accès Wi-Fi"))
        },
        tasks=tuple(tasks),
    )


def fact(key: str, seconds: float, *, simulated: bool = False, unseen: Text | None = None, **changes: Any) -> Fact:
    """One fact of the sample; ``changes`` replace fields."""
    at, _, probe = key.partition("/")
    channel = {"wire": "witness", "radio": "radio", "bench": "hypervisor"}.get(at.partition(":")[0], "agent")
    value: Any = DHCP_VALUE if probe == "dhcp-config" else {"name": probe, "static": "poste-neuf", "running": True}
    fields: dict[str, Any] = {
        "key": key,
        "at": at,
        "probe": probe,
        "status": "unseen" if unseen else "seen",
        "value": None if unseen else value,
        "why": unseen,
        "command": f"/usr/bin/{probe} --json 2>/dev/null || cat /etc/{probe}.conf",
        "raw": Raw(
            stdout=DHCP_RAW if probe == "dhcp-config" else f"{probe}: poste-neuf\nactif depuis 14:02\n",
            exit_code=None if unseen is LATE else 0,
            duration_ms=10_012 if unseen is LATE else 34,
            timed_out=unseen is LATE,
        ),
        "channel": "simulated" if simulated else channel,
        "taken_at": START + timedelta(seconds=seconds),
    }
    return Fact(**{**fields, **changes})


def observation(
    name: str = "Nadia Le Goff", *, bench: str = "poste-1", simulated: bool = False, **changes: Any
) -> Observation:
    """The observation of one bench of the sample. ``facts`` in ``changes``: key → fields to replace."""
    replaced: Mapping[str, Mapping[str, Any]] = changes.pop("facts", {})
    unseen = changes.pop("unseen", UNSEEN)
    facts: dict[str, Fact] = {}
    for _task, _title, _competency, checks in TASKS:
        for check, _check_title, key in checks:
            if key not in facts:
                facts[key] = fact(
                    key,
                    0.1 * len(facts),
                    simulated=simulated,
                    unseen=LATE if unseen.get(check) is LATE else None,
                    **replaced.get(key, {}),
                )
    links = {"client": {"lan": True, "internet": False}, "server": {"lan": True, "internet": True}, "ap": {"lan": True}}
    facts[LINKS_KEY] = fact(LINKS_KEY, 3, simulated=simulated, value=links, command="", raw=None)
    fields: dict[str, Any] = {
        "session": "2025-11-21 Quimper",
        "bench": bench,
        "candidate": name,
        "lab": "tai-infrastructure",
        "lab_version": "1.0.0",
        "lab_hash": "5e0c" * 16,
        "simulated": simulated,
        "started_at": START,
        "ended_at": START + timedelta(seconds=4.7),
        "software": {"épreuve": "0.1.0", "libvirt": "11.3.0", "qemu": "10.0.2", "image server": "debian-13 9f3a01c2"},
        "facts": tuple(facts.values()),
    }
    return Observation(**{**fields, **changes})


def verdicts(
    the_lab: Lab,
    failures: Mapping[str, tuple[Fraction, Text]] = FAILURES,
    unseen: Mapping[str, Text] = UNSEEN,
) -> list[Verdict]:
    """One verdict per check: PASS but for those named."""
    keys = {check: key for *_, checks in TASKS for check, _title, key in checks}
    found = []
    for task, spec in the_lab.checks():
        score, reason = failures.get(spec.id, (Fraction(1), Text("conforme à la demande", "as asked for")))
        outcome = Outcome.PASS if score == 1 else Outcome.FAIL
        if spec.id in unseen:
            score, reason, outcome = Fraction(0), unseen[spec.id], Outcome.INCONCLUSIVE
        facts = [keys[spec.id]]
        if spec.id == "objet-poste":
            facts.append("client/domain-member")
        found.append(
            Verdict(
                check=spec.id,
                task=task.id,
                competency="BC03.C1" if spec.id == "adresse-ap" else task.competency,
                title=spec.title,
                outcome=outcome,
                points=points_for(score, spec.points),
                max_points=spec.points,
                reason=reason,
                facts=tuple(facts),
            )
        )
    return found


def report(
    the_observation: Observation | None = None,
    the_verdicts: list[Verdict] | None = None,
    *,
    name: str = "Nadia Le Goff",
    number: int = 1,
    **changes: Any,
) -> CandidateReport:
    """A candidate's report."""
    the_lab = lab()
    seen = the_observation or observation(name)
    fields: dict[str, Any] = {
        "lab": the_lab,
        "lab_hash": seen.lab_hash,
        "competencies": COMPETENCIES,
        "observation": seen,
        "verdicts": verdicts(the_lab) if the_verdicts is None else the_verdicts,
        "candidate": Candidate(name=name, number=number),
        "judged_at": START + timedelta(seconds=9),
        "questions": {item.key: QUESTIONS[item.probe] for item in seen.facts if item.probe in QUESTIONS},
        "notes": [
            Text(
                "le point d'accès a démarré à froid : son clone à chaud a été refusé par l'hyperviseur",
                "the access point booted cold: the hypervisor refused its warm clone",
            )
        ],
        "times": [
            Moment(at=START - timedelta(hours=3, minutes=1), what=Text("poste prêt", "bench ready")),
            Moment(at=START - timedelta(hours=3), what=Text("début de l'épreuve", "exam began")),
            Moment(at=START - timedelta(seconds=2), what=Text("fin de l'épreuve, poste figé", "end, bench frozen")),
        ],
    }
    return candidate_report(**{**fields, **changes})


def write_sample(out: Path, *, simulated: bool = False, language: Any = "fr") -> list[Path]:
    """A session of four candidates, written."""
    the_lab = lab()
    every = {spec.id: SILENT for _task, spec in the_lab.checks()}
    cases = (
        ("Nadia Le Goff", {}, {}),
        ("Erwan Le Bihan-Kermadec", FAILURES, UNSEEN),
        ("Zoé Œuvrard", FAILURES, {}),
        ("Jean-Baptiste d'Ørsted", {}, every),
    )
    pairs = []
    for number, (name, failures, unseen) in enumerate(cases, start=1):
        seen = observation(name, bench=f"poste-{number}", simulated=simulated, unseen=unseen)
        made = report(seen, verdicts(the_lab, failures, unseen), name=name, number=number)
        pairs.append((made, seen))
    session = session_report([made for made, _seen in pairs], generated_at=START + timedelta(seconds=12))
    return write_session(out, session, pairs, language)


if __name__ == "__main__":
    for path in write_sample(
        Path(sys.argv[1]), simulated="--simulated" in sys.argv, language="en" if "--en" in sys.argv else "fr"
    ):
        print(path)
