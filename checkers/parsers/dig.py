"""What ``dig +noall +comments +question +answer`` prints, for one or several queries.

Source: dig(1); presentation format of records, RFC 1035 section 5.1.
"""

from __future__ import annotations

import re
from typing import Literal

from checkers.probe import Value

MAX_RECORDS = 200
_STATUS = re.compile(r"^;; ->>HEADER<<- opcode: QUERY, status: ([A-Z]{1,16}),")
_FLAGS = re.compile(r"^;; flags: ([a-z ]{0,40});")
_QUESTION = re.compile(r"^;(\S{1,255})\s+IN\s+(\S{1,12})$")
_RECORD = re.compile(r"^([^\s;]\S{0,254})\s+[0-9]{1,10}\s+IN\s+([A-Z0-9]{1,12})\s+(.{1,1000})$")


class Record(Value):
    """A resource record; names in lower case with the final dot."""

    name: str
    type: str
    data: str


class Answer(Value):
    """The answer to one query. authoritative: the server says that the data is its own (flag aa)."""

    name: str
    type: str
    status: str
    authoritative: bool
    records: tuple[Record, ...] = ()


class Dig(Value):
    """silence: "" when the server answered, else how it did not: the port is closed, or nothing came back."""

    answers: tuple[Answer, ...] = ()
    silence: Literal["", "refused", "timeout"] = ""

    def not_seen(self) -> frozenset[str]:
        return frozenset({"answers"} if self.silence == "timeout" else ())

    def answer(self, name: str, type_: str) -> Answer | None:
        """The answer to a query."""
        wanted = (fqdn(name), type_)
        return next((answer for answer in self.answers if (answer.name, answer.type) == wanted), None)


def fqdn(name: str) -> str:
    """A name as compared: lower case, with the final dot."""
    return name.strip().rstrip(".").lower() + "."


def data(type_: str, text: str) -> str:
    """A record's data as compared: names without case and with the final dot, texts as they are."""
    if type_ == "TXT":
        return text.strip()
    words = text.split()
    return " ".join(fqdn(word) if re.search("[a-zA-Z]", word) and ":" not in word else word.lower() for word in words)


def parse(text: str) -> Dig:
    """The answers in an output. Raises ValueError when it holds neither an answer nor the statement of a silence."""
    answers: list[Answer] = []
    status, authoritative = "", False
    records = 0
    for line in text.splitlines():
        if match := _STATUS.match(line):
            status, authoritative = match[1], False
        elif match := _FLAGS.match(line):
            authoritative = "aa" in match[1].split()
        elif match := _QUESTION.match(line):
            answers.append(Answer(name=fqdn(match[1]), type=match[2], status=status, authoritative=authoritative))
        elif answers and (match := _RECORD.match(line)):
            records += 1
            if records > MAX_RECORDS:
                raise ValueError("too many records")
            record = Record(name=fqdn(match[1]), type=match[2], data=data(match[2], match[3]))
            answers[-1] = answers[-1].model_copy(update={"records": (*answers[-1].records, record)})
    if answers:
        return Dig(answers=tuple(answers))
    if "connection refused" in text:
        return Dig(silence="refused")
    if re.search(r"timed out|no servers could be reached|unreachable", text):
        return Dig(silence="timeout")
    raise ValueError("no answer of dig")
