"""A session is sealed once: all dossiers or nothing, each with one candidate's data, each true to the journal."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from labs.errors import EpreuveError
from labs.text import Text, current_language
from orchestrator.dossier import sealing
from orchestrator.dossier.agreement import must_agree
from orchestrator.dossier.contents import files_of
from orchestrator.dossier.errors import DossierError
from orchestrator.dossier.extract import read_extract
from orchestrator.dossier.files import dossier_file
from orchestrator.dossier.manifest import open_dossier
from orchestrator.dossier.sealing import seal_session
from orchestrator.dossier.source import read_source
from orchestrator.engine.freeze import observation_file
from orchestrator.engine.judging import judge_again
from orchestrator.exam import Refused, commands, events
from orchestrator.sealed.container import pack, unpack
from orchestrator.sealed.keys import ensure_key, public_keys
from orchestrator.sealed.verify import Unsound
from orchestrator.store import journal
from tests.unit.dossier.conftest import FORCED, sealed_bytes
from tests.unit.engine.world import SLUG, World


class Killed(Exception):  # noqa: N818 - no error: what a test does to a process
    pass


def seal(world: World, **how: Any) -> list[Path]:
    return seal_session(world.desk, world.settings, SLUG, **{**FORCED, **how})


def opened(world: World, candidate: str = "c01") -> Any:
    found = open_dossier(
        dossier_file(world.settings, SLUG, candidate).read_bytes(), public_keys(world.settings.data_dir)
    )
    must_agree(found)
    return found


def test_every_dossier_verifies_and_the_journal_names_it(closed: World) -> None:
    paths = seal(closed)
    assert [path.name for path in paths] == [f"{SLUG}-{name}.zip" for name in ("c01", "c02", "c03")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    told = {one.candidate: one for one in closed.history() if isinstance(one, events.DossierSealed)}
    for name in ("c01", "c02", "c03"):
        found = opened(closed, name)
        assert found.seal.manifest.sha256 == told[name].manifest == closed.sitting(name).dossier
        assert found.key.hex == told[name].key
    assert closed.exam.state == "sealed"
    closed.sound()


def test_a_dossier_has_what_an_appeal_needs(closed: World) -> None:
    judge_again(closed.desk, closed.settings, SLUG, ["c01"], who="durand", why="contrôle corrigé")
    seal(closed)
    files = opened(closed).files
    assert {name for name in files if not name.startswith("labs/")} == {
        *("LISEZMOI.txt", "SHA256SUMS", "dossier.json", "journal.jsonl", "observation.json", "page.json"),
        *("public-key.pem", "report.pdf", "subject.html", "screens/client.png", "screens/server.png"),
        *(f"books/{book}.json" for book in ("incidents", "marks", "tickets")),
        *(f"judgements/{number}.{kind}" for number in (1, 2) for kind in ("html", "json")),
    }
    assert files["observation.json"] == observation_file(closed.folder()).read_bytes()
    assert json.loads(files["judgements/2.json"])["why"] == "contrôle corrigé"
    assert len([name for name in files if name.startswith("labs/")]) == 1


def test_nobody_elses_data_is_in_a_dossier(closed: World) -> None:
    seal(closed)
    for own, others in (("c01", ("c02", "c03")), ("c02", ("c01", "c03")), ("c03", ("c01", "c02"))):
        content = dossier_file(closed.settings, SLUG, own).read_bytes()
        for other in others:
            number = int(other[1:]) - 1
            for trace in (f"Nomdefamille{number}", f"Prenomrare{number}", f"NUM-{number}", f'"{other}"'):
                assert trace.encode() not in content, (own, trace)
    assert "malaise" not in dossier_file(closed.settings, SLUG, "c01").read_bytes().decode("latin-1")


def test_an_absent_candidate_has_a_dossier_that_says_so(closed: World) -> None:
    seal(closed)
    found = opened(closed, "c03")
    assert "observation.json" not in found.files
    assert "subject.html" not in found.files
    assert json.loads(found.files["dossier.json"])["attendance"]["presence"] == "absent"
    assert json.loads(found.files["dossier.json"])["lacks"] == []


def test_the_extract_leads_to_the_head_that_was_sealed(closed: World) -> None:
    with closed.store.read() as tx:
        head = journal.head(tx, SLUG)
    seal(closed)
    found = opened(closed)
    extract = read_extract(found.files["journal.jsonl"], SLUG, "c01")
    assert (extract.head.seq, extract.head.hash) == tuple(head) == tuple(found.manifest.journal.model_dump().values())


def test_sealing_again_gives_the_same_files_and_writes_nothing(closed: World) -> None:
    first = {path: path.read_bytes() for path in seal(closed)}
    kinds = closed.kinds()
    assert {path: path.read_bytes() for path in seal(closed)} == first
    assert closed.kinds() == kinds


def test_without_a_signed_decision_it_is_refused_unless_somebody_says_why(closed: World) -> None:
    with pytest.raises(DossierError) as caught:
        seal(closed, force=False, why="")
    assert "c01" in caught.value.where
    assert "c03" not in caught.value.where  # was not there: nothing is to be decided
    with pytest.raises(DossierError, match="se justifie"):
        seal(closed, why=" ")
    assert closed.exam.state == "closed"
    seal(closed)
    (last,) = (one for one in closed.history() if isinstance(one, events.SessionSealed))
    assert (last.undecided, last.why) == (("c01", "c02"), FORCED["why"])


def test_who_has_no_decision_is_known_without_the_lab(closed: World) -> None:
    (closed.lab / "lab.yml").unlink()
    seal(closed)
    (last,) = (one for one in closed.history() if isinstance(one, events.SessionSealed))
    assert last.undecided == ("c01", "c02")


def test_only_a_closed_session_is_sealed(world: World) -> None:
    with pytest.raises(Refused):
        seal(world)
    assert not list(world.settings.dossiers_dir.rglob("*.zip"))


def test_an_observation_that_was_changed_shows_before_sealing_and_in_the_dossier(closed: World) -> None:
    observation_file(closed.folder()).write_bytes(b"{}")
    with pytest.raises(DossierError) as caught:
        seal(closed, force=False)
    assert "relevé" in caught.value.where
    seal(closed)
    found = opened(closed)
    assert "observation.json" not in found.files
    assert json.loads(found.files["dossier.json"])["lacks"]


def test_killed_anywhere_nothing_is_sealed_and_the_next_one_does_it_all(
    closed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for dies_at in range(1, 5):
        steps = iter(range(1, 100))

        def dying(_doing: Text, steps: Any = steps, dies_at: int = dies_at) -> None:
            if next(steps) == dies_at:
                raise Killed

        if dies_at < 4:
            with pytest.raises(Killed):
                seal(closed, progress=dying)
        else:
            with monkeypatch.context() as patch:
                patch.setattr(sealing.journal, "head", lambda *_: (_ for _ in ()).throw(Killed))
                with pytest.raises(Killed):
                    seal(closed)
        assert closed.exam.state == "closed"
    seal(closed)
    for name in ("c01", "c02", "c03"):
        assert opened(closed, name).seal.manifest.sha256 == closed.sitting(name).dossier
    closed.sound()


def test_what_is_judged_while_dossiers_are_made_is_in_them(closed: World) -> None:
    asked = []

    def judging(doing: Text) -> None:
        if "c02" in doing.fr and not asked:
            asked.append(doing)
            judge_again(closed.desk, closed.settings, SLUG, ["c01"], who="durand", why="appel")

    seal(closed, progress=judging)
    assert "judgements/2.json" in opened(closed).files
    assert closed.sitting().judgements == 2


def test_a_session_purged_while_it_is_sealed_leaves_no_dossier(closed: World) -> None:
    def purging(doing: Text) -> None:
        if "c02" in doing.fr and closed.exam.state != "purged":
            assert dossier_file(closed.settings, SLUG, "c01").exists()
            closed.desk.purge(SLUG, commands.Purge(who="boss", why="effacement demandé"), early=True)
            closed.passes()

    with pytest.raises(Refused):
        seal(closed, progress=purging)
    assert closed.exam.state == "purged"
    assert not list(closed.settings.dossiers_dir.rglob("*.zip"))


def test_two_at_once_do_not_seal_twice(closed: World) -> None:
    def again(_doing: Text) -> None:
        with pytest.raises(EpreuveError, match="en cours de scellement"):
            seal(closed)

    seal(closed, progress=again)
    assert closed.kinds().count("session-sealed") == 1


def test_a_journal_that_was_altered_cannot_be_sealed(closed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = journal.columns_of

    def altered(*arguments: Any) -> list[dict[str, Any]]:
        found = real(*arguments)
        found[3] = {**found[3], "why": "autre chose"}
        return found

    monkeypatch.setattr(journal, "columns_of", altered)
    with pytest.raises(DossierError, match="ne se vérifie pas"):
        seal(closed)
    assert closed.exam.state == "closed"


def test_the_files_are_the_same_bytes_when_made_again(closed: World) -> None:
    source, key = read_source(closed.desk, closed.settings, SLUG), ensure_key(closed.settings.data_dir).public
    assert files_of(source, "c02", key) == files_of(source, "c02", key)


def test_whoever_seals_goes_on_in_their_language(closed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report is in French; what this process says afterwards is in its own language."""
    seal(closed)
    monkeypatch.setenv("EPREUVE_LANG", "en")
    assert current_language() == "en"


