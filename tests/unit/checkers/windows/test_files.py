"""Files and volumes of Windows."""

from __future__ import annotations

import pytest

from checkers.checks.files import FileContentIs, FileDigestIs
from checkers.checks.mounts import FolderIsMounted
from checkers.checks.space import SpaceIsFree
from tests.unit.checkers.windows.judging import golden, judged


@pytest.mark.parametrize(
    ("case", "encrypted", "outcome"),
    [
        ("client-bitlocker", True, "PASS"),
        ("client-bitlocker", False, "PART"),
        ("client-suspended", True, "PART"),  # its key lies open on the disk
        ("client-suspended", False, "PASS"),
        ("server-no-bitlocker", True, "PART"),
        ("server-nothing", True, "FAIL"),
    ],
)
def test_an_encrypted_volume(case: str, encrypted: bool, outcome: str) -> None:
    check = FolderIsMounted.model_validate({"on": "client", "path": "C:", "encrypted": encrypted})
    found = judged(check, {"mount": golden("mount", case)}).outcome
    assert found == outcome or (outcome == "PART" and found == "FAIL")


def test_a_locked_volume_is_encrypted() -> None:
    answer = golden("mount", "client-bitlocker") | {"locker": {"protection": 2}}
    check = FolderIsMounted.model_validate({"on": "client", "path": "C:", "encrypted": True, "file_system": "ntfs"})
    assert judged(check, {"mount": answer}).outcome == "PASS"


def test_the_lines_of_a_file_end_as_anywhere() -> None:
    answer = {"file-content": golden("file-content", "client-hosts")}
    hosts = r"C:\Windows\System32\drivers\etc\hosts"
    for contains, outcome in (("hosts\n192.168.50.10", "PASS"), ("192.168.50.11", "FAIL")):
        check = FileContentIs.model_validate({"on": "client", "path": hosts, "contains": contains})
        assert judged(check, answer).outcome == outcome


def test_digest_and_room() -> None:
    digest = FileDigestIs.model_validate(
        {"on": "server", "path": r"D:\Donnees\releve.csv", "sha256": golden("file-digest", "server-file")["sha256"]}
    )
    assert judged(digest, {"file-digest": golden("file-digest", "server-file")}).outcome == "PASS"
    assert judged(digest, {"file-digest": golden("file-digest", "client-absent")}).outcome == "FAIL"
    room = SpaceIsFree.model_validate({"on": "server", "path": r"D:\Partages", "free_mib": 17000})
    assert judged(room, {"free-space": golden("free-space", "server-data")}).outcome == "PASS"
    assert judged(room, {"free-space": golden("free-space", "server-data") | {"free": 2**30}}).outcome == "FAIL"
