"""A sealed dossier judged again with its own versions: the same verdicts, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.dossier.files import dossier_file
from orchestrator.dossier.manifest import open_dossier
from orchestrator.dossier.rejudge import judge_sealed
from orchestrator.engine.judging import judge_again
from orchestrator.sealed.keys import ensure_key, public_keys
from orchestrator.sealed.manifest import canonical
from orchestrator.sealed.seal import seal
from orchestrator.sealed.verify import Sealed
from tests.unit.cli.conftest import CommandLine
from tests.unit.dossier.conftest import sealed_bytes
from tests.unit.engine.world import SLUG, World


@pytest.fixture
def sealed(closed: World) -> Sealed:
    """Judged twice, by two versions of the lab; the first one is not at hand any more when the session is sealed."""
    judge_again(closed.desk, closed.settings, SLUG, ["c01"], who="durand", why="pour voir")
    return open_dossier(sealed_bytes(closed), public_keys(closed.settings.data_dir))


def test_every_judgement_is_the_same_to_the_byte_without_the_installation(sealed: Sealed, closed: World) -> None:
    (closed.lab / "lab.yml").unlink()
    assert [(one.number, one.same) for one in judge_sealed(sealed)] == [(1, True), (2, True)]


def test_a_judgement_that_was_made_up_is_seen(sealed: Sealed, closed: World) -> None:
    stored = sealed.files["judgements/1.json"]
    assert canonical(stored)["document"]["max_points"] == 1
    made_up = stored.replace(b'"verdict":"INCONCLUSIVE"', b'"verdict":"PASS"')
    assert made_up != stored
    key = ensure_key(closed.settings.data_dir)
    forged = seal(sealed.manifest, sealed.files | {"judgements/1.json": made_up}, key)
    first, second = judge_sealed(open_dossier(forged, [key.public]))
    assert not first.same
    assert [change.new.id for change in first.changes if change.new] == ["client-name"]
    assert second.same


def test_the_command_line_judges_with_a_public_key_only(sealed: Sealed, closed: World, tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "elsewhere")
    file = dossier_file(closed.settings, SLUG, "c01")
    done = line.type("dossier", "judge", str(file), "--key", sealed.key.hex)
    assert (done.code, done.err) == (0, "")
    assert done.out.count("identique, octet pour octet") == 2
    assert line.type("dossier", "judge", str(file), "--key", "0" * 64).code == 9
    assert not line.data.exists()
