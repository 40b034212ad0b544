"""French typography for what is shown or printed: sentences are written on a keyboard, and set as in print.

Apostrophes are curly; a non-breaking space stands before high punctuation and inside guillemets, so that no line begins
with « : ». English sentences get their apostrophes only. What names a command of the command line to its users is left
out: « Préparez-la (prepare). »
"""

from __future__ import annotations

import re

from labs.text import current_language, tr

NARROW, WIDE = "\u202f", "\u00a0"

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_HIGH = re.compile(r" (?=[;!?](?:\s|$|[)»\]]))")
_COLON = re.compile(r" (?=:(?:\s|$))")
_OPEN, _CLOSE = re.compile(r"« "), re.compile(r" »")
_COMMANDS = "prepare|start|pause|resume|extend|freeze|return|close|purge|status|phase list"
_COMMAND = re.compile(rf" \((?:{_COMMANDS})(?:, [^)]*)?\)")
_NUMBER = re.compile(r"(?<=\d) (?=(?:h|min|s|j|%|Mio|Gio|€)\b|%)")


def typeset(sentence: str) -> str:
    """A sentence in the language of the request, as it is printed."""
    sentence = _APOSTROPHE.sub("’", _COMMAND.sub("", sentence))
    if current_language() != "fr":
        return sentence
    sentence = _COLON.sub(WIDE, _HIGH.sub(NARROW, sentence))
    sentence = _CLOSE.sub(f"{WIDE}»", _OPEN.sub(f"«{WIDE}", sentence))
    return _NUMBER.sub(WIDE, sentence)


def printed(fr: str, en: str) -> str:
    """A sentence of a template, in the language of the request."""
    return typeset(tr(fr, en))
