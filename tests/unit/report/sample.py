"""A made-up but plausible session: 18 tasks, 45 checks, all outcomes.

``PYTHONPATH=. python tests/unit/report/sample.py DIR [--simulated] [--en]`` writes it.
Only the shapes matter here: the real lab, its probes and its checks have tests of their own.
"""

from __future__ import annotations

import json
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
_DATA = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
COMPETENCIES: dict[str, str] = _DATA["competencies"]
TASKS = tuple(
    (
        task["id"],
        task["title"],
        task["competency"],
        tuple((check["id"], check["title"], check["fact"]) for check in task["checks"]),
    )
    for task in _DATA["tasks"]
)
QUESTIONS = {probe: Text(*pair) for probe, pair in _DATA["questions"].items()}
DHCP_VALUE = _DATA["dhcp_value"]
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
        id="tai-complet",
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
        "lab": "tai-complet",
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