def test_swapped_candidates_are_found(closed: World) -> None:
    mine, theirs = unpack(sealed_bytes(closed, "c01")), unpack(sealed_bytes(closed, "c02"))
    others = {one.name: one for one in theirs}
    for name in {one.name for one in mine if one.name in others and others[one.name].content != one.content}:
        mixed = pack([others[name] if one.name == name else one for one in mine])
        with pytest.raises(Unsound):
            open_dossier(mixed, public_keys(closed.settings.data_dir), closely=False)


def test_the_commands_of_the_readme_verify_a_dossier_without_us(closed: World, tmp_path: Path) -> None:
    """Steps 2 to 5 as they are printed; a changed byte makes one of them fail."""
    seal(closed)
    path = dossier_file(closed.settings, SLUG, "c01")
    place = tmp_path / "unpacked"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(place)
    (place / "CLÉ-DU-CENTRE.pem").write_bytes(ensure_key(closed.settings.data_dir).public.pem)
    text = (place / "LISEZMOI.txt").read_text(encoding="utf-8")
    commands = re.findall(r"^       ((?:openssl pkeyutl|grep|sha256sum) .*)$", text, re.MULTILINE)
    assert len(commands) == 4

    def run() -> list[tuple[int, str]]:
        done = [subprocess.run(["bash", "-c", one], cwd=place, capture_output=True, text=True) for one in commands]
        return [(one.returncode, one.stdout.strip()) for one in done]

    results = run()
    assert [code for code, _ in results] == [0, 0, 0, 0]
    assert "Verified Successfully" in results[0][1]
    assert (results[1][1], results[2][1]) == ("1", "1")
    for number, name in enumerate(("seal.json", "manifest.json", "SHA256SUMS", "observation.json")):
        before = (place / name).read_bytes()
        (place / name).write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        assert run()[number][0] != 0, name
        (place / name).write_bytes(before)
