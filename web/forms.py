"""What the forms share."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from markupsafe import escape
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from labs.text import Text, tr
from labs.typography import typeset


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A form with its CSRF token. Labels and messages are ``Text``: they speak the language of the request."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """WTForms' own messages, in the language of the request."""

        @property
        def locales(self) -> list[str]:
            """Preferred languages."""
            return [tr("fr", "en")]

        cache_translations = False


class Checkboxes(SelectMultipleField):
    """Several of a few, one box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def typed(field: StringField) -> str:
    """What was typed, without blanks around it."""
    return (field.data or "").strip()


def needed() -> InputRequired:
    """Must be filled in."""
    return InputRequired(sentence("À remplir.", "Please fill in."))


def sentence(fr: str, en: str) -> Any:
    """A label or a message for WTForms, which wants a string: resolved when it is shown."""
    return _Lazy(Text(fr, en))


class _Lazy:
    def __init__(self, text: Text) -> None:
        self._text = text

    def __str__(self) -> str:
        return typeset(str(self._text))

    def __html__(self) -> str:
        return str(escape(str(self)))

    def __mod__(self, values: object) -> str:
        return str(self) % values
