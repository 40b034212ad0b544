"""The form that makes a session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FloatField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional, Regexp

from labs.formats import Format, hindrance
from labs.loader import LoadedLab
from orchestrator.store.accounts import Account
from orchestrator.store.exams import DEFAULT_RETENTION_DAYS, MAX_RETENTION_DAYS
from web.forms import Checkboxes, Form, needed, sentence

MINUTES = "minutes-"
"""Names of the fields for the lengths of phases: ``minutes-etape-1``."""

_NEEDED = needed()


class CreateForm(Form):
    """What a session is to be."""

    slug = StringField(
        sentence("Nom de la session", "Name of the session"),
        [
            _NEEDED,
            Regexp(
                r"^[a-z0-9][a-z0-9-]{0,15}$",
                message=sentence(
                    "16 caractères au plus : lettres minuscules sans accent, chiffres, tirets.",
                    "At most 16 characters: lower-case letters, digits, hyphens.",
                ),
            ),
        ],
    )
    lab = SelectField(sentence("Sujet", "Lab"))
    format = SelectField(sentence("Format d'épreuve", "Exam format"))
    rehearsal = BooleanField(sentence("Répétition : n'examine personne, durées libres", "Rehearsal: examines nobody"))
    unproved = StringField(
        sentence("Pourquoi tenir quand même l'examen avec ce sujet ?", "Why hold the exam with this lab all the same?"),
        [Length(max=500, message=sentence("500 caractères au plus.", "At most 500 characters."))],
    )
    roster = FileField(
        sentence("Liste des candidats (CSV ou XLSX)", "Roster (CSV or XLSX)"),
        [FileRequired(sentence("Choisissez un fichier.", "Choose a file."))],
    )
    retention = IntegerField(
        sentence("Conservation des données personnelles, en jours", "Personal data are kept for so many days"),
        [_NEEDED, NumberRange(0, MAX_RETENTION_DAYS)],
        default=DEFAULT_RETENTION_DAYS,
    )
    supervisors = Checkboxes(sentence("Autres surveillants", "Further supervisors"))
    jury = Checkboxes(sentence("Jury", "Jury"))
    clock_speed = FloatField(
        sentence("Vitesse de l'horloge (session simulée)", "Speed of the clock (simulated session)"),
        [Optional(), NumberRange(0.1, 1000)],
        default=1.0,
    )

    def offer(self, labs: Mapping[str, LoadedLab], lab: LoadedLab, accounts: list[Account], me: Account) -> None:
        """Fill in what can be chosen."""
        self.lab.choices = [(name, f"{one.lab.title} ({name})") for name, one in labs.items()]
        self.format.choices = [(one.id, one.title) for one in offered_formats(lab)]
        open_ = [one for one in accounts if one.disabled_at is None and one.id != me.id]
        self.supervisors.choices = [(one.id, one.name) for one in open_ if "supervisor" in one.roles]
        self.jury.choices = [(one.id, one.name) for one in open_ if "jury" in one.roles]


def offered_formats(lab: LoadedLab) -> list[Format]:
    """The formats of a lab's certification that can be held on its machines."""
    return [one for one in lab.referential.formats if hindrance(one, lab.lab) is None]


def minutes_in(given: Any, format_: Format) -> dict[str, int]:
    """The lengths of phases that were filled in and differ from the format's own, by phase. What is no number counts as
    0, which no phase may last."""
    found = {}
    for phase in format_.phases:
        typed = str(given.get(MINUTES + phase.id, "")).strip()
        if typed:
            minutes = int(typed) if typed.isdecimal() and len(typed) < 6 else 0
            if minutes != phase.minutes:
                found[phase.id] = minutes
    return found
