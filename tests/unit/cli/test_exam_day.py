"""Exam days on the command line, with the real service, on simulated machines: from the roster to the purge."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.awaiting import LIMIT_S, await_
from tests.unit.cli.conftest import ROOT, CommandLine, roster

# A service that a command starts is meant to outlive it.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


def ready(room: CommandLine, folder: Path, slug: str, *options: str) -> None:
    """A session of three candidates, whose benches are ready."""
    room.well("create", slug, "--roster", roster(folder), *options)
    room.well("prepare", slug)


def printed(room: CommandLine, folder: Path, last_hash: str) -> None:
    """The minutes and the results of that day."""
    minutes, results = folder / "pv.pdf", folder / "resultats.csv"
    assert "--out" in room.session("minutes", "jour").err
    assert room.well("minutes", "jour", "--out", str(minutes), "--place", "Salle 204").out == f"[simulé] {minutes}\n"
    assert minutes.read_bytes().startswith(b"%PDF-")
    assert minutes.stat().st_mode & 0o077 == 0
    told = room.well("minutes", "jour", "--json").json
    assert (told["state"], told["journal"]["hash"], told["journal"]["intact"]) == ("closed", last_hash, True)
    assert [one["ended"] for one in told["attendance"]] == ["stopped", "early", "stopped"]
    assert {"[/red] alerte", "panne", "écran", "écran noir"} <= {one["why"] for one in told["happenings"]}
    room.well("results", "jour", "--out", str(results))
    assert len(results.read_text(encoding="utf-8-sig").splitlines()) == 1 + 3
    assert len(room.well("results", "jour", "--json").json["results"]) == 3
    assert room.session("results", "jour", "--out", str(folder / "pv.pdf" / "x")).code == 1


def sealed(room: CommandLine) -> list[Path]:
    """The dossiers of that day, sealed without a decision, verified and judged again."""
    too_early = room.session("seal", "jour", "--yes")
    assert too_early.code == 9
    assert "c01 : la décision du jury, signée" in too_early.err
    files = room.well("seal", "jour", "--yes", "--force", "--reason", "essai", "--json").json["dossiers"]
    assert [Path(name).name for name in files] == ["jour-c01.zip", "jour-c02.zip", "jour-c03.zip"]
    assert room.well("seal", "jour", "--json").json["dossiers"] == files
    verified = room.type("dossier", "verify", *files)
    assert (verified.code, verified.out.count("✓ [simulé]")) == (0, 3)
    assert "identique, octet pour octet" in room.type("dossier", "judge", files[0]).out
    assert room.states("jour")["c01"] == "frozen"
    return [Path(name) for name in files]


def examined(room: CommandLine) -> None:
    """The jury's hour of that day: an incident in the copy of c01's bench."""
    no_copy = room.session("inject", "jour", "c01", "compte-verrouille", "--yes")
    assert no_copy.code == 6
    assert "copie ouverte" in no_copy.err
    assert "session incidents jour --candidate c01" in room.well("open-copy", "jour", "c01").out
    offered = room.well("incidents", "jour", "--json").json["offered"]
    assert {"compte-verrouille", "cle-wifi"} <= {one["id"] for one in offered}
    unknown = room.session("inject", "jour", "c01", "compte", "--yes")
    assert unknown.code == 7
    assert "compte-verrouille" in unknown.err
    injected = room.well("inject", "jour", "c01", "compte-verrouille", "--yes", "--json").json
    assert (injected["state"], injected["number"], injected["simulated"]) == ("injected", 1, True)
    assert "c01 : compte-verrouille : non résolu" in room.well("verify-incident", "jour", "c01").out
    typed = room.data / "simulated" / "screens" / "ep-jour-c01-client.txt"
    typed.parent.mkdir(exist_ok=True)
    typed.write_text("reparer\n", encoding="utf-8")
    solved = room.well("verify-incident", "jour", "c01", "1", "--json").json["verification"]
    assert (solved["outcome"], solved["harm"]) == ("solved", [])
    assert "compte-verrouille" in room.well("incidents", "jour", "--candidate", "c01").out
    room.well("close-copy", "jour", "c01", "--yes")
    over = room.session("verify-incident", "jour", "c01", "1")
    assert over.code == 6
    kinds = [one["kind"] for one in room.well("journal", "jour", "--json").json["entries"]]
    assert kinds.count("incident-ended") == 1


def test_a_day_from_the_roster_to_the_purge(room: CommandLine, tmp_path: Path) -> None:
    ready(room, tmp_path, "jour", "--format", "ccp-bc02")
    assert room.service_pid() is not None  # nobody started it

    started = room.well("start", "jour")
    assert "[simulé] c02 : début de l'épreuve, fin à" in started.out
    twice = room.session("start", "jour")
    assert (twice.code, twice.out) == (6, "")
    assert "3 × en épreuve" in twice.err
    assert "--reason" in room.session("pause", "jour").err
    assert "c99" in room.session("pause", "jour", "--candidate", "c99", "--reason", "x").err

    paused = room.well("pause", "jour", "--candidate", "c01", "--reason", "[/red] alerte", "--json").json
    assert [event["kind"] for event in paused["events"]] == ["candidate-paused"]
    assert paused["simulated"] is True
    extended = room.session("extend", "jour", "--minutes", "10", "--reason", "panne", "--candidate", "c01")
    assert "temps accordé : 10 min" in extended.out
    assert "fin à" not in extended.out  # paused: nobody knows
    assert "reprise du candidat, fin à" in room.well("resume", "jour", "--candidate", "c01").out
    assert (
        room.well("move", "jour", "c03", "--seat", "Z9", "--reason", "écran").out
        == "[simulé] c03 : déplacé : place Z9\n"
    )

    unknown = room.session("reset-machine", "jour", "c01", "client", "--to", "p9", "--reason", "x", "--yes")
    assert unknown.code == 6
    assert "Reprises possibles : start" in unknown.err
    assert "server, client, ap" in room.session("reset-machine", "jour", "c01", "nas", "--reason", "x", "--yes").err
    reset = room.well("reset-machine", "jour", "c01", "client", "--reason", "écran noir", "--yes")
    assert "réinitialisation 1 faite" in reset.out
    undone = room.session("reset-machine", "jour", "c01", "client", "--to", "a1", "--reason", "non", answer="o")
    assert undone.code == 0, undone.err

    asked = room.session("finish", "jour", "c02", answer="n")
    assert asked.code == 130
    assert "c02 rend-il vraiment" in asked.err
    assert room.states("jour")["c02"] == "running"
    too_early = room.session("close", "jour", "--yes")
    assert too_early.code == 6
    assert "c01, c02, c03" in too_early.err

    room.well("finish", "jour", "c02", "--yes")
    assert "c01 figé" in room.well("freeze", "jour", "--reason", "fin", "--yes").err
    await_(lambda: set(room.states("jour").values()) == {"frozen"}, "all frozen")
    listed = {one["session"]: one for one in room.well("list", "--json").json}["jour"]
    assert (listed["frozen"], listed["present"], listed["state"]) == (3, 3, "frozen")

    room.well("jury", "jour")
    examined(room)
    closed = room.well("close", "jour", "--yes").out
    assert "Données personnelles gardées jusqu'au" in closed
    journal = room.well("journal", "jour", "--verify").out
    assert "[/red] alerte" in journal
    assert "Le journal est intact." in journal
    assert closed.split()[-1] in journal
    printed(room, tmp_path, closed.split()[-1])
    dossiers = sealed(room)

    early = room.session("purge", "jour", "--yes")
    assert early.code == 6
    assert "--early" in early.err
    copy = room.data / "simulated" / "epreuve.db.replaced-20260101T000000Z"
    copy.write_bytes(b"")
    purged = room.well("purge", "jour", "--early", "--reason", "essai", "--yes", "--json").json
    assert (purged["candidates_removed"], purged["copies_not_reached"]) == (3, [str(copy)])
    assert str(copy) in room.well("purge", "jour", "--early", "--reason", "essai", "--yes").out
    copy.unlink()
    await_(lambda: not any(path.exists() for path in dossiers), "the dossiers are deleted")
    assert [one["surname"] for one in room.well("candidates", "jour", "--json").json["candidates"]] == [None] * 3


def test_the_bell_rings_by_itself_and_the_killed_service_is_explained(room: CommandLine, tmp_path: Path) -> None:
    ready(room, tmp_path, "cloche", "--format", "ccp-bc02", "--clock-speed", "1000")
    room.well("start", "cloche")
    pid = room.service_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await_(lambda: room.service_pid() is None, "the service is gone")
    stopped = room.well("status", "cloche")
    assert "Le service ne tourne pas : epreuve service start --simulated" in stopped.out

    moved = room.well("move", "cloche", "c01", "--seat", "Z1")  # any order starts it again
    assert "déplacé" in moved.out
    assert room.service_pid() not in (None, pid)
    await_(lambda: set(room.states("cloche").values()) == {"frozen"}, "everybody's bell")
    journal = room.well("journal", "cloche", "--verify", "--json").json
    assert journal["problems"] == []
    bells = [entry for entry in journal["entries"] if entry["kind"] == "bell-rung"]
    assert sorted(entry["candidate"] for entry in bells) == ["c01", "c02", "c03"]
    assert all(entry["data"]["late_s"] >= 0 for entry in bells)
    kinds = [entry["kind"] for entry in journal["entries"]]
    assert kinds.index("service-started") > kinds.index("candidate-started")  # the one that was started again


def test_there_is_never_a_second_service(room: CommandLine) -> None:
    pid = json.loads(room.type("service", "start", "--simulated", "--json").out)["pid"]
    second = room.process("service", "run")
    _, said = second.communicate(timeout=LIMIT_S)
    assert second.returncode == 6
    assert "Le service tourne déjà." in said
    again = room.type("service", "start", "--simulated", "--json").json
    assert (again["pid"], again["already"]) == (pid, True)


def test_two_supervisors_at_once(room: CommandLine, tmp_path: Path) -> None:
    ready(room, tmp_path, "deux")
    starts = [room.process("session", "start", "deux") for _ in range(2)]
    said = [process.communicate(timeout=LIMIT_S) for process in starts]
    assert sorted(process.returncode for process in starts) == [0, 6]
    assert sum("début de l'épreuve" in out for out, _ in said) == 1
    before = {one["id"]: one["allotted_s"] for one in room.well("status", "deux", "--json").json["candidates"]}
    extends = [room.process("session", "extend", "deux", "--minutes", "5", "--reason", "panne") for _ in range(2)]
    for process in extends:
        process.communicate(timeout=LIMIT_S)
    assert [process.returncode for process in extends] == [0, 0]
    after = {one["id"]: one["allotted_s"] for one in room.well("status", "deux", "--json").json["candidates"]}
    assert after == {name: seconds + 600 for name, seconds in before.items()}


def test_prepare_interrupted_goes_on_without_the_supervisor(room: CommandLine, tmp_path: Path) -> None:
    room.well("create", "ctrlc", "--roster", roster(tmp_path, 15))
    process = room.process("session", "prepare", "ctrlc")
    assert process.stderr is not None
    assert any(text.startswith("[simulé] ✓ c") for text in iter(process.stderr.readline, ""))  # the first is ready
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    assert "Le service continue sans vous : epreuve session status ctrlc --simulated" in said
    again = room.well("prepare", "ctrlc")  # waits for the rest
    assert "Tous les postes sont prêts." in again.out
    assert set(room.states("ctrlc").values()) == {"ready"}
    assert room.well("close", "ctrlc", "--yes").out.startswith("[simulé] session close")  # nobody came: cancelled


def test_a_backup_of_an_exam_under_way_is_restored_elsewhere(room: CommandLine, tmp_path: Path) -> None:
    ready(room, tmp_path, "copie")
    room.well("start", "copie")
    copy = tmp_path / "copie.db"
    made = room.type("backup", str(copy), "--simulated", "--json").json
    assert made["problems"] == []
    assert copy.stat().st_mode & 0o777 == 0o600
    again = room.type("backup", str(copy), "--simulated")
    assert again.code == 8
    in_use = room.type("restore", str(copy), "--yes", "--simulated")
    assert in_use.code == 8
    assert "Arrêtez le service" in in_use.err

    elsewhere = CommandLine(tmp_path / "elsewhere")
    restored = elsewhere.type("restore", str(copy), "--yes", "--simulated", "--json").json
    assert (restored["sessions"], restored["replaced"]) == (made["sessions"], None)
    assert elsewhere.states("copie") == {"c01": "running", "c02": "running", "c03": "running"}
    assert "Le journal est intact." in elsewhere.well("journal", "copie", "--verify").out


def test_watch_follows_the_exam_until_ctrl_c(room: CommandLine, tmp_path: Path) -> None:
    room.well("create", "ecran", "--roster", roster(tmp_path))
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestrator", "session", "status", "ecran", "--watch", "--simulated"],
        cwd=ROOT,
        env={**os.environ, **room.environment, "TERM": "xterm"},
        stdin=end,
        stdout=end,
        stderr=end,
    )
    os.close(end)
    seen = b""

    def screens() -> bool:
        nonlocal seen
        seen += os.read(terminal, 4096)
        return seen.count("[simulé] ecran".encode()) >= 2

    await_(screens, "a second screen")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=LIMIT_S) == 0
    os.close(terminal)


def test_the_jurys_part_phase_by_phase(room: CommandLine, tmp_path: Path) -> None:
    """A format without a practical: no bench, no start; phases, and the closing."""
    made = room.well("create", "oral", "--roster", roster(tmp_path), "--format", "ccp-bc01").out
    assert "sans pratique" in made
    assert "phase list oral" in made
    assert "prise-de-connaissance" in room.well("phase", "list", "oral").out
    assert "Personne n'a encore commencé" in room.well("phase", "list", "oral").out
    begun = room.well("phase", "begin", "oral", "c02", "prise-de-connaissance").out
    assert "passage devant le jury" in begun
    assert "(20 min prévues)" in begun  # a third more
    twice = room.session("phase", "begin", "oral", "c02", "entretien-technique")
    assert twice.code == 6
    assert "est en cours" in twice.err
    unknown = room.session("phase", "begin", "oral", "c01", "etape-9")
    assert (unknown.code, "mise-en-situation" in unknown.err) == (2, True)
    assert room.session("close", "oral", "--yes").code == 6
    assert "fin de la phase" in room.well("phase", "end", "oral", "c02").out
    told = room.well("phase", "list", "oral", "--json").json
    assert [(one["candidate"], one["phase"], one["allotted_s"]) for one in told["taken"]] == [
        ("c02", "prise-de-connaissance", 1200)
    ]
    assert "--reason" in room.session("phase", "begin", "oral", "c02", "prise-de-connaissance").err
    room.well("absent", "oral", "c03")
    assert "session close" in room.well("close", "oral", "--yes").out


def test_benches_for_the_jurys_part_alone(room: CommandLine, tmp_path: Path) -> None:
    room.well("create", "bancs", "--roster", roster(tmp_path), "--format", "ccp-bc01")
    prepared = room.well("prepare", "bancs").out
    assert "phase begin bancs c01 prise-de-connaissance" in prepared
    await_(lambda: set(room.states("bancs").values()) == {"frozen"}, "all kept for the jury")
    assert "prêts" in room.well("prepare", "bancs").out  # again: nothing more to do
