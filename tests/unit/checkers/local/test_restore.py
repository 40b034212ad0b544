"""A backup is tried by restoring it: what the trial says, and the trial itself on real archives."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.checks.restore import BackupRestores
from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.restore import Restore, RestoreValue
from tests.unit.checkers.local.judging import judged

PLACES = {"on": "server", "source": "/srv/donnees", "place": "/srv/sauvegardes"}
CONTENT = BackupRestores(**PLACES, files=3)
RIGHTS = BackupRestores(**PLACES, look="rights")
LEFT_OUT = BackupRestores(**PLACES, look="left-out")
NUMBER = BackupRestores(**PLACES, look="number", count=3)
GOOD = RestoreValue(none=False, kind="tar", latest="/srv/sauvegardes/a.tar", made=1, points=3, files=4)


def test_a_backup_that_restores_everything() -> None:
    for check in (CONTENT, RIGHTS, LEFT_OUT, NUMBER):
        assert judged(check, {"restore-trial": GOOD}).outcome == "PASS"


@pytest.mark.parametrize(
    ("check", "change", "word"),
    [
        (CONTENT, {"missing": ("a",)}, "absents : a"),
        (CONTENT, {"different": ("b",)}, "différents : b"),
        (CONTENT, {"broken": True}, "archive abîmée"),
        (CONTENT, {"files": 2}, "ne contient que 2 fichiers"),
        (CONTENT, {"missing": ("a", "b", "c", "d")}, "ne rend aucun des fichiers"),
        (RIGHTS, {"missing": ("a", "b", "c", "d")}, "ne rend aucun des fichiers"),
        (LEFT_OUT, {"missing": ("a", "b", "c", "d")}, "ne rend aucun des fichiers"),
        (RIGHTS, {"rights": ("compta",)}, "compta"),
        (LEFT_OUT, {"left_in": ("tampon/t",)}, "tampon/t"),
        (NUMBER, {"points": 4}, "4 sauvegardes"),
        (NUMBER, {"points": 1}, "1 sauvegardes"),
    ],
)
def test_one_that_does_not(check: BackupRestores, change: dict[str, object], word: str) -> None:
    found = judged(check, {"restore-trial": GOOD.model_copy(update=change)})
    assert (found.outcome, word in found.reason) == ("FAIL", True), found


def test_each_look_sees_its_own_fault_only() -> None:
    late = {"restore-trial": GOOD.model_copy(update={"different": ("a",)})}
    assert [judged(check, late).outcome for check in (CONTENT, RIGHTS, LEFT_OUT, NUMBER)] == ["FAIL", *["PASS"] * 3]


@pytest.mark.parametrize("check", [CONTENT, RIGHTS, LEFT_OUT, NUMBER])
def test_no_backup_fails_and_one_that_is_not_recognised_is_for_the_jury(check: BackupRestores) -> None:
    assert judged(check, {"restore-trial": "== none\n"}).outcome == "FAIL"
    for mark in ("unknown", "large", "locked"):
        assert judged(check, {"restore-trial": f"== {mark}\n"}).outcome == "INCONCLUSIVE"
    assert judged(check, {"restore-trial": "== tried\ntar\n1\n1\n"}).outcome == "INCONCLUSIVE"
    assert judged(check, {"restore-trial": Raw(stdout="== none\n", exit_code=98)}).outcome == "INCONCLUSIVE"


@given(st.text(alphabet="= tried\nuknowlagbcp0123456789./-#file:", max_size=300))
def test_hostile_answers_are_read_or_refused(text: str) -> None:
    try:
        Restore(source="/a", place="/b").parse(Raw(stdout=text))
    except ValueError:
        return
    except Unreadable:
        return


def _tools() -> bool:
    """Whether the trial itself can run here: root, mount namespaces, and the programs it uses."""
    if os.geteuid() != 0 or any(shutil.which(tool) is None for tool in ("unshare", "getfacl", "setfacl", "rsync")):
        return False
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0


trial = pytest.mark.skipif(not _tools(), reason="needs root, mount namespaces, acl and rsync")


def _sh(script: str, folder: Path) -> None:
    subprocess.run(["sh", "-euc", script], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def tried(tmp_path: Path) -> Callable[[str], RestoreValue]:
    """Data in ``data``, backups in ``kept``: a script makes these, and the trial is run."""
    _sh(
        """
        mkdir -p data/plans data/compta data/tampon kept
        for n in 1 2 3; do seq $n 50 > data/plans/$n.csv; done
        echo total > data/compta/total; echo passage > data/tampon/t
        ln -s 1.csv data/plans/lien
        chown daemon:daemon data/compta data/compta/total; chmod 2750 data/compta; setfacl -m u:games:rx data/compta
        """,
        tmp_path,
    )

    def run(script: str) -> RestoreValue:
        _sh(script, tmp_path)
        probe = Restore(source=f"{tmp_path}/data", place=f"{tmp_path}/kept", leave_out=("tampon",))
        done = subprocess.run(["sh", "-c", probe.command()], capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return probe.parse(Raw(stdout=done.stdout, exit_code=done.returncode))

    return run


TAR = "tar --acls --exclude='tampon/*' -cf kept/$n.tar data"


@trial
@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (f"for n in 1 2; do {TAR}; done", "tar"),
        ("for n in 1 2; do tar --acls --exclude='tampon/*' -C data -czf kept/$n.tgz .; done", "tar"),
        ("for n in 1 2; do rsync -aA --exclude='/tampon/*' data/ kept/jour-$n/; done", "copy"),
        ("for n in 1 2; do mkdir -p kept/$n/srv; rsync -aA --exclude='tampon/*' data kept/$n/srv/; done", "copy"),
    ],
)
def test_right_ways_are_restored(tried: Callable[[str], RestoreValue], script: str, kind: str) -> None:
    found = tried(script)
    assert (found.kind, found.points, found.files, found.broken) == (kind, 2, 5, False)
    assert (found.missing, found.different, found.rights, found.left_in) == ((), (), (), ())


@trial
def test_what_a_backup_lacks_is_found(tried: Callable[[str], RestoreValue]) -> None:
    found = tried(
        "tar --exclude=data/plans/2.csv -cf kept/1.tar data; echo autre > data/plans/3.csv; rm data/plans/1.csv"
    )
    assert found.missing == ("plans/2.csv",)
    assert found.different == ("plans/3.csv",)
    assert found.rights == ("compta",)
    assert found.left_in == ("tampon/t",)


@trial
def test_the_newest_counts_whatever_its_name_and_its_time_say(tried: Callable[[str], RestoreValue]) -> None:
    found = tried(f"n=9; {TAR}; sleep 0.02; n=1; tar -cf kept/1.tar data/plans; touch -d 2001-01-01 kept/1.tar")
    assert found.latest.endswith("/kept/1.tar")
    assert "compta/total" in found.missing


@trial
def test_a_cut_archive_is_damaged(tried: Callable[[str], RestoreValue]) -> None:
    found = tried(f"n=1; {TAR}; truncate -s 4000 kept/1.tar")
    assert found.broken
    assert found.missing


@trial
def test_links_to_the_data_restore_nothing(tried: Callable[[str], RestoreValue]) -> None:
    found = tried(
        "mkdir -p faux/data; ln -s $PWD/data/plans $PWD/data/compta faux/data/; tar -C faux -cf kept/1.tar data"
    )
    assert len(found.missing) == found.files == 5


@trial
def test_a_hostile_archive_touches_nothing(tried: Callable[[str], RestoreValue], tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    found = tried(
        """
        mkdir evil; ln -s $PWD/data/plans evil/plans; tar -C evil -cf kept/1.tar plans
        rm evil/plans; mkdir evil/plans; echo mal > evil/plans/1.csv; tar -C evil -rf kept/1.tar plans/1.csv
        tar -C evil --transform 's,^,../../../../../../../../..,' -P -rf kept/1.tar plans/1.csv
        """
    )
    assert found.kind == "tar"
    assert {path: path.read_bytes() for path in before} == before


@trial
def test_what_is_not_known_or_too_large_is_for_the_jury(tried: Callable[[str], RestoreValue]) -> None:
    with pytest.raises(Unreadable):
        tried("echo 7z > kept/sauvegarde.7z")
    with pytest.raises(Unreadable):
        tried("mkdir -p big/data; truncate -s 60M big/data/plans; tar -C big -cf kept/1.tar data")
    assert tried("rm kept/*").none
