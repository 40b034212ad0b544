"""Forms of the jury."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from web.forms import Form, sentence


class JudgeForm(Form):
    """Judging again, with the reason that the journal keeps."""

    why = StringField(
        sentence("Motif", "Reason"),
        [
            InputRequired(sentence("Dites pourquoi.", "Say why.")),
            Length(max=500, message=sentence("500 caractères au plus.", "At most 500 characters.")),
        ],
    )
