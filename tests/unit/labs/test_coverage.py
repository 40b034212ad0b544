"""What of a certification the labs can show, and the page that says so.

``python -m tests.unit.labs.test_coverage > docs/coverage.md`` writes the page.
"""

# ruff: noqa: E501 - lines of the page

from __future__ import annotations

import sys
from pathlib import Path

from labs.coverage import CompetencyCoverage, CriterionCoverage, Evidence, coverage
from labs.model import Lab
from labs.referential import load_referential, referential_names
from orchestrator.catalog import lab_names, open_lab
from tests.unit.labs.conftest import LAB, Workbench
from tests.unit.labs.test_incidents import INCIDENTS

PAGE = Path(__file__).parents[3] / "docs" / "coverage.md"
HEAD = """\
# What the labs are evidence for

Written from the labs and referentials shipped; do not edit (`python -m tests.unit.labs.test_coverage > docs/coverage.md`).
`epreuve referential coverage` shows the same with the labs of a centre. See [Referentials](referentials.md) for the words.

**all**: the states of the machines show all of the criterion. **part**: they show a part, a person judges the rest.
**no check**: they could, but no lab has a check for it: for people. **people**: only a person can see it.
"""
STATES = {"shown": "all", "partly": "part", "possible": "no check", "person": "people"}


def page() -> str:
    """The whole page."""
    labs = [open_lab(name).lab for name in lab_names()]
    lines = [
        HEAD,
        "| referential | competencies with evidence | criteria: all | part | no check | people |",
        "|---|---|---|---|---|---|",
    ]
    sections = []
    for name in referential_names():
        referential = load_referential(name)
        found = coverage(referential, labs)
        states = [part.state for item in found for part in item.criteria]
        counts = " | ".join(str(states.count(state)) for state in ("shown", "partly", "possible", "person"))
        lines.append(f"| `{name}` | {sum(bool(item.evidence) for item in found)} of {len(found)} | {counts} |")
        if any(item.evidence for item in found):
            sections += [f"\n## {name}: {referential.title}", _table(found), *(_section(item) for item in found)]
    return "\n".join([*lines, *sections]) + "\n"


def _table(found: tuple[CompetencyCoverage, ...]) -> str:
    """Labs against competencies: how many checks, and how many incidents and requests, are evidence."""
    labs = sorted({evidence.lab for item in found for evidence in item.evidence})
    lines = [
        "\nHow many checks of each lab are evidence (`+` incidents and requests):\n",
        "| competency | " + " | ".join(labs) + " |",
        "|---|" + "---|" * len(labs),
    ]
    for item in found:
        cells = (_count([one for one in item.evidence if one.lab == lab]) for lab in labs)
        lines.append(f"| **{item.competency.id}** {item.competency.title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _count(evidence: list[Evidence]) -> str:
    checks = sum(item.kind == "check" for item in evidence)
    others = len(evidence) - checks
    return f"{checks} + {others}" if others else str(checks or "")


def _section(item: CompetencyCoverage) -> str:
    lines = [f"\n### {item.competency.id} {item.competency.title}\n"]
    if not item.evidence:
        lines.append("Neither a check nor an incident is evidence for it: the jury alone judges it.\n")
    if item.criteria:
        lines += ["| criterion | shown | by |", "|---|---|---|", *(_row(part) for part in item.criteria)]
    if item.without_criterion:
        lines.append(f"\nNaming no criterion: {_names(item.without_criterion)}.")
    return "\n".join(lines).rstrip()


def _row(part: CriterionCoverage) -> str:
    return f"| **{part.criterion.id}** {part.criterion.wording} | {STATES[part.state]} | {_names(part.evidence)} |"


def _names(evidence: tuple[Evidence, ...]) -> str:
    """``lab: check, check; lab: check``."""
    by_lab: dict[str, list[str]] = {}
    for item in evidence:
        by_lab.setdefault(item.lab, []).append(f"`{item.id}`" + ("" if item.kind == "check" else f" ({item.kind})"))
    return "; ".join(f"{lab}: {', '.join(names)}" for lab, names in by_lab.items())


def covered(lab: Lab, name: str) -> CompetencyCoverage:
    (found,) = (item for item in coverage(load_referential("rncp37681"), [lab]) if item.competency.id == name)
    return found


def test_the_page_is_current() -> None:
    told = "run: python -m tests.unit.labs.test_coverage > docs/coverage.md"
    assert PAGE.read_text(encoding="utf-8") == page(), told


def test_a_check_counts_for_its_own_competency_and_its_tasks_criterion_for_that_of_the_task_only(
    bench: Workbench,
) -> None:
    bench.replace("competency: BC03.C1\n", "competency: BC03.C1\n    criterion: BC03.C1.K3\n")
    lab = bench.load().lab
    network, secured = covered(lab, "BC03.C1"), covered(lab, "BC03.C2")
    assert [item.id for item in network.evidence] == ["ports"]
    assert {part.criterion.id: part.state for part in network.criteria} == {
        "BC03.C1.K1": "possible",
        "BC03.C1.K2": "person",
        "BC03.C1.K3": "partly",
    }
    assert network.without_criterion == ()
    assert [item.id for item in secured.evidence] == ["radio"]
    assert [part.state for part in secured.criteria] == ["possible"] * 3
    assert secured.without_criterion == secured.evidence


def test_a_check_that_names_a_criterion_shows_it(bench: Workbench) -> None:
    bench.replace("competency: BC03.C2\n", "competency: BC03.C2\n        criterion: BC03.C2.K3\n")
    last = covered(bench.load().lab, "BC03.C2").criteria[-1]
    assert (last.state, [item.id for item in last.evidence]) == ("shown", ["radio"])


def test_incidents_are_evidence_too_once_they_are_in_the_lab(bench: Workbench) -> None:
    bench.write("lab.yml", LAB + INCIDENTS.replace("BC01.C3\n", "BC01.C3\n    criterion: BC01.C3.K4\n"))
    bench.write("incidents/name/break.sh", "hostname lost\n")
    bench.write("incidents/name/repair.sh", "hostname desk\n")
    bench.write("incidents/radio.yml", "- hosts: server\n  tasks:\n    - raw: echo {{ secrets.admin }}\n")
    lab = bench.load().lab
    diagnosis, assistance = covered(lab, "BC01.C3"), covered(lab, "BC01.C2")
    assert [(one.kind, one.id) for one in diagnosis.criteria[-1].evidence] == [("incident", "name-lost")]
    assert diagnosis.criteria[-1].state == "partly"
    assert [(one.kind, one.id) for one in assistance.without_criterion] == [("request", "mail-wanted")]


def test_a_lab_for_another_certification_counts_for_nothing(bench: Workbench) -> None:
    lab = bench.load().lab
    assert not any(item.evidence for item in coverage(load_referential("tp-00476"), [lab]))
    assert any(item.evidence for item in coverage(load_referential("rncp37681"), [lab]))


if __name__ == "__main__":
    sys.stdout.write(page())
