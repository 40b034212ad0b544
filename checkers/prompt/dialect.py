"""The dialect of devices with a Cisco-like prompt: one line a question, for ``checkers.channels.prompt_lines``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from checkers.batch import STDOUT_LIMIT
from checkers.channel import ChannelError, ExecResult
from checkers.channels.prompt_lines import ANSWERS, ARGV, ASKED, Line, Said
from checkers.dialect import Dialect, Order, Twin
from checkers.facts import Raw
from checkers.probe import Probe, Question
from checkers.prompt.twins import TWINS
from labs.text import Text

_WEAK = re.compile(
    r"(?im)^(.*\b(?:password|secret|key|key-string|md5|community|encrypted|wpa-psk[ ]+(?:ascii|hex))[ ]+)"
    r"7[ ]+[0-9a-f]{4,}"
)
"""A password "of type 7", in a configuration: everybody can read it, so it is not kept."""


class CiscoDialect(Dialect):
    """IOS, and what speaks like it. The prompt is an administrator's; what is said there only shows."""

    name = "cisco"
    title = Text("un appareil à invite de type Cisco", "a device with a Cisco-like prompt")

    def twin(self, probe: Probe[Any]) -> Twin[Any] | None:
        return TWINS.get(type(probe))

    def order(
        self, questions: Sequence[Question], *, parallel: bool = False, environment: Mapping[str, str] | None = None
    ) -> Order:
        asked = [
            Line(line=TWINS[type(one.probe)].command(one.probe), limit_s=self.limit_s(one.probe)) for one in questions
        ]
        return Order(ARGV, ASKED.dump_json(asked), sum(one.limit_s for one in asked))

    def answers(self, result: ExecResult, count: int) -> dict[int, Raw]:
        try:
            said = ANSWERS.validate_json(result.stdout)
        except ValidationError as error:
            raise ChannelError(
                Text("la réponse de l'appareil est illisible", "the device's answer cannot be read")
            ) from error
        return {number: _raw(one) for number, one in enumerate(said[:count])}


def _raw(said: Said) -> Raw:
    text = _WEAK.sub(r"\g<1>7 …", said.text)
    return Raw(
        stdout=text[:STDOUT_LIMIT],
        exit_code=None if said.late or said.cut else 0,  # a prompt tells none
        duration_ms=said.ms,
        timed_out=said.late,
        truncated=said.cut or len(text) > STDOUT_LIMIT,
    )


CISCO = CiscoDialect()
