"""The values of a roster's cells: pure parsers from text. Each raises BadCell, which says what would be right."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

from labs.text import Text
from orchestrator.roster.model import THIRD, ExtraTime

_SIGNED_NUMBER = re.compile(r"[+-]?[\d.,]+%?")
_ERROR_VALUE = re.compile(r"#(?:N/A|[A-ZÉ0/]+[!?])")
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MIDNIGHT = re.compile(r"[ T]00:00(?::00)?\Z")
_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\.]+(?:\.[^@\s<>,;:\"()\[\]\\.]+)+")
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,12})?)%?")
_UNFIT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that are not seen, or that turn the text around them."""
_JOINERS = "\u200c\u200d"
"""Not seen, but part of the spelling of names in some scripts."""

YES = frozenset({"oui", "yes", "tiers", "un tiers", "tiers temps", "tiers-temps", "1/3"})
NO = frozenset({"", "non", "no", "0"})


class BadCell(Exception):  # noqa: N818 - a statement about a cell, caught by the reader
    """A cell cannot be used. code: of the problem. what, do: clauses, without the cell's content."""

    def __init__(self, code: str, what: Text, do: Text) -> None:
        super().__init__(code)
        self.code = code
        self.what = what
        self.do = do


def without_formula(cell: str) -> str:
    """A cell as it is, unless a spreadsheet program would run it (OWASP, CSV injection)."""
    text = cell.strip()
    if text[:1] in ("=", "+", "-", "@") and not _SIGNED_NUMBER.fullmatch("".join(text.split())):
        raise BadCell(
            "formula",
            Text("la cellule contient une formule", "the cell holds a formula"),
            Text(
                "mettez sa valeur à la place (une cellule ne commence pas par = + - @)",
                "put its value instead (no cell begins with = + - @)",
            ),
        )
    return cell


def clean(cell: str, longest: int) -> str:
    """The text of a cell: composed (NFC), without outer space, with single plain spaces.

    Refused: formulas, error values of spreadsheets, control and invisible characters, more than ``longest`` characters.
    """
    without_formula(cell)
    text = unicodedata.normalize("NFC", re.sub(r"[^\S\t\r\n\v\f\x1c-\x1f\x85\u2028\u2029]+", " ", cell.strip()))
    if _ERROR_VALUE.fullmatch(text):
        raise BadCell(
            "error-value",
            Text("la cellule contient une erreur de calcul", "the cell holds an error of calculation"),
            Text("mettez sa valeur à la place", "put its value instead"),
        )
    for character in text:
        unseen = unicodedata.category(character) in _UNFIT and character not in _JOINERS
        if unseen or character == "\ufffd":
            raise BadCell(
                "control-character",
                Text(
                    f"la cellule contient un caractère invisible ou perdu (U+{ord(character):04X})",
                    f"the cell holds an invisible or lost character (U+{ord(character):04X})",
                ),
                Text("retapez la cellule", "type the cell again"),
            )
    if len(text) > longest:
        raise BadCell(
            "too-long",
            Text(f"la cellule a {len(text)} caractères", f"the cell has {len(text)} characters"),
            Text(f"{longest} au plus", f"at most {longest}"),
        )
    return text


def name(text: str) -> str:
    """A surname or a first name."""
    if not text:
        raise BadCell(
            "empty-name",
            Text("il n'y a pas de nom", "there is no name"),
            Text("complétez la ligne, ou supprimez-la", "complete the line, or remove it"),
        )
    return text


def number(text: str) -> str:
    """A candidate's number, as text: zeros at its head count."""
    if not text:
        raise BadCell(
            "empty-number",
            Text("il n'y a pas de numéro", "there is no number"),
            Text("donnez un numéro à ce candidat", "give this candidate a number"),
        )
    return text


def seat(text: str) -> str | None:
    """A seat; None for an empty cell."""
    return text or None


def birth_date(text: str) -> date | None:
    """A date written dd/mm/yyyy or ISO 8601, in the past and after 1900; None for an empty cell."""
    if not text:
        return None
    day = _MIDNIGHT.sub("", text)
    parts: tuple[str, ...] = ()
    if match := _DATE.fullmatch(day):
        parts = match.groups()[::-1]
    elif match := _ISO_DATE.fullmatch(day):
        parts = match.groups()
    try:
        year, month, number = (int(part) for part in parts)
        found = date(year, month, number)
    except ValueError:
        found = date.max
    if not date(1900, 1, 1) <= found <= datetime.now(UTC).date():
        raise BadCell(
            "bad-date",
            Text("ce n'est pas une date de naissance", "this is no birth date"),
            Text("écrivez-la jj/mm/aaaa", "write it dd/mm/yyyy"),
        )
    return found


def email(text: str) -> str | None:
    """An address of one mailbox; None for an empty cell. Whether it exists is not asked."""
    if text and not _EMAIL.fullmatch(text):
        raise BadCell(
            "bad-email",
            Text("ce n'est pas une adresse de courriel", "this is no e-mail address"),
            Text("écrivez-la nom@domaine.fr, ou videz la cellule", "write it name@domain.org, or empty the cell"),
        )
    return text or None


def extra_time(text: str) -> ExtraTime:
    """Extra time as schools write it: percent added (20), the total (120 %), a third (oui, tiers, 1/3, 33, 33,33).

    Up to 100 it is what is added, above it is the total. A third rounded to as many digits as are written is exactly a
    third: that is what a tiers-temps is (Code de l'éducation, article D613-26), and nobody means 33 hundredths.
    """
    plain = text.casefold()
    if plain in YES:
        return THIRD
    if plain in NO:
        return Decimal(0)
    match = _PERCENT.fullmatch("".join(plain.split()))
    found = Decimal(match[1].replace(",", ".")) if match else Decimal(-1)
    added = found - 100 if found > 100 else found
    if found >= 33 and added == (Decimal(100) / 3).quantize(added):
        return THIRD
    if not (added == 0 or 1 < added <= 100) or added != round(added, 4):
        raise BadCell(
            "bad-extra-time",
            Text("ce n'est pas une majoration de temps", "this is no extra time"),
            Text(
                "écrivez oui (un tiers), non, ou un pourcentage : 20 (ajoutés) ou 120 (en tout)",
                "write oui (a third), non, or a percentage: 20 (added) or 120 (in all)",
            ),
        )
    return added


def is_total(text: str) -> bool:
    """Whether extra time is written as a total, such as 133 %."""
    match = _PERCENT.fullmatch("".join(text.split()))
    return match is not None and Decimal(match[1].replace(",", ".")) > 100
