"""Asking all the questions of an observation, each place in one batch, through the first channel that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import rfc8785

from checkers.channel import Agent, ChannelError
from checkers.dialect import OWN, SHELL, Dialect
from checkers.facts import Fact, Raw
from checkers.probe import Probe, Question, Unreadable, unique
from checkers.redaction import Redaction
from labs.text import Text

PLACE_LIMIT_S = 120.0
"""Seconds after which nothing more is asked at one place."""


@dataclass(frozen=True)
class Channel:
    """A way to a place. name: as it stands in the evidence (``agent``, ``ssh``, ``winrm``, ``disk``, ``witness``,
    ``radio``). dialect: the one in which questions are put there."""

    name: str
    agent: Agent
    dialect: Dialect = SHELL


@dataclass(frozen=True)
class Place:
    """Somewhere questions can be asked: its channels in order of preference. ``parallel``: it mostly waits."""

    at: str
    channels: Sequence[Channel]
    parallel: bool = False
    trouble: Text | None = None
    """Why it cannot be asked, when that is known beforehand; what its channels can be asked all the same, they are."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """The session's secrets, to be redacted from every output."""
    reveal: bool = False
    """Whether the commands asked here may use the secrets (``SECRET_NAME`` in their environment). Only for places that
    the candidate does not administer."""

    @property
    def environment(self) -> dict[str, str]:
        """What the commands asked here find in their environment."""
        return {f"SECRET_{name.upper()}": value for name, value in self.secrets.items()} if self.reveal else {}


_SILENT = Text("aucun canal vers cette machine ne répond", "no channel to this machine answers")
_LATE = Text("la machine n'a pas répondu à temps", "the machine did not answer in time")
_WRONG_KIND = Text("cette question ne peut pas être posée à {fr}", "this question cannot be put to {en}")


def observe(questions: Sequence[Question], places: Sequence[Place], limit_s: float = PLACE_LIMIT_S) -> list[Fact]:
    """Ask every question once; one fact each, seen or not, in the order asked. Never raises for a machine's fault.

    limit_s: what asking may take at each place.
    """
    asked = unique(questions)
    by_place = {place.at: place for place in places}
    groups: dict[str, list[Question]] = {}
    for question in asked:
        groups.setdefault(question.at, []).append(question)
    missing = Text(
        "ce point d'observation n'existe pas sur ce poste", "this vantage point does not exist on this bench"
    )

    def one(at: str) -> dict[str, Fact]:
        place = by_place.get(at, Place(at, [], trouble=missing))
        return {fact.key: fact for fact in _ask_place(place, groups[at], limit_s)}

    facts: dict[str, Fact] = {}
    with ThreadPoolExecutor(max_workers=max(1, len(groups)), thread_name_prefix="observe") as pool:
        for answered in pool.map(one, groups):
            facts.update(answered)
    return [facts[question.key] for question in asked]


def _ask_place(place: Place, questions: list[Question], limit_s: float) -> list[Fact]:
    trouble = Redaction(place.secrets).why(place.trouble)  # it may quote what the machine said
    if trouble is not None and not place.channels:
        return [unseen(question, trouble, "none") for question in questions]
    deadline = monotonic() + limit_s
    why: dict[str, Text] = {}
    left = list(questions)
    facts: list[Fact] = []
    for channel in place.channels:
        can = [question for question in left if channel.dialect.twin(question.probe) is not None]
        if not can or not channel.agent.ping():
            continue
        answers = _ask(channel, can, place, deadline)
        facts += [
            fact_of(question, answers[question.key], channel.name, place.secrets, channel.dialect)
            for question in can
            if question.key in answers
        ]
        why.update((question.key, _LATE) for question in can)
        left = [question for question in left if question.key not in answers]
    dialect = place.channels[0].dialect if place.channels else SHELL
    return facts + [
        unseen(question, why.get(question.key) or trouble or _not_asked(place, question), "none", dialect)
        for question in left
    ]


def _not_asked(place: Place, question: Question) -> Text:
    """Why a question was put through no channel."""
    if place.channels and all(channel.dialect.twin(question.probe) is None for channel in place.channels):
        return _WRONG_KIND.format(fr=place.channels[0].dialect.title.fr, en=place.channels[0].dialect.title.en)
    return _SILENT


def _ask(channel: Channel, questions: list[Question], place: Place, deadline: float) -> dict[str, Raw]:
    """Answers by key. When a batch fails as a whole it is asked again in halves: one bad command spoils only itself."""
    remaining = deadline - monotonic()
    if not questions or remaining <= 1:
        return {}
    order = channel.dialect.order(questions, parallel=place.parallel, environment=place.environment)
    try:
        result = channel.agent.run(order.argv, stdin=order.stdin, timeout_s=min(order.timeout_s, remaining))
        found = channel.dialect.answers(result, len(questions))
    except ChannelError:
        if len(questions) == 1 or not channel.agent.ping():
            return {}
        half = len(questions) // 2
        return {
            **_ask(channel, questions[:half], place, deadline),
            **_ask(channel, questions[half:], place, deadline),
        }
    return {questions[index].key: raw for index, raw in found.items()}


def fact_of(question: Question, raw: Raw, channel: str, secrets: Mapping[str, str], dialect: Dialect = SHELL) -> Fact:
    """The fact in an output, without secrets; unseen with the reason when it says nothing."""
    redaction = Redaction(secrets)
    value, why = value_of(question.probe, redaction.readable(raw), dialect)
    twin = dialect.twin(question.probe) or OWN
    return Fact(
        key=question.key,
        at=question.at,
        probe=question.probe.name,
        args=question.probe.args(),
        status="unseen" if why else "seen",
        value=redaction.value(value),
        why=redaction.why(why),
        command=twin.command(question.probe),
        raw=redaction.kept(raw),
        channel=channel,
        taken_at=datetime.now(UTC),
    )


def value_of(probe: Probe[Any], raw: Raw, dialect: Dialect = SHELL) -> tuple[Any, Text | None]:
    """The value in an output that is redacted already, as JSON; None and the reason when it says nothing."""
    if raw.timed_out:
        return None, Text("la commande a dépassé son temps limite", "the command ran past its time limit")
    if raw.truncated:
        return None, Text(
            "la sortie de la commande est trop longue pour être lue",
            "the command's output is too long to read",
        )
    try:
        value = (dialect.twin(probe) or OWN).parse(probe, raw).model_dump(mode="json")
        rfc8785.dumps(value)  # evidence is hashed in canonical JSON, which knows no integer beyond 2**53
    except Unreadable as unreadable:
        return None, unreadable.why
    except Exception as error:  # noqa: BLE001 - whatever stumbles over a candidate's text, only its question is lost
        return None, Text(
            "la sortie de la commande est illisible ({kind})",
            "the command's output cannot be read ({kind})",
        ).format(kind=type(error).__name__)
    return value, None


def unseen(question: Question, why: Text, channel: str, dialect: Dialect = SHELL) -> Fact:
    """The fact that nothing could be seen, and why."""
    twin = dialect.twin(question.probe)
    return Fact(
        key=question.key,
        at=question.at,
        probe=question.probe.name,
        args=question.probe.args(),
        status="unseen",
        why=why,
        command=twin.command(question.probe) if twin is not None else "",
        channel=channel,
        taken_at=datetime.now(UTC),
    )
