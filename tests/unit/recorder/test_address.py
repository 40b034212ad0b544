"""A Windows machine by its address: recorded over WinRM, with a test server that plays it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkers.channels.winrm_ import Account, Trust
from checkers.goldens.compare import compare
from checkers.goldens.files import WindowsGolden, read_goldens
from orchestrator.recorder.address import WinRm, address_targets
from orchestrator.recorder.recording import Recording
from orchestrator.recorder.reference import reference
from tests.wsman.server import PASSWORD, USER, identity, wsman
from tests.wsman.windows import Windows, answers


def test_what_it_answers_is_recorded_and_has_the_documented_shape(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = tmp_path / "ntlm"
    accounts.write_text(f":{USER}:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(accounts))
    certificate = identity(tmp_path, "srv")
    recording = Recording(out, "solved")
    with wsman(certificate, Windows(answers("host-name/server-solved"))) as served:
        way = WinRm("127.0.0.1", Account(USER, PASSWORD), Trust(certificate.fingerprint), served.port)
        with address_targets("server", way, []) as found:
            for target in found:
                list(recording.record(target, ["host-name", "addresses"]))
    recording.require()
    assert {answer.fact.probe: answer.fact.status for answer in recording.answers} == {
        "host-name": "seen",
        "addresses": "unseen",
    }
    assert [one.path.as_posix() for one in read_goldens(out)] == ["windows/host-name/server-solved.json"]
    golden = recording.files[0].golden
    assert isinstance(golden, WindowsGolden)
    assert golden.source == "recorded"
    assert golden.answer == {"running": "SRV-KERBRAS", "pending": "SRV-KERBRAS", "host_name": "srv-kerbras"}
    compared = compare(recording.files, reference(None))
    assert compared.compared
    assert compared.differences == ()
    summary = recording.finish("server").read_text("utf-8")
    assert "CommandNotFoundException" in summary, "what it did not know is told"
