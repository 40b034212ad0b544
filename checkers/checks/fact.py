"""The check that a trainer writes without programming: a condition on what a probe finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidationError, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import InitErrorDetails

from checkers.check import Check, Unseen, View, Wait
from checkers.checks._silence import awake, need_awake
from checkers.expect.condition import Condition
from checkers.expect.evaluate import evaluate
from checkers.expect.fit import faults
from checkers.expect.kinds import record
from checkers.expect.truth import Truth
from checkers.facts import Again
from checkers.parsers.clean import clip
from checkers.probe import Probe, Question
from checkers.probes.catalog import FACTS, PROBES, facts_meant
from checkers.verdict import Finding, failed, passed
from labs.faults import told
from labs.problems import one_of
from labs.text import Text

MAX_REASON = 900
"""Characters of a reason."""


class FactIs(Check):
    """What a probe finds is as expected: all of it, or no points.

    probe, args: the question, as ``epreuve lab probes`` lists them. expect: a condition on the answer (see "Your own
    expectations" in Writing a lab). wait: the question is asked again while the answer is not as expected; the first
    one that is decides, else the last. A machine that was still starting makes it inconclusive rather than failed.
    """

    kind: ClassVar[str] = "fact"
    about: ClassVar[Text] = Text("ce qu'une sonde trouve est comme attendu", "what a probe finds is as expected")
    minds_unseen: ClassVar[bool] = True

    on: str
    probe: Annotated[str, WithJsonSchema({"type": "string", "enum": sorted(FACTS)})]
    args: dict[str, Any] = Field(default_factory=dict)
    expect: Condition
    wait: Wait | None = None

    @field_validator("probe")
    @classmethod
    def _known(cls, value: str) -> str:
        if value in FACTS:
            return value
        what = Text(f"sonde inconnue « {value} »", f"unknown probe “{value}”")
        if value in PROBES:
            what = Text(
                f"la sonde « {value} » a un contrôle à elle : son silence ne prouve rien à lui seul",
                f"probe “{value}” has a check of its own: its silence proves nothing by itself",
            )
        raise _error([told("unknown-probe", (), what, facts_meant(value))])

    @field_validator("args")
    @classmethod
    def _asked(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        probe = FACTS.get(info.data.get("probe", ""))
        if probe is None:
            return value
        fields = probe.model_fields
        unknown = [
            told(
                "unknown-key",
                (name,),
                Text(f"la sonde ne prend pas « {name} »", f"the probe does not take “{name}”"),
                one_of(fields, name),
            )
            for name in value
            if name not in fields
        ]
        try:
            probe.model_validate({name: given for name, given in value.items() if name in fields})
        except ValidationError as error:
            unknown += [
                InitErrorDetails(type=one["type"], loc=one["loc"], input=one["input"], ctx=one.get("ctx", {}))
                for one in error.errors(include_url=False)
            ]
        if unknown:
            raise _error(unknown)
        return value

    @field_validator("expect")
    @classmethod
    def _fits(cls, value: Condition, info: ValidationInfo) -> Condition:
        probe = FACTS.get(info.data.get("probe", ""))
        wrong = list(faults(value, record(probe.value))) if probe is not None else []
        if wrong:
            raise _error(wrong)
        return value

    def _question(self) -> Probe[Any]:
        return FACTS[self.probe].model_validate(self.args)

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, self._question()), awake(self.on)]

    def patience(self) -> Wait | None:
        return self.wait

    def judge(self, view: View) -> Finding:
        if self.wait is None:
            return self._judge(view)
        found: Finding | Unseen | None = None
        for number in view.rounds(self.questions()):
            try:
                found = self._judge(view.at_round(number))
            except Unseen as unseen:
                found = unseen
            else:
                if found.score == 1:
                    break
        again = view.asked_again(Question(self.on, self._question()))
        if isinstance(found, Unseen):
            raise Unseen(_asked(again, found.why))
        assert found is not None  # noqa: S101 - there is always the first round
        return replace(found, reason=_asked(again, found.reason))

    def _judge(self, view: View) -> Finding:
        probe = self._question()
        result = evaluate(self.expect, view.see(self.on, probe), record(probe.value))
        reason = Text(
            clip(f"{probe.about.fr} : {result.clause.fr}", MAX_REASON),
            clip(f"{probe.about.en}: {result.clause.en}", MAX_REASON),
        )
        if result.truth is Truth.HOLDS:
            return passed(reason)
        if result.truth is Truth.UNSEEN:
            raise Unseen(reason)
        need_awake(view, self.on)
        view.need_every_link(self.on)  # nobody knows what a trainer's expectation depends on
        return failed(reason)


def _asked(again: Again | None, reason: Text) -> Text:
    """How often it was asked, before the reason; nothing when it was asked once."""
    if again is None:
        return reason
    times = again.times + 1
    return Text(f"demandé {times} fois ; {reason.fr}", f"asked {times} times; {reason.en}")


def _error(problems: list[InitErrorDetails]) -> ValidationError:
    return ValidationError.from_exception_data("fact", problems)
