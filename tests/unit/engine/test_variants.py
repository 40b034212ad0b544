"""A lab with variants in a session: each candidate has their own paper, is judged by it, and can be judged again so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkers.facts import Observation
from labs.loader import LoadedLab
from labs.values import drawn
from orchestrator.bench import load_bench
from orchestrator.catalog import open_lab
from orchestrator.dossier.manifest import open_dossier
from orchestrator.dossier.rejudge import judge_sealed
from orchestrator.engine import incidents, judging
from orchestrator.engine.freeze import observation_file
from orchestrator.exam import commands
from orchestrator.sealed.keys import public_keys
from orchestrator.store import journal, judgements
from orchestrator.stored import judge_stored
from tests.unit.dossier.conftest import sealed_bytes
from tests.unit.engine.machines import Machines, write_lab_with_incidents
from tests.unit.engine.world import SLUG, World

VARIANTS = """\
variants:
  poste:
    per: candidate
    values:
      - { nom: desk, service: Compta }
      - { nom: bureau, service: Direction }
"""


def write_lab_with_variants(folder: Path) -> Path:
    """The name of the client is one of two."""
    write_lab_with_incidents(folder)
    file = folder / "lab.yml"
    text = file.read_text().replace("name: desk", 'name: "{{ variants.poste.nom }}"')
    text = text.replace("It is not found any more.", '"{{ variants.poste.nom }} is not found any more."')
    file.write_text(text.replace("tasks:\n", VARIANTS + "tasks:\n"))
    paper = "# {{ lab.title }}\n\n{{ variants.poste.service }} : `{{ variants.poste.nom }}`, `{{ secrets.admin }}`\n"
    (folder / "sujet.md").write_text(paper)
    (folder / "client-lost-break.sh").write_text('hostname "$VARIANTS_POSTE_NOM-lost"\nhostname lost\n')
    return folder


def seed_for(lab: LoadedLab, *names: str) -> str:
    """A seed from which c01, c02… draw these."""
    for number in range(1000):
        seed = f"{number:04x}"
        ids = [f"c{index:02d}" for index in range(1, len(names) + 1)]
        found = [drawn(lab.lab.variants, seed=seed, session=SLUG, candidate=one)["poste"] for one in ids]
        if [value["nom"] for value in found if isinstance(value, dict)] == list(names):
            return seed
    raise AssertionError("no such seed")


@pytest.fixture
def varied(tmp_path: Path) -> World:
    """Two candidates with different values, both of whom work as if theirs were the first one: frozen."""
    write_lab_with_variants(tmp_path / "lab")
    world = World(tmp_path)
    world.hypervisor.programs = Machines(world.settings.benches_dir)
    world.create(60, variants_seed=seed_for(open_lab(str(world.lab)), "desk", "bureau"), c01=0, c02=0)
    world.do(commands.Prepare(who="dupont"))
    world.passes()
    world.do(commands.Start(who="dupont"))
    world.passes()
    world.do(commands.Freeze(who="dupont", why="fin"))
    world.passes()
    return world


def found(world: World, candidate: str) -> dict[str, str]:
    """The verdicts of the last judgement."""
    with world.store.read() as tx:
        last = judging.read(judgements.every(tx, SLUG, candidate)[-1])
    return {check.id: check.verdict for check in last.checks}


def test_each_has_their_own_paper_and_is_judged_by_it(varied: World) -> None:
    papers = {name: (varied.folder(name) / "sujet.html").read_text() for name in ("c01", "c02")}
    assert ("Compta" in papers["c01"], "bureau" in papers["c01"]) == (True, False)
    assert ("Direction" in papers["c02"], "desk" in papers["c02"]) == (True, False)
    assert found(varied, "c01") == {"client-name": "PASS", "server-name": "PASS"}
    assert found(varied, "c02") == {"client-name": "FAIL", "server-name": "PASS"}


def test_the_journal_says_from_what_was_drawn_and_what_each_got(varied: World) -> None:
    created, *_ = varied.history()
    assert created.model_dump()["variants_seed"] == varied.exam.variants_seed
    ready = {one.candidate: one.model_dump()["variants"] for one in varied.history() if one.kind == "bench-ready"}
    lab = open_lab(str(varied.lab)).lab
    for candidate in ("c01", "c02"):
        own = drawn(lab.variants, seed=varied.exam.variants_seed, session=SLUG, candidate=candidate)
        bench = load_bench(varied.settings.benches_dir, SLUG, candidate)
        assert bench is not None
        assert ready[candidate] == own == bench.variants
    varied.sound()


def test_a_stored_observation_is_judged_by_the_values_in_it(varied: World) -> None:
    again = judge_stored(observation_file(varied.folder("c02")), str(varied.lab))
    assert [check.verdict for check in again.judgement().checks] == ["FAIL", "PASS"]
    report = again.report(2)
    assert report.variants == {"poste": {"nom": "bureau", "service": "Direction"}}
    assert "« bureau »" in report.checks[0].reason


def test_a_corrected_lab_judges_each_by_what_they_were_asked(varied: World) -> None:
    lab = varied.lab / "lab.yml"
    lab.write_text(lab.read_text().replace("nom: bureau", "nom: comptoir"))
    judging.judge_again(varied.desk, varied.settings, SLUG, ["c01", "c02"], who="durand", why="nom changé")
    assert found(varied, "c02")["client-name"] == "FAIL"
    lab.write_text(lab.read_text().replace('variants.poste.nom }}" }', 'variants.poste.service }}" }', 1))
    made = judge_stored(observation_file(varied.folder("c02")), str(varied.lab))
    assert "« Direction »" in made.judgement().checks[0].reason


def test_an_incident_is_theirs_too(varied: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents, "LOOK_AGAIN_S", 0.01)
    about = {"candidate": "c01", "who": "durand"}
    varied.do(commands.OpenCopy(**about))
    varied.passes()
    varied.do(commands.AskIncident(incident="client-lost", request=False, **about))
    varied.passes()
    assert varied.sitting("c01").incidents[-1].state == "injected"


def test_a_reset_and_a_bench_made_again_have_the_same_values(tmp_path: Path) -> None:
    write_lab_with_variants(tmp_path / "lab")
    world = World(tmp_path)
    world.create(60, variants_seed=seed_for(open_lab(str(world.lab)), "bureau"), c01=0)
    world.do(commands.Prepare(who="dupont"))
    world.passes()
    before = world.folder("c01").joinpath("bench.json").read_bytes()
    for domain in list(world.hypervisor.domains()):
        world.hypervisor.destroy(domain.name)
    world.passes()
    after = world.folder("c01").joinpath("bench.json").read_bytes()
    assert before != after
    assert json.loads(before)["variants"] == json.loads(after)["variants"]
    assert world.history()[-1].kind in ("bench-ready", "session-prepared", "bench-restored")


def test_the_dossier_judges_again_to_the_byte_without_the_centre(varied: World) -> None:
    varied.do(commands.OpenJury(who="dupont"), commands.Close(who="dupont"))
    varied.passes()
    for candidate, value in (("c01", "Compta"), ("c02", "Direction")):
        sealed = open_dossier(sealed_bytes(varied, candidate), public_keys(varied.settings.data_dir))
        (again,) = judge_sealed(sealed)
        assert (again.same, again.unable) == (True, None)
        assert value in sealed.files["subject.html"].decode()
        assert Observation.model_validate_json(sealed.files["observation.json"]).variants != {}


def test_a_lab_without_variants_leaves_what_it_always_left(world: World) -> None:
    """Digests in journals and dossiers that exist must stay what they are."""
    world.started(c01=0)
    world.do(commands.Freeze(who="dupont", why="fin"))
    world.passes()
    assert b"variants" not in observation_file(world.folder()).read_bytes()
    with world.store.read() as tx:
        assert not any("variants" in key for entry in journal.entries(tx, SLUG) for key in entry.data)
