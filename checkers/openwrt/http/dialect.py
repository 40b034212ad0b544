"""The dialect of OpenWrt devices over HTTPS: the calls of a whole batch, for ``checkers.channels.ubus``."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from checkers.batch import STDOUT_LIMIT
from checkers.channel import ChannelError, ExecResult
from checkers.channels.ubus import ANSWERS, ARGV, ASKED, Answer, Ask, Call
from checkers.dialect import Dialect, Order, Twin
from checkers.facts import Raw
from checkers.openwrt.http.twin import UbusTwin
from checkers.openwrt.http.twins import NOBODY, TWINS
from checkers.probe import Probe, Question
from labs.text import Text

_SLOT = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
_PRIVATE = re.compile(r"passw|passphrase|secret|private|preshared|username", re.IGNORECASE)
"""Options whose values are nobody's business: of accounts at a provider, of tunnels, of the page."""
_KEPT = ("root", "$p$root")
"""Of those, the values that tell whether root's password is also the page's."""
_SIGN_IN_S = 10.0


class OpenWrtHttpDialect(Dialect):
    """OpenWrt 21.02 and later, with LuCI."""

    name = "openwrt"
    title = Text("un appareil OpenWrt par HTTPS", "an OpenWrt device over HTTPS")

    def twin(self, probe: Probe[Any]) -> Twin[Any] | None:
        return TWINS.get(type(probe))

    def order(
        self, questions: Sequence[Question], *, parallel: bool = False, environment: Mapping[str, str] | None = None
    ) -> Order:
        words = {**(environment or {}), NOBODY: secrets.token_hex(16)}
        asked = [
            Ask(
                limit_s=self.limit_s(one.probe),
                calls=tuple(_filled(call, words) for call in self._calls(one.probe)),
            )
            for one in questions
        ]
        return Order(ARGV, ASKED.dump_json(asked), sum(one.limit_s for one in asked) + _SIGN_IN_S)

    def answers(self, result: ExecResult, count: int) -> dict[int, Raw]:
        try:
            answers = ANSWERS.validate_json(result.stdout)
        except ValidationError as error:
            raise ChannelError(
                Text("la réponse de l'appareil est illisible", "the device's answer cannot be read")
            ) from error
        return {number: _raw(answer) for number, answer in enumerate(answers[:count])}

    def _calls(self, probe: Probe[Any]) -> tuple[Call, ...]:
        twin = TWINS[type(probe)]
        assert isinstance(twin, UbusTwin)  # noqa: S101 - they all are
        return twin.calls(probe)


def _filled(call: Call, words: Mapping[str, str]) -> Call:
    """A call with the words that its arguments name."""

    def fill(value: Any) -> Any:
        return _SLOT.sub(lambda slot: words[slot[1]], value) if isinstance(value, str) else value

    return call.model_copy(update={"args": {key: fill(value) for key, value in call.args.items()}})


def _raw(answer: Answer) -> Raw:
    lines = [
        json.dumps({"status": one.status, "data": _without_private(one.data)}, ensure_ascii=False)
        for one in answer.told
    ]
    text = "\n".join(lines)
    return Raw(
        stdout=text[:STDOUT_LIMIT],
        exit_code=None if answer.late else 0,
        duration_ms=answer.ms,
        timed_out=answer.late,
        truncated=len(text) > STDOUT_LIMIT,
    )


def _without_private(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_private(one) for one in value]
    if isinstance(value, dict):
        return {
            key: "…" if _PRIVATE.search(key) and one not in _KEPT else _without_private(one)
            for key, one in value.items()
        }
    return value


OPENWRT_HTTP = OpenWrtHttpDialect()
