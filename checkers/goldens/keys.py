"""What looks like a key or a password, replaced whoever put it there. Names and addresses of people are none."""

from __future__ import annotations

import re
from collections.abc import Callable

from checkers.goldens.madeup import MARKS, MadeUp

_WORDS = "|".join(
    (
        r"(?:wpa|wep|sae)[_-]?(?:psk|passphrase|password|key[0-9]?)",
        r"psk",
        r"c?pass(?:wor[dt]|phrase|code)s?",
        r"mot de passe",
        r"passwd(?=\s*[\"']?\s*=)",  # "passwd: files" is no password
        r"pwd",
        r"pre-?shared[_ -]?key",
        r"private[_ -]?key",
        r"key[_ -]?material",
        r"key content",
        r"contenu de la clé",
        r"shared[_ -]?(?:key|secret)",
        r"(?:client|api|user)?[_ -]?secret",
        r"(?:api|access|auth|secret)[_-]?(?:key|token)",
        r"ms-mcs-admpwd",
        r"mslaps-(?:encrypted)?password(?:history)?",
        r"unicodepwd",
    )
)
_NAME = re.compile(rf"(?:.*[^A-Za-z])?(?:[A-Za-z]*?)(?:{_WORDS})", re.IGNORECASE)
_PART = rf"(?<![A-Za-z0-9])(?:[A-Za-z0-9]+[_.-])*(?:[A-Za-z]*?)(?:{_WORDS})"
_LINE = re.compile(
    rf"^([ \t#;]*{_PART}[ \t]*(?:=|::?)[ \t]*)([^\"'\s][^\r\n]*?)([ \t]*)$", re.IGNORECASE | re.MULTILINE
)
_QUOTED = re.compile(rf"({_PART}[\"']?\s*(?:=>|=|:)\s*([\"']))((?:\\.|(?!\2)[^\\\r\n])+)(\2)", re.IGNORECASE)
_WORD = re.compile(rf"({_PART}\s*=\s*)([^\s\"'&;,<>]+)()", re.IGNORECASE)
_ELEMENT = re.compile(
    rf"(<((?:\w+:)?\w*(?:{_WORDS}))(?:\s[^>]*)?>\s*(?:<plaintext>[^<]*</plaintext>\s*)?(?:<(?:\w+:)?value>\s*)?)"
    r"([^<\s][^<]*?)(\s*</)",
    re.IGNORECASE,
)
_PEM = re.compile(r"(-----BEGIN ([A-Z0-9 ]+)-----)(.*?)(-----END \2-----|\Z)", re.DOTALL)
_KEY = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=(?![A-Za-z0-9+/=])")
_HASH = re.compile(r"(?<![0-9A-Za-z])(?:0x)?([0-9a-fA-F]{32})(?![0-9A-Za-z])")
_CRYPT = re.compile(r"\$(?:1|2[abxy]?|5|6|7|y|gy|sha1|argon2id?)\$[./A-Za-z0-9$,=+]{8,}")
_RECOVERY = re.compile(r"(?<![0-9-])(?:[0-9]{6}-){7}[0-9]{6}(?![0-9-])")
_PRODUCT = re.compile(r"(?<![A-Za-z0-9-])(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}(?![A-Za-z0-9-])", re.IGNORECASE)
_BEARER = re.compile(
    r"(\bbearer\s+|\bauthorization\W{1,4}basic\s+)((?=[^\s0-9]*[0-9])[A-Za-z0-9._~+/-]{8,}=*)", re.IGNORECASE
)
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*")
_NOTHING = re.compile(
    r"[-*x!?]*|\(.*\)|yes|no|true|false|on|off|none|null|never|oui|non|[0-9]{1,3}|%.*|\$\{.*", re.IGNORECASE
)
"""What stands where a password would, and is none."""


def names_a_secret(name: str) -> bool:
    """Whether what is kept under this name is a password or a key."""
    return _NAME.fullmatch(name) is not None


def hide_keys(text: str, made_up: MadeUp) -> str:
    """A text with everything in it that looks like a key or a password made up."""

    def second(kind: str) -> Callable[[re.Match[str]], str]:
        return lambda match: match[1] + made_up.instead(kind, match[2])

    def whole(kind: str) -> Callable[[re.Match[str]], str]:
        return lambda match: made_up.instead(kind, match[0])

    text = _PEM.sub(lambda match: f"{match[1]}{_body(match[3], made_up)}{match[4]}", text)
    text = _ELEMENT.sub(lambda match: match[1] + hide_password(match[3], made_up) + match[4], text)
    text = _QUOTED.sub(lambda match: match[1] + hide_password(match[3], made_up) + match[4], text)
    for pattern in (_LINE, _WORD):
        text = pattern.sub(lambda match: match[1] + hide_password(match[2], made_up) + match[3], text)
    text = _KEY.sub(whole("key"), text)
    text = _HASH.sub(lambda match: match[0].replace(match[1], made_up.instead("hash", match[1])), text)
    text = _CRYPT.sub(lambda match: match[0] if match[0].startswith(MARKS) else whole("crypt")(match), text)
    text = _RECOVERY.sub(whole("recovery"), text)
    text = _PRODUCT.sub(whole("product"), text)
    text = _BEARER.sub(lambda match: match[0] if match[2].startswith(MARKS) else second("token")(match), text)
    return _JWT.sub(whole("token"), text)


def hide_password(value: str, made_up: MadeUp) -> str:
    """A made-up password of the same form; what says that there is none stays."""
    if value.startswith(MARKS) or _NOTHING.fullmatch(value):
        return value
    if _KEY.fullmatch(value):
        return made_up.instead("key", value)
    if re.fullmatch("[0-9a-fA-F]{64}", value):
        return made_up.instead("hash64", value)
    return made_up.instead("password", value)


def _body(body: str, made_up: MadeUp) -> str:
    """A PEM block's content, with line ends as they were (in JSON they are two characters)."""
    end = "\\n" if "\\n" in body else "\n"
    return f"{end}{made_up.instead('pem', body.replace(end, '').strip())}{end}"
