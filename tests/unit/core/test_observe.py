"""Observing: which channel answers, what becomes unseen, and that nothing secret stays in a fact."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from checkers.channel import ChannelError, ExecResult
from checkers.facts import Raw
from checkers.observe import Channel, Place, observe
from checkers.probe import Question
from checkers.secrets import token
from labs.text import Text

from .conftest import LocalShell
from .probes import Said, Say


class Broken(LocalShell):
    """Answers a ping, then nothing."""

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        self.calls += 1
        raise ChannelError(Text("coupé", "cut"))


class Choking(LocalShell):
    """Fails on any batch that holds a poisonous command, as a machine that hangs on one command would."""

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        if b"poison" in stdin:
            self.calls += 1
            return ExecResult(None, b"", b"", timed_out=True)
        return super().run(argv, stdin=stdin, timeout_s=timeout_s)


def test_the_second_channel_is_used_when_the_first_is_dead(shell: LocalShell) -> None:
    dead = LocalShell()
    dead.alive = False
    [fact] = observe([Question("m", Say(does="echo a"))], [Place("m", [Channel("agent", dead), Channel("ssh", shell)])])
    assert (fact.status, fact.channel) == ("seen", "ssh")


def test_the_second_channel_is_used_when_the_first_breaks(shell: LocalShell) -> None:
    [fact] = observe(
        [Question("m", Say(does="echo a"))], [Place("m", [Channel("agent", Broken()), Channel("ssh", shell)])]
    )
    assert (fact.status, fact.channel) == ("seen", "ssh")


def test_no_channel_means_unseen_with_the_reason() -> None:
    dead = LocalShell()
    dead.alive = False
    [fact] = observe([Question("m", Say(does="echo a"))], [Place("m", [Channel("agent", dead)])])
    assert fact.status == "unseen"
    assert "aucun canal" in fact.why.fr


def test_a_place_that_does_not_exist_is_unseen() -> None:
    [fact] = observe([Question("ailleurs", Say(does="echo a"))], [])
    assert fact.status == "unseen"


def test_one_poisonous_command_spoils_only_itself() -> None:
    commands = [*(f"echo {n}" for n in range(7)), "echo poison"]
    facts = observe([Question("m", Say(does=c)) for c in commands], [Place("m", [Channel("agent", Choking())])])
    assert [fact.args["does"] for fact in facts if fact.status == "unseen"] == ["echo poison"]


class Stumbling(Say):
    """Its reader meets what nobody thought of."""

    def parse(self, raw: Raw) -> Said:
        raise csv.Error("field larger than field limit")


def test_a_reader_that_stumbles_spoils_only_its_question(shell: LocalShell) -> None:
    asked = [Question("m", Stumbling(does="echo a")), Question("m", Say(does="echo b"))]
    facts = observe(asked, [Place("m", [Channel("agent", shell)])])
    assert [fact.status for fact in facts] == ["unseen", "seen"]
    assert "Error" in facts[0].why.fr


def test_a_question_asked_twice_is_one_fact(shell: LocalShell) -> None:
    question = Question("m", Say(does="echo a"))
    assert len(observe([question, question], [Place("m", [Channel("agent", shell)])])) == 1


def test_secrets_are_redacted_and_only_revealed_where_allowed(shell: LocalShell) -> None:
    secrets = {"wifi": "Tkhd=Rnfg=Gbjp"}
    asked = Say(does='echo "cle=Tkhd=Rnfg=Gbjp env=$SECRET_WIFI"')
    hidden, shown = observe(
        [Question("m", asked), Question("wire:lan", asked)],
        [
            Place("m", [Channel("agent", shell)], secrets=secrets),
            Place("wire:lan", [Channel("witness", shell)], secrets=secrets, reveal=True),
        ],
    )
    assert hidden.value["text"] == f"cle={token('wifi')} env=\n"
    assert shown.value["text"] == f"cle={token('wifi')} env={token('wifi')}\n"
    assert "Tkhd" not in shown.raw.stdout
