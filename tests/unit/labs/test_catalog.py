"""The labs that are shipped: sound, complete, and what the first exam promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from checkers.checks import CHECKS
from checkers.judge import plan, questions
from labs.loader import LoadedLab, lint, load_lab
from labs.nodes import read_yaml
from labs.secrets import draw
from labs.subject import render_html, render_markdown
from vagrant.build import image_names

ROOT = Path(__file__).parents[3]
CATALOG = ROOT / "labs" / "catalog"
IMAGES = image_names()
LABS = sorted(path.parent for path in CATALOG.glob("*/lab.yml"))


@pytest.mark.parametrize("folder", LABS, ids=lambda folder: folder.name)
def test_every_lab_shipped_is_without_fault(folder: Path) -> None:
    assert [str(problem) for problem in lint(folder, checks=CHECKS, images=IMAGES)] == []


@pytest.fixture(scope="module")
def tai() -> LoadedLab:
    """The first lab."""
    return load_lab(CATALOG / "tai-complet", checks=CHECKS, images=IMAGES)


def test_the_first_exam_is_as_large_as_promised(tai: LoadedLab) -> None:
    lab = tai.lab
    assert set(lab.machines) == {"server", "client", "ap"}
    assert len(lab.tasks) >= 16
    assert len(lab.checks()) >= 40
    assert sum(check.points for _, check in lab.checks()) == lab.points == 100
    assert lab.referential == "rncp37681"


def test_the_first_exam_looks_from_outside_too(tai: LoadedLab) -> None:
    places = {question.at.split(":")[0] for question in questions(plan(tai.lab.checks(), CHECKS))}
    assert places >= {"server", "client", "ap", "wire", "radio"}


def test_little_is_won_by_doing_nothing(tai: LoadedLab) -> None:
    assert sum(check.points for _, check in tai.lab.checks() if check.true_at_start) <= 2


def _paper(tai: LoadedLab) -> str:
    return render_markdown(
        tai.lab,
        tai.subject,
        secrets=draw(tai.lab.secrets, Random(1)),  # noqa: S311 - seeded
        candidate="Zoé Le Gall",
    )


def test_nothing_of_how_it_is_marked_is_on_the_paper(tai: LoadedLab) -> None:
    paper = _paper(tai)
    for _, check in tai.lab.checks():
        for word in (check.id, "::test_"):
            assert word not in paper
        # A kind may be an ordinary word (“ports”); none may stand as a name.
        assert f"`{check.check}`" not in paper


def test_private_keys_are_not_on_the_paper(tai: LoadedLab) -> None:
    values = draw(tai.lab.secrets, Random(1))  # noqa: S311 - seeded
    paper = _paper(tai)
    for name, secret in tai.lab.secrets.items():
        if secret.kind == "wireguard":
            assert values[name] not in paper
            assert values[f"{name}_public"] in paper
        else:
            assert values[name] in paper


_VALUE_KEYS = {"value", "first", "last", "address", "uri", "unit", "given_name", "surname", "upn", "full_name", "share",
               "path", "command", "ssid", "endpoint", "data", "key", "gpo", "router", "domain"}  # fmt: skip


def test_every_expected_value_is_on_the_paper(tai: LoadedLab) -> None:
    """A candidate can only be asked for what the paper says."""
    paper = _paper(tai)
    missing = []
    for _, check in tai.lab.checks():
        for key, value in check.params.items():
            words = [value] if isinstance(value, str) else value if isinstance(value, list) else []
            for word in words if key in _VALUE_KEYS | {"members", "dns"} else []:
                bare = str(word).removesuffix(".service").split("/")[0] if key in ("address", "unit") else str(word)
                if key == "endpoint":
                    bare = bare.split(":")[0]
                if key == "upn":
                    bare = bare.split("@")[0]
                if bare not in paper:
                    missing.append(f"{check.id}: {key}: {word}")
    assert missing == []


def test_the_paper_is_good_french_typography(tai: LoadedLab) -> None:
    text = re.sub(r"`[^`]*`", "``", _paper(tai))
    assert not re.search(r" [:;?!»]", text), "a no-break space stands before these"
    assert not re.search(r"« ", text)
    assert "'" not in text, "the apostrophe is ’"


def test_the_paper_fits_a_page_of_its_own(tai: LoadedLab) -> None:
    page = render_html(tai.lab, tai.subject, secrets=draw(tai.lab.secrets), candidate="Zoé Le Gall")
    assert "Zoé Le Gall" in page
    assert page.count("<table>") >= 12
    assert len(page.encode()) < 60_000


def test_the_linter_s_codes_are_documented() -> None:
    codes: set[str] = set()
    for path in [*(ROOT / "labs").glob("*.py"), *(ROOT / "labs" / "rules").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        codes |= set(re.findall(r"(?:Problem|problem|stop)\(\s*\"([a-z0-9-]+)\"", text))
        codes |= set(re.findall(r"return \"([a-z]+-[a-z]+)\", what", text))
    codes |= {"unknown-network", "unknown-machine"}
    page = (ROOT / "docs" / "writing-a-lab.md").read_text(encoding="utf-8")
    assert len(codes) > 25
    assert sorted(code for code in codes if f"`{code}`" not in page) == []


def test_the_lab_of_the_documentation_is_one(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "writing-a-lab.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(id: .*?)```", page, re.DOTALL)
    mutants = re.search(r"```yaml\n(# yaml[^\n]*\nmutants:\n.*?)```", page, re.DOTALL)
    assert example is not None
    assert mutants is not None
    (tmp_path / "lab.yml").write_text(example[1], encoding="utf-8")
    (tmp_path / "mutants.yml").write_text(mutants[1], encoding="utf-8")
    (tmp_path / "sujet.md").write_text("{{ secrets.admin }} {{ secrets.tunnel_public }}", encoding="utf-8")
    (tmp_path / "solution.yml").write_text("- hosts: server\n  tasks: [{ raw: 'true', tags: dhcp }]", encoding="utf-8")
    (tmp_path / "checks").mkdir()
    (tmp_path / "setup").mkdir()
    for name in ("server.yml", "server.sh"):
        (tmp_path / "setup" / name).touch()
    assert [str(problem) for problem in lint(tmp_path, checks=CHECKS, images=IMAGES)] == []


def test_shell_scripts_are_sound(tai: LoadedLab) -> None:
    for script in sorted(tai.folder.glob("setup/*.sh")):
        done = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")


def test_the_steps_of_the_solution_are_sound_shell(tai: LoadedLab) -> None:
    assert tai.lab.solution is not None
    root, _ = read_yaml(tai.path(tai.lab.solution.playbook), tai.lab.solution.playbook, tags=True)
    assert root is not None
    steps = 0
    for play in root.items:
        tools = play.get("vars", "outils")
        tasks = play.get("tasks")
        for step in tasks.items if tasks else []:
            script = step.get("vars", "faire")
            assert script is not None
            assert script.text is not None
            text = script.text.replace("{{ outils }}", tools.text or "" if tools else "")
            text = re.sub(r"\{\{ secrets\.[a-z_]+ \}\}", "Tkhd=Rnfg=Gbjp", text)
            assert "{{" not in text
            done = subprocess.run(["sh", "-n"], input=text, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{step.get('name')}: {done.stderr}"
            steps += 1
    assert steps >= 20


def test_ansible_reads_every_playbook() -> None:
    """Of all labs, in one process: starting it is what takes the time."""
    playbooks = [
        path.relative_to(CATALOG)
        for path in sorted(CATALOG.rglob("*.yml"))
        if path.name not in ("lab.yml", "mutants.yml")
    ]
    assert {path.parts[0] for path in playbooks} == {folder.name for folder in LABS}
    done = subprocess.run(
        [Path(sys.executable).parent / "ansible-playbook", "-i", "server,client,ap,", "--syntax-check", *playbooks],
        cwd=CATALOG,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr or done.stdout
