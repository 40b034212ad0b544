"""What a person can really do in a folder: what the trial says, and the trial itself on real folders."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.checks.folder_trial import FolderAccessIs
from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.folder_trial import FolderTrial, FolderTrialValue
from tests.unit.checkers.local.judging import judged

PATH = {"on": "server", "path": "/srv/plans", "user": "luc"}
WRITE = FolderAccessIs(**PATH, expect="write")
READ = FolderAccessIs(**PATH, expect="read")
DENIED = FolderAccessIs(**PATH, expect="denied")
SHARED = FolderAccessIs(**PATH, author="nora", new=True, expect="write")
SHOWN = FolderAccessIs(**PATH, author="nora", new=True, expect="read")
NOTHING = FolderTrialValue(folder=True, account=True)
READER = NOTHING.model_copy(update={"enters": True, "reads": True, "reads_some": True})
WRITER = READER.model_copy(update={"writes": True, "changes": True, "changes_some": True})


@pytest.mark.parametrize(
    ("check", "value", "outcome"),
    [
        (WRITE, WRITER, "PASS"),
        (WRITE, READER, "FAIL"),
        (WRITE, WRITER.model_copy(update={"changes": False}), "FAIL"),
        (WRITE, WRITER.model_copy(update={"writes": False}), "FAIL"),
        (READ, READER, "PASS"),
        (READ, WRITER, "FAIL"),
        (READ, READER.model_copy(update={"changes_some": True}), "FAIL"),
        (READ, READER.model_copy(update={"reads": False}), "FAIL"),
        (DENIED, NOTHING, "PASS"),
        (DENIED, NOTHING.model_copy(update={"enters": True}), "FAIL"),
        (DENIED, NOTHING.model_copy(update={"writes": True}), "FAIL"),
        (SHARED, WRITER.model_copy(update={"shared": True, "reads_new": True, "changes_new": True}), "PASS"),
        (SHARED, WRITER.model_copy(update={"shared": True, "reads_new": True, "changes_new": False}), "FAIL"),
        (SHARED, WRITER.model_copy(update={"shared": False, "reads_new": False, "changes_new": False}), "FAIL"),
        (SHOWN, READER.model_copy(update={"shared": True, "reads_new": True, "changes_new": False}), "PASS"),
        (SHOWN, WRITER.model_copy(update={"shared": True, "reads_new": True, "changes_new": True}), "FAIL"),
        (DENIED, FolderTrialValue(folder=False, account=True), "FAIL"),
        (DENIED, FolderTrialValue(folder=True, account=False), "FAIL"),
    ],
)
def test_verdicts(check: FolderAccessIs, value: FolderTrialValue, outcome: str) -> None:
    assert judged(check, {"folder-trial": value}).outcome == outcome


def test_a_trial_that_did_not_come_to_its_end_says_nothing() -> None:
    assert judged(WRITE, {"folder-trial": "== trial\nenters yes\n== end\n"}).outcome == "INCONCLUSIVE"
    assert judged(WRITE, {"folder-trial": ""}).outcome == "INCONCLUSIVE"


@given(st.text(alphabet="= trialendsw\nyo-", max_size=200))
def test_hostile_answers_are_read_or_refused(text: str) -> None:
    try:
        FolderTrial(path="/a", user="u").parse(Raw(stdout=text))
    except (Unreadable, ValueError):
        return


def _tools() -> bool:
    """Whether the trial itself can run here: root, an overlay in a mount namespace, and access lists."""
    if os.geteuid() != 0 or any(shutil.which(tool) is None for tool in ("unshare", "getfacl", "setfacl", "runuser")):
        return False
    layer = (
        "mount -t tmpfs none /mnt && mkdir /mnt/u /mnt/w && "
        "mount -t overlay -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w none /etc"
    )
    done = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", layer], capture_output=True, check=False
    )
    return done.returncode == 0


trial = pytest.mark.skipif(not _tools(), reason="needs root, overlays in mount namespaces, and acl")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that system users can reach: pytest's own is closed to them."""
    for parent in (tmp_path, *tmp_path.parents):
        if parent.is_relative_to("/tmp") and parent != Path("/tmp"):
            parent.chmod(0o711)
    made = tmp_path / "plans"
    (made / "mairie").mkdir(parents=True)
    (made / "mairie" / "plan.dxf").write_text("plan")
    return made


@pytest.fixture
def tried(folder: Path) -> Callable[[str, str, str | None], FolderTrialValue]:
    """Set rights by a script in the folder, then try as a user (``games`` and ``daemon`` exist everywhere)."""

    def run(script: str, user: str, author: str | None = None) -> FolderTrialValue:
        subprocess.run(["sh", "-euc", script], cwd=folder, check=True, capture_output=True)
        probe = FolderTrial(path=str(folder), user=user, author=author)
        done = subprocess.run(["sh", "-c", probe.command()], capture_output=True, text=True, check=False)
        return probe.parse(Raw(stdout=done.stdout, exit_code=done.returncode))

    return run


Tried = Callable[..., FolderTrialValue]


@trial
def test_access_lists_and_modes_are_what_counts(tried: Tried, folder: Path) -> None:
    rights = "chgrp -R daemon .; chmod -R u=rwX,g=rwX,o= .; setfacl -R -m u:games:rX ."
    assert tried(rights, "daemon") == WRITER
    assert tried(rights, "games") == READER
    assert tried(rights, "nobody") == NOTHING
    assert sorted(path.name for path in folder.rglob("*")) == ["mairie", "plan.dxf"], "nothing is left behind"


@trial
def test_rights_on_the_folder_alone_are_not_rights_on_what_it_holds(tried: Tried) -> None:
    found = tried("chmod -R go= .; chgrp daemon .; chmod g+rwx .", "daemon")
    assert (found.writes, found.reads, found.changes) == (True, False, False)


@trial
def test_what_is_made_is_shared_only_where_it_is_inherited(tried: Tried) -> None:
    plain = "chmod -R u=rwX,g=rwX,o= .; setfacl -R -m u:daemon:rwX -m u:games:rwX ."
    alone = tried(plain, "games", "daemon")
    assert (alone.shared, alone.changes_new) == (True, False)
    both = tried(plain + "; setfacl -R -d -m u:daemon:rwX -m u:games:rwX .", "games", "daemon")
    assert (both.shared, both.reads_new, both.changes_new) == (True, True, True)


@trial
def test_who_or_what_is_not_there_is_said(tried: Tried, folder: Path) -> None:
    assert not tried("true", "personne-ici").account
    assert not FolderTrial(path="/nowhere/at/all", user="daemon").parse(Raw(stdout="== no-folder\n")).folder
