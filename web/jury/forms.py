"""Forms of the jury."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from orchestrator.engine.desk import Open
from orchestrator.engine.judging import labs_to_judge_with
from web.forms import Form, sentence, typed
from web.site import site


class JudgeForm(Form):
    """Judging again, with the reason that the journal keeps."""

    why = StringField(
        sentence("Motif", "Reason"),
        [
            InputRequired(sentence("Dites pourquoi.", "Say why.")),
            Length(max=500, message=sentence("500 caractères au plus.", "At most 500 characters.")),
        ],
    )
    lab_version = SelectField(sentence("Version du sujet", "Version of the lab"), validate_choice=False)


class SealForm(Form):
    """Sealing a session; although something is missing only with a reason."""

    force = BooleanField(sentence("Sceller malgré ce qui manque", "Seal although something is missing"))
    why = StringField(
        sentence("Motif, s’il manque quelque chose", "Reason, if something is missing"),
        [Length(max=500, message=sentence("500 caractères au plus.", "At most 500 characters."))],
    )

    def validate_why(self, field: StringField) -> None:
        """What is missing is explained."""
        if self.force.data and not typed(field):
            raise ValidationError(sentence("Dites pourquoi.", "Say why."))


def judge_form(opened: Open) -> JudgeForm:
    """The form for a session: with the versions of its lab where there are several."""
    form = JudgeForm()
    versions = labs_to_judge_with(site().settings, opened.stored)
    form.lab_version.choices = [(version, version) for version in versions]
    if len(versions) < 2:
        del form.lab_version
    return form
